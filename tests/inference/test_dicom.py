"""Radiographs as DICOM: the right pixels of every transfer syntax, and a reason for the others."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from inference.__main__ import main
from inference.described import Described, is_dicom
from inference.dicom import describe
from inference.images import ImageRefused, read_image
from tests.inference.radiographs import SECRETS, radiograph, values

LOSSLESS = (
    uid.ExplicitVRLittleEndian,
    uid.ImplicitVRLittleEndian,
    uid.RLELossless,
    uid.JPEGLSLossless,
    uid.JPEG2000Lossless,
)


def spread(array: np.ndarray) -> np.ndarray:
    low, high = float(array.min()), float(array.max())
    return ((array - low) / (high - low) * 65_535).round().astype(np.uint16)


def refusal(data: bytes) -> str:
    with pytest.raises(ImageRefused) as caught:
        read_image(data)
    assert caught.value.__cause__ is None  # it would quote what stands in the file
    return str(caught.value)


@pytest.mark.parametrize("syntax", LOSSLESS, ids=lambda syntax: syntax.name)
@pytest.mark.parametrize("depth", [10, 12, 16])
def test_every_value_survives(syntax: str, depth: int) -> None:
    image = read_image(radiograph(depth=depth, syntax=syntax))
    assert image.dtype == np.uint16
    assert np.array_equal(image, spread(values(depth)))
    assert len(np.unique(image)) == len(np.unique(values(depth)))


def test_baseline_jpeg_is_8_bits() -> None:
    stored = values(8).astype(np.uint8)
    image = read_image(radiograph(stored, depth=8, syntax=uid.JPEGBaseline8Bit))
    assert image.dtype == np.uint8
    assert np.abs(image.astype(int) - stored).max() <= 3


def test_bones_are_white_in_monochrome1() -> None:
    image = read_image(radiograph(PhotometricInterpretation="MONOCHROME1"))
    assert np.array_equal(image, spread(4095 - values().astype(int)))


def test_signed_values_and_a_negative_slope() -> None:
    stored = (values().astype(int) - 2048).astype(np.int16)
    assert np.array_equal(read_image(radiograph(stored)), spread(stored.astype(int)))
    turned = read_image(radiograph(stored, RescaleSlope="-1", RescaleIntercept="7"))
    assert np.array_equal(turned, spread(-stored.astype(int)))


def test_a_window_is_applied_after_the_slope() -> None:
    """Values of 0..4095 times two; the window of 2000..6000 cuts both ends off."""
    image = read_image(
        radiograph(RescaleSlope="2", RescaleIntercept="0", WindowCenter="4000", WindowWidth="4000")
    )
    assert (image[values() < 990] == 0).all() and (image[values() > 3010] == 65_535).all()
    middle = int(image.reshape(-1)[np.abs(values().reshape(-1).astype(int) - 2000).argmin()])
    assert abs(middle - 32_768) < 200


def test_a_voi_table_is_applied() -> None:
    table = Dataset()
    table.LUTDescriptor = [4096, 0, 16]
    table.add_new(0x00283006, "OW", (np.arange(4096, dtype="<u2") // 2048 * 1000).tobytes())
    image = read_image(radiograph(VOILUTSequence=Sequence([table])))
    assert np.array_equal(image, np.where(values() >= 2048, 65_535, 0))


def test_an_overlay_in_unused_bits_is_wiped() -> None:
    stained = values() | 0xA000
    assert np.array_equal(read_image(radiograph(stained)), spread(values()))


def test_a_blank_radiograph_is_black() -> None:
    assert not read_image(radiograph(np.full((80, 96), 700, np.uint16))).any()


# --- What is said of the picture ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"ViewPosition": "AP"}, Described(view="AP")),
        ({"ViewPosition": "LL"}, Described(view="LATERAL")),
        ({"ViewPosition": "ZEBRAFISH"}, Described()),
        ({"PatientAge": "061Y"}, Described(age=61)),
        ({"PatientAge": "090Y"}, Described(age=90)),
        ({"PatientAge": "104Y"}, Described(age=90)),
        ({"PatientAge": "011M"}, Described(age=0)),
        ({"PatientAge": "030M"}, Described(age=2)),
        ({"PatientAge": "old"}, Described()),
        ({"PatientSex": "M"}, Described(sex="M")),
        ({"PatientSex": "Anna"}, Described()),
        ({"PatientID": "A-1"}, Described(patient="A-1")),
        ({"PatientName": "A^B", "PatientBirthDate": "19440317"}, Described()),
        ({"ImageLaterality": "R"}, Described(laterality="R")),
        ({"ImageLaterality": "Anna"}, Described()),
        ({"PatientOrientation": ["L", "F"]}, Described(patient_orientation="L\\F")),
        ({"PatientOrientation": ["PR", "HL"]}, Described(patient_orientation="PR\\HL")),
        ({"PatientOrientation": ["L", "R"]}, Described()),
        ({"PatientOrientation": ["LR", "F"]}, Described()),
        ({"PatientOrientation": ["ANNA", "F"]}, Described()),
        ({"PatientOrientation": "L"}, Described()),
        ({"PixelSpacing": "0.143"}, Described()),
        ({"PixelSpacing": ["0", "0"]}, Described()),
        ({"PixelSpacing": ["-0.1", "0.1"]}, Described()),
        ({"PixelSpacing": ["25.4", "25.4"]}, Described()),
        ({"PixelSpacing": ["0.1", "0.9"]}, Described()),
        ({"PixelSpacing": ["nan", "0.1"]}, Described()),
        ({"PixelSpacing": ["7741882139", "7741882139"]}, Described()),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_only_allowed_words_are_read(elements: dict[str, Any], said: Described) -> None:
    assert describe(radiograph(**elements)) == said


@pytest.mark.parametrize(
    ("pixel", "imager", "said"),
    [
        (["0.16", "0.15"], None, (0.16, 0.15, "pixel")),
        (None, ["0.143", "0.143"], (0.143, 0.143, "imager")),
        (["0.136", "0.136"], ["0.143", "0.143"], (0.136, 0.136, "pixel")),
        # Nothing was corrected: the standard calls this the detector's plane.
        (["0.143", "0.143"], ["0.143", "0.143"], (0.143, 0.143, "imager")),
        (["1000", "1000"], ["0.143", "0.143"], (0.143, 0.143, "imager")),
    ],
)
def test_the_size_of_a_pixel_says_in_which_plane(
    pixel: list[str] | None, imager: list[str] | None, said: tuple[float, float, str]
) -> None:
    given = {"PixelSpacing": pixel, "ImagerPixelSpacing": imager}
    found = describe(radiograph(**{name: value for name, value in given.items() if value}))
    assert (found.pixel_row_mm, found.pixel_column_mm, found.pixel_spacing_source) == said


def test_what_is_read_holds_no_other_word() -> None:
    said = str(describe(radiograph(named=True)))
    assert [secret for secret in SECRETS if secret in said] == ["MRN-7741-ZQ"]


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (radiograph(Modality="CT"), "CR or DX"),
        (radiograph(Modality=None), "CR or DX"),
        (radiograph(PixelData=None), "no pixels"),
        (radiograph(NumberOfFrames=2), "several frames"),
        (radiograph(PhotometricInterpretation="RGB"), "colour"),
        (radiograph(BitsStored=17), "depth"),
        (radiograph(BitsAllocated=32), "depth"),
        (radiograph(SamplesPerPixel=3), "damaged"),
        (radiograph(Rows=60_000, Columns=60_000), "64 million"),
        (radiograph(Rows=20), "at least 64"),
        (radiograph(Rows=800), "cut off"),
        (radiograph()[:4000], "cut off"),
        (radiograph(WindowCenter="nan", WindowWidth="10"), "damaged"),
        (b"\0" * 128 + b"DICM" + uid.DeflatedExplicitVRLittleEndian.encode(), "deflated"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.filterwarnings("ignore")
def test_refusals_say_why(data: bytes, words: str) -> None:
    assert is_dicom(data)
    assert words in refusal(data)


@pytest.mark.parametrize("syntax", LOSSLESS[2:], ids=lambda syntax: syntax.name)
def test_a_stream_of_another_size_is_not_decoded(syntax: str) -> None:
    wrong = radiograph(syntax=syntax).replace(
        b"\x28\x00\x10\x00US\x02\x00\x50\x00", b"\x28\x00\x10\x00US\x02\x00\x60\x00"
    )
    assert "damaged" in refusal(wrong)


def test_damage_is_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    """Seeded: bytes overwritten, cut out and doubled in files of every syntax."""
    draw = random.Random(7)
    whole = [radiograph(syntax=syntax, named=True) for syntax in LOSSLESS]
    for number in range(300):
        data = bytearray(whole[number % len(whole)])
        for _ in range(draw.randint(1, 12)):
            at = draw.randrange(132, min(len(data), draw.choice((1200, 10**6))))
            how = draw.randrange(3)
            if how == 0:
                data[at] = draw.randrange(256)
            elif how == 1:
                del data[at : at + draw.randint(1, 40)]
            else:
                data[at:at] = data[at : at + draw.randint(1, 40)]
        try:
            read_image(bytes(data))
            describe(bytes(data))
        except ImageRefused as refused:
            assert not any(secret in str(refused) for secret in SECRETS)
    said = "".join(capfd.readouterr())
    assert not any(secret in said for secret in SECRETS)


def test_the_command_grounds_dicom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.dcm").write_bytes(radiograph(named=True))
    (tmp_path / "b.dcm").write_bytes(radiograph(Modality="CT"))
    assert main(["ground", str(tmp_path), "--grounder", "embedded"]) == 1
    whole, refused = map(json.loads, capsys.readouterr().out.splitlines())
    assert whole["image_state"] and "error" not in whole
    assert "CR or DX" in refused["error"]
