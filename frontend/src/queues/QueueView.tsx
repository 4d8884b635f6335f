import type { Queue } from "../api/types";
import { Banner } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Facts } from "../parts/Facts";
import { count } from "../words";
import { QueueAgreement } from "./Agreement";
import { Assignments } from "./Assignments";
import { Members } from "./Members";
import { type useChangeQueue, type useFill } from "./useQueues";
import { filledWords, filterWords, setUpOf } from "./words";

function Progress({ queue }: { queue: Queue }) {
  const { items, slots, submitted, leased, free } = queue.counts;
  const shareOf = (n: number) => `${slots ? (n / slots) * 100 : 0}%`;
  const parts = [
    ["in", "In", submitted],
    ["leased", "Being read now", leased],
    ["free", "Free", free],
  ] as const;
  return (
    <section className="card" aria-label="Progress">
      <h2>
        Progress
        <span className="sp" />
        <span className="t3 plain">
          {count(items, "item")}, {count(slots, "read")}
        </span>
      </h2>
      <div className="queue-progress">
        <p>
          <b className="big">{submitted.toLocaleString("en")}</b>{" "}
          <span className="t2">{submitted === 1 ? "read in" : "reads in"}</span>
        </p>
        <div
          className="reads"
          role="progressbar"
          aria-label="Reads in"
          aria-valuenow={submitted}
          aria-valuemin={0}
          aria-valuemax={slots}
        >
          {parts.map(([name, , n]) => (
            <i key={name} className={name} style={{ width: shareOf(n) }} />
          ))}
        </div>
        <dl className="reads-legend">
          {parts.map(([name, words, n]) => (
            <div key={name}>
              <dt className="t2">
                <i className={name} />
                {words}
              </dt>
              <dd>{n.toLocaleString("en")}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}

function Rules({ queue }: { queue: Queue }) {
  const facts = [
    ["Takes", filterWords(queue).join(", ") || "Its rules are for curators"],
    ["Read", setUpOf(queue)],
    ["Read by", queue.open_to_all ? "Everybody" : "Its members"],
    ["Boxes differ", `below an overlap of ${queue.box_iou_bar.toFixed(2)}`],
    ["Guideline", queue.guideline ? `version ${queue.guideline_version}` : "none written"],
  ] as const;
  return (
    <section className="card" aria-label="Rules">
      <h2>Rules</h2>
      <Facts rows={facts} />
      {queue.guideline ? (
        <details className="guideline">
          <summary>Read the guideline</summary>
          <p className="t2">{queue.guideline}</p>
        </details>
      ) : null}
    </section>
  );
}

interface QueueViewProps {
  queue: Queue;
  change: ReturnType<typeof useChangeQueue>;
  fill: ReturnType<typeof useFill>;
  nothing: string;
}

/** One queue: how far it is, by which rules, and what its reads say. */
export function QueueView({ queue, change, fill, nothing }: QueueViewProps) {
  return (
    <div className="queue">
      <Faults
        faults={[
          ["The queue was not changed", change.error, () => change.reset()],
          ["The queue was not filled", fill.error, () => fill.mutate()],
        ]}
      />
      {fill.data ? (
        <Banner icon="check" title="Filled by its rules">
          {filledWords(fill.data)}
        </Banner>
      ) : null}
      {nothing ? (
        <Banner icon="clock" title="Nothing to read next">
          {nothing}
        </Banner>
      ) : null}
      <div className="pair">
        <Progress queue={queue} />
        <Rules queue={queue} />
      </div>
      <QueueAgreement queue={queue} />
      <Members queue={queue} />
      <Assignments queue={queue} />
    </div>
  );
}
