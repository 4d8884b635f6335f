"""What holds of every corpus, whatever the examples are."""

from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inference.boxes import DEDUPE_IOU, MERGE_IOU, iou, to_box
from inference.curation.examples import Example, Tally, settle
from inference.curation.selecting import Selection, rare_labels, select
from inference.curation.targets import from_box
from inference.prompts import load_prompt, prompt_names
from inference.release.tables import SPLITS
from inference.schema import Box, Finding
from inference.vocabulary import LABELS, State
from tests.inference.strategies import boxes

_FINDINGS = st.lists(
    st.builds(Finding, st.sampled_from(LABELS), st.none() | boxes(least=0.01)), max_size=6
)
_STATES = st.fixed_dictionaries(
    {label: st.sampled_from([State.PRESENT, State.ABSENT, State.ABSENT, None]) for label in LABELS}
)


@st.composite
def examples(draw: st.DrawFn) -> list[Example]:
    count = draw(st.integers(0, 12))
    return [
        Example(
            id=f"{number:02}",
            patient=draw(st.sampled_from("abcdef")),
            picture=Path(f"{number}.png"),
            states=draw(_STATES),
            settled=tuple(draw(_FINDINGS)),
            modelled=tuple(draw(_FINDINGS)),
            split=draw(st.sampled_from(["", *SPLITS])),
            fingerprint=draw(st.sampled_from([0, 1, 2**40, 2**40 - 1, 0x5A5A5A5A5A5A5A5])),
        )
        for number in range(count)
    ]


SELECTIONS = st.builds(
    Selection,
    seed=st.integers(0, 3),
    normals=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    most=st.integers(0, 3),
    near_duplicates=st.booleans(),
)


@given(examples(), SELECTIONS, st.randoms(use_true_random=False))
def test_a_selection_accounts_for_all_and_keeps_patients_whole(
    given_examples: list[Example], asked: Selection, chance: Any
) -> None:
    tally = Tally(read=len(given_examples))
    kept = select(given_examples, asked, tally)
    assert tally.kept == len(kept) == len({each.id for each in kept})
    assert tally.read == tally.kept + sum(tally.dropped.values())
    splits: dict[str, set[str]] = {}
    for each in kept:
        splits.setdefault(each.patient, set()).add(each.split)
    assert all(len(each) == 1 for each in splits.values())
    shuffled = list(given_examples)
    chance.shuffle(shuffled)
    again = Tally(read=len(shuffled))
    assert select(shuffled, asked, again) == kept
    assert again.dropped == tally.dropped


@given(examples(), SELECTIONS)
def test_normals_follow_the_ratio_and_rare_labels_stay(
    given_examples: list[Example], asked: Selection
) -> None:
    kept = select(given_examples, asked, Tally())
    for split in SPLITS:
        mine = [each for each in kept if each.split == split]
        positives = [each for each in mine if each.present]
        normals = [each for each in mine if each.normal]
        assert len(positives) + len(normals) == len(mine)
        assert len(normals) <= round(len(positives) * asked.normals)
    uncapped = select(given_examples, Selection(asked.seed, asked.normals, near_duplicates=True),
                      Tally())  # fmt: skip
    capped = select(
        given_examples, Selection(asked.seed, asked.normals, 1, 0.5, near_duplicates=True), Tally()
    )
    for split in SPLITS:
        positives = [each for each in uncapped if each.split == split and each.present]
        rare = rare_labels(positives, 0.5)
        wanted = {each.id for each in positives if each.present & rare}
        assert wanted <= {each.id for each in capped}


@given(examples())
def test_settling_leaves_one_finding_a_place_and_counts_every_box(
    given_examples: list[Example],
) -> None:
    for each in given_examples:
        tally = Tally()
        done = settle(each, tally)
        fates = Counter(tally.boxes)
        read = fates.pop("read", 0)
        assert read == sum(f.box is not None for f in (*each.settled, *each.modelled))
        assert read == sum(fates.values())
        found = [f for f in done.settled if f.box is not None]
        pairs = [(a, b) for n, a in enumerate(found) for b in found[n + 1 :] if a.label != b.label]
        assert all(iou(a.box, b.box) < DEDUPE_IOU for a, b in pairs if a.box and b.box)
        assert {f.label for f in done.settled} == done.present <= each.present
        # Nobody's doubt, and no reduced name, becomes a negative.
        absent = {label for label in LABELS if done.states[label] is State.ABSENT}
        assert absent == {label for label in LABELS if each.states[label] is State.ABSENT}


@given(st.lists(boxes(least=0.05), min_size=3, max_size=3))
def test_three_readers_of_one_place_become_one_box(drawn: list[Box]) -> None:
    states: dict[Any, State | None] = dict.fromkeys(LABELS, State.ABSENT)
    label = LABELS[0]
    one = Example("1", "a", Path("1.png"), states | {label: State.PRESENT},
                  tuple(Finding(label, box) for box in drawn))  # fmt: skip
    other = Example("1", "a", Path("1.png"), one.states, tuple(reversed(one.settled)))
    assert settle(one, Tally()).settled == settle(other, Tally()).settled
    if min(iou(drawn[0], drawn[1]), iou(drawn[1], drawn[2])) >= MERGE_IOU:
        assert len(settle(one, Tally()).settled) == 1


@given(
    boxes(), st.sampled_from(prompt_names("findings")), st.integers(64, 4000), st.integers(64, 4000)
)
def test_a_target_means_the_box_it_was_made_of(
    box: Box, name: str, height: int, width: int
) -> None:
    form = load_prompt(name, "findings").boxes
    assert form is not None
    back, reason = to_box(from_box(box, form, height, width), form, height, width)
    assert back is not None, reason
    step = (1.0 / form.scale if form.scale != "pixels" and form.scale > 1 else 1e-3) + 1e-9
    slack = step * max(height, width)
    for at, side in enumerate((height, width, height, width)):
        assert abs(back[at] - box[at]) * side <= slack
