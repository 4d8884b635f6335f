"""A tiny run from films to a shipped detector: torch required."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from inference.__main__ import main
from inference.grounders.embedded.backend import EmbeddedGrounder
from inference.grounders.embedded.card import FOLDER, read_card
from inference.grounders.embedded.network import OUTPUTS, open_session
from inference.grounders.embedded.preprocess import to_input
from inference.images import read_image
from inference.provenance import code_hash, sha256_of, sha256_of_listing
from inference.training.__main__ import main as steps
from inference.training.dataset import IMAGE_CLASSES, MASK_VALUES, join, load, read_samples
from inference.training.export import Reported, export
from inference.training.loop import Plan, Run, epoch_order
from inference.training.model import Detector
from inference.training.package import package
from inference.training.precision import autocast
from inference.training.start import has_fixed_norms, starting_weights
from inference.vocabulary import LABELS, ImageState

SIZE = 96
SHIPPED_SIZE = read_card(FOLDER).size
HELD = 30


def quiet(step: int, steps: int, losses: dict[str, float]) -> None:
    """Nobody watches a test's progress bar."""


def a_run(folder: Path, out: Path, epochs: int) -> Run:
    samples = read_samples(folder)
    out.mkdir(exist_ok=True)
    train = join([load([s for s in samples if s.split == "train"], SIZE)], [""])
    held = load([s for s in samples if s.split == "val"], SIZE)
    return Run(Plan(size=SIZE, epochs=epochs, batch=4, seed=3), train, held, out)


def weights(run: Run) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in run.averaged.parameters()])


