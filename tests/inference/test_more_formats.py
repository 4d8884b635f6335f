"""WebP and TIFF: read right, stripped of all but pixels, and refused with a sentence."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from inference import tiff, webp
from inference.images import ImageRefused, encode_png, read_image
from tests.inference.test_images import RAMP, saved

DEEP = (np.add.outer(np.arange(80), 200 * np.arange(100)) % 65521).astype(np.uint16)
SECRET = b"Zebulon Quagga, born 1950"


def tiffed(array: np.ndarray, **options: object) -> bytes:
    return saved(array, "TIFF", **options)


def refusal(data: bytes) -> str:
    with pytest.raises(ImageRefused) as caught:
        read_image(data)
    return str(caught.value)


def entry_at(data: bytes, tag: int) -> int:
    """Where the directory's entry of a little-endian TIFF lies."""
    at = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, at)[0]
    entries = range(at + 2, at + 2 + 12 * count, 12)
    return next(place for place in entries if struct.unpack_from("<H", data, place)[0] == tag)


def with_tag(data: bytes, tag: int, value: int) -> bytes:
    """The same TIFF with another number in one of its tags."""
    changed = bytearray(data)
    at = entry_at(data, tag)
    kind = struct.unpack_from("<H", data, at + 2)[0]
    struct.pack_into("<H" if kind == 3 else "<I", changed, at + 8, value)
    return bytes(changed)


# --- TIFF --------------------------------------------------------------------------------------


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_deflate", "packbits"])
@pytest.mark.parametrize("array", [RAMP, DEEP], ids=["8 bits", "16 bits"])
def test_a_gray_tiff_comes_out_as_it_went_in(array: np.ndarray, compression: str | None) -> None:
    found = read_image(tiffed(array, compression=compression))
    assert found.dtype == array.dtype
    assert np.array_equal(found, array)


def test_a_big_endian_tiff_of_16_bits_is_read() -> None:
    picture = Image.frombytes("I;16B", (100, 80), DEEP.astype(">u2").tobytes())
    buffer = io.BytesIO()
    picture.save(buffer, "TIFF")
    assert buffer.getvalue()[:2] == b"MM"
    assert np.array_equal(read_image(buffer.getvalue()), DEEP)


@pytest.mark.parametrize(("array", "white"), [(RAMP, 255), (DEEP, 65535)], ids=["8", "16"])
def test_where_zero_is_white_values_are_turned(array: np.ndarray, white: int) -> None:
    turned = read_image(with_tag(tiffed(array), 262, 0))
    assert np.array_equal(turned, white - array)


def test_a_colour_tiff_becomes_gray() -> None:
    colour = np.stack([RAMP, RAMP, RAMP], axis=2)
    assert np.array_equal(read_image(tiffed(colour)), RAMP)


def test_orientation_is_applied() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[274] = 6
    assert np.array_equal(read_image(tiffed(RAMP, tiffinfo=tags)), np.rot90(RAMP, -1))


def test_text_in_tags_never_reaches_the_decoder_nor_the_store() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270], tags[315] = SECRET.decode(), SECRET.decode()
    data = tiffed(RAMP, tiffinfo=tags) + SECRET
    assert SECRET in data
    assert SECRET not in tiff.find_pixels(data).data
    assert SECRET not in encode_png(read_image(data))


def test_several_pages_are_refused() -> None:
    buffer = io.BytesIO()
    page = Image.fromarray(RAMP)
    page.save(buffer, "TIFF", save_all=True, append_images=[page])
    assert "several pictures" in refusal(buffer.getvalue())


def test_fractions_are_refused() -> None:
    assert "fractions" in refusal(tiffed(RAMP.astype(np.float32)))


def test_deep_colour_is_refused_by_name() -> None:
    data = bytearray(tiffed(np.stack([RAMP, RAMP, RAMP], axis=2)))
    bits = struct.unpack_from("<I", data, entry_at(bytes(data), 258) + 8)[0]
    struct.pack_into("<3H", data, bits, 16, 16, 16)
    assert "8 bits a colour" in refusal(bytes(data))


