import { useBackends, useModels } from "../api/queries";
import { useKeysOf } from "../keys/KeysPanel";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { useCurates } from "../session/session";
import { Backends } from "./Backends";
import { ModelView } from "./ModelView";
import { useAlerts } from "./useWeeks";
import "../styles/models.css";

/** Which backends answer now, then every version that made an audit, with its figures and card. */
export default function ModelsPage() {
  const models = useModels();
  const backends = useBackends();
  const alerts = useAlerts(useCurates());
  useKeysOf("anywhere");
  return (
    <Frame>
      <div className="ph">
        <h1>Models</h1>
      </div>
      <Faults
        faults={[
          ["The models could not be loaded", models.error, () => void models.refetch()],
          ["The notes could not be loaded", alerts.error, () => void alerts.refetch()],
          ["The backends could not be asked", backends.error, () => void backends.refetch()],
        ]}
      />
      <div className="scroll">
        <div className="models">
          {backends.data ? <Backends backends={backends.data} /> : null}
          {models.data?.map((model) => (
            <ModelView
              key={model.id}
              model={model}
              alerts={alerts.data?.filter((alert) => alert.model === model.id) ?? []}
            />
          ))}
          {models.data?.length === 0 ? (
            <Empty title="No models yet">A model is listed with its first audit.</Empty>
          ) : null}
        </div>
      </div>
    </Frame>
  );
}
