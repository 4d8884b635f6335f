import type { Prior } from "../api/types";
import { Stage } from "../viewer/Stage";
import type { ViewerControl } from "../viewer/useViewer";
import { ORIGIN_WORDS } from "../cases/words";

/** The study before, beside the current one: its image moves as the current one is moved. */
export function PriorPane({ prior, control }: { prior: Prior; control: ViewerControl }) {
  return (
    <div className="pane">
      <span className="pane-name">
        Prior {prior.code} {prior.view}
      </span>
      <Stage of={prior} control={control} also=", the prior study" />
    </div>
  );
}

/** What was written of the study before. It lies under both images, so that they stay alike. */
export function PriorDraft({ prior }: { prior: Prior }) {
  return (
    <section className="prior-draft" aria-label="Draft of the prior study" tabIndex={0}>
      <h2 className="s11 t3">
        Draft of the prior study
        {prior.draft ? `, ${ORIGIN_WORDS[prior.draft.origin].toLowerCase()}` : ""}
      </h2>
      <p>{prior.draft?.text ?? "Nobody wrote one, or you may not see it."}</p>
    </section>
  );
}
