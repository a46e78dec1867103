"""The last look at a layout after a change: what came, or became larger, is seen and hides little.

Each rule before puts one thing where words want it, or where it belongs, and the next may put another on top. What
words put on, in, behind or above something stays there; the rest goes with all that stands on it to where more is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models.english.patterns import any_of
from models.kinds import ALIVE, HANDY
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.arranging import HIDDEN, shared, with_room
from models.scene.believable import FLIERS, feet_of, looms
from models.scene.placing import stands_so
from models.scene.seats import Seats
from models.scene.wardrobe import is_clothing, is_on_a_face

_HIDDEN, _FACE, _FAR = 0.35, 0.22, 0.6  # of a thing, of one alive and of what is much larger, that another may hide
_TOUCHES = 0.3  # as bad as what is hidden more is what is hidden less
_WHOLLY = 0.8  # of one alive that something larger hides wholly
_HOVERS = 0.5  # as bad as that is what stands on no ground
_GAIN = 0.15  # by which less must be hidden for something to move
_MOVES, _SHRINKS = 0.02, 0.12  # the costs of a square and of a step in size, in parts of a thing that are hidden
_LEAST = 0.6  # of its side
_PLACED = any_of(r"""
    behind|between|in front|above|below|over|under\w*|beneath|on top|top|middle|cent(?:er|re)|background|on both
    each side|(?:on|round|around) (?:his|her|its|their|the) (?:head|back|shoulders?|nose|lap|tum\w*|belly|stomach|neck)
    fill\w*|cover\w*|everywhere|around|swap\w*|switch\w*|bigger|larger|smaller|huge|giant|enormous|zoom\w*|closer
""")
ASIDE = any_of("left|right")
_ON_IT = any_of("on|onto|upon|in|into|inside", end=r"\b(?! (?:the |its |his |her )?(?:far |very )?(?:left|right)\b)")


def cleared(text: str, layout: Layout, before: Layout, seats: Seats) -> Layout:
    """The layout after a change, with what it brought or made larger where more of all is seen; where words say the
    place, only beside others of its kind."""
    placed, aside = _PLACED.search(text) is not None, ASIDE.search(text) is not None
    world, rows = seats.world, seats.squares[1]
    for one in sorted(layout.things, key=lambda one: -one.side):
        if one in before.things or one not in layout.things or _is_bound(one, layout, seats):
            continue
        alike = [old for old in before.things if old.thing == one.thing]
        strays = (
            [old for old in before.things if not any(_goes_with(old, other, seats) for other in alike)]
            if alike or not _ON_IT.search(text)
            else []
        )  # which only happen to be where it came
        with_it = [
            other
            for other in layout.things
            if other is not one and _goes_with(other, one, seats) and other not in strays
        ]
        rest = [other for other in layout.things if other is not one and other not in with_it]
        others = [other for other in rest if not placed or other.thing == one.thing]
        ahead = set(layout.things[layout.things.index(one) + 1 :])
        feet = None if placed else feet_of(one, layout, world, rows)
        came = all(one.thing != old.thing for old in before.things)
        hidden = sum(_hidden(one, other, other in ahead, world, came=came) for other in others)
        hidden += _HOVERS * (came and feet is not None and one.row + one.side < feet[0] - 1)
        if hidden <= 0:
            continue
        feet = feet or (one.row + one.side, one.row + one.side)
        least, best = hidden, one
        for cost, way in _ways(one, feet, seats.squares, aside=aside, resizes=not with_it):
            hides = sum(_hidden(way, other, looms(way, other, world), world, came=came) for other in others)
            least, best = min((least, best), (hides + cost, way), key=lambda found: found[0])
        if least <= hidden - _GAIN:
            over, down = best.column - one.column, best.row + best.side - one.row - one.side
            group = [replace(other, column=other.column + over, row=other.row + down) for other in with_it]
            near = [other for other in rest if other in ahead and looms(best, other, world)]
            layout = replace(layout, things=(*(other for other in rest if other not in near), best, *group, *near))
    return layout


def seen(text: str, layout: Layout, seats: Seats) -> Layout:
    """The layout of a new picture with who would be wholly hidden by something larger beside it, unless words put one
    there."""
    for n, one in enumerate(layout.things) if not _PLACED.search(text) else ():
        before = [o for o in layout.things[n + 1 :] if o.side > one.side and not is_clothing(o.thing, seats.world)]
        if seats.world.things[one.thing] in ALIVE and any(shared(one, o) > _WHOLLY * one.side**2 for o in before):
            layout = with_room(layout, n, HIDDEN, *seats.squares)
    return layout


def _ways(
    one: Placed, feet: tuple[int, int], squares: tuple[int, int], *, aside: bool, resizes: bool
) -> Iterator[tuple[float, Placed]]:
    """The places for a thing, each with what it costs to move there."""
    columns, rows = squares
    middle = one.column + one.side / 2
    for side in [side for side in SIDES if _LEAST * one.side <= side <= one.side] if resizes else [one.side]:
        for foot in range(max(side, feet[0]), min(rows, max(side, feet[1])) + 1):
            for column in range(columns - side + 1):
                now = column + side / 2
                if aside and (now - columns / 2) * (middle - columns / 2) < 0:
                    continue
                cost = _MOVES * (abs(now - middle) + abs(foot - one.row - one.side))
                cost += _SHRINKS * (SIDES.index(one.side) - SIDES.index(side))
                yield cost, replace(one, side=side, column=column, row=foot - side)


def _hidden(one: Placed, other: Placed, behind: bool, world: World, *, came: bool) -> float:
    """How much more than it may one of two things hides of the other, the first being behind the second or not; of one
    that came a little counts too."""
    both = shared(one, other)
    if not both or is_clothing(other.thing, world):
        return 0.0
    back, front = (one, other) if behind else (other, one)
    if world.things[other.thing] in ALIVE and stands_so(one, [other], "on"):  # nobody's head is a place to stand
        return max(_HOVERS, both / back.side**2)
    most = _FAR if looms(back, front, world) else _FACE if world.things[back.thing] in ALIVE else _HIDDEN
    part = both / back.side**2
    return max(0.0, part - most) + (_TOUCHES * min(part, most) if came and most != _FAR else 0.0)


def _is_bound(one: Placed, layout: Layout, seats: Seats) -> bool:
    """Whether a thing is worn, held, or stands on another, or is behind all anyway."""
    world = seats.world
    if world.things[one.thing] == "rainbow":
        return True
    if is_clothing(one.thing, world) or is_on_a_face(one.thing, world) or seats.support(one, layout):
        return True
    return any(_goes_with(one, other, seats) for other in layout.things if other is not one)


def _goes_with(one: Placed, other: Placed, seats: Seats) -> bool:
    """Whether a thing is worn or held by another, or is on it."""
    world = seats.world
    if not one.over(other) or one.side > other.side:
        return False
    if is_clothing(one.thing, world):
        return True
    alive = [world.things[thing.thing] in ALIVE for thing in (one, other)]
    if alive[1] and world.things[one.thing] in HANDY and shared(one, other) < 0.5 * one.side**2:
        return True
    holds = seats.holds(other.thing) or seats.is_perch(other.thing) or world.things[other.thing] in ("table", "cake")
    sits = alive[0] and world.things[one.thing] not in FLIERS
    return (holds or sits) and stands_so(one, [other], "on")
