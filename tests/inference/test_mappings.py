"""Names of datasets and models to our labels, by the published tables."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from inference import mappings
from inference.mappings import DATASETS, NO_FINDING, Dataset, Unmapped, label_of, to_label
from inference.vocabulary import LABELS, Label

EFFUSION, PNEUMOTHORAX, OPACITY, NODULE, CARDIOMEGALY = LABELS

TABLES = tomllib.loads(Path(mappings.__file__).with_name("mappings.toml").read_text())


@pytest.mark.parametrize(
    ("dataset", "native", "label"),
    [
        ("vindr", "Pleural effusion", EFFUSION),
        ("vindr", "Infiltration", OPACITY),
        ("vindr", "Lung Opacity", OPACITY),
        ("vindr", "Nodule/Mass", NODULE),
        ("vindr", "No finding", NO_FINDING),
        ("nih", "Effusion", EFFUSION),
        ("nih", "Pneumonia", OPACITY),
        ("nih_boxes", "Infiltrate", OPACITY),
        ("nih_boxes", "Mass", NODULE),
        ("chestx_det", "Diffuse Nodule", NODULE),
        ("chestx_det", "Pneumothorax", PNEUMOTHORAX),
        ("chexpert", "Lung Lesion", NODULE),
        ("chexpert", "Cardiomegaly", CARDIOMEGALY),
    ],
)
def test_a_native_name_has_its_label(dataset: Dataset, native: str, label: Label) -> None:
    assert to_label(native, dataset) == label


@pytest.mark.parametrize("dataset", ["vindr", "nih", "nih_boxes", "chestx_det", "chexpert"])
def test_atelectasis_maps_to_nothing_everywhere_and_is_handed_back(dataset: Dataset) -> None:
    assert to_label("Atelectasis", dataset) == Unmapped("Atelectasis", dataset, "no_counterpart")
    assert label_of("atelectasis") is None


def test_a_name_that_the_table_does_not_know_differs_from_one_it_drops() -> None:
    names = ["Hernia", "Hernia", "Hernai"]
    counted = Counter(to_label(name, "nih") for name in names)
    assert counted == {
        Unmapped("Hernia", "nih", "no_counterpart"): 2,
        Unmapped("Hernai", "nih", "unknown"): 1,
    }


def test_names_match_in_any_case_and_with_any_separator() -> None:
    for name in ("PLEURAL EFFUSION", "pleural_effusion", " Pleural-Effusion "):
        assert to_label(name, "vindr") == EFFUSION


@pytest.mark.parametrize("table", [*DATASETS, "model"])
def test_every_table_cites_its_source_and_names_only_our_labels(table: str) -> None:
    assert len(TABLES[table]["source"]) > 20
    assert set(TABLES[table]["names"].values()) <= {*LABELS, NO_FINDING, ""}


@pytest.mark.parametrize("dataset", ["vindr", "nih", "nih_boxes", "chestx_det", "chexpert"])
def test_no_dataset_misses_a_label(dataset: str) -> None:
    assert set(TABLES[dataset]["names"].values()) >= set(LABELS)


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("mass", NODULE),
        ("Nodule/Mass", NODULE),
        ("Effusion", EFFUSION),
        ("left pleural effusion", EFFUSION),
        ("consolidation", OPACITY),
        ("Lung Opacity/Consolidation", OPACITY),
        ("No Finding", NO_FINDING),
        ("no_finding", NO_FINDING),
        *[(label, label) for label in LABELS],
        ("no pneumothorax", None),
        ("effusion is absent", None),
        ("left", None),
        ("", None),
    ],
)
def test_what_models_write(written: str, label: Label | None) -> None:
    assert label_of(written) == label
