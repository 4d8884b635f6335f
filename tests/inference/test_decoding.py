"""Decoders apart: the same result as here, and what a picture makes its decoder do ends there."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from PIL import Image
from pydicom import uid

from inference import decoding
from inference.decoding import DecoderDied, prepared_apart
from inference.images import encode_png
from inference.preparing import _to_8_bit, prepared
from inference.refusals import ImageRefused
from tests.inference.radiographs import radiograph, values

LARGEST = 8_000
"""A side of the largest square that is allowed."""
NOISE = np.random.default_rng(3).integers(0, 256, (90, 100)).astype(np.uint8)
SYNTAXES = (
    *(uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian, uid.RLELossless),
    *(uid.JPEGLSLossless, uid.JPEG2000Lossless, uid.JPEGBaseline8Bit),
)
WINDOW = {"WindowCenter": "100", "WindowWidth": "50"}


def saved(kind: str, mode: str = "L", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(NOISE).convert(mode).save(out, kind, **options)
    return out.getvalue()


def good_files() -> Iterator[tuple[str, bytes]]:
    yield "PNG", saved("PNG")
    yield "16-bit PNG", encode_png(values(16))
    yield "palette", saved("PNG", "P")
    yield "transparent", saved("PNG", "RGBA")
    yield "JPEG", saved("JPEG", "CMYK")
    yield "WebP", saved("WEBP", "RGB")
    for packing in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        yield packing, saved("TIFF", compression=packing)
    for syntax in SYNTAXES:
        depth = 8 if syntax == uid.JPEGBaseline8Bit else 12
        stored = NOISE if depth == 8 else None
        yield syntax.name, radiograph(stored, depth=depth, syntax=syntax)
    yield "window", radiograph(**WINDOW, PhotometricInterpretation="MONOCHROME1")
    yield "sigmoid", radiograph(**WINDOW, VOILUTFunction="SIGMOID", RescaleSlope="2")
    yield "table", radiograph(named=True)


GOOD = dict(good_files())


@pytest.fixture
def anew() -> Iterator[None]:
    """A nursery of the test's own, and none afterwards."""

    def end() -> None:
        if decoding._nursery is not None:
            decoding._nursery.end()
            decoding._nursery = None

    end()
    yield
    end()


@pytest.fixture
def among_wicked(anew: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_MODULE", "tests.inference.wicked")
    monkeypatch.setenv("SECRET_KEY", "which no decoder may know")


def decoders() -> list[str]:
    """Children of our nursery that are alive or unburied."""
    assert decoding._nursery is not None
    return children_of(decoding._nursery.process.pid)


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


@pytest.mark.parametrize("name", GOOD)
def test_the_same_comes_out_as_in_this_process(name: str) -> None:
    assert prepared_apart(GOOD[name]) == prepared(GOOD[name])


def test_eight_bit_images_are_not_held_twice() -> None:
    shown = prepared_apart(saved("PNG"))
    assert shown.preview is shown.png


@pytest.mark.parametrize("data", [b"", b"nothing", GOOD["PNG"][:200], radiograph(Modality="CT")])
def test_refusals_are_those_of_this_process(data: bytes) -> None:
    with pytest.raises(ImageRefused) as here:
        prepared(data)
    with pytest.raises(ImageRefused) as there:
        prepared_apart(data)
    assert str(there.value) == str(here.value) and type(there.value) is ImageRefused


def test_nothing_is_left_to_be_imported_by_a_decoder() -> None:
    """A decoder can open no file: what a library loads at the first picture has to be there."""
    program = (
        "import sys, pathlib\n"
        "from inference import decoding\n"
        "decoding._load_codecs()\n"
        "before = set(sys.modules)\n"
        "for name in sys.argv[1:]: decoding.prepared(pathlib.Path(name).read_bytes())\n"
        "print(*sorted(set(sys.modules) - before))\n"
    )
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"good-{os.getpid()}"
    folder.mkdir()
    names = [folder / str(at) for at, _ in enumerate(GOOD)]
    for name, data in zip(names, GOOD.values(), strict=True):
        name.write_bytes(data)
    said = subprocess.run(
        [sys.executable, "-c", program, *names], capture_output=True, text=True, check=True
    )
    for name in names:
        name.unlink()
    folder.rmdir()
    assert said.stdout.split() == []


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        ("crash", "crash"),
        ("leave", "crash"),
        ("mumble", "crash"),
        ("read", "crash"),
        ("call", "crash"),
        ("write", "crash"),
        ("write open", "crash"),
        ("tell", "crash"),
        ("eat", "memory"),
        ("spin", "time"),
        ("hold on", "time"),
    ],
)
@pytest.mark.usefixtures("among_wicked")
def test_a_hostile_picture_is_refused_and_hurts_nobody(deed: str, why: str) -> None:
    assert prepared_apart(GOOD["PNG"]) == prepared(GOOD["PNG"])
    nursery = decoding._nursery
    with pytest.raises(DecoderDied) as died:
        prepared_apart(deed.encode())
    assert died.value.why == why and str(died.value)
    assert prepared_apart(GOOD["PNG"]) == prepared(GOOD["PNG"])
    assert decoding._nursery is nursery and not decoders()
    assert not Path("/dev/shm/wicked").exists()


