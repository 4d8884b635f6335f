"""Radiographs as DICOM (CR and DX): gray pixels, and the few words about them that may be known.

Only the tags of ``KEPT`` are parsed at all: names, dates, identifiers, private tags, nested
sequences and overlays never become values here, so nothing of them can reach a log, a row or a
file. Sizes are compared with the coded stream's own before a decoder sees it.
"""

import io
import logging
import re
import struct
import warnings
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import config, uid
from pydicom.encaps import get_frame
from pydicom.multival import MultiValue
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut

from inference.ages import capped, whole_years
from inference.described import MODALITIES, Described
from inference.geometry import LATERALITIES, orientation_of, spacing_of, spacing_source
from inference.lookup import looked_up
from inference.refusals import GrayImage, ImageRefused, broken, check_size, truncated

# The library quotes the values it stumbles over, in warnings and in its log: both may hold names.
config.settings.reading_validation_mode = config.IGNORE
logging.getLogger("pydicom").disabled = True
warnings.filterwarnings("ignore", module=r"pydicom(\.|$)")

MEASURES = ("PixelSpacing", "ImagerPixelSpacing", "ImageLaterality", "PatientOrientation")
"""How the picture is measured and lies: what can be no such value is unknown."""

KEPT = (
    *MEASURES,
    *("Modality", "PatientID", "PatientAge", "PatientSex", "ViewPosition"),
    *("SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns"),
    *("BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelData"),
    *("RescaleIntercept", "RescaleSlope", "RescaleType", "ModalityLUTSequence"),
    *("WindowCenter", "WindowWidth", "VOILUTFunction", "VOILUTSequence"),
)

_DEFLATED = b"1.2.840.10008.1.2.1.99"
_VIEWS = {
    **{"PA": "PA", "AP": "AP", "LATERAL": "LATERAL", "LAT": "LATERAL"},
    **{"LL": "LATERAL", "RL": "LATERAL"},
}
_AGE = re.compile(r"\d{1,3}[DWMY]")
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {0xF7}


def read_pixels(data: bytes) -> GrayImage:
    """The radiograph as it is meant to be seen: modality LUT, VOI LUT or window, white bones.

    8 bits stay uint8; more are spread over all of uint16, one to one in the order of values.
    Raises ``ImageRefused`` for anything but one gray frame of CR or DX in a known transfer syntax.
    """
    dataset = _parsed(data)
    _check_kind(dataset)
    try:
        _check_stream(dataset)
        # A copy of 2 bytes a pixel: values go through one table of all values they can have.
        return _shown(dataset, dataset.pixel_array)
    except (ImageRefused, MemoryError):
        raise
    except Exception:
        # Without its cause: the library's messages quote what stands in the file.
        raise broken() from None


def describe(data: bytes) -> Described:
    """The allowed words of a file that `read_pixels` reads; what makes no sense is unknown."""
    dataset = _parsed(data)
    sex = _word(dataset, "PatientSex").upper()
    side = _word(dataset, "ImageLaterality").upper()
    pixel = spacing_of(_words(dataset, "PixelSpacing"))
    imager = spacing_of(_words(dataset, "ImagerPixelSpacing"))
    row, column = pixel or imager or (None, None)
    return Described(
        patient=_word(dataset, "PatientID")[:200],
        view=_VIEWS.get(_word(dataset, "ViewPosition").upper(), ""),
        age=_age(_word(dataset, "PatientAge").upper()),
        sex=sex if sex in ("F", "M", "O") else "",
        pixel_row_mm=row,
        pixel_column_mm=column,
        pixel_spacing_source=spacing_source(pixel, imager),
        laterality=side if side in LATERALITIES else "",
        patient_orientation=orientation_of(_words(dataset, "PatientOrientation")),
    )


def _parsed(data: bytes) -> pydicom.Dataset:
    # Before parsing, which would unpack it: a deflated set may be a bomb, and no CR or DX is one.
    if _DEFLATED in data:
        raise ImageRefused("This DICOM is deflated as a whole. Export it without that.")
    try:
        return pydicom.dcmread(io.BytesIO(data), force=True, specific_tags=list(KEPT))
    except Exception:
        raise broken() from None


def _word(dataset: pydicom.Dataset, name: str) -> str:
    try:
        value = dataset.get(name)
    except Exception:  # a value that its own type can't hold is an unknown one
        return ""
    return "" if value is None else str(value).replace("\0", "").strip()


def _words(dataset: pydicom.Dataset, name: str) -> list[str]:
    """The values of an element that has several."""
    try:
        value = dataset.get(name)
        several = value if isinstance(value, MultiValue) else str(value or "").split("\\")
        return [str(each).replace("\0", "").strip() for each in several]
    except Exception:  # as in `_word`
        return []


def _number(dataset: pydicom.Dataset, name: str, default: int = 0) -> int:
    word = _word(dataset, name)
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else default


def _age(word: str) -> int | None:
    """Of an age string only; some writers leave out its leading zeros."""
    try:
        return capped(whole_years(word.zfill(4))) if _AGE.fullmatch(word) else None
    except ValueError:
        return None


