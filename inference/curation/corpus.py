"""The whole way from a source folder to a corpus folder."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from inference.curation.examples import Example, Tally, settle
from inference.curation.selecting import Selection, select
from inference.curation.targets import Target
from inference.curation.writing import write_corpus
from inference.fingerprints import perceptual_hash
from inference.images import ImageRefused, read_image


def curate(source: Path, out: Path, asked: Selection, target: Target) -> dict[str, Any]:
    """Curate a release folder (``data/``) or an annotated one (``images.csv``); the report.

    Raises ``ValueError`` where the source is neither or ``out`` holds something, ``OSError`` where
    a file can't be read or written.
    """
    if out.exists() and any(out.iterdir()):
        raise ValueError(f"{out} is not empty: name a new folder")
    tally = Tally()
    seen = [_seen(each, tally) for each in _read(source, tally)]
    settled = [settle(each, tally) for each in seen if each is not None]
    return write_corpus(select(settled, asked, tally), out, asked, target, tally)


def _read(source: Path, tally: Tally) -> Iterator[Example]:
    # Each reader with what it needs: duckdb for a release, nothing for a folder.
    if (source / "images.csv").is_file():
        from inference.curation.from_folder import read_folder  # noqa: PLC0415

        return read_folder(source, tally)
    if (source / "data" / "cases").is_dir():
        from inference.curation.from_release import read_release  # noqa: PLC0415

        return read_release(source, tally)
    raise ValueError(f"{source} holds neither images.csv nor a release's data/cases")


def _seen(example: Example, tally: Tally) -> Example | None:
    """The example with its picture's size and fingerprint; ``None``, counted, if unreadable."""
    try:
        image = read_image(example.picture)
    except FileNotFoundError:
        tally.drop("image_missing")
        return None
    except ImageRefused:
        tally.drop("image_unreadable")
        return None
    height, width = image.shape
    return replace(example, height=height, width=width, fingerprint=perceptual_hash(image))
