"""Layouts rearranged: things put behind or between others, on a head, aside, made larger, moved to where there is room.

What words ask for so plainly needs no network. Sides and places are in squares, pictures `columns` × `rows` of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from models.layout import SIDES, Layout, Placed

_SEEN = 0.6  # of a thing that stands behind another


def stood_behind(layout: Layout, hidden: Collection[int], columns: int, rows: int) -> Layout:
    """The layout with things of some numbers standing behind the largest of the others: before these in the list, as
    large as that one and partly hidden by it, as far as the picture of `columns` × `rows` squares has room.
    """
    others = [one for one in layout.things if one.thing not in hidden]
    if not others:
        return layout
    front, behind = max(others, key=lambda one: one.side), list[Placed]()
    for one in layout.things:
        if one.thing in hidden:
            behind.append(_partly_hidden(one, front, others, behind, (columns, rows)))
    return replace(layout, things=(*behind, *others))


def stood_between(layout: Layout, moved: Collection[int]) -> Layout:
    """The layout with things of some numbers in the middle between the others, as large as fits there or a little more,
    before them; as it is where there are not two others side by side."""
    others = sorted((one for one in layout.things if one.thing not in moved), key=lambda one: 2 * one.column + one.side)
    if len(others) < 2 or others[0].column == others[-1].column:
        return layout
    left, right = others[0], others[-1]
    room = right.column - left.column - left.side
    middle = (left.column + left.side + right.column) / 2
    foot = (left.row + left.side + right.row + right.side) // 2
    between = list[Placed]()
    for one in layout.things:
        if one.thing in moved:
            side = max(side for side in SIDES if side <= max(min(one.side, room + 2), SIDES[0]))
            between.append(replace(one, side=side, column=round(middle - side / 2), row=foot - side))
    return replace(layout, things=(*others, *between))


def _partly_hidden(
    one: Placed, front: Placed, others: Sequence[Placed], beside: Sequence[Placed], extent: tuple[int, int]
) -> Placed:
    """The largest way to stand behind `front`, a little higher up, of which enough is seen, beside what stands there
    already; else as it is."""
    columns, rows = extent
    middle, foot = front.column + front.side / 2, min(rows, front.row + front.side) - 1
    for side in sorted((side for side in SIDES if one.side <= side <= max(front.side, one.side)), reverse=True):
        ways = [replace(one, side=side, column=column, row=foot - side) for column in range(columns - side + 1)]
        ways = [way for way in ways if way.row >= 0 and way.over(front) and _seen(way, others) >= _SEEN]
        ways = [way for way in ways if not any(way.over(other) for other in beside)]
        if ways:
            return min(ways, key=lambda way: abs(way.column + way.side / 2 - middle))
    return one


def _seen(one: Placed, before_it: Sequence[Placed]) -> float:
    """The share of a thing's box that none of the others' hides."""
    squares = [(x, y) for x in range(one.column, one.column + one.side) for y in range(one.row, one.row + one.side)]
    hidden = [
        any(o.column <= x < o.column + o.side and o.row <= y < o.row + o.side for o in before_it) for x, y in squares
    ]
    return 1 - sum(hidden) / len(squares)
