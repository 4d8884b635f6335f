"""Finds what names a person in a draft (names, dates, numbers, addresses) and takes it out.

`scrub` runs before anything of a draft is stored, so every offset counts characters of the text it
gives back, where each thing found is a token such as ``[date]``. The kinds are those identifiers of
the HIPAA Safe Harbor list (45 CFR 164.514(b)(2)) that free text of a chest report may hold; a bare
year, an age up to 89 and a time of day are not among them.

Rules over shapes and cues, without a list of names: a surname that stands alone, without a title, a
label or a verb of telling beside it, is not found. `docs/privacy.md` says how often what is missed.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inference.scrubbing_words import MONTHS, NOT_NAMES

KINDS = ("name", "date", "age", "phone", "email", "link", "id", "address")


@dataclass(frozen=True, slots=True)
class Marked:
    """Characters ``start`` to ``end`` of the text as it came in, and what they seem to be."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """The text without what was found; how often each kind was found (only those that were)."""

    text: str
    counts: dict[str, int]


Span = tuple[int, int]


def _whole(found: str) -> Span | None:
    return (0, len(found)) if found.strip() else None


@dataclass(frozen=True, slots=True)
class _Rule:
    """``pattern`` proposes its group ``it``, or the whole of itself; ``part`` says what counts.

    No pattern looks back or ahead further than a fixed length: time grows with the text alone.
    """

    kind: str
    pattern: re.Pattern[str]
    part: Callable[[str], Span | None]

    def find(self, text: str) -> Iterator[Marked]:
        group = "it" if "it" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            if part := self.part(match.group(group)):
                at = match.start(group)
                yield Marked(self.kind, at + part[0], at + part[1])


def scrub(text: str) -> Scrubbed:
    """Replace everything found by its kind in brackets. Scrubbing again finds nothing more."""
    counts: Counter[str] = Counter()
    for _ in range(_PASSES):
        marks = find(text)
        if not marks:
            break
        counts.update(mark.kind for mark in marks)
        text = _replaced(text, marks)
    return Scrubbed(text, {kind: counts[kind] for kind in KINDS if counts[kind]})


_PASSES = 8
"""What stood beside something that was taken out may be found only then; two do for reports."""


def _replaced(text: str, marks: list[Marked]) -> str:
    parts, at = [], 0
    for mark in marks:
        parts += [text[at : mark.start], f"[{mark.kind}]"]
        at = mark.end
    return "".join([*parts, text[at:]])


def find(text: str) -> list[Marked]:
    """What was found, in order and without overlaps: of two that overlap the earlier rule's."""
    taken, marks = bytearray(len(text)), []
    for rule in (*_RULES, *((_PAIRS,) if _is_english(text) else ())):
        for mark in rule.find(text):
            if not any(taken[mark.start : mark.end]):
                taken[mark.start : mark.end] = b"\1" * (mark.end - mark.start)
                marks.append(mark)
    return sorted(marks, key=lambda mark: mark.start)


def _is_english(text: str) -> bool:
    """Whether capitals mean something: in German every noun has one, in headings every word."""
    words = re.findall(r"[^\W\d_]+", text)
    capital = sum(word[0].isupper() for word in words)
    return capital * 2 <= len(words) and not _ENGLISH.isdisjoint(word.lower() for word in words)


_ENGLISH = frozenset(("the", "of", "and", "is", "are", "no", "with", "for", "to", "by"))


def _is_date(found: str) -> bool:
    """Three numbers that can be a day, a month and a year, in any usual order; not 10-11-12."""
    numbers = [int(part) for part in re.findall(r"\d+", found)]
    first, second, third = numbers
    if second == first + 1 and third == second + 1:
        return False
    if first > 31:
        return 1 <= second <= 12 and 1 <= third <= 31
    return (1 <= first <= 12 and 1 <= second <= 31) or (1 <= first <= 31 and 1 <= second <= 12)


def _is_month_and_day(found: str) -> bool:
    first, second = (int(part) for part in re.findall(r"\d+", found))
    return min(first, second) >= 1 and max(first, second) <= 31 and min(first, second) <= 12


def _is_compact_date(found: str) -> bool:
    return 1 <= int(found[4:6]) <= 12 and 1 <= int(found[6:]) <= 31


def _is_number(found: str) -> bool:
    return sum(char.isdigit() for char in found) >= 4


