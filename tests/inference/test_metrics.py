"""Metrics against hand-worked numbers, published examples and independent packages."""

import random
from itertools import product

import krippendorff
import numpy as np
import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from inference.boxes import BoxFormat
from inference.metrics.agreement import agreement, agreement_of_counts
from inference.metrics.answers import answer_rates
from inference.metrics.flags import FlagKey, score_flags
from inference.metrics.intervals import Bootstrap, Measure, divide, mean_of, ratio
from inference.metrics.places import best_boxes, count_boxes
from inference.metrics.presence import Counts, auc, f1, precision, recall
from inference.metrics.records import Candidate
from inference.metrics.text import bleu, pathology_scores, rouge
from inference.recovery import ImageFrame, recover_findings
from inference.schema import BackendVersion, Box, Parsing
from inference.vocabulary import LABELS, DraftState, FlagKind, Label, State

EFFUSION, PNEUMOTHORAX = Label.PLEURAL_EFFUSION, Label.PNEUMOTHORAX


def alone(n: int) -> Bootstrap:
    return Bootstrap([str(row) for row in range(n)])


# --- intervals -------------------------------------------------------------------------------


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    values = np.random.default_rng(1).normal(5.0, 2.0, 400)
    measure = alone(400).measure(ratio(values, np.ones(400)), 400)
    error = values.std() / np.sqrt(400)
    assert measure.value == pytest.approx(values.mean())
    assert measure.low == pytest.approx(values.mean() - 1.96 * error, abs=0.05)
    assert measure.high == pytest.approx(values.mean() + 1.96 * error, abs=0.05)
    assert measure.as_dict()["n"] == 400


def test_images_of_one_patient_do_not_narrow_the_interval() -> None:
    values = np.random.default_rng(1).normal(0.0, 1.0, 50)
    single = alone(50).measure(ratio(values, np.ones(50)), 50)
    copied = Bootstrap([str(row // 20) for row in range(1000)])
    repeated = copied.measure(ratio(np.repeat(values, 20), np.ones(1000)), 1000)
    assert (repeated.low, repeated.high) == pytest.approx((single.low, single.high))


def test_the_same_seed_gives_the_same_interval_and_pieces_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = np.arange(30.0)
    patients = [str(row) for row in range(30)]
    statistic = ratio(values, np.ones(30))
    once = Bootstrap(patients, seed=3).measure(statistic, 30)
    assert Bootstrap(patients, seed=3).measure(statistic, 30) == once
    assert Bootstrap(patients, seed=4).measure(statistic, 30) != once
    monkeypatch.setattr("inference.metrics.intervals._CELLS", 70)
    assert Bootstrap(patients, seed=3).measure(statistic, 30) == once


def test_what_is_undefined_is_none() -> None:
    assert alone(3).measure(ratio([0, 0, 0], [0, 0, 0]), 0) == Measure(None, 0, None, None)
    assert Bootstrap(["a", "a"]).measure(ratio([1, 0], [1, 1]), 2) == Measure(0.5, 2, None, None)
    assert alone(0).measure(ratio([], []), 0).value is None
    assert np.isnan(divide(1, 0))


def test_a_macro_average_leaves_out_what_a_round_leaves_undefined() -> None:
    both = mean_of([ratio([1, 0], [1, 0]), ratio([0, 1], [0, 2])])
    assert both(np.ones((1, 2)))[0] == pytest.approx(0.75)
    assert both(np.array([[1.0, 0.0], [0.0, 1.0]])).tolist() == [1.0, 0.5]


# --- presence --------------------------------------------------------------------------------


def counts(true: list[int], said: list[int], known: list[int] | None = None) -> Counts:
    arrays = (np.array(each, np.bool_) for each in (true, said, known or [1] * len(true)))
    return Counts(*arrays)


def test_precision_recall_and_f1_by_hand() -> None:
    each = counts([1, 1, 1, 0, 0, 0], [1, 1, 0, 1, 0, 1], [1, 1, 1, 1, 1, 0])
    ones = np.ones((1, 6))
    assert precision(each)(ones)[0] == pytest.approx(2 / 3)
    assert recall(each)(ones)[0] == pytest.approx(2 / 3)
    assert f1(each)(ones)[0] == pytest.approx(2 / 3)
    assert (each.positives, each.asserted) == (3, 3)


def test_f1_without_positives_is_undefined_and_without_hits_zero() -> None:
    ones = np.ones((1, 2))
    assert np.isnan(f1(counts([0, 0], [1, 0]))(ones)[0])
    assert f1(counts([1, 0], [0, 1]))(ones)[0] == 0.0


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 3)), min_size=1, max_size=12
    )
)
def test_auc_counts_pairs_with_ties_as_half(rows: list[tuple[int, bool, int]]) -> None:
    pairs = wins = 0.0
    for (high, yes, w), (low, other, v) in product(rows, rows):
        if yes and not other:
            pairs += w * v
            wins += w * v * (1.0 if high > low else 0.5 if high == low else 0.0)
    weights = np.array([[weight for *_, weight in rows]], float)
    area = auc([score for score, *_ in rows], [true for _, true, _ in rows])(weights)[0]
    if pairs:
        assert area == pytest.approx(wins / pairs)
    else:
        assert np.isnan(area)


