"""``python -m inference curate``: what goes in, what comes out, and where the rest went."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from inference.__main__ import main
from inference.boxes import BoxFormat
from inference.prompts import answer_schema, load_prompt, prompt_names
from inference.recovery import recover_findings
from inference.recovery.repair import ImageFrame
from inference.training.dataset import read_samples
from inference.vocabulary import LABELS, Label
from tests.inference.curation.pictures import Rows, box_row, states, write_folder, write_tables

EFFUSION, NODULE = "pleural_effusion", "nodule_mass"
OPACITY = "lung_opacity_consolidation"
LOW = (0.6, 0.1, 0.9, 0.4)


def corpus(source: Path, out: Path, *options: str) -> dict[str, Any]:
    assert main(["curate", str(source), str(out), *options]) == 0
    report: dict[str, Any] = json.loads((out / "report.json").read_text())
    images = report["images"]
    assert images["read"] == images["kept"] + sum(images["dropped"].values())
    assert images["kept"] == sum(split["images"] for split in report["splits"].values())
    boxes = report["boxes"]
    assert boxes.get("read", 0) == sum(boxes.values()) - boxes.get("read", 0)
    return report


def answers(out: Path, split: str = "train") -> dict[str, list[dict[str, Any]]]:
    rows = [json.loads(line) for line in (out / "chats" / f"{split}.jsonl").open()]
    said = {row["id"]: json.loads(row["messages"][2]["content"][0]["text"]) for row in rows}
    # `findings-2` names a normal; the other prompt's answer is an object around the list.
    listed = {name: one["findings"] if isinstance(one, dict) else one for name, one in said.items()}
    return {name: [f for f in one if f["label"] != "no_finding"] for name, one in listed.items()}


def every_byte(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three readers of one effusion, a nodule called an opacity too, and normals to spare."""
    images: Rows = [
        {"image": f"{n:02}.png", "patient": f"p{n}", "split": "train"} for n in range(10)
    ]
    images.append({"image": "copy.png", "patient": "p0", "split": "train", "seed": 0})
    boxes = [
        box_row("00.png", EFFUSION, (0.6, 0.1, 0.9, 0.4), "a"),
        box_row("00.png", EFFUSION, (0.61, 0.1, 0.91, 0.4), "b"),
        box_row("00.png", EFFUSION, (0.62, 0.1, 0.92, 0.4), "c"),
        box_row("01.png", OPACITY, (0.2, 0.2, 0.4, 0.4), "a"),
        box_row("01.png", NODULE, (0.2, 0.2, 0.4, 0.41), "b"),
        box_row("02.png", "pneumothorax", (0.1, 0.1, 5, 0.4), "a"),
    ]
    return write_folder(tmp_path / "set", images, boxes)


def test_readers_are_merged_names_reduced_and_nothing_vanishes(
    folder: Path, tmp_path: Path
) -> None:
    report = corpus(folder, tmp_path / "out")
    told = answers(tmp_path / "out")
    assert told["00.png"] == [{"label": EFFUSION, "box_2d": [0.61, 0.1, 0.91, 0.4]}]
    assert [one["label"] for one in told["02.png"]] == ["pneumothorax"]
    assert told["02.png"][0]["box_2d"] is None
    # The reader who said opacity saw something: it is no negative, so no chat may be silent of it.
    assert "01.png" not in told
    assert report["splits"]["train"]["open"][OPACITY] == 1
    assert report["boxes"]["merged"] == 2
    assert report["boxes"]["reduced_to_a_more_specific_label"] == 1
    assert report["images"]["dropped"] == {"near_duplicate": 1, "normal_beyond_the_ratio": 4}
    assert report["near_duplicates"] == [["00.png", "copy.png"]]


def test_the_same_source_and_seed_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    corpus(folder, tmp_path / "a", "--seed", "7")
    corpus(folder, tmp_path / "b", "--seed", "7")
    assert every_byte(tmp_path / "a") == every_byte(tmp_path / "b")


def test_the_order_of_the_source_changes_no_byte(folder: Path, tmp_path: Path) -> None:
    corpus(folder, tmp_path / "a")
    for name in ("images.csv", "boxes.csv"):
        head, *rows = (folder / name).read_text().splitlines()
        (folder / name).write_text("\n".join([head, *reversed(rows)]) + "\n")
    corpus(folder, tmp_path / "b")
    assert every_byte(tmp_path / "a") == every_byte(tmp_path / "b")


