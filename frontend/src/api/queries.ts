import {
  keepPreviousData,
  type QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { get, post } from "./client";
import type {
  Audit,
  BlindAudit,
  AuditRow,
  AuditState,
  ModelVersion,
  OfferedBackend,
  Page,
  Queue,
  Source,
} from "./types";

export const isActive = (state: AuditState): boolean => state === "queued" || state === "running";

/** The queue every done audit enters, in which anybody may pick what to read. */
const OPEN_READING = "Open reading";

/** What the work list may be narrowed by; empty words are left out. */
export interface AuditFilters {
  state: string;
  label: string;
  kind: string;
  q: string;
  source: string;
  order: string;
}

export function auditsPath(filters: AuditFilters, limit: number): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries<string>({ ...filters }))
    if (value) query.set(name, value);
  query.set("limit", String(limit));
  return `audits?${query}`;
}

const LIVE_MS = 2000;
const CALM_MS = 30_000;

/** One page of the work list. Old rows stay until new ones are in. */
export function useAudits(path: string) {
  return useQuery({
    queryKey: ["audits", path],
    queryFn: () => get<Page<AuditRow>>(path),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.results.some((row) => isActive(row.state)) ? LIVE_MS : CALM_MS,
  });
}

export const auditKey = (id: string) => ["audit", id] as const;

/** The audit with each label's best candidate below its threshold. */
export const fetchAudit = (id: string): Promise<Audit | BlindAudit> =>
  get<Audit | BlindAudit>(`audits/${id}?all=1`);

export function useAudit(id: string, enabled = true) {
  return useQuery({ queryKey: auditKey(id), queryFn: () => fetchAudit(id), enabled });
}

export function useRetry() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post(`audits/${id}/retry`),
    onSettled: (_data, _error, id) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["audits"] }),
        queries.invalidateQueries({ queryKey: auditKey(id) }),
      ]),
  });
}

const QUEUES = {
  queryKey: ["queues"],
  queryFn: () => get<Page<Queue>>("queues"),
  staleTime: 10_000,
};
const openReading = (page: Page<Queue>) =>
  page.results.find((queue) => queue.name === OPEN_READING) ?? null;

export function useOpenReading() {
  return useQuery({ ...QUEUES, select: openReading });
}

/** The same, waited for: a key may be pressed before the list of queues is there. */
export async function openReadingOf(queries: QueryClient): Promise<Queue | null> {
  return openReading(await queries.fetchQuery(QUEUES));
}

export function useSources() {
  return useQuery({
    queryKey: ["sources"],
    queryFn: () => get<Page<Source>>("sources"),
    select: (page) => page.results,
    staleTime: 60_000,
  });
}

export function useModels() {
  return useQuery({
    queryKey: ["models"],
    queryFn: () => get<Page<ModelVersion>>("models"),
    select: (page) => page.results,
    staleTime: 60_000,
  });
}

/** Which backends answer, looked at again while the page is open. */
export function useBackends() {
  return useQuery({
    queryKey: ["backends"],
    queryFn: () => get<{ results: OfferedBackend[] }>("backends"),
    select: (answer) => answer.results,
    refetchInterval: CALM_MS,
  });
}
