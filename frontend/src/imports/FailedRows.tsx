import type { Import } from "../api/types";
import { Icon } from "../parts/Icon";
import { count } from "../words";
import { useFailedRows } from "./useImports";

/** The first rows that failed, each with its field and reason; the whole list as a file. */
export function FailedRows({ run }: { run: Import }) {
  const rows = useFailedRows(run);
  if (run.counts.failed === 0) return null;
  return (
    <section className="card" aria-label="Rows that failed">
      <h2>
        {count(run.counts.failed, "row")} failed
        <span className="sp" />
        <a className="row g4" href={run.errors_url} download>
          <Icon name="download" />
          errors.csv
        </a>
      </h2>
      <table className="failed-rows">
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col">Field</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {rows.data?.map(({ number, field, reason }) => (
            <tr key={number}>
              <td>{number}</td>
              <td className="t2">{field}</td>
              <td className="wrap">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
