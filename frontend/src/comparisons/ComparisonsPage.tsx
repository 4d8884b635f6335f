import { Link, useLocation } from "wouter";
import type { Comparison } from "../api/types";
import { Cap } from "../keys/own";
import { useKeysOf } from "../keys/KeysPanel";
import { useKeys } from "../keys/useKeys";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { count } from "../words";
import { ComparisonView, NoComparison } from "./ComparisonView";
import { nameOf } from "./figures";
import { NewComparisonForm } from "./NewComparisonForm";
import { useCompare, useComparison, useComparisons } from "./useComparisons";
import "../styles/side.css";
import "../styles/queues.css";
import "../styles/comparisons.css";

const NEW = "new";

function List({ all, chosen }: { all: readonly Comparison[]; chosen: string }) {
  return (
    <nav className="side-list" aria-label="Comparisons">
      {all.map((row) => (
        <Link
          key={row.id}
          href={`/comparisons/${row.id}`}
          aria-current={row.id === chosen ? "true" : undefined}
        >
          <b>
            {nameOf(row.a)} and {nameOf(row.b)}
          </b>
          {count(row.cases, "case")}
          {row.red ? ", answers missing" : ""}, {row.created_at.slice(0, 10)}
        </Link>
      ))}
    </nav>
  );
}

function New() {
  const compare = useCompare();
  const [, go] = useLocation();
  return (
    <>
      <div className="ph">
        <h1>New comparison</h1>
      </div>
      <div className="scroll">
        <Faults faults={[["They were not compared", compare.error, () => compare.reset()]]} />
        <NewComparisonForm
          pending={compare.isPending}
          fields={compare.error?.fields ?? {}}
          onCompare={(wanted) =>
            compare.mutate(wanted, { onSuccess: ({ id }) => go(`/comparisons/${id}`) })
          }
        />
      </div>
    </>
  );
}

function Chosen({ id }: { id: string }) {
  const found = useComparison(id);
  return (
    <>
      <div className="ph">
        <h1>{found.data ? `${nameOf(found.data.a)} and ${nameOf(found.data.b)}` : "Comparison"}</h1>
      </div>
      <Faults
        faults={[["The comparison could not be loaded", found.error, () => void found.refetch()]]}
      />
      <div className="scroll">{found.data ? <ComparisonView comparison={found.data} /> : null}</div>
    </>
  );
}

/** Two versions weighed on what is settled: a list of comparisons beside one of them whole. */
export default function ComparisonsPage({ chosen }: { chosen: string | null }) {
  const list = useComparisons();
  const [, go] = useLocation();
  const all = list.data?.results ?? [];
  const shown = chosen ?? all[0]?.id ?? "";
  const step = (by: 1 | -1) => () => {
    const next = all[all.findIndex(({ id }) => id === shown) + by];
    if (next) go(`/comparisons/${next.id}`);
  };
  useKeysOf("comparisons");
  useKeys("comparisons", {
    next: step(1),
    previous: step(-1),
    make: () => go(`/comparisons/${NEW}`),
  });
  return (
    <Frame>
      <div className="side-grid">
        <div className="side">
          <List all={all} chosen={shown} />
          <Link className="btn" href={`/comparisons/${NEW}`}>
            New comparison <Cap of="make" />
          </Link>
        </div>
        <div className="main-part">
          <Faults
            faults={[
              ["The comparisons could not be loaded", list.error, () => void list.refetch()],
            ]}
          />
          {shown === NEW ? <New /> : shown ? <Chosen key={shown} id={shown} /> : null}
          {list.data && !shown ? (
            <>
              <div className="ph">
                <h1>Comparisons</h1>
              </div>
              <NoComparison />
            </>
          ) : null}
        </div>
      </div>
    </Frame>
  );
}
