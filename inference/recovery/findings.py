"""From what a grounding model wrote to what it found in the image."""

from dataclasses import dataclass, field

from inference.mappings import NO_FINDING, NoFinding, label_of
from inference.recovery.account import Account
from inference.recovery.answer import LABEL_KEYS, Answer, Statement, member, read_answer
from inference.recovery.repair import (
    SCORE_KEYS,
    STATUS_KEYS,
    ImageFrame,
    read_box,
    read_score,
    read_status,
)
from inference.recovery.thinking import split_thinking
from inference.schema import Finding, LedgerEntry
from inference.states import image_labels
from inference.vocabulary import LABELS, ImageState, Label, LedgerReason, State


@dataclass(frozen=True, slots=True)
class FindingRecovery:
    """What one raw answer says of an image, and what became of every part of it.

    ``schema_valid`` is true only if the answer was valid JSON as it stood and every statement of
    it was used without repair. ``thoughts`` is the thinking, verbatim, for the record.
    """

    image_state: ImageState
    labels: dict[Label, State | None]
    findings: tuple[Finding, ...]
    image_normal: bool
    ledger: tuple[LedgerEntry, ...]
    account: Account
    schema_valid: bool
    thoughts: str


def recover_findings(raw: str, frame: ImageFrame) -> FindingRecovery:
    """Read a model's raw text (a JSON list of ``{"label", "box_2d"}``, or what it made of that).

    Never raises, whatever ``raw`` holds. An answer that says nothing usable is ``failed``, never
    an empty normal; one that lost a tail or a label we don't know is ``partial``. A statement of
    absence is heard and changes nothing: a generative model's silence is absent already.
    """
    split = split_thinking(raw)
    answer = read_answer(split.answer)
    settled = _Settling(frame, answer.strict)
    for statement in answer.statements:
        settled.settle(statement)
    settled.settle_normal()
    settled.ledger += answer.scraps
    usable = bool(answer.statements) or answer.says_nothing
    if not usable and not answer.scraps:
        settled.ledger.append(_nothing_said(split.answer, split.unfinished))
    return _result(answer, settled, split.thoughts, usable)


def _nothing_said(answer: str, unfinished: bool) -> LedgerEntry:
    reason = LedgerReason.TRUNCATED if unfinished else LedgerReason.UNPARSABLE
    detail = "the thinking never ended" if unfinished else "no statement can be read"
    return LedgerEntry(reason, answer, detail)


def _result(answer: Answer, settled: "_Settling", thoughts: str, usable: bool) -> FindingRecovery:
    emitted = len(answer.statements) + len(answer.scraps) + settled.boxes_given_up
    emitted += not usable and not answer.scraps
    account = Account(emitted, settled.used, settled.recovered, len(settled.ledger))
    state = _image_state(usable, settled.ledger)
    failed = state is ImageState.FAILED
    return FindingRecovery(
        image_state=state,
        labels=dict.fromkeys(LABELS) if failed else settled.labels(),
        findings=tuple(settled.findings),
        image_normal=settled.normal,
        ledger=tuple(settled.ledger),
        account=account,
        schema_valid=answer.strict and account.emitted == account.used,
        thoughts=thoughts,
    )


def _image_state(usable: bool, ledger: list[LedgerEntry]) -> ImageState:
    if not usable:
        return ImageState.FAILED
    lossy = {LedgerReason.UNKNOWN_LABEL, LedgerReason.TRUNCATED, LedgerReason.UNPARSABLE}
    lost = any(entry.reason in lossy for entry in ledger)
    return ImageState.PARTIAL if lost else ImageState.GROUNDED


@dataclass(slots=True)
class _Settling:
    """Settles statements one by one; every one ends as used, recovered or a ledger row."""

    frame: ImageFrame
    strict: bool
    findings: list[Finding] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)
    normals: list[Statement] = field(default_factory=list)
    uncertain: list[Label] = field(default_factory=list)
    used: int = 0
    recovered: int = 0
    boxes_given_up: int = 0
    normal: bool = False

    def settle(self, statement: Statement) -> None:
        label = label_of(statement.label)
        if label is None:
            self._lose(LedgerReason.UNKNOWN_LABEL, statement, statement.label)
            return
        status = read_status(member(statement.node, STATUS_KEYS))
        if status is State.ABSENT:
            self._keep(statement, label)
        elif label == NO_FINDING:
            self.normals.append(statement)
        elif status is State.UNCERTAIN:
            self.uncertain.append(label)
            self._keep(statement, label)
        else:
            self._settle_finding(statement, label)

    def settle_normal(self) -> None:
        """A model's "no finding" counts once, and only where it names nothing positive."""
        for statement in self.normals:
            if self.findings or self.uncertain:
                self._lose(LedgerReason.NO_FINDING_CONFLICT, statement)
            elif self.normal:
                self._lose(LedgerReason.DUPLICATE, statement)
            else:
                self.normal = True
                self._keep(statement, NO_FINDING)

    def labels(self) -> dict[Label, State | None]:
        labels = image_labels(self.findings)
        for label in self.uncertain:
            if labels[label] is State.ABSENT:
                labels[label] = State.UNCERTAIN
        return labels

    def _settle_finding(self, statement: Statement, label: Label) -> None:
        node = statement.box
        read = read_box(node, self.frame) if node is not None else None
        box = read.box if read else None
        if any((known.label, known.box) == (label, box) for known in self.findings):
            return self._lose(LedgerReason.DUPLICATE, statement)
        score = read_score(member(statement.node, SCORE_KEYS))
        self.findings.append(Finding(label, box, score))
        self._keep(statement, label, as_declared=read is None or read.as_declared)
        if node is not None and read is not None and box is None:
            self.boxes_given_up += 1
            self._lose(LedgerReason.BAD_BOX, statement, read.detail)
        return None

    def _keep(
        self, statement: Statement, label: Label | NoFinding, as_declared: bool = True
    ) -> None:
        as_asked = statement.node.get(LABEL_KEYS[0]) is not None and statement.label == label
        if self.strict and as_asked and as_declared:
            self.used += 1
        else:
            self.recovered += 1

    def _lose(self, reason: LedgerReason, statement: Statement, detail: str = "") -> None:
        self.ledger.append(LedgerEntry(reason, statement.raw, detail))
