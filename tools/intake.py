"""Uploaded bytes in, a clean picture out: the only way by which outside pixels enter Easel.

The one idea: believe nothing but the bytes. The file's name and the browser's type are ignored; the format is told
from the first bytes (PNG, JPEG or WebP, nothing else), the size is read from the header and bounded before anything
is decoded, and what comes out is a fresh RGB picture that carries no trace of the file but its colours. Whatever was
changed on the way (first frame of an animation, transparency laid on white) is said in `Upload.notes`.

`read_upload` promises: an `Upload`, or a `BadUpload` whose text is one sentence with what was wrong, the value and
what to do. `encode_png` and `thumbnail` give the same bytes for the same picture. Whether it may be shown is not
decided here but in `tools.safety`.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from models.carried import LAYOUT, layout_of
from models.recipe import Extent
from tools.errors import BadUpload

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

    from tools.settings import Limits

MEDIA_TYPE = "image/png"
"""What `encode_png` makes; every stored picture is one."""

THUMBNAIL_SIDE = 256
"""Longest side of a thumbnail in pixels."""

Format = Literal["PNG", "JPEG", "WebP"]

_BAND = 64  # rows of a 16-bit picture that are scaled at once

# What Pillow raises on broken files. MemoryError is left out on purpose: the size is bounded, the file not at fault.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, struct.error, zlib.error)


@dataclass(frozen=True)
class Upload:
    """A picture that came from outside, cleaned.

    Attributes:
        image: RGB, 8 bits a channel, no metadata; upright as the camera's orientation said.
        extent: Its size in pixels.
        name: The file's name without folders and control characters, at most 100 characters; for captions only.
        format: What the bytes were.
        notes: What a person should know about the conversion, a sentence each; usually empty.
    """

    image: Image.Image
    extent: Extent
    name: str
    format: Format
    notes: tuple[str, ...] = ()


def read_upload(data: bytes, name: str, limits: Limits) -> Upload:
    """Turns uploaded bytes into a clean RGB picture.

    Embedded colour profiles are converted to sRGB, 16 bits to 8, CMYK, grey and palette to RGB; transparency is laid
    on white; of an animation the first frame is taken.

    Args:
        data: The whole file, or more of it than is accepted.
        name: The file's name as the browser or the person gave it; used in sentences and captions, never believed.
        limits: `upload_bytes` and `upload_pixels` bound what is accepted.

    Raises:
        BadUpload: The bytes are no picture that is accepted; nothing was changed.
    """
    name = clean_name(name)
    if not data:
        raise BadUpload(f"“{name}” is empty (0 bytes); please choose the picture again.")
    if len(data) > limits.upload_bytes:
        raise BadUpload(
            f"“{name}” has more than the {_megabytes(limits.upload_bytes)} that are accepted; "
            "please choose a smaller one."
        )
    kind = _format(data, name)
    decoded, frames = _decode(data, kind, name, limits)
    image, transparent = _to_rgb(_upright(decoded))
    notes: list[str] = []
    if frames > 1:
        notes.append(f"“{name}” is an animation of {frames} frames; the first one was taken.")
    if transparent:
        notes.append(f"The transparent parts of “{name}” were made white.")
    return Upload(image, Extent(*image.size), name, kind, tuple(notes))


def encode_png(image: Image.Image) -> bytes:
    """Encodes an RGB or greyscale picture as PNG, without metadata but the layout that it carries (`models.carried`);
    the same pixels and layout give the same bytes."""
    bare = image.copy() if image.mode in {"RGB", "L"} else image.convert("RGB")
    bare.info = {}  # Pillow would write an embedded colour profile back
    text = PngImagePlugin.PngInfo()
    if layout := layout_of(image):
        text.add_text(LAYOUT, layout)
    buffer = io.BytesIO()
    # Runs alone are as small for pictures as zlib's search for repeats, and four times as quick.
    bare.save(buffer, "PNG", pnginfo=text, compress_level=6, compress_type=zlib.Z_RLE)
    return buffer.getvalue()


def thumbnail(image: Image.Image) -> bytes:
    """A WebP whose longer side is at most `THUMBNAIL_SIDE` pixels; smaller pictures keep their size."""
    small = image.convert("RGB")
    small.info.clear()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=80, method=2)  # as small as by 4, twice as quick
    return buffer.getvalue()


def clean_name(name: str) -> str:
    """The last part of a path without control, format and quotation characters, at most 100 characters.

    The name becomes a caption that people and the language model read, so nothing in it may hide or pretend to be
    something else (line breaks, right-to-left overrides).
    """
    base = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(c for c in base if unicodedata.category(c)[0] != "C" and c not in '"“”<>')
    kept = " ".join(kept.split())
    if len(kept) > 100:
        kept = kept[:60] + "…" + kept[-39:]
    return kept or "upload"


# ── What the bytes are ──────────────────────────────────────────────────────────────────────────────────────────────


def _format(data: bytes, name: str) -> Format:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    raise BadUpload(f"“{name}” is {_guess(data)}, not a PNG, JPEG or WebP picture; please convert it to one of these.")


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%!PS", "a PostScript file"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript file"),
    (b"%PDF", "a PDF file"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"8BPS", "a Photoshop file"),
    (b"\0\0\1\0", "an icon file"),
    (b"PK\3\4", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
)
_BRANDS = {
    b"avif": "an AVIF picture",
    b"avis": "an AVIF picture",
    b"qt  ": "a video",
    b"isom": "a video",
    b"mp42": "a video",
}


def _guess(data: bytes) -> str:
    """What a refused file seems to be, for the sentence."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return what
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "a HEIC picture" if data[8:10] in {b"he", b"mi", b"ms"} else "a video")
    try:
        head = data[:4096].decode("utf-8-sig", errors="strict" if len(data) <= 4096 else "ignore").lstrip().lower()
    except UnicodeDecodeError:
        return "an unknown kind of file"
    if "\0" in head:
        return "an unknown kind of file"
    if "<svg" in head:
        return "an SVG drawing"
    if head.startswith(("<!doctype html", "<html")):
        return "a web page"
    return "a text file" if head.isprintable() or head.split() else "an unknown kind of file"


