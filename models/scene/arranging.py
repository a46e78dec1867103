"""Layouts rearranged: things put behind or between others, on a head, aside, made larger, moved to where there is room.

What words ask for so plainly needs no network. Sides and places are in squares, pictures `columns` × `rows` of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from statistics import fmean

from models.kinds import MOST
from models.rendering.layout import SIDES, Layout, Placed

HIDDEN = 0.35  # of a thing that was added or moved, or of what was there: more than that makes room
COVERED = 0.6  # of a thing of a new picture that another may hide
_SEEN, _SEEN_ABOVE = 0.6, 0.5  # of a thing that stands behind another, or looks over it


def stood_behind(
    layout: Layout, hidden: Collection[int], columns: int, rows: int, fronts: Sequence[Placed] = ()
) -> Layout:
    """The layout with things of some numbers standing behind one of the others, the largest of those that are named in
    `fronts`, else of all: before these in the list, as large as that one and partly hidden by it, as far as the picture
    of `columns` × `rows` squares has room.
    """
    others = [one for one in layout.things if one.thing not in hidden]
    if not others:
        return layout
    low = [one for one in others if one.row + one.side > 0.6 * rows]  # no rainbow
    named = [one for one in fronts if one in others]
    front, behind = max(named or low or others, key=lambda one: one.side), list[Placed]()
    for one in layout.things:
        if one.thing in hidden:
            behind.append(_partly_hidden(one, front, others, behind, (columns, rows)))
    return replace(layout, things=(*behind, *others))


def put_behind(layout: Layout, one: Placed, front: Placed, columns: int, rows: int) -> Layout:
    """The layout with one of its things a little farther off than another and partly hidden by it."""
    others = [other for other in layout.things if other is not one]
    place, foot = others.index(front), max(one.side, min(rows, front.row + front.side) - 1)

    def cost(way: Placed) -> float:
        hides = sum(shared(way, other) / min(way.side, other.side) ** 2 for other in others if other is not front)
        return max(0.0, _SEEN - _seen(way, [front])) + hides + 0.01 * abs(way.column - one.column)

    ways = [replace(one, column=column, row=foot - one.side) for column in range(columns - one.side + 1)]
    behind = min((way for way in ways if way.over(front)), key=cost, default=one)
    return replace(layout, things=(*others[:place], behind, *others[place:]))


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
    already; else looking over it; else as it is."""
    columns, rows = extent
    middle, foot = front.column + front.side / 2, min(rows, front.row + front.side) - 1
    sides = sorted((side for side in SIDES if one.side <= side <= max(front.side, one.side)), reverse=True)
    for side in sides:
        if side < front.side / 2 and (above := _above(one, sides, front, others, columns)):
            return above
        ways = [replace(one, side=side, column=column, row=foot - side) for column in range(columns - side + 1)]
        ways = [way for way in ways if way.row >= 0 and way.over(front) and _seen(way, others) >= _SEEN]
        ways = [way for way in ways if not any(way.over(other) for other in beside)]
        if ways:
            return min(ways, key=lambda way: abs(way.column + way.side / 2 - middle))
    return _above(one, sides, front, others, columns) or one


def _above(one: Placed, sides: Sequence[int], front: Placed, others: Sequence[Placed], columns: int) -> Placed | None:
    """The largest way to look over `front`; None where too little of it is seen."""
    for side in sides:
        column, foot = round(front.column + (front.side - side) / 2), front.row + round((1 - _SEEN) * side)
        way = replace(one, side=side, column=max(0, min(column, columns - side)), row=foot - side)
        if way.row >= 0 and _seen(way, others) >= _SEEN_ABOVE:
            return way
    return None


def _seen(one: Placed, before_it: Sequence[Placed]) -> float:
    """The share of a thing's box that none of the others' hides."""
    squares = [(x, y) for x in range(one.column, one.column + one.side) for y in range(one.row, one.row + one.side)]
    hidden = [
        any(o.column <= x < o.column + o.side and o.row <= y < o.row + o.side for o in before_it) for x, y in squares
    ]
    return 1 - sum(hidden) / len(squares)


