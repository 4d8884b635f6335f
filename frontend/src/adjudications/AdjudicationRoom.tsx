import { useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Audit, NamedRead, Opened } from "../api/types";
import { Cap } from "../keys/own";
import { useKeysOf } from "../keys/KeysPanel";
import { useKeys } from "../keys/useKeys";
import { cardsOf } from "../reading/flags";
import { Draft, DraftHead } from "../reading/DraftPanel";
import { useBoxKeys } from "../reading/useBoxKeys";
import { useViewer } from "../viewer/useViewer";
import { count, NOTICE } from "../words";
import { AdjudicationTop } from "./AdjudicationTop";
import { Outcome } from "./Outcome";
import { Panes } from "./Panes";
import { sentOf } from "./rulings";
import { Reopen } from "./Reopen";
import { TopicCard } from "./TopicCard";
import type { Topic } from "./topics";
import { useSettle } from "./useAdjudications";
import { type RulingsControl, useRulings } from "./useRulings";
import { leftToRule } from "./words";

interface RoomProps {
  audit: Audit;
  held: Opened;
  reads: NamedRead[];
  /** Takes the item again when its time ran out. */
  onRetake: () => void;
}

/** Cards by the numbers of the differences, so that box, phrase and difference share one. */
const cardsBy = (audit: Audit, topics: readonly Topic[]) =>
  cardsOf(audit.flags).flatMap((card) => {
    const topic = topics.find((each) => each.card?.number === card.number);
    return topic ? [{ ...card, number: topic.number }] : [];
  });

function agreedWords(audit: Audit, topics: readonly Topic[]): string {
  const differ = new Set(topics.flatMap(({ flags }) => flags.map(({ id }) => id)));
  const agreed = audit.flags.filter(({ id }) => !differ.has(id)).length;
  return `Agreed: ${count(agreed, "flag")}. Nothing is asked of what the reads agree in.`;
}

function useSettling(room: RulingsControl, held: Opened) {
  const settle = useSettle(held.id);
  const [, go] = useLocation();
  const left = leftToRule(room.open, room.reason);
  const send = () => {
    if (left || settle.isPending || held.state !== "open") return;
    const sent = sentOf(room.topics, room.rulings);
    settle.mutate(
      { held, reason: room.reason.trim(), sent },
      {
        onSuccess: () => {
          room.done();
          go("/adjudications");
        },
      },
    );
  };
  return { left, send, settle };
}

/** Two reads side by side, what they differ in, and the outcome with its reason. */
export function AdjudicationRoom({ audit, held, reads, onRetake }: RoomProps) {
  const viewer = useViewer(audit.case);
  const [, go] = useLocation();
  const [lit, setLit] = useState<number | null>(null);
  const room = useRulings(audit, held, reads);
  const { left, send, settle } = useSettling(room, held);
  const boxKeys = useBoxKeys(room.box, room.setBox);
  const settled = held.state !== "open";
  const why = useRef<HTMLTextAreaElement>(null);

  useKeysOf("adjudicating");
  useKeys(room.box ? "editing" : "adjudicating", {
    ...viewer.actions,
    ...(room.box ? boxKeys : { reason: () => why.current?.focus(), submit: send }),
    ...(settled ? { next: room.keys.next, previous: room.keys.previous } : room.keys),
  } as typeof room.keys);

  const cards = cardsBy(audit, room.topics);
  return (
    <>
      <AdjudicationTop held={held} />
      <main className="wrap">
        <Panes audit={audit} reads={reads} room={room} viewer={viewer} lit={lit} onLight={setLit} />
        <aside className="col">
          <section className="sec drafted" aria-label="Draft">
            <DraftHead score={null} penalties="" />
            <Draft
              audit={audit}
              cards={cards}
              lit={lit}
              active={room.active?.number ?? null}
              onLight={setLit}
              onPick={room.pick}
            />
          </section>
          <div className="sec hd flags-head">
            <h2>Where the reads differ</h2>
            {room.topics.length - (settled ? 0 : room.open)} of {room.topics.length} ruled
            <span className="sp" />
            <Cap of="next" />
            <Cap of="previous" />
          </div>
          <section className="fs" aria-label="Differences" tabIndex={0}>
            {room.topics.map((topic) => (
              <TopicCard
                key={topic.number}
                topic={topic}
                reads={reads}
                room={room}
                lit={lit === topic.number}
                settled={settled}
              />
            ))}
            <p className="s12 t2">{agreedWords(audit, room.topics)}</p>
          </section>
          <Outcome
            held={held}
            room={room}
            left={left}
            settle={settle}
            onSettle={send}
            onRetake={onRetake}
            why={why}
          />
          {settled ? null : (
            <section className="sec row g8 wraps" aria-label="Reopen a read">
              {reads.map((read) => (
                <Reopen
                  key={read.id}
                  read={read.id}
                  name={`read ${read.name}`}
                  onDone={() => go("/adjudications")}
                />
              ))}
            </section>
          )}
          <p className="notice">{NOTICE}</p>
        </aside>
      </main>
    </>
  );
}
