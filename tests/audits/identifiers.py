"""Files and tables with made-up identifiers wherever a format has room for words.

Every planted text holds one of ``SECRETS``; where only a date, a number or a UID fits, that one.
``WITNESS`` stands in drafts, where it may: who looks for secrets must find it.
"""

import io
import json
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache

import pydicom
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2
from pydicom import config, uid
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence

from inference.dicom import KEPT, MEASURES
from inference.vocabulary import Label
from tests.audits.pictures import pixels
from tests.inference.radiographs import radiograph

WORD, NUMBER, DATE = "Zqxveil", "7741882139", "19440317"
ROOT = "1.2.826.0.1.3680043.8.498.7777"
SECRETS = (WORD, NUMBER, DATE, ROOT)
PATIENT = f"{WORD}-{NUMBER}"
WITNESS = "cardiomediastinal"
NAMED_DRAFT = (
    f"Findings called to Dr. Anna {WORD} on 03/17/1944. MRN: {NUMBER}. "
    f"Normal {WITNESS} contours. Small left pleural effusion. No pneumothorax."
)
"""Words that the scrubber is made for (docs/privacy.md tells what it misses)."""
CLEAN_DRAFT = f"Normal {WITNESS} contours. Small left pleural effusion. No pneumothorax."
FILE_NAME = f"{WORD}^Anna {NUMBER}"