def resized(layout: Layout, thing: int, factor: float, columns: int, rows: int) -> Layout:
    """The layout with the things of one number larger or smaller by about a factor, at least by a step, their feet and
    their middle where they were as far as the picture has room; what is on their heads goes with them."""

    def changed(one: Placed) -> Placed:
        sides = [side for side in SIDES if side <= min(columns, rows) and (side - one.side) * (factor - 1) > 0]
        ways = [within(_about_its_foot(one, side), columns, rows) for side in sides]
        inside = [way for way in ways if all(ride.row >= 0 for ride in _riding(layout, one, way).values())]
        return min(inside or ways[:1], key=lambda way: abs(way.side - one.side * factor), default=one)

    return _with_riders(layout, {n: changed(one) for n, one in enumerate(layout.things) if one.thing == thing})


def _about_its_foot(one: Placed, side: int) -> Placed:
    """A thing of another size, its foot and its middle where they were."""
    return replace(one, side=side, column=one.column + round((one.side - side) / 2), row=one.row + one.side - side)


def in_size(one: Placed, side: float, columns: int, rows: int) -> Placed:
    """A thing with about such a side, its foot and its middle where they were as far as the picture has room."""
    return within(_about_its_foot(one, min(fitting(side), columns, rows)), columns, rows)


def sized(layout: Layout, sides: Mapping[int, float], columns: int, rows: int) -> Layout:
    """The layout with some of its things (by their places in the list) in about such sides; what is on their heads goes
    with them."""
    return _with_riders(layout, {n: in_size(layout.things[n], side, columns, rows) for n, side in sides.items()})


def shifted(layout: Layout, thing: int, right: int, down: int, columns: int, rows: int) -> Layout:
    """The layout with the things of one number so many squares farther right and down, but not beyond the edge; what is
    on their heads goes with them."""

    def changed(one: Placed) -> Placed:
        return within(replace(one, column=one.column + right, row=one.row + down), columns, rows)

    return _with_riders(layout, {n: changed(one) for n, one in enumerate(layout.things) if one.thing == thing})


def zoomed(layout: Layout, factor: float, columns: int, rows: int) -> Layout:
    """The layout with all things larger or smaller by about a factor, and as much farther from, or nearer to, the
    middle of the ground."""

    def changed(one: Placed) -> Placed:
        sides = [side for side in SIDES if (side - one.side) * (factor - 1) > 0 and side <= min(columns, rows)]
        side = min(sides, key=lambda side: abs(side - one.side * factor), default=one.side)
        middle = columns / 2 + (one.column + one.side / 2 - columns / 2) * factor
        foot = 0.8 * rows + (one.row + one.side - 0.8 * rows) * factor
        return within(replace(one, side=side, column=round(middle - side / 2), row=round(foot - side)), columns, rows)

    return replace(layout, things=tuple(map(changed, layout.things)))


