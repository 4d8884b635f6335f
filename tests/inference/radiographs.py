"""DICOM radiographs made for tests: exact pixels, every transfer syntax, identifiers everywhere."""

import io
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from pydicom import uid
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence

SECRETS = (
    *("ZEBRAFISH", "MRN-7741-ZQ", "QUAGMIRE HOSPITAL", "19440317", "OVERLAYSECRET"),
    *("PRIVATESECRET", "NESTEDSECRET", "DEEPERSECRET", "CURVESECRET", "COMMENTSECRET"),
    *("1.2.826.0.1.3680043.8.498.7777", "ACC-99-ZQ", "METASECRET", "PREAMBLESECRET"),
)
"""Each is somewhere in the bytes of `radiograph(named=True)`; too long for chance."""


def values(depth: int = 12, *, rows: int = 80, columns: int = 96) -> NDArray[np.uint16]:
    """All values of the depth's range, least at the top left, greatest at the bottom right."""
    steps = np.linspace(0, 2**depth - 1, rows * columns)
    return steps.round().astype(np.uint16).reshape(rows, columns)


def radiograph(
    stored: NDArray[Any] | None = None,
    *,
    depth: int = 12,
    syntax: str = uid.ExplicitVRLittleEndian,
    named: bool = False,
    **elements: Any,
) -> bytes:
    """A DX file. ``elements`` are set by keyword; one that is None is left out."""
    array = values(depth) if stored is None else stored
    dataset = FileDataset(io.BytesIO(), {}, file_meta=FileMetaDataset(), preamble=bytes(128))
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = uid.DigitalXRayImageStorageForPresentation
    instance = f"{SECRETS[10]}.1" if named else "1.2.3"
    dataset.file_meta.MediaStorageSOPInstanceUID = uid.UID(instance)
    dataset.SOPClassUID = uid.DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID
    dataset.Modality = "DX"
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = array.shape
    dataset.BitsAllocated = array.dtype.itemsize * 8
    dataset.BitsStored, dataset.HighBit = depth, depth - 1
    dataset.PixelRepresentation = int(array.dtype.kind == "i")
    dataset.PixelData = array.tobytes()
    if named:
        _name(dataset)
    for keyword, value in elements.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    _encode(dataset, array, syntax)
    out = io.BytesIO()
    pydicom.dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


def _encode(dataset: FileDataset, array: NDArray[Any], syntax: str) -> None:
    if syntax == uid.JPEGBaseline8Bit:
        coded = io.BytesIO()
        Image.fromarray(array).save(coded, "JPEG", quality=100)
        _encapsulate(dataset, coded.getvalue(), syntax)
    elif syntax == uid.JPEG2000Lossless:
        coded = io.BytesIO()
        Image.fromarray(array).save(coded, "JPEG2000", no_jp2=True, irreversible=False)
        _encapsulate(dataset, coded.getvalue(), syntax)
    elif syntax == uid.ImplicitVRLittleEndian:
        dataset.file_meta.TransferSyntaxUID = uid.UID(syntax)
    elif syntax != uid.ExplicitVRLittleEndian:
        dataset.compress(syntax, generate_instance_uid=False)


def _encapsulate(dataset: FileDataset, stream: bytes, syntax: str) -> None:
    dataset.PixelData = encapsulate([stream])
    dataset["PixelData"].VR = "OB"
    dataset.file_meta.TransferSyntaxUID = uid.UID(syntax)


def _name(dataset: FileDataset) -> None:
    """Identifiers where they belong, where they don't, and where nobody looks."""
    dataset.preamble = b"PREAMBLESECRET".ljust(128, b"\0")
    dataset.file_meta.SourceApplicationEntityTitle = "METASECRET"
    dataset.PatientName, dataset.PatientID = "ZEBRAFISH^ANNA", "MRN-7741-ZQ"
    dataset.PatientBirthDate, dataset.AccessionNumber = "19440317", "ACC-99-ZQ"
    dataset.InstitutionName, dataset.ImageComments = "QUAGMIRE HOSPITAL", "COMMENTSECRET"
    dataset.StudyInstanceUID = f"{SECRETS[10]}.2"
    dataset.SeriesDescription = "seen for ZEBRAFISH"
    dataset.ViewPosition, dataset.PatientAge, dataset.PatientSex = "PA", "093Y", "F"
    deeper = Dataset()
    deeper.PatientName = "DEEPERSECRET"
    nested = Dataset()
    nested.PatientComments, nested.OtherPatientIDsSequence = "NESTEDSECRET", Sequence([deeper])
    dataset.RequestAttributesSequence = Sequence([nested])
    dataset.ModalityLUTSequence = Sequence([_identity_lut(dataset.BitsStored)])
    dataset.ModalityLUTSequence[0].PatientComments = "NESTEDSECRET"
    block = dataset.private_block(0x0011, "PRIVATESECRET", create=True)
    block.add_new(0x01, "LO", "ZEBRAFISH")
    dataset.add_new(0x60000010, "US", 8)
    dataset.add_new(0x60000011, "US", 16)
    dataset.add_new(0x60001500, "LO", "OVERLAYSECRET")
    dataset.add_new(0x60003000, "OW", b"OVERLAYSECRET\0\0\0")
    dataset.add_new(0x50003000, "OW", b"CURVESECRET\0")
    dataset.add_new(0xFFFCFFFC, "OB", b"ZEBRAFISH\0")


def _identity_lut(depth: int) -> Dataset:
    table = Dataset()
    table.LUTDescriptor = [2**depth, 0, 16]
    table.ModalityLUTType = "US"
    table.add_new(0x00283006, "OW", np.arange(2**depth, dtype="<u2").tobytes())
    return table