_SHORT = f"{WORD} {NUMBER[:8]}"  # 16 characters: the least that any of these holds
_TEXTS = dict.fromkeys(("AE", "AS", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"), _SHORT)
_VALUES = {
    **_TEXTS,
    **dict.fromkeys(("DA", "DT", "TM"), DATE),
    **dict.fromkeys(("DS", "IS"), NUMBER),
    "UI": f"{ROOT}.1",
}
_BYTES = ("OB", "OW", "UN", "OB or OW")
_TAKEN = {0x00080005, 0x7FE00010}
"""The character set would turn all other values unreadable; the pixels have their own words."""


Corpus = tuple[tuple[str, bytes], ...]


@cache
def dicoms() -> Corpus:
    """Radiographs that are taken in, by what is odd about each."""
    return tuple(_dicoms())


@cache
def refused_dicoms() -> Corpus:
    """Radiographs that are refused, each for a value that is itself an identifier, or broken."""
    return tuple(_refused_dicoms())


@cache
def pictures() -> Corpus:
    """PNG, JPEG, WebP and TIFF with words in every chunk, segment and tag that can hold them."""
    return tuple(_pictures())


def _dicoms() -> Iterator[tuple[str, bytes]]:
    stored = pixels(Label.CARDIOMEGALY, seed=71)
    yield "every tag", _in_every_tag(radiograph(stored, depth=8, named=True))
    for seed, syntax in enumerate((uid.RLELossless, uid.JPEGLSLossless), start=72):
        coded = radiograph(pixels(Label.CARDIOMEGALY, seed=seed), depth=8, syntax=syntax)
        yield syntax.name, _in_odd_places(coded)
    for seed, coder in enumerate(("JPEG", "JPEG2000"), start=74):
        yield f"comment in {coder}", _in_odd_places(_coded(coder, seed))
    unheard = _in_odd_places(radiograph(pixels(Label.CARDIOMEGALY, seed=76), depth=8))
    yield "character set", unheard.replace(b"ISO_IR 192", f"{WORD} 12".encode())


def _refused_dicoms() -> Iterator[tuple[str, bytes]]:
    slopes = {"RescaleSlope": "1", "RescaleIntercept": "1234567"}
    whole = _in_odd_places(radiograph(pixels(seed=77), depth=8, **slopes))
    yield "cut off", whole[:-5000]
    yield "intercept", whole.replace(b"1234567", WORD.encode())
    odd = {
        "Modality": WORD,
        "PhotometricInterpretation": WORD,
        "VOILUTFunction": WORD,
        "NumberOfFrames": NUMBER,
    }
    with _lenient():
        dataset = pydicom.dcmread(io.BytesIO(whole))
        dataset.WindowCenter, dataset.WindowWidth = "1", "0"
        for keyword, value in odd.items():
            # What the file says is the reason of the refusal, which must not repeat it.
            changed = deepcopy(dataset)
            setattr(changed, keyword, value)
            yield keyword, _written(changed)
        dataset.file_meta.TransferSyntaxUID = uid.UID(f"{ROOT}.9")
        yield "transfer syntax", _written(dataset)


def _pictures() -> Iterator[tuple[str, bytes]]:
    for seed, (ending, save) in enumerate(
        (("png", _png), ("jpg", _jpeg), ("webp", _webp), ("tif", _tiff)), start=81
    ):
        yield ending, save(Image.fromarray(pixels(Label.CARDIOMEGALY, seed=seed)))


# --- DICOM -------------------------------------------------------------------------------------


@contextmanager
def _lenient() -> Iterator[None]:
    """Values that their type can't hold are written all the same, as careless programs do."""
    was = config.settings.writing_validation_mode
    config.settings.writing_validation_mode = config.IGNORE
    try:
        yield
    finally:
        config.settings.writing_validation_mode = was


def _in_every_tag(data: bytes) -> bytes:
    """The radiograph with an identifier in every tag of the standard that can hold one."""
    with _lenient():
        dataset = pydicom.dcmread(io.BytesIO(data))
        kept = {pydicom.datadict.tag_for_keyword(name) for name in set(KEPT) - set(MEASURES)}
        for tag, (kind, *_) in DicomDictionary.items():
            if tag >> 16 >= 0x0008 and tag not in kept | _TAKEN and tag not in dataset:
                _plant(dataset, tag, kind)
        return _in_odd_places(_written(dataset))


def _in_odd_places(data: bytes) -> bytes:
    with _lenient():
        dataset = pydicom.dcmread(io.BytesIO(data))
        _plant_where_we_look(dataset)
        _plant_aside(dataset)
        dataset.SpecificCharacterSet = "ISO_IR 192"
        return _written(dataset)


def _plant(dataset: Dataset, tag: int, kind: str) -> None:
    if kind == "SQ":
        dataset.add_new(tag, "SQ", Sequence([_nested(depth=3)]))
    elif kind in _BYTES:
        dataset.add_new(tag, kind[:2], _SHORT.encode())
    elif kind in _VALUES:
        dataset.add_new(tag, kind, _VALUES[kind])


def _nested(depth: int) -> Dataset:
    item = Dataset()
    item.PatientName, item.PatientID, item.PatientBirthDate = f"{WORD}^Anna", NUMBER, DATE
    item.TextValue, item.UID = f"told by {WORD}", f"{ROOT}.{depth}"
    block = item.private_block(0x0013, f"{WORD} INC", create=True)
    block.add_new(0x01, "UN", _SHORT.encode())
    if depth:
        item.ContentSequence = Sequence([_nested(depth - 1)])
    return item


def _plant_where_we_look(dataset: Dataset) -> None:
    """In the tags that are parsed: the code becomes a keyed hash, unknown words are nothing."""
    dataset.PatientID = PATIENT
    dataset.PatientBirthDate, dataset.StudyInstanceUID = DATE, f"{ROOT}.2"
    dataset.ViewPosition, dataset.PatientSex, dataset.PatientAge = WORD, WORD, WORD
    dataset.RescaleType = WORD
    dataset.PixelSpacing, dataset.ImagerPixelSpacing = [NUMBER, NUMBER], NUMBER
    dataset.ImageLaterality, dataset.PatientOrientation = WORD, [WORD, DATE]


def _plant_aside(dataset: Dataset) -> None:
    """Preamble, file meta, private groups, overlays, curves and padding."""
    dataset.preamble = f"{WORD} {NUMBER}".encode().ljust(128, b"\0")
    for keyword in ("SourceApplicationEntityTitle", "SendingApplicationEntityTitle"):
        setattr(dataset.file_meta, keyword, _SHORT)
    dataset.file_meta.ImplementationVersionName = _SHORT
    dataset.file_meta.ImplementationClassUID = uid.UID(f"{ROOT}.5")
    dataset.file_meta.MediaStorageSOPInstanceUID = uid.UID(f"{ROOT}.6")
    dataset.file_meta.PrivateInformationCreatorUID = uid.UID(f"{ROOT}.7")
    dataset.file_meta.PrivateInformation = _SHORT.encode()
    for group in (0x0009, 0x0011, 0x0029, 0x7FE1):
        block = dataset.private_block(group, f"{WORD} PRIVATE", create=True)
        for at, kind in enumerate(("LO", "PN", "UN", "OB", "UT", "DA"), start=1):
            value = DATE if kind == "DA" else _SHORT
            block.add_new(at, kind, value.encode() if kind in ("UN", "OB") else value)
        block.add_new(0x20, "SQ", Sequence([_nested(depth=2)]))
    for group in range(0x6000, 0x6020, 2):
        dataset.add_new((group, 0x0010), "US", 8)
        dataset.add_new((group, 0x0011), "US", 16)
        dataset.add_new((group, 0x0022), "LO", f"{WORD} overlay")
        dataset.add_new((group, 0x1500), "LO", f"{WORD} label")
        dataset.add_new((group, 0x3000), "OW", _SHORT.encode())
        dataset.add_new((group - 0x1000, 0x3000), "OW", _SHORT.encode())
    dataset.add_new(0xFFFCFFFC, "OB", _SHORT.encode())


def _coded(coder: str, seed: int) -> bytes:
    """A radiograph whose coded stream has a comment of its own, and words behind its end."""
    stored, stream = pixels(Label.CARDIOMEGALY, seed=seed), io.BytesIO()
    options = {"no_jp2": True, "irreversible": False} if coder == "JPEG2000" else {"quality": 98}
    Image.fromarray(stored).save(stream, coder, **options)
    words = f"{WORD} {NUMBER}".encode()
    if coder == "JPEG2000":
        comment = struct.pack(">HHH", 0xFF64, len(words) + 4, 1) + words
        at = stream.getvalue().index(b"\xff\x52")
        syntax = uid.JPEG2000Lossless
    else:
        comment = struct.pack(">HH", 0xFFFE, len(words) + 2) + words
        at, syntax = 2, uid.JPEGBaseline8Bit
    coded = stream.getvalue()[:at] + comment + stream.getvalue()[at:]
    dataset = pydicom.dcmread(io.BytesIO(radiograph(stored, depth=8)))
    dataset.PixelData = encapsulate([coded + words])
    dataset["PixelData"].VR = "OB"
    dataset.file_meta.TransferSyntaxUID = syntax
    return _written(dataset)


def _written(dataset: Dataset) -> bytes:
    out = io.BytesIO()
    pydicom.dcmwrite(out, dataset, enforce_file_format=True, overwrite=True)
    return out.getvalue()


# --- Other pictures ----------------------------------------------------------------------------

_WORDS = f"{WORD} Anna, born {DATE}, {NUMBER}"
_XMP = f"<x:xmpmeta><dc:creator>{_WORDS}</dc:creator></x:xmpmeta>".encode()
_ICC = bytes(128) + b"desc" + _WORDS.encode()


def _exif() -> bytes:
    exif = Image.Exif()
    for tag in (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x013C, 0x8298, 0x9C9B, 0x9C9D):
        exif[tag] = _WORDS
    inner = exif.get_ifd(0x8769)
    inner[0x9286], inner[0xA420], inner[0xA430], inner[0x927C] = (_WORDS.encode(),) * 4
    exif.get_ifd(0x8825)[0x001B] = _WORDS.encode()
    return exif.tobytes()


def _png(picture: Image.Image) -> bytes:
    words, out = PngInfo(), io.BytesIO()
    words.add_text("Author", _WORDS)
    words.add_text("Comment", _WORDS, zip=True)
    words.add_itxt("Title", _WORDS, lang="en", tkey=WORD)
    words.add_itxt("XML:com.adobe.xmp", _XMP.decode(), zip=True)
    words.add(b"prVt", _WORDS.encode())
    words.add(b"prVt", _WORDS.encode(), after_idat=True)
    picture.save(out, "PNG", pnginfo=words, exif=_exif(), icc_profile=_ICC)
    body = struct.pack(">I4s", len(_WORDS), b"sPLT") + _WORDS.encode()
    end = out.getvalue().index(b"IDAT") - 4
    palette = body + struct.pack(">I", zlib.crc32(body[4:]))
    return out.getvalue()[:end] + palette + out.getvalue()[end:] + _WORDS.encode()


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=98, comment=_WORDS, exif=_exif(), xmp=_XMP, icc_profile=_ICC)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04" + _WORDS.encode()
    segment = struct.pack(">HH", 0xFFED, len(iptc) + 2) + iptc
    return out.getvalue()[:2] + segment + out.getvalue()[2:] + _WORDS.encode()


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(
        out, "WEBP", lossless=True, exif=_exif(), xmp=_XMP, icc_profile=_ICC
    )
    words = _WORDS.encode() + b" " * (len(_WORDS) % 2)
    whole = out.getvalue()[8:] + struct.pack("<4sI", b"PRVT", len(words)) + words
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def _tiff(picture: Image.Image) -> bytes:
    tags, out = ImageFileDirectory_v2(), io.BytesIO()
    for tag in (269, 270, 271, 272, 285, 305, 315, 316, 33432, 65_000):
        tags.tagtype[tag] = 2
        tags[tag] = _WORDS
    for tag, words in {700: _XMP, 33_723: _WORDS.encode(), 34_377: _WORDS.encode()}.items():
        tags.tagtype[tag] = 7
        tags[tag] = words
    picture.save(out, "TIFF", tiffinfo=tags, exif=None, icc_profile=_ICC)
    return out.getvalue() + _WORDS.encode()


# --- Tables ------------------------------------------------------------------------------------


def manifest(images: list[str]) -> str:
    """JSON lines: a row for each image, then rows that are wrong for what they hold."""
    found = [
        {"label": f"{WORD} Anna", "box": None},
        {"label": "Pleural effusion", "box": [_SHORT, NUMBER, DATE, ROOT]},
        {"label": "nodule_mass", "box": _WORDS},
    ]
    rows = [
        {
            "image": name,
            "draft": NAMED_DRAFT,
            "patient": PATIENT,
            "reader": f"Dr {WORD}",
            "findings": found,
            "assessed": "all",
            "study": at,
        }
        for at, name in enumerate(images)
    ]
    first = {"image": images[0]}
    columns = ("source", "view", "age", "sex", "origin", "study", "split", "assessed", "reading")
    columns += ("pixel_spacing", "pixel_frame", "laterality", "patient_orientation")
    rows += [{**first, "findings": [], name: f"{WORD} {NUMBER}"} for name in columns]
    rows += [{**first, f"{WORD} {NUMBER}": "x"}, {**first, "findings": f"{WORD} {NUMBER}"}]
    rows += [{"image": f"{WORD}/{NUMBER}.png", "draft": NAMED_DRAFT}]
    return "\n".join(map(json.dumps, rows)) + f'\n{{"image": "{WORD}'


def vindr_table(sizes: bool) -> str:
    """A dataset's table with words of a patient in it; its sizes are ``WORD``s if asked for."""
    if sizes:
        return f"image_id,height,width\n{WORD},{WORD},{NUMBER}\n"
    head = "image_id,class_name,rad_id,x_min,y_min,x_max,y_max\n"
    return head + f"{FILE_NAME},{WORD} {NUMBER},{WORD},{WORD},{NUMBER},1,1\n"


def coco_file() -> str:
    """A COCO file whose annotation names an image and a category that are not there."""
    images = [{"id": 1, "file_name": f"{FILE_NAME}.png"}]
    annotations = [{"image_id": f"{WORD} {NUMBER}", "category_id": WORD}]
    return json.dumps({"images": images, "categories": [], "annotations": annotations})
