import type { OfferedBackend } from "../api/types";
import { Icon } from "../parts/Icon";
import { count } from "../words";

function State({ up }: { up: boolean }) {
  return (
    <span className="st">
      <Icon name={up ? "check" : "cross"} />
      {up ? "Up" : "Down"}
    </span>
  );
}

function workersOf({ workers }: OfferedBackend): string {
  const up = workers.filter((worker) => worker.up).length;
  return up === workers.length
    ? count(up, "worker")
    : `${up} of ${count(workers.length, "worker")}`;
}

/** Which backends answer now. One that is down is a word and a cross, never a colour alone. */
export function Backends({ backends }: { backends: readonly OfferedBackend[] }) {
  return (
    <section className="card" aria-labelledby="backends">
      <h2 id="backends">Backends</h2>
      <table className="backends">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Backend</th>
            <th scope="col">Kind</th>
            <th scope="col">Version</th>
            <th scope="col">Workers</th>
          </tr>
        </thead>
        <tbody>
          {backends.map((backend) => (
            <tr key={`${backend.kind} ${backend.name}`}>
              <td>
                <State up={backend.up} />
              </td>
              <td className="wrap">
                {backend.name}
                {backend.default ? <span className="t3"> default</span> : null}
                {backend.up ? null : <span className="why t2">{backend.detail}</span>}
              </td>
              <td className="t2">{backend.kind}</td>
              <td className="t2">{backend.version ?? "not known"}</td>
              <td className="t2">{workersOf(backend)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
