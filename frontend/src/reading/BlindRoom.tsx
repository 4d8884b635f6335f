import { useState } from "react";
import type { BlindAudit, Label } from "../api/types";
import { Cap } from "../keys/own";
import type { Place } from "../keys/keymap";
import { useKeysOf } from "../keys/KeysPanel";
import { useKeys } from "../keys/useKeys";
import { type Entry, troubleOf } from "../outbox/outbox";
import { Banner } from "../parts/Banner";
import type { IconName } from "../parts/Icon";
import { LABEL_WORDS, NOTICE } from "../words";
import { BoxEditor } from "../viewer/BoxEditor";
import { BoxLayer } from "../viewer/BoxLayer";
import type { Mark } from "../viewer/marks";
import { Readout } from "../viewer/Readout";
import { Stage } from "../viewer/Stage";
import { ToolStrip } from "../viewer/ToolStrip";
import { useViewer, type ViewerControl } from "../viewer/useViewer";
import { ChoicePanel } from "./ChoicePanel";
import { Guideline } from "./Drawer";
import type { FirstView } from "./firstView";
import { DraftAlone, LabelsPanel } from "./LabelsPanel";
import { ReadingTop } from "./ReadingTop";
import { Troubles } from "./Troubles";
import { type Blind, useBlind } from "./useBlind";
import { useBoxKeys } from "./useBoxKeys";
import type { ClaimState } from "./useClaim";
import { useItem } from "./useItem";
import "../styles/blind.css";

interface BlindRoomProps {
  audit: BlindAudit;
  claim: ClaimState;
}

/** The image alone, then the draft: the steps of a blind read that come before the flags. */
export function BlindRoom({ audit, claim }: BlindRoomProps) {
  const viewer = useViewer(audit.case);
  const item = useItem(claim.slot, claim.queue);
  const blind = useBlind(audit, claim, item);
  const { mode } = blind;
  const box = mode.name === "editing" ? mode.box : null;
  const boxKeys = useBoxKeys(box, blind.setBox);
  const place: Place =
    mode.name === "editing" ? "editing" : mode.name === "skipping" ? "choosing" : "blind";
  const [opened, setOpened] = useState(false);
  const guideline = opened && place === "blind";
  const close = () => setOpened(false);
  useKeysOf("blind");
  useKeys(place, {
    ...viewer.actions,
    ...boxKeys,
    ...blind.keys,
    guideline: () => setOpened((now) => !now),
    ...(guideline ? { cancel: close } : {}),
  });
  return (
    <>
      <ReadingTop
        queue={claim.queue}
        expiresAt={claim.expiresAt}
        entry={entryOf(blind)}
        saved={savedOf(blind)}
      />
      <main className="wrap">
        <BlindImage audit={audit} blind={blind} viewer={viewer} />
        <aside className="col" aria-label="What you see">
          <Step audit={audit} />
          <Happenings blind={blind} claim={claim} onNext={item.next} />
          {mode.name === "skipping" ? (
            <div className="fs">
              <ChoicePanel mode={mode} onDigit={blind.digit} actions={blind} />
            </div>
          ) : guideline ? (
            <Guideline queue={claim.queue} onClose={close} />
          ) : audit.shown === "image" ? (
            <LabelsPanel blind={blind} />
          ) : (
            <DraftAlone text={audit.draft?.text ?? ""} />
          )}
          <Foot blind={blind} step={audit.shown} />
        </aside>
      </main>
    </>
  );
}

const nothing = () => undefined;

/** Nothing is sent before a step ends, and then all of it at once. */
function entryOf({ error }: Blind): Entry {
  const trouble = error ? troubleOf(error) : null;
  return { ops: [], unsent: [], trouble, message: error?.message ?? "" };
}

function savedOf({ view, busy }: Blind): readonly [IconName, string] {
  if (busy) return ["dots", "Committing"];
  const said = Object.keys(view.states).length > 0;
  return said ? ["dots", "Kept here, not committed"] : ["check", "Nothing to commit yet"];
}

function marksOf({ boxes }: FirstView, active: Label): Mark[] {
  return boxes.map(({ label, box }, index) => ({
    key: `${label}-${index}`,
    box,
    line: "dashed",
    kind: null,
    card: null,
    icon: null,
    words: LABEL_WORDS[label],
    active: label === active,
    decided: false,
    name: `${LABEL_WORDS[label]}, drawn by you`,
  }));
}