def _open(data: bytes, kind: Format) -> ImageFile:
    """Opens the header with one plugin; `Image.open` would try others and checks the size with a mere warning."""
    stream = io.BytesIO(data)
    if kind == "PNG":
        return PngImagePlugin.PngImageFile(stream)
    if kind == "JPEG":
        return JpegImagePlugin.JpegImageFile(stream)
    return WebPImagePlugin.WebPImageFile(stream)


def _decode(data: bytes, kind: Format, name: str, limits: Limits) -> tuple[Image.Image, int]:
    """The first frame's pixels as they are in the file, and the number of frames."""
    try:
        if kind == "WebP":  # its decoder allocates the whole canvas as soon as it is opened
            _check_pixels(_webp_extent(data), name, limits)
        with _open(data, kind) as opened:
            _check_pixels(Extent(*opened.size), name, limits)
            frames = int(getattr(opened, "n_frames", 1))
            opened.load()
            return opened, frames
    except _BROKEN as error:
        raise BadUpload(_broken_sentence(name, kind, error)) from error


def _webp_extent(data: bytes) -> Extent:
    """The canvas of a WebP file from its first chunk (RFC 9649, sections 2.4 to 2.7)."""
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise EOFError("WebP header is cut short")
    if chunk == b"VP8X":
        return Extent(1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return Extent(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return Extent(width & 0x3FFF, height & 0x3FFF)
    raise ValueError("unknown WebP chunk")


def _check_pixels(extent: Extent, name: str, limits: Limits) -> None:
    if extent.pixels > limits.upload_pixels:
        raise BadUpload(
            f"“{name}” claims {extent} pixels ({extent.pixels / 1e6:.0f} megapixels), more than the "
            f"{limits.upload_pixels / 1e6:.0f} megapixels that are accepted; please make it smaller first."
        )
    if extent.pixels < 1:
        raise BadUpload(f"“{name}” claims {extent} pixels, which is no picture; please save it again.")


def _broken_sentence(name: str, kind: Format, error: Exception) -> str:
    text = str(error).lower()
    if "too large" in text or "too much memory" in text:
        return (
            f"“{name}” hides a text or colour profile that unpacks to more than 1 MB, as harmful files do; "
            "please save the picture again without metadata."
        )
    if isinstance(error, EOFError) or "truncated" in text or "unexpected end" in text or "not enough" in text:
        return f"“{name}” ends too early: the {kind} file is cut short or damaged; please fetch or save it again."
    return f"“{name}” is a damaged {kind} file and cannot be read; please save it again and take that."


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


# ── Pixels ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _upright(image: Image.Image) -> Image.Image:
    with suppress(*_BROKEN):  # unreadable EXIF data is dropped like all other metadata; the pixels are fine
        ImageOps.exif_transpose(image, in_place=True)
    return image


def _to_rgb(image: Image.Image) -> tuple[Image.Image, bool]:
    """A fresh RGB picture in sRGB, and whether anything transparent was laid on white."""
    colours, alpha = _split_alpha(_eight_bits(image))
    rgb = _to_srgb(colours, image.info.get("icc_profile"))
    transparent = alpha is not None and alpha.getextrema()[0] != 255
    clean = Image.new("RGB", rgb.size, "white")
    clean.paste(rgb, mask=alpha)
    return clean, transparent


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit grey to 8 bits by scaling; Pillow's own conversion clips everything above 255 to white."""
    if not image.mode.startswith("I"):
        return image
    key = image.info.get("transparency")
    made = Image.new("LA" if isinstance(key, int) else "L", image.size)
    for top in range(0, image.height, _BAND):  # whole, the numbers would take many times the picture's own memory
        box = (0, top, image.width, min(top + _BAND, image.height))
        levels = np.clip(np.asarray(image.crop(box)), 0, 65535).astype(np.uint32)
        grey = Image.fromarray(((levels + 128) // 257).astype(np.uint8))  # the nearest: 257 is odd, so none is halfway
        if isinstance(key, int):
            grey.putalpha(Image.fromarray(np.where(levels == key, 0, 255).astype(np.uint8)))
        made.paste(grey, box)
    return made


def _split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    if image.mode == "LA":
        return image.getchannel("L").convert("RGB"), image.getchannel("A")
    if image.mode in {"La", "PA", "RGBA", "RGBa"} or (
        image.mode in {"1", "L", "P", "RGB"} and "transparency" in image.info
    ):
        rgba = image.convert("RGBA")
        return rgba.convert("RGB"), rgba.getchannel("A")
    return image, None


def _to_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Converts by the embedded profile where it is there, fits and is not sRGB already; else by the plain formula."""
    if image.mode not in {"CMYK", "L", "RGB"}:
        image = image.convert("RGB")
    if isinstance(profile, bytes) and profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "srgb" not in ImageCms.getProfileName(source).lower():
                converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
                return converted or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a broken or unfitting profile says nothing about the colours; viewers use the plain formula too
    return image if image.mode == "RGB" else image.convert("RGB")