_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def _names_nobody(word: str) -> bool:
    """A word that stands in reports with a capital, or is masked already (XXXX); no initial is."""
    plain = re.sub(r"['’]s?$", "", word.lower())
    return len(plain) > 1 and (plain in NOT_NAMES or not plain.strip("x"))


def _runs(found: str) -> Iterator[tuple[bool, Span]]:
    """Stretches of words that may name somebody, with whether more than initials are in them."""
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(found), None]:
        if word is not None and not _names_nobody(word.group()):
            run.append(word)
            continue
        if run:
            yield any(len(part.group()) > 1 for part in run), (run[0].start(), run[-1].end())
        run = []


def _first_words(found: str) -> Span | None:
    """The name that it begins with: what follows a title or a label."""
    real, (start, end) = next(_runs(found), (False, (1, 1)))
    return (start, end) if real and start == 0 else None


def _last_words(found: str) -> Span | None:
    """The name that it ends with: what stands before a degree or an age."""
    real, span = [(False, (0, 0)), *_runs(found)][-1]
    return span if real else None


def _all_words(found: str) -> Span | None:
    """All of it, if no word of it is one that reports write with a capital."""
    names = [word.group() for word in _WORD.finditer(found) if word.group()[0].isupper()]
    return None if any(map(_names_nobody, names)) else _whole(found)


def _some_word(found: str) -> Span | None:
    """All of it, if any word of it may be a name."""
    return _whole(found) if any(real for real, _ in _runs(found)) else None


def _if(holds: Callable[[str], bool]) -> Callable[[str], Span | None]:
    return lambda found: _whole(found) if holds(found) else None


_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’-]{0,40}"
_PART = rf"(?:[A-Z]\.(?:[A-Z]\.)?|{_CAPITAL})"
_OF = r"(?:van|von|der|den|de|del|della|da|di|dos|la|le|bin|ibn|al|el|ter)"
_NAME = rf"(?:{_OF} +){{0,2}}{_PART}(?:[ ^]+(?:{_OF} +){{0,2}}{_PART}){{0,3}}"
_LAST_FIRST = rf"{_CAPITAL}(?:[ ^]{_CAPITAL}){{0,2}}, ?{_CAPITAL}(?: {_PART})?"
_FULL = rf"{_PART}(?: +(?:{_OF} +){{0,2}}{_PART}){{1,3}}"
_ENDS = r"(?=\s*(?:[.,;:)\n\]]|$))"
_TITLE_CASE = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’-]{1,40}(?:[A-Z][a-z]{1,20})?"
_PAIR = rf"{_TITLE_CASE} +(?:{_OF} +){{0,2}}{_TITLE_CASE}"
_DEGREE = r"(?:M\.?D\.?|D\.?O\.?|MBBS|MBChB|FRCR|FRCPC|FRANZCR|R\.?N\.?|NP|PA-C|Ph\.?D\.?)(?!\w)"

_ROLE = (
    r"(?:(?:consultant|attending|staff|senior|chief|duty|on-call) )?"
    r"(?:radiologist|physician|registrar|resident|consultant|radiographer|technologist)\b"
)

_LABELS = (
    r"(?:patient(?:['’]s)? name|patient|pt|name|surname|first name|last name|given name|"
    r"(?:referring|ordering|attending|requesting|consulting|primary care|reporting) ?"
    r"(?:physician|doctor|provider|clinician|md|radiologist)?|"
    r"physician|radiologist|resident|fellow|provider|clinician|consultant|technologist|"
    r"radiographer|transcriptionist|gp|next of kin|contact|author|verified|signed)"
)
_BY = (
    r"(?:signed(?: off)?|dictated|transcribed|typed|read|reported|interpreted|reviewed|approved|"
    r"verified|validated|finali[sz]ed|authenticated|requested|referred|ordered|performed|entered|"
    r"edited|prepared|acknowledged|accepted) by"
)
_TOLD = (
    r"(?:discuss\w*|communicat\w*|convey\w*|relay\w*|notif\w+|inform\w*|pag(?:ed|ing)|"
    r"telephon\w*|phon\w+|call\w*|spoke\w*|told|texted|messaged)"
)
_MONTH = rf"(?:{MONTHS})\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Terrace|Highway|Hwy|"
    r"Parkway|Pkwy|Square|Crescent|Close|Straße|Strasse)"
)
_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|"
    "T[NX]|UT|V[AT]|W[AIVY]"
)
_NUMBERED = (
    r"(?:MRN|MR ?#|medical record|record|patient id(?:entifier)?|pat(?:ient)?|hospital|chart|"
    r"accession|acc|exam(?:ination)? id|order|requisition|visit|encounter|account|acct|"
    r"social security|SSN|NHS|CHI|insurance|policy|member|licen[cs]e|case|study id|study|"
    r"specimen|serial|identifier|ID)"
)


