"""Recovery through its public door: raw text in, findings or mentions and an account out."""

import json
import random
import string
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.boxes import BoxFormat
from inference.recovery import (
    FindingRecovery,
    ImageFrame,
    recover_findings,
    recover_mentions,
    split_thinking,
)
from inference.schema import Finding
from inference.vocabulary import LABELS, DraftState, ImageState, Label, LedgerReason, State

ASKED = BoxFormat()
BASE = BoxFormat(scale=1000.0, padded=True)
FRAME = ImageFrame((ASKED, BASE), height=600, width=500)

EFFUSION = Label.PLEURAL_EFFUSION
PNEUMOTHORAX = Label.PNEUMOTHORAX
OPACITY = Label.LUNG_OPACITY_CONSOLIDATION
NODULE = Label.NODULE_MASS
HEART = Label.CARDIOMEGALY


def recover(raw: str, frame: ImageFrame = FRAME) -> FindingRecovery:
    result = recover_findings(raw, frame)
    assert result.account.balanced
    assert result.account.ledger == len(result.ledger)
    return result


def reasons(result: FindingRecovery) -> list[LedgerReason]:
    return [entry.reason for entry in result.ledger]


def said(result: FindingRecovery) -> list[tuple[Label, tuple[float, ...] | None]]:
    return [(finding.label, finding.box) for finding in result.findings]


GOOD = '[{"label": "pneumothorax", "box_2d": [0.1, 0.2, 0.3, 0.4]}]'
ONE = [(PNEUMOTHORAX, (0.1, 0.2, 0.3, 0.4))]


def test_an_answer_as_asked_is_used_as_it_stands() -> None:
    result = recover(GOOD)
    assert said(result) == ONE
    assert result.image_state is ImageState.GROUNDED
    assert result.labels == {
        x: State.PRESENT if x is PNEUMOTHORAX else State.ABSENT for x in LABELS
    }
    assert (result.account.used, result.account.recovered, result.account.ledger) == (1, 0, 0)
    assert result.schema_valid
    assert not result.image_normal


@pytest.mark.parametrize(
    "raw",
    [
        f"```json\n{GOOD}\n```",
        f"Here is what I see [see image]:\n{GOOD}\nPlease note [1] that I am a model.",
        "[{'label': 'pneumothorax', 'box_2d': [0.1, 0.2, 0.3, 0.4]}]",
        '[{"label": "pneumothorax", "box_2d": [0.1, 0.2, 0.3, 0.4],},]',
        '[{label: "pneumothorax", box_2d: [.1 0.2, 0.3, 0.4]}] // done',
        "[{“label”: “pneumothorax”, “box_2d”: [0.1, 0.2, 0.3, 0.4]}]",
        '{"findings": [{"label": "pneumothorax", "box_2d": [0.1, 0.2, 0.3, 0.4]}]}\n',
        '{"label": "Pneumothorax", "bbox": [0.1, 0.2, 0.3, 0.4]}',
        '[{"finding": "PTX", "box": [0.1, 0.2, 0.3, 0.4]}]',
        '[{"label": "pneumothorax", "box_2d": [0.3, 0.4, 0.1, 0.2]}]',
        '[{"label": "pneumo\\u0074horax", "box_2d": [0.1, 0.2, /* y1 */ 0.3, 0.4]}] ok',
        '[{"label" = "pneumothorax"; "box_2d": [[0.1, 0.2, 0.3, 0.4]]}]',
        '<think>a [{"label": "nodule_mass"}]?</think>[{"label": "ptx", "box": [.1,.2,.3,.4]}]',
        'it may be a mass</think>[{"label": "ptx", "box": [.1,.2,.3,.4]}]',
    ],
)
def test_forms_of_one_answer_are_recovered_without_loss(raw: str) -> None:
    result = recover(raw)
    assert said(result) == ONE
    assert result.ledger == ()
    assert result.image_state is ImageState.GROUNDED
    assert (result.account.emitted, result.account.used, result.account.recovered) in {
        (1, 0, 1),
        (1, 1, 0),
    }


def test_a_wrapper_and_a_fence_are_told_apart_from_the_schema() -> None:
    assert not recover(f"```json\n{GOOD}\n```").schema_valid
    assert not recover(GOOD.replace("pneumothorax", "Pneumothorax")).schema_valid


