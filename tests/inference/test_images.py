"""Reading pictures: what is accepted comes out right, what is hostile goes out with a sentence."""

import io
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageFile

from inference.images import MAX_BYTES, ImageRefused, encode_png, read_image

RAMP = np.add.outer(np.arange(80), 2 * np.arange(100)).astype(np.uint8)
"""80 rows, 100 columns, no symmetry."""


def saved(
    array: np.ndarray, format_: str = "PNG", mode: str | None = None, **options: object
) -> bytes:
    picture = Image.fromarray(array)
    if mode:
        picture = picture.convert(mode)
    buffer = io.BytesIO()
    picture.save(buffer, format=format_, **options)
    return buffer.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    """``chunks`` put right after the header."""
    return png[:33] + b"".join(chunks) + png[33:]


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[2:]


def header_bomb(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg_of_size(width: int, height: int) -> bytes:
    jpeg = bytearray(saved(RAMP, "JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(jpeg)


def exif(orientation: int, order: str = "<") -> bytes:
    head = b"II*\x00" if order == "<" else b"MM\x00*"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return head + struct.pack(order + "IH", 8, 1) + entry + bytes(4)


def refusal(source: bytes | Path) -> str:
    with pytest.raises(ImageRefused) as caught:
        read_image(source)
    return str(caught.value)


WHOLE = (
    saved(RAMP),
    saved(RAMP, mode="P"),
    saved(RAMP, mode="RGBA"),
    saved(RAMP, "JPEG"),
    saved(RAMP, "JPEG", progressive=True),
)


# --- what is accepted --------------------------------------------------------------------------


@given(
    hnp.arrays(
        st.sampled_from([np.uint8, np.uint16]),
        st.tuples(st.integers(64, 80), st.integers(64, 80)),
        elements=st.integers(0, 255),
        fill=st.integers(0, 255),
    )
)
@settings(deadline=None)
def test_png_round_trip_keeps_every_pixel_and_the_depth(image: np.ndarray) -> None:
    back = read_image(encode_png(image))
    assert back.dtype == image.dtype
    assert np.array_equal(back, image)


def test_sixteen_bits_keep_their_depth() -> None:
    deep = (np.arange(64 * 64, dtype=np.uint16) * 16).reshape(64, 64)
    back = read_image(saved(deep))
    assert back.dtype == np.uint16
    assert np.array_equal(back, deep)


def test_a_path_reads_as_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a name that says nothing"
    path.write_bytes(saved(RAMP))
    assert np.array_equal(read_image(path), RAMP)


def test_a_missing_path_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        read_image(tmp_path / "nothing.png")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "L"])
def test_gray_in_any_png_mode_comes_out_as_the_same_gray(mode: str) -> None:
    back = read_image(saved(RAMP, mode=mode))
    assert back.dtype == np.uint8
    assert back.shape == RAMP.shape
    assert np.abs(back.astype(int) - RAMP).max() <= (8 if mode == "P" else 0)


def test_one_bit_becomes_black_and_white() -> None:
    checks = np.indices((64, 70)).sum(axis=0) % 2 == 0
    back = read_image(saved(checks))
    assert np.array_equal(back, np.where(checks, 255, 0))


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_of_every_colour_space(mode: str, progressive: bool) -> None:
    back = read_image(saved(RAMP, "JPEG", mode, quality=98, progressive=progressive))
    assert np.abs(back.astype(int) - RAMP).mean() < 2


def test_transparency_reads_as_black() -> None:
    alpha = np.zeros_like(RAMP)
    alpha[:40] = 255
    picture = np.dstack([RAMP, RAMP, RAMP, alpha])
    back = read_image(saved(picture))
    assert np.array_equal(back[:40], RAMP[:40])
    assert not back[40:].any()


UPRIGHT: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).T,
    8: np.rot90,
}


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_orientation_is_applied(orientation: int, order: str) -> None:
    expected = UPRIGHT[orientation](RAMP)
    tag = exif(orientation, order)
    png = with_chunks(saved(RAMP), chunk(b"eXIf", tag))
    assert np.array_equal(read_image(png), expected)
    jpeg = with_segment(saved(RAMP, "JPEG", quality=100), 0xE1, b"Exif\x00\x00" + tag)
    back = read_image(jpeg)
    assert back.shape == expected.shape
    assert np.abs(back.astype(int) - expected).max() < 6


@given(st.binary(max_size=60))
@settings(deadline=None)
def test_any_nonsense_in_exif_leaves_the_picture_as_it_is(tag: bytes) -> None:
    for body in (tag, exif(1)[:8] + tag, exif(9)):
        assert np.array_equal(read_image(with_chunks(saved(RAMP), chunk(b"eXIf", body))), RAMP)


def test_a_zip_bomb_in_a_text_chunk_is_never_unpacked() -> None:
    bomb = zlib.compress(bytes(300_000_000), 9)
    text = b"Comment\x00\x01\x00\x00\x00" + bomb
    profile = b"icc\x00\x00" + bomb
    png = with_chunks(saved(RAMP), chunk(b"iTXt", text), chunk(b"iCCP", profile))
    tracemalloc.start()
    back = read_image(png)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert np.array_equal(back, RAMP)
    assert peak < 5_000_000


def test_huge_metadata_is_stepped_over() -> None:
    png = with_chunks(saved(RAMP), chunk(b"tEXt", b"Comment\x00" + b"x" * 20_000_000))
    assert np.array_equal(read_image(png), RAMP)
    jpeg = saved(RAMP, "JPEG")
    plain = read_image(jpeg)
    for _ in range(300):
        jpeg = with_segment(jpeg, 0xED, b"x" * 65_000)
    assert np.array_equal(read_image(jpeg), plain)


