"""Adapters: small tables as the datasets publish them, and what is lost is told."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.datasets import DATASETS, NotThisDataset, Picture, Table
from inference.vocabulary import LABELS, Label, LedgerReason, State


def read(name: str, *texts: str) -> dict[str, Picture]:
    tables = [Table(f"table {at}", text.encode()) for at, text in enumerate(texts)]
    for table in tables:
        assert DATASETS[name].claims(table.data[:1000]), table
        others = [each for each in DATASETS.values() if each.name != name]
        assert not any(each.claims(table.data[:1000]) for each in others)
    return dict(DATASETS[name].read(tables))


def boxes(picture: Picture, height: int = 1000, width: int = 2000) -> list[tuple[Any, ...]]:
    """Reader, label and box of each finding, rounded."""
    return [
        (reading.reader, finding.label, finding.box and tuple(round(x, 3) for x in finding.box))
        for reading in picture.readings
        for finding, _ in reading.placed(height, width).findings
    ]


class TestVinDr:
    TABLE = (
        "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max\n"
        "a,Pleural effusion,10,R9,200,100,600,500\n"
        "a,Aortic enlargement,0,R9,1,1,5,5\n"
        "a,No finding,14,R8,,,,\n"
        "a,Nodule/Mass,8,R10,x,1,2,3\n"
        "b,No finding,14,R8,,,,\n"
    )

    def test_three_readers(self) -> None:
        pictures = read("vindr", self.TABLE)
        assert boxes(pictures["a"]) == [
            ("R10", Label.NODULE_MASS, None),
            ("R9", Label.PLEURAL_EFFUSION, (0.1, 0.1, 0.5, 0.3)),
        ]
        by = {reading.reader: reading for reading in pictures["a"].readings}
        assert {reader: each.normal for reader, each in by.items()} == {
            "R10": False,
            "R8": True,
            "R9": False,
        }
        assert all(each.assessed == set(LABELS) for each in by.values())
        assert by["R9"].ledger[0].raw == "Aortic enlargement"
        assert by["R10"].placed(9, 9).ledger[0].reason is LedgerReason.BAD_BOX
        assert pictures["b"].readings[0].normal

    def test_sizes_of_the_original_win_over_a_smaller_copy(self) -> None:
        pictures = read("vindr", self.TABLE, "image_id,dim0,dim1\na,2000,4000\n")
        assert boxes(pictures["a"])[1][2] == (0.05, 0.05, 0.25, 0.15)

    def test_test_set_names_no_reader(self) -> None:
        table = "image_id,class_name,x_min,y_min,x_max,y_max\na,Cardiomegaly,0,0,1000,500\n"
        assert boxes(read("vindr", table)["a"])[0][0] == "consensus"

    @pytest.mark.parametrize("size", ["0,5", "x,5", "inf,5"])
    def test_bad_sizes(self, size: str) -> None:
        with pytest.raises(NotThisDataset, match="line 2"):
            read("vindr", self.TABLE, f"image_id,height,width\na,{size}\n")


class TestNih:
    BOXES = (
        "Image Index,Finding Label,Bbox [x,y,w,h],,,\n"
        "1.png,Infiltrate,256,512,128,256,,,\n"
        "1.png,Atelectasis,1,2,3,4,,,\n"
        "2.png,Atelectasis,1,2,3,4,,,\n"
    )
    ENTRIES = (
        "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,"
        "View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],\n"
        "1.png,Infiltration|Effusion|Hernia,2,17,058Y,F,PA,2048,2500,0.168,0.171,\n"
        "3.png,No Finding,0,18,413Y,M,AP,2048,2500,0,0,\n"
    )

    def test_boxes_assess_only_what_they_box(self) -> None:
        pictures = read("nih", self.BOXES)
        [reading] = pictures["1.png"].readings
        assert boxes(pictures["1.png"])[0][2] == (0.5, 0.25, 0.75, 0.375)
        assert reading.assessed == {Label.LUNG_OPACITY_CONSOLIDATION} and len(reading.ledger) == 1
        assert not pictures["2.png"].readings[0].assessed

    def test_mined_labels_are_a_programs(self) -> None:
        pictures = read("nih", self.BOXES, self.ENTRIES)
        first = pictures["1.png"]
        assert [reading.kind for reading in first.readings] == ["annotated", "recorded"]
        assert (first.patient, first.age, first.sex, first.view, first.study) == (
            *("17", "58", "F", "PA"),
            "2",
        )
        mined = first.readings[1]
        assert {each.label for each in mined.findings} == {
            Label.PLEURAL_EFFUSION,
            Label.LUNG_OPACITY_CONSOLIDATION,
        }
        assert mined.ledger[0].raw == "Hernia"
        third = pictures["3.png"]
        assert third.readings[0].normal and third.age == ""
        assert (first.pixel_spacing, first.pixel_frame) == ("0.171 0.168", "2500 2048")
        assert third.pixel_spacing == third.pixel_frame == ""

    def test_the_shape_that_training_takes(self) -> None:
        entries = (
            "image,split,patient,view,age,sex,nih_labels\n"
            "a.jpg,val,00000005,PA,69,F,Effusion|Fibrosis\n"
            "b.jpg,train,00000006,AP,81,M,No Finding\n"
        )
        marks = (
            "image,label,native_label,y0,x0,y1,x1,annotator\n"
            "a.jpg,pleural_effusion,Effusion,0.1,0.2,0.3,0.4,x\n"
            "a.jpg,,Atelectasis,0.1,0.2,0.3,0.4,x\n"
            "b.jpg,nodule_mass,Mass,0.1,high,0.3,0.4,x\n"
        )
        pictures = read("nih", entries, marks)
        a, b = pictures["a.jpg"], pictures["b.jpg"]
        assert (a.patient, a.view, a.age, a.sex, a.split) == ("00000005", "PA", "69", "F", "val")
        assert boxes(a) == [
            ("nih radiologist", Label.PLEURAL_EFFUSION, (0.1, 0.2, 0.3, 0.4)),
            ("report text mining", Label.PLEURAL_EFFUSION, None),
        ]
        assert [[entry.raw for entry in each.ledger] for each in a.readings] == [
            ["Atelectasis"],
            ["Fibrosis"],
        ]
        boxed, mined = b.readings
        assert mined.normal and boxed.placed(9, 9).ledger[0].reason is LedgerReason.BAD_BOX

    def test_a_curated_corpus_is_not_taken_for_mined_labels(self) -> None:
        head = b"image,split,patient,nih_labels,known\n"
        assert not any(each.claims(head) for each in DATASETS.values())


class TestChestXDet:
    def test_parallel_lists(self) -> None:
        entries = [
            {
                "file_name": "1.png",
                "syms": ["Effusion", "Fracture", "Diffuse Nodule"],
                "boxes": [[512, 256, 1024, 512], [1, 1, 2, 2], [5, 5, 1, 1]],
            },
            {"file_name": "2.png", "syms": [], "boxes": []},
        ]
        pictures = read("chestxdet", json.dumps(entries))
        assert [box for *_, box in boxes(pictures["1.png"])] == [(0.25, 0.5, 0.5, 1.0), None]
        assert len(pictures["1.png"].readings[0].placed(1, 1).ledger) == 2
        assert pictures["2.png"].readings[0].normal

    @pytest.mark.parametrize(
        "text",
        ['[{"syms": ["Mass"]}]', '[7, "syms"]', '[{"file_name": "a", "syms": 5}]', '["syms"'],
    )
    def test_bad_files_say_where(self, text: str) -> None:
        with pytest.raises(NotThisDataset, match="table"):
            DATASETS["chestxdet"].read([Table("table", text.encode())])


class TestCoco:
    def document(self, **change: Any) -> dict[str, Any]:
        return {
            "images": [
                {"id": 1, "file_name": "a/1.png", "width": 200, "height": 100},
                {"id": 2, "file_name": "a/2.png"},
            ],
            "categories": [{"id": 1, "name": "Effusion"}, {"id": 2, "name": "Scoliosis"}],
            "annotations": [
                {"image_id": 1, "category_id": 1, "bbox": [20, 10, 40, 50]},
                {"image_id": 1, "category_id": 2, "bbox": [1, 1, 1, 1]},
                {"image_id": 2, "category_id": 1, "bbox": [0, 0, 1000, 500], "score": 0.7},
            ],
            **change,
        }

    def test_categories_are_what_was_assessed(self) -> None:
        pictures = read("coco", json.dumps(self.document()))
        [people] = pictures["a/1.png"].readings
        assert boxes(pictures["a/1.png"])[0][2] == (0.1, 0.1, 0.6, 0.3)
        assert people.assessed == {Label.PLEURAL_EFFUSION} and people.ledger[0].raw == "Scoliosis"
        [program] = pictures["a/2.png"].readings
        assert program.kind == "recorded" and program.findings[0].score == 0.7
        assert program.findings[0].state is State.PRESENT

    @pytest.mark.parametrize(
        "change", [{"images": None}, {"annotations": [{}]}, {"categories": [{"id": 1}]}]
    )
    def test_bad_files(self, change: dict[str, Any]) -> None:
        with pytest.raises(NotThisDataset):
            DATASETS["coco"].read([Table("t", json.dumps(self.document(**change)).encode())])


@given(st.sampled_from(sorted(DATASETS)), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_sentence(name: str, data: bytes) -> None:
    try:
        DATASETS[name].claims(data)
        DATASETS[name].read([Table("t", data)])
    except NotThisDataset as refused:
        assert str(refused)
    except KeyError:
        # A table without the adapter's columns is never given to it: `claims` says no.
        assert not DATASETS[name].claims(data)