def test_no_finding_is_a_normal_image_and_not_a_finding() -> None:
    result = recover('[{"label": "no_finding", "box_2d": null}]')
    assert result.image_normal
    assert result.findings == ()
    assert result.schema_valid
    assert set(result.labels.values()) == {State.ABSENT}


@pytest.mark.parametrize("other", ['{"label": "mass"}', '{"label": "mass", "status": "possible"}'])
def test_no_finding_beside_a_positive_is_a_conflict(other: str) -> None:
    result = recover(f'[{{"label": "No finding"}}, {other}]')
    assert not result.image_normal
    assert reasons(result) == [LedgerReason.NO_FINDING_CONFLICT]
    assert result.labels[NODULE] in (State.PRESENT, State.UNCERTAIN)


def test_a_second_no_finding_is_a_duplicate() -> None:
    result = recover('["no_finding", "normal"]')
    assert result.image_normal
    assert reasons(result) == [LedgerReason.DUPLICATE]


def test_an_empty_list_is_an_answer() -> None:
    result = recover("[]")
    assert result.image_state is ImageState.GROUNDED
    assert result.schema_valid
    assert not result.image_normal
    assert set(result.labels.values()) == {State.ABSENT}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", LedgerReason.UNPARSABLE),
        ("I cannot help with that.", LedgerReason.UNPARSABLE),
        ("Pneumothorax on the left [see arrow].", LedgerReason.UNPARSABLE),
        ("{}", LedgerReason.UNPARSABLE),
        ("[0.1, 0.2, 0.3, 0.4]", LedgerReason.UNPARSABLE),
        ('[{"label": null, "box_2d": [0.1, 0.2, 0.3, 0.4]}]', LedgerReason.UNPARSABLE),
        ('[{"label": "pneu', LedgerReason.TRUNCATED),
        ('[{"box_2d": [0.1, 0.2', LedgerReason.TRUNCATED),
        ("[", LedgerReason.TRUNCATED),
        ('<think>The heart is large. [{"label": "mass"}]', LedgerReason.TRUNCATED),
    ],
)
def test_nothing_usable_is_failed_and_never_an_empty_normal(raw: str, reason: LedgerReason) -> None:
    result = recover(raw)
    assert result.image_state is ImageState.FAILED
    assert result.findings == ()
    assert not result.image_normal
    assert set(result.labels.values()) == {None}
    assert reasons(result) == [reason]
    assert not result.schema_valid


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        ("[100, 200, 300, 400]", (0.1, 0.14, 0.3, 0.38)),
        ("[300, 400, 100, 200]", (0.1, 0.14, 0.3, 0.38)),
        ("[1000, 2000, 3000, 4000]", None),
        ("[0.1, 0.2, 0.3]", None),
        ('"upper left"', None),
        ("[0.1, 0.2, 0.1, 0.4]", None),
        ('[0.1, "0.2", 0.3, 0.4]', None),
        ("{}", None),
    ],
)
def test_a_box_is_converted_or_given_up_but_its_finding_stays(
    box: str, kept: tuple[float, ...] | None
) -> None:
    result = recover(f'[{{"label": "pneumothorax", "box_2d": {box}}}]')
    (finding,) = result.findings
    assert finding.label is PNEUMOTHORAX
    assert result.image_state is ImageState.GROUNDED
    assert result.account.used == 0
    assert result.account.recovered == 1
    if kept is None:
        assert finding.box is None
        assert reasons(result) == [LedgerReason.BAD_BOX]
        assert box in result.ledger[0].raw
        assert result.ledger[0].detail
    else:
        assert finding.box == pytest.approx(kept)
        assert result.ledger == ()


def test_a_box_of_thousandths_that_is_written_in_fractions_is_seen() -> None:
    frame = ImageFrame((BoxFormat(scale=1000.0),), 600, 500)
    result = recover('[{"label": "pneumothorax", "box_2d": [0.1, 0.2, 0.3, 0.4]}]', frame)
    assert said(result) == ONE
    assert (result.account.used, result.account.recovered) == (0, 1)
    lost = recover('[{"label": "pneumothorax", "box_2d": [-9, -9, 1, 1]}]', frame)
    assert said(lost) == [(PNEUMOTHORAX, None)]
    assert reasons(lost) == [LedgerReason.BAD_BOX]


def test_a_box_of_corner_and_size_is_not_reordered() -> None:
    frame = ImageFrame((BoxFormat(order="xywh"),), 600, 500)
    result = recover('[{"label": "mass", "box_2d": [0.5, 0.5, -0.1, 0.2]}]', frame)
    assert said(result) == [(NODULE, None)]


