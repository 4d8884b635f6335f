import { type FormEvent, type RefObject, useState } from "react";
import type { WholeCase } from "../api/types";
import { Cap } from "../keys/own";
import { Faults } from "../parts/ErrorBanner";
import { count, momentOf } from "../words";
import { useNewDraft } from "./useCase";
import { ORIGIN_WORDS } from "./words";

type OneDraft = WholeCase["drafts"][number];

function scrubWords({ scrubbed, scrub_state }: OneDraft): string {
  if (scrubbed === null) return "never looked through for names";
  const found = Object.values(scrubbed).reduce((all, n) => all + n, 0);
  if (found === 0) return "";
  const waits = scrub_state === "suspected" ? ", waits for a curator" : "";
  return `${count(found, "identifier")} taken out${waits}`;
}

function Version({ draft, revised }: { draft: OneDraft; revised: number | undefined }) {
  const notes = [
    ORIGIN_WORDS[draft.origin],
    revised ? `revises version ${revised}` : "",
    scrubWords(draft),
    momentOf(draft.created_at),
  ];
  return (
    <li>
      <p className="s12 t2">
        <b>Version {draft.version}</b> {notes.filter(Boolean).join(", ")}
      </p>
      <p className="case-text">{draft.text || <span className="t3">No words, image only</span>}</p>
    </li>
  );
}

interface DraftsProps {
  of: WholeCase;
  text: RefObject<HTMLTextAreaElement | null>;
}

/** Every version, newest first, and room for the next, which starts an audit of its own. */
export function Drafts({ of, text }: DraftsProps) {
  const [words, setWords] = useState("");
  const add = useNewDraft(of.id);
  const numbers = new Map(of.drafts.map(({ id, version }) => [id, version]));
  const send = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(words, { onSuccess: () => setWords("") });
  };
  return (
    <section className="card" aria-label="Drafts">
      <h2>Drafts</h2>
      <Faults faults={[["The draft was not taken", add.error, () => add.mutate(words)]]} />
      <form className="case-new" onSubmit={send}>
        <label className="field">
          <span>
            A new draft <Cap of="write" />
          </span>
          <textarea
            ref={text}
            className="input"
            rows={3}
            value={words}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
          />
        </label>
        <button type="submit" className="btn sm" disabled={words.trim() === "" || add.isPending}>
          Audit it
        </button>
      </form>
      <ol className="case-drafts">
        {of.drafts.toReversed().map((draft) => (
          <Version
            key={draft.id}
            draft={draft}
            revised={draft.revises ? numbers.get(draft.revises) : undefined}
          />
        ))}
      </ol>
    </section>
  );
}
