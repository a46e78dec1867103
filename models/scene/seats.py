"""What one can sit, stand and lie on, or be in: how deep, how many find room, and what is put there.

A planner that draws places lets who sits on a sofa hover over its box. What a thing covers of its box is read off the
renderer (`models.rendering.silhouettes`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.kinds import ALIVE, SORTS
from models.rendering.layout import SIDES, Layout, Placed, World
from models.rendering.silhouettes import Silhouettes
from models.scene.arranging import fitting, in_size, shared, shifted, within
from models.scene.believable import proportion
from models.scene.placing import is_beside, stands_so
from models.things import having, what_is

SEATS = having("seat")
"""What somebody or something is in, or sits on."""
_AHEAD = 0.7  # the side of what stands in front of something, in that one's, at most
_UNDER, _BEFORE = 0.5, 1  # the side of what is under one, in that one's, at most; rows by which it is before it
_IN, _ON = 0.35, 0.1  # the part of a seat, and of any other thing, over which what is on it ends
_CARRIED = 0.5  # the side of what is on somebody's back, in that one's, at most
_EACH_ON_IT, _EACH_IN_IT, _EACH_COMES = 4, 2.5, 1.7  # squares of a seat that each of several takes: of those alive, of
# other things, of those that come with it
_COMES = 6  # squares of the side of what comes with what it holds, at most for that
_APART = 0.6  # of their side, between those of a row on a thing, at least
_LEAST, _STEPS = 0.6, 0.1  # of its side, where there is little room; what of it may be hidden for a step in size
_IN_ROW = 1.4  # the sides together of those of a row on a thing, in that thing's, at most
_ROW_BEHIND = 2  # squares by which a second row ends higher up
_EACH_STANDS = 3.2  # squares of what several stand on in a row, for each
_BOWL = 0.65  # the side of what holds things and is on another itself, in that one's, at most
_LARGE, _FREE = 0.5, 2  # of the picture's side: what all is on; rows that are free under it, at most


@dataclass(frozen=True)
class Seats:
    """Of one picture.

    Attributes:
        world: Its names.
        squares: How many columns and rows it has.
        silhouettes: Of the things: where one can sit on them.
    """

    world: World
    squares: tuple[int, int]
    silhouettes: Silhouettes

    def holds(self, thing: int) -> bool:
        """Whether a thing is one to be in, or to sit on."""
        return what_is(self.world.things[thing]).seat

    def is_perch(self, thing: int) -> bool:
        """Whether animals sit in a thing as they do in a tree."""
        return what_is(self.world.things[thing]).perch

    def bears(self, one: int, other: int) -> bool:
        """Whether a thing is in another as birds and fruit are in a tree."""
        return self.is_perch(other) and self.world.things[one] in ALIVE | SORTS["fruit"]

    def share(self, one: int, other: int) -> float:
        """The side of a thing that is on another or in it, in that one's, at most."""
        if self.world.things[other] in ALIVE and self.world.things[one] not in ALIVE:
            return _CARRIED
        return what_is(self.world.things[other]).share

    def is_table(self, thing: int) -> bool:
        """Whether things stand on a thing in rows."""
        return what_is(self.world.things[thing]).bears

    def is_roof(self, thing: int) -> bool:
        """Whether things stand under a thing, and not below it in the picture."""
        return what_is(self.world.things[thing]).roof

    def support(self, one: Placed, layout: Layout) -> Placed | None:
        """What a thing is on or in, of what holds things; None for the ground."""
        under = (
            o for o in layout.things if o is not one and (self.holds(o.thing) or self.is_table(o.thing)) and o.over(one)
        )
        return next((o for o in under if o.side >= one.side and stands_so(one, [o], "on")), None)

    def joined(self, layout: Layout, before: Layout) -> Layout:
        """The layout after a change, with more of a kind all of which were on one thing there, too."""
        for kind in {one.thing for one in layout.new_since(before)}:
            old = [one for one in before.things if one.thing == kind]
            supports = {self.support(one, before) for one in old}
            under = supports.pop() if len(supports) == 1 else None
            if under is None or under not in layout.things:
                continue
            if self.world.things[kind] in ALIVE and not what_is(self.world.things[under.thing]).many:
                continue
            some = sorted((one for one in layout.things if one.thing == kind), key=lambda one: one.column)
            for number, one in enumerate(some):
                layout = self.put_on(layout, one, [under], (number, len(some)), _IN_ROW / len(some), ())
        return layout

    def put_before(self, layout: Layout, one: Placed, behind: Placed, *, comes: bool) -> Layout:
        """The layout with a thing in front of another: nearer, before its lower half, where it hides little else; one
        that only now comes is small enough for that."""
        columns, rows = self.squares
        others = [o for o in layout.things if o not in (one, behind)]
        upper = replace(behind, row=behind.row - behind.side // 2)
        middle, foot = behind.column + behind.side / 2, min(rows, behind.row + behind.side + 1)

        def cost(way: Placed) -> float:
            hides = sum(shared(way, o) / min(way.side, o.side) ** 2 for o in others)
            steps = SIDES.index(one.side) - SIDES.index(way.side)
            return (
                4 * hides
                + 4 * shared(way, upper) / way.side**2
                + _STEPS * abs(way.column + way.side / 2 - middle)
                + steps
            )

        ways = [
            replace(one, side=side, column=column, row=foot - side)
            for side in SIDES
            if (side <= min(one.side, foot, max(SIDES[0], _AHEAD * behind.side)) if comes else side == one.side)
            for column in range(columns - side + 1)
            if behind.column <= column + side / 2 <= behind.column + behind.side
        ]
        return instead(layout, one, min(ways, key=cost)) if ways else layout

    def put_beside(self, layout: Layout, one: Placed, other: Placed) -> Layout:
        """The layout with a thing at the nearer free side of another: on the same ground, or as high as it was where
        one of them is in the air."""
        columns, rows = self.squares
        if is_beside(one, other):
            return layout
        apart = abs(one.row + one.side - other.row - other.side)
        foot = one.row + one.side if apart > max(one.side, other.side) else min(rows, other.row + other.side)
        others = [o for o in layout.things if o not in (one, other)]

        def cost(way: Placed) -> float:
            hides = sum(shared(way, o) / min(way.side, o.side) ** 2 for o in others)
            return 4 * hides + 8 * shared(way, other) / way.side**2 + _STEPS * abs(way.column - one.column)

        beside = (other.column - one.side, other.column + other.side)
        ways = [within(replace(one, column=column, row=foot - one.side), columns, rows) for column in beside]
        return instead(layout, one, min(ways, key=cost))

    def put_under(self, layout: Layout, one: Placed, roof: Placed, place: tuple[int, int]) -> Layout:
        """The layout with a thing under another, on the same ground and before it; `place` as in `put_on`."""
        number, count = place
        side = min(one.side, fitting(_UNDER * roof.side / max(1, count - 1)))
        step = min(side, max((roof.side - side) / max(1, count - 1), _APART * side))
        across = roof.column + roof.side / 2 + (number - (count - 1) / 2) * step
        row = min(self.squares[1], roof.row + roof.side + _BEFORE) - side
        now = replace(one, side=side, column=math.floor(across - side / 2 + 0.5), row=row)
        return instead(layout, one, within(now, *self.squares))

    def depth(self, under: Placed) -> float:
        """The part of a thing, from above, over which what is on it ends: on its back, its roof, its mattress; or in
        it."""
        top, bottom = self.silhouettes.upright(under.thing)
        it = what_is(self.world.things[under.thing])
        deep = it.deep if it.deep is not None else _IN if it.seat or it.perch else _ON
        return top + deep * (bottom - top)

    def roomy(
        self, layout: Layout, seat: Placed, some: Sequence[Placed], *, comes: bool
    ) -> tuple[Layout, list[Placed]]:
        """The layout with a seat that is large enough for things, and the seat; what comes to others with what it
        holds is no larger for that than it must."""
        alive = any(self.world.things[one.thing] in ALIVE for one in some)
        each = _EACH_ON_IT if alive else _EACH_COMES if comes else _EACH_IN_IT
        room = min(each * len(some), _COMES) if comes and not alive else each * len(some)
        side = max(seat.side, fitting(room) if len(some) > 1 else 0)
        if under := self.support(seat, layout):  # a bowl on a table
            side = min(side, max(seat.side, fitting(_BOWL * under.side)))
        row = seat.row + seat.side - side
        now = within(replace(seat, side=side, column=centred_under(seat, side), row=row), *self.squares)
        return replace(layout, things=tuple(now if one is seat else one for one in layout.things)), [now]

    def wide(self, layout: Layout, anchors: Sequence[Placed]) -> tuple[Layout, list[Placed]]:
        """The layout with what things are put on no narrower than even the smallest of them look well on, and that."""
        now = [
            in_size(one, max(one.side, what_is(self.world.things[one.thing]).wide), *self.squares) for one in anchors
        ]
        changed = dict(zip(anchors, now, strict=True))
        return replace(layout, things=tuple(changed.get(one, one) for one in layout.things)), now

    def in_the_middle(self, layout: Layout, seat: Placed, count: int) -> tuple[Layout, list[Placed]]:
        """The layout of a new picture with what all the rest of it, so many things, is on in its middle, large; and
        that."""
        columns, rows = self.squares
        side = max(seat.side, fitting(max(_LARGE * min(columns, rows), _EACH_STANDS * count)))
        foot = min(rows, max(seat.row + seat.side, rows - _FREE))
        now = within(replace(seat, side=side, column=round((columns - side) / 2), row=foot - side), columns, rows)
        return instead(layout, seat, now), [now]

    def slid_under(self, layout: Layout, seat: Placed, rider: Placed) -> Layout:
        """The layout with a new seat under who is there, who is lifted onto it."""
        side = max(seat.side, fitting(rider.side / min(1.0, proportion(rider, seat, self.world))))
        over = max(1, round(self.depth(seat) * side))
        foot = min(self.squares[1], max(rider.row + rider.side, side, rider.side - over + side))
        now = within(replace(seat, side=side, column=centred_under(rider, side), row=foot - side), *self.squares)
        layout = replace(layout, things=(now, *(one for one in layout.things if one is not seat)))
        right = now.column + round((side - rider.side) / 2) - rider.column
        down = max(0, now.row + over - rider.side) - rider.row
        return shifted(layout, rider.thing, right, down, *self.squares)

    def put_on(
        self,
        layout: Layout,
        one: Placed,
        anchors: Sequence[Placed],
        place: tuple[int, int],
        most: float,
        riders: Sequence[Placed],
        *,
        back: bool = False,
    ) -> Layout:
        """The layout with a thing on others.

        Args:
            layout: Where all of them are.
            one: What is put there.
            anchors: What it is put on.
            place: Its number in the row of what is put there, and how many these are.
            most: The largest side that it may have, in that of the largest of those that it is on.
            riders: Who is on them already: it comes beside them.
            back: Whether another row of what is put there stands before it.
        """
        anchor = max(anchors, key=lambda other: other.side)
        left, right = min(o.column for o in anchors), max(o.column + o.side for o in anchors)
        side = min(one.side, fitting(most * anchor.side))
        top = self.is_perch(anchor.thing) and not self.bears(one.thing, anchor.thing)  # a star on a tree
        over = 1 if top else max(1, round(self.depth(anchors[0]) * anchor.side))
        over -= _ROW_BEHIND if back else 0
        lowered = min(max(anchor.row, side - over), self.squares[1] - anchor.side)
        if lowered != anchor.row:
            layout = instead(layout, anchor, lower := replace(anchor, row=lowered))
            anchor = lower
        number, count = place
        step = min(side, max((right - left - side) / max(1, count - 1), _APART * side))
        across = (left + right) / 2 + (number - (count - 1) / 2) * step

        def way(size: int, column: float) -> Placed:
            row = max(0, anchor.row + over - size)
            return within(replace(one, side=size, column=math.floor(column + 0.5), row=row), *self.squares)

        ways = [way(side, across - side / 2)]
        if riders:
            sizes = [size for size in SIDES if _LEAST * side <= size <= side]
            ways += [way(size, column) for size in sizes for column in range(left - 1, right - size + 2)]
        now = min(
            ways,
            key=lambda way: (
                sum(shared(way, rider) / min(way.side, rider.side) ** 2 for rider in riders)
                + _STEPS * (SIDES.index(side) - SIDES.index(way.side)),
                abs(way.column + way.side / 2 - across),
            ),
        )
        return instead(layout, one, now)


def instead(layout: Layout, one: Placed, now: Placed) -> Layout:
    """The layout with a thing for another, in front of all that it hides."""
    return replace(layout, things=(*(other for other in layout.things if other is not one), now))


def centred_under(whose: Placed, side: int) -> int:
    """The column of something of a side that stands right under a thing."""
    return whose.column + round((whose.side - side) / 2)