def test_several_boxes_of_one_element_are_several_findings() -> None:
    raw = '[{"label": "nodule_mass", "boxes": [[0.1, 0.1, 0.2, 0.2], [0.5, 0.5, 0.6, 0.6]]}]'
    result = recover(raw)
    assert said(result) == [(NODULE, (0.1, 0.1, 0.2, 0.2)), (NODULE, (0.5, 0.5, 0.6, 0.6))]
    assert result.account.emitted == 2


@pytest.mark.parametrize("box", ["null", "[]", "None"])
def test_no_box_is_no_loss(box: str) -> None:
    result = recover(f'[{{"label": "cardiomegaly", "box_2d": {box}}}]')
    assert said(result) == [(HEART, None)]
    assert result.ledger == ()


@pytest.mark.parametrize(
    ("native", "label"),
    [("mass", NODULE), ("Effusion", EFFUSION), ("Nodule/Mass", NODULE), ("left effusion", EFFUSION),
     ("Lung Opacity", OPACITY), ("Enlarged heart", HEART)],
)  # fmt: skip
def test_synonyms_are_our_labels(native: str, label: Label) -> None:
    assert said(recover(json.dumps([native]))) == [(label, None)]


def test_a_label_we_do_not_know_makes_the_image_partial() -> None:
    result = recover('[{"label": "atelectasis"}, {"label": "no pneumothorax"}, "cardiomegaly"]')
    assert said(result) == [(HEART, None)]
    assert reasons(result) == [LedgerReason.UNKNOWN_LABEL] * 2
    assert [entry.detail for entry in result.ledger] == ["atelectasis", "no pneumothorax"]
    assert result.image_state is ImageState.PARTIAL
    assert recover('["atelectasis"]').image_state is ImageState.PARTIAL


def test_a_repeated_element_is_a_duplicate_and_another_box_is_not() -> None:
    element = '{"label": "mass", "box_2d": [0.1, 0.1, 0.2, 0.2]}'
    other = '{"label": "mass", "box_2d": [0.5, 0.5, 0.6, 0.6]}'
    result = recover(f"[{element}, {element}, {other}, {element}]")
    assert len(result.findings) == 2
    assert reasons(result) == [LedgerReason.DUPLICATE] * 2
    assert result.image_state is ImageState.GROUNDED


@pytest.mark.parametrize("end", range(1, len(GOOD)))
def test_a_cut_answer_is_never_grounded_and_keeps_what_was_said(end: int) -> None:
    raw = GOOD[:-1] + ', {"label": "cardiomegaly", "box_2d": [0.4, 0.3, 0.8, 0.7]}]'
    result = recover(raw[: len(GOOD) - 1 + end])
    assert result.image_state is ImageState.PARTIAL
    assert said(result)[:1] == ONE
    assert LedgerReason.TRUNCATED in reasons(result)
    if "cardiomegaly" in raw[: len(GOOD) - 1 + end] and len(said(result)) == 2:
        assert said(result)[1][0] is HEART


def test_a_cut_box_leaves_its_finding() -> None:
    result = recover('[{"label": "pneumothorax", "box_2d": [0.1, 0.2')
    assert said(result) == [(PNEUMOTHORAX, None)]
    assert set(reasons(result)) == {LedgerReason.BAD_BOX, LedgerReason.TRUNCATED}


def test_junk_inside_a_list_is_a_row_and_the_rest_is_read() -> None:
    result = recover('[{"label": "mass"}, 17, {"box": [1, 2, 3, 4]}, {"label": "effusion"}]')
    assert [finding.label for finding in result.findings] == [NODULE, EFFUSION]
    assert reasons(result) == [LedgerReason.UNPARSABLE] * 2
    assert result.image_state is ImageState.PARTIAL


def test_a_forgotten_bracket_does_not_swallow_the_next_element() -> None:
    result = recover('[{"label": "mass", "box_2d": [0.1, 0.1, 0.2, 0.2] {"label": "effusion"}]')
    assert [finding.label for finding in result.findings] == [NODULE, EFFUSION]
    result = recover('[{"label": "mass"}}, {"label": "effusion"}]')
    assert [finding.label for finding in result.findings] == [NODULE, EFFUSION]