interface BlindImageProps {
  audit: BlindAudit;
  blind: Blind;
  viewer: ViewerControl;
}

function BlindImage({ audit, blind, viewer }: BlindImageProps) {
  const { boxesHidden, view, stage } = viewer.state;
  const editing = blind.mode.name === "editing" ? blind.mode : null;
  const place = { view, stage, image: audit.case };
  const tag = { kind: null, card: null, icon: null, words: LABEL_WORDS[blind.active] };
  return (
    <section className="viewer" aria-label="Image">
      <ToolStrip
        state={viewer.state}
        actions={audit.shown === "image" ? { ...viewer.actions, edit: blind.edit } : viewer.actions}
        editing={editing !== null}
        adding={false}
      />
      <div className="vw">
        <Stage
          of={audit.case}
          control={viewer}
          onDraw={editing && !editing.box ? blind.setBox : null}
        >
          {boxesHidden ? null : (
            <BoxLayer
              marks={marksOf(blind.view, blind.active)}
              {...place}
              lit={null}
              onLight={nothing}
              onPick={nothing}
            />
          )}
          {editing?.box && !boxesHidden ? (
            <BoxEditor box={editing.box} tag={tag} {...place} onChange={blind.setBox} />
          ) : null}
        </Stage>
        <Readout of={audit.case} state={viewer.state} />
      </div>
    </section>
  );
}

const STEPS: readonly (readonly [step: string, words: string])[] = [
  ["image", "Image"],
  ["draft", "Draft"],
  ["flags", "Flags"],
];

function Step({ audit }: { audit: BlindAudit }) {
  return (
    <div className="sec">
      <div className="hd">
        <h2>{audit.shown === "image" ? "What do you see?" : "Draft"}</h2>
        <span className="sp" />
        <ol className="blind-steps" aria-label="Steps of this read">
          {STEPS.map(([step, words]) => (
            <li key={step} aria-current={step === audit.shown ? "step" : undefined}>
              {words}
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

interface HappeningsProps {
  blind: Blind;
  claim: ClaimState;
  onNext: () => void;
}

function Happenings({ blind, claim, onNext }: HappeningsProps) {
  const entry = entryOf(blind);
  const said = Object.keys(blind.view.states).length;
  return (
    <div className="sec troubles">
      {claim.readOnly ? (
        <Banner icon="lock" title="You can't read this now">
          {claim.readOnly}
        </Banner>
      ) : entry.trouble === "refused" ? (
        <Banner icon="cross" title="This step was not committed">
          {entry.message}
        </Banner>
      ) : entry.trouble === "offline" ? (
        <Banner icon="dots" title="Offline. What you said is kept in this tab">
          Press Enter again when the network is back.
        </Banner>
      ) : claim.slot ? (
        <Troubles
          entry={entry}
          expiresAt={claim.expiresAt}
          said={said}
          onTakeBack={claim.takeBack}
          onNext={onNext}
        />
      ) : null}
    </div>
  );
}

interface FootProps {
  blind: Blind;
  step: BlindAudit["shown"];
}

function Foot({ blind, step }: FootProps) {
  const { left, busy } = blind;
  const words = step === "image" ? "Commit and see the draft" : "Go on to the flags";
  return (
    <>
      <div className="foot">
        {step === "image" ? (
          <button type="button" className="row g8 s12 t2" onClick={blind.attest}>
            None of the others is there <Cap of="attest" />
          </button>
        ) : null}
        <div className="row g8">
          <button
            type="button"
            className={left ? "btn off submit" : "btn go submit"}
            disabled={left !== "" || busy}
            onClick={blind.submit}
          >
            {left || (busy ? "Committing" : words)}
            {left || busy ? null : <kbd>Enter</kbd>}
          </button>
          <button type="button" className="btn q" onClick={blind.skip}>
            Skip <Cap of="skip" />
          </button>
          {step === "image" ? (
            <button type="button" className="btn q" onClick={blind.undo}>
              Undo <Cap of="undo" />
            </button>
          ) : null}
        </div>
        <p className="s11 t3">What you commit stays as it is, also once you have seen more.</p>
      </div>
      <p className="notice">{NOTICE}</p>
    </>
  );
}
