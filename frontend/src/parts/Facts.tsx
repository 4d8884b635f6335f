import type { ReactNode } from "react";

interface FactsProps {
  rows: readonly (readonly [name: string, words: ReactNode])[];
}

/** What is known of one thing, a line each. */
export function Facts({ rows }: FactsProps) {
  return (
    <dl className="facts">
      {rows.map(([name, words]) => (
        <div key={name}>
          <dt className="t3">{name}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
