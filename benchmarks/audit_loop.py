"""Does the audit loop catch what was done to a draft, and leave a faithful one alone?

On VinDr-CXR's annotations (15,000 images, three radiologists each; no pixels are needed):

(a) the ceiling: one radiologist against the other two, where those agree;
(b) the loop on synthetic drafts with perfect grounding: parser and comparator alone;
(c) the loop with one radiologist's reading as the grounder, against the other two's consensus:
    what flag precision a grounder as good as a human would give.

``python -m benchmarks.audit_loop`` prints the tables, writes them into docs/benchmark-audit.md and
lists every case that went wrong in .overread/bench/. Intervals are 95%, by image.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from benchmarks._audit_loop_data import vindr_annotations
from benchmarks._audit_loop_tables import ceiling_table, flags_table, kinds_table
from inference.comparator import compare
from inference.metrics.evaluation import evaluate
from inference.metrics.records import Candidate, Prediction, Truth
from inference.parsers import get_parser
from inference.parsers.base import Parser
from inference.schema import Finding, Flag, Parsing
from inference.states import image_labels
from inference.synthesis import (
    KINDS,
    Corrupted,
    ExpectedFlag,
    Kind,
    Subject,
    corrupt,
    draw_cases,
    labels_for,
)
from inference.synthesis.vindr import Reading, Study, consensus, read_annotations
from inference.vocabulary import LABELS, ImageState, Label

ROOT = Path(__file__).parent.parent
FRAMED: tuple[Kind, ...] = ("swap_side", "change_location")
"""Kinds that need an image's size, which VinDr's table does not give."""

THREE: tuple[Kind, ...] = ("control", "drop", "add")


class Trial(NamedTuple):
    """A draft to audit, what the grounder says of its image, and the labels without a truth."""

    id: str
    image: str
    case: Corrupted
    findings: Sequence[Finding]
    unsettled: frozenset[Label] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial after its audit."""

    trial: Trial
    parsing: Parsing
    raised: tuple[Flag, ...]

    @property
    def kind(self) -> Kind:
        return self.trial.case.kind

    @property
    def expected(self) -> tuple[ExpectedFlag, ...]:
        return self.trial.case.expected_flags

    @property
    def judged(self) -> tuple[Flag, ...]:
        return tuple(flag for flag in self.raised if flag.label not in self.trial.unsettled)

    def right(self) -> bool:
        """Whether exactly the right flags were raised, for the right reasons."""
        keys = ("kind", "label", "reason", "reported")
        shown = [tuple(getattr(flag, key) for key in keys) for flag in self.judged]
        return shown == [tuple(getattr(flag, key) for key in keys) for flag in self.expected]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=6000, help="drafts in (b); a third in (c)")
    parser.add_argument("--seed", type=int, default=20261122)
    args = parser.parse_args()
    studies = read_annotations(vindr_annotations(ROOT / ".overread/cache")).studies
    rules = get_parser("rules")
    perfect = [audit(each, rules) for each in perfect_trials(studies, args.cases, args.seed)]
    few = args.cases // 3
    human = [audit(each, rules) for each in human_trials(studies, few, args.seed)]
    natural = [audit(each, rules) for each in natural_trials(studies, few, args.seed)]
    text = "\n\n".join([
        f"Made by `python -m benchmarks.audit_loop --cases {args.cases} --seed {args.seed}`, "
        f"parser `{rules.version.name}` {rules.version.version}.",
        "### (a) One radiologist against the other two, where they agree",
        ceiling_table(ceiling(studies)),
        "### (b) Perfect grounding: parser and comparator alone",
        kinds_table(perfect),
        flags_table(perfect),
        "### (c) A radiologist as the grounder: the drafts of (b)'s first three kinds",
        flags_table(human),
        "### (c) The same on images as they come (most are normal)",
        flags_table(natural),
    ])  # fmt: skip
    print(text)
    write_docs(ROOT / "docs/benchmark-audit.md", text)
    for name, outcomes in (("perfect", perfect), ("human", human), ("natural", natural)):
        write_misses(ROOT / f".overread/bench/audit-{name}-misses.jsonl", outcomes)


def ceiling(studies: Sequence[Study]) -> dict[str, Any]:
    """Metrics of each radiologist, taken as a grounder, against the other two.

    Images without a mark of our labels are passed over: no rate shown here counts them.
    """
    truths: list[Truth] = []
    said: dict[str, Prediction] = {}
    marked = [study for study in studies if any(each.findings for each in study.readings)]
    for study in marked:
        for reading, others in each_reader(study):
            key = f"{study.image_id} {reading.reader}"
            truths.append(_truth(key, study.image_id, others))
            said[key] = _prediction(key, reading)
    return evaluate(truths, said)


