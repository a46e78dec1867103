"""What `tools.intake` promises: a clean RGB picture or one sentence, never anything else."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from models.carried import carrying, layout_of
from models.recipe import Extent
from tools.errors import BadUpload
from tools.intake import Upload, clean_name, encode_png, read_upload, thumbnail
from tools.settings import Limits

LIMITS = Limits()
ROOT = Path(__file__).parents[1]


def encode(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def speckled(width: int = 40, height: int = 30, mode: str = "RGB") -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(5).randbytes(width * height * 3)).convert(mode)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def flat_rows(width: int, height: int) -> bytes:
    packer = zlib.compressobj(9)
    row = bytes(width + 1)
    return b"".join(packer.compress(row) for _ in range(height)) + packer.flush()


def webp_vp8x(width: int, height: int) -> bytes:
    body = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    inner = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + body
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


HUGE = png(13_300, 13_300, chunk(b"IDAT", flat_rows(13_300, 13_300)))
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"
JPEG = encode(speckled(200, 150), "JPEG")
TEXT_BOMB = png(
    1, 1, chunk(b"iTXt", b"k\0\1\0\0\0" + zlib.compress(bytes(40_000_000), 9)), chunk(b"IDAT", flat_rows(1, 1))
)
LATE_TEXT_BOMB = png(
    1, 1, chunk(b"IDAT", flat_rows(1, 1)), chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(40_000_000), 9))
)


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (HUGE, ("177 megapixels", "40 megapixels", "13300×13300")),
        (webp_vp8x(16_000, 16_000), ("256 megapixels", "16000×16000")),
        (JPEG[: len(JPEG) // 2], ("cut short", "JPEG")),
        (encode(speckled())[:-400], ("cut short", "PNG")),
        (encode(speckled(), "WEBP")[:-300], ("WebP", "again")),
        (SVG, ("an SVG drawing", "PNG, JPEG or WebP")),
        (EPS, ("a PostScript file", "PNG, JPEG or WebP")),
        (b"", ("0 bytes", "again")),
        (b"hello, this is a letter\n", ("a text file",)),
        (b"<!DOCTYPE html><html></html>", ("a web page",)),
        (encode(speckled(), "GIF"), ("a GIF picture",)),
        (encode(speckled(), "TIFF"), ("a TIFF picture",)),
        (b"\0\0\0\x18ftypheic\0\0\0\0", ("a HEIC picture",)),
        (bytes(range(256)) * 4, ("an unknown kind of file",)),
        (TEXT_BOMB, ("unpacks to more than 1 MB", "without metadata")),
        (LATE_TEXT_BOMB, ("unpacks to more than 1 MB", "without metadata")),
        (png(0, 5, chunk(b"IDAT", flat_rows(0, 5))), ("again",)),
        (b"\x89PNG\r\n\x1a\n", ("PNG",)),
        (b"\xff\xd8\xff", ("JPEG",)),
        (b"RIFF\x04\0\0\0WEBP", ("WebP",)),
    ],
)
def test_each_bad_file_gets_one_sentence_that_says_what_and_what_to_do(data: bytes, parts: tuple[str, ...]) -> None:
    with pytest.raises(BadUpload) as caught:
        read_upload(data, "holiday.png", LIMITS)
    sentence = str(caught.value)
    assert "“holiday.png”" in sentence and "please" in sentence
    assert sentence.endswith(".") and "\n" not in sentence and sentence.count(". ") == 0
    for part in parts:
        assert part in sentence


def test_a_file_with_too_many_bytes_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(BadUpload, match=r"more than the 20\.0 MB"):
        read_upload(bytes(21_000_000), "big.png", Limits(upload_bytes=20_000_000))


def test_the_pixel_limit_is_the_setting_and_inclusive() -> None:
    data = encode(speckled(40, 30))
    assert read_upload(data, "a", Limits(upload_pixels=1200)).extent == Extent(40, 30)
    with pytest.raises(BadUpload, match="40×30"):
        read_upload(data, "a", Limits(upload_pixels=1199))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_lossless_pixels_arrive_unchanged(kind: str) -> None:
    image = speckled()
    upload = read_upload(encode(image, kind, lossless=True), "a.jpg", LIMITS)
    assert upload.image.mode == "RGB" and upload.image.tobytes() == image.tobytes() and upload.notes == ()


def test_the_format_is_told_by_content_not_by_name() -> None:
    assert read_upload(JPEG, "drawing.svg", LIMITS).format == "JPEG"


def test_the_same_pixels_give_the_same_bytes_and_no_metadata_survives() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "secret-place")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010E] = "secret-description"
    full = encode(speckled(), pnginfo=info, icc_profile=profile, exif=exif, dpi=(300, 300))
    upload = read_upload(full, "a.png", LIMITS)
    assert upload.image.info == {} and not upload.image.getexif()
    stored = encode_png(upload.image)
    assert stored == encode_png(read_upload(encode(speckled()), "b.png", LIMITS).image)
    assert b"secret" not in stored and b"iCCP" not in stored and b"eXIf" not in stored and b"pHYs" not in stored


def test_encode_png_writes_no_profile_that_the_picture_still_carries() -> None:
    image = speckled()
    image.info["icc_profile"] = b"anything"
    assert encode_png(image) == encode_png(speckled())


def test_a_picture_is_stored_with_the_layout_it_carries_and_an_upload_brings_none() -> None:
    stored = encode_png(carrying(speckled(), '{"view": 1}'))
    with Image.open(io.BytesIO(stored)) as opened:
        assert layout_of(opened.convert("RGB")) == '{"view": 1}'
    assert stored != encode_png(speckled())
    assert layout_of(read_upload(stored, "a.png", LIMITS).image) == ""


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_camera_orientation_is_applied(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    upload = read_upload(encode(speckled(40, 30), "PNG", exif=exif), "a.png", LIMITS)
    assert upload.extent == (Extent(40, 30) if orientation < 5 else Extent(30, 40))
    if orientation == 6:
        assert upload.image.tobytes() == speckled(40, 30).transpose(Image.Transpose.ROTATE_270).tobytes()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_data_is_dropped_and_the_pixels_kept() -> None:
    upload = read_upload(encode(speckled(), "PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"), "a.png", LIMITS)
    assert upload.image.tobytes() == speckled().tobytes()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_laid_on_white_and_said(mode: str) -> None:
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 0)).convert(mode)
    upload = read_upload(encode(image, transparency=0) if mode == "P" else encode(image), "a.png", LIMITS)
    assert upload.image.getcolors() == [(16, (255, 255, 255))]
    assert upload.notes == ("The transparent parts of “a.png” were made white.",)


def test_a_half_transparent_red_becomes_pink() -> None:
    upload = read_upload(encode(Image.new("RGBA", (2, 2), (255, 0, 0, 128))), "a.png", LIMITS)
    assert upload.image.getpixel((0, 0)) == (255, 127, 127)


def test_an_opaque_alpha_channel_is_not_mentioned() -> None:
    assert read_upload(encode(speckled(mode="RGBA")), "a.png", LIMITS).notes == ()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_taken_and_that_is_said(kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True)
    upload = read_upload(data, "moving", LIMITS)
    assert upload.image.getcolors() == [(64, (255, 0, 0))]
    assert upload.notes == ("“moving” is an animation of 3 frames; the first one was taken.",)


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    levels = np.array([[0, 257 * 100, 65535]], dtype=np.uint16)
    upload = read_upload(encode(Image.fromarray(levels)), "a.png", LIMITS)
    assert list(upload.image.get_flattened_data()) == [(0, 0, 0), (100, 100, 100), (255, 255, 255)]


@pytest.mark.parametrize("transparent", [None, 300])
def test_every_level_of_sixteen_bit_grey_becomes_the_nearest_of_eight(transparent: int | None) -> None:
    levels = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    options = {} if transparent is None else {"transparency": transparent}
    expected = np.rint(levels.astype(np.float64) / 257).astype(np.uint8)
    if transparent is not None:
        expected[levels == transparent] = 255
    made = np.asarray(read_upload(encode(Image.fromarray(levels), **options), "a.png", LIMITS).image)
    assert (made == expected[:, :, None]).all()


@pytest.mark.slow
def test_a_large_picture_of_sixteen_bit_grey_takes_little_more_memory_than_its_pixels() -> None:
    code = """if True:
        import io, resource, numpy as np
        from PIL import Image
        from tools.intake import read_upload
        from tools.settings import Limits
        file = io.BytesIO()
        Image.fromarray(np.zeros((5000, 8000), np.uint16)).save(file, "PNG", transparency=0)
        data = file.getvalue()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        read_upload(data, "a.png", Limits())
        print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
    """
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 500  # MiB; its pixels as RGB take 153, beside them stand those that were read, and a mask


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_one_bit_grey_and_palette_pictures_keep_their_colours(mode: str) -> None:
    image = Image.new("RGB", (8, 8), "white")
    image.paste("black", (0, 0, 4, 8))
    assert read_upload(encode(image.convert(mode)), "a.png", LIMITS).image.tobytes() == image.tobytes()


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    data = encode(Image.new("RGB", (16, 16), (200, 30, 40)).convert("CMYK"), "JPEG", quality=95)
    pixel = read_upload(data, "a.jpg", LIMITS).image.getpixel((8, 8))
    assert isinstance(pixel, tuple)
    assert max(abs(a - b) for a, b in zip(pixel, (200, 30, 40), strict=True)) <= 4


def test_an_embedded_colour_profile_is_converted_to_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    upload = read_upload(encode(Image.new("RGB", (2, 2), (255, 0, 0)), icc_profile=swapped), "a.png", LIMITS)
    red, green, blue = np.asarray(upload.image)[0, 0]
    assert green > 250 and red < 5 and blue < 5  # this profile calls green red
    same = read_upload(encode(speckled(), icc_profile=profile), "a.png", LIMITS)
    assert same.image.tobytes() == speckled().tobytes()


@pytest.mark.parametrize(
    "profile", [b"no profile at all", ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()]
)
def test_a_colour_profile_that_is_broken_or_fits_another_mode_changes_nothing(profile: bytes) -> None:
    upload = read_upload(encode(speckled(), icc_profile=profile), "a.png", LIMITS)
    assert upload.image.tobytes() == speckled().tobytes()


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\cat.png", "cat.png"),
        ("cat\n\x00\x1b[31m.png", "cat[31m.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("<b>“x”</b>", "b"),
        ("", "upload"),
        ("   ", "upload"),
        ("猫.png", "猫.png"),
    ],
)
def test_a_name_is_cleaned_for_captions(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_long_name_is_shortened_to_a_hundred_characters() -> None:
    assert len(clean_name("x" * 5000 + ".png")) == 100


@pytest.mark.parametrize("size", [(1000, 500), (500, 1000), (1, 40_000), (20, 10)])
def test_a_thumbnail_is_a_small_webp(size: tuple[int, int]) -> None:
    small = Image.open(io.BytesIO(thumbnail(Image.new("RGB", size, "teal"))))
    assert small.format == "WEBP" and max(small.size) <= 256 and min(small.size) >= 1
    assert thumbnail(speckled()) == thumbnail(speckled())


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP"]),
    places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 10**6),
)
def test_damaged_bytes_give_a_picture_or_a_sentence_and_nothing_else(
    kind: str, places: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(encode(speckled(24, 16, "RGBA" if kind != "JPEG" else "RGB"), kind))
    for place, value in places:
        data[place % len(data)] = value
    try:
        upload = read_upload(bytes(data[: 1 + cut % len(data)]), "a", LIMITS)
    except BadUpload as error:
        assert str(error).endswith(".")
    else:
        assert isinstance(upload, Upload) and upload.image.mode == "RGB"
