/** Which boxes lie on a read's pane: its own, the other's dotted, and the adjudicator's. */
import type { Box, NamedRead } from "../api/types";
import { kindIcon } from "../parts/KindSignal";
import { leadOf } from "../reading/flags";
import type { Mark } from "../viewer/marks";
import { type Rulings, ruledBox } from "./rulings";
import { boxesOf, type Topic } from "./topics";
import { topicTitle } from "./words";

interface Given {
  topics: readonly Topic[];
  reads: readonly NamedRead[];
  read: NamedRead;
  rulings: Rulings;
  active: Topic | undefined;
}

export const marksFor = (given: Given): Mark[] =>
  given.topics.flatMap((topic) => [...ghosts(topic, given), ...ownMarks(topic, given)]);

const looksOf = (topic: Topic) => {
  const lead = topic.card && leadOf(topic.card);
  return { kind: lead?.kind ?? null, icon: lead ? kindIcon(lead) : null };
};

function ownMarks(topic: Topic, { read, rulings, active }: Given): Mark[] {
  const { own, kept } = boxesOf(read, topic);
  const base = {
    ...looksOf(topic),
    card: topic.number,
    active: topic.number === active?.number,
    decided: false,
    words: topicTitle(topic),
  };
  const mark = (line: Mark["line"], by: string) => (box: Box, index: number) => ({
    ...base,
    key: `${topic.number}-${by}-${index}`,
    box,
    line,
    name: `Box ${topic.number}, ${topicTitle(topic)}, ${by}`,
  });
  const ruled = ruledBox(topic, rulings);
  return [
    ...own.map(mark("dashed", `drawn by read ${read.name}`)),
    ...kept.map(mark("solid", `kept by read ${read.name}`)),
    ...(ruled ? [{ ...mark("dashed", "as you ruled")(ruled, 0), kind: null, decided: true }] : []),
  ];
}

/** The boxes of the others, for the active difference alone: the rest would hide the image. */
function ghosts(topic: Topic, { reads, read, active }: Given): Mark[] {
  if (topic.number !== active?.number) return [];
  return reads
    .filter(({ name }) => name !== read.name)
    .flatMap((other) => {
      const { own, kept } = boxesOf(other, topic);
      return [...own, ...kept].map((box, index): Mark => ({
        key: `ghost-${other.name}-${topic.number}-${index}`,
        box,
        line: "dotted",
        kind: null,
        card: null,
        icon: null,
        words: other.name,
        active: false,
        decided: false,
        name: `${topicTitle(topic)}, read ${other.name}`,
      }));
    });
}