def zoomed_on(layout: Layout, thing: int, factor: float, columns: int, rows: int) -> Layout:
    """The layout with the largest of the things of one number in the middle and larger by about a factor, and all else
    as much larger and farther from that; what is then outside the picture is gone."""
    mark = max((one for one in layout.things if one.thing == thing), key=lambda one: one.side)
    side = min(fitting(mark.side * factor), columns, rows)
    scale, foot = side / mark.side, min(rows - 1, round((rows + side) / 2) + 1)

    def changed(one: Placed) -> Placed:
        if one is mark:
            return within(replace(one, side=side, column=(columns - side) // 2, row=foot - side), columns, rows)
        new = fitting(one.side * scale)
        middle = columns / 2 + (one.column + one.side / 2 - mark.column - mark.side / 2) * scale
        low = foot + (one.row + one.side - mark.row - mark.side) * scale
        return replace(one, side=new, column=round(middle - new / 2), row=round(low - new))

    def is_seen(one: Placed) -> bool:
        return 0 <= one.column + one.side / 2 < columns and 0 <= one.row + one.side / 2 < rows

    rides = {number for one in layout.things for number in _riding(layout, one, one)}
    moved = _with_riders(layout, {n: changed(one) for n, one in enumerate(layout.things) if n not in rides})
    return replace(moved, things=tuple(filter(is_seen, moved.things)))


def exchanged(layout: Layout, first: int, second: int, squares: tuple[int, int]) -> Layout:
    """The layout with two things (by their places in the list) on each other's ground, as large as they were and within
    the picture; what is on their heads goes with them."""
    one, other = layout.things[first], layout.things[second]

    def put(moved: Placed, where: Placed) -> Placed:
        column = where.column + round((where.side - moved.side) / 2)
        return within(replace(moved, column=column, row=where.row + where.side - moved.side), *squares)

    return _with_riders(layout, {first: put(one, other), second: put(other, one)})


def mirrored(layout: Layout, some: Sequence[Placed]) -> Layout:
    """The layout with things of two kinds the other way about on the ground that they share: what was farthest left is
    farthest right, or the highest lowest where one kind is above the other; what is on their heads goes with them."""
    one, other = ([each for each in some if each.thing == kind] for kind in {each.thing for each in some})

    def apart(at: Callable[[Placed], float]) -> float:
        return abs(fmean(at(each) + each.side / 2 for each in one) - fmean(at(each) + each.side / 2 for each in other))

    across = apart(lambda each: each.column) >= apart(lambda each: each.row)
    ends = [
        end for each in some for start in [each.column if across else each.row] for end in (start, start + each.side)
    ]
    turn = min(ends) + max(ends)
    return _with_riders(
        layout,
        {
            number: replace(each, column=turn - each.column - each.side)
            if across
            else replace(each, row=turn - each.row - each.side)
            for number, each in enumerate(layout.things)
            if each in some
        },
    )


def raised(layout: Layout, kinds: Collection[int], columns: int, rows: int) -> Layout:
    """The layout with things of some numbers at the top, where least is hidden."""
    for number, one in enumerate(layout.things):
        if one.thing in kinds:
            high = layout.but(number, replace(one, row=min(one.row, _STEP // 2)))
            layout = with_room(high, number, HIDDEN, columns, rows)
    return layout


def put_aside(
    layout: Layout, kinds: Collection[int], side: str, columns: int, rows: int, near: Collection[Placed]
) -> Layout:
    """The layout with things of some numbers on a side ("left" or "right"), there beyond the others, and as near to the
    ground on which they were, as little of anything is hidden, unless by what stands `near`."""
    for number, one in enumerate(layout.things):
        if one.thing in kinds:
            others = [o for o in layout.things if o.thing not in kinds]
            put = _aside(one, others, near, -1 if side == "left" else 1, columns, rows)
            layout = layout.but(number, put)
    return layout


def _aside(
    one: Placed, others: Sequence[Placed], near: Collection[Placed], way: int, columns: int, rows: int
) -> Placed:
    """A thing on a side of the picture (-1 is the left), where it hides and is hidden little."""
    foot = one.row + one.side

    def beyond(put: Placed, other: Placed) -> bool:
        return way * (2 * put.column + put.side) > way * (2 * other.column + other.side)

    def cost(put: Placed) -> tuple[float, int, float]:
        part = max((shared(put, o) / min(put.side, o.side) ** 2 for o in others if o not in near), default=0.0)
        part = max(part, *(shared(put, o) / put.side**2 - COVERED + HIDDEN for o in near), 0.0)
        moved = abs(put.column - one.column) / 4 + abs(put.row + put.side - foot) / 2
        return (
            max(0.0, part - HIDDEN),
            sum(not beyond(put, other) for other in others),
            moved + 2 * (one.side - put.side),
        )

    return min(
        (
            replace(one, side=side, column=column, row=low - side)
            for side in SIDES
            if one.side / 2 <= side <= one.side
            for column in range(columns - side + 1)
            if way * (2 * column + side - columns) > 0
            for low in range(max(side, foot - _STEP), rows + 1)
        ),
        key=cost,
    )


def fitting(side: float) -> int:
    """The side of things that is nearest to one in squares."""
    return min(SIDES, key=lambda known: abs(known - side))


def within(one: Placed, columns: int, rows: int) -> Placed:
    """A thing moved so far that the picture holds all of it."""
    column, row = max(0, min(one.column, columns - one.side)), max(0, min(one.row, rows - one.side))
    return replace(one, column=column, row=row)


def _with_riders(layout: Layout, changed: Mapping[int, Placed]) -> Layout:
    """The layout with some of its things changed (by their places in the list), and on each what was on it before."""
    things = {n: changed.get(n, one) for n, one in enumerate(layout.things)}
    for number, now in changed.items():
        riders = _riding(layout, layout.things[number], now)
        things |= {rider: ride for rider, ride in riders.items() if rider not in changed}
    return replace(layout, things=tuple(things.values()))


def _riding(layout: Layout, before: Placed, now: Placed) -> dict[int, Placed]:
    """What is on the head of a thing (by its place in the list), when that has become another size or is elsewhere."""
    scale, riders = now.side / before.side, dict[int, Placed]()
    for number, one in enumerate(layout.things):
        if one.side < before.side and on_a_head(one, [before]):
            side = fitting(one.side * scale)
            column = now.column + round((one.column + one.side / 2 - before.column) * scale - side / 2)
            foot = now.row + round((one.row + one.side - before.row) * scale)
            riders[number] = replace(one, side=side, column=column, row=foot - side)
    return riders


_STEP = 2  # squares by which what is moved may leave its ground
_BESIDE = 0.1  # of a thing that may be hidden by the next of its kind
_GROUND, _FRONT, _RISE = 0.6, 0.97, 0.85  # of the picture for ranks, where the first ends, of a side between two
_HAT = 0.56  # the side of what is worn, in that of who wears it
_ON = 0.22  # the part of it that lies on the head


def worn(
    layout: Layout, hat: int, wearer: int, rows: int, *, across: float = 0.5, top: float = 0.0, wide: float = _HAT
) -> Layout:
    """The layout with one of its things (by its place in the list) on the head of another, which is lowered where there
    is no room above it.

    Args:
        layout, hat, wearer: The layout, and the places of the two.
        rows: Of the picture.
        across, top: Where the middle and the top of the head are, in the side of the wearer.
        wide: The side of what is worn, in the same.
    """
    one, head = layout.things[hat], layout.things[wearer]
    side = fitting(wide * head.side)
    above = side - min(round(_ON * side) + round(top * head.side), head.side // 2)
    lowered = replace(head, row=max(head.row, min(above, rows - head.side)))
    column = max(0, round(head.column + across * head.side - side / 2))
    put = replace(one, side=side, column=column, row=lowered.row - above)
    things = [lowered if n == wearer else other for n, other in enumerate(layout.things) if n != hat]
    return replace(layout, things=(*things, put))


def on_a_head(hat: Placed, others: Collection[Placed]) -> bool:
    """Whether a thing ends over the upper half of one of the others."""
    across, foot = hat.column + hat.side / 2, hat.row + hat.side
    return any(
        other.column <= across <= other.column + other.side and 1 <= foot - other.row <= other.side / 2
        for other in others
    )


def with_room(layout: Layout, number: int, most: float, columns: int, rows: int) -> Layout:
    """The layout with one of its things (by its place in the list, as Python counts) moved if more than such a part of
    it or of another is hidden: along its ground, smaller if need be, a little higher or lower where that is
    full, farther off where all of that is, to where least is."""
    number %= len(layout.things)
    one, others = layout.things[number], [o for n, o in enumerate(layout.things) if n != number]

    def hidden(way: Placed) -> float:
        return max((shared(way, other) / min(way.side, other.side) ** 2 for other in others), default=0.0)

    if hidden(one) <= most:
        return layout
    foot = one.row + one.side

    def ways(highest: int, lowest: int) -> list[Placed]:
        return [
            replace(one, side=side, column=column, row=row - side)
            for side in SIDES
            if one.side / 2 <= side <= one.side
            for column in range(columns - side + 1)
            for row in range(max(side, highest), min(rows, lowest) + 1)
        ]

    def cost(way: Placed) -> tuple[bool, int, float, int]:
        part, farther = hidden(way), abs(way.row + way.side - foot)
        return part > most, farther + 2 * (one.side - way.side), part, abs(way.column - one.column)

    best = min(ways(foot - _STEP, min(rows - 1, foot + _STEP)), key=cost)
    if hidden(best) > most:
        best = min((best, *ways(min(foot, rows // 2), rows)), key=cost)
    return layout.but(number, best)


def counted(layout: Layout, thing: int, wanted: int, colour: int | None, columns: int, rows: int) -> Layout:
    """The layout with so many of a thing, if there is one at all and there is room in the list: those that are too many
    go, of another colour first where one is given; those that are missing come beside the last, in that colour."""
    things = list(layout.things)
    while 0 < (there := sum(one.thing == thing for one in things)) != wanted:
        last = max((colour not in (None, one.colour), n) for n, one in enumerate(things) if one.thing == thing)[1]
        if there > wanted:
            things.pop(last)
        elif len(things) < MOST:
            last = max(n for n, one in enumerate(things) if one.thing == thing)
            more = replace(things[last], colour=things[last].colour if colour is None else colour)
            things = list(with_room(replace(layout, things=(*things, more)), -1, _BESIDE, columns, rows).things)
        else:
            break
    return replace(layout, things=tuple(things))


def in_ranks(layout: Layout, columns: int, rows: int, *, afloat: bool) -> Layout:
    """The layout with its things in even ranks one before the other, those of a kind together, as large as they can be
    that way: in two on the ground, or in up to three all over the picture where things float."""
    count, room = len(layout.things), (1.0 if afloat else _GROUND) * rows
    ways = [
        (side, -ranks)
        for ranks in range(1, 4 if afloat else 3)
        for side in SIDES
        if side * -(-count // ranks) <= columns and side * (1 + _RISE * (ranks - 1)) <= room
    ]
    side, fewest = max(ways, default=(SIDES[0], -2))
    ranks = -fewest
    kinds = list(dict.fromkeys(one.thing for one in layout.things))
    order = sorted(layout.things, key=lambda one: kinds.index(one.thing))
    placed, ends = list[Placed](), [round(count * rank / ranks) for rank in range(ranks + 1)]
    for rank, (start, end) in enumerate(pairwise(ends)):
        foot = round(_FRONT * rows) - round(_RISE * side * (ranks - 1 - rank))
        for number, one in enumerate(order[start:end]):
            column = round((number + 0.5) * columns / (end - start) - side / 2)
            placed.append(within(replace(one, side=side, column=column, row=foot - side), columns, rows))
    return replace(layout, things=tuple(placed))


def centred(layout: Layout, columns: int, rows: int) -> Layout:
    """The layout with all its things together in the middle."""
    if not layout.things:
        return layout
    left, top = min(one.column for one in layout.things), min(one.row for one in layout.things)
    right = max(one.column + one.side for one in layout.things)
    bottom = max(one.row + one.side for one in layout.things)
    over, down = (columns - left - right) // 2, (rows - top - bottom) // 2
    things = (replace(one, column=one.column + over, row=one.row + down) for one in layout.things)
    return replace(layout, things=tuple(things))


def crowding(layout: Layout) -> float:
    """The largest part of a thing's box that another of its kind shares."""
    return max((part for one, other, part in _overlaps(layout) if one.thing == other.thing), default=0.0)


def hiding(layout: Layout) -> float:
    """The largest part of a thing's box that another shares."""
    return max((part for *_, part in _overlaps(layout)), default=0.0)


def _overlaps(layout: Layout) -> Iterator[tuple[Placed, Placed, float]]:
    """Each two things, and the part of the smaller one's box that the other shares."""
    for one, other in combinations(layout.things, 2):
        yield one, other, shared(one, other) / min(one.side, other.side) ** 2


def shared(one: Placed, other: Placed) -> int:
    """The squares of both boxes."""
    across = min(one.column + one.side, other.column + other.side) - max(one.column, other.column)
    down = min(one.row + one.side, other.row + other.side) - max(one.row, other.row)
    return max(0, across) * max(0, down)
