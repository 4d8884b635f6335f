import { type ComponentType, useEffect, useState } from "react";
import { ErrorBanner } from "./ErrorBanner";

/** A page whose script is fetched when it is first shown.
 *
 * React's `lazy` would do, but for its fallback: what follows one is held back until that has been
 * on the screen for 300 ms, however soon the script is here (FALLBACK_THROTTLE_MS in React 19). */
export function later<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
): ComponentType<P> {
  let page: ComponentType<P> | null = null;
  const fetched = async () => {
    page ??= (await load()).default;
  };

  return function Later(props: P) {
    const [, setHere] = useState(page !== null);
    const [error, setError] = useState<unknown>(null);
    const Page = page;
    useEffect(() => {
      if (!Page && !error) fetched().then(() => setHere(true), setError);
    }, [Page, error]);
    if (Page) return <Page {...props} />;
    if (!error) return null;
    return (
      <main className="sign-in">
        <ErrorBanner
          what="The script of this page could not be loaded"
          error={error}
          onRetry={() => setError(null)}
        />
      </main>
    );
  };
}
