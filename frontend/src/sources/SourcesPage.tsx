import { Link, useLocation } from "wouter";
import { useSources } from "../api/queries";
import type { Source } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { Cap } from "../keys/own";
import { useKeys } from "../keys/useKeys";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Facts } from "../parts/Facts";
import { Frame } from "../parts/Frame";
import { Icon } from "../parts/Icon";
import { useCurates } from "../session/session";
import { SourceForm } from "./SourceForm";
import { SWITCHES } from "./switches";
import "../styles/side.css";
import "../styles/queues.css";
import "../styles/sources.css";

const NEW = "new";

const mayLeave = (source: Source): string => {
  const words = SWITCHES.filter(({ name }) => source[name] && name !== "commercial_use").map(
    (each) => each.words,
  );
  return words.length > 0 ? `${words.join(", ")} may leave` : "Nothing may leave";
};

function Terms({ source }: { source: Source }) {
  const link = source.terms_url ? <a href={source.terms_url}>{source.terms_url}</a> : null;
  const facts = [
    ["Short name", <span className="m">{source.slug}</span>],
    ["Licence", source.licence || "None written down"],
    ["Terms", link ?? "No address written down"],
    ["Cited as", source.citation || "Nothing written down"],
    ["Consent", source.consent_note || "Nothing written down"],
  ] as const;
  return (
    <section className="card" aria-label="Terms">
      <h2>Terms</h2>
      <Facts rows={facts} />
    </section>
  );
}

function MayLeave({ source }: { source: Source }) {
  return (
    <section className="card" aria-label="What may leave">
      <h2>What may leave in a release</h2>
      <ul className="switches">
        {SWITCHES.map(({ name, words, off }) => (
          <li key={name}>
            <Icon name={source[name] ? "check" : "cross"} />
            <span className="md">{words}</span>
            <span className="t2">{source[name] ? "Yes" : `No. ${off}.`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ChosenProps {
  source: Source;
  edits: boolean;
}

function Chosen({ source, edits }: ChosenProps) {
  const curates = useCurates();
  const [, go] = useLocation();
  const back = () => go(`/sources/${source.id}`);
  return (
    <>
      <div className="ph">
        <h1>{source.name}</h1>
        <span className="sp" />
        {curates && !edits ? (
          <Link className="btn" href={`/sources/${source.id}?change`}>
            Change <Cap of="change" />
          </Link>
        ) : null}
      </div>
      <div className="scroll queue">
        {edits ? (
          <SourceForm source={source} onDone={back} onCancel={back} />
        ) : (
          <div className="pair">
            <Terms source={source} />
            <MayLeave source={source} />
          </div>
        )}
      </div>
    </>
  );
}

function NewSource() {
  const [, go] = useLocation();
  return (
    <>
      <div className="ph">
        <h1>New source</h1>
      </div>
      <div className="scroll queue">
        <SourceForm
          source={null}
          onDone={({ id }) => go(`/sources/${id}`)}
          onCancel={() => go("/sources")}
        />
      </div>
    </>
  );
}

function SourceList({ sources, shown }: { sources: readonly Source[]; shown: string }) {
  return (
    <nav className="side-list" aria-label="Sources">
      {sources.map((source) => (
        <Link
          key={source.id}
          href={`/sources/${source.id}`}
          aria-current={source.id === shown ? "true" : undefined}
        >
          <b>{source.name}</b>
          {source.licence || "No licence written down"}
          <br />
          {mayLeave(source)}
        </Link>
      ))}
    </nav>
  );
}

/** Where cases come from, under which terms, and what of them may leave. */
export default function SourcesPage({ chosen, edits }: { chosen: string | null; edits: boolean }) {
  const sources = useSources();
  const curates = useCurates();
  const [, go] = useLocation();
  const all = sources.data ?? [];
  const shown = chosen ?? all[0]?.id ?? "";
  const source = all.find(({ id }) => id === shown);
  const step = (by: 1 | -1) => () => {
    const next = all[all.findIndex(({ id }) => id === shown) + by];
    if (next) go(`/sources/${next.id}`);
  };
  useKeysOf("sources");
  useKeys("sources", {
    next: step(1),
    previous: step(-1),
    make: () => curates && go(`/sources/${NEW}`),
    change: () => curates && source && go(`/sources/${source.id}?change`),
  });
  return (
    <Frame>
      <div className="side-grid">
        <div className="side">
          <SourceList sources={all} shown={shown} />
          {curates ? (
            <Link className="btn" href={`/sources/${NEW}`}>
              New source <Cap of="make" />
            </Link>
          ) : null}
        </div>
        <div className="main-part">
          <Faults
            faults={[
              ["The sources could not be loaded", sources.error, () => void sources.refetch()],
            ]}
          />
          {shown === NEW ? <NewSource /> : null}
          {source ? <Chosen key={source.id} source={source} edits={edits} /> : null}
          {sources.data && shown !== NEW && !source ? (
            <div className="pad">
              <Empty title={chosen ? "No such source" : "No sources yet"}>
                A curator makes one, with its licence and what of it may leave.
              </Empty>
            </div>
          ) : null}
        </div>
      </div>
    </Frame>
  );
}
