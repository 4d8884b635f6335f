"""Synthetic drafts: faithful, or corrupted in one way, with flags known from how they were made."""

from collections import Counter
from collections.abc import Collection
from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.comparator import compare
from inference.schema import Box, Comparison, Finding, Mention
from inference.states import image_labels
from inference.synthesis import (
    KINDS,
    Corrupted,
    Kind,
    Subject,
    corrupt,
    draw_cases,
    expected_flags,
    labels_for,
    write_draft,
)
from inference.synthesis.drafts import plan_draft, write_plan
from inference.synthesis.phrases import NO_WORDS, lexicon_of, phrasings, say
from inference.vocabulary import LABELS, DraftState, FlagKind, ImageState, Label, State

EFFUSION, PNEUMOTHORAX, OPACITY, NODULE, HEART = LABELS
LEFT: Box = (0.6, 0.6, 0.8, 0.9)
RIGHT: Box = (0.6, 0.1, 0.8, 0.4)
UPPER_RIGHT: Box = (0.1, 0.1, 0.3, 0.4)
MIDDLE: Box = (0.5, 0.3, 0.8, 0.7)

LEFT_EFFUSION = Finding(EFFUSION, LEFT)
LARGE_HEART = Finding(HEART, MIDDLE)
BIG_MASS = Finding(NODULE, UPPER_RIGHT)
BUSY = Subject((LEFT_EFFUSION, BIG_MASS, LARGE_HEART), frozenset({PNEUMOTHORAX}))
NORMAL = Subject((), frozenset(LABELS), normal=True)

SUBJECTS = st.builds(
    lambda states, boxes, sides: Subject(
        tuple(Finding(label, box) for label, state, box in zip(LABELS, states, boxes, strict=True)
              if state is State.PRESENT),
        frozenset(x for x, state in zip(LABELS, states, strict=True) if state is State.ABSENT),
        sides=sides,
    ),
    st.tuples(*[st.sampled_from([State.PRESENT, State.ABSENT, None])] * 5),
    st.tuples(*[st.sampled_from([LEFT, RIGHT, UPPER_RIGHT, MIDDLE, None])] * 5),
    st.booleans(),
)  # fmt: skip


def drafts(subject: Subject, count: int = 200, **options: bool) -> list[str]:
    return [
        write_draft(subject.findings, subject.absent, Random(seed), **options)
        for seed in range(count)
    ]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("state", State)
def test_each_state_of_each_label_has_at_least_forty_phrasings(label: Label, state: State) -> None:
    said = {say(each, NO_WORDS).casefold() for each in phrasings(label, state)}
    assert len(said) >= 40
    assert all(each.endswith(".") and "  " not in each and " ." not in each for each in said)


def test_a_draft_names_every_finding_in_words_of_its_own() -> None:
    words = {
        EFFUSION: ("effusion", "pleural fluid", "fluid"),
        NODULE: ("nodule", "mass"),
        HEART: ("cardi", "heart"),
    }
    for draft in drafts(BUSY):
        for known in words.values():
            assert any(word in draft.casefold() for word in known), draft


def test_a_label_that_may_not_be_denied_is_not_spoken_of() -> None:
    silent = Subject((LARGE_HEART,), frozenset({EFFUSION}))
    for draft in drafts(silent):
        for word in ("pneumothora", "PTX", "nodule", "mass", "consolidation", "lungs", "Normal"):
            assert word not in draft


def test_clear_lungs_are_said_only_where_a_nodule_may_be_denied_too() -> None:
    denied = " ".join(drafts(Subject((), frozenset({OPACITY}))))
    assert "consolidation" in denied
    assert "clear" not in denied.casefold()
    assert "lung opacity" not in denied
    both = " ".join(drafts(Subject((), frozenset({OPACITY, NODULE}))))
    assert "lungs are clear" in both.casefold()


def test_a_global_normal_is_only_for_an_image_that_nobody_marked() -> None:
    marks = ("Normal", "Unremarkable", "No acute", "No significant")
    normal = drafts(NORMAL, normal=True)
    assert any(draft.startswith(marks) or f" {marks[0]} " in draft for draft in normal)
    assert any(any(mark in draft for mark in marks[2:]) for draft in normal)
    for draft in drafts(Subject((LARGE_HEART,), frozenset({EFFUSION})), normal=True):
        assert not any(mark in draft for mark in marks)


def test_an_omission_is_never_covered_by_a_global_normal() -> None:
    subject = Subject((LEFT_EFFUSION,), frozenset({HEART}), normal=True)
    for draft in (case("drop", EFFUSION, subject, seed).draft for seed in range(100)):
        assert not any(mark in draft for mark in ("Normal c", "Normal s", "No acute", "Unremark"))


