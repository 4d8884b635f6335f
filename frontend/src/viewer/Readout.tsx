import type { Case } from "../api/types";
import { scaleOf } from "./geometry";
import { lengthWords } from "./ruler";
import { isMirrored, scaleWords, spacingOf } from "./study";
import type { Depth } from "./useImage";
import type { ViewerState } from "./useViewer";
import { inValues } from "./windowing";

function depthWords({ state, share }: Depth): string {
  if (state === "8-bit") return "8-bit";
  if (state === "full") return "16-bit, full depth";
  if (state === "failed") return "8-bit preview. The full depth could not be loaded";
  return state === "preview"
    ? "8-bit preview"
    : `Preview shown. Full depth ${Math.round(share * 100)}%`;
}

/** One line under the image: what it is, and how it is shown. */
export function Readout({ of, state }: { of: Case; state: ViewerState }) {
  const scale = scaleOf(state.view, of, state.stage);
  const spacing = spacingOf(of);
  const { width, level } = inValues(state.window, state.depth.range);
  return (
    <div className="readout">
      <b>{of.code}</b>
      {of.phantom ? <span className="phantom">Phantom</span> : null}
      {of.view ? <span>{[of.view, of.laterality].filter(Boolean).join(" ")}</span> : null}
      {isMirrored(of) ? <b>Mirrored: the patient’s right is on the right</b> : null}
      {of.age === null && !of.sex ? null : <span>{[of.age ?? "", of.sex].join(" ").trim()}</span>}
      {of.under_18 ? <b>Under 18: outside what the models were trained on</b> : null}
      <span className="sp" />
      {state.ruler ? <b>{lengthWords(state.ruler, of, spacing)}</b> : null}
      <span>
        W {width} L {level}
      </span>
      <span>
        {state.view.scale === null ? "Fit " : ""}
        {scale.toFixed(2)}×
      </span>
      <span className="when-wide">{depthWords(state.depth)}</span>
      <span>{scaleWords(of)}</span>
    </div>
  );
}