# --- places ----------------------------------------------------------------------------------

A: Box = (0.1, 0.1, 0.3, 0.3)
B: Box = (0.6, 0.6, 0.9, 0.9)
NEAR_A: Box = (0.1, 0.1, 0.3, 0.25)


def shown(box: Box | None, score: float | None = None, below: bool = False) -> Candidate:
    return Candidate(box, score, below)


def test_boxes_of_two_images_swapped_match_nothing() -> None:
    right = count_boxes([((A,), (shown(A),)), ((B,), (shown(B),))])
    assert right.loose.tolist() == right.strict.tolist() == [1, 1]
    assert right.matched_iou.tolist() == pytest.approx([1.0, 1.0])
    swapped = count_boxes([((A,), (shown(B),)), ((B,), (shown(A),))])
    assert swapped.loose.sum() == swapped.strict.sum() == swapped.matched_iou.sum() == 0


def test_box_counts_by_hand() -> None:
    half: Box = (0.1, 0.1, 0.3, 0.18)  # IoU 0.4 with A
    each = count_boxes([((A, B), (shown(half), shown(None), shown(A, below=True), shown(B, 0.2)))])
    assert [each.true[0], each.said[0], each.loose[0], each.strict[0]] == [2, 2, 2, 1]
    assert each.matched_iou[0] == pytest.approx(1.4)


def test_the_best_box_is_the_one_of_highest_score_shown_or_not() -> None:
    found = best_boxes([
        ((A, B), (shown(A, 0.2), shown(NEAR_A, 0.6, below=True))),
        ((A,), (shown(B, 0.9), shown(A, 0.1))),
        ((A,), (shown(None, 0.9),)),
        ((A,), ()),
        ((), (shown(A),)),
    ])  # fmt: skip
    assert found.asked.tolist() == [1, 1, 1, 1, 0]
    assert found.overlap.tolist() == pytest.approx([0.75, 0, 0, 0, 0])


# --- agreement -------------------------------------------------------------------------------

