import { useEffect, useRef } from "react";
import type { NamedRead } from "../api/types";
import { Cap } from "../keys/own";
import { Icon } from "../parts/Icon";
import { KindSignal, kindClass } from "../parts/KindSignal";
import { leadOf } from "../reading/flags";
import { isRuled } from "./rulings";
import type { Topic } from "./topics";
import type { RulingsControl } from "./useRulings";
import { boxOf, commentOf, reasonOf, topicTitle, verdictOf, WHAT_WORDS } from "./words";

const ROWS = [
  ["Verdict", verdictOf],
  ["Reason", reasonOf],
  ["Box", boxOf],
  ["Comment", commentOf],
] as const;

/** What each read said of one difference, beside each other; what differs stands out. */
function Said({ topic, reads }: { topic: Topic; reads: NamedRead[] }) {
  const rows = topic.card ? ROWS : ROWS.filter(([name]) => name === "Verdict" || name === "Box");
  return (
    <table className="said">
      <thead>
        <tr>
          <td />
          {reads.map(({ name }) => (
            <th key={name} scope="col">
              Read {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, of]) => {
          const words = reads.map((read) => of(read, topic));
          const differ = new Set(words).size > 1;
          return (
            <tr key={name}>
              <th scope="row" className="t3">
                {name}
              </th>
              {reads.map((read, index) => (
                <td key={read.name} className={differ ? "b" : "t2"}>
                  {words[index]}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface TopicCardProps {
  topic: Topic;
  reads: NamedRead[];
  room: RulingsControl;
  lit: boolean;
  /** Settled by now: what was ruled is shown and nothing is asked. */
  settled: boolean;
}

function Head({ topic, active, ruled }: { topic: Topic; active: boolean; ruled: boolean }) {
  const lead = topic.card && leadOf(topic.card);
  return (
    <div className="row g8">
      <span className={`n ${active ? "on" : ""} ${lead ? kindClass(lead.kind) : "t2"}`}>
        <b>{topic.number}</b>
      </span>
      {topic.card ? (
        topic.card.flags.map((flag) => <KindSignal key={flag.id} flag={flag} />)
      ) : (
        <span className="s12 t2">No flag</span>
      )}
      <span className="sp" />
      <span className={ruled ? "st" : "s12 t3"}>
        {ruled ? <Icon name="check" /> : null}
        {ruled ? "Ruled" : "Open"}
      </span>
    </div>
  );
}

/** One difference: the same size whether it is in hand or not, so that nothing moves. */
export function TopicCard({ topic, reads, room, lit, settled }: TopicCardProps) {
  const active = topic.number === room.active?.number;
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <article
      ref={element}
      className={`fl topic ${active ? "act" : ""} ${lit ? "lit" : ""}`}
      aria-current={active ? "true" : undefined}
      aria-label={topicTitle(topic)}
      onPointerDown={() => room.pick(topic.number)}
    >
      <Head topic={topic} active={active} ruled={settled || isRuled(topic, room.rulings)} />
      <div className="row topic-title">
        <h3>{topicTitle(topic)}</h3>
        <span className="sp" />
        <span className="s12 t2">{WHAT_WORDS[topic.what]}</span>
      </div>
      <Said topic={topic} reads={reads} />
      {settled ? null : <Choices reads={reads} room={room} active={active} topic={topic} />}
    </article>
  );
}

type ChoicesProps = Omit<TopicCardProps, "lit" | "settled"> & { active: boolean };

function Choices({ topic, reads, room, active }: ChoicesProps) {
  // Absent from the tab order until the card is in hand: a digit means the card in hand.
  const off = { disabled: !active };
  const neither = topic.card ? "Neither, unsure" : "Not there";
  return (
    <div className="choices">
      {reads.map(({ name }, index) => (
        <button
          key={name}
          type="button"
          className="btn"
          {...off}
          onClick={() => room.choose(index)}
        >
          <kbd>{index + 1}</kbd>As {name}
        </button>
      ))}
      <button type="button" className="btn" {...off} onClick={() => room.choose(reads.length)}>
        <kbd>{reads.length + 1}</kbd>
        {neither}
      </button>
      <button
        type="button"
        className="btn"
        {...off}
        onClick={room.box ? room.keepBox : room.beginBox}
      >
        <Cap of="edit" />
        {active && room.box ? "Keep my box" : "Draw my own"}
      </button>
    </div>
  );
}
