import { Link, useLocation } from "wouter";
import { useKeysOf } from "../keys/KeysPanel";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { useCurates } from "../session/session";
import { ImportView } from "./ImportView";
import { NewImportForm } from "./NewImportForm";
import { IMPORT_WORDS } from "./states";
import { type NewImport, useImports, useMakeImport, useUpload } from "./useImports";
import "../styles/side.css";
import "../styles/imports.css";

function ImportList({ chosen }: { chosen: string | null }) {
  const imports = useImports();
  return (
    <nav className="side-list" aria-label="Imports">
      <Faults
        faults={[["The imports could not be loaded", imports.error, () => void imports.refetch()]]}
      />
      {imports.data?.map((run) => (
        <Link
          key={run.id}
          href={`/imports/${run.id}`}
          aria-current={run.id === chosen ? "true" : undefined}
        >
          <b>{run.source}</b>
          {IMPORT_WORDS[run.state]}, {run.created_at.slice(0, 16).replace("T", " ")}
        </Link>
      ))}
      {imports.data?.length === 0 ? <p className="t3">No imports yet.</p> : null}
    </nav>
  );
}

function Imports({ chosen }: { chosen: string | null }) {
  const [, go] = useLocation();
  const make = useMakeImport();
  const sending = useUpload();
  const begin = async (wanted: NewImport) => {
    const run = await make.mutateAsync(wanted).catch(() => null);
    if (!run) return;
    go(`/imports/${run.id}`);
    sending.mutate({ id: run.id, file: wanted.file });
  };
  return (
    <div className="side-grid ruled">
      <div className="side">
        <ImportList chosen={chosen} />
      </div>
      <div className="scroll import">
        <Faults faults={[["The import was not made", make.error, () => make.reset()]]} />
        {chosen ? (
          <ImportView key={chosen} id={chosen} sending={sending} />
        ) : (
          <NewImportForm
            pending={make.isPending}
            fields={make.error?.fields ?? {}}
            onMake={(wanted) => void begin(wanted)}
          />
        )}
      </div>
    </div>
  );
}

/** Many cases at once: upload one ZIP, see what is wrong with it, then import what is good. */
export default function ImportsPage({ chosen }: { chosen: string | null }) {
  const curates = useCurates();
  useKeysOf("anywhere");
  return (
    <Frame>
      <div className="ph">
        <h1>Imports</h1>
        <span className="sp" />
        {curates && chosen ? (
          <Link className="btn" href="/imports">
            New import
          </Link>
        ) : null}
      </div>
      {curates ? (
        <Imports chosen={chosen} />
      ) : (
        <div className="pad">
          <Empty title="Imports are for curators">
            Ask one, or add a single case by New audit.
          </Empty>
        </div>
      )}
    </Frame>
  );
}
