import type { KeyActions } from "../keys/useKeys";
import { useCap } from "../keys/own";
import { Icon, type IconName } from "../parts/Icon";
import type { ViewerState } from "./useViewer";

interface ToolStripProps {
  state: ViewerState;
  actions: KeyActions;
  /** Tools of the reading: present only where they do something. */
  editing: boolean;
  adding: boolean;
  /** The prior stands beside the image. */
  beside?: boolean;
}

interface Entry {
  action: string;
  icon: IconName;
  name: string;
  on: boolean;
}

/** The tools, each with its key under it. */
export function ToolStrip({ state, actions, editing, adding, beside = false }: ToolStripProps) {
  const { tool, loupe, inverted, boxesHidden } = state;
  const groups: Entry[][] = [
    [
      { action: "window", icon: "window", name: "Window", on: tool === "window" },
      { action: "move", icon: "move", name: "Move", on: tool === "move" },
      { action: "measure", icon: "ruler", name: "Measure", on: tool === "measure" },
      { action: "loupe", icon: "search", name: "Loupe", on: loupe },
    ],
    [
      { action: "fit", icon: "fit", name: "Fit or full size", on: false },
      { action: "invert", icon: "invert", name: "Invert", on: inverted },
      { action: "rotate", icon: "rotate", name: "Rotate", on: false },
      { action: "prior", icon: "panes", name: "Prior beside", on: beside },
    ],
    [
      { action: "hide", icon: "eye", name: "Hold to hide boxes", on: boxesHidden },
      { action: "edit", icon: "box", name: "Edit box", on: editing },
      { action: "add", icon: "plus", name: "Add a finding", on: adding },
    ],
  ];
  const offered = groups
    .map((group) => group.filter(({ action }) => actions[action]))
    .filter((group) => group.length > 0);
  return (
    <div className="strip" role="toolbar" aria-label="Image tools" aria-orientation="vertical">
      {offered.map((group, index) => (
        <div key={group[0]?.action} className="contents">
          {index > 0 ? <hr /> : null}
          {group.map((entry) => (
            <ToolButton key={entry.action} {...entry} run={actions[entry.action]} />
          ))}
        </div>
      ))}
    </div>
  );
}

function ToolButton({
  action,
  icon,
  name,
  on,
  run,
}: Entry & { run: KeyActions[string] | undefined }) {
  const held = typeof run === "object" ? { onPointerDown: run.down, onPointerUp: run.up } : {};
  return (
    <button
      type="button"
      className={on ? "tool on" : "tool"}
      aria-label={name}
      aria-pressed={on}
      title={name}
      onClick={typeof run === "function" ? run : undefined}
      {...held}
    >
      <Icon name={icon} />
      <small aria-hidden="true">{useCap()(action)}</small>
    </button>
  );
}
