"""What a run was made of: data, base, settings, code and libraries, each by its hash."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inference import NOTICE
from inference.finetune.plan import Plan
from inference.provenance import code_hash, library_versions, sha256_of, sha256_of_listing

LIBRARIES = ("torch", "transformers", "peft", "trl", "bitsandbytes", "accelerate", "datasets")
_LINES = ("loss", "eval_loss")


def check_corpus(corpus: Path) -> dict[str, str]:
    """The corpus's files and hashes; ``ValueError`` if one is not what its report says."""
    report = json.loads((corpus / "report.json").read_text("ascii"))
    files: dict[str, str] = report["files"]
    for name, expected in files.items():
        if not (corpus / name).is_file() or sha256_of(corpus / name) != expected:
            raise ValueError(f"{corpus / name} is not what report.json says: curate again")
    return files


def write_record(
    plan: Plan, out: Path, files: Mapping[str, str], told: Mapping[str, Any]
) -> dict[str, Any]:
    """Write ``record.json``, ``curves.png`` and ``card.md``; the record."""
    record = {
        "notice": NOTICE,
        "plan": plan.as_dict(),
        "data": {
            "report": sha256_of(plan.corpus / "report.json"),
            "files": sha256_of_listing(files),
            "chats": {name: sha for name, sha in files.items() if name.startswith("chats/")},
        },
        "base": base_hash(plan.base),
        "code": code_hash(),
        "libraries": library_versions(LIBRARIES),
        **told,
    }
    text = json.dumps(record, indent=1, sort_keys=True)
    (out / "record.json").write_text(text + "\n", encoding="ascii")
    draw(record["log"], out / "curves.png")
    (out / "card.md").write_text(_card(plan, record), encoding="utf-8")
    return record


def base_hash(base: Path) -> str:
    """Of the base's weights and configuration, whatever else lies in its folder."""
    kept = [path for path in base.iterdir() if path.suffix in (".safetensors", ".json")]
    return sha256_of_listing({path.name: sha256_of(path) for path in kept})


def draw(log: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Training and held-back loss by step, as PNG."""
    import matplotlib as mpl  # noqa: PLC0415  (slow to import, and needed once a run)

    mpl.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415

    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for name in _LINES:
        points = [(row["step"], row[name]) for row in log if name in row]
        axes.plot([x for x, _ in points], [y for _, y in points], marker=".", label=name)
    axes.set_xlabel("step")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=80)
    pyplot.close(figure)


def _card(plan: Plan, record: Mapping[str, Any]) -> str:
    losses = {name: [row[name] for row in record["log"] if name in row] for name in _LINES}
    told = [
        f"- {name}: {values[0]:.3f} at first, {values[-1]:.3f} at last"
        for name, values in losses.items()
        if values
    ]
    return "\n".join(
        [
            "# An adapter fine-tuned on settled readings",
            "",
            NOTICE,
            "",
            f"- base: {plan.base.name} ({record['base'][:12]})",
            f"- corpus: {record['data']['files'][:12]}, as report.json there tells it",
            f"- {'DoRA' if plan.dora else 'LoRA'} of rank {plan.rank}, alpha {plan.alpha}, "
            f"rate {plan.rate:g}, base stored as {plan.quantize}",
            f"- {record['steps']} steps of {plan.batch * plan.accumulate} images, "
            f"{record['weights']['trained']:,} trained weights",
            *told,
            "",
            "The licences of the base and of the corpus's sources both bind it. It has not been "
            "compared with its base: `python -m inference compare-versions` does that.",
            "",
        ]
    )
