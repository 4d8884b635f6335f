"""Who has the originals puts the pixels into a copy of a release that may not hold them."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from audits.models import Audit, Case, Source
from inference.__main__ import main
from inference.fingerprints import pixels_sha256
from inference.images import read_image
from inference.release.checks import check_release
from inference.release.checks.files import check_manifest
from tests.audits.pictures import picture
from tests.audits.reviewing import make_user
from tests.audits.test_release_folder import PICTURES, built, reviewed, unpacked

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = "no pixels where the terms forbid them"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path, nobody_else: None) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def audits() -> list[Audit]:
    return reviewed([make_user("one")], 4)


@pytest.fixture
def folder(audits: list[Audit], tmp_path: Path) -> Path:
    """A release of four cases whose source forbids their pixels and nothing else."""
    Source.objects.filter(slug="upload").update(pixels_redistributable=False)
    return unpacked(built(audits[0].requested_by or make_user("maker")), tmp_path / "release")


def originals(tmp_path: Path, audits: list[Audit]) -> Path:
    """As a stranger's download: other names, other packing, copies, other files among them."""
    folder = tmp_path / "download"
    (folder / "deep").mkdir(parents=True)
    pixels = [
        Image.open(io.BytesIO(picture(*PICTURES[n % 4], seed=100 + n))) for n in range(len(audits))
    ]
    words = PngInfo()
    words.add_text("Patient", "somebody")
    pixels[0].save(folder / "a.png", pnginfo=words, compress_level=1)
    pixels[0].save(folder / "a again.png")
    pixels[1].save(folder / "deep" / "b.tif")
    pixels[2].save(folder / "c.webp", lossless=True)
    pixels[3].save(folder / "d.bin", format="PNG")
    Image.fromarray(np.zeros((80, 80), np.uint8)).save(folder / "of nobody.png")
    (folder / "readme.txt").write_text("not a picture")
    return folder


def cases(folder: Path) -> list[dict[str, Any]]:
    shards = sorted((folder / "data" / "cases").glob("*.parquet"))
    return [row for shard in shards for row in pq.read_table(shard).to_pylist()]


def test_the_script_of_a_release_puts_every_picture_in(
    folder: Path, audits: list[Audit], tmp_path: Path
) -> None:
    assert not (folder / "images").exists() and not (folder / "views" / "medgemma").exists()
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, folder / "scripts" / "rebuild.py", originals(tmp_path, audits), out],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert {name: said[name] for name in ("cases", "wanted", "rebuilt", "missing")} == {
        "cases": 4,
        "wanted": 4,
        "rebuilt": 4,
        "missing": 0,
    }
    assert (said["files"], said["used"], said["again"], said["not_asked_for"]) == (7, 4, 1, 1)
    assert list(said["unreadable"].values()) == [1]
    for case in cases(out):
        pixels = read_image(out / case["image"])
        stored = Case.objects.get(pk=case["id"])
        assert pixels_sha256(pixels) == case["pixels_sha256"] == stored.pixels_sha256
    lines = [
        json.loads(line) for path in (out / "jsonl" / "cases").iterdir() for line in path.open()
    ]
    by_id = {row["id"]: row for row in lines}
    assert by_id == {row["id"]: row for row in cases(out)}
    assert list(check_manifest(out)) == []
    # Everything holds but the terms: the copy is for its maker alone.
    assert {one.name: one.count for one in check_release(out) if one.count} == {FORBIDDEN: 4}


def test_what_is_rebuilt_is_what_open_terms_would_have_given(
    audits: list[Audit], tmp_path: Path
) -> None:
    """Views that need pixels are those of a release of the same rows that may hold them."""
    maker = make_user("maker")
    whole = unpacked(built(maker), tmp_path / "whole")
    Source.objects.filter(slug="upload").update(pixels_redistributable=False)
    closed = unpacked(built(maker), tmp_path / "closed")
    out = tmp_path / "out"
    assert main(["rebuild-release", str(closed), str(originals(tmp_path, audits)), str(out)]) == 0
    views = {path.relative_to(whole) for path in (whole / "views").rglob("*") if path.is_file()}
    assert any("medgemma" in path.parts for path in views)
    assert views == {path.relative_to(out) for path in (out / "views").rglob("*") if path.is_file()}
    for view in views:
        assert (out / view).read_bytes() == (whole / view).read_bytes(), view
    assert {path.name for path in (out / "images").iterdir()} == {
        path.name for path in (whole / "images").iterdir()
    }


def test_missing_originals_are_counted_and_nothing_is_overwritten(
    folder: Path, audits: list[Audit], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    download, out = originals(tmp_path, audits), tmp_path / "out"
    (download / "d.bin").unlink()
    asked = ["rebuild-release", str(folder), str(download), str(out)]
    assert main(asked) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["rebuilt"], said["missing"]) == (3, 1)
    assert sum(case["image"] is None for case in cases(out)) == 1
    assert "1 are missing" in (out / "REBUILT.md").read_text()
    before = sorted(path.name for path in tmp_path.iterdir())
    assert main(asked) == 2 and "name a new folder" in capsys.readouterr().err
    assert before == sorted(path.name for path in tmp_path.iterdir())
