"""How files become rows: a manifest, pairs of one stem, a folder for each case, or a dataset.

Every file of a container is in a row or is told: pictures are rows, texts belong to them, tables
are read, anything else is a skipped row with the reason.
"""

import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from audits.services.imports.containers import TABLE_MAX_BYTES, Container
from audits.services.imports.manifests import JSON_ENDINGS, manifest_rows
from audits.services.imports.rows import ImportRefused, Row, row_of_picture
from inference.datasets import DATASETS, Dataset, NotThisDataset, Picture, Table

IMAGE_ENDINGS = (
    *(".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"),
    *(".dcm", ".dicom", ".dic"),
)
TABLE_ENDINGS = (".csv", *JSON_ENDINGS)
HEAD_BYTES = 1000

NO_PICTURE = "This file is no picture, and no text or table that belongs to one."


@dataclass(slots=True)
class Layout:
    """``rows`` can be read again and again and always gives the same; ``notes`` are known once
    they have been read to their end."""

    name: str
    rows: Callable[[], Iterator[Row]]
    notes: list[str] = field(default_factory=list)


def layout_of(container: Container, wanted: str = "auto") -> Layout:
    """The layout asked for, or the one the files show; raises ``ImportRefused`` if they don't fit.

    A manifest wins over a dataset's tables, these over texts beside the pictures.
    """
    tables = [name for name in container.names if name.lower().endswith(TABLE_ENDINGS)]
    manifest = next((name for name in tables if PurePosixPath(name).stem == "manifest"), None)
    if wanted == "manifest" or (wanted == "auto" and manifest):
        return manifest_layout(container, manifest)
    dataset = DATASETS.get(wanted) or (_dataset(container, tables) if wanted == "auto" else None)
    if dataset:
        return _dataset_layout(container, dataset, tables)
    texts = {_stem(name) for name in container.names if _is_text(name)}
    paired = any(_is_image(name) and _stem(name) in texts for name in container.names)
    if wanted == "folders" or (wanted == "auto" and texts and not paired):
        return Layout("folders", lambda: _folder_rows(container))
    return Layout("pairs", lambda: _pair_rows(container))


def manifest_layout(container: Container, name: str | None) -> Layout:
    """The rows of the manifest ``name``, whose images' paths are relative to its own folder."""
    if name is None:
        raise ImportRefused("no_manifest", "There is no manifest.csv or manifest.jsonl.")
    parent = PurePosixPath(name).parent.as_posix()
    if parent == ".":
        return Layout("manifest", lambda: manifest_rows(_stream(container, name), name))
    return Layout("manifest", lambda: _below(parent, manifest_rows(_stream(container, name), name)))


def _below(parent: str, rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        image = f"{parent}/{row.image}" if row.image else ""
        yield Row(row.number, image, row.cells, row.draft_file, row.readings, row.problem, row.skip)


def _pair_rows(container: Container) -> Iterator[Row]:
    texts = {_stem(name): name for name in container.names if _is_text(name)}
    pictures = {_stem(name) for name in container.names if _is_image(name)}
    for number, name in enumerate(container.names, start=1):
        if _is_image(name):
            yield Row(number, name, draft_file=texts.get(_stem(name), ""))
        elif _is_text(name) and _stem(name) not in pictures:
            yield Row(number, skip="This text has no picture of the same name.")
        elif not _is_text(name):
            yield Row(number, skip=NO_PICTURE)


def _folder_rows(container: Container) -> Iterator[Row]:
    """Each picture with each text of its folder; the place of the picture in the listing counts.

    Several texts make several rows: the numbers count on within the listing of rows.
    """
    texts: dict[str, list[str]] = defaultdict(list)
    pictures = {_folder(name) for name in container.names if _is_image(name)}
    for name in filter(_is_text, container.names):
        texts[_folder(name)].append(name)
    number = 0
    for name in container.names:
        if _is_image(name):
            for text in texts.get(_folder(name)) or [""]:
                number += 1
                yield Row(number, name, draft_file=text)
        elif not _is_text(name) or _folder(name) not in pictures:
            number += 1
            text_alone = "This text has no picture in its folder."
            yield Row(number, skip=text_alone if _is_text(name) else NO_PICTURE)


def _dataset(container: Container, tables: list[str]) -> Dataset | None:
    heads = [_head(container, name) for name in tables]
    fitting = (each for each in DATASETS.values() if any(map(each.claims, heads)))
    return next(fitting, None)


def _dataset_layout(container: Container, dataset: Dataset, tables: list[str]) -> Layout:
    own = [name for name in tables if dataset.claims(_head(container, name))]
    if not own:
        raise ImportRefused(
            "no_annotations", f"None of the files is an annotation table of {dataset.name}."
        )
    try:
        # Known by their places: names of files hold patients' words.
        pictures = dataset.read(
            [Table(f"table {at}", _table(container, name)) for at, name in enumerate(own, start=1)]
        )
    except NotThisDataset as refused:
        raise ImportRefused("bad_annotations", str(refused)) from refused
    layout = Layout(dataset.name, lambda: _dataset_rows(container, pictures, set(own)))
    layout.notes = _dataset_notes(container, pictures)
    return layout


def _dataset_rows(
    container: Container, pictures: Mapping[str, Picture], own: set[str]
) -> Iterator[Row]:
    for number, name in enumerate(container.names, start=1):
        if _is_image(name):
            yield row_of_picture(number, name, _picture_of(name, pictures) or Picture())
        elif name not in own:
            yield Row(number, skip=NO_PICTURE)


def _dataset_notes(container: Container, pictures: Mapping[str, Picture]) -> list[str]:
    images = [name for name in container.names if _is_image(name)]
    bare = sum(_picture_of(name, pictures) is None for name in images)
    away = len(pictures) - (len(images) - bare)
    notes = []
    if bare:
        notes.append(f"{bare:,} pictures have no annotation and come in without findings.")
    if away > 0:
        notes.append(f"{away:,} annotated pictures are not among the files.")
    return notes


def _picture_of(name: str, pictures: Mapping[str, Picture]) -> Picture | None:
    """By file name, or without its ending (VinDr names images so), or by the whole path (COCO)."""
    path = PurePosixPath(name)
    keys = (name, path.name, path.stem)
    return next((pictures[key] for key in keys if key in pictures), None)


def _head(container: Container, name: str) -> bytes:
    if container.size(name) > TABLE_MAX_BYTES:
        return b""
    return _stream(container, name).read(HEAD_BYTES)


def _table(container: Container, name: str) -> bytes:
    if container.size(name) > TABLE_MAX_BYTES:
        limit = TABLE_MAX_BYTES // 2**20
        raise ImportRefused("too_large", f"An annotation table has at most {limit} MB.")
    return _stream(container, name).read()


def _stream(container: Container, name: str) -> BinaryIO:
    try:
        return container.open(name)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        # Without the library's words, which quote the names of files.
        raise ImportRefused("unreadable", "The archive is damaged at a table.") from error


def _is_image(name: str) -> bool:
    """By its ending: what it truly is, intake finds out. DICOM files often have no ending."""
    path = PurePosixPath(name)
    return path.suffix.lower() in IMAGE_ENDINGS or (not path.suffix and path.name[:1] != ".")


def _is_text(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() == ".txt"


def _stem(name: str) -> str:
    return PurePosixPath(name).with_suffix("").as_posix()


def _folder(name: str) -> str:
    return PurePosixPath(name).parent.as_posix()
