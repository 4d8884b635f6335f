import { useEffect, useRef } from "react";
import type { Audit, Decision } from "../api/types";
import { Cap } from "../keys/own";
import { Icon, type IconName } from "../parts/Icon";
import { KindSignal, kindClass } from "../parts/KindSignal";
import { sameBox } from "../viewer/boxes";
import { AnswerGrid, digitAnswers } from "./AnswerGrid";
import { EditGrid } from "./EditGrid";
import { type Card, leadOf } from "./flags";
import { LayerGrid, LayersAndNote } from "./Layers";
import type { Mode } from "./mode";
import { NoteField } from "./NoteField";
import { causeOf, titleOf, verdictWords } from "./words";

export interface CardActions {
  confirm: () => void;
  dismiss: () => void;
  unsure: () => void;
  edit: () => void;
  layers: () => void;
  /** On the answer; on the box that is being drawn, once it is kept. */
  note: () => void;
  noteMissed: (missed: string) => void;
  keepNote: (text: string) => void;
  cancel: () => void;
  answer: (digit: number) => void;
}

/** More would not fit on the line; the boxes themselves show the rest. */
const MOST_PLACES = 2;

const VERDICT_ICONS: Record<Decision["verdict"], IconName> = {
  confirmed: "check",
  confirmed_modified: "box",
  dismissed: "cross",
  indeterminate: "tilde",
};

function VerdictWord({ decision, held }: { decision: Decision | undefined; held: boolean }) {
  if (!decision) return held ? <span className="s12 t3">Open</span> : null;
  return (
    <span className={decision.verdict.startsWith("confirmed") ? "st" : "st t2"}>
      <Icon name={VERDICT_ICONS[decision.verdict]} />
      {verdictWords(decision)}
    </span>
  );
}

/** The answer on a card: a reason given for either of its flags is what the reader said. */
export function decisionOn(card: Card, live: ReadonlyMap<string, Decision>): Decision | undefined {
  const decisions = card.flags.flatMap((flag) => live.get(flag.id) ?? []);
  return decisions.find((decision) => decision.reason !== null) ?? decisions[0];
}

/** Where the boxes behind a flag lie and how sure the model is of them, small and last. */
function detailOf(audit: Audit, card: Card): string {
  const lead = leadOf(card);
  const found = audit.findings.filter(
    ({ label, box }) => label === card.label && box && lead.boxes.some((b) => sameBox(b, box)),
  );
  const scores = found.flatMap(({ score }) => score ?? []);
  const score = scores.length > 0 ? Math.max(...scores) : audit.scores?.[card.label];
  const places = new Set(found.flatMap(({ region }) => region ?? []));
  const parts = [...places].slice(0, MOST_PLACES);
  if (places.size > MOST_PLACES) parts.push(`${places.size - MOST_PLACES} more`);
  if (score !== undefined) parts.push(`score ${score.toFixed(2)}`);
  const line = parts.join(" · ");
  return line.charAt(0).toUpperCase() + line.slice(1);
}

interface CollapsedProps {
  card: Card;
  decision: Decision | undefined;
  /** The reader may answer it. */
  held: boolean;
  lit: boolean;
  onLight: (card: number | null) => void;
  onPick: (card: number) => void;
}

export function CollapsedCard({ card, decision, held, lit, onLight, onPick }: CollapsedProps) {
  const lead = leadOf(card);
  return (
    <button
      type="button"
      className={lit ? "fl lit" : "fl"}
      onClick={() => onPick(card.number)}
      onPointerEnter={() => onLight(card.number)}
      onPointerLeave={() => onLight(null)}
      onFocus={() => onLight(card.number)}
      onBlur={() => onLight(null)}
    >
      <span className={`n ${kindClass(lead.kind)}`}>{card.number}</span>
      <span>
        <span className="row g8">
          <span className="md nw">{titleOf(card)}</span>
          <span className="sp" />
          <VerdictWord decision={decision} held={held} />
        </span>
        <span className="row g12">
          {card.flags.map((flag) => (
            <KindSignal key={flag.id} flag={flag} />
          ))}
        </span>
      </span>
    </button>
  );
}

