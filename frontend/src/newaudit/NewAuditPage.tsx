import { useEffect } from "react";
import { useLocation } from "wouter";
import { post } from "../api/client";
import { useLiveAudit } from "../api/progress";
import { isActive, useSources } from "../api/queries";
import type { Audit, Progress } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { ErrorBanner } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { Icon } from "../parts/Icon";
import { Draft } from "../reading/DraftPanel";
import { count } from "../words";
import { FieldErrors } from "../parts/fields";
import { FindingsSoFar } from "./FindingsSoFar";
import { ImageDrop } from "./ImageDrop";
import { Steps } from "./Steps";
import { type Intake, useIntake } from "./useIntake";
import "../styles/viewer.css";
import "../styles/reading.css";
import "../styles/draft.css";
import "../styles/newaudit.css";

const BEFORE: Progress = {
  id: "",
  state: "queued",
  step: null,
  steps: { grounding: "waiting", parsing: "waiting", comparing: "waiting" },
  attempt: 1,
};

const VIEWS = ["PA", "AP", "LATERAL"];
const nothing = () => undefined;

function Choices({ intake, locked }: { intake: Intake; locked: boolean }) {
  const sources = useSources().data ?? [];
  const { form, change } = intake;
  return (
    <>
      <label className="chip">
        View
        <select
          value={form.view}
          disabled={locked}
          onChange={(event) => change({ view: event.target.value })}
        >
          <option value="">not known</option>
          {VIEWS.map((view) => (
            <option key={view}>{view}</option>
          ))}
        </select>
      </label>
      <label className="chip">
        Source
        <select
          value={form.source}
          disabled={locked}
          onChange={(event) => change({ source: event.target.value })}
        >
          <option value="">my uploads</option>
          {sources.map((source) => (
            <option key={source.slug} value={source.slug}>
              {source.name}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function DraftField({ intake, audit }: { intake: Intake; audit: Audit | null }) {
  const { form, change, error } = intake;
  return (
    <div className="sec intake-draft">
      <div className="hd">
        <h2>Draft</h2>
        <span className="sp" />
        <span className="leg">
          <span className="say-present">present</span>
          <span className="say-absent">absent</span>
          <span className="say-uncertain">uncertain</span>
        </span>
      </div>
      {audit ? (
        <div className="ta">
          <Draft
            audit={audit}
            cards={[]}
            lit={null}
            active={null}
            onLight={nothing}
            onPick={nothing}
          />
        </div>
      ) : (
        <textarea
          className="ta"
          aria-label="Draft"
          placeholder="Findings and impression as dictated. Without a draft, only the image is audited."
          value={form.draft}
          onChange={(event) => change({ draft: event.target.value })}
        />
      )}
      <FieldErrors errors={error?.fields.draft} />
      <div className="row s12 t3 under">
        <span>Paste, type, or drop a text file</span>
        <span className="sp" />
        <span>{audit?.draft_state ? `${count(audit.mentions.length, "mention")} found` : ""}</span>
      </div>
    </div>
  );
}

function otherErrors(intake: Intake): string[] {
  const { fields = {} } = intake.error ?? {};
  return Object.entries(fields)
    .filter(([name]) => !["image", "draft"].includes(name))
    .flatMap(([, sentences]) => sentences);
}

interface HeadProps {
  intake: Intake;
  id: string | null;
  running: boolean;
}

function Head({ intake, id, running }: HeadProps) {
  return (
    <div className="ph">
      <h1>New audit</h1>
      {running ? (
        <span className="t3 row g8" role="status">
          <Icon name="running" />
          {intake.sending ? "Sending" : "Running"}
        </span>
      ) : null}
      <span className="sp" />
      <Choices intake={intake} locked={running} />
      <button type="button" className="btn q" disabled={running} onClick={intake.clear}>
        Clear
      </button>
      {running && id ? (
        <button type="button" className="btn" onClick={() => void post(`audits/${id}/cancel`)}>
          Stop
        </button>
      ) : (
        <button
          type="button"
          className="btn go"
          disabled={!intake.form.image || running}
          onClick={intake.send}
        >
          Audit
        </button>
      )}
    </div>
  );
}

function Fault({ intake }: { intake: Intake }) {
  const { error } = intake;
  if (!error) return null;
  if (Object.keys(error.fields).length > 0) return <FieldErrors errors={otherErrors(intake)} />;
  return (
    <div className="sec pad-y">
      <ErrorBanner what="The audit was not started" error={error} onRetry={intake.send} />
    </div>
  );
}

/** Image and draft in; results step by step; then the reading view. */
export default function NewAuditPage() {
  const intake = useIntake();
  const id = intake.created?.audit.id ?? null;
  const live = useLiveAudit(id);
  // Who sends a draft is shown all of its audit, and never reads it blind.
  const audit = live.data?.shown === "flags" ? live.data : null;
  const [, go] = useLocation();
  const over = audit !== null && !isActive(audit.state);
  useKeysOf("anywhere");
  useEffect(() => {
    if (over && id) go(`/audits/${id}`);
  }, [over, id, go]);
  return (
    <Frame>
      <Head intake={intake} id={id} running={intake.sending || (id !== null && !over)} />
      <div className="intake">
        <ImageDrop intake={intake} audit={audit} />
        <aside className="col">
          <Fault intake={intake} />
          <DraftField intake={intake} audit={audit} />
          <div className="sec flags-head">
            <Steps audit={audit} progress={live.progress ?? BEFORE} started={id !== null} />
          </div>
          <div className="sec flags-head scroll">
            <div className="hd">
              <h2>Findings so far</h2>
              flags follow when both sides are read
            </div>
            <FindingsSoFar audit={audit} />
          </div>
        </aside>
      </div>
    </Frame>
  );
}
