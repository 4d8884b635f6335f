"""Two versions over one truth: what one leaves unanswered stays in every denominator."""

import json
from pathlib import Path
from typing import Any

import pytest

from inference.__main__ import main
from inference.vocabulary import LABELS

BOX = [0.6, 0.1, 0.9, 0.4]
EFFUSION, PNEUMOTHORAX = "pleural_effusion", "pneumothorax"


def truth_lines(count: int = 40) -> list[dict[str, Any]]:
    """Every second image has a pneumothorax, the others nothing; two images a patient."""
    return [
        {"id": f"{n}", "patient": f"p{n // 2}",
         "boxes": [{"label": PNEUMOTHORAX, "box": BOX}] if n % 2 else []}
        for n in range(count)
    ]  # fmt: skip


def perfect(truths: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"id": one["id"], "image_state": "grounded", "findings": one["boxes"]} for one in truths
    ]


def compared(
    tmp_path: Path, truths: list[Any], a: list[Any], b: list[Any], code: int
) -> dict[str, Any]:
    paths = []
    for name, lines in (("truth", truths), ("a", a), ("b", b)):
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines))
        paths.append(str(path))
    out = tmp_path / "out.json"
    words = ["compare-versions", paths[1], paths[2], "--truth", paths[0], "--out", str(out)]
    assert main(words) == code
    report: dict[str, Any] = json.loads(out.read_text())
    return report


def _unreadable(line: dict[str, Any]) -> Any:
    return '{"id": "' + line["id"] + '", "findings": [{"la'


def _failed(line: dict[str, Any]) -> Any:
    return {"id": line["id"], "error": "the answer is no JSON"}


@pytest.mark.parametrize("broken", [_unreadable, _failed], ids=["unreadable line", "failed line"])
def test_a_bug_that_loses_a_fifth_of_the_answers_changes_no_denominator(
    tmp_path: Path, broken: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    truths = truth_lines()
    whole = perfect(truths)
    planted = [broken(line) if n % 5 == 1 else line for n, line in enumerate(whole)]
    sound = compared(tmp_path, truths, whole, whole, 0)
    report = compared(tmp_path, truths, whole, planted, 1)

    account = report["accounting"]
    assert account["a"] == {"images": 40, "used": 40, "partial": 0, "failed": 0, "missing": 0}
    assert account["b"]["failed"] + account["b"]["missing"] == 8
    assert account["b"]["images"] == 40
    assert account["unequal"] and account["answered"]["only_a"] == 8
    assert "B left 8 of 40 images" in capsys.readouterr().err

    for name, table in (("presence", PNEUMOTHORAX), ("boxes", PNEUMOTHORAX)):
        before = sound["scores"]["b"][name][table]["recall" if name == "presence" else "iou50_rate"]
        after = report["scores"]["b"][name][table]["recall" if name == "presence" else "iou50_rate"]
        assert (before["n"], after["n"]) == (20, 20)
        assert after["value"] == pytest.approx(0.8)
    assert report["scores"]["b"]["normals"]["cleared"]["value"] == pytest.approx(0.8)
    assert report["scores"]["b"]["normals"]["cleared"]["n"] == 20

    for label in LABELS:
        assert report["mcnemar"][label]["n"] == 40
        assert report["mcnemar"][label]["only_a"] == 8
    gain = report["differences"]
    assert all(row["n"] == 40 for row in gain.values())
    for name in ("presence_f1", "accuracy", "urgent_recall", "iou50_rate"):
        assert gain[name]["sure"] and gain[name]["high"] < 0
    assert [case["id"] for case in report["cases"]] == [str(n) for n in range(40) if n % 5 == 1]


def test_two_equal_runs_differ_nowhere(tmp_path: Path) -> None:
    truths = truth_lines()
    report = compared(tmp_path, truths, perfect(truths), perfect(truths), 0)
    assert report["cases"] == []
    assert not report["accounting"]["unequal"]
    assert all(row["value"] == 0 and not row["sure"] for row in report["differences"].values())
    assert all(report["mcnemar"][label]["p"] == 1 for label in LABELS)


def test_swapping_the_versions_swaps_every_sign(tmp_path: Path) -> None:
    truths = truth_lines()
    worse = [
        line | {"findings": line["findings"] if n % 3 else [{"label": EFFUSION, "box": BOX}]}
        for n, line in enumerate(perfect(truths))
    ]
    one = compared(tmp_path, truths, perfect(truths), worse, 0)
    other = compared(tmp_path, truths, worse, perfect(truths), 0)
    for name, row in one["differences"].items():
        back = other["differences"][name]
        assert (back["value"], back["low"]) == pytest.approx((-row["value"], -row["high"]))
    test, back = one["mcnemar"][EFFUSION], other["mcnemar"][EFFUSION]
    assert (test["only_a"], test["only_b"]) == (back["only_b"], back["only_a"]) == (14, 0)
    # Fourteen tosses, all heads, two-sided.
    assert test["p"] == back["p"] == 2 / 2**14


def test_a_partial_answer_is_counted_apart_and_still_scored(tmp_path: Path) -> None:
    truths = truth_lines(4)
    partial = [line | {"image_state": "partial"} for line in perfect(truths)]
    report = compared(tmp_path, truths, perfect(truths), partial, 0)
    assert report["accounting"]["b"]["partial"] == 4
    assert report["scores"]["b"]["presence"][PNEUMOTHORAX]["recall"]["value"] == 1
