import { useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { useRetry } from "../api/queries";
import type { WholeCase } from "../api/types";
import { Cap } from "../keys/own";
import { useKeysOf } from "../keys/KeysPanel";
import { useKeys } from "../keys/useKeys";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { useCurates } from "../session/session";
import { AuditTable } from "../worklist/AuditTable";
import { studyOf } from "../words";
import { Known, Prior, Settled } from "./About";
import { Drafts } from "./Drafts";
import { useAuditsOf, useCase } from "./useCase";
import { Withdraw } from "./Withdraw";
import "../styles/worklist.css";
import "../styles/cases.css";

function Audits({ of }: { of: WholeCase }) {
  const audits = useAuditsOf(of.id);
  const retry = useRetry();
  const [, go] = useLocation();
  const [chosen, setChosen] = useState(0);
  const rows = audits.data?.results ?? [];
  const at = Math.min(chosen, Math.max(0, rows.length - 1));
  const row = rows[at];
  useKeys("case", {
    next: () => setChosen(Math.min(at + 1, rows.length - 1)),
    previous: () => setChosen(Math.max(at - 1, 0)),
    open: () => row && go(`/audits/${row.id}`),
    retry: () => row?.state === "failed" && retry.mutate(row.id),
  });
  return (
    <section aria-label="Audits">
      <Faults
        faults={[
          ["Its audits could not be loaded", audits.error, () => void audits.refetch()],
          ["It was not tried again", retry.error, () => retry.reset()],
        ]}
      />
      <AuditTable rows={rows} chosen={at} onChoose={setChosen} onRetry={retry.mutate} />
      {audits.data && rows.length === 0 ? <p className="pad t2">No audit of it yet.</p> : null}
      {audits.data?.next ? <p className="pad t3">Only the newest 50 are listed.</p> : null}
    </section>
  );
}

function Whole({ of }: { of: WholeCase }) {
  const curates = useCurates();
  const text = useRef<HTMLTextAreaElement>(null);
  const [, go] = useLocation();
  const before = of.prior?.id;
  useKeys("case", {
    write: () => text.current?.focus(),
    prior: () => before && go(`/cases/${before}`),
  });
  return (
    <>
      <div className="ph">
        <h1>{of.code}</h1>
        <span className="t2">{studyOf(of)}</span>
        {of.phantom ? <span className="inv plain-inv">Phantom, no patient</span> : null}
        {of.under_18 ? <span className="inv plain-inv">Under 18: models are of adults</span> : null}
        <span className="sp" />
        {before ? (
          <Link className="btn q" href={`/cases/${before}`}>
            The study before <Cap of="prior" />
          </Link>
        ) : null}
      </div>
      <div className="scroll">
        <Audits of={of} />
        <div className="case-grid">
          <div className="case-side">
            <img
              className="case-image"
              src={of.image_url}
              width={of.width}
              height={of.height}
              alt={`Chest X-ray ${of.code}`}
            />
            <Known of={of} />
            {of.prior ? <Prior of={of.prior} /> : null}
          </div>
          <div className="case-side">
            {of.settled ? <Settled rows={of.settled} /> : null}
            <Drafts of={of} text={text} />
            {curates ? <Withdraw of={of} /> : null}
          </div>
        </div>
      </div>
    </>
  );
}

/** One case with its history: every audit, every draft, and what was settled about it. */
export default function CasePage({ id }: { id: string }) {
  const found = useCase(id);
  useKeysOf("case");
  return (
    <Frame>
      {found.data ? (
        <Whole of={found.data} />
      ) : (
        <Faults
          faults={[["The case could not be loaded", found.error, () => void found.refetch()]]}
        />
      )}
    </Frame>
  );
}
