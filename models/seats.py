"""What one can sit, stand and lie on, or be in: how deep, how many find room, and what is put there.

A planner that draws places lets who sits on a sofa hover over its box. What a thing covers of its box is read off the
renderer (`models.silhouettes`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.arranging import fitting, in_size, shared, shifted, within
from models.believable import proportion
from models.kinds import ALIVE, SORTS
from models.layout import SIDES, Layout, Placed, World
from models.patterns import any_of
from models.placing import stands_so
from models.silhouettes import Silhouettes

SEATS = frozenset(
    "bed,sofa,chair,bathtub,plate,bowl,boat,canoe,sled,skateboard,wheelchair,kick scooter,trash can,basket,box,bucket"
    ",shopping cart,nest,vase,jar,coffin,car,taxi,race car,jeep,tractor,speedboat,bench,pond,treasure chest,saucepan"
    "".split(",")
)
"""What somebody or something is in, or sits on."""
_PERCHES = SORTS["tree"]  # what birds and cats sit in, and stand before
_ROOFS = _PERCHES | {"table", "parasol"}
_UNDER, _BEFORE = 0.5, 1  # the side of what is under one, in that one's, at most; rows by which it is before it
_IN, _ON = 0.35, 0.1  # the part of a seat, and of any other thing, over which what is on it ends
_DEEP = {
    "bed": 0.2, "chair": 0.55, "skateboard": 0.3, "plate": 0.5, "bench": 0.6, "pond": 0.55, "treasure chest": 0.5,
    "table": 0.2, "fireplace": 0.06,
    "tree": 0.45, "pine tree": 0.5, "palm tree": 0.3,
}  # fmt: skip
_EACH_ON_IT, _EACH_IN_IT, _EACH_COMES = 4, 2.5, 1.7  # squares of a seat that each of several takes: of those alive, of
# other things, of those that come with it
_COMES = 6  # squares of the side of what comes with what it holds, at most for that
_APART = 0.6  # of their side, between those of a row on a thing, at least
_LEAST, _STEPS = 0.6, 0.1  # of its side, where there is little room; what of it may be hidden for a step in size
_EACH_STANDS = 3.2  # squares of what several stand on in a row, for each
_LARGE, _FREE = 0.5, 2  # of the picture's side: what all is on; rows that are free under it, at most
_CAKE = (8, 6)  # squares of the side of one with candles, alone and beside others, at least
_CANDLES = 0.45  # of a cake's side, from above, where its candles stand
_ON_CAKE = any_of(r"cakes? (?:with|w|and|has|have) (?:\w+ ){0,3}?candles?")
_ELSEWHERE = any_of(r"next to|beside|left|right|behind|in front|table|floor|ground|around|near|by the")


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
        return self.world.things[thing] in SEATS

    def is_perch(self, thing: int) -> bool:
        """Whether animals sit in a thing as they do in a tree."""
        return self.world.things[thing] in _PERCHES

    def is_roof(self, thing: int) -> bool:
        """Whether things stand under a thing, and not below it in the picture."""
        return self.world.things[thing] in _ROOFS

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
        name = self.world.things[under.thing]
        return top + (_DEEP[name] if name in _DEEP else _IN if name in SEATS | _PERCHES else _ON) * (bottom - top)

    def roomy(
        self, layout: Layout, seat: Placed, some: Sequence[Placed], *, comes: bool
    ) -> tuple[Layout, list[Placed]]:
        """The layout with a seat that is large enough for things, and the seat; what comes to others with what it
        holds is no larger for that than it must."""
        alive = any(self.world.things[one.thing] in ALIVE for one in some)
        each = _EACH_ON_IT if alive else _EACH_COMES if comes else _EACH_IN_IT
        room = min(each * len(some), _COMES) if comes and not alive else each * len(some)
        side = max(seat.side, fitting(room) if len(some) > 1 else 0)
        row = seat.row + seat.side - side
        now = within(replace(seat, side=side, column=centred_under(seat, side), row=row), *self.squares)
        return replace(layout, things=tuple(now if one is seat else one for one in layout.things)), [now]

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
    ) -> Layout:
        """The layout with a thing on others.

        Args:
            layout: Where all of them are.
            one: What is put there.
            anchors: What it is put on.
            place: Its number in the row of what is put there, and how many these are.
            most: The largest side that it may have, in that of the largest of those that it is on.
            riders: Who is on them already: it comes beside them.
        """
        anchor = max(anchors, key=lambda other: other.side)
        left, right = min(o.column for o in anchors), max(o.column + o.side for o in anchors)
        side = min(one.side, fitting(most * anchor.side))
        over = max(1, round(self.depth(anchors[0]) * anchor.side))
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

    def candled(self, text: str, layout: Layout, before: Layout) -> Layout:
        """The layout with the candles that came, where words put them nowhere else, in a row on the one cake there is,
        and with those that are on it already."""
        cakes = [one for one in layout.things if self.world.things[one.thing] == "cake"]
        candles = [one for one in layout.things if self.world.things[one.thing] == "candle"]
        came = len(candles) > sum(self.world.things[one.thing] == "candle" for one in before.things)
        elsewhere = _ELSEWHERE.search(text) and not _ON_CAKE.search(text)
        if len(cakes) != 1 or not came or elsewhere:
            return layout
        cake, old = cakes[0], set(before.things)
        stands = any(one is not cake and stands_so(cake, [one], "on") for one in layout.things if one not in candles)
        if cake not in old:
            cake = in_size(cake, max(cake.side, _CAKE[len(layout.things) > 1 + len(candles)]), *self.squares)
        row = [one for one in candles if one not in old or stands_so(one, cakes, "on")]
        side = SIDES[0]
        low = cake.row if stands else max(cake.row, side - round(_CANDLES * cake.side))  # so that there is room above
        cake = replace(cake, row=min(low, self.squares[1] - cake.side))
        lit = list[Placed]()
        for number, one in enumerate(row):
            across = max(0.0, min(cake.side * (number + 0.5) / len(row) - side / 2, cake.side - side))
            foot = cake.row + round(_CANDLES * cake.side)
            lit.append(replace(one, side=side, column=cake.column + round(across), row=foot - side))
        others = (cake if one is cakes[0] else one for one in layout.things if not any(one is other for other in row))
        return replace(layout, things=(*others, *lit))


def instead(layout: Layout, one: Placed, now: Placed) -> Layout:
    """The layout with a thing for another, in front of all that it hides."""
    return replace(layout, things=(*(other for other in layout.things if other is not one), now))


def centred_under(whose: Placed, side: int) -> int:
    """The column of something of a side that stands right under a thing."""
    return whose.column + round((whose.side - side) / 2)