def test_training_reads_the_corpus_and_masks_what_is_open(folder: Path, tmp_path: Path) -> None:
    corpus(folder, tmp_path / "out")
    samples = {sample.path.name: sample for sample in read_samples(tmp_path / "out")}
    assert all(sample.path.is_file() for sample in samples.values())
    assert samples["00.png"].classes == {EFFUSION}
    assert samples["02.png"].classes == {"pneumothorax"}
    assert samples["01.png"].classes == {NODULE}
    assert samples["01.png"].known == set(LABELS) - {OPACITY}
    assert sum(sample.normal for sample in samples.values()) == 3


def test_boxes_are_written_in_the_scale_of_the_checkpoint(folder: Path, tmp_path: Path) -> None:
    corpus(folder, tmp_path / "out", "--prompt", "findings-1")
    # 128 x 96 pixels, padded by 16 on each side to 128 x 128.
    assert answers(tmp_path / "out")["00.png"] == [
        {"label": EFFUSION, "box_2d": [610, 200, 910, 425]}
    ]


def test_an_unreadable_and_a_missing_picture_are_counted(folder: Path, tmp_path: Path) -> None:
    (folder / "images" / "05.png").write_bytes(b"no picture")
    (folder / "images" / "06.png").unlink()
    dropped = corpus(folder, tmp_path / "out")["images"]["dropped"]
    assert (dropped["image_unreadable"], dropped["image_missing"]) == (1, 1)