@pytest.fixture(scope="module")
def finished(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One epoch through the command, on phantoms alone."""
    out = tmp_path_factory.mktemp("run")
    arguments = ["train-detector", "--data", str(folder), "--out", str(out), "--epochs", "1"]
    assert main([*arguments, "--size", str(SIZE), "--threads", "1", "--phantoms", "2"]) == 0
    return out


def test_a_run_leaves_weights_a_log_and_curves(finished: Path) -> None:
    (record,) = map(json.loads, (finished / "log.jsonl").read_text("ascii").splitlines())
    assert record["epoch"] == 1
    assert all(value > 0 for value in record["loss"].values())
    assert 0 <= record["val"]["auc_both"] <= 1
    assert (finished / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert (finished / "checkpoint.pt").exists()


def test_a_run_leaves_a_record_of_all_it_was_made_of(finished: Path, folder: Path) -> None:
    record = json.loads((finished / "record.json").read_text("ascii"))
    data = record["sources"]["data"]
    assert data["images.csv"] == sha256_of(folder / "images.csv")
    pictures = {path.name: sha256_of(path) for path in (folder / "images").iterdir()}
    assert (data["count"], data["pictures"]) == (len(pictures), sha256_of_listing(pictures))
    assert record["sources"]["phantoms"] == {"count": 2, "first_seed": 100_000}
    assert record["plan"]["size"] == SIZE
    assert record["code"] == code_hash()
    assert record["libraries"]["torch"] == torch.__version__
    with autocast():
        multiplied = torch.ones(2, 2) @ torch.ones(2, 2)
    assert str(multiplied.dtype) == f"torch.{record['precision']}"
    assert record["learnt_from"]["pictures"] == len(pictures) - HELD + 2
    assert record["held_back"]["pictures"] == HELD
    assert [row["epoch"] for row in record["log"]] == [1]
    assert "begins with ImageNet's weights" in (finished / "card.md").read_text("utf-8")


def test_a_run_does_not_go_on_with_other_data(
    finished: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, other = tmp_path / "run", tmp_path / "other"
    shutil.copytree(finished, out)
    shutil.copytree(folder, other)
    (other / "images/00.png").write_bytes((folder / "images/01.png").read_bytes())
    arguments = ["train-detector", "--data", str(other), "--out", str(out), "--epochs", "2"]
    arguments += ["--size", str(SIZE), "--threads", "1", "--phantoms", "2", "--resume"]
    assert main(arguments) == 1
    assert "learnt from other data" in capsys.readouterr().err


def test_a_finished_folder_is_not_trained_over(
    finished: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (finished / "checkpoint.pt").read_bytes()
    assert main(["train-detector", "--data", str(folder), "--out", str(finished)]) == 1
    assert "--resume" in capsys.readouterr().err
    assert (finished / "checkpoint.pt").read_bytes() == before


def test_stopped_and_resumed_is_the_same_as_never_stopped(folder: Path, tmp_path: Path) -> None:
    whole = a_run(folder, tmp_path / "whole", epochs=2)
    whole.finish(quiet)
    first = a_run(folder, tmp_path / "parts", epochs=2)

    def stop_in_the_second_epoch(step: int, steps: int, losses: dict[str, float]) -> None:
        if step > steps // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        first.finish(stop_in_the_second_epoch)
    second = a_run(folder, tmp_path / "parts", epochs=2)
    assert second.resume()
    second.finish(quiet)
    assert torch.equal(weights(second), weights(whole))


def test_the_command_goes_on_with_a_run(folder: Path, tmp_path: Path) -> None:
    arguments = ["train-detector", "--data", str(folder), "--out", str(tmp_path / "run")]
    arguments += ["--size", str(SIZE), "--threads", "1"]
    assert main([*arguments, "--epochs", "1"]) == 0
    (first,) = (tmp_path / "run" / "log.jsonl").read_text("ascii").splitlines()
    assert main([*arguments, "--epochs", "2", "--resume"]) == 0
    lines = (tmp_path / "run" / "log.jsonl").read_text("ascii").splitlines()
    assert lines[0] == first
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2]


def test_logs_of_several_runs_are_drawn_under_each_other(finished: Path, tmp_path: Path) -> None:
    log, out = str(finished / "log.jsonl"), tmp_path / "curves.png"
    other = tmp_path / "other.jsonl"
    other.write_bytes((finished / "log.jsonl").read_bytes())
    assert steps(["curves", "--logs", log, str(other), "--out", str(out)]) == 0
    with Image.open(out) as both, Image.open(finished / "curves.png") as single:
        assert both.size == (single.width, 2 * single.height)


def test_another_plans_checkpoint_is_refused(folder: Path, finished: Path) -> None:
    other = a_run(folder, finished, epochs=1)
    with pytest.raises(ValueError, match="another plan"):
        other.resume()


def test_training_learns(folder: Path, tmp_path: Path) -> None:
    run = a_run(folder, tmp_path / "learns", epochs=6)
    run.finish(quiet)
    first, last = (sum(run.log[k]["loss"].values()) for k in (0, -1))
    assert last < first


def test_the_onnx_file_says_what_the_network_says(finished: Path, tmp_path: Path) -> None:
    target = tmp_path / "detector.onnx"
    assert export(finished / "checkpoint.pt", target) == SIZE
    pixels = to_input(np.random.default_rng(0).integers(0, 256, (2, SIZE, SIZE)).astype(np.uint8))
    made = open_session(target.read_bytes()).run(OUTPUTS, {"pixels": pixels})
    detector = Detector(SIZE, pretrained=False).eval()
    saved = torch.load(finished / "checkpoint.pt", weights_only=True)
    detector.load_state_dict(saved["averaged"])
    with torch.no_grad():
        output = detector(torch.from_numpy(pixels))
    rows = [IMAGE_CLASSES.index(label) for label in LABELS]
    assert np.allclose(made[0], output.image[:, rows].numpy(), atol=0.05)
    assert np.allclose(made[3], output.fine.heat.numpy(), atol=0.05)


def test_a_packaged_run_grounds_films(finished: Path, folder: Path, tmp_path: Path) -> None:
    checkpoints = [finished / "checkpoint.pt"] * 2
    report = package(checkpoints, FOLDER / "anatomy.onnx", folder, tmp_path / "w", "test")
    assert report["n"] == HELD
    grounder = EmbeddedGrounder(tmp_path / "w")
    (seen,) = grounder.ground([read_image(folder / "images" / "00.png")])
    assert grounder.version.version == "test"
    assert seen.image_state is ImageState.GROUNDED
    assert set(seen.scores) == set(LABELS)


def test_an_anatomy_run_tells_what_it_was_made_of(
    finished: Path, folder: Path, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    dice = np.random.default_rng(1)
    for kind in ("images", "masks"):
        (films / kind).mkdir(parents=True)
        for number in range(3):
            values = [0, *MASK_VALUES.values()] if kind == "masks" else range(256)
            pixels = dice.choice(np.array(values, np.uint8), (64, 64))
            Image.fromarray(pixels).save(films / kind / f"{number}.png")
    rows = ["image,split", "0.png,train", "1.png,train", "2.png,val"]
    (films / "images.csv").write_text("\n".join(rows), encoding="utf-8")
    made = []
    for name in ("one", "again"):
        out = tmp_path / f"{name}.onnx"
        steps(["anatomy", "--films", str(films), "--out", str(out), "--epochs", "2", "--seed", "3"])
        made.append(json.loads(out.with_suffix(".record.json").read_text("ascii")))
    record, again = made
    assert record["learnt_from"] == {"films": 2} and record["sources"]["films"]["count"] == 3
    assert record["plan"] == {"epochs": 2, "seed": 3} and len(record["log"]) == 2
    assert record["network"]["sha256"] == sha256_of(tmp_path / "one.onnx")
    same = ("plan", "sources", "code", "libraries", "learnt_from", "log")
    assert {name: record[name] for name in same} == {name: again[name] for name in same}
    assert "learnt from 2 of 3 films" in (tmp_path / "one.card.md").read_text("utf-8")
    package([finished / "checkpoint.pt"], tmp_path / "one.onnx", FOLDER, tmp_path / "w", "test")
    told = json.loads((tmp_path / "w/card.json").read_text("ascii"))["anatomy_run"]
    assert told["record"] == sha256_of(tmp_path / "one.record.json")
    assert told["sources"] == record["sources"]


def test_too_few_films_choose_no_thresholds(finished: Path, folder: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    few.mkdir()
    (few / "images").symlink_to(folder / "images")
    (few / "boxes.csv").symlink_to(folder / "boxes.csv")
    rows = (folder / "images.csv").read_text("utf-8").splitlines()
    (few / "images.csv").write_text("\n".join([rows[0], *rows[-6:]]), encoding="utf-8")
    with pytest.raises(ValueError, match="too few held-back pictures"):
        package([finished / "checkpoint.pt"], FOLDER / "anatomy.onnx", few, tmp_path / "w", "test")


def test_an_epoch_holds_every_boxed_film_and_pneumothorax_twice(folder: Path) -> None:
    samples = [s for s in read_samples(folder) if s.split == "train"]
    cache = join([load(samples, 64)], [""])
    order = epoch_order(cache, seed=1, epoch=0)
    counts = [order.count(row) for row in range(len(samples))]
    assert counts == [2 if "pneumothorax" in s.classes else 1 for s in samples]
    assert order != epoch_order(cache, seed=1, epoch=1)


def test_a_run_can_begin_with_another_runs_weights(
    folder: Path, finished: Path, tmp_path: Path
) -> None:
    run = a_run(folder, tmp_path / "second", epochs=1)
    fresh = weights(run)
    run.start_from(finished / "checkpoint.pt")
    saved = torch.load(finished / "checkpoint.pt", weights_only=True)
    assert not torch.equal(weights(run), fresh)
    assert all(
        torch.equal(value, saved["averaged"][name])
        for name, value in run.model.state_dict().items()
    )


def test_a_run_can_begin_with_a_network_that_ships(folder: Path, tmp_path: Path) -> None:
    """What the ONNX file says is what training starts from, and norms keep what they are."""
    shipped = FOLDER / "detector-1.onnx"
    detector = Detector(SHIPPED_SIZE, pretrained=False, fixed_norms=True)
    detector.load_state_dict(starting_weights(shipped, SHIPPED_SIZE))
    dice = np.random.default_rng(0)
    pixels = to_input(dice.integers(0, 256, (2, SHIPPED_SIZE, SHIPPED_SIZE)).astype(np.uint8))
    with torch.no_grad():
        said = Reported(detector.eval())(torch.from_numpy(pixels))
    for made, expected in zip(
        said, open_session(shipped.read_bytes()).run(OUTPUTS, {"pixels": pixels}), strict=True
    ):
        assert np.allclose(made.numpy(), expected, atol=1e-3)

    out = tmp_path / "run"
    arguments = ["train-detector", "--data", str(folder), "--out", str(out), "--size", str(SIZE)]
    arguments += ["--start", str(shipped), "--threads", "1", "--rate", "0.5"]
    assert main([*arguments, "--epochs", "1"]) == 0
    saved = torch.load(out / "checkpoint.pt", weights_only=True)
    assert saved["plan"]["fixed_norms"]
    assert has_fixed_norms(out / "checkpoint.pt")
    assert torch.all(saved["averaged"]["neck.0.2.running_var"] == 1)
    before = starting_weights(shipped, SIZE)["coarse.heat.weight"]
    assert not torch.equal(saved["averaged"]["coarse.heat.weight"], before)
    assert main([*arguments, "--epochs", "2", "--resume"]) == 0


def test_another_network_is_no_start(folder: Path, tmp_path: Path) -> None:
    arguments = ["train-detector", "--data", str(folder), "--out", str(tmp_path / "run")]
    with pytest.raises(ValueError, match=r"no export of the detector: it holds no stem.weight"):
        starting_weights(FOLDER / "anatomy.onnx", SIZE)
    assert main([*arguments, "--start", str(FOLDER / "anatomy.onnx")]) == 1


def test_a_retrained_detector_can_keep_the_thresholds_of_another(
    finished: Path, tmp_path: Path
) -> None:
    target = tmp_path / "w"
    arguments = ["package", "--runs", str(finished), "--anatomy", str(FOLDER / "anatomy.onnx")]
    arguments += ["--thresholds", str(FOLDER), "--out", str(target), "--version", "kept"]
    assert steps(arguments) == 0
    shipped, made = read_card(FOLDER), read_card(target)
    assert made.labels == shipped.labels
    assert made.hash != shipped.hash
    card = json.loads((target / "card.json").read_text("ascii"))
    (told,) = card["runs"]
    assert told["record"] == sha256_of(finished / "record.json")
    assert told["plan"]["size"] == SIZE
    assert card["thresholds_of"] == {"version": shipped.version, "hash": shipped.hash}