def test_a_compression_that_is_not_read_is_named() -> None:
    assert "compressed" in refusal(tiffed(RAMP, compression="jpeg"))


@pytest.mark.parametrize(
    ("tag", "value", "words"),
    [
        (256, 50_000_000, "pixels"),  # refused before anything is decoded
        (257, 1, "pixels"),
        (273, 2**31, "cut off"),
        (279, 2**31, "damaged"),
        (258, 64, "damaged"),
    ],
)
def test_numbers_that_lie_are_refused(tag: int, value: int, words: str) -> None:
    assert words in refusal(with_tag(tiffed(RAMP), tag, value))


def test_strips_that_name_the_same_bytes_again_are_refused() -> None:
    data = bytearray(tiffed(RAMP, compression="tiff_deflate"))
    at = len(data)
    data += struct.pack("<2000I", *[8] * 2000) + struct.pack("<2000I", *[4000] * 2000)
    for tag, start in ((273, at), (279, at + 8000)):
        struct.pack_into("<HHII", data, entry_at(bytes(data), tag), tag, 4, 2000, start)
    assert "damaged" in refusal(bytes(data))


# --- WebP --------------------------------------------------------------------------------------


def test_a_lossless_webp_comes_out_as_it_went_in() -> None:
    assert np.array_equal(read_image(saved(RAMP, "WEBP", mode="RGB", lossless=True)), RAMP)


def test_a_lossy_webp_comes_out_nearly_as_it_went_in() -> None:
    smooth = (np.add.outer(np.arange(80), np.arange(100))).astype(np.uint8)
    found = read_image(saved(smooth, "WEBP", mode="RGB", quality=95))
    assert np.abs(found.astype(int) - smooth).max() <= 6


def test_transparency_becomes_black_and_orientation_is_applied() -> None:
    alpha = np.full_like(RAMP, 255)
    alpha[:, :50] = 0
    picture = Image.fromarray(np.stack([RAMP, RAMP, RAMP, alpha], axis=2), "RGBA")
    tags = Image.Exif()
    tags[274] = 3
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=True, exif=tags)
    expected = np.where(alpha > 0, RAMP, 0)
    assert np.array_equal(read_image(buffer.getvalue()), np.rot90(expected, 2))


def test_metadata_of_a_webp_stays_outside() -> None:
    buffer = io.BytesIO()
    xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    Image.fromarray(RAMP).convert("RGB").save(buffer, "WEBP", xmp=xmp, icc_profile=SECRET)
    data = buffer.getvalue() + SECRET
    assert data.count(SECRET) == 3
    assert SECRET not in webp.find_pixels(data)[0]
    assert read_image(data).shape == RAMP.shape


def test_an_animated_webp_is_refused() -> None:
    buffer = io.BytesIO()
    frame = Image.fromarray(RAMP).convert("RGB")
    frame.save(buffer, "WEBP", save_all=True, append_images=[Image.eval(frame, lambda v: 255 - v)])
    assert "animated" in refusal(buffer.getvalue())


# --- Whatever is sent ----------------------------------------------------------------------------

SAMPLES = [
    tiffed(RAMP),
    tiffed(DEEP, compression="tiff_lzw"),
    saved(RAMP, "WEBP", mode="RGB"),
    saved(RAMP, "WEBP", mode="RGB", lossless=True),
]


@settings(max_examples=400)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=12),
    st.integers(0, 4000),
)
def test_damage_is_refused_and_never_crashes(
    sample: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(sample)
    for at, value in changes:
        data[at % len(data)] = value
    try:
        found = read_image(bytes(data[: len(data) - cut % len(data)]))
    except ImageRefused as refused:
        assert str(refused).endswith(".")
    else:
        assert found.ndim == 2 and found.dtype in (np.uint8, np.uint16)
