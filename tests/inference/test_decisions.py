"""Every answer a reader can give has exactly one meaning, and every other is refused."""

import pytest

from inference.decisions import (
    AnswerRefused,
    Layers,
    Reason,
    Verdict,
    check_answer,
    layers,
    reasons_for,
)
from inference.vocabulary import FlagKind


@pytest.mark.parametrize("kind", FlagKind)
@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_accepted_exactly_where_it_is_offered(kind: FlagKind, reason: Reason) -> None:
    if reason in reasons_for(kind):
        check_answer(kind, Verdict.DISMISSED, reason, has_box=False)
        layers(kind, Verdict.DISMISSED, reason)
    else:
        with pytest.raises(AnswerRefused, match="does not fit") as refused:
            check_answer(kind, Verdict.DISMISSED, reason, has_box=False)
        assert refused.value.field == "reason"


@pytest.mark.parametrize("kind", FlagKind)
def test_a_dismissal_without_a_reason_is_refused(kind: FlagKind) -> None:
    with pytest.raises(AnswerRefused) as refused:
        check_answer(kind, Verdict.DISMISSED, None, has_box=False)
    assert refused.value.field == "reason"


@pytest.mark.parametrize("verdict", [Verdict.CONFIRMED, Verdict.CONFIRMED_MODIFIED])
def test_a_confirmation_takes_no_reason(verdict: Verdict) -> None:
    with pytest.raises(AnswerRefused) as refused:
        check_answer(FlagKind.MISSING, verdict, Reason.DUPLICATE, has_box=True)
    assert refused.value.field == "reason"


def test_a_modified_confirmation_needs_its_box() -> None:
    check_answer(FlagKind.MISSING, Verdict.CONFIRMED_MODIFIED, None, has_box=True)
    with pytest.raises(AnswerRefused) as refused:
        check_answer(FlagKind.MISSING, Verdict.CONFIRMED_MODIFIED, None, has_box=False)
    assert refused.value.field == "box"


def test_an_unsupported_flag_has_no_box_to_modify() -> None:
    with pytest.raises(AnswerRefused) as refused:
        check_answer(FlagKind.UNSUPPORTED, Verdict.CONFIRMED_MODIFIED, None, has_box=True)
    assert refused.value.field == "verdict"


def test_a_misread_draft_dismisses_missing_and_leaves_the_finding_true() -> None:
    said = layers(FlagKind.MISSING, Verdict.DISMISSED, Reason.DRAFT_MISREAD)
    assert said == Layers(finding_true=True, box_right=True, draft_read_right=False)
    assert Reason.DRAFT_MISREAD not in reasons_for(FlagKind.URGENT)


def test_confirming_unsupported_says_the_finding_is_false() -> None:
    said = layers(FlagKind.UNSUPPORTED, Verdict.CONFIRMED, None)
    assert (said.finding_true, said.draft_read_right) == (False, True)


def test_a_modified_box_keeps_the_finding_and_fails_the_box() -> None:
    said = layers(FlagKind.URGENT, Verdict.CONFIRMED_MODIFIED, None)
    assert (said.finding_true, said.box_right) == (True, False)


@pytest.mark.parametrize("kind", [FlagKind.MISSING, FlagKind.URGENT])
def test_true_but_not_relevant_never_makes_the_finding_false(kind: FlagKind) -> None:
    assert layers(kind, Verdict.DISMISSED, Reason.TRUE_BUT_NOT_RELEVANT).finding_true is True


@pytest.mark.parametrize("kind", FlagKind)
def test_an_indeterminate_answer_settles_nothing(kind: FlagKind) -> None:
    assert layers(kind, Verdict.INDETERMINATE, Reason.IMAGE_QUALITY) == Layers()
    assert layers(kind, Verdict.INDETERMINATE, None) == Layers()
