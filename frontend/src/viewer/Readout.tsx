import type { Case } from "../api/types";
import { scaleOf } from "./geometry";
import type { ViewerState } from "./useViewer";

/** One line under the image: what it is, and how it is shown. */
export function Readout({ of, state }: { of: Case; state: ViewerState }) {
  const scale = scaleOf(state.view, of, state.stage);
  return (
    <div className="readout">
      <b>{of.code}</b>
      {of.phantom ? <span className="phantom">Phantom</span> : null}
      {of.view ? <span>{of.view}</span> : null}
      {of.age === null && !of.sex ? null : <span>{[of.age ?? "", of.sex].join(" ").trim()}</span>}
      {of.under_18 ? <b>Under 18: outside what the models were trained on</b> : null}
      <span className="sp" />
      <span>
        W {state.window.width} L {state.window.level}
      </span>
      <span>
        {state.view.scale === null ? "Fit " : ""}
        {scale.toFixed(2)}×
      </span>
      <span className="wide">8-bit preview</span>
      <span>No mm scale</span>
    </div>
  );
}
