import type { Audit } from "../api/types";
import { kindIcon } from "../parts/KindSignal";
import { LABEL_WORDS } from "../words";
import { BoxEditor } from "../viewer/BoxEditor";
import { BoxLayer } from "../viewer/BoxLayer";
import { Readout } from "../viewer/Readout";
import { Stage } from "../viewer/Stage";
import { ToolStrip } from "../viewer/ToolStrip";
import type { ViewerControl } from "../viewer/useViewer";
import { type Card, leadOf } from "./flags";
import { marksFor } from "./marksOf";
import type { BoxTarget } from "./mode";
import type { ReadControl } from "./useRead";
import type { Room } from "./useRoom";
import { PriorDraft, PriorPane } from "./PriorPane";
import type { PriorControl } from "./usePrior";
import { titleOf } from "./words";

interface ImagePaneProps {
  audit: Audit;
  read: ReadControl;
  room: Room;
  held: boolean;
  viewer: ViewerControl;
  prior: PriorControl;
  lit: number | null;
  onLight: (card: number | null) => void;
}

function tagOf(of: BoxTarget, active: Card | null) {
  if ("missed" in of || !active) {
    const words = "missed" in of ? LABEL_WORDS[of.missed] : "";
    return { kind: null, card: null, icon: null, words };
  }
  const lead = leadOf(active);
  const words = `${titleOf(active)}, ${lead.boxes.length > 0 ? "edited" : "yours"}`;
  return { kind: lead.kind, card: active.number, icon: kindIcon(lead), words };
}

/** The current image with its boxes, and the box that is being edited. */
function CurrentImage({ audit, read, room, viewer, lit, onLight }: Omit<ImagePaneProps, "prior">) {
  const { mode, active } = room;
  const { boxesHidden, view, stage } = viewer.state;
  const editing = mode.name === "editing" ? mode : null;
  const place = { view, stage, image: audit.case };
  const marks = marksFor({ audit, cards: read.cards, read: read.state, active, mode });
  return (
    <Stage of={audit.case} control={viewer} onDraw={editing && !editing.box ? room.setBox : null}>
      {boxesHidden ? null : (
        <BoxLayer marks={marks} {...place} lit={lit} onLight={onLight} onPick={room.pick} />
      )}
      {editing?.box && !boxesHidden ? (
        <BoxEditor
          box={editing.box}
          tag={tagOf(editing.of, active)}
          {...place}
          onChange={room.setBox}
        />
      ) : null}
    </Stage>
  );
}

/** The image with its tools; the prior beside it where it is wanted. */
export function ImagePane({ prior, ...props }: ImagePaneProps) {
  const { audit, room, held, viewer } = props;
  const actions = held
    ? { ...prior.actions, edit: room.cardActions.edit, add: room.itemActions.add }
    : prior.actions;
  const beside = prior.shown ? prior.prior : null;
  return (
    <section className="viewer" aria-label="Image">
      <ToolStrip
        state={viewer.state}
        actions={actions}
        editing={room.mode.name === "editing"}
        adding={room.mode.name === "labelling"}
        beside={beside !== null}
      />
      <div className="vw">
        <div className="panes">
          <div className="pane">
            {beside ? <span className="pane-name">Current</span> : null}
            <CurrentImage {...props} />
          </div>
          {beside ? <PriorPane prior={beside} control={prior.control} /> : null}
        </div>
        {beside ? <PriorDraft prior={beside} /> : null}
        <Readout of={audit.case} state={viewer.state} />
      </div>
    </section>
  );
}
