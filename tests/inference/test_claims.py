"""Claims: where statements begin and end, what kind they are, how the image supports them."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.claims import align_claims, draft_score
from inference.comparator import compare
from inference.schema import Alignment, Claim, Mention, Side
from inference.vocabulary import LABELS, DraftState, FlagKind, ImageState, Label, State
from tests.inference.strategies import AUDITS, IMAGE_LABELS, LABEL_STATES, drafts

EFFUSION, PNEUMOTHORAX, OPACITY, NODULE, CARDIOMEGALY = LABELS
PRESENT, UNCERTAIN, ABSENT = State.PRESENT, State.UNCERTAIN, State.ABSENT
GROUNDED, PARTIAL, FAILED = ImageState

WORDS = {
    "effusion": EFFUSION,
    "pneumothorax": PNEUMOTHORAX,
    "opacity": OPACITY,
    "nodule": NODULE,
    "cardiomegaly": CARDIOMEGALY,
}
MARKED = re.compile(r"([+?-])(\w+)")


def read(marked: str) -> tuple[str, list[Mention]]:
    """``"No -effusion"``: a text whose words after + ? - are present, uncertain, absent."""
    states = {"+": PRESENT, "?": UNCERTAIN, "-": ABSENT}
    text, mentions, last = "", [], 0
    for found in MARKED.finditer(marked):
        if found[2] in WORDS:
            text += marked[last : found.start()] + found[2]
            last = found.end()
            span = len(text) - len(found[2]), len(text)
            mentions.append(Mention(WORDS[found[2]], states[found[1]], *span))
    return text + marked[last:], mentions


def align(
    marked: str,
    image: Mapping[Label, State | None] | None = None,
    image_state: ImageState = GROUNDED,
) -> tuple[Claim, ...]:
    text, mentions = read(marked)
    return align_claims(
        text,
        image_state=image_state,
        image_labels={**dict.fromkeys(LABELS, ABSENT), **(image or {})},
        draft_state=DraftState.PARSED,
        mentions=mentions,
    )


def texts(marked: str) -> list[str]:
    return [claim.text for claim in align(marked)]


@pytest.mark.parametrize(
    ("draft", "statements"),
    [
        ("No -effusion. Heart normal.", ["No -effusion", "Heart normal"]),
        ("Lungs clear.No -effusion!Why?Yes", ["Lungs clear", "No -effusion!", "Why?", "Yes"]),
        ("A 2.5 cm +nodule, e.g. a cyst.", ["A 2.5 cm +nodule, e.g. a cyst"]),
        ("Approx. 3 mm. Seen by Dr. Low.", ["Approx. 3 mm", "Seen by Dr. Low"]),
        ("Lungs clear; old fracture", ["Lungs clear", "old fracture"]),
        ("FINDINGS: Clear.\nIMPRESSION:\n1. Normal.\n2) Stable.", ["Clear", "Normal", "Stable"]),
        ("IMPRESSION\n- Normal\n* Stable", ["Normal", "Stable"]),
        ("A small\nleft +effusion.\nNo change", ["A small\nleft +effusion", "No change"]),
        ("lines\n\nmore lines", ["lines", "more lines"]),
        ("Clear. FINDINGS: none", ["Clear", "none"]),
        ("INDICATION: cough.\nTECHNIQUE: AP\nFINDINGS: Clear", ["Clear"]),
        ("HISTORY: known +nodule. Cough.", ["known +nodule"]),
        ("And a -nodule. Butter", ["a -nodule", "Butter"]),
        ("The findings: none", ["The findings: none"]),
        ("1.\n2.\n...\n", []),
        ("", []),
        # One sentence that says two things is two statements.
        ("+cardiomegaly and +effusion.", ["+cardiomegaly", "+effusion"]),
        ("+effusion, no -pneumothorax.", ["+effusion", "no -pneumothorax"]),
        ("+effusion without -pneumothorax", ["+effusion", "without -pneumothorax"]),
        ("+effusion, unchanged, and +nodule", ["+effusion, unchanged", "+nodule"]),
        ("No -effusion but +cardiomegaly", ["No -effusion", "+cardiomegaly"]),
        ("+effusion. With it, a +nodule", ["+effusion", "With it, a +nodule"]),
        # A shared cue keeps a list together, and so does one label said twice.
        ("No -effusion or -pneumothorax", ["No -effusion or -pneumothorax"]),
        ("No -effusion, -opacity and -nodule", ["No -effusion, -opacity and -nodule"]),
        ("Possible ?opacity and ?nodule", ["Possible ?opacity and ?nodule"]),
        ("+effusion, and +effusion again", ["+effusion, and +effusion again"]),
        ("+effusion +nodule", ["+effusion +nodule"]),
    ],
)
def test_statements(draft: str, statements: list[str]) -> None:
    assert texts(draft) == [read(statement)[0] for statement in statements]


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("Left +effusion", "finding"),
        ("Possible ?nodule", "finding"),
        ("No -effusion or -nodule", "absence"),
        ("No rib fracture", "absence"),
        ("There is no free air", "absence"),
        ("A +nodule of 12 mm", "measurement"),
        ("The cardiothoracic ratio is 0.55", "measurement"),
        ("IMPRESSION: Left +effusion", "impression"),
        ("CONCLUSION: Stable chest", "impression"),
        ("IMPRESSION: No -effusion", "absence"),
        ("IMPRESSION: Clear\nFINDINGS: Scoliosis", "other"),
        ("INDICATION: known +nodule", "finding"),
        ("CT is recommended", "recommendation"),
        ("Please correlate clinically", "recommendation"),
        ("Consider a chest CT", "recommendation"),
        ("Follow-up in 6 weeks", "recommendation"),
        ("RECOMMENDATION: lateral view", "recommendation"),
        ("+nodule, CT recommended", "finding"),
        ("Findings suggest +opacity", "finding"),
        ("Mild scoliosis", "other"),
    ],
)
def test_kinds_of_statement(draft: str, kind: str) -> None:
    assert align(draft)[-1].type == kind


TABLE: list[tuple[State | None, State, Alignment]] = [
    (PRESENT, PRESENT, "supported"),
    (PRESENT, UNCERTAIN, "supported"),
    (PRESENT, ABSENT, "needs_review"),
    (UNCERTAIN, PRESENT, "uncertain"),
    (UNCERTAIN, UNCERTAIN, "uncertain"),
    (UNCERTAIN, ABSENT, "uncertain"),
    (None, PRESENT, "uncertain"),
    (None, UNCERTAIN, "uncertain"),
    (None, ABSENT, "uncertain"),
    (ABSENT, PRESENT, "needs_review"),
    (ABSENT, UNCERTAIN, "uncertain"),
    (ABSENT, ABSENT, "supported"),
]
PENALTY = {"supported": 0, "uncertain": 8, "needs_review": 25}


@pytest.mark.parametrize(("image", "draft", "alignment"), TABLE)
def test_each_cell_of_the_table(image: State | None, draft: State, alignment: Alignment) -> None:
    mark = {PRESENT: "+", UNCERTAIN: "?", ABSENT: "-"}[draft]
    (claim,) = align(f"Words {mark}nodule words", {NODULE: image})
    assert (claim.alignment, claim.penalty) == (alignment, PENALTY[alignment])
    assert claim.labels == (NODULE,)
    assert "nodule or mass" in claim.cause
    assert (claim.suggestion is None) == (alignment != "needs_review")


def test_a_partial_image_supports_no_denial() -> None:
    (claim,) = align("No -nodule", image_state=PARTIAL)
    assert claim.alignment == "uncertain"
    assert claim.cause == "The image was not assessed for nodule or mass."


def test_against_a_failed_image_claims_stand_unaligned() -> None:
    (claim,) = align("A +nodule", {NODULE: PRESENT}, image_state=FAILED)
    assert (claim.type, claim.labels, claim.alignment) == ("finding", (NODULE,), None)
    assert (claim.penalty, claim.cause, claim.suggestion) == (0, "", None)
    assert draft_score([claim], DraftState.PARSED) is None


@pytest.mark.parametrize("draft_state", [DraftState.EMPTY, DraftState.UNPARSED])
def test_a_draft_that_was_not_read_makes_no_claims(draft_state: DraftState) -> None:
    claims = align_claims(
        "A nodule.",
        image_state=GROUNDED,
        image_labels={},
        draft_state=draft_state,
        mentions=[Mention(NODULE, PRESENT, 2, 8)],
    )
    assert claims == ()


def test_a_claim_takes_the_worst_alignment_of_its_labels() -> None:
    image = {EFFUSION: PRESENT, NODULE: UNCERTAIN}
    (claim,) = align("No -opacity, -nodule or -effusion", image)
    assert claim.labels == (EFFUSION, OPACITY, NODULE)
    assert (claim.alignment, claim.penalty) == ("needs_review", 25)
    assert claim.cause == "The image shows pleural effusion; the draft denies it."
    assert claim.suggestion == "Pleural effusion cannot be excluded on this image."


def test_a_global_normal_is_one_claim() -> None:
    text = "No acute abnormality."
    mentions = [Mention(label, ABSENT, 0, 20) for label in LABELS]
    (claim,) = align_claims(
        text,
        image_state=GROUNDED,
        image_labels=dict.fromkeys(LABELS, ABSENT) | {NODULE: PRESENT},
        draft_state=DraftState.PARSED,
        mentions=mentions,
    )
    assert (claim.start, claim.end, claim.labels) == (0, 20, LABELS)
    assert claim.alignment == "needs_review"
    assert claim.cause == "The image shows nodule or mass; the draft denies it."


def test_a_denial_beside_an_assertion_of_the_label_is_about_a_part() -> None:
    first, second = align("Right +effusion. No left -effusion.", {EFFUSION: PRESENT})
    assert (first.alignment, second.alignment) == ("supported", "uncertain")
    assert "names it elsewhere" in second.cause
    first, second = align("Right +effusion. No left -effusion.", {EFFUSION: ABSENT})
    assert (first.alignment, second.alignment) == ("needs_review", "supported")


def test_an_overruled_statement_is_shown_and_not_aligned() -> None:
    text = "Effusion. IMPRESSION: No effusion."
    mentions = [
        Mention(EFFUSION, PRESENT, 0, 8, overruled=True),
        Mention(EFFUSION, ABSENT, 22, 33),
    ]
    first, second = align_claims(
        text,
        image_state=GROUNDED,
        image_labels={EFFUSION: ABSENT},
        draft_state=DraftState.PARSED,
        mentions=mentions,
    )
    assert (first.labels, first.alignment, first.penalty) == ((EFFUSION,), None, 0)
    assert second.alignment == "supported"
    assert draft_score([first, second], DraftState.PARSED) == 100


def test_statements_outside_the_labels_are_not_aligned() -> None:
    (claim,) = align("Mild scoliosis.")
    assert (claim.labels, claim.alignment, claim.penalty, claim.cause) == ((), None, 0, "")


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ("Clear. There is definitely and obviously a +nodule.", ["definitely", "obviously"]),
        ("This CONFIRMS a +nodule without question.", ["CONFIRMS", "without question"]),
        ("No doubt a +nodule", ["No doubt"]),
        ("Conclusively clearly +nodule", ["Conclusively", "clearly"]),
        ("The +nodule is not clearly seen", []),
        ("It cannot be confirmed, and no longer clearly visible +nodule", []),
        ("The lungs are clear", []),
        ("No definite -nodule", []),
    ],
)
def test_words_that_leave_no_doubt_are_marked_in_the_drafts_own_offsets(
    draft: str, words: list[str]
) -> None:
    text, _ = read(draft)
    spans = [span for claim in align(draft) for span in claim.overconfident]
    assert [text[start:end] for start, end in spans] == words


@pytest.mark.parametrize(
    ("sides", "suggestion"),
    [
        ([None], "Possible pleural effusion, not clearly seen on this image."),
        (["left"], "Possible left pleural effusion, not clearly seen on this image."),
        (["left", None], "Possible left pleural effusion, not clearly seen on this image."),
        (["left", "right"], "Possible pleural effusion, not clearly seen on this image."),
    ],
)
def test_an_unsupported_claim_gets_a_hedged_wording(
    sides: Sequence[Side | None], suggestion: str
) -> None:
    mentions = [Mention(EFFUSION, PRESENT, i, i + 1, side=side) for i, side in enumerate(sides)]
    (claim,) = align_claims(
        "An effusion",
        image_state=GROUNDED,
        image_labels={EFFUSION: ABSENT},
        draft_state=DraftState.PARSED,
        mentions=mentions,
    )
    assert claim.suggestion == suggestion


def test_one_claim_may_need_several_wordings() -> None:
    image = {PNEUMOTHORAX: PRESENT, EFFUSION: PRESENT}
    (claim,) = align("+nodule -pneumothorax -effusion +opacity", image)
    assert claim.suggestion == (
        "Possible lung opacity or consolidation, not clearly seen on this image."
        " Possible nodule or mass, not clearly seen on this image."
        " Pleural effusion cannot be excluded on this image."
        " Pneumothorax cannot be excluded on this image."
    )
    assert claim.cause == (
        "The image shows pleural effusion; the draft denies it."
        " The image shows pneumothorax; the draft denies it."
        " The image shows no lung opacity or consolidation; the draft asserts it."
        " The image shows no nodule or mass; the draft asserts it."
    )


def claims_of(alignments: Sequence[Alignment | None]) -> list[Claim]:
    return [
        Claim(0, 1, "x", "other", alignment=alignment, penalty=PENALTY[alignment or "supported"])
        for alignment in alignments
    ]


@pytest.mark.parametrize(
    ("alignments", "score"),
    [
        (["supported"], 100),
        (["supported", None, None], 100),
        (["uncertain"], 68),
        (["needs_review"], 0),
        (["needs_review", "supported"], 50),
        (["needs_review", "supported", "supported"], 67),
        (["uncertain", "supported", "supported"], 90),
        (["needs_review", "uncertain", "supported"], 56),
        ([None], None),
        ([], None),
    ],
)
def test_the_score_is_the_published_formula(
    alignments: list[Alignment | None], score: int | None
) -> None:
    assert draft_score(claims_of(alignments), DraftState.PARSED) == score


@pytest.mark.parametrize("draft_state", [DraftState.EMPTY, DraftState.UNPARSED])
def test_without_a_parse_there_is_no_score(draft_state: DraftState) -> None:
    assert draft_score(claims_of(["supported"]), draft_state) is None


@given(drafts(), IMAGE_LABELS)
@settings(deadline=None, max_examples=400)
def test_claims_hold_exact_spans_of_any_text(
    draft: tuple[str, list[Mention]], image: dict[Label, State | None]
) -> None:
    text, mentions = draft
    claims = align_claims(
        text,
        image_state=GROUNDED,
        image_labels=image,
        draft_state=DraftState.PARSED,
        mentions=mentions,
    )
    assert all(claim.text == text[claim.start : claim.end] != "" for claim in claims)
    assert all(one.end <= two.start for one, two in pairwise(claims))
    for mention in mentions:
        around = [c for c in claims if c.start <= mention.start and mention.end <= c.end]
        assert len(around) == 1
        assert mention.label in around[0].labels
    for claim in claims:
        for start, end in claim.overconfident:
            assert claim.start <= start < end <= claim.end


@given(drafts(), IMAGE_LABELS, st.randoms())
@settings(deadline=None)
def test_claims_do_not_depend_on_the_order_of_mentions(
    draft: tuple[str, list[Mention]], image: dict[Label, State | None], chance: Any
) -> None:
    text, mentions = draft
    shuffled = chance.sample(mentions, len(mentions))
    both = [
        align_claims(
            text,
            image_state=GROUNDED,
            image_labels=image,
            draft_state=DraftState.PARSED,
            mentions=order,
        )
        for order in (mentions, shuffled)
    ]
    assert both[0] == both[1]


@given(AUDITS, st.lists(st.sampled_from(LABEL_STATES), min_size=5, max_size=5))
@settings(deadline=None, max_examples=300)
def test_claims_need_review_exactly_where_flags_rest_on_them(
    audit: dict[str, Any], states: list[State | None]
) -> None:
    labels = dict(zip(LABELS, states, strict=True))
    audit = {**audit, "findings": (), "image_labels": labels}
    flagged = {
        span
        for flag in compare(**audit).flags
        if flag.kind != FlagKind.URGENT
        for span in flag.spans
    }
    del audit["findings"]
    for claim in align_claims("word " * 40, **audit):
        rests = any(claim.start <= start and end <= claim.end for start, end in flagged)
        assert (claim.alignment == "needs_review") == rests
