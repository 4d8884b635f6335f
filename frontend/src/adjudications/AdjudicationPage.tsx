import { ApiError } from "../api/client";
import { useAudit } from "../api/queries";
import type { Opened } from "../api/types";
import { Banner, Empty } from "../parts/Banner";
import { ErrorBanner } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { useWideEnough } from "../reading/useWideEnough";
import { AdjudicationRoom } from "./AdjudicationRoom";
import { AdjudicationTop } from "./AdjudicationTop";
import { useChair } from "./useAdjudications";
import "../styles/viewer.css";
import "../styles/reading.css";
import "../styles/draft.css";
import "../styles/flags.css";
import "../styles/adjudications.css";

function TooSmall() {
  return (
    <Frame>
      <div className="pad">
        <Empty title="This screen is too small to read an X-ray">
          The work list works here. Adjudicating needs 1024 px or more.
        </Empty>
      </div>
    </Frame>
  );
}

function NotHeld({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const taken = error instanceof ApiError && error.code === "not_available";
  return (
    <Frame>
      <div className="pad">
        {taken ? (
          <Banner
            icon="lock"
            title="Another adjudicator has this item now"
            action={
              <button type="button" className="btn sm" onClick={onRetry}>
                Look again
              </button>
            }
          >
            Choose another, or come back to it.
          </Banner>
        ) : (
          <ErrorBanner what="The item could not be taken" error={error} onRetry={onRetry} />
        )}
      </div>
    </Frame>
  );
}

function Loading() {
  return (
    <>
      <AdjudicationTop held={null} />
      <main className="wrap">
        <section className="viewer" aria-label="Image" />
        <aside className="col" />
      </main>
    </>
  );
}

function Ended({ held }: { held: Opened }) {
  return (
    <Frame>
      <div className="pad">
        {held.state === "reopened" ? (
          <Empty title="A read of this item was reopened">
            It is adjudicated again if the reads differ then.
          </Empty>
        ) : (
          <Empty title="Somebody else settled this item">Its outcome is in the record.</Empty>
        )}
      </div>
    </Frame>
  );
}

/** The item is taken; its audit is loaded beside it. */
function Taken({ held, onRetake }: { held: Opened; onRetake: () => void }) {
  const audit = useAudit(held.audit ?? "", held.audit !== null);
  if (!held.reads) return <Ended held={held} />;
  if (audit.error) return <NotHeld error={audit.error} onRetry={() => void audit.refetch()} />;
  if (audit.data?.shown !== "flags") return <Loading />;
  return <AdjudicationRoom audit={audit.data} held={held} reads={held.reads} onRetake={onRetake} />;
}

/** One adjudication: taken by opening it, read-only once it is settled. */
export default function AdjudicationPage({ id }: { id: string }) {
  const chair = useChair(id);
  const wide = useWideEnough();
  const take = () => void chair.refetch();
  if (!wide) return <TooSmall />;
  if (chair.error) return <NotHeld error={chair.error} onRetry={take} />;
  return chair.data ? <Taken held={chair.data} onRetake={take} /> : <Loading />;
}
