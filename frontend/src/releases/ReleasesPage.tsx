import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { type ApiError, get, post } from "../api/client";
import type { Page, Release } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { useCurates } from "../session/session";
import { count } from "../words";
import { isReady, ReleaseView } from "./ReleaseView";
import "../styles/side.css";
import "../styles/releases.css";

const LIVE_MS = 1500;
const RELEASES = ["releases"] as const;

const isBuilding = (release: Release): boolean => release.state === "building";

function useReleases() {
  return useQuery({
    queryKey: RELEASES,
    queryFn: () => get<Page<Release>>("releases"),
    select: (page) => page.results,
    refetchInterval: ({ state }) => (state.data?.results.some(isBuilding) ? LIVE_MS : false),
  });
}

const STATE_WORDS: Record<Release["state"], string> = {
  building: "Building",
  ready: "Ready",
  published: "Published",
  failed: "Failed",
};

function stateWords(release: Release): string {
  const { audits } = release.counts;
  return audits === undefined
    ? STATE_WORDS[release.state]
    : `${STATE_WORDS[release.state]}, ${count(audits, "audit")}`;
}

const titleOf = (release: Release): string =>
  [release.name, release.version].filter(Boolean).join(" ") || "Release";

function ReleaseList({
  releases,
  chosen,
}: {
  releases: readonly Release[];
  chosen: string | null;
}) {
  return (
    <nav className="side-list" aria-label="Releases">
      {releases.map((release) => (
        <Link
          key={release.id}
          href={`/releases/${release.id}`}
          aria-current={release.id === chosen ? "true" : undefined}
        >
          <b>{titleOf(release)}</b>
          {stateWords(release)}
        </Link>
      ))}
      <p className="t3">A frozen release never changes. A fix is a new release.</p>
    </nav>
  );
}

/** What leaves: frozen data sets, with what was refused counted. */
export default function ReleasesPage({ chosen }: { chosen: string | null }) {
  const releases = useReleases();
  const curates = useCurates();
  const queries = useQueryClient();
  const [, go] = useLocation();
  useKeysOf("anywhere");
  const make = useMutation<Release, ApiError>({
    mutationFn: () => post<Release>("releases"),
    onSuccess: async (release) => {
      await queries.invalidateQueries({ queryKey: RELEASES });
      go(`/releases/${release.id}`);
    },
  });
  const all = releases.data ?? [];
  const shown = all.find((release) => release.id === chosen) ?? all[0] ?? null;
  return (
    <Frame>
      <div className="ph">
        <h1>{shown ? titleOf(shown) : "Releases"}</h1>
        {shown ? <span className="t3">{stateWords(shown)}</span> : null}
        <span className="sp" />
        {curates ? (
          <button
            type="button"
            className="btn"
            disabled={make.isPending}
            onClick={() => make.mutate()}
          >
            Make a release
          </button>
        ) : null}
      </div>
      <Faults
        faults={[
          ["The releases could not be loaded", releases.error, () => void releases.refetch()],
          ["The release was not made", make.error, () => make.mutate()],
        ]}
      />
      <div className="side-grid ruled">
        <div className="side">
          <ReleaseList releases={all} chosen={shown?.id ?? null} />
        </div>
        <div className="scroll">
          {shown ? (
            <ReleaseView
              release={shown}
              others={all.filter((each) => each.id !== shown.id && isReady(each))}
            />
          ) : null}
          {releases.data && !shown ? (
            <div className="pad">
              <Empty title="No releases yet">
                A release freezes what was audited and decided so far.
              </Empty>
            </div>
          ) : null}
        </div>
      </div>
    </Frame>
  );
}
