import type { Audit, NamedRead } from "../api/types";
import { kindIcon } from "../parts/KindSignal";
import { leadOf } from "../reading/flags";
import { BoxEditor } from "../viewer/BoxEditor";
import { BoxLayer } from "../viewer/BoxLayer";
import { Readout } from "../viewer/Readout";
import { Stage } from "../viewer/Stage";
import { ToolStrip } from "../viewer/ToolStrip";
import type { ViewerControl } from "../viewer/useViewer";
import { marksFor } from "./marksOf";
import type { RulingsControl } from "./useRulings";
import { topicTitle } from "./words";

interface PanesProps {
  audit: Audit;
  reads: NamedRead[];
  room: RulingsControl;
  viewer: ViewerControl;
  lit: number | null;
  onLight: (topic: number | null) => void;
}

/** The same image once a read, under one view and one window: what moves one moves all. */
export function Panes({ audit, reads, room, viewer, lit, onLight }: PanesProps) {
  const { view, stage, boxesHidden } = viewer.state;
  const place = { view, stage, image: audit.case };
  const actions = { ...viewer.actions, edit: room.box ? room.keepBox : room.beginBox };
  return (
    <section className="viewer" aria-label="Image, once a read">
      <ToolStrip
        state={viewer.state}
        actions={actions}
        editing={room.box !== null}
        adding={false}
      />
      <div className="vw">
        <div className="panes">
          {reads.map((read) => (
            <div key={read.name} className="pane">
              <span className="pane-name">Read {read.name}</span>
              <Stage of={audit.case} also={`, read ${read.name}`} control={viewer}>
                {boxesHidden ? null : (
                  <BoxLayer
                    marks={marksFor({ ...room, reads, read })}
                    {...place}
                    lit={lit}
                    onLight={onLight}
                    onPick={room.pick}
                  />
                )}
                {room.box && !boxesHidden ? (
                  <BoxEditor box={room.box} tag={tagOf(room)} {...place} onChange={room.setBox} />
                ) : null}
              </Stage>
            </div>
          ))}
        </div>
        <Readout of={audit.case} state={viewer.state} />
      </div>
    </section>
  );
}

function tagOf({ active }: RulingsControl) {
  const lead = active?.card ? leadOf(active.card) : null;
  return {
    kind: lead?.kind ?? null,
    card: active?.number ?? null,
    icon: lead ? kindIcon(lead) : null,
    words: active ? `${topicTitle(active)}, yours` : "",
  };
}
