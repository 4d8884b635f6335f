import { useEffect, useRef } from "react";

const LONGEST = 4000;

interface NoteFieldProps {
  /** What it is a note on, where the card does not say it. */
  on?: string;
  note: string;
  onKeep: (note: string) => void;
  onCancel: () => void;
}

/** In the place of the reasons: a note on the answer. Enter keeps it, Esc leaves it as it was. */
export function NoteField({ on, note, onKeep, onCancel }: NoteFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  // Ended once: some browsers also tell of the focus that a field loses by going away.
  const ended = useRef(false);
  useEffect(() => field.current?.focus(), []);
  const end = (how: () => void) => {
    if (!ended.current) how();
    ended.current = true;
  };
  return (
    <div className="answers">
      <div className="row g4 s11 t3 answers-head">
        <label htmlFor="note">{on ? `Note on ${on}` : "Note"}. No names, no dates</label>
        <span className="sp" />
        <kbd>Enter</kbd> keeps it
      </div>
      <textarea
        ref={field}
        id="note"
        className="note-field"
        maxLength={LONGEST}
        defaultValue={note}
        onBlur={(event) => end(() => onKeep(event.target.value))}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.preventDefault();
            end(onCancel);
          } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            const { value } = event.currentTarget;
            end(() => onKeep(value));
          }
        }}
      />
    </div>
  );
}