def test_what_follows_the_end_is_ignored() -> None:
    assert np.array_equal(read_image(saved(RAMP) + b"<script>alert(1)</script>"), RAMP)


def test_what_is_encoded_again_holds_no_metadata() -> None:
    secret = with_chunks(
        saved(RAMP), chunk(b"tEXt", b"Patient\x00Jane Doe"), chunk(b"eXIf", exif(6))
    )
    clean = encode_png(read_image(secret))
    names, at = [], 8
    while at < len(clean):
        length, name = struct.unpack_from(">I4s", clean, at)
        names.append(name)
        at += 12 + length
    assert set(names) == {b"IHDR", b"IDAT", b"IEND"}


def test_encoding_refuses_what_is_no_gray_picture() -> None:
    for wrong in (np.zeros((64, 64)), np.zeros((64, 64, 3), np.uint8), np.zeros(64, np.uint8)):
        with pytest.raises(ValueError, match="uint8 or uint16"):
            encode_png(wrong)


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"Impression: normal chest.", "not an image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not an image"),
        (bytes(128) + b"DICM" + bytes(200), "DICOM is not a radiograph"),
        (b"\x08\x00\x05\x00\x0a\x00\x00\x00ISO_IR 100", "DICOM is not a radiograph"),
        (saved(RAMP, "GIF"), "GIF"),
        (saved(RAMP, "BMP"), "BMP"),
        (b"%PDF-1.7", "PDF"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
        (saved(np.zeros((1, 1), np.uint8)), "1 x 1 pixels"),
        (saved(np.zeros((63, 500), np.uint8)), "500 x 63 pixels"),
        (saved(np.zeros((500, 63), np.uint8), "JPEG"), "63 x 500 pixels"),
    ],
)
def test_refusals_name_what_is_wrong_and_what_to_do(data: bytes, words: str) -> None:
    sentence = refusal(data)
    assert words in sentence
    assert sentence.endswith(".")
    assert any(advice in sentence for advice in ("Send", "Export", "export", "Scale"))


def test_text_named_png_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "chest.png"
    path.write_text("No pneumothorax. Heart size normal.")
    assert "not an image" in refusal(path)


def test_animated_png_is_refused() -> None:
    frames = [Image.fromarray(RAMP), Image.fromarray(255 - RAMP)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:])
    assert "animated" in refusal(buffer.getvalue())


@pytest.mark.parametrize(
    "bomb",
    [
        header_bomb(40_000, 40_000),
        header_bomb(2**31 - 1, 2**31 - 1),
        header_bomb(64_000_001, 64),
        jpeg_of_size(65_500, 65_500),
        header_bomb(40_000, 40_000)[:40],
    ],
)
def test_a_bomb_is_refused_from_its_header(bomb: bytes) -> None:
    tracemalloc.start()
    sentence = refusal(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "64 million" in sentence
    assert peak < 1_000_000


def test_just_under_the_limit_is_decoded() -> None:
    assert read_image(saved(np.zeros((8000, 8000), np.uint8))).shape == (8000, 8000)


def test_a_second_larger_header_does_not_slip_past() -> None:
    small, large = saved(RAMP, "JPEG"), jpeg_of_size(9_000, 9_000)
    start = large.index(b"\xff\xc0")
    frame = large[start : start + 2 + int.from_bytes(large[start + 2 : start + 4], "big")]
    at = small.index(b"\xff\xda")
    assert "64 million" in refusal(small[:at] + frame + small[at:])


@given(st.floats(0.02, 0.98))
@settings(deadline=None)
def test_cut_short_anywhere_is_refused(part: float) -> None:
    noisy = np.random.default_rng(7).integers(0, 256, (70, 90)).astype(np.uint8)
    for data in (saved(noisy), saved(noisy, "JPEG"), saved(noisy, "JPEG", progressive=True)):
        sentence = refusal(data[: max(9, int(len(data) * part))])
        assert "cut off" in sentence or "damaged" in sentence


def test_cut_short_is_refused_whatever_others_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    for format_ in ("PNG", "JPEG"):
        data = saved(RAMP, format_)
        assert "cut off" in refusal(data[: len(data) - 40])


def test_a_png_whose_pixels_run_out_is_refused() -> None:
    header = struct.pack(">IIBBBBB", 100, 100, 8, 0, 0, 0, 0)
    few = chunk(b"IDAT", zlib.compress(bytes(500)))
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + few + chunk(b"IEND", b"")
    assert "Export" in refusal(png)


@given(st.integers(0, 2**32), st.integers(1, 40))
@settings(max_examples=300, deadline=None)
def test_damage_gives_a_picture_or_a_sentence_never_a_crash(seed: int, hits: int) -> None:
    rng = np.random.default_rng(seed)
    hurt = bytearray(WHOLE[seed % len(WHOLE)])
    for _ in range(hits):
        hurt[int(rng.integers(2, len(hurt)))] = int(rng.integers(256))
    try:
        image = read_image(bytes(hurt))
    except ImageRefused as refused:
        assert str(refused).endswith(".")
    else:
        assert image.ndim == 2


def test_a_palette_picture_without_its_palette_is_refused() -> None:
    png = saved(RAMP, mode="P")
    start = png.index(b"PLTE") - 4
    end = start + 12 + int.from_bytes(png[start : start + 4], "big")
    assert "damaged" in refusal(png[:start] + png[end:])


def test_thousands_of_scans_are_refused() -> None:
    jpeg = saved(RAMP, "JPEG", progressive=True)
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    assert "scans" in refusal(jpeg[:-2] + 500 * scan + jpeg[-2:])


def test_a_file_over_the_byte_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    assert "MB" in refusal(path)


def test_no_global_limit_is_touched() -> None:
    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    read_image(saved(RAMP))
    refusal(header_bomb(40_000, 40_000))
    after = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    assert after == before
