import type { Audit } from "../api/types";
import { Icon } from "../parts/Icon";
import { IMAGE_STATE_WORDS, LABEL_WORDS, LABELS, STATE_WORDS } from "../words";

function ImageCell({ audit, label }: { audit: Audit | null; label: (typeof LABELS)[number] }) {
  if (!audit?.image_state) return <span className="t3">{audit ? "Waiting" : "–"}</span>;
  const boxes = audit.findings.filter((finding) => finding.label === label && !finding.below);
  if (boxes.length > 0) {
    return (
      <span className="row g4">
        <Icon name="box" />
        {boxes.length} {boxes.length === 1 ? "box" : "boxes"}
      </span>
    );
  }
  const state = audit.image_labels?.[label];
  return <span className="t2">{state ? IMAGE_STATE_WORDS[state] : "Not assessed"}</span>;
}

function draftCell(audit: Audit | null, label: (typeof LABELS)[number]): string {
  if (!audit?.draft_state) return audit ? "Waiting" : "–";
  if (audit.draft_state !== "parsed")
    return audit.draft_state === "empty" ? "No draft" : "Not parsed";
  const state = audit.draft_labels?.[label];
  return state ? STATE_WORDS[state] : "Silent";
}

/** Each label on its line from the beginning, so that nothing moves when results come. */
export function FindingsSoFar({ audit }: { audit: Audit | null }) {
  return (
    <table className="so-far">
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Image</th>
          <th scope="col">Draft</th>
          <th scope="col" className="r">
            Score
          </th>
        </tr>
      </thead>
      <tbody>
        {LABELS.map((label) => (
          <tr key={label}>
            <td>{LABEL_WORDS[label]}</td>
            <td>
              <ImageCell audit={audit} label={label} />
            </td>
            <td className="t2">{draftCell(audit, label)}</td>
            <td className="r t3">{audit?.scores?.[label]?.toFixed(2) ?? "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
