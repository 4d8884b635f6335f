"""``DATASHEET.md``: the questions of Gebru et al., "Datasheets for Datasets" (CACM 64:86, 2021).

Every one of its seven sections is answered, from the tables where they can tell.
"""

from collections import Counter
from pathlib import Path
from typing import Any

from inference import NOTICE
from inference.release import tables
from inference.release.limits import count_limits, limits_list
from inference.release.reading import rows_of
from inference.release.tables import SPLITS, Row
from inference.vocabulary import LABELS

_LABELS = ", ".join(f"`{label.value}`" for label in LABELS)


def write_datasheet(root: Path, about: Any) -> list[Path]:
    path = root / "DATASHEET.md"
    counts = count_limits(root, about.scratch)
    sections = (
        _motivation(),
        _composition(root, counts),
        _collection(root, counts),
        _preparation(about),
        _uses(),
        _distribution(root),
        _maintenance(about, counts),
    )
    head = f"# Datasheet of {about.name} {about.version}\n\n**{NOTICE}**\n"
    path.write_text("\n".join([head, *sections]), encoding="utf-8")
    return [path]


def _motivation() -> str:
    return """\
## Motivation
**Why was it made?** An automatic second read raises flags on chest X-ray drafts. Whether a flag
helps is decided by people, one at a time; this dataset keeps what they decided, so that the next
auditor can be trained on it, and so that how far readers agree can be computed by anybody.

**Who made it, and who paid?** An installation of Overread: its curators chose cases and queues,
its readers read. The release doesn't name them, and knows of no funding.
"""


def _composition(root: Path, n: Row) -> str:
    return f"""\
## Composition
**What are the instances?** {n["flags"]} flags on {n["audits"]} audits, each the comparison of one
image with one draft impression, of {n["cases"]} images of {n["patients"]} patients (an image of
an unknown patient counts as a patient of its own). Tables and columns are listed in `README.md`.

**Is it a sample?** Of the cases that the installation holds: those of which a person has
submitted a read. Queues prefer what was flagged; it is no sample of patients, hospitals or
drafts.

**What does an instance hold?** The image where its source lets it leave, the draft under the same
condition, what a model saw, what a parser read, the flags, and what each reader said.

**Is there a label?** {_LABELS}; for each the
state on the image, in the draft, and what is settled (`settlements`), with the rule that settled
it.

**Subpopulations.** By sex: {_shares(root, "sex")}. By view: {_shares(root, "view")}. By age:
{_ages(root)}.

**Splits.** {_splits(root)}. By patient, the same in later releases; `README.md` says by which
rules.

**What is missing, wrong or noisy?**

{limits_list(n)}

**Does it rest on other data?** Where pixels are kept back, on the sources in `LICENSES/`: get
them there, and `scripts/rebuild.py` puts them into a copy of this release.

**Is anything confidential, offensive or about identifiable people?** Medical images and reports
without identifiers. Pseudonyms of patients and readers are of this release alone, and the seed
they were made from was destroyed at publishing. Text and pixels in which something like a name
was found are not in it unless a curator cleared them; what no rule finds may be there. Should you
recognise somebody, don't try to make sure: tell who gave you the release.
"""


def _collection(root: Path, n: Row) -> str:
    verdicts = Counter(row["verdict"] for row in rows_of(root, tables.DECISIONS, "", ["verdict"]))
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    return f"""\
## Collection process
**How was it acquired?** Images and drafts were uploaded or imported from the sources below. Flags
come from a deterministic comparator; models and versions are in `models`, the policy in each
audit. Readers claimed audits from queues and answered every flag:
{said or "no decision is in it"}.

{_origins(root)}

**Who took part?** {n["readers"]} readers and {n["adjudicators"]} adjudicators. The release
doesn't know how they were paid. Their experience is what they say themselves, told in bands that
at least five share.

**Over what time?** Not told: exact times are left out for the sake of patients and readers.

**Was there an ethical review, and consent?** That is each source's own matter; its terms are in
`LICENSES/`. The release doesn't know what readers were told.
"""


