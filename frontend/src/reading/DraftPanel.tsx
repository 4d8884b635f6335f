import { Fragment, useEffect, useMemo, useRef } from "react";
import type { Audit, Claim } from "../api/types";
import { Icon, type IconName } from "../parts/Icon";
import { kindClass } from "../parts/KindSignal";
import { LABEL_WORDS, STATE_WORDS } from "../words";
import { type Card, leadOf } from "./flags";
import { type Line, linesOf } from "./lines";
import { marksOf, type Segment, segmentsOf } from "./spans";

interface DraftProps {
  audit: Pick<Audit, "draft" | "mentions" | "claims">;
  cards: readonly Card[];
  lit: number | null;
  active: number | null;
  onLight: (card: number | null) => void;
  onPick: (card: number) => void;
}

const ALIGNMENT: Record<NonNullable<Claim["alignment"]>, [icon: IconName, words: string]> = {
  supported: ["check", "Supported by the image"],
  uncertain: ["tilde", "Uncertain on the image"],
  needs_review: ["bang", "Needs review"],
};

function Gutter({ claim, cards }: { claim: Claim | null; cards: readonly Card[] }) {
  const [icon, words] = claim?.alignment
    ? ALIGNMENT[claim.alignment]
    : (["dot", "Nothing to compare"] as const);
  const said = claim?.cause ? `${words}: ${claim.cause}` : words;
  const [card] = cards;
  return (
    <span
      className={`gutter ${card && icon === "bang" ? kindClass(leadOf(card).kind) : ""}`}
      role="img"
      aria-label={said}
      title={said}
    >
      <Icon name={icon} />
    </span>
  );
}

function whyOf({ mention, overconfident }: Segment): string {
  const parts = [];
  if (mention) {
    parts.push(`${LABEL_WORDS[mention.label]}: ${STATE_WORDS[mention.state].toLowerCase()}`);
    if (mention.cue) parts.push(`because of “${mention.cue}”`);
    if (mention.rule) parts.push(`(${mention.rule})`);
    if (mention.overruled) parts.push("overruled by the impression");
  }
  if (overconfident) parts.push("Stronger wording than the image allows; information only.");
  return parts.join(" ");
}

function Piece({
  segment,
  lit,
  onLight,
  onPick,
}: { segment: Segment } & Pick<DraftProps, "lit" | "onLight" | "onPick">) {
  const { mention, cards, endsOf } = segment;
  const [card] = cards;
  const classes = [
    mention ? `say-${mention.state}` : "",
    mention?.overruled ? "overruled" : "",
    segment.overconfident ? "overconfident" : "",
    card ? `phrase ${kindClass(leadOf(card).kind)}` : "",
    card && cards.some((each) => each.number === lit) ? "lit" : "",
  ].filter(Boolean);
  if (classes.length === 0) return segment.text;
  const marked = (
    <span className={classes.join(" ")} title={whyOf(segment) || undefined}>
      {segment.text}
    </span>
  );
  if (!card) return marked;
  return (
    <>
      <span
        role="button"
        tabIndex={0}
        aria-label={`Phrase of flag ${card.number}: ${segment.text}`}
        onPointerEnter={() => onLight(card.number)}
        onPointerLeave={() => onLight(null)}
        onFocus={() => onLight(card.number)}
        onBlur={() => onLight(null)}
        onClick={() => onPick(card.number)}
        onKeyDown={(event) => event.key === "Enter" && onPick(card.number)}
      >
        {marked}
      </span>
      {endsOf.map((each) => (
        <sup key={each.number} className={`fn ${kindClass(leadOf(each).kind)}`}>
          {each.number}
        </sup>
      ))}
    </>
  );
}

const cardsIn = (segments: readonly Segment[]): Card[] => [
  ...new Set(segments.flatMap((segment) => segment.cards)),
];

/** The draft: claims with their alignment, phrases underlined by state, numbers of flags. */
export function Draft(props: DraftProps) {
  const { audit, cards, active } = props;
  const { text } = audit.draft;
  const lines = useMemo(() => {
    const marks = marksOf(text, audit.mentions, cards, audit.claims);
    return linesOf(text, audit.claims).map((line) => ({
      line,
      segments: segmentsOf(text, marks, line.start, line.end),
    }));
  }, [text, audit.mentions, audit.claims, cards]);
  const hot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active !== null) hot.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  if (!text.trim()) return <p className="t3">No draft. Image findings only.</p>;
  return (
    <div className="dr">
      {lines.map(({ line, segments }) => {
        const own = cardsIn(segments);
        const isHot = own.some((card) => card.number === active);
        return line.kind === "heading" ? (
          <h3 key={line.start} className="dh">
            {text.slice(line.start, line.end).replace(/\s*:$/, "")}
          </h3>
        ) : (
          <DraftLine
            key={line.start}
            line={line}
            cards={own}
            hot={isHot}
            anchor={isHot ? hot : null}
          >
            {segments.map((segment) => (
              <Fragment key={segment.start}>
                <Piece {...props} segment={segment} />
              </Fragment>
            ))}
          </DraftLine>
        );
      })}
    </div>
  );
}

interface LineProps {
  line: Line;
  cards: readonly Card[];
  hot: boolean;
  anchor: React.Ref<HTMLDivElement>;
  children: React.ReactNode;
}

function DraftLine({ line, cards, hot, anchor, children }: LineProps) {
  return (
    <div ref={anchor} className={hot ? "cl hot" : "cl"}>
      <Gutter claim={line.claim} cards={cards} />
      <span>{children}</span>
    </div>
  );
}

/** Heading of the draft: the score small and last, and what the underlines mean. */
export function DraftHead({ score, penalties }: { score: number | null; penalties: string }) {
  return (
    <div className="hd">
      <h2>Draft</h2>
      {score === null ? null : <span title={penalties}>score {score}</span>}
      <span className="sp" />
      <span className="leg">
        <span className="say-present">present</span>
        <span className="say-absent">absent</span>
        <span className="say-uncertain">uncertain</span>
      </span>
    </div>
  );
}
