import { useModels } from "../api/queries";
import type { ModelVersion } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { Empty } from "../parts/Banner";
import { ErrorBanner } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { paragraphsOf } from "../words";
import "../styles/models.css";

function Model({ model }: { model: ModelVersion }) {
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
        <p className="s12 t2">
          {model.licence}.{" "}
          {model.may_release_output
            ? "What it says may be released."
            : "What it says may not be released."}
        </p>
        <dl className="s12">
          {Object.entries(model.counts).map(([name, n]) => (
            <div key={name} className="row g8">
              <dt className="t3">{name.replaceAll("_", " ")}</dt>
              <dd>{n.toLocaleString("en")}</dd>
            </div>
          ))}
        </dl>
        {paragraphsOf(model.card).map((paragraph) => (
          <p key={paragraph} className="model-card">
            {paragraph}
          </p>
        ))}
      </div>
    </article>
  );
}

/** Every version that made an audit, what it may be used for, and its short card. */
export default function ModelsPage() {
  const models = useModels();
  useKeysOf("anywhere");
  return (
    <Frame>
      <div className="ph">
        <h1>Models</h1>
      </div>
      <div className="scroll">
        <div className="models">
          {models.error ? (
            <ErrorBanner
              what="The models could not be loaded"
              error={models.error}
              onRetry={() => void models.refetch()}
            />
          ) : null}
          {models.data?.map((model) => (
            <Model key={model.id} model={model} />
          ))}
          {models.data?.length === 0 ? (
            <Empty title="No models yet">A model is listed with its first audit.</Empty>
          ) : null}
        </div>
      </div>
    </Frame>
  );
}