def _preparation(about: Any) -> str:
    kept = len(about.refused)
    return f"""\
## Preprocessing, cleaning, labelling
**What was done?** Images were decoded and stored anew as gray PNG without metadata, 16 bits kept.
Ages over 89 became 90. Drafts were scrubbed of names, dates, numbers and addresses before they
were stored. Comments in which anything was found were left out. Attended time is rounded to a
tenth of a second.

**What was left out?** {kept} kinds of things, by terms, withdrawal, burned-in text or words that
may name somebody; `README.md` counts each by its reason.

**Is the raw data there?** What models said and could not be used is in `ledger` where the terms
allow. Originals are not kept as they came.

**Is the software available?** Yes: Overread, under Apache-2.0. `scripts/` holds what computes the
agreement again; `python -m inference check-release` checks everything else.
"""


def _uses() -> str:
    return f"""\
## Uses
**What is it for?** Training and testing grounders, parsers and second-read auditors; studying how
readers agree, and how flags sway them (compare `first_views` with `decisions`).

**What is it not for?** {NOTICE} Not for finding out who a patient, reader or author is; not for
judging a reader or the author of a draft; not for claims about how often anything occurs among
patients.

**What could mislead?** The view is confounded with disease (AP films are of sicker people),
sources differ in machines and patients, and the test split was read more carefully than train. A
model that learns from decisions made with the flags in sight learns some of the auditor's own
opinion.

**Has it been used already?** The release doesn't know; the platform may have trained models on
earlier ones.
"""


def _distribution(root: Path) -> str:
    slugs = sorted(row["slug"] for row in rows_of(root, tables.SOURCES))
    files = ", ".join(f"`LICENSES/{slug}.md`" for slug in slugs) or "none: it holds no source"
    return f"""\
## Distribution
**How, and under which terms?** As this folder or as one ZIP of it. What readers gave is
CC-BY-4.0; rows that derive from a source stand under its terms ({files}); what models said, under
the column `licence` of `models`. The stricter one holds.

**Are there other restrictions?** Those of `LICENSES/`, on commercial use too. A copy that was
rebuilt with pixels may not be passed on.
"""


def _maintenance(about: Any, n: Row) -> str:
    return f"""\
## Maintenance
**Who maintains it?** The installation that made it; errors and recognised persons are reported to
it.

**Will it change?** This version never. Corrections are a new version: patch where the rows are
the same, minor where rows were added, major where any changed, moved or went.
{len(about.changes)} tables have more or fewer rows than in the version before (`README.md`,
Changes).

**What if somebody withdraws?** The case is left out of every later release and named in
`takedowns` ({n["takedowns"]} so far): delete it from your copies.

**Are older versions kept?** As long as the installation keeps them. Patients and cases keep their
split.

**Can others add to it?** By reading on the platform, and by importing sources of their own.
"""


def _shares(root: Path, column: str) -> str:
    counts = Counter(row[column] for row in rows_of(root, tables.CASES, "", [column]))
    told = sorted((word, count) for word, count in counts.items() if word is not None)
    parts = [f"{count} {word}" for word, count in told]
    return ", ".join([*parts, f"{counts[None]} not told"])


def _ages(root: Path) -> str:
    ages = [row["age"] for row in rows_of(root, tables.CASES, "", ["age"])]
    bands = {
        "under 18": (0, 18),
        "18 to 39": (18, 40),
        "40 to 64": (40, 65),
        "65 or more": (65, 200),
    }
    parts = [
        f"{sum(age is not None and low <= age < high for age in ages)} {words}"
        for words, (low, high) in bands.items()
    ]
    return ", ".join([*parts, f"{ages.count(None)} not told"])


def _splits(root: Path) -> str:
    counts = Counter(row["split"] for row in rows_of(root, tables.CASES, "", ["split"]))
    return "Cases: " + ", ".join(f"{counts[split]} in {split}" for split in SPLITS)


def _origins(root: Path) -> str:
    names = {row["id"]: row["name"] for row in rows_of(root, tables.SOURCES)}
    cases = Counter(row["source"] for row in rows_of(root, tables.CASES, "", ["source"]))
    drafts = Counter(row["origin"] for row in rows_of(root, tables.DRAFTS, "", ["origin"]))
    parts = [f"{count} from {names[source]}" for source, count in cases.items()]
    written = [f"{count} {origin}" for origin, count in sorted(drafts.items())]
    return f"Cases: {', '.join(sorted(parts)) or 'none'}. Drafts: {', '.join(written) or 'none'}."
