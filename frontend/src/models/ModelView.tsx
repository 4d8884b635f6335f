import { useState } from "react";
import type { ModelAlert, ModelVersion } from "../api/types";
import { Icon } from "../parts/Icon";
import { useCurates } from "../session/session";
import { count, momentOf, paragraphsOf } from "../words";
import { ratesOf } from "./rates";
import { Weeks } from "./Weeks";

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

/** What moved, in the words of the rule that watches. */
function Alerts({ alerts }: { alerts: readonly ModelAlert[] }) {
  if (alerts.length === 0) return null;
  return (
    <ul className="alerts" aria-label="What moved">
      {alerts.map(({ id, text }) => (
        <li key={id}>
          <Icon name="bang" />
          {text}
        </li>
      ))}
    </ul>
  );
}

/** Asked for when it is opened: each version's weeks are a question of their own. */
function WeekByWeek({ model }: { model: ModelVersion }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="model-card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Week by week</summary>
      {open ? <Weeks model={model.id} name={`${model.name} ${model.version}`} /> : null}
    </details>
  );
}

/** One version: its figures, what moved, what may be released, how it was set, and its card. */
export function ModelView({
  model,
  alerts,
}: {
  model: ModelVersion;
  alerts: readonly ModelAlert[];
}) {
  const { counts, stats } = model;
  const curates = useCurates();
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
        <Alerts alerts={alerts} />
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
        {curates ? <WeekByWeek model={model} /> : null}
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
