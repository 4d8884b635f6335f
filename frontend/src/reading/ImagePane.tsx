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
import { titleOf } from "./words";

interface ImagePaneProps {
  audit: Audit;
  read: ReadControl;
  room: Room;
  held: boolean;
  viewer: ViewerControl;
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

/** The image with its tools, its boxes, and the box that is being edited. */
export function ImagePane({ audit, read, room, held, viewer, lit, onLight }: ImagePaneProps) {
  const { mode, active } = room;
  const { boxesHidden, view, stage } = viewer.state;
  const editing = mode.name === "editing" ? mode : null;
  const place = { view, stage, image: audit.case };
  const marks = marksFor({ audit, cards: read.cards, read: read.state, active, mode });
  const actions = held
    ? { ...viewer.actions, edit: room.cardActions.edit, add: room.itemActions.add }
    : viewer.actions;
  return (
    <section className="viewer" aria-label="Image">
      <ToolStrip
        state={viewer.state}
        actions={actions}
        editing={editing !== null}
        adding={mode.name === "labelling"}
      />
      <div className="vw">
        <Stage
          of={audit.case}
          control={viewer}
          onDraw={editing && !editing.box ? room.setBox : null}
        >
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
        <Readout of={audit.case} state={viewer.state} />
      </div>
    </section>
  );
}
