"""Pictures of a format that the planner was hardly taught, planned as if they were of the nearest that it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.rendering.layout import SIDES, Layout, Placed

_TAUGHT = ((16, 16), (20, 12), (12, 20))
_WIDEST = 20
"""Columns or rows beyond which things would all be planned at the left and the top."""


@dataclass(frozen=True)
class Format:
    """A picture's columns and rows, and those with which it is planned."""

    whole: tuple[int, int]
    planned: tuple[int, int]

    @classmethod
    def of(cls, squares: tuple[int, int]) -> Format:
        """The format in which a picture of so many columns and rows is planned: its own, unless that is too large."""
        if max(squares) <= _WIDEST:
            return cls(squares, squares)
        return cls(squares, min(_TAUGHT, key=lambda taught: abs(taught[0] / taught[1] - squares[0] / squares[1])))

    @property
    def factors(self) -> tuple[float, float]:
        """How many times wider and higher the picture is than what is planned."""
        return self.whole[0] / self.planned[0], self.whole[1] / self.planned[1]

    def shrunk(self, layout: Layout) -> Layout:
        """A layout of the picture as it is planned."""
        across, down = self.factors
        return replace(layout, things=tuple(_scaled(one, 1 / across, 1 / down) for one in layout.things))

    def grown(self, layout: Layout, before: Layout | None) -> Layout:
        """What was planned, in the picture; things that were not moved are where they were before, to the square."""
        across, down = self.factors
        old = [(_scaled(one, 1 / across, 1 / down), one) for one in before.things] if before else []
        return replace(layout, things=tuple(_back(one, old, across, down) for one in layout.things))


def _scaled(one: Placed, across: float, down: float) -> Placed:
    """A thing with its middle and its feet where they are in a picture that is so many times wider and higher."""
    side = min(SIDES, key=lambda side: abs(side - one.side * (across * down) ** 0.5))
    middle, feet = (one.column + one.side / 2) * across, (one.row + one.side) * down
    return replace(one, side=side, column=round(middle - side / 2), row=round(feet - side))


def _back(one: Placed, old: Sequence[tuple[Placed, Placed]], across: float, down: float) -> Placed:
    for planned, there in old:
        if (planned.side, planned.column, planned.row) == (one.side, one.column, one.row):
            return replace(there, thing=one.thing, colour=one.colour)
    return _scaled(one, across, down)
