"""An adapter merged into a clean base, and the proof that the merge did what it should."""

import json
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from torch import Tensor

from inference.finetune.bases import load_base, load_processor
from inference.finetune.chats import read_chats
from inference.finetune.record import base_hash
from inference.finetune.run import ADAPTER
from inference.provenance import sha256_of

CLOSE = 1e-3
"""Most that a merged model's logits may differ from base + adapter, of the largest logit, in
32 bits: rounding makes about 1e-6 of it, a merge onto a quantized base 1e-2 and more."""

SPLITS = ("validation", "train")


class MergeFailed(ValueError):
    """The merged model is not the base with its adapter; nothing was written."""


def merge(run: Path, out: Path) -> dict[str, Any]:
    """Write the merged model in bfloat16 and its processor to ``out``; what was checked.

    Raises ``MergeFailed`` when no tensor changed, or when in 32 bits the merged outputs differ
    from those of base + adapter; ``ValueError`` when the base is not the run's own any more.
    """
    record = json.loads((run / "record.json").read_text("ascii"))
    base, corpus = Path(record["plan"]["base"]), Path(record["plan"]["corpus"])
    if out.exists():
        raise ValueError(f"{out} is there already: choose a new folder")
    if base_hash(base) != record["base"]:
        raise ValueError(f"{base} is not the base that the run began with")
    worst = check_outputs(base, run / ADAPTER, probe_of(base, corpus))
    model, changed, targets = merged(base, run / ADAPTER)
    model.save_pretrained(out)
    load_processor(base).save_pretrained(out)
    told = {
        "run": sha256_of(run / "record.json"),
        "base": record["base"],
        "changed_tensors": changed,
        "target_tensors": targets,
        "worst_difference": worst,
    }
    (out / "merged.json").write_text(json.dumps(told, indent=1) + "\n", encoding="ascii")
    return told


def probe_of(base: Path, corpus: Path) -> dict[str, Tensor]:
    """The first chat's image and question as the model reads them."""
    chats = next((c for split in SPLITS if len(c := read_chats(corpus, split))), None)
    if chats is None:
        raise ValueError(f"{corpus} holds no chat to try the merged model on")
    row = chats[0]
    system, question = (message["content"] for message in row["prompt"])
    parts = [
        {"type": "image", "image": row["images"][0]},
        {"type": "text", "text": question},
    ]
    read: dict[str, Tensor] = load_processor(base).apply_chat_template(
        [
            {"role": "system", "content": [{"type": "text", "text": system}]},
            {"role": "user", "content": parts},
        ],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
    )
    return read


def check_outputs(base: Path, adapter: Path, probe: dict[str, Tensor]) -> float:
    """The largest difference of merged and unmerged logits, as a share of the largest logit.

    Raises ``MergeFailed`` beyond ``CLOSE``, and for an adapter that changes no output at all.
    """
    model = load_base(base, torch.float32).eval()
    plain = _logits(model, probe)
    tuned = PeftModel.from_pretrained(model, adapter).eval()
    apart = _logits(tuned, probe)
    together = _logits(tuned.merge_and_unload(safe_merge=True), probe)
    if torch.equal(plain, apart):
        raise MergeFailed("the adapter changes no output: its weights do not fit this base")
    worst = float((together - apart).abs().max() / apart.abs().max())
    if not worst <= CLOSE:
        raise MergeFailed(f"merged outputs differ from base + adapter by {worst:.2g} of the most")
    return worst


def merged(base: Path, adapter: Path) -> tuple[Any, int, int]:
    """The merged bfloat16 model, how many of the adapter's target tensors changed, and of how
    many. Raises ``MergeFailed`` when none did."""
    # Never the training model's base: NF4's rounding would be merged in for ever.
    model = load_base(base, torch.bfloat16).eval()
    tuned = PeftModel.from_pretrained(model, adapter)
    layers = [name for name, part in tuned.named_modules() if hasattr(part, "base_layer")]
    before = {name: tuned.get_submodule(name).base_layer.weight.clone() for name in layers}
    whole = tuned.merge_and_unload(safe_merge=True)
    changed = sum(
        not torch.equal(old, whole.get_submodule(name.removeprefix("base_model.model.")).weight)
        for name, old in before.items()
    )
    if not changed:
        raise MergeFailed(f"none of the {len(before)} target tensors changed")
    return whole, changed, len(before)


def _logits(model: Any, probe: dict[str, Tensor]) -> Tensor:
    with torch.no_grad():
        place = next(model.parameters()).device
        logits: Tensor = model(**{name: each.to(place) for name, each in probe.items()}).logits
    return logits.cpu()