# --- What is refused before decoding ------------------------------------------------------------


def _check_kind(dataset: pydicom.Dataset) -> None:
    if _word(dataset, "Modality") not in MODALITIES:
        raise ImageRefused("This DICOM is not a radiograph. Send one of modality CR or DX.")
    if "PixelData" not in dataset:
        raise ImageRefused("This DICOM holds no pixels. Export the image itself.")
    if _number(dataset, "NumberOfFrames", 1) > 1:
        raise ImageRefused("This DICOM holds several frames. Send one still radiograph.")
    if _word(dataset, "PhotometricInterpretation") not in ("MONOCHROME1", "MONOCHROME2"):
        raise ImageRefused("This DICOM is in colour. Send the gray radiograph.")
    bits = _number(dataset, "BitsAllocated"), _number(dataset, "BitsStored")
    if bits[0] not in (8, 16) or not 1 <= bits[1] <= bits[0]:
        raise ImageRefused("This DICOM has an unusual depth. Send 8 to 16 bits a pixel.")
    if _number(dataset, "SamplesPerPixel", 1) != 1:
        raise broken()
    check_size(_number(dataset, "Columns"), _number(dataset, "Rows"))


def _check_stream(dataset: pydicom.Dataset) -> None:
    """The coded stream must promise what the header does: decoders reserve what it says."""
    syntax = dataset.file_meta.get("TransferSyntaxUID", uid.ImplicitVRLittleEndian)
    size = _number(dataset, "Columns"), _number(dataset, "Rows")
    bytes_a_pixel = _number(dataset, "BitsAllocated") // 8
    if not syntax.is_compressed:
        dataset.file_meta.TransferSyntaxUID = syntax
        if len(dataset.PixelData) < size[0] * size[1] * bytes_a_pixel:
            raise truncated()
        return
    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    if syntax == uid.RLELossless:
        _check_rle(frame, size[0] * size[1], bytes_a_pixel)
    elif _coded_size(frame) != size:
        raise broken()


def _coded_size(frame: bytes) -> tuple[int, int] | None:
    """Width and height in the header of a JPEG, JPEG-LS or JPEG 2000 stream."""
    if frame.startswith(b"\xff\x4f\xff\x51"):
        right, bottom, left, top = struct.unpack_from(">4I", frame, 8)
        return right - left, bottom - top
    at = 2
    while frame.startswith(b"\xff\xd8") and at + 9 <= len(frame) and frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker in _JPEG_SIZES:
            height, width = struct.unpack_from(">HH", frame, at + 5)
            return width, height
        at += 1 if marker == 0xFF else 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    return None


def _check_rle(frame: bytes, pixels: int, bytes_a_pixel: int) -> None:
    """Each of the segments unpacks to one byte a pixel (PS3.5 annex G), give or take a pad."""
    count, *starts = struct.unpack_from("<16I", frame)
    if count != bytes_a_pixel:
        raise broken()
    ends = [*starts[1:count], len(frame)]
    for start, end in zip(starts[:count], ends, strict=True):
        if not pixels <= _unpacked(frame[start:end], pixels + 2) <= pixels + 1:
            raise broken()


def _unpacked(segment: bytes, most: int) -> int:
    """How many bytes a PackBits segment makes, counted up to ``most``."""
    at = made = 0
    while at + 1 < len(segment) and made < most:
        head = segment[at]
        made += 0 if head == 128 else head + 1 if head < 128 else 257 - head
        at += 1 if head == 128 else head + 2 if head < 128 else 2
    return made


# --- From stored values to shown ones -------------------------------------------------------------


def _shown(dataset: pydicom.Dataset, stored: NDArray[Any]) -> GrayImage:
    if stored.ndim != 2 or stored.dtype.kind not in "ui" or stored.dtype.itemsize > 2:
        raise broken()
    # Bits above the stored ones may hold an overlay with text (retired, but still met).
    unused = stored.dtype.itemsize * 8 - _number(dataset, "BitsStored")
    stored = (stored << unused) >> unused
    low, high = int(stored.min()), int(stored.max())
    values = np.arange(low, high + 1).astype(stored.dtype)
    shown = np.asarray(apply_voi_lut(apply_modality_lut(values, dataset), dataset), np.float64)
    if not np.isfinite(shown).all():
        raise broken()
    if _word(dataset, "PhotometricInterpretation") == "MONOCHROME1":
        shown = -shown
    table = _spread(shown, deep=_number(dataset, "BitsStored") > 8)
    return looked_up(table, stored, first=low)


def _spread(shown: NDArray[np.float64], *, deep: bool) -> GrayImage:
    """From the least to the greatest value there is, over all of uint16 or uint8."""
    least, greatest = shown.min(), shown.max()
    span = greatest - least or 1.0
    kind: type[np.uint16] | type[np.uint8] = np.uint16 if deep else np.uint8
    spread: GrayImage = ((shown - least) / span * np.iinfo(kind).max).round().astype(kind)
    return spread