function Editing() {
  return (
    <span className="st">
      <Icon name="box" />
      Editing box
    </span>
  );
}

function Standing({ card, decision }: { card: Card; decision: Decision | undefined }) {
  if (decision) return <VerdictWord decision={decision} held />;
  if (card.flags.length === 1) return null;
  return <span className="s11 t3">One verdict answers both flags</span>;
}

interface FlagCardProps {
  audit: Audit;
  card: Card;
  decision: Decision | undefined;
  live: ReadonlyMap<string, Decision>;
  mode: Mode;
  /** Absent when the audit can only be looked at. */
  actions: CardActions | null;
}

/** The active flag: what, why, four verdicts, and what the digits answer. Its height is fixed. */
export function FlagCard(props: FlagCardProps) {
  const { audit, card, decision, mode, actions } = props;
  const lead = leadOf(card);
  const editing = mode.name === "editing" && "card" in mode.of ? mode : null;
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    element.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <section
      ref={element}
      className="fl act"
      aria-label={`Flag ${card.number}, ${titleOf(card)}`}
      aria-current="true"
    >
      <div className="fl-head">
        <div className="row g8">
          <span className={`n on ${kindClass(lead.kind)}`}>
            <b>{card.number}</b>
          </span>
          {card.flags.map((flag) => (
            <KindSignal key={flag.id} flag={flag} />
          ))}
        </div>
        <div className="row g8 fl-title">
          <h3>{titleOf(card)}</h3>
          <span className="sp" />
          {editing ? <Editing /> : actions ? <Standing card={card} decision={decision} /> : null}
        </div>
        <p className="s12 t2 fl-cause" title={lead.urgency?.wording}>
          {causeOf(audit, card)}
        </p>
      </div>
      {actions && editing ? (
        <EditGrid
          mode={editing}
          actions={actions}
          keep={lead.boxes.length > 0 ? "Keep this box" : "It is here: dismiss"}
          drop={lead.boxes.length > 0 ? "Back to the model’s box" : "No box"}
        />
      ) : actions ? (
        <Answering {...props} actions={actions} />
      ) : null}
    </section>
  );
}

function Answering({
  audit,
  card,
  decision,
  live,
  mode,
  actions,
}: FlagCardProps & {
  actions: CardActions;
}) {
  const dismissing = mode.name === "dismissing";
  return (
    <>
      <Verdicts card={card} decision={decision} actions={actions} />
      {mode.name === "layering" ? (
        <LayerGrid card={card} live={live} onTurn={actions.answer} />
      ) : mode.name === "noting" ? (
        <NoteField
          note={decision?.comment ?? ""}
          onKeep={actions.keepNote}
          onCancel={actions.cancel}
        />
      ) : (
        <AnswerGrid
          {...digitAnswers(card, decision, dismissing)}
          decision={decision}
          detail={detailOf(audit, card)}
          waiting={dismissing}
          onAnswer={actions.answer}
        />
      )}
      <LayersAndNote card={card} live={live} decision={decision} actions={actions} />
    </>
  );
}

function Verdicts({
  card,
  decision,
  actions,
}: {
  card: Card;
  decision: Decision | undefined;
  actions: CardActions;
}) {
  const verdict = decision?.verdict;
  const rows = [
    ["confirm", "Confirm", actions.confirm, verdict?.startsWith("confirmed")],
    ["dismiss", "Dismiss", actions.dismiss, verdict === "dismissed"],
    ["unsure", "Unsure", actions.unsure, verdict === "indeterminate"],
    ["edit", leadOf(card).boxes.length > 0 ? "Edit box" : "Draw box", actions.edit, false],
  ] as const;
  return (
    <div className="vd">
      {rows.map(([action, words, run, chosen]) => (
        <button
          key={action}
          type="button"
          className={chosen ? "btn chosen" : "btn"}
          aria-pressed={action === "edit" ? undefined : Boolean(chosen)}
          onClick={run}
        >
          <Cap of={action} />
          {words}
        </button>
      ))}
    </div>
  );
}
