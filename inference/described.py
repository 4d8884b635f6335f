"""What a DICOM file may say of its radiograph, for processes that never open one.

Apart from `inference.dicom`, whose libraries take 45 MB: only a decoder needs those.
"""

from dataclasses import dataclass

MODALITIES = ("CR", "DX")


@dataclass(frozen=True, slots=True)
class Described:
    """What the file says of the picture: ``patient`` is its code, to be hashed and forgotten.

    Empty texts and None mean unknown; ``age`` is in whole years, at most 90. Spacing and
    orientation are as `inference.geometry` says, of the picture as `read_pixels` gives it.
    """

    patient: str = ""
    view: str = ""
    age: int | None = None
    sex: str = ""
    pixel_row_mm: float | None = None
    pixel_column_mm: float | None = None
    pixel_spacing_source: str = ""
    laterality: str = ""
    patient_orientation: str = ""


def is_dicom(data: bytes) -> bool:
    """Part 10 files, and data sets without the preamble, which start with group 2 or 8."""
    starts = (b"\x08\x00\x00\x00", b"\x08\x00\x05\x00", b"\x02\x00\x00\x00")
    return data[128:132] == b"DICM" or data.startswith(starts)
