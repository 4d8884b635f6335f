"""Loads a checkpoint, with or without an adapter, in bf16 or NF4. Needs requirements-models.txt."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoProcessor,
    AutoTokenizer,
    BitsAndBytesConfig,
)

from inference.grounders.base import BackendUnavailable
from inference.local.settings import LocalSettings

# Quantized would be too coarse (the head) or gain little (the vision tower). These are transformers
# 5's paths: "vision_tower" alone would match nothing, silently.
_LEFT_WHOLE = ["model.vision_tower", "model.multi_modal_projector", "lm_head"]


class Loaded(NamedTuple):
    """A model ready to generate. ``reader`` makes its inputs: a processor or a tokenizer."""

    model: Any
    reader: Any
    tokenizer: Any


def load(settings: LocalSettings, sees: bool) -> Loaded:
    """The model of ``settings``; ``sees`` says whether it takes pictures.

    Raises ``BackendUnavailable`` with the reason when it can't be loaded.
    """
    device = _device(settings)
    if settings.threads:
        torch.set_num_threads(settings.threads)
    found: dict[str, Any] = {
        "local_files_only": not settings.download,
        "revision": settings.revision or None,
    }
    try:
        reader = (AutoProcessor if sees else AutoTokenizer).from_pretrained(
            settings.checkpoint, **found
        )
        family = AutoModelForImageTextToText if sees else AutoModelForCausalLM
        model = family.from_pretrained(
            settings.checkpoint,
            dtype=torch.float32 if settings.precision == "fp32" else torch.bfloat16,
            device_map=device,
            quantization_config=_quantization(settings),
            **({"attn_implementation": "sdpa"} if sees else {}),
            **found,
        )
        model = _adapted(model, settings)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise BackendUnavailable(f"{settings.checkpoint} can't be loaded: {error}") from error
    tokenizer = reader.tokenizer if sees else reader
    tokenizer.padding_side = "left"
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return Loaded(model.eval(), reader, tokenizer)


def weights_hash(folders: list[Path]) -> str:
    """SHA-256 over the names and contents of every weights and configuration file."""
    whole = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.glob("*")):
            if path.suffix in (".safetensors", ".bin", ".json", ".jinja", ".model"):
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").digest()
                whole.update(path.name.encode() + b"\0" + digest)
    return whole.hexdigest()


def _device(settings: LocalSettings) -> str:
    device = settings.device or ("cuda" if torch.cuda.is_available() else "cpu")
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise BackendUnavailable("The settings ask for cuda, and torch finds no GPU.")
    return device


def _quantization(settings: LocalSettings) -> BitsAndBytesConfig | None:
    if settings.precision != "nf4":
        return None
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
        llm_int8_skip_modules=_LEFT_WHOLE,
    )


def _adapted(model: Any, settings: LocalSettings) -> Any:
    """The model with its adapter. peft only warns of weights that have no place in the model, and
    leaves the adapter at zero: the base model's answers must never pass for a fine-tune's."""
    if not settings.adapter:
        return model
    from peft import PeftModel  # noqa: PLC0415 - slow to import, and few need it

    adapted = PeftModel.from_pretrained(
        model, settings.adapter, local_files_only=not settings.download
    )
    outer = [weights for name, weights in adapted.named_parameters() if "lora_B" in name]
    if outer and not any(weights.any() for weights in outer):
        raise ValueError(f"the adapter {settings.adapter} changes nothing in it")
    return adapted
