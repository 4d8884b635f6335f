"""From what a parser model wrote to the mentions of a draft, each tied to its own characters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inference.mappings import NO_FINDING, NoFinding, label_of
from inference.recovery.account import Account
from inference.recovery.answer import Answer, Statement, member, read_answer
from inference.recovery.repair import STATUS_KEYS, read_status
from inference.recovery.thinking import split_thinking
from inference.schema import LedgerEntry, Mention, Span
from inference.vocabulary import LABELS, DraftState, Label, LedgerReason, State

SPAN_KEYS = ("span", "text", "quote", "phrase", "evidence")


@dataclass(frozen=True, slots=True)
class MentionRecovery:
    """What one raw answer reads in a draft, and what became of every part of it.

    A draft is ``parsed`` only if the whole answer could be read: a lost tail may hold the very
    denial whose silence would raise a false flag. The mentions that were read are given anyway.
    """

    draft_state: DraftState
    mentions: tuple[Mention, ...]
    ledger: tuple[LedgerEntry, ...]
    account: Account
    schema_valid: bool
    thoughts: str


def recover_mentions(raw: str, draft: str) -> MentionRecovery:
    """Read a model's raw text (a JSON list of ``{"label", "status", "span"}``) about ``draft``.

    Never raises. ``draft[mention.start:mention.end] == mention.text`` holds for every mention; a
    span that is not in the draft, even ignoring case and spacing, is a ledger row. A global
    normal denies each label without a mention of its own.
    """
    split = split_thinking(raw)
    answer = read_answer(split.answer)
    settled = _Settling(draft, answer.strict)
    for statement in answer.statements:
        settled.settle(statement)
    settled.spread_normals()
    settled.ledger += answer.scraps
    silent = not (answer.statements or answer.says_nothing or answer.scraps)
    if silent:
        reason = LedgerReason.TRUNCATED if split.unfinished else LedgerReason.UNPARSABLE
        settled.ledger.append(LedgerEntry(reason, split.answer, "no statement can be read"))
    return _result(answer, settled, split.thoughts, silent)


def _result(answer: Answer, settled: "_Settling", thoughts: str, silent: bool) -> MentionRecovery:
    emitted = len(answer.statements) + len(answer.scraps) + silent
    lossy = {LedgerReason.TRUNCATED, LedgerReason.UNPARSABLE}
    lost = any(entry.reason in lossy for entry in settled.ledger)
    return MentionRecovery(
        draft_state=DraftState.UNPARSED if lost else DraftState.PARSED,
        mentions=tuple(sorted(settled.mentions, key=lambda each: (each.start, each.end))),
        ledger=tuple(settled.ledger),
        account=Account(emitted, settled.used, settled.recovered, len(settled.ledger)),
        schema_valid=answer.strict and emitted == settled.used,
        thoughts=thoughts,
    )


@dataclass(slots=True)
class _Settling:
    """Settles statements one by one; every one ends as used, recovered or a ledger row."""

    draft: str
    strict: bool
    mentions: list[Mention] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)
    normals: list[Span] = field(default_factory=list)
    taken: set[tuple[str, Span]] = field(default_factory=set)
    used: int = 0
    recovered: int = 0

    def settle(self, statement: Statement) -> None:
        label = label_of(statement.label)
        state = read_status(member(statement.node, STATUS_KEYS))
        phrase = member(statement.node, SPAN_KEYS)
        if label is None:
            self._lose(LedgerReason.UNKNOWN_LABEL, statement, statement.label)
        elif state is None:
            self._lose(LedgerReason.UNPARSABLE, statement, "no status that is known")
        elif phrase is None or not isinstance(phrase.scalar, str) or not phrase.complete:
            self._lose(LedgerReason.SPAN_NOT_IN_DRAFT, statement, "no phrase was quoted")
        else:
            self._place(statement, label, state, phrase.scalar)

    def spread_normals(self) -> None:
        """Let each global normal deny the labels that have no mention of their own."""
        mentioned = {mention.label for mention in self.mentions}
        silent = [label for label in LABELS if label not in mentioned]
        for span in self.normals:
            self.mentions += [self._mention(label, State.ABSENT, span) for label in silent]

    def _place(
        self, statement: Statement, label: Label | NoFinding, state: State, phrase: str
    ) -> None:
        places = list(_occurrences(self.draft, phrase))
        free = [span for span in places if (label, span) not in self.taken]
        if not places:
            self._lose(LedgerReason.SPAN_NOT_IN_DRAFT, statement, phrase)
        elif not free:
            self._lose(LedgerReason.DUPLICATE, statement)
        elif label == NO_FINDING and state is not State.PRESENT:
            self._lose(LedgerReason.NO_FINDING_CONFLICT, statement, "a normal that is not one")
        else:
            self._keep(statement, label, state, free[0], phrase)

    def _keep(
        self,
        statement: Statement,
        label: Label | NoFinding,
        state: State,
        span: Span,
        phrase: str,
    ) -> None:
        self.taken.add((label, span))
        if label == NO_FINDING:
            self.normals.append(span)
        else:
            self.mentions.append(self._mention(label, state, span))
        as_asked = statement.label == label and member(statement.node, SPAN_KEYS[:1]) is not None
        if self.strict and as_asked and self.draft[slice(*span)] == phrase:
            self.used += 1
        else:
            self.recovered += 1

    def _mention(self, label: Label, state: State, span: Span) -> Mention:
        return Mention(label, state, *span, text=self.draft[slice(*span)], rule="model")

    def _lose(self, reason: LedgerReason, statement: Statement, detail: str = "") -> None:
        self.ledger.append(LedgerEntry(reason, statement.raw, detail))


def _occurrences(draft: str, phrase: str) -> Iterator[Span]:
    """Where ``phrase`` stands in ``draft``, as it is or ignoring case and spacing."""
    words = [re.escape(word) for word in phrase.split()]
    if words:
        for found in re.finditer(r"\s+".join(words), draft, re.IGNORECASE):
            yield found.span()
