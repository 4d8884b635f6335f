"""``README.md``: the dataset card, from the release's own tables and counts."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from inference import NOTICE
from inference.release import tables
from inference.release.limits import count_limits, limits_list
from inference.release.reading import rows_of, shard_paths
from inference.release.tables import SPLITS, TABLES, Table, splits_of
from inference.vocabulary import LABELS

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def write_card(root: Path, about: Any) -> list[Path]:
    path = root / "README.md"
    path.write_text(_front(root, about) + _body(root, about), encoding="utf-8")
    return [path]


def _front(root: Path, about: Any) -> str:
    rows = sum(about.counts.values())
    size = next((word for limit, word in _SIZES if rows < limit), "n>1M")
    configs = "".join(_config(root, table) for table in TABLES)
    return f"""---
pretty_name: {about.name}
version: {about.version}
language: [en]
license: other
license_name: per-source-see-LICENSES
license_link: LICENSES/README.md
annotations_creators: [expert-generated, machine-generated]
source_datasets: [extended]
task_categories: [object-detection, text-classification, image-to-text]
tags: [chest-x-ray, radiology, second-read, human-review, medical]
size_categories: ["{size}"]
configs:
{configs}---
"""


def _config(root: Path, table: Table) -> str:
    """A table as `datasets` knows it. It can't load one, or a split, without a row: not named."""
    files = "".join(
        f"  - split: {split}\n    path: data/{table.name}/{split}-*.parquet\n"
        for split in splits_of(table)
        if any(pq.read_metadata(path).num_rows for path in shard_paths(root, table, split))
    )
    if not files:
        return ""
    default = "  default: true\n" if table is tables.DECISIONS else ""
    return f"- config_name: {table.name}\n{default}  data_files:\n{files}"


def _body(root: Path, about: Any) -> str:
    return f"""\
# {about.name} {about.version}

**{NOTICE}** No row is a verdict on a patient.

## What it is
Flags that an automatic second read raised on chest X-ray drafts, and what readers decided about
each: {about.counts["flags"]} flags on {about.counts["audits"]} audits of {about.counts["cases"]} \
cases, {about.counts["decisions"]} decisions. A deterministic comparator (policy in each audit)
raises MISSING, UNSUPPORTED and URGENT from what a model saw on the image and what a parser read in
the draft; people confirm or dismiss. An audit is here when at least one read of it was submitted.
{_narrowed(about)}

## Tables
`data/<table>/<split>-*.parquet`, the same rows as JSON lines in `jsonl/`, sorted by id.
Load one with `datasets.load_dataset(FOLDER, "decisions")`.

{_table_rows(about)}

### Columns
{_columns()}

## Splits
By patient, by a keyed hash that stays the same in later releases: 80% train, 10% validation, 10%
test. {_split_sentence(root)}

## Labels
{", ".join(f"`{label.value}`" for label in LABELS)}, in this order everywhere. Nothing else is
looked for, and its absence here says nothing.

## Where it comes from
{_sources(root)}

## How to read the decisions
`verdict` is confirmed, confirmed_modified, dismissed or indeterminate. `finding_true`, `box_right`
and `draft_read_right` say which layer of a flag the answer settles; null settles nothing. A flag
dismissed as `true_but_not_relevant` is no false positive of the grounder, and an indeterminate one
is neither true nor false. `settlements` holds what is settled, by which rule: one read where one
was asked for, readers who agree, or an adjudicator's ruling (`adjudications`). Boxes are
`[y0, x0, y1, x1]` in 0..1 of the stored image.

{_verdicts(root)}

## Personal and sensitive information
Patients and readers are pseudonyms of this release alone, made from a seed that was destroyed at
publishing. Ages over 89 are 90. No dates and no file names are in it. Comments
of readers and adjudicators are in it where the source's text may leave and the scrubber found
nothing in them. It knows shapes and cues, so a name that stands alone may have passed: tell us.

## What stayed behind
{_refused(about)}

Who has the images of a source by its own terms can put them into a copy of this release, which then
holds every view that needs pixels: `scripts/rebuild.py`. The copy is not for passing on.

## Limits
{limits_list(count_limits(root, about.scratch))}

The whole story is in `DATASHEET.md`.

## Changes
{_changes(about)}

## Check it
`sha256sum -c MANIFEST.sha256`, then `python -m inference check-release FOLDER` for everything else.
`scripts/agreement.py` computes `agreement.json` again.

## Licence and citation
Per source, in `LICENSES/`. Cite each source you use, and this release by its name and version.
"""


def _narrowed(about: Any) -> str:
    if not about.queues and not about.sources:
        return "It holds all that was reviewed."
    queues = f"reads of {about.queues} queues" if about.queues else "reads of all queues"
    sources = f"sources {', '.join(about.sources)}" if about.sources else "all sources"
    return f"It was narrowed to {queues} and cases of {sources}."


def _table_rows(about: Any) -> str:
    rows = "\n".join(
        f"| `{table.name}` | {about.counts.get(table.name, 0)} | {table.about} |"
        for table in TABLES
    )
    return f"| table | rows | one row is |\n|---|---|---|\n{rows}"


def _columns() -> str:
    return "\n".join(
        f"- `{table.name}`: "
        + "; ".join(f"`{column.name}` {column.about}" for column in table.columns)
        for table in TABLES
    )


def _split_sentence(root: Path) -> str:
    counts = Counter(row["split"] for row in rows_of(root, tables.CASES, columns=["split"]))
    parts = ", ".join(f"{counts[split]} in {split}" for split in SPLITS)
    return f"Cases: {parts}."


def _sources(root: Path) -> str:
    names = {row["id"]: row for row in rows_of(root, tables.SOURCES)}
    counts = Counter(row["source"] for row in rows_of(root, tables.CASES, columns=["source"]))
    rows = "\n".join(
        f"| {names[source]['name']} | {count} | {names[source]['licence'] or 'not stated'} |"
        for source, count in sorted(counts.items(), key=lambda item: names[item[0]]["slug"])
    )
    return f"| source | cases | licence |\n|---|---|---|\n{rows}"


def _verdicts(root: Path) -> str:
    wanted = ["verdict", "reason"]
    counts = Counter(
        (row["verdict"], row["reason"] or "")
        for row in rows_of(root, tables.DECISIONS, columns=wanted)
    )
    rows = "\n".join(f"| {v} | {r} | {n} |" for (v, r), n in sorted(counts.items()))
    return f"| verdict | reason | decisions |\n|---|---|---|\n{rows}"


def _refused(about: Any) -> str:
    if not about.refused:
        return "Nothing: the terms of every source allow all columns."
    rows = "\n".join(f"| {r['reason']} | {r['what']} | {r['count']} |" for r in about.refused)
    return (
        "Counted here; the ids and hashes that are in the tables stand in for it.\n\n"
        f"| reason | what | count |\n|---|---|---|\n{rows}"
    )


def _changes(about: Any) -> str:
    if not about.changes:
        return "The first release of this name, or nothing changed."
    rows = "\n".join(f"| {c['what']} | {c['before']} | {c['after']} |" for c in about.changes)
    return f"| what | before | after |\n|---|---|---|\n{rows}"
