"""What a picture carries beside its pixels: the layout that it was painted from, as text (`models.layout.World`).

A painter that knows what is where need not find it again, least of all in a picture that was darkened since. The text
stands in the picture's own file, so that an edit's recipe, which names its parents by their bytes, names it too.
"""

from __future__ import annotations

from PIL import Image

LAYOUT = "layout"
"""The key in Pillow's `info`, and the keyword of the PNG text."""


def layout_of(picture: Image.Image) -> str:
    """The layout that a picture carries; "" where it carries none."""
    text = picture.info.get(LAYOUT, "")
    return text if isinstance(text, str) else ""


def carrying(picture: Image.Image, layout: str) -> Image.Image:
    """The picture itself, which from now on carries this layout, or none where it is "", and nothing else."""
    picture.info = {LAYOUT: layout} if layout else {}
    return picture
