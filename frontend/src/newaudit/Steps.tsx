import type { Audit, BackendVersion, Progress, StepState } from "../api/types";
import { Icon, type IconName } from "../parts/Icon";

const ICONS: Record<StepState, IconName> = {
  waiting: "dot",
  running: "running",
  done: "check",
  failed: "cross",
};

interface StepProps {
  state: StepState;
  words: string;
  by: BackendVersion | undefined;
  ms: number | null | undefined;
  waits: string;
}

function detailOf({ state, ms, waits }: StepProps): string {
  if (state === "waiting") return waits;
  return typeof ms === "number" ? `${(ms / 1000).toFixed(2)} s` : "";
}

function StepRow(step: StepProps) {
  const { state, words, by } = step;
  return (
    <li className={`stp ${state}`}>
      <Icon name={ICONS[state]} />
      <span>
        {words} <span className="t3">{by ? `${by.name} ${by.version}` : ""}</span>
        <span className="hidden">, {state}</span>
      </span>
      <span className="s12 t3">{detailOf(step)}</span>
    </li>
  );
}

interface StepsProps {
  audit: Audit | null;
  progress: Progress;
  /** The image is in. */
  started: boolean;
}

/** The steps of an audit, each on its line from the beginning. */
export function Steps({ audit, progress, started }: StepsProps) {
  const { grounding, parsing, comparing } = progress.steps;
  const { ms, grounder, parser } = audit ?? {};
  return (
    <ul className="steps" aria-label="Steps" aria-live="polite">
      <StepRow
        state={started ? "done" : "waiting"}
        words="Image read"
        by={undefined}
        ms={null}
        waits=""
      />
      <StepRow
        state={parsing}
        words="Draft parsed"
        by={parser}
        ms={ms?.parsing}
        waits="waits for the draft"
      />
      <StepRow
        state={grounding}
        words="Finding on image"
        by={grounder}
        ms={ms?.grounding}
        waits="waits for the image"
      />
      <StepRow
        state={comparing}
        words="Compare"
        by={undefined}
        ms={ms?.comparing}
        waits="waits for both"
      />
    </ul>
  );
}
