import type { Release } from "../api/types";
import { Banner } from "../parts/Banner";
import { Icon } from "../parts/Icon";
import { Diff } from "./Diff";
import { bytesOf } from "../words";

export const isReady = (release: Release): boolean =>
  release.state === "ready" || release.state === "published";

function Counts({ counts }: Pick<Release, "counts">) {
  const tables = Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
  return (
    <section className="card">
      <h2>Tables</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Table</th>
            <th scope="col" className="r">
              Rows
            </th>
          </tr>
        </thead>
        <tbody>
          {tables.map(([table, rows]) => (
            <tr key={table}>
              <td>{table}</td>
              <td className="r">{rows.toLocaleString("en")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const REASON_WORDS: Record<string, string> = {
  withdrawn: "withdrawn",
  burned_in_text: "text in the picture, not cleared",
  scrubbed_text: "names or dates taken out, not cleared",
  comment_not_scrubbed: "not scrubbed",
  model_terms: "terms of the model",
  pixel_terms: "terms on images",
  text_terms: "terms on text",
  box_terms: "terms on boxes",
};

const reasonWords = (reason: string): string => REASON_WORDS[reason] ?? reason.replaceAll("_", " ");

function Refused({ refused }: Pick<Release, "refused">) {
  return (
    <section className="card">
      <h2>
        Not in this release
        <span className="sp" />
        <span className="t3 plain">What may not leave is counted</span>
      </h2>
      {refused.length === 0 ? <p className="card-words t2">Nothing was withheld.</p> : null}
      {refused.map((row) => (
        <div key={`${row.reason} ${row.what}`} className="refusal">
          <Icon name="cross" />
          <span>
            {row.what} <span className="t3">{reasonWords(row.reason)}</span>
          </span>
          <span className="t2">{row.count.toLocaleString("en")}</span>
        </div>
      ))}
    </section>
  );
}

function Files({ files }: Pick<Release, "files">) {
  return (
    <section className="card">
      <h2>
        Files
        <span className="sp" />
        <span className="t3 plain">SHA-256 of each</span>
      </h2>
      <table>
        <tbody>
          {files.map((file) => (
            <tr key={file.name}>
              <td>
                <a href={file.url} download>
                  {file.name}
                </a>
              </td>
              <td className="r t2">{bytesOf(file.bytes)}</td>
              <td className="m t2" title={file.sha256}>
                {file.sha256.slice(0, 8)}…{file.sha256.slice(-4)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** One release: progress while it is built, then its tables, its files and what was refused. */
export function ReleaseView({ release, others }: { release: Release; others: readonly Release[] }) {
  const total = release.files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <div className="release">
      {release.state === "failed" ? (
        <Banner icon="cross" title="This release could not be built">
          {release.failure} No file of it leaves. Make a new one.
        </Banner>
      ) : null}
      {release.state === "building" ? (
        <Banner icon="running" title="Being built">
          Files appear here when all of them are whole.
        </Banner>
      ) : null}
      {isReady(release) ? (
        <div className="row g12">
          <span className="inv">
            <Icon name="lock" />
            Frozen
          </span>
          <span className="s12 t3">
            {new Date(release.created_at).toLocaleString("en-GB", { timeZone: "UTC" })} UTC
          </span>
          <span className="sp" />
          {release.archive_url ? (
            <a className="btn go" href={release.archive_url} download>
              <Icon name="download" />
              Download ZIP, {bytesOf(total)}
            </a>
          ) : null}
        </div>
      ) : null}
      <div className="two">
        <div className="stack">
          <Counts counts={release.counts} />
          {isReady(release) ? <Diff key={release.id} release={release} others={others} /> : null}
          {isReady(release) ? <Files files={release.files} /> : null}
        </div>
        <Refused refused={release.refused} />
      </div>
      <p className="s12 t3">{release.notice}</p>
    </div>
  );
}