def test_a_stated_absence_and_doubt_are_heard() -> None:
    raw = (
        '[{"label": "pneumothorax", "present": false}, {"label": "mass", "status": "Uncertain"},'
        ' {"label": "effusion", "status": "present"}, {"label": "effusion", "status": "possible"}]'
    )
    result = recover(raw)
    assert [finding.label for finding in result.findings] == [EFFUSION]
    assert result.labels[PNEUMOTHORAX] is State.ABSENT
    assert result.labels[NODULE] is State.UNCERTAIN
    assert result.labels[EFFUSION] is State.PRESENT
    assert result.ledger == ()


@pytest.mark.parametrize(
    ("score", "kept"),
    [("0.75", 0.75), ("75", None), ("true", None), ('"high"', None), ("-1", None)],
)
def test_a_score_is_kept_where_it_can_be_placed(score: str, kept: float | None) -> None:
    result = recover(f'[{{"label": "mass", "confidence": {score}}}]')
    assert result.findings == (Finding(NODULE, None, kept),)


def test_deep_nesting_and_odd_numbers_do_no_harm() -> None:
    assert recover("[" * 5000).image_state is ImageState.FAILED
    assert recover('{"a":' * 5000).image_state is ImageState.FAILED
    huge = recover('[{"label": "mass", "box_2d": [1e999, NaN, 0.3, 1e308]}]')
    assert said(huge) == [(NODULE, None)]


def test_thinking_is_kept_aside() -> None:
    raw = f"<think>a\nb</think>{GOOD}<unused94>thought\nc<unused95>"
    result = recover(raw)
    assert said(result) == ONE
    assert "a\nb" in result.thoughts
    assert "c" in result.thoughts
    split = split_thinking("no thoughts")
    assert (split.thoughts, split.answer, split.unfinished) == ("", "no thoughts", False)


DRAFT = "Heart size normal. No pneumothorax. No  pneumothorax on either side. Massive effusion."


def statement(label: str, status: object, span: object) -> dict[str, object]:
    return {"label": label, "status": status, "span": span}


def mentions_of(elements: Sequence[object], draft: str = DRAFT):  # type: ignore[no-untyped-def]
    result = recover_mentions(json.dumps(elements), draft)
    assert result.account.balanced
    assert all(draft[m.start : m.end] == m.text for m in result.mentions)
    return result


def test_mentions_are_tied_to_their_characters_in_order_of_the_draft() -> None:
    result = mentions_of(
        [
            statement("pleural_effusion", "present", "Massive effusion"),
            statement("pneumothorax", "absent", "No pneumothorax"),
            statement("pneumothorax", "absent", "no PNEUMOTHORAX"),
            statement("pneumothorax", "absent", "No pneumothorax"),
        ]
    )
    assert [(m.label, m.state, m.start) for m in result.mentions] == [
        (PNEUMOTHORAX, State.ABSENT, 19),
        (PNEUMOTHORAX, State.ABSENT, 36),
        (EFFUSION, State.PRESENT, 69),
    ]
    assert [entry.reason for entry in result.ledger] == [LedgerReason.DUPLICATE]
    assert result.draft_state is DraftState.PARSED
    assert (result.account.used, result.account.recovered) == (2, 1)
    assert not result.schema_valid


def test_an_exact_answer_about_a_draft_is_schema_valid() -> None:
    assert mentions_of([statement("pneumothorax", "absent", "No pneumothorax")]).schema_valid
    assert mentions_of([]).draft_state is DraftState.PARSED


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        (statement("atelectasis", "present", "Massive"), LedgerReason.UNKNOWN_LABEL),
        (statement("mass", "perhaps", "Massive"), LedgerReason.UNPARSABLE),
        (statement("mass", ["present"], "Massive"), LedgerReason.UNPARSABLE),
        ({"label": "mass", "span": "Massive"}, LedgerReason.UNPARSABLE),
        (statement("mass", "present", "a 3 cm mass"), LedgerReason.SPAN_NOT_IN_DRAFT),
        (statement("mass", "present", None), LedgerReason.SPAN_NOT_IN_DRAFT),
        (statement("mass", "present", "  "), LedgerReason.SPAN_NOT_IN_DRAFT),
        (statement("no_finding", "absent", "Massive"), LedgerReason.NO_FINDING_CONFLICT),
    ],
)
def test_what_cannot_be_placed_in_the_draft_is_a_row(element: object, reason: LedgerReason) -> None:
    result = mentions_of([element])
    assert result.mentions == ()
    assert [entry.reason for entry in result.ledger] == [reason]
    unread = reason is LedgerReason.UNPARSABLE
    assert result.draft_state is (DraftState.UNPARSED if unread else DraftState.PARSED)


