import { useState } from "react";
import { useLocation } from "wouter";
import type { WholeCase, WithdrawalReason } from "../api/types";
import { Faults } from "../parts/ErrorBanner";
import { useWithdraw } from "./useCase";
import { WITHDRAWAL_WORDS } from "./words";

/** Takes the case out for good. It asks twice, and a reason between. */
export function Withdraw({ of }: { of: WholeCase }) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState<WithdrawalReason | "">("");
  const withdraw = useWithdraw(of.id);
  const [, go] = useLocation();
  const send = () => {
    if (reason) withdraw.mutate(reason, { onSuccess: () => go("/") });
  };
  return (
    <section className="card" aria-label="Withdraw">
      <h2>Withdraw</h2>
      <Faults faults={[["The case was not withdrawn", withdraw.error, send]]} />
      <p className="none t2">
        Its image, drafts, comments and what models wrote of it are deleted everywhere. What is left
        is its code and a line in the next release&apos;s takedown list. This can&apos;t be undone.
      </p>
      <div className="row g8 case-withdraw">
        {asking ? (
          <>
            <label className="chip">
              Reason
              <select
                value={reason}
                onChange={(event) => setReason(event.target.value as WithdrawalReason | "")}
              >
                <option value="">choose</option>
                {Object.entries(WITHDRAWAL_WORDS).map(([code, words]) => (
                  <option key={code} value={code}>
                    {words}
                  </option>
                ))}
              </select>
            </label>
            <button
              type="button"
              className="btn sm"
              disabled={!reason || withdraw.isPending}
              onClick={send}
            >
              Withdraw {of.code} for good
            </button>
            <button type="button" className="btn sm q" onClick={() => setAsking(false)}>
              Keep it
            </button>
          </>
        ) : (
          <button type="button" className="btn sm" onClick={() => setAsking(true)}>
            Withdraw this case
          </button>
        )}
      </div>
    </section>
  );
}
