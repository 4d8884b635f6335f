"""Fine-tuning from a curated corpus to a merged model, on a tiny Gemma 3: torch required."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForImageTextToText

from inference.__main__ import main as inference
from inference.finetune.__main__ import main
from inference.finetune.bases import check_quantized, load_base, load_processor, nf4
from inference.finetune.chats import read_chats
from inference.finetune.merge import MergeFailed, check_outputs, merge, merged, probe_of
from inference.finetune.plan import Plan, read_plan
from inference.finetune.run import finetune, make_trainer
from inference.generation.ladder import Rung, asked_words
from inference.grounders.medgemma import MedGemma
from inference.images import encode_png
from inference.local.settings import LocalSettings
from inference.phantoms import render_phantom
from inference.prompts import load_prompt
from inference.vocabulary import ImageState
from tests.inference.models.tiny import make_gemma

STEPS = 4


@pytest.fixture(scope="module")
def plan_file(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the smoke plan, with a tiny base and a corpus curated from phantoms beside it."""
    torch.set_num_threads(1)
    room = tmp_path_factory.mktemp("finetune")
    make_gemma(room / "base")
    asked = ["curate", str(folder), str(room / "corpus"), "--keep-near-duplicates"]
    assert inference([*asked, "--prompt", "findings-1"]) == 0
    smoke = Path(__file__).parents[3] / "inference/finetune/configs/smoke.yaml"
    shutil.copyfile(smoke, room / "smoke.yaml")
    return room / "smoke.yaml"


