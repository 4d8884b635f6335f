"""The words that travel with a release: its card and the licences of its sources."""

from audits.models import Release, Source
from audits.services.releases.tables import reviewed_audits
from inference import NOTICE

_COLUMNS = """\
| table | one row is |
|---|---|
| `sources` | where cases come from, with licence, citation and what may be passed on |
| `cases` | one image: patient (pseudonym of this release), split, view, hash of its pixels |
| `drafts` | one draft impression; `text` is null where its source forbids text |
| `audits` | one comparison of image and draft, with the versions that made it |
| `findings` | what the grounder saw; `box` is `[y0, x0, y1, x1]` in 0..1 of the image |
| `mentions` | one phrase of the draft, by character offsets, and its state |
| `flags` | one disagreement raised by the comparator |
| `claims` | one statement of the draft and how the image supports it |
| `ledger` | what a model said and could not be used |
| `decisions` | one reader's answer to one flag, as it stood at submit |
| `missed_findings` | what a reader added because the auditor had not raised it |
"""


def card(release: Release) -> str:
    """The README of a release, from its own counts."""
    counts = "\n".join(f"| `{table}` | {rows} |" for table, rows in release.counts.items())
    return f"""---
pretty_name: {release.name}
version: {release.version}
license: other
task_categories: [object-detection, text-classification]
tags: [chest-x-ray, radiology, second-read, human-review]
---
# {release.name} {release.version}

**{NOTICE}** No row is a verdict on a patient.

Flags that an automatic second read raised on chest X-ray drafts, and what readers decided about
each. An audit is in this release when at least one read of it was submitted.

## Tables (`data/*.jsonl`, ASCII JSON lines, in the order of ids)
{_COLUMNS}
## Rows
| table | rows |
|---|---|
{counts}

## What stayed behind
{_refused(release)}

## How to read the decisions
`verdict` is confirmed, confirmed_modified, dismissed or indeterminate. `finding_true`, `box_right`
and `draft_read_right` say which layer of a flag the answer settles; null settles nothing. A flag
dismissed as `true_but_not_relevant` is no false positive of the grounder. Readers and patients are
pseudonyms of this release alone. Splits (80/10/10) are by patient and stay the same in later
releases.

## Limits
Reads are not blind: readers saw the flags. Most items have one read, so chance-corrected agreement
can't be computed from them. What the auditor missed is known only where a reader added it.

## Check
`sha256sum -c MANIFEST.sha256`. Licences and citations: `LICENSES.md`.
"""


def _refused(release: Release) -> str:
    if not release.refused:
        return "Nothing: the terms of every source allow all columns."
    rows = "\n".join(f"| {r['reason']} | {r['what']} | {r['count']} |" for r in release.refused)
    return f"| reason | what | count |\n|---|---|---|\n{rows}"


def licences() -> str:
    """Each source in the release with its licence, citation and terms."""
    chosen = Source.objects.filter(cases__audits__in=reviewed_audits()).distinct().order_by("slug")
    return "# Licences of the sources\n" + "".join(_licence(source) for source in chosen)


def _licence(source: Source) -> str:
    return (
        f"\n## {source.name} (`{source.slug}`)\n"
        f"- licence: {source.licence or 'not stated'}\n"
        f"- citation: {source.citation or 'none given'}\n"
        f"- terms: {source.terms_url or 'none given'}\n"
        f"- pixels may be passed on: {_yes(source.pixels_redistributable)}; "
        f"text: {_yes(source.text_redistributable)}; boxes: {_yes(source.boxes_redistributable)}; "
        f"commercial use: {_yes(source.commercial_use)}\n"
    )


def _yes(allowed: bool) -> str:
    return "yes" if allowed else "no"
