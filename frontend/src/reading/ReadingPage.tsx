import { useLiveAudit } from "../api/progress";
import { isActive, useRetry } from "../api/queries";
import { Banner, Empty } from "../parts/Banner";
import { ErrorBanner } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { NOTICE } from "../words";
import { BlindRoom } from "./BlindRoom";
import { NotCompared } from "./NotCompared";
import { ReadingRoom } from "./ReadingRoom";
import { ReadingTop } from "./ReadingTop";
import { useClaim } from "./useClaim";
import { useWideEnough } from "./useWideEnough";
import "../styles/viewer.css";
import "../styles/reading.css";
import "../styles/draft.css";
import "../styles/flags.css";

function TooSmall() {
  return (
    <Frame>
      <div className="pad">
        <Empty title="This screen is too small to read an X-ray">
          The work list works here. Reading needs 1024 px or more.
        </Empty>
      </div>
    </Frame>
  );
}

/** One audit, read: the room when it is done, its progress or its failure when it is not. */
export function ReadingPage({ id }: { id: string }) {
  const live = useLiveAudit(id);
  const claim = useClaim(live.data);
  const retry = useRetry();
  const wide = useWideEnough();
  const audit = live.data;
  if (!wide) return <TooSmall />;
  if (!audit) {
    return (
      <>
        <ReadingTop queue={claim.queue} expiresAt={null} entry={null} />
        <main className="wrap">
          <section className="viewer" aria-label="Image" />
          <aside className="col">
            <div className="sec pad-y">
              {live.error ? (
                <ErrorBanner
                  what="The audit could not be loaded"
                  error={live.error}
                  onRetry={() => void live.refetch()}
                />
              ) : null}
            </div>
            <span className="sp" />
            <p className="notice">{NOTICE}</p>
          </aside>
        </main>
      </>
    );
  }
  if (audit.shown !== "flags") return <BlindRoom key={id} audit={audit} claim={claim} />;
  if (audit.state === "done") return <ReadingRoom audit={audit} claim={claim} />;
  return (
    <NotCompared audit={audit} queue={claim.queue} progress={live.progress}>
      {audit.state === "failed" ? (
        <Banner
          icon="cross"
          title="Image not audited. Nothing was compared"
          code={audit.failure?.code}
          action={
            <button type="button" className="btn sm" onClick={() => retry.mutate(audit.id)}>
              Retry
            </button>
          }
        >
          {audit.failure?.message} The draft is shown.
        </Banner>
      ) : isActive(audit.state) ? null : (
        <Banner icon="cross" title="This audit was cancelled">
          Nothing was compared. The draft is shown.
        </Banner>
      )}
    </NotCompared>
  );
}
