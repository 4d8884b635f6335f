"""The ``synthesize`` command: files in, JSON lines out, on a small table in VinDr's shape."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from inference.__main__ import main
from inference.synthesis.vindr import read_annotations
from inference.vocabulary import LABELS, Label

HEADER = "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max"
NAMES = {
    Label.PLEURAL_EFFUSION: "Pleural effusion",
    Label.PNEUMOTHORAX: "Pneumothorax",
    Label.LUNG_OPACITY_CONSOLIDATION: "Consolidation",
    Label.NODULE_MASS: "Nodule/Mass",
    Label.CARDIOMEGALY: "Cardiomegaly",
}


def row(image: str, name: str, reader: str, *box: float) -> str:
    return ",".join([image, name, "0", reader, *(map(str, box) if box else [""] * 4)])


def marked_by_all(image: str, name: str) -> list[str]:
    return [row(image, name, f"R{n}", 360, 720 + n, 1440, 1800 + n) for n in (1, 2, 3)]


def table() -> list[str]:
    lines = [HEADER]
    for label, name in NAMES.items():
        lines += marked_by_all(f"image-{label}", name)
    lines += [row("normal", "No finding", f"R{n}") for n in (1, 2, 3)]
    lines += [row("other", "Atelectasis", "R1", 0, 0, 10, 10)]
    lines += [row("other", "No finding", "R2"), row("other", "No finding", "R3")]
    return lines


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    path = tmp_path / "annotations.csv"
    path.write_text("\n".join(table()) + "\n", encoding="utf-8")
    return path


def synthesize(annotations: Path, *options: str, cases: int = 60, seed: int = 1) -> int:
    command = ["synthesize", "--dataset", "vindr", "--annotations", str(annotations)]
    return main([*command, "--cases", str(cases), "--seed", str(seed), *options])


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def test_it_writes_n_lines_of_the_documented_shape(annotations: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert synthesize(annotations, str(out)) == 0
    rows = rows_of(out)
    assert len(rows) == 60
    assert Counter(each["kind"] for each in rows) == {"drop": 20, "add": 20, "control": 20}
    keys = {"id", "image_id", "kind", "label", "draft", "findings", "expected_flags", "frame"}
    for each in rows:
        assert set(each) == keys
        assert (each["label"] is None) == (each["kind"] == "control")
        assert each["frame"] == "unknown"
        for flag in each["expected_flags"]:
            assert set(flag) == {"kind", "label", "reason", "reported"}
    assert len({each["id"] for each in rows}) == 60
    assert len({each["draft"] for each in rows}) > 0.8 * 60


def test_flags_follow_from_the_kind(annotations: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    synthesize(annotations, str(out))
    for each in rows_of(out):
        judged = [(f["kind"], f["label"]) for f in each["expected_flags"] if f["kind"] != "URGENT"]
        kind = {"drop": "MISSING", "add": "UNSUPPORTED"}.get(each["kind"])
        assert judged == ([(kind, each["label"])] if kind else [])
        present = {finding["label"] for finding in each["findings"]}
        assert (each["label"] in present) == (each["kind"] == "drop")


def test_two_runs_give_the_same_bytes_whatever_the_order_of_rows(
    annotations: Path, tmp_path: Path
) -> None:
    outs = [tmp_path / name for name in ("one", "two", "three", "other")]
    synthesize(annotations, str(outs[0]))
    synthesize(annotations, str(outs[1]))
    lines = table()
    annotations.write_text("\n".join([lines[0], *reversed(lines[1:])]), encoding="utf-8")
    synthesize(annotations, str(outs[2]))
    synthesize(annotations, str(outs[3]), seed=2)
    written = [out.read_bytes() for out in outs]
    assert written[0] == written[1] == written[2]
    assert written[0] != written[3]


def test_it_reads_gzip_and_writes_to_standard_output(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "annotations.csv.gz"
    packed.write_bytes(gzip.compress(annotations.read_bytes()))
    assert synthesize(packed, cases=3) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 3
    assert "1 boxes of 'Atelectasis' map to none of the labels (no_counterpart)" in told.err


def test_boxes_are_means_of_groups_in_the_nominal_frame(annotations: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    synthesize(annotations, "--kinds", "drop", str(out))
    (finding,) = rows_of(out)[0]["findings"]
    assert finding["box"] == pytest.approx([722 / 3600, 0.1, 1802 / 3600, 0.4])
    assert finding["score"] is None


def test_sizes_give_the_true_frame_and_the_sides(annotations: Path, tmp_path: Path) -> None:
    sizes, out = tmp_path / "sizes.csv", tmp_path / "out.jsonl"
    images = ["image_id,dim0,dim1", *(f"image-{label},2000,3600" for label in LABELS)]
    sizes.write_text("\n".join(images), encoding="utf-8")
    assert synthesize(annotations, "--sizes", str(sizes), "--kinds", "swap_side", str(out)) == 0
    for each in rows_of(out):
        assert each["frame"] == "image"
        assert each["findings"][0]["box"] == pytest.approx([0.361, 0.1, 0.901, 0.4])
        assert "left" in each["draft"].casefold()  # the box is on the patient's right
        assert "right" not in each["draft"].casefold()


def test_an_image_without_a_size_stays_in_the_unknown_frame(
    annotations: Path, tmp_path: Path
) -> None:
    sizes, out = tmp_path / "sizes.csv", tmp_path / "out.jsonl"
    sizes.write_text("image_id,height,width\nnormal,10,10\n", encoding="utf-8")
    synthesize(annotations, "--sizes", str(sizes), "--kinds", "drop", str(out))
    for each in rows_of(out):
        assert each["frame"] == "unknown"
        assert not any(side in each["draft"].casefold() for side in ("left", "right"))


def test_a_label_of_one_reader_is_neither_named_nor_denied_nor_added(
    annotations: Path, tmp_path: Path
) -> None:
    lines = [
        HEADER,
        *marked_by_all("a", "Pleural effusion"),
        row("a", "Pneumothorax", "R1", 1, 1, 9, 9),
    ]
    annotations.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    synthesize(annotations, str(out))
    for each in rows_of(out):
        assert each["label"] != "pneumothorax"
        assert {finding["label"] for finding in each["findings"]} == {"pleural_effusion"}
        assert "pneumothora" not in each["draft"].casefold()
        assert "PTX" not in each["draft"]


def test_a_kind_that_the_annotations_cannot_give_is_told_and_nothing_is_written(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    assert synthesize(annotations, "--kinds", "swap_side,control", str(out)) == 1
    told = capsys.readouterr().err
    assert "cannot give any case of: swap_side" in told
    assert "--sizes" in told
    assert not out.exists()
    annotations.write_text("\n".join([HEADER, row("n", "No finding", "R1")]), encoding="utf-8")
    assert synthesize(annotations, "--kinds", "drop") == 1
    told = capsys.readouterr().err
    assert "cannot give any case of: drop" in told
    assert "--sizes" not in told


def test_a_label_that_a_kind_cannot_have_is_told(
    annotations: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    annotations.write_text("\n".join([HEADER, *marked_by_all("a", "Cardiomegaly")]))
    assert synthesize(annotations, "--kinds", "drop", cases=2) == 0
    told = capsys.readouterr().err
    assert "no image can give a drop of pleural_effusion, pneumothorax" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("image_id,rad_id\n", "no column class_name, x_min"),
        (
            f"{HEADER}\n{row('a', 'Cardiomegaly', 'R1', 1, 2, 3)},\n",
            "line 2: a box is four numbers",
        ),
    ],
)
def test_a_table_that_is_not_vindrs_is_refused(
    annotations: Path, capsys: pytest.CaptureFixture[str], content: str, told: str
) -> None:
    annotations.write_text(content, encoding="utf-8")
    assert synthesize(annotations) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("image_id,size\na,1\n", "no columns height and width"),
        ("image_id,height,width\na,tall,1\n", "line 2: a size is a number"),
        ("image_id,height,width\na,0,1\n", "line 2: a size is at least 1 pixel"),
        ("height,width\n1,1\n", "no column image_id"),
    ],
)
def test_sizes_that_are_none_are_refused(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, told: str
) -> None:
    sizes = tmp_path / "sizes.csv"
    sizes.write_text(content, encoding="utf-8")
    assert synthesize(annotations, "--sizes", str(sizes)) == 1
    assert told in capsys.readouterr().err


def test_a_missing_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert synthesize(tmp_path / "none.csv") == 1
    assert "none.csv" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_told(
    annotations: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert synthesize(annotations, str(tmp_path / "no" / "out")) == 1
    assert "no/out" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--kinds", "drop,lose"], ["--cases", "-1"]])
def test_options_out_of_range_are_refused(annotations: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit):
        synthesize(annotations, *options)


def test_consensus_takes_two_readers_and_keeps_a_label_whose_boxes_are_unusable(
    annotations: Path,
) -> None:
    lines = [
        HEADER,
        row("a", "Nodule/Mass", "R1", 100, 100, 200, 200),
        row("a", "Nodule/Mass", "R2", 1000, 1000, 1100, 1100),
        row("a", "Cardiomegaly", "R1", 5, 5, 5, 5),
        row("a", "Cardiomegaly", "R3", 9000, 9000, 9100, 9100),
        row("a", "Pneumothorax", "R3", 1, 1, 9, 9),
    ]
    annotations.write_text("\n".join(lines), encoding="utf-8")
    (study,) = read_annotations(annotations).studies
    subject = study.subject()
    found = [(finding.label, finding.box is not None) for finding in subject.findings]
    assert found == [("nodule_mass", True), ("nodule_mass", True), ("cardiomegaly", False)]
    assert subject.absent == {"pleural_effusion", "lung_opacity_consolidation"}
    assert not subject.normal
