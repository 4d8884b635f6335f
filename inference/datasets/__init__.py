"""Adapters: the annotation files of public datasets, read as pictures with readings."""

from inference.datasets.base import Dataset, NotThisDataset, Picture, Reading, Table
from inference.datasets.chestxdet import CHESTXDET
from inference.datasets.coco import COCO
from inference.datasets.nih import NIH
from inference.datasets.vindr import VINDR

__all__ = ["DATASETS", "Dataset", "NotThisDataset", "Picture", "Reading", "Table"]

DATASETS: dict[str, Dataset] = {
    "vindr": VINDR,
    "nih": NIH,
    "chestxdet": CHESTXDET,
    "coco": COCO,
}
"""By the name of the layout; each knows its own annotation files by their first bytes."""
