"""The comparator: every cell of the policy's table, evidence, sides, notes, and its laws."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.comparator import compare
from inference.schema import Box, Comparison, Finding, Mention, Side
from inference.states import draft_labels, image_labels, judged_labels
from inference.vocabulary import LABELS, DraftState, FlagKind, ImageState, Label, State
from tests.inference.strategies import AUDITS, FINDINGS, boxes

EFFUSION, PNEUMOTHORAX, OPACITY, NODULE, CARDIOMEGALY = LABELS
PRESENT, UNCERTAIN, ABSENT = State.PRESENT, State.UNCERTAIN, State.ABSENT
GROUNDED, PARTIAL, FAILED = ImageState
PARSED, EMPTY, UNPARSED = DraftState

ON_THE_LEFT = (0.1, 0.6, 0.4, 0.9)
ON_THE_RIGHT = (0.1, 0.1, 0.4, 0.4)
MIDLINE = (0.1, 0.4, 0.4, 0.6)


def judge(
    labels: dict[Label, State | None] | None = None,
    findings: Sequence[Finding] = (),
    mentions: Sequence[Mention] = (),
    image_state: ImageState = GROUNDED,
    draft_state: DraftState = PARSED,
) -> Comparison:
    return compare(
        image_state=image_state,
        image_labels=image_labels(findings) if labels is None else labels,
        findings=findings,
        draft_state=draft_state,
        mentions=mentions,
    )


def said(label: Label, state: State, start: int = 0, **more: Any) -> Mention:
    return Mention(label, state, start, start + 5, **more)


def kinds(comparison: Comparison) -> list[tuple[str, str | None]]:
    return [(flag.kind.value, flag.reason) for flag in comparison.flags]


MISSING_DENIED = [("MISSING", "denied")]
MISSING_OMITTED = [("MISSING", "omitted")]
UNSUPPORTED = [("UNSUPPORTED", None)]


@pytest.mark.parametrize(
    ("image", "draft", "flags"),
    [
        (PRESENT, PRESENT, []),
        (PRESENT, UNCERTAIN, []),
        (PRESENT, ABSENT, MISSING_DENIED),
        (PRESENT, None, MISSING_OMITTED),
        (UNCERTAIN, PRESENT, []),
        (UNCERTAIN, UNCERTAIN, []),
        (UNCERTAIN, ABSENT, []),
        (UNCERTAIN, None, []),
        (None, PRESENT, []),
        (None, UNCERTAIN, []),
        (None, ABSENT, []),
        (None, None, []),
        (ABSENT, PRESENT, UNSUPPORTED),
        (ABSENT, UNCERTAIN, []),
        (ABSENT, ABSENT, []),
        (ABSENT, None, []),
    ],
)
@pytest.mark.parametrize("label", LABELS)
def test_each_cell_of_the_table(
    label: Label, image: State | None, draft: State | None, flags: list[tuple[str, str | None]]
) -> None:
    mentions = [said(label, draft)] if draft else []
    result = judge({label: image}, mentions=mentions)
    disagreements = [flag for flag in result.flags if flag.kind != FlagKind.URGENT]
    assert [(flag.kind.value, flag.reason) for flag in disagreements] == flags
    assert {flag.label for flag in disagreements} <= {label}
    assert result.notes == ()
    assert result.policy == "1"


@pytest.mark.parametrize("draft_state", [EMPTY, UNPARSED])
@pytest.mark.parametrize("image", [PRESENT, UNCERTAIN, ABSENT, None])
def test_an_unread_draft_misses_nothing_and_gets_a_note(
    draft_state: DraftState, image: State | None
) -> None:
    unread = [said(EFFUSION, ABSENT), said(CARDIOMEGALY, PRESENT)]
    result = judge({EFFUSION: image}, mentions=unread, draft_state=draft_state)
    assert result.flags == ()
    word = {EMPTY: "empty", UNPARSED: "could not be read"}[draft_state]
    assert word in result.notes[0]
    shown = [note for note in result.notes if "The image shows pleural effusion" in note]
    assert len(shown) == (image == PRESENT)
    assert len(result.notes) == 1 + len(shown)


@pytest.mark.parametrize("draft_state", list(DraftState))
@pytest.mark.parametrize("draft", [PRESENT, UNCERTAIN, ABSENT, None])
@pytest.mark.parametrize("image", [PRESENT, UNCERTAIN, ABSENT, None])
def test_a_failed_image_raises_nothing(
    image: State | None, draft: State | None, draft_state: DraftState
) -> None:
    findings = [Finding(PNEUMOTHORAX)] if image == PRESENT else []
    mentions = [said(PNEUMOTHORAX, draft)] if draft else []
    result = judge({PNEUMOTHORAX: image}, findings, mentions, FAILED, draft_state)
    assert (result.policy, result.flags) == ("1", ())
    assert len(result.notes) == 1
    assert "could not read the image" in result.notes[0]


@pytest.mark.parametrize(
    ("image", "draft", "flags"),
    [
        (PRESENT, PRESENT, []),
        (PRESENT, ABSENT, MISSING_DENIED),
        (PRESENT, None, MISSING_OMITTED),
        (UNCERTAIN, PRESENT, []),
        (ABSENT, PRESENT, []),
        (ABSENT, UNCERTAIN, []),
        (ABSENT, ABSENT, []),
        (ABSENT, None, []),
        (None, PRESENT, []),
    ],
)
def test_a_partial_image_still_misses_but_supports_no_absence(
    image: State | None, draft: State | None, flags: list[tuple[str, str | None]]
) -> None:
    mentions = [said(EFFUSION, draft)] if draft else []
    result = judge({EFFUSION: image}, mentions=mentions, image_state=PARTIAL)
    assert kinds(result) == flags
    assert len(result.notes) == 1
    assert "no label counts as absent" in result.notes[0]


@pytest.mark.parametrize(
    ("draft", "draft_state", "reported"),
    [
        (PRESENT, PARSED, True),
        (UNCERTAIN, PARSED, True),
        (ABSENT, PARSED, False),
        (None, PARSED, False),
        (None, EMPTY, None),
        (PRESENT, UNPARSED, None),
    ],
)
@pytest.mark.parametrize("image_state", [GROUNDED, PARTIAL])
@pytest.mark.parametrize("label", [PNEUMOTHORAX, NODULE])
def test_urgent_says_whether_the_draft_reports_it(
    label: Label,
    image_state: ImageState,
    draft: State | None,
    draft_state: DraftState,
    reported: bool | None,
) -> None:
    mentions = [said(label, draft)] if draft else []
    result = judge({label: PRESENT}, (), mentions, image_state, draft_state)
    urgent = [flag for flag in result.flags if flag.kind == FlagKind.URGENT]
    assert [(flag.label, flag.reported, flag.reason) for flag in urgent] == [
        (label, reported, None)
    ]
    tier = {PNEUMOTHORAX: 1, NODULE: 2}[label]
    assert urgent[0].rule == f"policy 1: urgent, tier {tier}"


@pytest.mark.parametrize("label", [EFFUSION, OPACITY, CARDIOMEGALY])
def test_other_labels_are_not_urgent(label: Label) -> None:
    assert judge({label: PRESENT}, mentions=[said(label, PRESENT)]).flags == ()


@pytest.mark.parametrize("image", [UNCERTAIN, ABSENT, None])
def test_only_what_the_image_shows_is_urgent(image: State | None) -> None:
    result = judge({PNEUMOTHORAX: image}, mentions=[said(PNEUMOTHORAX, UNCERTAIN)])
    assert result.flags == ()


def test_flags_come_in_label_order_then_kind_with_their_evidence() -> None:
    findings = [
        Finding(NODULE, ON_THE_RIGHT),
        Finding(PNEUMOTHORAX, ON_THE_LEFT),
        Finding(PNEUMOTHORAX, ON_THE_RIGHT),
        Finding(PNEUMOTHORAX, ON_THE_LEFT),
        Finding(PNEUMOTHORAX, None),
    ]
    mentions = [
        said(CARDIOMEGALY, PRESENT, 90),
        said(CARDIOMEGALY, UNCERTAIN, 80),
        said(CARDIOMEGALY, ABSENT, 85),
        said(PNEUMOTHORAX, ABSENT, 40),
        said(PNEUMOTHORAX, ABSENT, 10),
        said(PNEUMOTHORAX, ABSENT, 10),
        said(NODULE, UNCERTAIN, 60),
        said(NODULE, PRESENT, 50),
        said(NODULE, ABSENT, 70),
    ]
    result = judge(findings=findings, mentions=mentions)
    both_sides = (ON_THE_RIGHT, ON_THE_LEFT)
    assert [(f.label, f.kind, f.boxes, f.spans) for f in result.flags] == [
        (PNEUMOTHORAX, FlagKind.MISSING, both_sides, ((10, 15), (40, 45))),
        (PNEUMOTHORAX, FlagKind.URGENT, both_sides, ((10, 15), (40, 45))),
        (NODULE, FlagKind.URGENT, (ON_THE_RIGHT,), ((50, 55), (60, 65))),
        (CARDIOMEGALY, FlagKind.UNSUPPORTED, (), ((90, 95),)),
    ]
    assert result.flags[0].rule == "policy 1: image present, draft absent"
    assert result.flags[3].rule == "policy 1: image absent, draft present"


def test_an_omission_has_boxes_and_no_span() -> None:
    (flag,) = judge(findings=[Finding(EFFUSION, MIDLINE)], mentions=[said(NODULE, ABSENT)]).flags
    assert (flag.kind, flag.reason, flag.boxes, flag.spans) == (
        FlagKind.MISSING,
        "omitted",
        (MIDLINE,),
        (),
    )
    assert flag.rule == "policy 1: image present, draft silent"


def test_what_lies_below_the_threshold_never_counts() -> None:
    below = [Finding(PNEUMOTHORAX, ON_THE_LEFT, 0.3, below=True)]
    assert judge({PNEUMOTHORAX: ABSENT}, below).flags == ()
    result = judge({PNEUMOTHORAX: PRESENT}, below, [said(PNEUMOTHORAX, PRESENT, side="right")])
    assert [(f.boxes, f.side_agrees) for f in result.flags] == [((), None)]


def test_an_overruled_mention_never_counts() -> None:
    overruled = said(EFFUSION, PRESENT, overruled=True)
    assert kinds(judge({EFFUSION: PRESENT}, mentions=[overruled])) == MISSING_OMITTED
    assert kinds(judge({EFFUSION: ABSENT}, mentions=[overruled])) == []
    both = [said(NODULE, PRESENT, 0, overruled=True), said(NODULE, PRESENT, 10)]
    assert [flag.spans for flag in judge({NODULE: PRESENT}, mentions=both).flags] == [((10, 15),)]
    assert [flag.spans for flag in judge({NODULE: ABSENT}, mentions=both).flags] == [((10, 15),)]


def test_a_draft_that_was_not_read_is_no_evidence() -> None:
    unread = [said(NODULE, PRESENT), said(PNEUMOTHORAX, ABSENT)]
    findings = [Finding(NODULE, MIDLINE), Finding(PNEUMOTHORAX, ON_THE_LEFT)]
    result = judge(findings=findings, mentions=unread, draft_state=UNPARSED)
    assert [(flag.kind, flag.spans) for flag in result.flags] == [(FlagKind.URGENT, ())] * 2
    assert result.notes[1] == (
        "The image shows pneumothorax; nodule or mass, which no draft could be checked for."
    )


@pytest.mark.parametrize("stated", [ABSENT, UNCERTAIN])
def test_a_finding_outweighs_what_the_labels_say_and_a_note_tells(stated: State) -> None:
    result = judge({EFFUSION: stated}, [Finding(EFFUSION, MIDLINE)])
    assert kinds(result) == MISSING_OMITTED
    assert result.notes == (
        f"The model calls pleural effusion {stated} and gives a finding of it all the same:"
        " it counts as present.",
    )


def test_labels_without_a_finding_stand_and_need_no_note() -> None:
    result = judge({EFFUSION: PRESENT}, [Finding(NODULE, MIDLINE)], [said(NODULE, PRESENT)])
    assert [(f.label, f.boxes) for f in result.flags if f.kind == FlagKind.MISSING] == [
        (EFFUSION, ())
    ]
    assert result.notes == ()


@pytest.mark.parametrize(
    ("placed", "drawn", "agrees"),
    [
        (["left"], [ON_THE_LEFT], True),
        (["right"], [ON_THE_RIGHT], True),
        (["right"], [ON_THE_LEFT], False),
        (["left"], [ON_THE_RIGHT], False),
        (["bilateral"], [ON_THE_LEFT, ON_THE_RIGHT], True),
        (["left", "right"], [ON_THE_LEFT, ON_THE_RIGHT], True),
        (["left", "left"], [ON_THE_LEFT, ON_THE_LEFT], True),
        (["left"], [ON_THE_LEFT, ON_THE_RIGHT], False),
        (["bilateral"], [ON_THE_LEFT], False),
        (["left", None], [ON_THE_LEFT], True),
        ([None], [ON_THE_LEFT], None),
        (["left"], [MIDLINE], None),
        (["left"], [ON_THE_RIGHT, MIDLINE], None),
        (["left"], [ON_THE_RIGHT, None], None),
        (["left"], [None], None),
    ],
)
def test_sides_are_compared_when_both_are_known(
    placed: list[Side | None], drawn: list[Box | None], agrees: bool | None
) -> None:
    mentions = [said(NODULE, PRESENT, i * 10, side=side) for i, side in enumerate(placed)]
    result = judge(findings=[Finding(NODULE, box) for box in drawn], mentions=mentions)
    assert [(flag.kind, flag.side_agrees) for flag in result.flags] == [(FlagKind.URGENT, agrees)]
    assert len(result.notes) == (agrees is False)


def test_a_differing_side_is_a_note_and_never_a_flag() -> None:
    hedged = said(EFFUSION, UNCERTAIN, side="right")
    result = judge(findings=[Finding(EFFUSION, ON_THE_LEFT)], mentions=[hedged])
    assert result.flags == ()
    assert result.notes == (
        "The draft puts pleural effusion on the right; on the image it lies on the left.",
    )
    both = [Finding(EFFUSION, ON_THE_LEFT), Finding(EFFUSION, ON_THE_RIGHT)]
    assert judge(findings=both, mentions=[hedged]).notes[0].endswith("it lies on both sides.")


def test_notes_on_sides_come_in_label_order() -> None:
    wrong = [said(OPACITY, PRESENT, 0, side="left"), said(EFFUSION, PRESENT, 9, side="left")]
    findings = [Finding(OPACITY, ON_THE_RIGHT), Finding(EFFUSION, ON_THE_RIGHT)]
    notes = judge(findings=findings, mentions=wrong).notes
    assert ["effusion" in note for note in notes] == [True, False]


def test_a_denial_has_no_side_and_neither_has_the_heart() -> None:
    findings = [Finding(EFFUSION, ON_THE_LEFT), Finding(CARDIOMEGALY, ON_THE_LEFT)]
    mentions = [
        said(EFFUSION, PRESENT, 0, side="left"),
        said(EFFUSION, ABSENT, 10, side="right"),
        said(CARDIOMEGALY, PRESENT, 20, side="right"),
    ]
    result = judge(findings=findings, mentions=mentions)
    assert (result.flags, result.notes) == ((), ())


@given(AUDITS, st.randoms())
@settings(deadline=None)
def test_the_same_inputs_in_any_order_give_the_same_bytes(
    audit: dict[str, Any], chance: Any
) -> None:
    shuffled = {
        **audit,
        "findings": chance.sample(audit["findings"], len(audit["findings"])),
        "mentions": chance.sample(audit["mentions"], len(audit["mentions"])),
        "image_labels": dict(reversed(audit["image_labels"].items())),
    }
    assert repr(compare(**audit)) == repr(compare(**shuffled))


@given(AUDITS)
@settings(deadline=None, max_examples=300)
def test_every_audit_is_judged_within_the_policy(audit: dict[str, Any]) -> None:
    result = compare(**audit)
    image = judged_labels(audit["image_state"], audit["image_labels"], audit["findings"])
    draft = draft_labels(audit["mentions"])
    places = [(LABELS.index(f.label), list(FlagKind).index(f.kind)) for f in result.flags]
    assert places == sorted(set(places))
    for flag in result.flags:
        assert (flag.reason is not None) == (flag.kind == FlagKind.MISSING)
        assert audit["image_state"] != FAILED
        if flag.kind == FlagKind.UNSUPPORTED:
            assert (image[flag.label], draft[flag.label]) == (ABSENT, PRESENT)
        else:
            assert image[flag.label] == PRESENT
        if flag.kind != FlagKind.URGENT:
            assert audit["draft_state"] == PARSED
            assert (flag.reported, flag.side_agrees) == (None, None)
    assert all(note.endswith(".") for note in result.notes)


@given(st.lists(FINDINGS, max_size=6), st.sampled_from([GROUNDED, PARTIAL]), st.data())
@settings(deadline=None)
def test_a_faithful_draft_misses_nothing_and_asserts_nothing_unsupported(
    findings: list[Finding], image_state: ImageState, data: st.DataObject
) -> None:
    labels = image_labels(findings)
    mentions = []
    for label, state in labels.items():
        faithful = [PRESENT, UNCERTAIN] if state == PRESENT else [ABSENT, UNCERTAIN, None]
        stated = data.draw(st.sampled_from(faithful))
        mentions += [said(label, stated)] if stated else []
    result = judge(labels, findings, mentions, image_state)
    assert {flag.kind for flag in result.flags} <= {FlagKind.URGENT}
    assert all(flag.reported for flag in result.flags)


@given(AUDITS, boxes())
@settings(deadline=None)
def test_what_does_not_count_changes_nothing(audit: dict[str, Any], box: Box) -> None:
    extra = {
        **audit,
        "findings": [*audit["findings"], Finding(PNEUMOTHORAX, box, below=True)],
        "mentions": [*audit["mentions"], said(NODULE, PRESENT, overruled=True)],
    }
    assert compare(**extra) == compare(**audit)


@given(AUDITS)
@settings(deadline=None)
def test_plain_strings_from_a_database_are_judged_like_the_enums(audit: dict[str, Any]) -> None:
    plain: dict[str, Any] = {
        "image_state": str(audit["image_state"]),
        "image_labels": {str(k): v and str(v) for k, v in audit["image_labels"].items()},
        "findings": [replace(f, label=str(f.label)) for f in audit["findings"]],
        "draft_state": str(audit["draft_state"]),
        "mentions": [replace(m, label=str(m.label), state=str(m.state)) for m in audit["mentions"]],
    }
    assert compare(**plain) == compare(**audit)
