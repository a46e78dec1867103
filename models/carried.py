"""What a picture carries beside its pixels: the layout that it was painted from, as text
(`models.rendering.layout.World`).

A painter that knows what is where need not find it again, least of all in a picture that was darkened since. The text
stands in the picture's own file, so that an edit's recipe, which names its parents by their bytes, names it too.
"""

from __future__ import annotations

import json

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


def painted_squares(layout: str) -> tuple[int, int] | None:
    """How many columns and rows of squares the picture that carries a layout was painted with; None where it was
    cropped since, or the text is none."""
    try:
        told = json.loads(layout)
        columns, rows = told["squares"]
        return None if "window" in told else (int(columns), int(rows))
    except (ValueError, TypeError, KeyError):
        return None


def things_in(layout: str) -> list[tuple[str, int, int, int]]:
    """The things of the layout that a picture carries: names with their colours ("red fox"), sides, columns and rows,
    in squares; none where it was cropped since, or the text is none."""
    try:
        told = json.loads(layout)
        things = [(f"{colour} {name}".strip(), side, x, y) for colour, name, side, x, y in told["things"]]
        return [] if "window" in told else things
    except (ValueError, TypeError, KeyError):
        return []


def in_a_mirror(layout: str) -> str:
    """The layout that a picture carries, with left and right exchanged; "" where the text is none."""
    try:
        told = json.loads(layout)
        columns, rows = told["squares"]
        left, top, right, bottom = told.get("window", (0, 0, columns, rows))
        told["things"] = [(colour, name, side, columns - x - side, y) for colour, name, side, x, y in told["things"]]
        told["mirrored"] = not told.get("mirrored", False)
        if "window" in told:
            told["window"] = (columns - right, top, columns - left, bottom)
        return json.dumps(told)
    except (ValueError, TypeError, KeyError):
        return ""


def cropped(layout: str, box: tuple[int, int, int, int], size: tuple[int, int]) -> str:
    """The layout that a picture of a size carries, with what a crop to a box (left, top, right, bottom) leaves to be
    seen; "" where the text is none."""
    try:
        told = json.loads(layout)
        columns, rows = told["squares"]
        left, top, right, bottom = told.get("window", (0, 0, columns, rows))
        across, down = (right - left) / size[0], (bottom - top) / size[1]
        window = (left + box[0] * across, top + box[1] * down, left + box[2] * across, top + box[3] * down)
        return json.dumps(told | {"window": [round(edge, 3) for edge in window]})
    except (ValueError, TypeError, KeyError):
        return ""
