"""Batches, forcing and memory, on tiny models loaded by the real loaders."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch
from bitsandbytes.nn import Linear4bit
from peft import LoraConfig, get_peft_model

from inference.generation.ladder import Rung
from inference.grounders import BackendUnavailable
from inference.local.generating import Generator
from inference.local.ladder import Message
from inference.local.loading import load
from inference.local.settings import LocalSettings
from inference.prompts import Answer, answer_schema, load_prompt
from tests.inference.models.tiny import make_nemotron

WORDS = ("heart?", "Is there a pleural effusion on the left of the picture?", "nodule", "Answer.")
MESSAGES: list[Message] = [[{"role": "user", "content": words}] for words in WORDS]


def generator(
    folder: Path, schema: dict[str, Any] | None = None, **settings: Any
) -> tuple[Generator, Any]:
    given = LocalSettings(str(folder), "mentions-1", settings.pop("max_tokens", 24), **settings)
    loaded = load(given, sees=False)
    return Generator(loaded, given, schema), loaded.model


def test_a_padded_batch_says_what_single_questions_say(nemotron: Path) -> None:
    """In fp32: bf16 rounds a batch and a single question differently."""
    model, _ = generator(nemotron, precision="fp32")
    together = [each.raw for each in model.answers(MESSAGES, Rung()) if each]
    alone = [each.raw for one in MESSAGES for each in model.answers([one], Rung()) if each]
    assert together == alone
    assert len(set(together)) > 1


@pytest.mark.parametrize(
    ("answer", "prompt"),
    [("findings", "findings-1"), ("findings", "findings-2"), ("mentions", "mentions-1")],
)
def test_every_forced_answer_keeps_to_its_schema(
    nemotron: Path, answer: Answer, prompt: str
) -> None:
    schema = answer_schema(load_prompt(prompt, answer))
    model, _ = generator(nemotron, schema, max_tokens=3000, precision="fp32")
    said = [
        each
        for rung in (Rung(), Rung(temperature=1.0, seed=1), Rung(temperature=3.0, seed=2))
        for each in model.answers(MESSAGES, rung)
    ]
    for each in said:
        assert each is not None
        assert each.settings["finish"] == "stop"
        jsonschema.validate(json.loads(each.raw), schema)
    assert len({each.raw for each in said if each}) > 4


def test_nf4_answers_keep_to_the_schema_too(nemotron: Path) -> None:
    schema = answer_schema(load_prompt("findings-1", "findings"))
    model, _ = generator(nemotron, schema, max_tokens=3000, precision="nf4")
    for each in model.answers(MESSAGES[:2], Rung(temperature=1.0, seed=1)):
        assert each is not None
        jsonschema.validate(json.loads(each.raw), schema)


def test_thoughts_end_at_their_budget_and_the_answer_follows(tmp_path: Path) -> None:
    schema = answer_schema(load_prompt("mentions-1", "mentions"))
    model, _ = generator(
        make_nemotron(tmp_path, seed=3), schema, max_tokens=3000, thinking=12, precision="fp32"
    )
    for each in model.answers(MESSAGES, Rung()):
        assert each is not None
        thoughts, _, answer = each.raw.partition("</think>")
        assert thoughts
        jsonschema.validate(json.loads(answer), schema)


def test_a_batch_that_does_not_fit_is_halved(
    nemotron: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, network = generator(nemotron, precision="fp32")
    expected = [each.raw for each in model.answers(MESSAGES, Rung()) if each]
    sizes = _room_for(2, network, monkeypatch)
    assert [each.raw for each in model.answers(MESSAGES, Rung()) if each] == expected
    assert sizes == [4, 2, 2]


def test_one_that_does_not_fit_alone_has_no_answer(
    nemotron: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, network = generator(nemotron, precision="fp32")
    sizes = _room_for(0, network, monkeypatch)
    assert list(model.answers(MESSAGES[:2], Rung())) == [None, None]
    assert sizes == [2, 1, 1]


def test_nf4_quantizes_the_language_and_neither_the_vision_nor_the_head(gemma: Path) -> None:
    given = LocalSettings(str(gemma), "findings-1", 8, precision="nf4")
    model = load(given, sees=True).model
    quantized = [name for name, part in model.named_modules() if isinstance(part, Linear4bit)]
    assert len(quantized) == 2 * 7  # q, k, v, o, gate, up, down of both layers
    assert all("language_model" in name for name in quantized)


def test_bf16_is_the_precision_unless_told(gemma: Path) -> None:
    assert load(LocalSettings(str(gemma), "findings-1", 8), sees=True).model.dtype == torch.bfloat16


def test_an_adapter_changes_what_is_said(nemotron: Path, tmp_path: Path) -> None:
    _save_adapter(nemotron, tmp_path, fill=0.5)
    plain, _ = generator(nemotron, precision="fp32")
    tuned, _ = generator(nemotron, precision="fp32", adapter=str(tmp_path))
    said = [each.raw for each in plain.answers(MESSAGES, Rung()) if each]
    assert said != [each.raw for each in tuned.answers(MESSAGES, Rung()) if each]


def test_an_adapter_that_changes_nothing_is_refused(nemotron: Path, tmp_path: Path) -> None:
    _save_adapter(nemotron, tmp_path, fill=0.0)
    with pytest.raises(BackendUnavailable, match="changes nothing"):
        generator(nemotron, precision="fp32", adapter=str(tmp_path))


def _save_adapter(folder: Path, into: Path, fill: float) -> None:
    _, network = generator(folder, precision="fp32")
    lora = LoraConfig(r=4, target_modules=["q_proj", "o_proj"], task_type="CAUSAL_LM")
    adapted = get_peft_model(network, lora)
    for name, weights in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.constant_(weights, fill)
    adapted.save_pretrained(into)


def _room_for(most: int, network: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the network's memory hold ``most`` questions; gives the sizes that were tried."""
    real: Callable[..., Any] = network.generate
    tried: list[int] = []

    def generate(**inputs: Any) -> Any:
        tried.append(len(inputs["input_ids"]))
        if tried[-1] > most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(**inputs)

    monkeypatch.setattr(network, "generate", generate)
    return tried
