"""Draw a run's log: losses on the left, validation on the right."""

from pathlib import Path
from typing import Any

SHOWN = ("auc_both", "auc_image", "auc_peak", "iou30", "iou30_nodule_mass")


def draw(log: list[dict[str, Any]], path: Path) -> None:
    """Write the curves of ``log`` (as in ``log.jsonl``) to ``path`` as PNG."""
    import matplotlib as mpl  # noqa: PLC0415  (training only)

    mpl.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    epochs = [record["epoch"] for record in log]
    for name in log[0]["loss"]:
        left.plot(epochs, [record["loss"][name] for record in log], label=name)
    judged = [record for record in log if "val" in record]
    for name in SHOWN:
        right.plot([r["epoch"] for r in judged], [r["val"][name] for r in judged], label=name)
    for axes, title in ((left, "training loss"), (right, "held-back patients")):
        axes.set_title(title)
        axes.set_xlabel("epoch")
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
