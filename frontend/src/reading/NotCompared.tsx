import { type ReactNode, useState } from "react";
import { isActive } from "../api/queries";
import type { Audit, Progress, Queue } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { useKeys } from "../keys/useKeys";
import { Steps } from "../newaudit/Steps";
import { Icon } from "../parts/Icon";
import { triesOf } from "../words";
import { Readout } from "../viewer/Readout";
import { Stage } from "../viewer/Stage";
import { ToolStrip } from "../viewer/ToolStrip";
import { useViewer } from "../viewer/useViewer";
import { Draft, DraftHead } from "./DraftPanel";
import { type DrawerName, OpenDrawer } from "./Drawer";
import { Foot } from "./Foot";
import { ReadingTop } from "./ReadingTop";

interface NotComparedProps {
  audit: Audit;
  queue: Queue | null;
  progress: Progress | null;
  children: ReactNode;
}

const nothing = () => undefined;

/** An audit that runs, failed or was cancelled: image and draft, never a score or "no flags". */
export function NotCompared({ audit, queue, progress, children }: NotComparedProps) {
  const viewer = useViewer(audit.case);
  const { hide: _boxes, ...actions } = viewer.actions;
  const [drawer, setDrawer] = useState<DrawerName | null>(null);
  const close = () => setDrawer(null);
  useKeysOf("reading");
  useKeys("reading", {
    ...actions,
    outputs: () => setDrawer("outputs"),
    models: () => setDrawer("models"),
    cancel: close,
  });
  return (
    <>
      <ReadingTop queue={queue} of={audit.case} expiresAt={null} entry={null} />
      <main className="wrap">
        <section className="viewer" aria-label="Image">
          <ToolStrip state={viewer.state} actions={actions} editing={false} adding={false} />
          <div className="vw">
            <Stage of={audit.case} control={viewer} />
            <Readout of={audit.case} state={viewer.state} />
          </div>
        </section>
        <aside className="col">
          <div className="sec">
            <DraftHead score={null} penalties="" />
          </div>
          <div className="sec drw">
            <Draft
              audit={audit}
              cards={[]}
              lit={null}
              active={null}
              onLight={nothing}
              onPick={nothing}
            />
          </div>
          <div className="sec flags-head">
            <div className="hd">
              <h2>Flags</h2>
              {isActive(audit.state) ? (
                "follow when both sides are read"
              ) : (
                <span className="inv">
                  <Icon name="cross" />
                  {audit.state === "failed" ? `Failed, ${triesOf(audit.attempt)}` : "Cancelled"}
                </span>
              )}
            </div>
          </div>
          {drawer ? (
            <OpenDrawer queue={queue} name={drawer} audit={audit} onClose={close} />
          ) : (
            <div className="fs">
              {children}
              {progress && isActive(audit.state) ? (
                <Steps audit={audit} progress={progress} started />
              ) : null}
            </div>
          )}
          <Foot
            audit={audit}
            actions={null}
            attested={false}
            left=""
            busy={false}
            onDrawer={setDrawer}
          />
        </aside>
      </main>
    </>
  );
}
