import { ApiError } from "../api/client";
import { Banner } from "./Banner";

interface ErrorBannerProps {
  what: string;
  error: unknown;
  onRetry: () => void;
}

/** What failed, what is kept, what to do; the code in small. */
export function ErrorBanner({ what, error, onRetry }: ErrorBannerProps) {
  const offline = error instanceof ApiError && error.offline;
  const message = error instanceof Error ? error.message : "The page met a fault of its own.";
  return (
    <Banner
      icon={offline ? "dots" : "cross"}
      title={what}
      code={error instanceof ApiError ? error.code : undefined}
      action={
        <button type="button" className="btn sm" onClick={onRetry}>
          Try again
        </button>
      }
    >
      {message} Nothing was changed.
    </Banner>
  );
}

interface FaultsProps {
  faults: readonly (readonly [what: string, error: unknown, onRetry: () => void])[];
}

/** The faults of a page, in the place kept for them. */
export function Faults({ faults }: FaultsProps) {
  const met = faults.filter(([, error]) => error);
  return (
    <div className="banners">
      {met.map(([what, error, onRetry]) => (
        <ErrorBanner key={what} what={what} error={error} onRetry={onRetry} />
      ))}
    </div>
  );
}
