import type { Audit } from "../api/types";
import { Cap } from "../keys/own";
import { Banner, Empty } from "../parts/Banner";
import { ChoicePanel } from "./ChoicePanel";
import { type CardActions, CollapsedCard, decisionOn, FlagCard } from "./FlagCard";
import type { Card } from "./flags";
import { Missed } from "./Missed";
import { type Mode, READING } from "./mode";
import { Notes } from "./Notes";
import type { ReadControl } from "./useRead";

interface FlagPanelProps {
  audit: Audit;
  read: ReadControl;
  active: Card | null;
  lit: number | null;
  mode: Mode;
  actions: CardActions | null;
  onDigit: (digit: number) => void;
  onLight: (card: number | null) => void;
  onPick: (card: number) => void;
}

const isDrawing = (mode: Mode): boolean => mode.name === "editing" && "missed" in mode.of;
const isOnMissed = (mode: Mode): boolean => mode.name === "noting" && mode.missed !== null;
const isChoosing = (mode: Mode): boolean => ["labelling", "skipping"].includes(mode.name);

/** What the audit could not do, above its flags. */
function Degraded({ audit }: { audit: Audit }) {
  if (audit.draft_state === "unparsed") {
    return (
      <Banner icon="tilde" title="The draft could not be parsed">
        Image findings only. No missing flags and no score.
      </Banner>
    );
  }
  if (audit.image_state === "partial") {
    return (
      <Banner icon="tilde" title="Part of the image output was lost">
        Flags for what was seen. What was not seen counts as not assessed.
      </Banner>
    );
  }
  return null;
}

/** Flags, most urgent first: the active one open, the others on one line each. */
export function FlagPanel(props: FlagPanelProps) {
  const { audit, read, active, lit, mode, actions, onLight, onPick } = props;
  const elsewhere = isChoosing(mode) || isDrawing(mode);
  const onCard = elsewhere || isOnMissed(mode) ? READING : mode;
  return (
    <div className="fs" role="region" aria-label="Flags">
      <Degraded audit={audit} />
      {actions && elsewhere ? (
        <ChoicePanel mode={mode} onDigit={props.onDigit} actions={actions} />
      ) : null}
      {read.cards.map((card) =>
        card.number === active?.number && !elsewhere ? (
          <FlagCard
            key={card.number}
            audit={audit}
            card={card}
            decision={decisionOn(card, read.state.live)}
            live={read.state.live}
            mode={onCard}
            actions={actions}
          />
        ) : (
          <CollapsedCard
            key={card.number}
            card={card}
            decision={decisionOn(card, read.state.live)}
            held={actions !== null}
            lit={lit === card.number}
            onLight={onLight}
            onPick={onPick}
          />
        ),
      )}
      {read.cards.length === 0 && !elsewhere ? (
        <Empty title="No flags on this audit">
          {actions ? (
            <>
              Add what was missed <Cap of="add" /> or attest that nothing was <Cap of="attest" />.
            </>
          ) : null}
        </Empty>
      ) : null}
      {read.state.missed.map((each) => (
        <Missed key={each.id} found={each} mode={mode} read={read} actions={actions} />
      ))}
      <Notes audit={audit} />
    </div>
  );
}
