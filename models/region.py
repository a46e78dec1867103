"""Which part of a picture an edit may change, and pasting it back.

Everything outside the part stays byte for byte; inside, the change fades in over a few pixels, so that no edge shows
where the part ends. At the picture's own border there is nothing to fade to, so there it does not.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageFilter

from models.errors import BadRequest
from models.recipe import Extent, Margins

Fractions = tuple[float, float, float, float]


def region_mask(region: Fractions, extent: Extent) -> Image.Image:
    """A mask (L, white = may change) of a region in fractions (left, top, right, bottom); at least one pixel.

    Raises:
        BadRequest: The edges are out of order or outside the picture.
    """
    left, top, right, bottom = region
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise BadRequest(f"The region {region} does not fit; give left, top, right, bottom from 0 to 1 in this order.")
    box = (
        math.floor(left * extent.width),
        math.floor(top * extent.height),
        math.ceil(right * extent.width),
        math.ceil(bottom * extent.height),
    )
    mask = Image.new("L", extent)
    mask.paste(255, box)
    return mask


def paste(changed: Image.Image, original: Image.Image, mask: Image.Image) -> Image.Image:
    """`changed` where the mask is white, `original` where it is black, with a soft inner edge.

    All three have the same size. Where the mask is 0 the result equals `original` exactly.

    Raises:
        BadRequest: The mask is black everywhere or has another size.
    """
    if mask.size != original.size:
        raise BadRequest(f"The mask is {Extent(*mask.size)} and the picture {Extent(*original.size)}; use equal sizes.")
    if mask.getextrema() == (0, 0):
        raise BadRequest("The mask marks nothing; paint the part that should change.")
    return Image.composite(changed, original, _faded(mask))


def surrounded(picture: Image.Image, margins: Margins) -> tuple[Image.Image, Image.Image]:
    """A picture in the middle of a larger one that goes on as in a mirror, and a mask (L) that is white around it.

    Args:
        picture: RGB.
        margins: What is added.
    """
    left, top, right, bottom = margins
    larger = np.pad(np.asarray(picture), ((top, bottom), (left, right), (0, 0)), mode="symmetric")
    mask = Image.new("L", (larger.shape[1], larger.shape[0]), 255)
    mask.paste(0, (left, top, left + picture.width, top + picture.height))
    return Image.fromarray(larger), mask


def _faded(mask: Image.Image) -> Image.Image:
    width = max(1, min(mask.size) // 32)
    hard = np.asarray(mask.convert("L"))
    padded = Image.fromarray(np.pad(hard, 2 * width, mode="edge"))
    soft = padded.filter(ImageFilter.MinFilter(2 * (width // 2) + 1)).filter(ImageFilter.BoxBlur(width / 2))
    inner = np.asarray(soft)[2 * width : -2 * width, 2 * width : -2 * width]
    return Image.fromarray(np.minimum(hard, inner))
