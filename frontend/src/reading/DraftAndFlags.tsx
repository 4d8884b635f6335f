import type { Audit } from "../api/types";
import { Cap } from "../keys/own";
import { Banner } from "../parts/Banner";
import { count } from "../words";
import { Draft, DraftHead } from "./DraftPanel";
import { OpenDrawer } from "./Drawer";
import { FlagPanel } from "./FlagPanel";
import { Foot } from "./Foot";
import { Troubles } from "./Troubles";
import type { ClaimState } from "./useClaim";
import type { ItemControl } from "./useItem";
import type { ReadControl } from "./useRead";
import type { Room } from "./useRoom";

function penaltiesOf(audit: Audit): string {
  const given = audit.claims.filter((claim) => claim.penalty > 0);
  if (given.length === 0) return "No penalties.";
  return given.map((claim) => `−${claim.penalty}: ${claim.text}`).join("\n");
}

interface Shared {
  audit: Audit;
  read: ReadControl;
  claim: ClaimState;
  item: ItemControl;
}

function FlagsHead({ audit, read, claim, onGuideline }: Shared & { onGuideline: () => void }) {
  const { flags } = audit;
  const decided = flags.filter((flag) => read.state.live.has(flag.id)).length;
  return (
    <div className="sec flags-head">
      <div className="hd">
        <h2>Flags</h2>
        {flags.length > 0 && claim.slot ? `${decided} of ${flags.length} decided` : ""}
        <span className="sp" />
        {claim.queue?.guideline ? (
          <button type="button" className="link row g4 nw" onClick={onGuideline}>
            Guideline <Cap of="guideline" />
          </button>
        ) : null}
        <Cap of="next" />
        <Cap of="previous" />
      </div>
    </div>
  );
}

function Happenings({ read, claim, item }: Shared) {
  return (
    <div className="sec troubles">
      {claim.readOnly ? (
        <Banner icon="lock" title="You see this audit read-only">
          {claim.readOnly}
        </Banner>
      ) : null}
      {claim.slot?.earlier.map(({ id, reopened, decisions }) => (
        <Banner key={id} icon="note" title="An adjudicator reopened your read">
          {reopened.reason} What you submitted then ({count(decisions.length, "decision")}) is kept,
          not counted.
        </Banner>
      ))}
      {claim.slot ? (
        <Troubles
          entry={read.entry}
          expiresAt={claim.expiresAt}
          said={read.state.live.size + read.state.missed.length}
          onTakeBack={claim.takeBack}
          onNext={item.next}
        />
      ) : null}
      {item.error ? (
        <Banner icon="cross" title="The read was not submitted">
          {item.error.message} What you decided is kept.
        </Banner>
      ) : null}
    </div>
  );
}

interface DraftAndFlagsProps extends Shared {
  room: Room;
  held: boolean;
  lit: number | null;
  onLight: (card: number | null) => void;
}

/** The right column: the draft, what happened, the flags, and the end of the item. */
export function DraftAndFlags(props: DraftAndFlagsProps) {
  const { audit, read, claim, item, room, held, lit, onLight } = props;
  const { active, mode, drawer } = room;
  return (
    <aside className="col" aria-label="Draft and flags">
      <div className="sec">
        <DraftHead score={audit.score} penalties={penaltiesOf(audit)} />
      </div>
      <div className="sec drw">
        <Draft
          audit={audit}
          cards={read.cards}
          lit={lit}
          active={active?.number ?? null}
          onLight={onLight}
          onPick={room.pick}
        />
      </div>
      <FlagsHead {...props} onGuideline={() => room.openDrawer("guideline")} />
      <Happenings {...props} />
      {drawer ? (
        <OpenDrawer
          name={drawer}
          audit={audit}
          queue={claim.queue}
          onClose={() => room.openDrawer(null)}
        />
      ) : (
        <FlagPanel
          audit={audit}
          read={read}
          active={active}
          lit={lit}
          mode={mode}
          actions={held ? room.cardActions : null}
          onDigit={room.digit}
          onLight={onLight}
          onPick={room.pick}
        />
      )}
      <Foot
        audit={audit}
        actions={held ? room.itemActions : null}
        attested={room.attested}
        left={room.left}
        busy={item.busy}
        onDrawer={room.openDrawer}
      />
    </aside>
  );
}
