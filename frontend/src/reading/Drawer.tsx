import type { ReactNode } from "react";
import { useModels } from "../api/queries";
import type { Audit, BackendVersion, Label, Queue } from "../api/types";
import { count, IMAGE_STATE_WORDS, LABEL_WORDS, LABELS, paragraphsOf } from "../words";

export type DrawerName = "outputs" | "models" | "guideline";

interface DrawerProps {
  title: string;
  detail: string;
  onClose: () => void;
  children: ReactNode;
}

function Drawer({ title, detail, onClose, children }: DrawerProps) {
  return (
    <section className="fs drawer" aria-label={title}>
      <div className="row g8 drawer-head">
        <h2>{title}</h2>
        <span className="s12 t3">{detail}</span>
        <span className="sp" />
        <button type="button" className="btn sm q" onClick={onClose}>
          Close <kbd>Esc</kbd>
        </button>
      </div>
      {children}
    </section>
  );
}

/** Outputs of the models that could not be used: reason, what was said, why. */
function Ledger({ audit, onClose }: { audit: Audit; onClose: () => void }) {
  const used = audit.findings.filter((finding) => !finding.below).length + audit.mentions.length;
  const { length } = audit.ledger;
  return (
    <Drawer
      title={`${count(length, "output")} not used`}
      detail={`${used + length} said = ${used} used + ${length} not used`}
      onClose={onClose}
    >
      {length === 0 ? <p className="t2">Everything the models said was used.</p> : null}
      {audit.ledger.map((entry, index) => (
        <article key={index} className="entry">
          <div className="row g8">
            <b className="md">{entry.reason}</b>
            <span className="sp" />
            <span className="s11 t3">{entry.step}</span>
          </div>
          {entry.detail ? <p className="s12 t2">{entry.detail}</p> : null}
          <pre className="m t3">{entry.raw}</pre>
        </article>
      ))}
    </Drawer>
  );
}

function ModelEntry({ version, card }: { version: BackendVersion; card: string }) {
  return (
    <article className="entry">
      <div className="row g8">
        <b className="md">
          {version.name} {version.version}
        </b>
        <span className="m t3">{version.hash.slice(0, 12)}</span>
      </div>
      <p className="s12 t2">
        {version.licence}.{" "}
        {version.may_release_output
          ? "What it says may be released."
          : "What it says may not be released."}
      </p>
      {paragraphsOf(card).map((paragraph) => (
        <p key={paragraph} className="s12 t2">
          {paragraph}
        </p>
      ))}
    </article>
  );
}

/** What each member of an ensemble said of each label, with its score where it has one. */
function Votes({ votes }: { votes: Audit["votes"] }) {
  const members = [...new Set(votes.map(({ member }) => member))];
  const said = (member: string, label: Label) => {
    const vote = votes.find((each) => each.member === member && each.label === label);
    if (!vote?.state) return "Not assessed";
    return `${IMAGE_STATE_WORDS[vote.state]}${vote.score === null ? "" : `, ${vote.score.toFixed(2)}`}`;
  };
  if (votes.length === 0) return null;
  return (
    <table className="votes s12">
      <thead>
        <tr>
          <th scope="col">Votes</th>
          {members.map((member) => (
            <th key={member} scope="col">
              {member}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {LABELS.map((label) => (
          <tr key={label}>
            <th scope="row">{LABEL_WORDS[label]}</th>
            {members.map((member) => (
              <td key={member} className="t2">
                {said(member, label)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Which models made this audit, each with its short card. */
function ModelVersions({ audit, onClose }: { audit: Audit; onClose: () => void }) {
  const models = useModels().data ?? [];
  const versions = [audit.grounder, audit.parser].filter((version) => version !== null);
  return (
    <Drawer title="Models of this audit" detail={`policy ${audit.policy}`} onClose={onClose}>
      {versions.map((version) => (
        <ModelEntry
          key={version.name}
          version={version}
          card={models.find((model) => model.hash === version.hash)?.card ?? ""}
        />
      ))}
      <Votes votes={audit.votes} />
      <p className="s12 t2 row g12">
        For other systems:
        <a className="link" href={`/api/v1/audits/${audit.id}/fhir`}>
          FHIR R5 bundle
        </a>
        <a className="link" href={`/api/v1/audits/${audit.id}/sr`}>
          DICOM structured report
        </a>
      </p>
    </Drawer>
  );
}

interface GuidelineProps {
  queue: Queue | null;
  onClose: () => void;
}

/** What its curators ask of whoever reads in this queue. */
export function Guideline({ queue, onClose }: GuidelineProps) {
  const text = queue?.guideline ?? "";
  const version = text && queue ? `version ${queue.guideline_version}` : "";
  return (
    <Drawer title="Guideline" detail={version} onClose={onClose}>
      {text ? null : <p className="t2">Nobody has written one for this queue.</p>}
      {paragraphsOf(text).map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </Drawer>
  );
}

interface OpenDrawerProps {
  name: DrawerName;
  audit: Audit;
  queue: Queue | null;
  onClose: () => void;
}

/** Opens in place over the flags. */
export function OpenDrawer({ name, audit, queue, onClose }: OpenDrawerProps) {
  if (name === "guideline") return <Guideline queue={queue} onClose={onClose} />;
  return name === "outputs" ? (
    <Ledger audit={audit} onClose={onClose} />
  ) : (
    <ModelVersions audit={audit} onClose={onClose} />
  );
}
