"""Base checkpoints: loaded from a folder, whole or in NF4, and what was really quantized."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForImageTextToText, AutoProcessor, BitsAndBytesConfig

from inference.finetune.plan import Plan

KEPT_WHOLE = ["model.vision_tower", "model.multi_modal_projector", "lm_head"]
"""By whole paths: transformers 5 skips nothing for a bare ``vision_tower``."""


def load_processor(base: Path) -> Any:
    return AutoProcessor.from_pretrained(base, local_files_only=True)


def load_base(base: Path, dtype: torch.dtype, quantization: Any = None) -> Any:
    """The model of ``base``, on the GPU if there is one; raises ``OSError`` without one."""
    place = {"": 0} if torch.cuda.is_available() else {"": "cpu"}
    return AutoModelForImageTextToText.from_pretrained(
        base,
        dtype=dtype,
        device_map=place,
        attn_implementation="sdpa",
        quantization_config=quantization,
        local_files_only=True,
    )


def load_for_training(plan: Plan) -> Any:
    """As ``plan.quantize`` says. Raises ``ValueError`` where NF4 took the wrong layers."""
    dtype = torch.bfloat16 if torch.cuda.is_available() else torch.float32
    if plan.quantize == "none":
        return load_base(plan.base, dtype)
    model = load_base(plan.base, dtype, nf4(dtype))
    check_quantized(model)
    return model


def nf4(dtype: torch.dtype) -> BitsAndBytesConfig:
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
        llm_int8_skip_modules=KEPT_WHOLE,
    )


def check_quantized(model: Any) -> int:
    """How many layers are in 4 bits; ``ValueError`` if none is, or one outside the language model.

    The names that a library skips by have changed before, in silence.
    """
    small = [name for name, each in model.named_modules() if type(each).__name__ == "Linear4bit"]
    strange = [name for name in small if "language_model" not in name]
    if not small or strange:
        raise ValueError(f"NF4 took {len(small)} layers, wrongly {strange[:3]}")
    return len(small)
