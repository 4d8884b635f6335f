"""Draw runs' logs: losses on the left, validation on the right, a run a row."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

SHOWN = ("auc_both", "auc_image", "auc_peak", "iou30", "iou30_nodule_mass")
Log = list[dict[str, Any]]
"""A run's records, one an epoch, as in ``log.jsonl``."""


def draw(logs: Mapping[str, Log], path: Path) -> None:
    """Write the curves of ``logs``, by the runs' names, to ``path`` as PNG."""
    import matplotlib as mpl  # noqa: PLC0415  (training only)

    mpl.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415

    figure, rows = pyplot.subplots(
        len(logs), 2, figsize=(11, 4 * len(logs)), layout="constrained", squeeze=False
    )
    for (name, log), (left, right) in zip(logs.items(), rows, strict=True):
        _curves(log, left, right)
        for axes, title in ((left, "training loss"), (right, "held-back patients")):
            axes.set_title(f"{name}: {title}")
            axes.set_xlabel("epoch")
            axes.grid(alpha=0.3)
            axes.legend()
    figure.savefig(path, dpi=80)
    pyplot.close(figure)


def _curves(log: Log, left: Any, right: Any) -> None:
    epochs = [record["epoch"] for record in log]
    for name in log[0]["loss"]:
        left.plot(epochs, [record["loss"][name] for record in log], label=name)
    judged = [record for record in log if "val" in record]
    for name in SHOWN:
        right.plot([r["epoch"] for r in judged], [r["val"][name] for r in judged], label=name)