@pytest.mark.usefixtures("anew")
def test_every_format_is_read_without_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_MODULE", "tests.inference.unprivileged")
    for name, data in GOOD.items():
        assert prepared_apart(data) == prepared(data), name
    assert decoding._nursery is not None
    assert Path(f"/proc/{decoding._nursery.process.pid}").stat().st_uid != 0


@pytest.mark.usefixtures("among_wicked")
def test_others_go_on_beside_a_hostile_one() -> None:
    with ThreadPoolExecutor(6) as pool:
        bad = [pool.submit(prepared_apart, b"spin"), pool.submit(prepared_apart, b"crash")]
        good = [pool.submit(prepared_apart, data) for data in GOOD.values()]
        assert [one.result() for one in good] == [prepared(data) for data in GOOD.values()]
        assert {type(one.exception()) for one in bad} == {DecoderDied}
    assert not decoders()


@pytest.mark.usefixtures("anew")
def test_a_nursery_that_was_killed_is_replaced() -> None:
    prepared_apart(GOOD["PNG"])
    assert decoding._nursery is not None
    killed = decoding._nursery.process
    killed.kill()
    killed.wait()
    assert prepared_apart(GOOD["PNG"]) == prepared(GOOD["PNG"])
    assert decoding._nursery.process.pid != killed.pid


@pytest.mark.usefixtures("anew")
def test_a_nursery_that_does_not_start_is_no_fault_of_the_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decoding, "_MODULE", "inference.no_such_module")
    with pytest.raises(OSError, match="No process for decoding"):
        prepared_apart(GOOD["PNG"])


@pytest.mark.usefixtures("anew")
def test_a_fork_has_its_own_nursery() -> None:
    prepared_apart(GOOD["PNG"])
    ours = decoding._nursery
    assert ours is not None
    if (pid := os.fork()) == 0:
        made = prepared_apart(GOOD["JPEG"])
        is_own = decoding._nursery is not None and decoding._nursery is not ours
        os._exit(0 if is_own and made.width == 100 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert prepared_apart(GOOD["PNG"]) == prepared(GOOD["PNG"]) and decoding._nursery is ours


def test_whoever_asks_leaves_nothing_behind_when_killed() -> None:
    program = (
        "import sys\n"
        "from inference import decoding\n"
        "decoding._MODULE = 'tests.inference.wicked'\n"
        "decoding._nursery = decoding._Nursery()\n"
        "print(decoding._nursery.process.pid, flush=True)\n"
        "decoding.prepared_apart(b'hold on')\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as asking:
        assert asking.stdout is not None
        nursery = int(asking.stdout.readline())
        ends_at = monotonic() + 60
        while not (held := children_of(nursery)):
            assert monotonic() < ends_at
        asking.send_signal(signal.SIGKILL)
    while any(_is_alive(int(pid)) for pid in (nursery, *held)):
        assert monotonic() < ends_at


def _is_alive(pid: int) -> bool:
    """Alive and not merely unburied: who adopts orphans here may never bury them."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("seed", range(6))
def test_the_preview_is_stretched_as_numpy_would(seed: int) -> None:
    draw = np.random.default_rng(seed)
    deep = draw.gamma(2, 3000 + 5000 * seed, (70, 301)).clip(0, 65_535).astype(np.uint16)
    low, high = np.percentile(deep, (0.5, 99.5))
    wanted = (np.clip((deep - low) / max(high - low, 1.0), 0, 1) * 255).round()
    assert np.array_equal(_to_8_bit(deep), wanted)


def test_the_largest_picture_fits() -> None:
    """64 megapixels of 16 bits; `benchmarks.largest_picture` sends them in every format."""
    columns = np.linspace(0, 65_535, LARGEST).astype(np.uint16)
    image = prepared_apart(radiograph(np.tile(columns, (LARGEST, 1)), depth=16))
    assert (image.width, image.height) == (LARGEST, LARGEST)
    assert Image.open(io.BytesIO(image.png)).mode == "I;16"