def _rule(
    kind: str, pattern: str, part: Callable[[str], Span | None] = _whole, flags: int = 0
) -> _Rule:
    return _Rule(kind, re.compile(pattern, flags), part)


_ANY_CASE = re.IGNORECASE

_RULES = (
    _rule("email", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    _rule("link", r"(?:https?://|www\.)[^\s<>()\[\]]{2,}", flags=_ANY_CASE),
    # Dates, the longest shapes first.
    _rule("date", r"(?<![\d.])\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?![\d])", _if(_is_date)),
    _rule("date", r"(?<![\d./-])\d{1,2}([-/.])\d{1,2}\1(?:19|20)\d\d(?!\d)", _if(_is_date)),
    _rule("date", r"(?<![\d./-])\d{1,2}/\d{1,2}/\d\d(?![\d/])", _if(_is_date)),
    _rule("date", r"(?<![\d./-])\d\d([-.])\d\d\1\d\d(?![\d.-])", _if(_is_date)),
    _rule("date", r"(?<![\d.])(?:19|20)\d{6}(?!\d)", _if(_is_compact_date)),
    _rule("date", r"(?<![\d/])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?!\d)"),
    _rule("date", rf"\b{_DAY}(?: of)?[ -]{_MONTH}(?:,?[ -]+(?:19|20)\d\d)?(?!\w)", flags=_ANY_CASE),
    _rule(
        "date",
        rf"\b{_MONTH}[ -]{_DAY}(?:,? +(?:19|20)\d\d)?(?![\w/]|[.]\d| *(?:mm|cm|x|to|-|%)\b)",
        flags=_ANY_CASE,
    ),
    _rule("date", rf"\b{_MONTH}(?: of|,)?[ -]+(?:19|20)\d\d(?!\w)", flags=_ANY_CASE),
    _rule(
        "date",
        r"\b(?:dated?|on|from|since|comparison|compared (?:to|with)|prior|study|exam|examination|"
        r"radiograph|radiographs|film|x-?ray):? +(?:of +)?(?P<it>\d{1,2}/\d{1,2})(?!\d|[/.]\d)",
        _if(_is_month_and_day),
        _ANY_CASE,
    ),
    _rule(
        "age",
        r"\b(?:9\d|1[0-2]\d)(?=[ -]{0,2}(?:(?:years?|yrs?)[ -]{0,2}(?:old|of age)|y/?o)\b)",
        flags=_ANY_CASE,
    ),
    _rule("age", r"\b(?:9\d|1[0-2]\d)(?=[MF]\b)"),
    _rule("age", r"\b(?:aged?|age of):? +(?P<it>9\d|1[0-2]\d)(?![\d.])", flags=_ANY_CASE),
    # Numbers with a word before them that says what they are.
    _rule(
        "phone",
        r"\b(?:phone|tel|telephone|fax|pager|beeper|cell|mobile|ext|extension|call ?back|contact)"
        r"(?: ?(?:number|no|num|#))?[.:#]* *(?P<it>\+?\(?\d[\d ().-]{1,18}\d)(?![\d%])",
        flags=_ANY_CASE,
    ),
    _rule(
        "id",
        rf"\b{_NUMBERED}(?: *(?:number|num|no|nr|id|code))?\.? *[:#=]* *"
        r"(?P<it>(?=[A-Z0-9./-]{0,31}\d)[A-Z0-9][A-Z0-9./-]{3,30}[A-Z0-9])(?![\w%])",
        _if(_is_number),
        _ANY_CASE,
    ),
    _rule("id", r"(?<![\d.-])\d{3}-\d{2}-\d{4}(?![\d-])"),
    _rule(
        "phone",
        r"(?<![\w.])(?:\+\d{1,3}[ .-]?(?:\(0\)[ ]?)?)(?:\(?\d{1,5}\)?[ .-]?){2,5}\d{2,}(?![\w])",
    ),
    _rule("phone", r"(?<![\w.])\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?![\w.]\d|\d)"),
    _rule("phone", r"(?<![\w.])\(\d{3,5}\) ?\d{3,4}[ .-]?\d{3,4}(?!\d)"),
    _rule("phone", r"(?<![\w.])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?!\d)"),
    _rule("phone", r"(?<![\w.-])\d{3}-\d{4}(?![\w.-])"),
    _rule("id", r"(?<![\d.])\d{3} \d{3} \d{4}(?![\d.])"),
    _rule("id", r"(?<![\d.])\d+(?:\.\d+){4,}(?![\d])"),
    _rule("id", r"(?<![\w.])(?=[A-Z\d-]{0,12}\d{5})[A-Z]{1,4}-?\d{5,}[A-Z]?(?!\w)"),
    _rule("id", r"(?<![\w.,])\d{7,}(?![\w]|[.,]\d)"),
    _rule(
        "address",
        rf"\b\d{{1,5}}[A-Za-z]? (?:{_CAPITAL} ){{1,4}}{_STREET}\b\.?"
        rf"(?:,? (?:Apt|Apartment|Suite|Unit|#) ?[\w-]+)?(?:, {_CAPITAL}(?: {_CAPITAL})?)?"
        rf"(?:,? (?:{_STATES})(?: \d{{5}}(?:-\d{{4}})?)?)?",
    ),
    _rule("address", rf"\b{_CAPITAL}(?: {_CAPITAL})?, (?:{_STATES}),? \d{{5}}(?:-\d{{4}})?\b"),
    _rule("address", r"\bP\.? ?O\.? Box \d+", flags=_ANY_CASE),
    _rule("address", r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}(?!\w)"),
    _rule(
        "address",
        rf"(?<![\w-])(?P<it>(?:St\.? )?{_CAPITAL}(?: (?:of |and |& )?{_CAPITAL}){{0,3}}) "
        r"(?:Hospital|Medical Cent(?:er|re)|Clinic|Infirmary|Health System|Memorial)\b",
        _some_word,
    ),
    # Names: with a title, a degree, a label, a verb of telling, or what a report begins with.
    _rule(
        "name",
        r"(?<!\w)(?:Drs?|DRS?|Doctor|DOCTOR|Mr|Mrs|MRS|Ms|Miss|Mx|Prof|PROF|Professor|Nurse)\b"
        rf"\.? *(?P<it>{_NAME})",
        _first_words,
    ),
    _rule(
        "name",
        r"(?<!\w)(?:MR|MS)\. +(?P<it>[A-Z][A-Z'’-]+(?: [A-Z][A-Z'’-]+)?)(?!\w)",
        _first_words,
    ),
    _rule("name", r"(?<!\w)(?:drs?|mrs?)\b\.? +(?P<it>[a-z][a-z'’-]+)(?!\w)", _first_words),
    _rule("name", rf"(?<!\w)(?P<it>{_NAME}),? +{_DEGREE}", _last_words),
    _rule("name", rf"(?<!\w)(?P<it>{_FULL}), +(?i:{_ROLE})", _last_words),
    _rule("name", rf"(?<!\w)(?P<it>{_LAST_FIRST}),? +{_DEGREE}", _last_words),
    _rule(
        "name",
        rf"(?<!\w)(?i:{_LABELS}) ?[:=] *(?P<it>{_LAST_FIRST}|{_FULL}|{_PART}{_ENDS})",
        _first_words,
    ),
    _rule("name", rf"(?<!\w)(?i:{_BY}):? *(?P<it>{_LAST_FIRST}|{_NAME})", _first_words),
    _rule(
        "name",
        rf"(?<!\w)(?i:{_TOLD})\b[^.\n]{{0,60}}?\b(?:with|to|by|that) +(?P<it>{_FULL})",
        _first_words,
    ),
    _rule(
        "name", rf"(?<!\w)(?i:notified|informed|paged|called|told) +(?P<it>{_FULL})", _first_words
    ),
    _rule(
        "name",
        rf"(?<!\w)(?P<it>{_FULL}),? (?:is|was|presents|presented|presenting|an?)? ?(?:an?|as)? ?"
        r"\[?\w+\]?[ -](?:year|yr|y/?o)",
        _last_words,
    ),
    _rule("name", r"(?<!\w)[A-Za-z'’-]{2,40}\^[A-Za-z'’-]{2,40}(?:\^[A-Za-z.]{0,20}){0,4}"),
)

# Two capitalised words side by side that no report writes so: in 3 of 3,900 Open-i reports.
_PAIRS = _rule("name", rf"(?<![\w-])(?P<it>{_PAIR})(?!\w)", _all_words)
