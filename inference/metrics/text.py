"""How close a generated report is to a radiologist's: by words, and by what it says.

Word overlap (BLEU by sacrebleu, ROUGE by rouge-score) rewards style and forgives a lost "no";
read it beside :func:`pathology_scores`, which knows negation. Both packages are imported when
asked for: they serve development only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

import numpy as np

from inference.metrics.intervals import Array, Bootstrap, Measure, divide, mean_of, ratio
from inference.metrics.presence import Counts, f1, precision, recall
from inference.parsers.base import Parser
from inference.vocabulary import LABELS, Label, State


@dataclass(frozen=True, slots=True)
class PathologyScore:
    """One label: a report asserts it where its parsed state is present.

    Reports whose reference hedges the label are left out. n as in
    :mod:`inference.metrics.presence`.
    """

    precision: Measure
    recall: Measure
    f1: Measure


def bleu(
    references: Sequence[str], generated: Sequence[str], patients: Sequence[str], *, seed: int = 0
) -> Measure:
    """Corpus BLEU-4 in 0..1 (Papineni 2002; sacrebleu's tokens, no smoothing); n = reports.

    The interval re-adds the n-gram counts of the drawn patients' reports.
    """
    metric = import_module("sacrebleu.metrics.bleu").BLEU(smooth_method="none", force=True)
    pairs = zip(generated, references, strict=True)
    scores = [metric.corpus_score([said], [[true]]) for said, true in pairs]
    counts = np.array([[*s.counts, *s.totals, s.sys_len, s.ref_len] for s in scores], np.float64)

    def corpus(weights: Array) -> Array:
        sums = weights @ counts.reshape(len(scores), 10)
        with np.errstate(divide="ignore"):
            precisions = np.log(divide(sums[:, :4], sums[:, 4:8])).mean(axis=1)
        brevity = np.minimum(0.0, 1 - divide(sums[:, 9], sums[:, 8]))
        return np.asarray(np.exp(precisions + brevity))

    return Bootstrap(patients, seed).measure(corpus, len(scores))


def rouge(
    references: Sequence[str], generated: Sequence[str], patients: Sequence[str], *, seed: int = 0
) -> dict[str, Measure]:
    """Mean F of ROUGE-1, -2 and -L in 0..1 (Lin 2004; stemmed); n = reports."""
    names = ["rouge1", "rouge2", "rougeL"]
    scorer = import_module("rouge_score.rouge_scorer").RougeScorer(names, use_stemmer=True)
    scores = [scorer.score(true, said) for true, said in zip(references, generated, strict=True)]
    bootstrap, ones = Bootstrap(patients, seed), np.ones(len(scores))
    return {
        name: bootstrap.measure(ratio([s[name].fmeasure for s in scores], ones), len(scores))
        for name in names
    }


def pathology_scores(
    references: Sequence[str],
    generated: Sequence[str],
    patients: Sequence[str],
    parser: Parser,
    *,
    seed: int = 0,
) -> dict[Label | str, PathologyScore]:
    """What the reports assert, by ``parser``: "No effusion" is no effusion.

    Keys are the labels, and ``macro`` over those that some reference asserts.
    """
    true = [parser.parse(text).labels for text in references]
    said = [parser.parse(text).labels for text in generated]
    counts = {label: _counts(label, true, said) for label in LABELS}
    bootstrap = Bootstrap(patients, seed)
    scores: dict[Label | str, PathologyScore] = {
        label: PathologyScore(
            bootstrap.measure(precision(each), each.asserted),
            bootstrap.measure(recall(each), each.positives),
            bootstrap.measure(f1(each), each.positives),
        )
        for label, each in counts.items()
    }
    asserted = [each for each in counts.values() if each.positives]
    scores["macro"] = PathologyScore(
        *(
            bootstrap.measure(mean_of([statistic(each) for each in asserted]), len(asserted))
            if asserted
            else Measure(None, 0, None, None)
            for statistic in (precision, recall, f1)
        )
    )
    return scores


def _counts(
    label: Label,
    true: Sequence[dict[Label, State | None]],
    said: Sequence[dict[Label, State | None]],
) -> Counts:
    return Counts(
        true=np.array([labels[label] is State.PRESENT for labels in true], np.bool_),
        said=np.array([labels[label] is State.PRESENT for labels in said], np.bool_),
        known=np.array([labels[label] is not State.UNCERTAIN for labels in true], np.bool_),
    )