def test_what_can_not_be_curated_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["curate", str(tmp_path), str(tmp_path / "out")]) == 2
    assert "neither images.csv nor a release" in capsys.readouterr().err
    assert main(["curate", str(folder), str(folder)]) == 2
    assert "not empty" in capsys.readouterr().err
    (folder / "boxes.csv").write_text("image,label,y0,x0,y1,x1\n00.png,lump,0,0,1,1\n")
    assert main(["curate", str(folder), str(tmp_path / "out")]) == 2
    assert "boxes.csv, line 2: 'lump'" in capsys.readouterr().err


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Cases by what readers did with the one flag on each; see ``_CASES``."""
    root = tmp_path / "release"
    sources = [{"id": "s", "slug": "s", "boxes_redistributable": True}]
    cases = [
        {"id": case, "source": "s", "patient": f"p-{case}", "split": "train",
         "width": 96, "height": 128, "image": f"images/{case}.png"}
        for case in _CASES
    ]  # fmt: skip
    cases[-1]["image"] = None
    write_folder(root, [{"image": f"{case}.png", "seed": n} for n, case in enumerate(_CASES)], [])
    for name in ("images.csv", "boxes.csv"):
        (root / name).unlink()
    return write_tables(
        root,
        sources=sources,
        cases=cases,
        audits=[_audit(case, **said[0]) for case, said in _CASES.items()],
        flags=[_flag(case) for case in _CASES],
        findings=[row for case in _CASES for row in _findings(case)],
        decisions=[
            {
                "id": f"d-{case}-{n}",
                "audit": f"a-{case}",
                "flag": f"f-{case}",
                "reader": f"r{n}",
                **d,
            }
            for case, said in _CASES.items()
            for n, d in enumerate(said[1:])
        ],
        settlements=[_settlement(case) for case in _CASES if case in _SETTLED],
    )


_TRUE = {"finding_true": True, "box_right": True, "verdict": "confirmed"}
_FALSE = {"finding_true": False, "verdict": "dismissed"}
_CASES: dict[str, list[dict[str, Any]]] = {
    "agreed": [{}, _TRUE, _TRUE],
    "dismissed": [{}, _FALSE, _FALSE],
    "redrawn": [{}, _TRUE | {"box": [0.5, 0.5, 0.8, 0.8]}],
    "irrelevant": [{}, _TRUE | {"verdict": "dismissed", "reason": "true_but_not_relevant"}],
    "undecided": [{}, {"verdict": "indeterminate"}],
    "disputed": [{}, _TRUE, _FALSE],
    "reported": [{"cardiomegaly": ("present", "present")}, _TRUE],
    "unsure": [{"cardiomegaly": ("uncertain", None)}, _FALSE],
    "kept_back": [{}, _TRUE],
}
_MODEL = [0.6, 0.1, 0.9, 0.4]
_SETTLED = set(_CASES) - {"undecided", "disputed"}


def _settlement(case: str) -> dict[str, Any]:
    """What the platform settles of these decisions: they agree, or there is one alone."""
    _, first, *others = _CASES[case]
    return {
        "id": f"s-{case}",
        "audit": f"a-{case}",
        "flag": f"f-{case}",
        "label": EFFUSION,
        "basis": "flag",
        "rule": "agreement" if others else "single_read",
        **first,
    }


def _audit(case: str, **said: tuple[str, str | None]) -> dict[str, Any]:
    image = states(pleural_effusion="present", **{name: pair[0] for name, pair in said.items()})
    draft = states(**{name: pair[1] for name, pair in said.items()})
    return {"id": f"a-{case}", "case": case, "image_labels": image, "draft_labels": draft}


def _flag(case: str) -> dict[str, Any]:
    return {"id": f"f-{case}", "audit": f"a-{case}", "kind": "MISSING", "label": EFFUSION,
            "boxes": [_MODEL]}  # fmt: skip


def _findings(case: str) -> list[dict[str, Any]]:
    rows = [{"id": f"1-{case}", "audit": f"a-{case}", "label": EFFUSION, "box": _MODEL}]
    if "cardiomegaly" in _CASES[case][0]:
        box = [0.4, 0.3, 0.7, 0.8]
        rows.append({"id": f"2-{case}", "audit": f"a-{case}", "label": "cardiomegaly", "box": box})
    return [row | {"below": False} for row in rows]


def test_settled_truth_beats_the_model_and_doubt_is_no_negative(
    release: Path, tmp_path: Path
) -> None:
    report = corpus(release, tmp_path / "out")
    told = answers(tmp_path / "out")
    assert told["agreed"] == told["irrelevant"] == [{"label": EFFUSION, "box_2d": _MODEL}]
    assert told["redrawn"] == [{"label": EFFUSION, "box_2d": [0.5, 0.5, 0.8, 0.8]}]
    assert told["dismissed"] == []
    # Image and draft agreed, so no flag asked a reader: the model's box stands.
    assert [one["label"] for one in told["reported"]] == [EFFUSION, "cardiomegaly"]
    assert set(told) == {"agreed", "dismissed", "redrawn", "irrelevant", "reported"}
    assert report["images"]["dropped"] == {
        "no_pixels": 1, "nobody_settled_it": 2, "nothing_known": 1
    }  # fmt: skip


def test_a_release_gives_the_same_bytes_twice(release: Path, tmp_path: Path) -> None:
    corpus(release, tmp_path / "a")
    corpus(release, tmp_path / "b")
    assert every_byte(tmp_path / "a") == every_byte(tmp_path / "b")
    with (tmp_path / "a" / "images.csv").open() as stream:
        known = {row["image"]: row["known"].split("|") for row in csv.DictReader(stream)}
    assert known["agreed.png"] == [label.value for label in Label]


@pytest.mark.parametrize("table", ["decisions", "settlements"])
def test_a_release_without_a_table_is_refused(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str
) -> None:
    for shard in (release / "data" / table).iterdir():
        shard.unlink()
    assert main(["curate", str(release), str(tmp_path / "out")]) == 2
    assert "is no whole release" in capsys.readouterr().err


@pytest.mark.parametrize("name", prompt_names("findings"))
def test_a_chat_asks_by_its_prompt_and_answers_by_its_schema(
    folder: Path, tmp_path: Path, name: str
) -> None:
    """Normals too: what is taught is what the grounder asks for, forces and reads."""
    prompt = load_prompt(name, "findings")
    report = corpus(folder, tmp_path / "out", "--prompt", name)
    chats = [json.loads(line) for line in (tmp_path / "out/chats/train.jsonl").open()]
    words = [[m["content"][-1]["text"] for m in chat["messages"]] for chat in chats]
    assert report["asked"]["prompt"] == prompt.reference
    assert {(system, user) for system, user, _ in words} == {
        (prompt.system.strip(), prompt.user.strip())
    }
    judge = Draft202012Validator(answer_schema(prompt))
    found = set()
    for _, _, answer in words:
        assert list(judge.iter_errors(json.loads(answer))) == []
        read = recover_findings(answer, ImageFrame((prompt.boxes or BoxFormat(),), 128, 96))
        assert read.ledger == ()
        found |= {finding.label for finding in read.findings}
    assert found == {EFFUSION, "pneumothorax"} and len(words) == 5
