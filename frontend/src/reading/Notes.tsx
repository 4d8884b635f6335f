import type { Audit } from "../api/types";

/** The ratio means something on a PA view only: elsewhere the heart is magnified. */
function measuresOf({ case: { view }, measurements }: Audit): [name: string, value: number][] {
  const ratio = measurements.cardiothoracic_ratio;
  return view === "PA" && ratio !== undefined ? [["Cardiothoracic ratio", ratio]] : [];
}

/** What the audit says beside its flags: image quality, sides that differ, measurements. */
export function Notes({ audit }: { audit: Audit }) {
  const measures = measuresOf(audit);
  if (audit.notes.length + measures.length === 0) return null;
  return (
    <section className="notes s12 t2" aria-label="Notes">
      <h3 className="s11 t3">Notes</h3>
      {audit.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {measures.map(([name, value]) => (
        <p key={name} className="row g8">
          {name}
          <span className="sp" />
          {value.toFixed(2)}
        </p>
      ))}
    </section>
  );
}