_ = None
GWET = [
    [1, 1, _, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [_, 5, 5, 5], [_, _, 1, 1], [_, _, 3, _],
]  # fmt: skip
"""Gwet, Handbook of Inter-Rater Reliability, 4th ed. (2014), p. 120: 4 raters, 12 units."""


def test_agreement_of_gwets_example_is_as_published() -> None:
    found = agreement(GWET)
    assert found.percent.value == pytest.approx(0.81818, abs=5e-6)
    assert found.gwet_ac1.value == pytest.approx(0.77544, abs=5e-6)
    assert found.krippendorff_alpha.value == pytest.approx(0.74342, abs=5e-6)
    assert found.cohen is None
    assert found.percent.n == 11


def test_cohens_kappa_of_a_published_table() -> None:
    # cont3x3abstractors in R's irrCAC 1.0 (Gwet): two abstractors, 100 records, kappa .7964094.
    table = {("e", "e"): 13, ("a", "a"): 20, ("a", "n"): 7, ("n", "a"): 4, ("n", "n"): 56}
    ratings = [pair for pair, count in table.items() for _ in range(count)]
    found = agreement(ratings)
    assert found.cohen is not None
    assert found.cohen.value == pytest.approx(0.7964094, abs=5e-8)
    assert found.percent.value == pytest.approx(0.89)


def test_agreement_is_irrcacs() -> None:
    """Against numbers that irrCAC 0.4.4 gives for these ratings (it pins an old numpy)."""
    two = agreement(
        list(zip("112202221221022111101221202201", "112210221021120111022201200200", strict=True))
    )
    assert two.cohen is not None
    assert two.cohen.value == pytest.approx(0.44162, abs=5e-6)
    assert two.gwet_ac1.value == pytest.approx(0.45701, abs=5e-6)
    assert two.krippendorff_alpha.value == pytest.approx(0.44482, abs=5e-6)
    raters = ("100001001111101000010101111010", "100000000110101010010110101010",
              "100011000010101010010000111011")  # fmt: skip
    three = agreement(list(zip(*raters, strict=True)))
    assert three.percent.value == pytest.approx(0.75556, abs=5e-6)
    assert three.gwet_ac1.value == pytest.approx(0.51707, abs=5e-6)
    assert three.krippendorff_alpha.value == pytest.approx(0.5105, abs=5e-6)


@pytest.mark.parametrize("seed", range(20))
def test_alpha_agrees_with_the_krippendorff_package(seed: int) -> None:
    rng = random.Random(seed)
    true = [rng.randrange(3) for _ in range(25)]
    ratings = [
        [None if rng.random() < 0.2 else t if rng.random() < 0.7 else rng.randrange(3)
         for _ in range(4)]
        for t in true
    ]  # fmt: skip
    data = np.array([[np.nan if each is None else each for each in unit] for unit in ratings])
    expected = krippendorff.alpha(reliability_data=data.T, level_of_measurement="nominal")
    assert agreement(ratings).krippendorff_alpha.value == pytest.approx(expected)


def test_ac1_depends_on_the_declared_categories_and_survives_one() -> None:
    ratings = [["y", "y"], ["y", "n"], ["y", "y"]]
    two = agreement(ratings).gwet_ac1.value
    three = agreement(ratings, categories=["y", "n", "?"]).gwet_ac1.value
    assert two is not None
    assert three is not None
    assert two < three
    same = agreement([["y", "y"], ["y", "y"]])
    assert same.gwet_ac1.value == 1.0
    assert same.krippendorff_alpha.value is None
    assert same.cohen is not None
    assert same.cohen.value is None


def test_cohen_leaves_out_units_with_one_rating() -> None:
    ratings = [["y", "y"], ["n", "n"], ["y", None], [None, "n"]]
    found = agreement(ratings)
    assert found.cohen is not None
    assert found.cohen.value == 1.0
    assert found.cohen.n == found.percent.n == 2


def test_agreement_intervals_are_by_patient() -> None:
    one = agreement(GWET, patients=["a"] * len(GWET))
    assert one.percent.low is None
    assert agreement(GWET).percent.low is not None


def test_patients_of_a_kind_measure_like_each_patient_named() -> None:
    """Three kinds of patients, 900 people: by name and by kind the same values and n, and intervals
    that differ by no more than two draws of one bootstrap do."""
    kinds = [(500, [("a", "a")]), (300, [("a", "b"), ("b", "b")]), (100, [("b", "a"), ("a", "a")])]
    ratings = [unit for times, units in kinds for _ in range(times) for unit in units]
    people = [
        f"{k}-{n}" for k, (times, units) in enumerate(kinds) for n in range(times) for _ in units
    ]
    named = agreement(ratings, people, categories="ab")
    counts = [[unit.count("a"), unit.count("b")] for _, units in kinds for unit in units]
    stand_in = [str(k) for k, (_, units) in enumerate(kinds) for _ in units]
    times = [times for times, _ in kinds]
    by_kind = agreement_of_counts(np.array(counts, float), stand_in, times)
    for name in ("percent", "gwet_ac1", "krippendorff_alpha"):
        one, other = getattr(named, name), getattr(by_kind, name)
        assert one.value == pytest.approx(other.value, abs=1e-12)
        assert one.n == other.n == len(ratings)
        assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=0.01)
    assert by_kind.cohen is None


def test_agreement_refuses_what_it_cannot_count() -> None:
    with pytest.raises(ValueError, match="every unit needs one rating"):
        agreement([["y", "y"], ["y"]])
    with pytest.raises(ValueError, match="'x' is none of the categories"):
        agreement([["x", "y"]], categories=["y"])
    assert agreement([]).percent.value is None


# --- flags and answers -----------------------------------------------------------------------


