"""The moon of a night's sky, which every backdrop has: one that words bring is full and stands in its place, so that
there is one. With the day it goes, and with the night the sun.
"""

from __future__ import annotations

import random
from dataclasses import replace

from models.english.patterns import any_of
from models.rendering.layout import SIDES, Layout, Placed, World

_FULL = "full moon"
_MOONS = frozenset({"moon", _FULL})
_GOES = {("night", "day"): _MOONS, ("day", "night"): frozenset({"sun"})}
_THIN = any_of("crescent|half|thin|new moon|sickle|waning|waxing|quarter")
_ACROSS, _DOWN = (0.14, 0.24, 0.76, 0.86), (0.13, 0.2)  # of the picture, where the backdrops' moons may be
_SEEN_IN = frozenset({"clear", "snow"})  # the weathers at night in which there is one

_ASIDE = any_of("left|right|middle|cent(?:er|re)|between|beside|next to|on|hold\\w*")
_PLACED = any_of(rf"{_ASIDE.pattern}|above|over|behind|under|below")


def moon_at(view: int) -> tuple[float, float]:
    """Where the middle of the moon is in a backdrop, in parts of its width and of its height; the first draws of each
    view, as `training.scenes` makes them."""
    drawn = random.Random(view + 1)
    return drawn.choice(_ACROSS), drawn.choice(_DOWN)


def with_one_moon(text: str, layout: Layout, before: Layout, world: World, squares: tuple[int, int]) -> Layout:
    """The layout with the one moon that came where its backdrop has one, and without what belongs to an hour that is
    over.

    Args:
        text: What was asked: it may say where the moon is to be.
        layout: Of a place that has a sky.
        before: What an edit began with; of a new picture it has no things.
        world: The names of things.
        squares: How many columns and rows the picture has.
    """
    hour, now = (world.lights[one.about[1]] for one in (before, layout))
    gone = [one for one in before.things if world.things[one.thing] in _GOES.get((hour, now), ())]
    layout = replace(layout, things=tuple(one for one in layout.things if one not in gone))
    moons = [one for one in layout.things if world.things[one.thing] in _MOONS]
    placed = _PLACED if before.things else _ASIDE  # a moon over a lake is in the sky
    seen = now == "night" and world.weathers[layout.about[2]] in _SEEN_IN
    if not seen or len(moons) != 1 or moons[0] in before.things or placed.search(text):
        return layout
    across, down = moon_at(layout.view)
    side = max(SIDES[1], min(moons[0].side, SIDES[2]))
    column, row = round(across * squares[0] - side / 2), max(0, round(down * squares[1] - side / 2))
    kind = moons[0].thing if _THIN.search(text) else world.things.index(_FULL)
    there = Placed(kind, moons[0].colour, side, column, row)
    others = tuple(one for one in layout.things if one is not moons[0])
    return replace(layout, things=(there, *others))  # behind what flies before it