def test_sides_are_the_patients_and_named_only_where_the_frame_is_known() -> None:
    known = drafts(Subject((LEFT_EFFUSION,), frozenset()))
    assert sum("left" in draft for draft in known) > 100
    assert not any("right" in draft or "bilateral" in draft for draft in known)
    unknown = drafts(Subject((LEFT_EFFUSION,), frozenset()), sides=False)
    for word in ("left", "right", "bilateral", "both", "zone"):
        assert not any(word in draft.casefold() for draft in unknown)


def test_boxes_on_both_sides_are_bilateral_and_a_box_across_the_middle_has_no_side() -> None:
    both = drafts(Subject((LEFT_EFFUSION, Finding(EFFUSION, RIGHT)), frozenset()))
    assert any("bilateral" in draft.casefold() for draft in both)
    assert any("on both sides" in draft for draft in both)
    assert any("effusions are" in draft for draft in both)
    across = drafts(Subject((Finding(EFFUSION, MIDDLE),), frozenset()))
    assert not any(side in draft.casefold() for draft in across for side in ("left", "right"))


def test_zones_and_sizes_follow_the_box() -> None:
    masses = drafts(Subject((BIG_MASS,), frozenset()))
    assert any("right upper zone" in draft for draft in masses)
    assert not any("lower zone" in draft or "nodule" in draft for draft in masses)
    small = drafts(Subject((Finding(NODULE, (0.7, 0.1, 0.75, 0.15)),), frozenset()))
    assert any("right lower zone" in draft for draft in small)
    assert not any("mass" in draft or "large" in draft for draft in small)
    split = (Finding(OPACITY, UPPER_RIGHT), Finding(OPACITY, LEFT))
    assert not any("zone" in draft for draft in drafts(Subject(split, frozenset())))


def test_a_finding_below_threshold_is_not_in_the_draft() -> None:
    below = Finding(PNEUMOTHORAX, LEFT, 0.2, below=True)
    assert not any(
        word in draft
        for draft in drafts(Subject((below,), frozenset({EFFUSION})))
        for word in ("pneumothora", "PTX")
    )


@given(SUBJECTS, st.integers(0, 2**32))
def test_a_draft_is_never_empty_and_the_same_seed_writes_it_again(
    subject: Subject, seed: int
) -> None:
    once, again = (
        write_draft(subject.findings, subject.absent, Random(seed), sides=subject.sides)
        for _ in range(2)
    )
    assert once == again
    assert once.strip()
    assert "{" not in once


def test_layouts_vary() -> None:
    written = drafts(BUSY)
    assert any(draft.startswith(("FINDINGS:", "Findings:")) for draft in written)
    assert any("\n1. " in draft for draft in written)
    assert any("\n" not in draft and ":" not in draft for draft in written)
    assert len(set(written)) > 0.95 * len(written)


# --- corruption ------------------------------------------------------------------------------


def case(kind: Kind, label: Label | None, subject: Subject = BUSY, seed: int = 0) -> Corrupted:
    return corrupt(kind, label, subject, Random(seed))


@pytest.mark.parametrize("seed", range(30))
def test_a_corruption_leaves_the_rest_of_the_draft_as_it_was(seed: int) -> None:
    plan = plan_draft(BUSY.findings, BUSY.absent, Random(seed))
    faithful = set(write_plan(plan).replace("\n", " ").replace(".", ".|").split("|"))
    control = case("control", None, seed=seed)
    assert control.draft == write_plan(plan)
    dropped = case("drop", HEART, seed=seed).draft.replace("\n", " ").replace(".", ".|").split("|")
    words = ("cardi", "heart")
    kept = [each for each in faithful if not any(w in each.casefold() for w in words)]
    assert not any(w in each.casefold() for each in dropped for w in words)
    effusions = [each.split(":")[-1].strip() for each in kept if "effusion" in each.casefold()]
    assert all(any(each in other for other in dropped) for each in effusions)


def many(kind: Kind, label: Label, subject: Subject = BUSY, count: int = 100) -> list[str]:
    return [case(kind, label, subject, seed).draft for seed in range(count)]


def test_drop_omits_and_does_not_deny() -> None:
    for draft in many("drop", EFFUSION):
        assert not any(w in draft.casefold() for w in ("effusion", "fluid", "costophrenic"))


def test_add_asserts_what_nobody_marked() -> None:
    for draft in many("add", PNEUMOTHORAX):
        assert any(w in draft for w in ("neumothora", "PTX", "leural air", "pleural line"))
        assert not any(f"o {w}" in draft for w in ("pneumothorax", "PTX", "pleural air"))