def each_reader(study: Study) -> Iterator[tuple[Reading, tuple[Reading, ...]]]:
    """Each reading of a study, with the other readings."""
    for reading in study.readings:
        yield reading, tuple(each for each in study.readings if each is not reading)


def unsettled(others: Sequence[Reading]) -> frozenset[Label]:
    """The labels on which the others disagree."""
    return frozenset(
        label
        for label in LABELS
        if 0 < sum(label in reading.labels() for reading in others) < len(others)
    )


def _truth(key: str, image: str, others: Sequence[Reading]) -> Truth:
    agreed = consensus(others, len(others))
    open_labels = unsettled(others)
    states = {
        label: None if label in open_labels else state
        for label, state in image_labels(agreed).items()
    }
    boxes = {
        label: tuple(each.box for each in agreed if each.label == label and each.box is not None)
        for label in LABELS
    }
    return Truth(key, image, states, boxes)


def _prediction(key: str, reading: Reading) -> Prediction:
    candidates = {
        label: tuple(Candidate(each.box, None, False) for each in reading.findings
                     if each.label == label)
        for label in LABELS
    }  # fmt: skip
    return Prediction(key, False, candidates, {})


def perfect_trials(studies: Sequence[Study], count: int, seed: int) -> Iterator[Trial]:
    """Synthetic drafts of every kind, with the consensus itself as grounding."""
    subjects = {study.image_id: study.subject() for study in studies}
    kinds = tuple(kind for kind in KINDS if kind not in FRAMED)
    for case in draw_cases(subjects, kinds, count, seed):
        yield Trial(case.id, case.image, case.case, subjects[case.image].findings)


def human_trials(studies: Sequence[Study], count: int, seed: int) -> Iterator[Trial]:
    """Drafts written from two readers' agreement, with the third reader's findings."""
    readings = {
        f"{study.image_id} {reading.reader}": (study.image_id, reading, others)
        for study in studies
        for reading, others in each_reader(study)
    }
    subjects = {key: subject_of(others) for key, (_, _, others) in readings.items()}
    for case in draw_cases(subjects, THREE, count, seed):
        image, reading, others = readings[case.image]
        yield Trial(case.id, image, case.case, reading.findings, unsettled(others))


def natural_trials(studies: Sequence[Study], count: int, seed: int) -> Iterator[Trial]:
    """As :func:`human_trials`, on any image, with any of the three kinds that it allows."""
    rng = Random(seed)
    for number in range(count):
        study = rng.choice(studies)
        reading, others = rng.choice(list(each_reader(study)))
        subject = subject_of(others)
        kind = rng.choice([k for k in THREE if k == "control" or labels_for(k, subject)])
        label = rng.choice(labels_for(kind, subject)) if kind != "control" else None
        case = corrupt(kind, label, subject, rng)
        name = f"natural-{seed}-{number:06d}"
        yield Trial(name, study.image_id, case, reading.findings, unsettled(others))


def subject_of(others: Sequence[Reading]) -> Subject:
    """What two readers agree on, and what neither saw."""
    marked = {label for reading in others for label in reading.labels()}
    return Subject(
        findings=consensus(others, len(others)),
        absent=frozenset(LABELS) - marked,
        normal=not any(reading.marked for reading in others),
        sides=False,
    )


def audit(trial: Trial, parser: Parser) -> Outcome:
    """One audit, by the parser and comparator that ship."""
    parsing = parser.parse(trial.case.draft)
    comparison = compare(
        image_state=ImageState.GROUNDED,
        image_labels=image_labels(trial.findings),
        findings=trial.findings,
        draft_state=parsing.draft_state,
        mentions=parsing.mentions,
    )
    return Outcome(trial, parsing, comparison.flags)


def write_misses(path: Path, outcomes: Iterable[Outcome]) -> None:
    """List each draft whose flags are not exactly the right ones (VinDr's terms: not to share)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        for each in outcomes:
            if not each.right():
                out.write(json.dumps(_miss(each)) + "\n")


def _miss(each: Outcome) -> dict[str, Any]:
    return {
        "id": each.trial.id,
        "image": each.trial.image,
        "kind": each.kind,
        "label": each.trial.case.label,
        "draft": each.trial.case.draft,
        "expected": [asdict(flag) for flag in each.expected],
        "raised": [asdict(flag) for flag in each.judged],
        "mentions": [(m.label, m.state, m.text, m.rule) for m in each.parsing.mentions],
    }


def write_docs(path: Path, text: str) -> None:
    """Replace what stands between the markers of the page."""
    start, end = "<!-- audit-loop:start -->", "<!-- audit-loop:end -->"
    page = path.read_text(encoding="utf-8")
    before, after = page.split(start)[0], page.split(end)[1]
    path.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
