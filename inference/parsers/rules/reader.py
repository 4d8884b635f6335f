"""The ``rules`` parser: text in, mentions with their reasons out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from inference.parsers.rules.aggregate import in_order, overrule, spread_normal
from inference.parsers.rules.atoms import Atom, atoms_of
from inference.parsers.rules.caution import doubt_odd_denials, doubt_strange_denials
from inference.parsers.rules.columns import spell_answers
from inference.parsers.rules.details import DetailReader, side_of
from inference.parsers.rules.ellipsis import Ellipsis
from inference.parsers.rules.language import Recogniser
from inference.parsers.rules.lexicon import Entry, Kind, Lexicon, content_hash, load_lexicon
from inference.parsers.rules.mentions import EARLIER_SECTION, Cue, Draft, verdict
from inference.parsers.rules.normalise import Normaliser, Tokens
from inference.parsers.rules.phrases import longest
from inference.parsers.rules.places import is_elsewhere, ratio_drafts
from inference.parsers.rules.scopes import Scanner
from inference.parsers.rules.sections import Sentence, asserting
from inference.parsers.rules.sentences import Splitter
from inference.parsers.rules.settle import answer_queries
from inference.schema import BackendVersion, Mention, Parsing
from inference.states import draft_labels
from inference.vocabulary import LABELS, DraftState, State

VERSION = "1.0.0"
# The longest report of the Open-i collection has about 3,000; a bound keeps any text under 0.3 s.
MAX_CHARACTERS = 100_000
_PHRASES = (Kind.FINDING, Kind.EXCLUDED, Kind.ORGAN)
_SAYS_SOMETHING = (Kind.FINDING, Kind.ORGAN)


@dataclass(slots=True)
class _Read:
    """One sentence, read."""

    sentence: Sentence
    neighbours: list[tuple[int, int]]
    drafts: list[Draft]


class RulesParser:
    """Reads a draft by grammar: lexicon, clauses and cue scopes. No model, no network."""

    def __init__(self, lexicon: Lexicon, version: BackendVersion) -> None:
        self.version = version
        self._lexicon = lexicon
        self._normaliser = Normaliser(lexicon)
        self._details = DetailReader(lexicon)
        self._recogniser = Recogniser(lexicon)

    def parse(self, text: str) -> Parsing:
        """Read ``text``; every mention's ``text`` is ``text[start:end]``. Linear in its length."""
        if not text.strip():
            return Parsing(DraftState.EMPTY, dict.fromkeys(LABELS))
        if len(text) > MAX_CHARACTERS:
            reason = f"The draft is longer than {MAX_CHARACTERS:,} characters: not one report."
            return Parsing(DraftState.UNPARSED, dict.fromkeys(LABELS), reason=reason)
        tokens = self._normaliser.tokens(text)
        spell_answers(self._lexicon, tokens)
        found, normals = self._read(text, tokens)
        refusal = self._recogniser.refusal(text, tokens.words, bool(found or normals))
        if refusal:
            return Parsing(DraftState.UNPARSED, dict.fromkeys(LABELS), reason=refusal)
        mentions, notes = overrule(self._lexicon, found)
        ordered = in_order(spread_normal(mentions, normals))
        return Parsing(DraftState.PARSED, draft_labels(ordered), ordered, notes=tuple(notes))

    def _read(self, text: str, tokens: Tokens) -> tuple[list[tuple[Mention, str]], list[Mention]]:
        whole = Splitter(self._lexicon, tokens, text).split()
        sentences = asserting(self._lexicon, whole)
        kept = {id(sentence) for sentence in sentences}
        read: list[_Read] = []
        carry: list[Draft] = []
        for sentence in whole:
            if id(sentence) not in kept:
                carry = self._compared(tokens.words, sentence)
                continue
            said = tokens.words[sentence.first : sentence.stop]
            ends = sentence is whole[0] or sentence is whole[-1]
            alone = sentence.headed or ends or "otherwise" in said
            atoms = self._atoms(tokens.words, sentence)
            drafts = self._drafts(tokens.words, sentence, atoms, carry)
            if carry and drafts:
                answer_queries(carry, drafts, self._lexicon.sets["in_part"].isdisjoint(said))
            if alone and not drafts:
                drafts = self._bare_normal(tokens.words, sentence, atoms)
            elif self._excepted_normal(sentence, atoms):
                drafts.append(_normal_draft(atoms[0]))
            elif "otherwise" in said:
                drafts.extend(self._otherwise_normal(tokens.words, sentence, atoms))
            carry = drafts[-1:]  # an "it" reaches back one sentence
            if drafts:
                phrases = [(a.first, a.stop) for a in atoms if a.kind in _PHRASES]
                read.append(_Read(sentence, phrases, drafts))
        return self._settled(text, tokens, read)

    def _settled(
        self, text: str, tokens: Tokens, read: list[_Read]
    ) -> tuple[list[tuple[Mention, str]], list[Mention]]:
        # A later sentence may still decide ("It is not seen today"), so states are settled last.
        found: list[tuple[Mention, str]] = []
        normals: list[Mention] = []
        for known in read:
            for draft in (draft for draft in known.drafts if not draft.dropped):
                for mention in self._mentions(text, tokens, known, draft):
                    found.append((mention, draft.entry.name))
                if not draft.labels:
                    normals.extend(self._normal(text, tokens, known.sentence, draft))
        return found, normals

    def _compared(self, words: list[str], sentence: Sentence) -> list[Draft]:
        """Return what an "it" of the findings may stand for; by itself it asserts nothing."""
        if sentence.section != "comparison":
            return []
        drafts = self._drafts(words, sentence, self._atoms(words, sentence), [])[-1:]
        return [replace(d, before=EARLIER_SECTION, after=None) for d in drafts if d.labels]

    def _atoms(self, words: list[str], sentence: Sentence) -> list[Atom]:
        first = sentence.first
        topic = longest(self._lexicon.header_organs, words, first, sentence.stop, ())
        if topic and topic[1] < sentence.stop and words[topic[1]] in (":", "-"):
            organ = Atom((Entry(Kind.ORGAN, topic[0]),), Kind.ORGAN, first, topic[1])
            return [organ, *atoms_of(self._lexicon, words, topic[1], sentence.stop)]
        return atoms_of(self._lexicon, words, first, sentence.stop)

    def _drafts(
        self, words: list[str], sentence: Sentence, atoms: list[Atom], carry: list[Draft]
    ) -> list[Draft]:
        if not carry and not any(atom.kind in _SAYS_SOMETHING for atom in atoms):
            return []
        scanner = Scanner(self._lexicon, words, carry)
        drafts = scanner.read(atoms, sentence.first, sentence.stop)
        bounds, lexicon = (sentence.first, sentence.stop), self._lexicon
        said = words[sentence.first : sentence.stop]
        if not lexicon.pointing.isdisjoint(said):
            drafts.extend(Ellipsis(lexicon, words, atoms).told_again(drafts, carry, bounds))
        doubt_strange_denials(lexicon, words, atoms, drafts)
        if drafts and not lexicon.odd.isdisjoint(said):
            doubt_odd_denials(lexicon, words, atoms, drafts, bounds)
        drafts.extend(ratio_drafts(self._lexicon, words, atoms, sentence.stop))
        return [
            draft
            for draft in drafts
            if not draft.dropped
            and not is_elsewhere(self._lexicon, words, draft, sentence.first, sentence.stop)
        ]

    def _bare_normal(self, words: list[str], sentence: Sentence, atoms: list[Atom]) -> list[Draft]:
        """ "Normal.", "Findings: unremarkable.": a normal chest, if the sentence says no more."""
        said = [atom for atom in atoms if atom.kind is Kind.PREDICATE]
        if len(said) != 1 or "negative" not in said[0].entries[0].classes:
            return []
        rest = [*words[sentence.first : said[0].first], *words[said[0].stop : sentence.stop]]
        if any(word[0].isalnum() and word not in self._lexicon.filler for word in rest):
            return []
        return [_normal_draft(said[0])]

    def _excepted_normal(self, sentence: Sentence, atoms: list[Atom]) -> bool:
        """ "Unremarkable apart from a small effusion.": the rest of the chest is normal."""
        if len(atoms) < 2 or atoms[0].kind is not Kind.PREDICATE:
            return False
        classes = atoms[0].entries[0].classes
        normal = (
            "negative" in classes and "clear" not in classes and atoms[0].first == sentence.first
        )
        excepted = atoms[1].entries[0].name == "exception" and atoms[1].first == atoms[0].stop
        return normal and excepted

    def _otherwise_normal(
        self, words: list[str], sentence: Sentence, atoms: list[Atom]
    ) -> list[Draft]:
        """ "Cardiomegaly, otherwise normal.": the rest of the chest, if no organ is the subject."""
        last = atoms[-1]
        if last.kind is not Kind.PREDICATE or "negative" not in last.entries[0].classes:
            return []
        if last.stop < sentence.stop or words[last.first - 1] != "otherwise":
            return []
        if any(atom.kind is Kind.ORGAN and atom.entries[0].name != "chest" for atom in atoms):
            return []
        return [_normal_draft(last)]

    def _mentions(self, text: str, tokens: Tokens, known: _Read, draft: Draft) -> Iterator[Mention]:
        state, rule, cue = verdict(draft)
        if state is None or not draft.labels:
            return
        start, end = tokens.starts[draft.first], tokens.ends[draft.stop - 1]
        wording = text[tokens.starts[cue.first] : tokens.ends[cue.stop - 1]] if cue else ""
        bounds = (known.sentence.first, known.sentence.stop)
        span = (draft.first, draft.stop)
        words = self._details.window(tokens.words, known.neighbours, span, bounds)
        details, size = self._details.read(words)
        for label in draft.labels:
            yield Mention(
                label, state, start, end, text[start:end], wording, known.sentence.section, False,
                rule, side_of(details), details.get("location"), details.get("severity"),
                details.get("change"), size,
            )  # fmt: skip

    def _normal(
        self, text: str, tokens: Tokens, sentence: Sentence, draft: Draft
    ) -> Iterator[Mention]:
        """Yield the denial that a global normal stands for, under a label still to be set."""
        if verdict(draft)[0] is not None:
            start, end = tokens.starts[draft.first], tokens.ends[draft.stop - 1]
            yield Mention(
                LABELS[0], State.ABSENT, start, end, text[start:end], "global_normal",
                sentence.section, rule="global_normal",
            )  # fmt: skip


def _normal_draft(said: Atom) -> Draft:
    normal = Draft((), "global", said.first, said.stop, said.entries[0])
    normal.statement = Cue("statement", said.first, said.stop)
    return normal


def build() -> RulesParser:
    """Return the parser on the lexicon of this package."""
    version = BackendVersion("rules", VERSION, content_hash(), "Apache-2.0", True)
    return RulesParser(load_lexicon(), version)
