"""Shapes of pictures in words: "square", "wide", "portrait", "16:9"."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from models.recipe import Extent
from tools.errors import BadArgument

NAMED: dict[str, tuple[int, int]] = {
    "square": (1, 1),
    **dict.fromkeys(("wide", "wider", "landscape", "horizontal"), (3, 2)),
    **dict.fromkeys(("tall", "taller", "portrait", "vertical"), (2, 3)),
    "widescreen": (16, 9),
}
"""What people call shapes, as width to height."""
_RATIO = re.compile(r"\b(\d{1,3}(?:\.\d+)?)\s*(?:[:/x]|by)\s*(\d{1,3}(?:\.\d+)?)\b")
_NEAR = 1.03  # two shapes that differ by less are one


class Shape(NamedTuple):
    """A shape as width to height, whether it is told by a name, and in numbers, as "3:2"."""

    ratio: float
    named: bool
    written: str


def shape_in(text: str, longest: int = 10) -> Shape | None:
    """The shape that a text tells, one side at most so many times as long as the other; None where it tells none.

    Raises:
        BadArgument: No picture can have it.
    """
    named = next((word for word in re.findall(r"[a-z]+", text.lower()) if word in NAMED), "")
    if named:
        across, down = NAMED[named]
        return Shape(across / down, True, f"{across}:{down}")
    if not (found := _RATIO.search(text)):
        return None
    wide, tall = float(found[1]), float(found[2])
    if not (0 < wide <= longest * tall and 0 < tall <= longest * wide):
        raise BadArgument(f"A shape of “{text[:60]}” is not possible; ask for one between 1:{longest} and {longest}:1.")
    return Shape(wide / tall, False, f"{found[1]}:{found[2]}")


def near(asked: float, now: float) -> bool:
    """Whether two shapes, as width by height, look alike."""
    return 1 / _NEAR < asked / now < _NEAR


def told(extent: Extent) -> str:
    """The shape of a size in small numbers: "5:3" for 320×192."""
    ratio = Fraction(extent.width, extent.height).limit_denominator(20)
    return f"{ratio.numerator}:{ratio.denominator}"
