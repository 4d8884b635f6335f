import { useState } from "react";
import { Link, useLocation } from "wouter";
import { ApiError, post } from "../api/client";
import { Cap } from "../keys/own";
import type { Claimed, Queue } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { useKeys } from "../keys/useKeys";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { nothingToClaim } from "../reading/words";
import { useCurates } from "../session/session";
import { NewQueueForm } from "./NewQueueForm";
import { QueueView } from "./QueueView";
import { useChangeQueue, useFill, useMakeQueue, useQueue, useQueues } from "./useQueues";
import { STATE_WORDS } from "./words";
import "../styles/side.css";
import "../styles/queues.css";

export const NEW = "new";

function QueueList({ queues, chosen, more }: { queues: Queue[]; chosen: string; more: boolean }) {
  return (
    <nav className="side-list" aria-label="Queues">
      {queues.map((queue) => (
        <Link
          key={queue.id}
          href={`/queues/${queue.id}`}
          aria-current={queue.id === chosen ? "true" : undefined}
        >
          <b>{queue.name}</b>
          <span className="bar" aria-hidden="true">
            <i
              style={{
                width: `${(queue.counts.submitted / Math.max(1, queue.counts.slots)) * 100}%`,
              }}
            />
          </span>
          {STATE_WORDS[queue.state]}, {queue.counts.submitted.toLocaleString("en")} of{" "}
          {queue.counts.slots.toLocaleString("en")} read
        </Link>
      ))}
      {more ? <p className="t3">The newest 200 are shown.</p> : null}
    </nav>
  );
}

interface ToolsProps {
  queue: Queue;
  change: ReturnType<typeof useChangeQueue>;
  fill: ReturnType<typeof useFill>;
}

/** What a curator does with a queue. Closing is for good, so it is asked twice. */
function CuratorTools({ queue, change, fill }: ToolsProps) {
  const [closing, setClosing] = useState(false);
  if (queue.state === "closed") return null;
  const paused = queue.state === "paused";
  const busy = change.isPending || fill.isPending;
  return (
    <>
      <button type="button" className="btn" disabled={busy} onClick={() => fill.mutate()}>
        {fill.isPending ? "Filling" : "Fill"}
      </button>
      <button
        type="button"
        className="btn"
        disabled={busy}
        onClick={() => change.mutate({ state: paused ? "open" : "paused" })}
      >
        {paused ? "Open" : "Pause"} <Cap of="pause" />
      </button>
      <button
        type="button"
        className="btn"
        disabled={busy}
        onClick={() => (closing ? change.mutate({ state: "closed" }) : setClosing(true))}
        onBlur={() => setClosing(false)}
      >
        {closing ? "Close for good?" : "Close"}
      </button>
    </>
  );
}

function OneQueue({ queue }: { queue: Queue }) {
  const curates = useCurates();
  const change = useChangeQueue(queue.id);
  const fill = useFill(queue.id);
  const [, go] = useLocation();
  const [nothing, setNothing] = useState("");
  const readNext = async () => {
    try {
      const claimed = await post<Claimed>(`queues/${queue.id}/claim`);
      if (claimed.slot) return go(`/audits/${claimed.slot.audit}?queue=${queue.id}`);
      setNothing(nothingToClaim(claimed, queue, Date.now()));
    } catch (error) {
      setNothing(error instanceof ApiError ? error.message : "The claim could not be sent.");
    }
  };
  const pause = () => {
    if (curates && queue.state !== "closed" && !change.isPending) {
      change.mutate({ state: queue.state === "paused" ? "open" : "paused" });
    }
  };
  useKeys("queues", { readNext: () => void readNext(), pause });
  return (
    <>
      <div className="ph">
        <h1>{queue.name}</h1>
        <span className="inv plain-inv">{STATE_WORDS[queue.state]}</span>
        <span className="sp" />
        {curates ? <CuratorTools queue={queue} change={change} fill={fill} /> : null}
        <button type="button" className="btn go" onClick={() => void readNext()}>
          Read next <Cap of="readNext" />
        </button>
      </div>
      <div className="scroll">
        <QueueView queue={queue} change={change} fill={fill} nothing={nothing} />
      </div>
    </>
  );
}

function NewQueue() {
  const make = useMakeQueue();
  const [, go] = useLocation();
  return (
    <>
      <div className="ph">
        <h1>New queue</h1>
      </div>
      <div className="scroll">
        <Faults faults={[["The queue was not made", make.error, () => make.reset()]]} />
        <NewQueueForm
          pending={make.isPending}
          fields={make.error?.fields ?? {}}
          onMake={(wanted) =>
            make.mutate(wanted, { onSuccess: (queue) => go(`/queues/${queue.id}`) })
          }
        />
      </div>
    </>
  );
}

function Chosen({ id }: { id: string }) {
  const queue = useQueue(id);
  if (queue.data) return <OneQueue key={id} queue={queue.data} />;
  return (
    <>
      <div className="ph">
        <h1>Queues</h1>
      </div>
      <Faults
        faults={[["The queue could not be loaded", queue.error, () => void queue.refetch()]]}
      />
    </>
  );
}

/** Every queue this person may see, and one of them whole. */
export default function QueuesPage({ chosen }: { chosen: string | null }) {
  const queues = useQueues();
  const curates = useCurates();
  const [, go] = useLocation();
  const all = queues.data?.results ?? [];
  const shown = chosen ?? all[0]?.id ?? "";
  const step = (by: 1 | -1) => () => {
    const next = all[all.findIndex((queue) => queue.id === shown) + by];
    if (next) go(`/queues/${next.id}`);
  };
  useKeysOf("queues");
  useKeys("queues", {
    next: step(1),
    previous: step(-1),
    make: () => curates && go(`/queues/${NEW}`),
  });
  return (
    <Frame>
      <div className="side-grid">
        <div className="side">
          <QueueList queues={all} chosen={shown} more={Boolean(queues.data?.next)} />
          {curates ? (
            <Link className="btn" href={`/queues/${NEW}`}>
              New queue <Cap of="make" />
            </Link>
          ) : null}
        </div>
        <div className="main-part">
          <Faults
            faults={[["The queues could not be loaded", queues.error, () => void queues.refetch()]]}
          />
          {shown === NEW ? <NewQueue /> : shown ? <Chosen id={shown} /> : null}
          {queues.data && !shown ? (
            <div className="pad">
              <Empty title="No queues yet">A curator makes one by its rules.</Empty>
            </div>
          ) : null}
        </div>
      </div>
    </Frame>
  );
}
