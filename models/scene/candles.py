"""The candles of a cake: a part of it, as long as words speak of other things.

They are things of a layout, as they can be lit, dyed and counted; but they go where the cake goes, and take no place
among the `MOST` things that a picture can hold.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import takewhile

from models.english.patterns import any_of
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.arranging import in_size
from models.scene.placing import stands_so

_SIDE = (8, 6)  # squares of the side of a cake with candles, alone and beside others, at least
_BEYOND, _MOST = 2, 10  # squares by which it is wider than candles are many, and that it grows to for that, at most
_STEP = 1  # square from one to the next, so that they hide those which a cake has of its own; nearer, in two rows
_ON_CAKE = any_of(r"cakes? (?:with|w|and|has|have) (?:\w+ ){0,3}?candles?")
_ELSEWHERE = any_of(r"next to|beside|left|right|behind|in front|table|floor|ground|around|near|by the")
_OF_OTHERS = any_of(r"every\w*|all|only|just|else|rest|others?|nothing|instead|but|except|new|picture|background")


def crowd(layout: Layout, world: World) -> int:
    """How many of the `MOST` things that a picture can hold a layout has."""
    return len(layout.things) - len(_lit(layout, world))


def put_elsewhere(text: str) -> bool:
    """Whether words put candles elsewhere than on a cake."""
    return _ELSEWHERE.search(text) is not None and _ON_CAKE.search(text) is None


@dataclass(frozen=True)
class Part:
    """What one wish changes of a picture, the rest being set aside: all but the candles on its cake, or these and the
    cake alone.

    Attributes:
        whole: The picture's layout.
        layout: What the wish changes of it.
    """

    whole: Layout
    layout: Layout

    def changed(self, after: Layout, candles: Candles) -> Layout:
        """The picture's layout when the part has become another."""
        if len(self.layout.things) == len(self.whole.things):
            return after
        aside = [one for one in self.whole.things if not any(one is other for other in self.layout.things)]
        if _lit(self.whole, candles.world) != tuple(aside):
            behind = len(list(takewhile(lambda one: one not in self.layout.things, self.whole.things)))
            return replace(after, things=(*aside[:behind], *after.things, *aside[behind:]))
        cakes = [one for one in after.things if candles.is_cake(one)]
        if not cakes:
            return after
        stays = any(one in self.whole.things for one in cakes)
        put = aside if stays else candles.in_row(cakes[0], aside)
        front = 1 + max(n for n, one in enumerate(after.things) if one in cakes or one in self.layout.things)
        return replace(after, things=(*after.things[:front], *put, *after.things[front:]))


@dataclass(frozen=True)
class Candles:
    """Of the pictures of a world that have so many columns and rows of `squares`."""

    world: World
    squares: tuple[int, int]

    def is_cake(self, one: Placed) -> bool:
        """Whether a thing is one."""
        return self.world.things[one.thing] == "cake"

    def is_candle(self, one: Placed) -> bool:
        """Whether a thing is one."""
        return self.world.things[one.thing] == "candle"

    def asked(self, text: str, named: Collection[int], layout: Layout) -> tuple[Placed, ...]:
        """The candles of a new picture's layout that belong on its cake: those of which words speak so, one at least;
        none where there is no cake or more than one, or where words put them elsewhere."""
        names = {self.world.things[thing]: thing for thing in named}
        cakes = sum(self.is_cake(one) for one in layout.things)
        if not {"cake", "candle"} <= names.keys() or cakes > 1 or put_elsewhere(text):
            return ()
        return tuple(filter(self.is_candle, layout.things)) or (Placed(names["candle"], 0, SIDES[0], 0, 0),)

    def part(self, text: str, named: Collection[int], layout: Layout) -> Part:
        """What a wish changes of a layout, by its words and the things that they name."""
        lit, names = _lit(layout, self.world), {self.world.things[thing] for thing in named}
        if lit and "candle" not in names:
            rest = tuple(one for one in layout.things if one not in lit)
            return Part(layout, replace(layout, things=rest))
        alone = "candle" in names and names <= {"candle", "cake"} and not put_elsewhere(text)
        own = [one for one in layout.things if self.is_cake(one) or self.is_candle(one)]
        if alone and len(own) == len(lit) + 1 and any(map(self.is_cake, own)) and not _OF_OTHERS.search(text):
            return Part(layout, replace(layout, things=tuple(own)))
        return Part(layout, layout)

    def lit(self, text: str, layout: Layout, before: Layout) -> Layout:
        """The layout with the candles that came, where words put them nowhere else, in a row on the one cake there is,
        and with those that are on it already."""
        cakes = [one for one in layout.things if self.is_cake(one)]
        candles = list(filter(self.is_candle, layout.things))
        came = len(candles) > sum(map(self.is_candle, before.things))
        if len(cakes) != 1 or not came or put_elsewhere(text):
            return layout
        cake, old = cakes[0], set(before.things)
        if cake not in old:
            wide = min(_MOST, len(candles) + _BEYOND)
            cake = in_size(cake, max(cake.side, wide, _SIDE[len(layout.things) > 1 + len(candles)]), *self.squares)
        row = [one for one in candles if one not in old or stands_so(one, cakes, "on")]
        cake = replace(cake, row=max(0, cake.row))  # so that they are seen whole
        others = (cake if one is cakes[0] else one for one in layout.things if not any(one is other for other in row))
        return replace(layout, things=(*others, *self.in_row(cake, row)))

    def in_row(self, cake: Placed, candles: Collection[Placed]) -> list[Placed]:
        """Candles side by side on a cake, those behind first."""
        side, lit = SIDES[0], list[Placed]()
        step = min(_STEP, (cake.side - side) / max(1, len(candles) - 1))
        for number, one in enumerate(candles):
            across = (cake.side - side) / 2 + (number - (len(candles) - 1) / 2) * step
            row = cake.row + (number % 2 if step < _STEP else 0)
            lit.append(replace(one, side=side, column=cake.column + math.floor(across + 0.5), row=row))
        return sorted(lit, key=lambda one: one.row)


def _lit(layout: Layout, world: World) -> tuple[Placed, ...]:
    """The candles that stand on the one cake of a layout."""
    cakes = [one for one in layout.things if world.things[one.thing] == "cake"]
    candles = [one for one in layout.things if world.things[one.thing] == "candle"]
    return tuple(one for one in candles if stands_so(one, cakes, "on")) if len(cakes) == 1 else ()
