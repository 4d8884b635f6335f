"""``python -m inference parse``: one line out for each line in, bad lines told and passed over."""

import json
from pathlib import Path
from typing import Any

import pytest

from inference.__main__ import main


def run(tmp_path: Path, lines: list[str]) -> tuple[int, list[dict[str, Any]]]:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code = main(["parse", "--parser", "rules", str(source), str(out)])
    return code, [json.loads(line) for line in out.read_text(encoding="ascii").splitlines()]


def test_a_line_has_the_documented_shape(tmp_path: Path) -> None:
    code, (row,) = run(tmp_path, [json.dumps({"id": "a", "text": "No pneumothorax."})])
    assert code == 0
    assert list(row) == ["id", "draft_state", "labels", "mentions", "parser"]
    assert row["labels"] == {
        "pleural_effusion": None,
        "pneumothorax": "absent",
        "lung_opacity_consolidation": None,
        "nodule_mass": None,
        "cardiomegaly": None,
    }
    (mention,) = row["mentions"]
    assert list(mention)[:8] == [
        "label", "state", "start", "end", "text", "cue", "section", "overruled",
    ]  # fmt: skip
    assert (mention["start"], mention["end"], mention["text"]) == (3, 15, "pneumothorax")
    assert row["parser"] == {"name": "rules", "version": "1.0.0"}


def test_bad_lines_are_told_in_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = ["{", '{"id": 7}', '{"id": 8, "text": 9}', '{"id": 9, "text": "Cardiomegaly."}', "[]"]
    code, rows = run(tmp_path, lines)
    assert code == 1
    assert [row["id"] for row in rows] == [None, 7, 8, 9, None]
    assert ["error" in row for row in rows] == [True, True, True, False, True]


def test_an_unparsed_draft_says_why(tmp_path: Path) -> None:
    code, (row,) = run(tmp_path, [json.dumps({"id": 1, "text": "Kein Erguss, keine Stauung."})])
    assert code == 0
    assert row["draft_state"] == "unparsed"
    assert "German" in str(row["reason"])


def test_a_file_that_cannot_be_opened_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parse", str(tmp_path / "nothing.jsonl")]) == 2
    assert "nothing.jsonl" in capsys.readouterr().err
