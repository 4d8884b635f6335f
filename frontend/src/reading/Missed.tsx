import type { MissedFinding } from "../api/types";
import { Icon } from "../parts/Icon";
import { LABEL_WORDS } from "../words";
import type { CardActions } from "./FlagCard";
import type { Mode } from "./mode";
import { NoteField } from "./NoteField";
import type { ReadControl } from "./useRead";

interface MissedProps {
  found: MissedFinding;
  mode: Mode;
  read: ReadControl;
  /** Absent when the audit can only be looked at. */
  actions: CardActions | null;
}

/** A finding that the reader added, and the note on it. */
export function Missed({ found, mode, read, actions }: MissedProps) {
  const noting = mode.name === "noting" && mode.missed === found.id;
  const words = LABEL_WORDS[found.label];
  return (
    <section className={noting ? "fl act" : "fl mine"} aria-label={`${words}, added by you`}>
      {noting && actions ? (
        <NoteField
          on={words.toLowerCase()}
          note={found.comment}
          onKeep={actions.keepNote}
          onCancel={actions.cancel}
        />
      ) : (
        <>
          <span className="n t2">+</span>
          <span className="row g8">
            <span className="md nw">{words}</span>
            <span className="s12 t2 nw">added by you</span>
            <span className="sp" />
            {actions ? <Changing found={found} read={read} actions={actions} /> : null}
          </span>
          {found.comment ? <p className="s12 t2 mine-note">{found.comment}</p> : null}
        </>
      )}
    </section>
  );
}

function Changing({
  found,
  read,
  actions,
}: {
  found: MissedFinding;
  read: ReadControl;
  actions: CardActions;
}) {
  return (
    <>
      <button type="button" className="row g8 s11 t2" onClick={() => actions.noteMissed(found.id)}>
        {found.comment ? "Edit note" : "Note"}
      </button>
      <button
        type="button"
        className="ib"
        aria-label={`Remove ${LABEL_WORDS[found.label]}, added by you`}
        onClick={() => read.removeMissed(found.id)}
      >
        <Icon name="cross" />
      </button>
    </>
  );
}
