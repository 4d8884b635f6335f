"""One ZIP of a release, the same bytes for the same files."""

import shutil
import zipfile
from pathlib import Path

_EARLIEST = (1980, 1, 1, 0, 0, 0)


def write_archive(root: Path, target: Path) -> None:
    """Pack every file below ``root`` in the order of names, without a clock or file modes."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(root.rglob("*"), key=lambda found: found.as_posix()):
            if path.is_file():
                _add(archive, path, path.relative_to(root).as_posix())


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    entry = zipfile.ZipInfo(name, date_time=_EARLIEST)
    # PNGs are compressed already; packing them again costs seconds and saves nothing.
    packed = zipfile.ZIP_STORED if path.suffix == ".png" else zipfile.ZIP_DEFLATED
    entry.compress_type = packed
    entry.external_attr = 0o644 << 16
    with path.open("rb") as stream, archive.open(entry, "w", force_zip64=True) as out:
        shutil.copyfileobj(stream, out)
