"""What an audit may teach, and whether what was read stands for all that was not."""

import numpy as np
import pytest

from inference.metrics.intervals import Bootstrap, Measure, ratio
from inference.sampling import LEAST, Population, Seen, disagreement
from inference.vocabulary import Label

HEART, NODULE, AIR = Label.CARDIOMEGALY, Label.NODULE_MASS, Label.PNEUMOTHORAX


def seen(version: str = "a", **said: tuple[str, float]) -> Seen:
    states: dict[str, str | None] = {label: state for label, (state, _) in said.items()}
    scores: dict[str, float | None] = {label: score for label, (_, score) in said.items()}
    return Seen(version, states, scores)


def test_versions_differ_by_the_label_they_call_most_differently() -> None:
    one = seen(cardiomegaly=("present", 0.9), nodule_mass=("absent", 0.1))
    same = seen("b", cardiomegaly=("present", 0.4))
    unsure = seen("b", nodule_mass=("uncertain", 0.3))
    other = seen("c", nodule_mass=("present", 0.9))
    assert disagreement([one]) == disagreement([one, same]) == 0
    assert disagreement([one, unsure]) == 0.5
    assert disagreement([one, unsure, other]) == 1


def test_a_threshold_is_learnt_from_what_a_version_called_present() -> None:
    low = [seen(nodule_mass=("absent", score)) for score in (0.05, 0.2)]
    high = [seen(nodule_mass=("present", score)) for score in (0.3, 0.9)]
    known = Population.of([*low, *high])
    assert known.threshold("a", NODULE) == pytest.approx(0.25)
    assert known.threshold("b", NODULE) == 0.5
    near, far = seen(nodule_mass=("present", 0.3)), seen(nodule_mass=("present", 0.9))
    assert known.closeness(near) == pytest.approx(1 - 0.05 / 0.75)
    assert known.closeness(near) > known.closeness(far)
    assert known.closeness(seen()) == 0


def test_rare_labels_and_all_together() -> None:
    common = [seen(cardiomegaly=("present", 0.9))] * 8
    rare = seen(cardiomegaly=("present", 0.9), pneumothorax=("present", 0.9))
    dull = Seen("a", {}, {})
    known = Population.of([*common, rare, dull])
    assert known.rarity(rare) == pytest.approx(0.9) and known.rarity(dull) == 0
    assert known.interest(dull, [dull]) == LEAST
    assert known.interest(rare, [rare]) > known.interest(common[0], [common[0]]) > LEAST


AUDITS, PATIENTS, DRAWS, SHARE = 4_000, 2_500, 40, 0.6


def test_weighted_shares_cover_the_truth_and_plain_ones_do_not() -> None:
    """A population whose interesting audits are missed far more often, drawn again and again.

    Recall and flag rate of what was drawn, and of the first half of what would be read of it.
    """
    dice = np.random.default_rng(7)
    interest = LEAST + (1 - LEAST) * dice.beta(1, 3, AUDITS)
    patient = dice.integers(0, PATIENTS, AUDITS).astype(str)
    flagged = dice.random(AUDITS) < 0.05 + 0.8 * interest
    true = dice.random(AUDITS) < 0.4
    found = true & (dice.random(AUDITS) < 0.98 - 0.9 * interest)
    truths = found.sum() / true.sum(), flagged.mean()
    covered = {"weighted": np.zeros((2, 2)), "plain": np.zeros((2, 2))}
    for _ in range(DRAWS):
        chance = SHARE * interest
        number = dice.random(AUDITS)
        drawn = np.flatnonzero(number < chance)
        order = drawn[np.argsort(number[drawn] / chance[drawn])]
        for part, rows in enumerate((order, order[: len(order) // 2])):
            for kind, weights in (("weighted", 1 / chance[rows]), ("plain", np.ones(len(rows)))):
                told = (
                    _share(weights, found[rows], true[rows], patient[rows]),
                    _share(weights, flagged[rows], np.ones(len(rows)), patient[rows]),
                )
                for at, (measure, truth) in enumerate(zip(told, truths, strict=True)):
                    assert measure.low is not None and measure.high is not None
                    covered[kind][part, at] += measure.low <= truth <= measure.high
    assert (covered["weighted"] / DRAWS).min() >= 0.85, covered
    assert (covered["plain"] / DRAWS).max() <= 0.3, covered


def _share(weights: object, top: object, bottom: object, patients: object) -> Measure:
    w, t, b = (np.asarray(each, np.float64) for each in (weights, top, bottom))
    bootstrap = Bootstrap(list(np.asarray(patients)), rounds=200)
    return bootstrap.measure(ratio(w * t * b, w * b), len(w))
