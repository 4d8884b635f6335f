import type { ModelVersion } from "../api/types";
import { count, momentOf, paragraphsOf } from "../words";
import { ratesOf } from "./rates";

function Rates({ model }: { model: ModelVersion }) {
  return (
    <dl className="rates">
      {ratesOf(model).map(({ name, value, of }) => (
        <div key={name}>
          <dt className="t3">{name}</dt>
          <dd>{value}</dd>
          <dd className="t3">{of}</dd>
        </div>
      ))}
    </dl>
  );
}

function Facts({ model }: { model: ModelVersion }) {
  const facts = [
    ["Checkpoint", model.checkpoint],
    ["Adapter", model.adapter],
    ["Prompt", model.prompt],
    ["Decoding", model.decoding],
    ["Weights", model.weights_hash],
  ].filter(([, value]) => value);
  if (facts.length === 0) return null;
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="t3">{name}</dt>
          <dd className="m t2">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One version: its figures, what may be released, how it was set, and its card. */
export function ModelView({ model }: { model: ModelVersion }) {
  const { counts, stats } = model;
  return (
    <article className="card model">
      <h2>
        {model.name} {model.version}
        <span className="t3 plain">{model.kind}</span>
        <span className="sp" />
        <span className="m t3" title={model.hash}>
          {model.hash.slice(0, 12)}
        </span>
      </h2>
      <div className="model-body">
        <Rates model={model} />
        <p className="s12 t2">
          {count(counts.done, "step")} done, {counts.failed.toLocaleString("en")} failed.{" "}
          {count(stats.ledger, "output")} not used. {model.licence}.{" "}
          {model.may_release_output
            ? "What it says may be released."
            : "What it says may not be released."}{" "}
          Counted at {momentOf(stats.counted_at)}.
        </p>
        <Facts model={model} />
        <details className="model-card">
          <summary>Model card</summary>
          {paragraphsOf(model.card).map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </details>
      </div>
    </article>
  );
}