def test_deny_denies_in_every_section() -> None:
    for draft in many("deny", EFFUSION):
        sentences = [s for s in draft.replace("\n", " ").split(". ") if "effusion" in s.casefold()]
        marks = ("no ", "not", "negative", "without", "neither", "free")
        assert all(any(m in s.casefold() for m in marks) for s in sentences)


def test_swap_side_names_the_wrong_side_only() -> None:
    alone = Subject((LEFT_EFFUSION,), frozenset())
    for draft in many("swap_side", EFFUSION, alone):
        assert "right" in draft.casefold()
        assert "left" not in draft.casefold()
    right = Subject((Finding(EFFUSION, RIGHT),), frozenset())
    assert all("left" in draft.casefold() for draft in many("swap_side", EFFUSION, right))


def test_change_location_names_the_right_side_and_a_wrong_zone() -> None:
    for draft in many("change_location", NODULE, Subject((BIG_MASS,), frozenset())):
        assert "right" in draft.casefold()
        assert "mid zone" in draft or "lower zone" in draft
        assert "upper" not in draft


def test_change_severity_names_another_grade_than_the_boxes() -> None:
    large = Subject((Finding(EFFUSION, (0.3, 0.1, 0.9, 0.4)),), frozenset())
    for draft in many("change_severity", EFFUSION, large):
        assert "small" in draft.casefold() or "moderate" in draft.casefold()
        assert "large" not in draft.casefold()


def test_hedge_leaves_it_open() -> None:
    marks = ("possib", "may ", "question", "exclude", "suspect", "could", "suggest", "borderline",
             "concern", "equivocal")  # fmt: skip
    for draft in many("hedge", HEART):
        about = [s for s in draft.replace("\n", " ").split(".") if "heart" in s or "cardi" in s]
        assert all(any(m in s.casefold() for m in marks) for s in about)


def test_repeat_contradict_and_typo_stay_in_one_section() -> None:
    for kind in ("repeat", "contradict", "typo"):
        for draft in many(kind, EFFUSION):
            headed = [w for w in ("FINDINGS:", "Findings:", "IMPRESSION:", "Impression:")
                      if w in draft]  # fmt: skip
            assert len(headed) <= 1


def test_a_typo_changes_letters_of_the_finding_and_nothing_else() -> None:
    alone = Subject((LEFT_EFFUSION,), frozenset(), sides=False)
    right_words = {"effusion", "effusions", "pleural", "fluid", "collection", "collections"}
    for draft in many("typo", EFFUSION, alone):
        assert not any(w in draft for w in ("pleural effusion", " effusion", "fluid collection"))
        letters = [Counter(word) for word in right_words]
        wrong = [w for w in draft.casefold().rstrip(".").replace(".", "").split()
                 if w not in right_words and Counter(w) in letters]  # fmt: skip
        assert wrong


@pytest.mark.parametrize(
    ("kind", "label", "expected"),
    [
        ("control", None, [("URGENT", NODULE, None, True)]),
        ("drop", NODULE, [("MISSING", NODULE, "omitted", None), ("URGENT", NODULE, None, False)]),
        ("deny", NODULE, [("MISSING", NODULE, "denied", None), ("URGENT", NODULE, None, False)]),
        (
            "drop",
            EFFUSION,
            [("MISSING", EFFUSION, "omitted", None), ("URGENT", NODULE, None, True)],
        ),
        ("deny", HEART, [("URGENT", NODULE, None, True), ("MISSING", HEART, "denied", None)]),
        (
            "add",
            PNEUMOTHORAX,
            [("UNSUPPORTED", PNEUMOTHORAX, None, None), ("URGENT", NODULE, None, True)],
        ),
        ("hedge", NODULE, [("URGENT", NODULE, None, True)]),
        ("swap_side", EFFUSION, [("URGENT", NODULE, None, True)]),
        ("contradict", NODULE, [("URGENT", NODULE, None, True)]),
    ],
)
def test_the_right_flags_are_known(
    kind: Kind, label: Label | None, expected: list[tuple[object, ...]]
) -> None:
    flags = case(kind, label).expected_flags
    assert [(f.kind, f.label, f.reason, f.reported) for f in flags] == expected


def states_after(kind: Kind, label: Label | None, subject: Subject) -> dict[Label, State]:
    """What a perfect reader reads in the corrupted draft, written down a second time."""
    read = dict.fromkeys((finding.label for finding in subject.findings), State.PRESENT)
    if label is not None:
        read[label] = {"deny": State.ABSENT, "hedge": State.UNCERTAIN}.get(kind, State.PRESENT)
        if kind == "drop":
            del read[label]
    return read


def judged(subject: Subject, states: dict[Label, State]) -> Comparison:
    return compare(
        image_state=ImageState.GROUNDED,
        image_labels=image_labels(subject.findings),
        findings=subject.findings,
        draft_state=DraftState.PARSED,
        mentions=[Mention(label, state, 0, 1) for label, state in states.items()],
    )


