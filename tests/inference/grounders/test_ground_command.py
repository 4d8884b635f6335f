"""``python -m inference ground`` as a user runs it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from inference.__main__ import main
from inference.grounders import GROUNDERS
from inference.grounders.embedded.backend import EmbeddedGrounder
from inference.images import encode_png
from inference.phantoms import render_phantom
from inference.vocabulary import LABELS

FIELDS = {
    "id",
    "image_state",
    "image_normal",
    "labels",
    "findings",
    "scores",
    "ledger",
    "notes",
    "measurements",
    "grounder",
    "ms",
}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for name, seed in (("b.png", 2), ("a.png", 1), ("c.PNG", 3)):
        (folder / name).write_bytes(encode_png(render_phantom(seed, size=256).image))
    (folder / "notes.txt").write_text("not a film", encoding="ascii")
    return folder


def ground(*arguments: str | Path, out: Path) -> tuple[int, list[dict[str, Any]]]:
    code = main(["ground", "--out", str(out), *map(str, arguments)])
    return code, [json.loads(line) for line in out.read_text(encoding="ascii").splitlines()]


def test_a_folder_gives_a_line_a_film_sorted_by_name(films: Path, tmp_path: Path) -> None:
    code, lines = ground("--grounder", "embedded", films, out=tmp_path / "out.jsonl")
    assert code == 0
    assert [line["id"] for line in lines] == ["a.png", "b.png", "c.PNG"]
    for line in lines:
        assert set(line) == FIELDS
        assert list(line["labels"]) == list(line["scores"]) == list(LABELS)
        assert line["grounder"]["name"] == "embedded"
        assert len(line["grounder"]["hash"]) == 64
        assert not any("below" in finding for finding in line["findings"])


def test_all_adds_the_best_candidate_of_each_label_below_its_threshold(
    films: Path, tmp_path: Path
) -> None:
    _, plain = ground(films, out=tmp_path / "plain.jsonl")
    _, everything = ground("--all", films, out=tmp_path / "all.jsonl")
    for few, many in zip(plain, everything, strict=True):
        below = [f["label"] for f in many["findings"] if f.get("below")]
        assert [f for f in many["findings"] if "below" not in f] == few["findings"]
        assert below == [k for k in LABELS if few["labels"][k] != "present"]


def test_two_runs_write_the_same_but_for_the_time(films: Path, tmp_path: Path) -> None:
    runs = [ground("--all", films, out=tmp_path / f"{n}.jsonl")[1] for n in range(2)]
    for lines in runs:
        for line in lines:
            assert line.pop("ms") > 0
    assert runs[0] == runs[1]


def test_a_bad_film_has_an_error_line_and_the_run_goes_on(films: Path, tmp_path: Path) -> None:
    bad = tmp_path / "aa.png"
    bad.write_bytes(b"nothing of an image")
    code, lines = ground(bad, films / "b.png", out=tmp_path / "out.jsonl")
    assert code == 1
    assert lines[0]["id"] == "aa.png"
    assert "not an image" in lines[0]["error"]
    assert lines[1]["id"] == "b.png"
    assert lines[1]["image_state"] == "grounded"


def test_without_out_lines_go_to_stdout(films: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ground", str(films / "a.png")]) == 0
    written = capsys.readouterr()
    assert json.loads(written.out)["id"] == "a.png"
    assert written.err == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--grounder", "oracle", "x.png"], "unknown grounder 'oracle'"),
        (["no-such-folder"], "there is no no-such-folder"),
        ([__file__, "--out", "no-such-folder/out.jsonl"], "no-such-folder/out.jsonl"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ground", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_a_folder_without_pictures_says_so_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("not a film", encoding="ascii")
    assert main(["ground", str(tmp_path), "--out", str(tmp_path / "out.jsonl")]) == 2
    assert f"no PNG, JPEG, WebP, TIFF or DICOM lies in {tmp_path}" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


def test_a_detector_that_can_not_start_ends_the_run_with_a_sentence(
    films: Path,
    weights: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = b"not a network"
    (weights / "anatomy.onnx").write_bytes(broken)
    card = json.loads((weights / "card.json").read_text(encoding="ascii"))
    card["anatomy"]["sha256"] = hashlib.sha256(broken).hexdigest()
    (weights / "card.json").write_text(json.dumps(card), encoding="ascii")
    monkeypatch.setitem(GROUNDERS, "broken", lambda: EmbeddedGrounder(weights))
    out = str(tmp_path / "out.jsonl")
    assert main(["ground", "--grounder", "broken", str(films), "--out", out]) == 2
    assert "onnxruntime can't load the weights" in capsys.readouterr().err