@pytest.fixture(scope="module")
def finished(plan_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the command, base in NF4."""
    out = tmp_path_factory.mktemp("runs") / "run"
    assert main(["train", str(plan_file), "--out", str(out)]) == 0
    return out


def record_of(run: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((run / "record.json").read_text("ascii"))
    return record


def test_a_run_leaves_an_adapter_and_a_record_of_all_it_was_made_of(
    finished: Path, plan_file: Path
) -> None:
    record = record_of(finished)
    assert record["steps"] == STEPS
    assert record["resumed_from"] is None
    losses = [row["loss"] for row in record["log"] if "loss" in row]
    assert len(losses) == STEPS
    assert all(0 < loss < 20 for loss in losses)
    assert any("eval_loss" in row for row in record["log"])
    report = json.loads((plan_file.parent / "corpus/report.json").read_text("ascii"))
    assert record["data"]["chats"]["chats/train.jsonl"] == report["files"]["chats/train.jsonl"]
    assert record["libraries"]["trl"]
    assert 0 < record["weights"]["trained"] < record["weights"]["frozen"]
    assert (finished / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert "LoRA of rank 4" in (finished / "card.md").read_text("utf-8")
    trained = load_file(finished / "adapter/adapter_model.safetensors")
    assert all("language_model" in name for name in trained)
    assert all(value.dtype == torch.float32 for value in trained.values())
    assert any(value.any() for name, value in trained.items() if "lora_B" in name)


def test_only_the_assistants_turn_is_learnt(plan_file: Path, tmp_path: Path) -> None:
    trainer = make_trainer(replace(read_plan(plan_file), quantize="none"), tmp_path)
    row = trainer.train_dataset[0]
    batch = trainer.data_collator([dict(row)])
    learnt = batch["input_ids"][batch["labels"] != -100]
    answer = row["completion"][0]["content"]
    told = load_processor(plan_file.parent / "base").tokenizer.decode(learnt)
    assert told.strip() == f"{answer}<end_of_turn>"
    assert answer.startswith('{"findings":[')


def test_the_question_and_the_picture_are_those_of_the_grounder(
    plan_file: Path, tmp_path: Path
) -> None:
    corpus, prompt = tmp_path / "corpus", load_prompt("findings-1", "findings")
    shutil.copytree(plan_file.parent / "corpus", corpus)
    (line, *_) = (corpus / "chats/train.jsonl").read_text("ascii").splitlines()
    pixels = np.zeros((90, 70), np.uint8)
    pixels[30:60, 20:40] = 200
    (corpus / json.loads(line)["images"][0]).write_bytes(encode_png(pixels))

    row = read_chats(corpus, "train")[0]

    assert [said["content"] for said in row["prompt"]] == [
        prompt.system.strip(),
        asked_words(prompt, Rung()),
    ]
    assert row["images"][0].size == (90, 90)


def test_stopped_and_resumed_is_the_same_as_never_stopped(plan_file: Path, tmp_path: Path) -> None:
    """Killed after the second step's checkpoint, in the middle of writing the next.

    With a whole base: bitsandbytes repacks an NF4 one on a CPU at its first evaluation, so that
    the rounding of later steps depends on whether there was one.
    """
    plan = replace(read_plan(plan_file), quantize="none")
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    finetune(plan, whole, resume=False)
    shutil.copytree(whole, parts)
    shutil.rmtree(parts / "adapter")
    (parts / "checkpoints/checkpoint-4/trainer_state.json").unlink()
    with pytest.raises(ValueError, match="--resume"):
        finetune(plan, parts, resume=False)
    record = finetune(plan, parts, resume=True)
    assert (record["resumed_from"], record["steps"]) == ("checkpoint-2", STEPS)
    learnt, again = (load_file(run / "adapter/adapter_model.safetensors") for run in (whole, parts))
    assert learnt.keys() == again.keys()
    assert all(torch.equal(value, again[name]) for name, value in learnt.items())


def test_a_merge_is_written_with_its_proof(finished: Path, tmp_path: Path) -> None:
    assert main(["merge", str(finished), "--out", str(tmp_path / "model")]) == 0
    told = json.loads((tmp_path / "model/merged.json").read_text("ascii"))
    assert told["worst_difference"] < 1e-5
    assert 0 < told["changed_tensors"] <= told["target_tensors"] == 14
    model = AutoModelForImageTextToText.from_pretrained(tmp_path / "model")
    base = Path(record_of(finished)["plan"]["base"])
    plain = AutoModelForImageTextToText.from_pretrained(base, dtype=torch.bfloat16)
    name = "model.language_model.layers.0.mlp.down_proj.weight"
    assert model.dtype == torch.bfloat16
    assert not torch.equal(model.state_dict()[name], plain.state_dict()[name])
    assert main(["merge", str(finished), "--out", str(tmp_path / "model")]) == 1


def test_the_merged_model_and_the_adapter_are_versions_of_their_own(
    finished: Path, tmp_path: Path
) -> None:
    """What the platform registers and compares: the grounder loads both, by hashes that differ."""
    assert main(["merge", str(finished), "--out", str(tmp_path / "model")]) == 0
    base = record_of(finished)["plan"]["base"]
    shared = {"prompt": "findings-1", "max_tokens": 1500, "image_side": 64}
    told = [
        MedGemma(LocalSettings(checkpoint, adapter=adapter, **shared))
        for checkpoint, adapter in (
            (base, ""),
            (base, str(finished / "adapter")),
            (str(tmp_path / "model"), ""),
        )
    ]
    assert len({each.version.hash for each in told}) == 3
    assert len({each.version.version for each in told}) == 3
    film = render_phantom(1, (), size=128).image
    for each in told:
        assert each.ground([film])[0].image_state is ImageState.GROUNDED


def test_a_merge_that_changes_nothing_fails(finished: Path, tmp_path: Path) -> None:
    adapter = tmp_path / "adapter"
    shutil.copytree(finished / "adapter", adapter)
    weights = load_file(adapter / "adapter_model.safetensors")
    empty = {name: value * 0 if "lora_B" in name else value for name, value in weights.items()}
    save_file(empty, adapter / "adapter_model.safetensors", metadata={"format": "pt"})
    record = record_of(finished)["plan"]
    base, corpus = Path(record["base"]), Path(record["corpus"])
    with pytest.raises(MergeFailed, match="changes no output"):
        check_outputs(base, adapter, probe_of(base, corpus))
    with pytest.raises(MergeFailed, match="none of the 14 target tensors changed"):
        merged(base, adapter)


def test_a_merge_whose_outputs_differ_fails(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mistake it is there for: merged onto the base as it was stored while training."""
    record = record_of(finished)["plan"]
    base, corpus = Path(record["base"]), Path(record["corpus"])
    probe = probe_of(base, corpus)

    def stored_small(folder: Path, dtype: torch.dtype) -> Any:
        return load_base(folder, dtype, nf4(torch.float32))

    monkeypatch.setattr("inference.finetune.merge.load_base", stored_small)
    with pytest.raises(MergeFailed, match="differ from base"):
        check_outputs(base, finished / "adapter", probe)


def test_another_base_is_refused(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished, tmp_path / "run")
    record = record_of(finished)
    record["base"] = "0" * 64
    (tmp_path / "run/record.json").write_text(json.dumps(record), encoding="ascii")
    with pytest.raises(ValueError, match="not the base"):
        merge(tmp_path / "run", tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_nf4_takes_the_language_model_and_nothing_else(plan_file: Path) -> None:
    base = plan_file.parent / "base"
    assert check_quantized(load_base(base, torch.float32, nf4(torch.float32))) == 14
    with pytest.raises(ValueError, match="0 layers"):
        check_quantized(load_base(base, torch.float32))


def test_a_changed_corpus_is_refused(
    plan_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("base", "corpus"):
        shutil.copytree(plan_file.parent / name, tmp_path / name)
    shutil.copyfile(plan_file, tmp_path / "plan.yaml")
    chats = tmp_path / "corpus/chats/train.jsonl"
    chats.write_text(chats.read_text("ascii").replace("pneumothorax", "effusion"), "ascii")
    assert main(["train", str(tmp_path / "plan.yaml"), "--out", str(tmp_path / "run")]) == 1
    assert "train.jsonl is not what report.json says" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rank: 4", "names no base and no corpus"),
        ("base: b\ncorpus: c\nranks: 4", "unknown ranks"),
        ("base: b\ncorpus: c\nrank: 0", "rank is a whole number"),
        ("base: b\ncorpus: c\nrate: 2e-4", "rate is a number.*2.0e-4"),
        ("base: b\ncorpus: c\ndora: 1", "dora is true or false"),
        ("base: b\ncorpus: c\nquantize: int8", "quantize is one of"),
        ("base: [", "is no YAML file"),
        ("base", "holds no settings"),
    ],
)
def test_a_bad_plan_says_what_is_wrong(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(text)
    with pytest.raises(ValueError, match=sentence):
        read_plan(tmp_path / "plan.yaml")


@pytest.mark.parametrize("name", ["card-12gb", "card-24gb", "smoke"])
def test_the_plans_that_ship_can_be_read(name: str) -> None:
    plan = read_plan(Path(__file__).parents[3] / f"inference/finetune/configs/{name}.yaml")
    assert isinstance(plan, Plan)
    assert plan.quantize == "nf4"