@given(SUBJECTS, st.sampled_from(KINDS))
def test_the_comparator_agrees_with_the_known_truth_on_a_perfect_reading(
    subject: Subject, kind: Kind
) -> None:
    for label in labels_for(kind, subject) if kind != "control" else [None]:
        expected = expected_flags(kind, label, {f.label for f in subject.findings})
        flags = judged(subject, states_after(kind, label, subject)).flags
        assert [(f.kind, f.label, f.reason, f.reported) for f in flags] == [
            (f.kind, f.label, f.reason, f.reported) for f in expected
        ]


@given(SUBJECTS, st.sampled_from(KINDS), st.integers(0, 2**20))
def test_every_label_that_is_offered_can_be_corrupted(
    subject: Subject, kind: Kind, seed: int
) -> None:
    for label in labels_for(kind, subject):
        assert case(kind, label, subject, seed).draft.strip()
    assert not set(labels_for("add", subject)) - subject.absent
    assert set(labels_for("swap_side", subject)) <= set(LABELS) - {HEART}


def test_what_cannot_be_done_is_refused() -> None:
    with pytest.raises(ValueError, match="add takes a label"):
        case("add", None)
    with pytest.raises(ValueError, match="control takes no label"):
        case("control", HEART)
    with pytest.raises(ValueError, match="drop cannot be done to pneumothorax"):
        case("drop", PNEUMOTHORAX)
    unframed = Subject((LEFT_EFFUSION,), frozenset(), sides=False)
    with pytest.raises(ValueError, match="swap_side cannot be done"):
        case("swap_side", EFFUSION, unframed)
    assert labels_for("control", BUSY) == ()
    assert labels_for("change_severity", Subject((Finding(HEART),), frozenset())) == ()


# --- drawing cases ---------------------------------------------------------------------------


def subjects() -> dict[str, Subject]:
    """One normal image, and per label many images that show it: the rare one in one image only."""
    known = {"normal": NORMAL, "quiet": Subject((), frozenset({EFFUSION}))}
    for label in LABELS:
        for number in range(1 if label is PNEUMOTHORAX else 10):
            absent = frozenset(LABELS) - {label}
            known[f"{label}-{number}"] = Subject((Finding(label, LEFT),), absent)
    return known


def test_kinds_and_labels_come_in_equal_parts_however_rare_they_are() -> None:
    cases = list(draw_cases(subjects(), ("drop", "add", "control"), 300, seed=5))
    assert Counter(each.case.kind for each in cases) == dict.fromkeys(
        ["drop", "add", "control"], 100
    )
    by_label = Counter((each.case.kind, each.case.label) for each in cases)
    for label in LABELS:
        assert by_label["drop", label] == 20
        assert by_label["add", label] == 20
    shown = Counter(
        subjects()[each.image].findings[0].label if subjects()[each.image].findings else None
        for each in cases
        if each.case.kind == "control"
    )
    assert max(shown.values()) - min(shown.values()) <= 1
    assert set(shown) == {None, *LABELS}
    assert len({each.id for each in cases}) == 300


def test_additions_go_to_images_with_and_without_findings() -> None:
    cases = list(draw_cases(subjects(), ("add",), 200, seed=5))
    empty = sum(not subjects()[each.image].findings for each in cases)
    assert 60 < empty < 140


def test_the_same_seed_draws_the_same_cases_and_another_seed_others() -> None:
    drawn = [list(draw_cases(subjects(), KINDS, 60, seed)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]
    assert drawn[0][:20] == list(islice(draw_cases(subjects(), KINDS, 60, 1), 20))


def test_most_drafts_are_distinct_even_from_few_images() -> None:
    few: Collection[str] = [
        each.case.draft for each in draw_cases({"a": BUSY}, ("drop", "control"), 300, seed=3)
    ]
    assert len(set(few)) > 0.8 * len(few)


def test_a_kind_that_no_image_can_give_is_refused() -> None:
    with pytest.raises(ValueError, match="no image can give the kinds drop, swap_side"):
        list(draw_cases({"a": NORMAL}, ("control", "drop", "swap_side"), 3, seed=1))


def test_flags_of_every_kind_are_expected_somewhere() -> None:
    kinds = {
        flag.kind
        for each in draw_cases(subjects(), KINDS, 200, seed=2)
        for flag in each.case.expected_flags
    }
    assert kinds == set(FlagKind)


def test_severities_have_one_more_grade_than_limits() -> None:
    for label in LABELS:
        assert len(lexicon_of(label).severities) == len(lexicon_of(label).areas) + 1
