import type { Comparison } from "../api/types";

/** What was changed between the two, as each recorded it: a prompt is a version too. */
export function Changed({ comparison: { a, b } }: { comparison: Comparison }) {
  const rows = (
    [
      ["Checkpoint", a.checkpoint, b.checkpoint],
      ["Adapter", a.adapter, b.adapter],
      ["Prompt", a.prompt, b.prompt],
      ["Decoding", a.decoding, b.decoding],
    ] as const
  ).filter(([, first, second]) => first !== second);
  if (rows.length === 0) return null;
  return (
    <section className="card" aria-label="What was changed">
      <h2>What was changed</h2>
      <table className="ag">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, first, second]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="wrap m">{first || "–"}</td>
              <td className="wrap m">{second || "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