def test_flag_precision_and_recall_are_by_kind_and_label() -> None:
    missing = FlagKey(FlagKind.MISSING, EFFUSION)
    other = FlagKey(FlagKind.MISSING, PNEUMOTHORAX)
    urgent = FlagKey(FlagKind.URGENT, PNEUMOTHORAX)
    expected = [[missing], [missing, urgent], []]
    raised = [[missing, other], [urgent], [other]]
    scores = score_flags(expected, raised, ["a", "b", "c"])
    assert scores[FlagKind.MISSING].precision.value == pytest.approx(1 / 3)
    assert scores[FlagKind.MISSING].recall.value == pytest.approx(1 / 2)
    assert scores[FlagKind.MISSING].precision.n == 3
    assert scores[FlagKind.URGENT].recall.value == 1.0
    assert scores[FlagKind.UNSUPPORTED].precision == Measure(None, 0, None, None)


def test_repaired_answers_are_not_valid() -> None:
    frame = ImageFrame((BoxFormat(),), 100, 100)
    raws = [
        '[{"label": "pneumothorax", "box_2d": [0.1, 0.2, 0.3, 0.4]}]',
        '```[{"label": "Mass"}, {"label": "atelectasis"}]```',
        "nothing",
    ]
    rates = answer_rates([recover_findings(raw, frame) for raw in raws], ["a", "b", "c"])
    assert rates.schema_valid.value == pytest.approx(1 / 3)
    assert rates.repaired.value == pytest.approx(1 / 4)
    assert rates.dropped.value == pytest.approx(2 / 4)
    assert (rates.schema_valid.n, rates.dropped.n) == (3, 4)


# --- text ------------------------------------------------------------------------------------

TRUE = [
    "There is a small left pleural effusion with adjacent atelectasis.",
    "No pneumothorax is seen on this view of the chest.",
    "The heart is enlarged and the lungs are clear of any opacity.",
]
SAID = [
    "There is a small right pleural effusion with atelectasis.",
    "No pneumothorax is seen on this film.",
    "The heart is enlarged and the lungs are clear.",
]


def test_bleu_is_sacrebleus() -> None:
    found = bleu(TRUE, SAID, ["a", "b", "c"])
    expected = sacrebleu.corpus_bleu(SAID, [TRUE], smooth_method="none").score / 100
    assert found.value == pytest.approx(expected)
    assert found.n == 3
    assert found.low is not None
    assert bleu(TRUE, TRUE, ["a", "b", "c"]).value == pytest.approx(1.0)


def test_rouge_is_one_for_the_same_text_and_less_for_another() -> None:
    same = rouge(TRUE, TRUE, ["a", "b", "c"])
    other = rouge(TRUE, SAID, ["a", "b", "c"])
    assert {name: each.value for name, each in same.items()} == dict.fromkeys(same, 1.0)
    assert set(same) == {"rouge1", "rouge2", "rougeL"}
    assert all(0 < (each.value or 0) < 1 for each in other.values())


class WordParser:
    """Reads "+effusion", "-effusion" and "?effusion": enough to test what is counted."""

    version = BackendVersion("words", "1", "", "", True)

    def parse(self, text: str) -> Parsing:
        marks = {"+": State.PRESENT, "-": State.ABSENT, "?": State.UNCERTAIN}
        labels: dict[Label, State | None] = dict.fromkeys(LABELS)
        for word in text.split():
            labels[Label(word[1:])] = marks[word[0]]
        return Parsing(DraftState.PARSED, labels)


def test_pathology_scores_know_negation() -> None:
    true = ["+cardiomegaly", "-cardiomegaly", "-cardiomegaly", "?cardiomegaly", "+nodule_mass"]
    said = ["+cardiomegaly", "-cardiomegaly", "+cardiomegaly", "+cardiomegaly", "?nodule_mass"]
    scores = pathology_scores(true, said, list("abcde"), WordParser())
    heart = scores[Label.CARDIOMEGALY]
    assert (heart.precision.value, heart.recall.value) == (0.5, 1.0)
    assert heart.f1.value == pytest.approx(2 / 3)
    assert scores[Label.NODULE_MASS].f1.value == 0.0
    assert scores["macro"].f1.value == pytest.approx(1 / 3)
    assert scores["macro"].f1.n == 2


def test_pathology_scores_without_a_pathology_are_undefined() -> None:
    scores = pathology_scores(["-cardiomegaly"] * 2, ["", ""], ["a", "b"], WordParser())
    assert scores["macro"].f1 == Measure(None, 0, None, None)
