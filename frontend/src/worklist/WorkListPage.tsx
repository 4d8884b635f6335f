import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { ApiError, post } from "../api/client";
import { Cap } from "../keys/own";
import { auditsPath, openReadingOf, useAudits, useOpenReading, useRetry } from "../api/queries";
import type { Claimed } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { useKeys } from "../keys/useKeys";
import { Banner } from "../parts/Banner";
import { ErrorBanner } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { NOTHING_NEXT, nothingToClaim } from "../reading/words";
import "../styles/worklist.css";
import { AuditTable, NoRows } from "./AuditTable";
import { Filters, isFiltered, useFilters } from "./Filters";
import { Pager, usePages } from "./Pager";

const LIMIT = 50;

function useReadNext(onNothing: (words: string) => void) {
  const queries = useQueryClient();
  useOpenReading();
  const [, go] = useLocation();
  return async () => {
    try {
      const queue = await openReadingOf(queries);
      if (!queue) return onNothing("The reading queue is not set up yet.");
      const claimed = await post<Claimed>(`queues/${queue.id}/claim`);
      if (claimed.slot) go(`/audits/${claimed.slot.audit}`);
      else onNothing(nothingToClaim(claimed, queue, Date.now()));
    } catch (error) {
      onNothing(error instanceof ApiError ? error.message : "The next item could not be claimed.");
    }
  };
}

/** Why there was no next item, when a reader was sent back here after the last one. */
const leftWords = (): string => sessionStorage.getItem(NOTHING_NEXT) ?? "";

export default function WorkListPage() {
  const filters = useFilters();
  const pages = usePages(auditsPath(filters.current, LIMIT));
  const audits = useAudits(pages.path);
  const rows = audits.data?.results ?? [];
  const [chosen, setChosen] = useState(0);
  const [nothing, setNothing] = useState(leftWords);
  // Removed once it is on the page: a first render may be thrown away.
  useEffect(() => sessionStorage.removeItem(NOTHING_NEXT), []);
  const find = useRef<HTMLInputElement>(null);
  const readNext = useReadNext(setNothing);
  const retry = useRetry();
  const [, go] = useLocation();

  const at = Math.min(chosen, Math.max(0, rows.length - 1));
  const row = rows[at];
  useKeysOf("list");
  useKeys("list", {
    next: () => setChosen(Math.min(at + 1, rows.length - 1)),
    previous: () => setChosen(Math.max(at - 1, 0)),
    open: () => row && go(`/audits/${row.id}`),
    find: () => find.current?.focus(),
    readNext: () => void readNext(),
    retry: () => row?.state === "failed" && retry.mutate(row.id),
  });

  return (
    <Frame>
      <div className="ph">
        <h1>Work list</h1>
        <span className="sp" />
        <button type="button" className="btn go" onClick={() => void readNext()}>
          Read next <Cap of="readNext" />
        </button>
      </div>
      <Filters filters={filters} find={find} />
      <div className="banners">
        {nothing ? (
          <Banner
            icon="clock"
            title="Nothing to read next"
            action={
              <button type="button" className="btn sm" onClick={() => setNothing("")}>
                Close
              </button>
            }
          >
            {nothing}
          </Banner>
        ) : null}
        {audits.error ? (
          <ErrorBanner
            what="The work list could not be loaded"
            error={audits.error}
            onRetry={() => void audits.refetch()}
          />
        ) : null}
      </div>
      <div className="scroll">
        <AuditTable rows={rows} chosen={at} onChoose={setChosen} onRetry={retry.mutate} />
        {audits.data && rows.length === 0 ? (
          <NoRows filtered={isFiltered(filters.current)} onClear={filters.clear} />
        ) : null}
      </div>
      <Pager pages={pages} page={audits.data} />
    </Frame>
  );
}
