"""The ``evaluate`` command: truth and predictions in, one object of metrics out."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from inference.__main__ import main
from inference.commands import evaluate as command
from inference.vocabulary import LABELS

BOX = [0.1, 0.1, 0.3, 0.3]
NEAR = [0.1, 0.1, 0.3, 0.25]
FAR = [0.6, 0.6, 0.9, 0.9]
ABSENT: dict[str, str | None] = dict.fromkeys(LABELS, "absent")
Lines = list[dict[str, Any]]


def truth(image: str, *boxes: tuple[str, list[float]], **fields: Any) -> dict[str, Any]:
    return {"id": image, "boxes": [{"label": x, "box": box} for x, box in boxes], **fields}


def said(image: str, *found: tuple[Any, ...], **fields: Any) -> dict[str, Any]:
    names = ("label", "box", "score", "below")
    findings = [dict(zip(names, each, strict=False)) for each in found]
    return {"id": image, "image_state": "grounded", "findings": findings, **fields}


class Evaluate:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.code = -1

    def __call__(self, truths: Lines | str, predictions: Lines | str, *options: str) -> Any:
        paths = []
        for name, lines in (("truth", truths), ("predictions", predictions)):
            text = lines if isinstance(lines, str) else "".join(json.dumps(x) + "\n" for x in lines)
            (self.folder / name).write_text(text, encoding="utf-8")
            paths += [f"--{name}", str(self.folder / name)]
        self.code = main(["evaluate", *paths, *options])
        out = self.capsys.readouterr().out
        return json.loads(out) if out else None


@pytest.fixture
def evaluate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Evaluate:
    return Evaluate(tmp_path, capsys)


def measures(report: Any) -> list[dict[str, Any]]:
    if not isinstance(report, dict):
        return []
    if "value" in report:
        return [report]
    return [found for each in report.values() for found in measures(each)]


def test_a_perfect_grounder_scores_one_everywhere(evaluate: Evaluate) -> None:
    truths = [truth(f"i{n}", (label, BOX)) for n, label in enumerate([*LABELS, *LABELS])]
    truths += [truth("n1", labels=ABSENT), truth("n2", labels=ABSENT)]
    predictions = [
        said(t["id"], *[(b["label"], b["box"], 0.9) for b in t["boxes"]],
             scores={x: float(any(b["label"] == x for b in t["boxes"])) for x in LABELS})
        for t in truths
    ]  # fmt: skip
    report = evaluate(truths, predictions)
    assert evaluate.code == 0
    for label in (*LABELS, "macro"):
        for table in ("presence", "against_normal", "boxes", "label_given"):
            assert {each["value"] for each in report[table][label].values()} == {1.0}
    assert report["presence"]["pneumothorax"]["f1"]["n"] == 2
    assert report["urgent_recall"] == {"value": 1.0, "n": 4, "low": 1.0, "high": 1.0}
    assert report["normals"]["false_findings"]["all"]["value"] == 0.0
    assert report["normals"]["cleared"]["value"] == 1.0
    assert report["answered"]["value"] == 1.0
    assert report["counts"]["normal_images"] == 2
    for each in measures(report):
        assert set(each) == {"value", "n", "low", "high"}


def test_a_missing_prediction_counts_against_the_model(evaluate: Evaluate) -> None:
    truths = [truth("a", ("pneumothorax", BOX)), truth("b", ("pneumothorax", BOX)), truth("n")]
    report = evaluate(truths, [said("a", ("pneumothorax", BOX), scores={"pneumothorax": 0.9})])
    assert evaluate.code == 0
    assert report["counts"]["missing_predictions"] == 2
    assert report["answered"]["value"] == pytest.approx(1 / 3)
    assert report["presence"]["pneumothorax"]["recall"]["value"] == 0.5
    assert report["presence"]["pneumothorax"]["recall"]["n"] == 2
    assert report["presence"]["pneumothorax"]["auc"]["value"] == 0.0
    assert report["boxes"]["pneumothorax"]["iou30_rate"]["value"] == 0.5
    assert report["label_given"]["pneumothorax"]["iou30_rate"] | {"low": 0, "high": 0} == {
        "value": 0.5, "n": 2, "low": 0, "high": 0
    }  # fmt: skip
    assert report["normals"]["cleared"]["value"] == 0.0
    assert report["normals"]["cleared"]["n"] == 1
    assert report["urgent_recall"]["value"] == 0.5


@pytest.mark.parametrize(
    "failed",
    [
        said("a", ("pneumothorax", BOX), image_state="failed", scores={"pneumothorax": 1.0}),
        {"id": "a", "error": "the image is truncated"},
    ],
)
def test_a_failed_prediction_says_nothing_and_is_counted(
    evaluate: Evaluate, failed: dict[str, Any]
) -> None:
    report = evaluate([truth("a", ("pneumothorax", BOX)), truth("n")], [failed, said("n")])
    assert report["counts"]["failed_predictions"] == 1
    assert report["counts"]["missing_predictions"] == 0
    assert report["presence"]["pneumothorax"]["recall"]["value"] == 0.0
    assert report["presence"]["pneumothorax"]["auc"]["value"] is None


def test_a_prediction_without_truth_is_counted_and_scores_nothing(evaluate: Evaluate) -> None:
    report = evaluate([truth("a")], [said("a"), said("b", ("pneumothorax", BOX))])
    assert report["counts"]["predictions_without_truth"] == 1
    assert report["presence"]["pneumothorax"]["precision"]["n"] == 0


def test_null_uncertain_and_unnamed_labels_are_left_out(evaluate: Evaluate) -> None:
    labels = {"cardiomegaly": "absent", "nodule_mass": None, "pneumothorax": "uncertain"}
    found = [(label, BOX) for label in LABELS]
    report = evaluate([truth("a", labels=labels)], [said("a", *found)])
    asserted = {x: report["presence"][x]["precision"]["n"] for x in LABELS}
    assert asserted == {x: int(x == "cardiomegaly") for x in LABELS}
    assert {x: report["boxes"][x]["iou30_precision"]["n"] for x in LABELS} == asserted
    assert report["counts"]["normal_images"] == 0


def test_a_line_without_labels_is_exhaustive_and_a_box_makes_its_label_present(
    evaluate: Evaluate,
) -> None:
    truths = [truth("a", ("nodule_mass", BOX)), truth("b", ("nodule_mass", BOX), labels=ABSENT)]
    report = evaluate(truths, [said("a", ("cardiomegaly", BOX)), said("b")])
    assert report["presence"]["nodule_mass"]["recall"]["n"] == 2
    assert report["presence"]["cardiomegaly"]["precision"] == {
        "value": 0.0, "n": 1, "low": 0.0, "high": 0.0
    }  # fmt: skip


def test_against_normal_leaves_other_diseases_out(evaluate: Evaluate) -> None:
    truths = [truth("a", ("nodule_mass", BOX)), truth("heart", ("cardiomegaly", BOX)), truth("n")]
    predictions = [
        said("a", ("nodule_mass", BOX), scores={"nodule_mass": 0.5}),
        said("heart", ("nodule_mass", BOX), scores={"nodule_mass": 0.9}),
        said("n", scores={"nodule_mass": 0.1}),
    ]
    report = evaluate(truths, predictions)
    everyone, few = (report[x]["nodule_mass"] for x in ("presence", "against_normal"))
    assert (everyone["auc"]["value"], few["auc"]["value"]) == (0.5, 1.0)
    assert (everyone["precision"]["value"], few["precision"]["value"]) == (0.5, 1.0)


def test_boxes_match_inside_one_image_and_label_only(evaluate: Evaluate) -> None:
    truths = [truth("a", ("nodule_mass", BOX)), truth("b", ("nodule_mass", FAR))]
    swapped = [said("a", ("nodule_mass", FAR)), said("b", ("nodule_mass", BOX))]
    report = evaluate(truths, swapped)
    assert report["presence"]["nodule_mass"]["f1"]["value"] == 1.0
    boxes = report["boxes"]["nodule_mass"]
    assert boxes["iou30_rate"]["value"] == boxes["iou30_precision"]["value"] == 0.0
    assert boxes["mean_iou"] == {"value": None, "n": 0, "low": None, "high": None}
    other_label = evaluate(truths[:1], [said("a", ("pneumothorax", BOX))])
    assert other_label["boxes"]["nodule_mass"]["iou30_rate"]["value"] == 0.0


def test_a_box_below_threshold_counts_for_the_place_only(evaluate: Evaluate) -> None:
    truths = [truth("a", ("nodule_mass", BOX)), truth("n")]
    below = said("a", ("nodule_mass", NEAR, 0.2, True))
    report = evaluate(truths, [below, said("n", ("cardiomegaly", BOX, 0.1, True))])
    assert report["presence"]["nodule_mass"]["recall"]["value"] == 0.0
    assert report["boxes"]["nodule_mass"]["iou30_rate"]["value"] == 0.0
    assert report["label_given"]["nodule_mass"]["mean_iou"]["value"] == pytest.approx(0.75)
    assert report["normals"]["false_findings"]["all"]["value"] == 0.0
    assert report["normals"]["cleared"]["value"] == 1.0


def test_false_findings_on_normals_add_up(evaluate: Evaluate) -> None:
    predictions = [said("n1", ("nodule_mass", BOX), ("nodule_mass", FAR), ("cardiomegaly", None))]
    normals = evaluate([truth("n1"), truth("n2")], [*predictions, said("n2")])["normals"]
    false = {label: each["value"] for label, each in normals["false_findings"].items()}
    assert false["nodule_mass"] == 1.0
    assert false["cardiomegaly"] == 0.5
    assert false["all"] == 1.5
    assert normals["cleared"]["value"] == 0.5


def test_a_present_label_without_a_box_has_a_presence_and_no_place(evaluate: Evaluate) -> None:
    labels = {**ABSENT, "nodule_mass": "present"}
    report = evaluate([truth("a", labels=labels)], [said("a", ("nodule_mass", BOX))])
    assert report["presence"]["nodule_mass"]["recall"]["value"] == 1.0
    assert report["boxes"]["nodule_mass"]["iou30_precision"]["n"] == 0
    assert report["label_given"]["nodule_mass"]["iou30_rate"]["n"] == 0


def test_intervals_are_by_patient_and_by_seed(evaluate: Evaluate) -> None:
    truths = [truth(f"i{n}", ("cardiomegaly", BOX)) for n in range(20)]
    predictions = [said(f"i{n}", *[("cardiomegaly", BOX)] * (n % 2)) for n in range(20)]
    wide = evaluate([t | {"patient": n // 10} for n, t in enumerate(truths)], predictions)
    images = evaluate(truths, predictions)
    other = evaluate(truths, predictions, "--seed", "5")
    one = evaluate([t | {"patient": "p"} for t in truths], predictions)
    found = [r["presence"]["cardiomegaly"]["recall"] for r in (wide, images, other, one)]
    assert {each["value"] for each in found} == {0.5}
    assert (found[0]["low"], found[0]["high"]) == (0.5, 0.5)
    assert found[1]["low"] < 0.4
    assert found[1]["high"] > 0.6
    assert found[1] != found[2]
    assert found[3]["low"] is None
    assert wide["counts"]["patients"] == 2


def test_macro_averages_the_labels_that_occur(evaluate: Evaluate) -> None:
    truths = [truth("a", ("cardiomegaly", BOX)), truth("b", ("nodule_mass", BOX))]
    report = evaluate(truths, [said("a", ("cardiomegaly", BOX)), said("b")])
    assert report["presence"]["macro"]["f1"]["value"] == 0.5
    assert report["presence"]["macro"]["f1"]["n"] == 2
    assert report["presence"]["macro"]["auc"] == {
        "value": None, "n": 0, "low": None, "high": None
    }  # fmt: skip


def test_bad_lines_are_listed_and_the_run_goes_on(evaluate: Evaluate) -> None:
    truths = "\n".join(
        [
            json.dumps(truth("a", ("cardiomegaly", BOX))),
            json.dumps(truth("b", ("heart", BOX))),
            json.dumps(truth("a")),
            "not JSON",
        ]
    )
    predictions = [said("a", ("cardiomegaly", [0.5, 0.1, 0.2, 0.3]))]
    report = evaluate(truths, predictions)
    assert evaluate.code == 1
    assert [(each["line"], each["id"]) for each in report["bad_lines"]["truth"]] == [
        (2, "b"), (3, "a"), (4, None)
    ]  # fmt: skip
    assert "given twice" in report["bad_lines"]["truth"][1]["error"]
    assert "y0 < y1" in report["bad_lines"]["predictions"][0]["error"]
    assert report["counts"] | {} == {
        "images": 1, "patients": 1, "normal_images": 0, "missing_predictions": 1,
        "failed_predictions": 0, "predictions_without_truth": 0,
    }  # fmt: skip


def test_no_lines_at_all_is_an_object_of_nothing(evaluate: Evaluate) -> None:
    report = evaluate([], [])
    assert evaluate.code == 0
    assert {each["value"] for each in measures(report)} == {None}


def test_a_missing_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = str(tmp_path / "nowhere")
    assert main(["evaluate", "--truth", nowhere, "--predictions", nowhere]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_the_object_goes_to_a_file(evaluate: Evaluate, tmp_path: Path) -> None:
    assert evaluate([truth("a")], [said("a")], str(tmp_path / "out")) is None
    assert json.loads((tmp_path / "out").read_text())["counts"]["images"] == 1


def test_both_files_cannot_be_standard_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--truth", "-", "--predictions", "-"]) == 2
    assert "standard input" in capsys.readouterr().err


def test_a_reader_that_has_gone_is_not_a_file_that_cannot_be_opened(
    evaluate: Evaluate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise BrokenPipeError

    evaluate([truth("a")], [said("a")])
    monkeypatch.setattr("inference.commands.evaluate.write_line", gone)
    paths = {name: str(tmp_path / name) for name in ("truth", "predictions")}
    with pytest.raises(BrokenPipeError):
        command.run(argparse.Namespace(**paths, seed=0, out=None))