def test_a_global_normal_denies_what_has_no_mention_of_its_own() -> None:
    draft = "No acute disease. Mild cardiomegaly."
    result = mentions_of(
        [
            statement("no_finding", "present", "No acute disease"),
            statement("cardiomegaly", "present", "Mild cardiomegaly"),
        ],
        draft,
    )
    states = {m.label: m.state for m in result.mentions}
    assert states.pop(HEART) is State.PRESENT
    assert states == {x: State.ABSENT for x in LABELS if x is not HEART}
    assert result.account.emitted == 2


@pytest.mark.parametrize("raw", ["", "It is fine.", "<think>hm", '[{"label": "mass", "status'])
def test_an_unread_answer_is_an_unparsed_draft(raw: str) -> None:
    result = recover_mentions(raw, DRAFT)
    assert result.draft_state is DraftState.UNPARSED
    assert result.account.balanced
    assert result.ledger
    assert not result.schema_valid


def realistic(rng: random.Random) -> str:
    names = ["pneumothorax", "Nodule/Mass", "mass", "Effusion", "no_finding", "atelectasis",
             "cardiomegaly", "lung opacity", "lung_opacity_consolidation"]  # fmt: skip
    elements = []
    for _ in range(rng.randrange(5)):
        scale = rng.choice((1, 1, 1000))
        box = [round(rng.random() * scale, 3) for _ in range(4)]
        elements.append(
            {"label": rng.choice(names), "box_2d": rng.choice((box, box, None, [box], "none"))}
        )
    text = json.dumps(elements, indent=rng.choice((None, 2)))
    wrap = rng.choice(("{}", "```json\n{}\n```", "<think>so [1]</think>\n{}", "Findings: {} (end)"))
    return wrap.replace("{}", text)


def mutated(text: str, rng: random.Random) -> str:
    for _ in range(rng.randrange(1, 6)):
        at, to = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
        piece = text[at : min(to, at + 12)]
        noise = "".join(
            rng.choice(string.punctuation + "\n\0é😀0n") for _ in range(rng.randrange(4))
        )
        text = rng.choice(
            (
                text[:at] + text[at + len(piece) :],
                text[:at] + noise + text[at:],
                text[:at] + piece * 3 + text[at:],
                text[:to],
                text[at:],
                text.replace('"', "'"),
            )
        )
    return text


def test_ten_thousand_mutated_answers_balance_and_never_raise() -> None:
    rng = random.Random(20261122)
    outcomes = dict.fromkeys(ImageState, 0)
    for _ in range(10_000):
        raw = mutated(realistic(rng), rng)
        result = recover(raw)
        outcomes[result.image_state] += 1
        assert not (result.image_normal and result.findings)
        draft = recover_mentions(raw.replace("box_2d", "span"), raw)
        assert draft.account.balanced
        assert all(raw[m.start : m.end] == m.text for m in draft.mentions)
    assert min(outcomes.values()) > 500


@given(st.text() | st.text(alphabet="[]{}\"',:\\ labelmss0.15-\n<think>/"))
def test_any_text_balances_and_never_raises(raw: str) -> None:
    result = recover(raw)
    failed = result.image_state is ImageState.FAILED
    assert failed == (set(result.labels.values()) == {None})
    assert recover_mentions(raw, raw).account.balanced


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["label", "box_2d", "status", "score", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_balances_and_never_raises(value: object) -> None:
    recover(json.dumps(value))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(LABELS),
            st.tuples(*[st.integers(0, 400)] * 2, *[st.integers(401, 1000)] * 2),
        ),
        max_size=6,
        unique=True,
    )
)
def test_what_is_written_as_asked_is_read_as_written(
    elements: list[tuple[Label, tuple[int, int, int, int]]],
) -> None:
    boxes = [(label, tuple(side / 1000 for side in box)) for label, box in elements]
    raw = json.dumps([{"label": label, "box_2d": box} for label, box in boxes])
    result = recover(raw)
    assert [finding.label for finding in result.findings] == [label for label, _ in boxes]
    for finding, (_, box) in zip(result.findings, boxes, strict=True):
        assert finding.box == pytest.approx(box)
    assert result.schema_valid
    assert result.account.used == len(elements)
