"""Pictures made believable where words leave it open: sizes beside each other, feet on the ground, fliers in the air.

A planner draws what words leave open as it was taught, and it was taught with every thing in every size and height: a
castle may come smaller than the princess in front of it, a candle hang on the wall. People expect neither.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from models.english.patterns import any_of, regex
from models.english.sizes import HUGE, LARGE, SMALL, TINY
from models.kinds import ALIVE, SORTS
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.arranging import COVERED, HIDDEN, fitting, in_size, shared, sized
from models.scene.hearing import Heard
from models.scene.wardrobe import is_a_face, is_clothing, is_on_a_face
from models.things import having, what_is

_STEP = 1.22  # the side of things of a rank in that of the rank below: far less than in life, so that both are seen
_NEAR = 0.75  # of the side that is believable, from which on a thing is left as it is
_FAR = 5  # the rank from which on a rank more counts half
_LOOMS = 1.6  # times the side of another in life, from which on a thing may be partly behind it
_NEARER = 2  # rows by which that other's foot is lower at least, where it is free
_FILLED, _ALONE = 0.35, 0.45  # of a new picture, by things together; of its side, by one thing that has its usual size
_LARGEST, _COMES = 0.65, 0.23  # of the side of a picture: the largest thing, one of the lowest rank that is added
_GROUND: Mapping[str, float] = {
    "meadow": 0.68, "beach": 0.74, "forest": 0.68, "desert": 0.68, "city": 0.74, "sea": 0.62, "mountains": 0.7,
    "road": 0.66, "farm": 0.68, "room": 0.75, "arctic": 0.8, "jungle": 0.76, "garden": 0.7, "savanna": 0.68,
    "lava": 0.64, "harbour": 0.8, "park": 0.68, "moon": 0.78, "kitchen": 0.8, "cave": 0.75, "stage": 0.8,
    "library": 0.88, "castle hall": 0.8,
}  # of the height of a picture, from above, from which on down feet are on the ground of each place  # fmt: skip
FLIERS = having("flies")
"""What is in the air whatever words say."""
_BACKDROPS = having("backdrop")
_BACKGROUND = 6  # the rank from which on things do not stand before those
_SAILS = having("sails")
_WATER = {"beach": (0.58, 0.66), "harbour": (0.62, 0.76), "arctic": (0.6, 0.72)}  # of the height, where it is
WATERS = frozenset({"sea", *_WATER})
"""The places that have water with something above it."""
_SHRINKS, _MOVES, _TOUCHES, _HIDES, _STACKS = 0.8, 0.06, 1.5, 10.0, 1.5  # the costs: a step, half a square, a thing
# that another covers, one that is hidden by more than may be, one above or below its like
_HANGS = having("hangs")
_WALLS = {
    "room": 0.62,
    "kitchen": 0.45,
    "library": 0.7,
    "castle hall": 0.6,
}  # of the height, where the wall ends for them
_ALOFT = 0.38  # of the height, above which the middle of what flies is
SIZED = any_of(rf"{TINY}|{HUGE}|{SMALL}|(?:{LARGE}|small|mini|size|dwarf)\w*|toy|close[- ]?up")
"""What speaks of sizes."""
_SIZES = regex(
    rf"\b(?:(?P<tiny>{TINY})|(?P<small>{SMALL})|(?P<large>{LARGE})|(?P<huge>{HUGE}))\s+(?:[\w-]+\s+)?$",
)
_FACTORS = {"tiny": 0.3, "small": 0.75, "large": 1.35, "huge": 2.0}  # of the side that a thing usually has, at most
# where that is less than 1, at least where it is more
_UP = any_of(r"""
    above|over|below|beneath|under\w*|(?:on )?top|hang\w*|jump\w*|leap\w*|climb\w*|float\w*|fl(?:ies|y|ying|ew)|hover\w*
    soar\w*|levitat\w*|bounc\w*|fall\w*|throw\w*|toss\w*|upside|high|low|sky|air|wall|shel(?:f|ves)|roof|branch
""")
_TOUCHING = any_of(
    r"hold\w*|carr(?:y|ies|ied|ying)|rid(?:es?|ing)|wear\w*|eat\w*|hug(?!e\b)\w*|push\w*|pull\w*"
    r"|with \w+ in (?:his|her|its|their|(?:the |one |each )?(?:hands?|paws?|arms?|mouth|beak|claws?))"
)
_FLYING = any_of(
    r"fl(?:y|ying|ies|ew)|flocks?|soar\w*|over(?:head)? (?:the|an?) (?!head)|above|in (?:the|mid) ?(?:sky|air)"
)
_FLIES = r"(?:flying|levitating|hovering|soaring)"
_FLYING_ONE = regex(rf"\b{_FLIES}\s+(?:[\w-]+\s+)?$")
_ONE_FLYING = regex(
    rf"\s+(?:(?:that|who|which) )?(?:(?:is|are) )?(?:{_FLIES}|flies)"
    r"(?=\W*$|\s*[,.;]| (?:over|above|in|through|across|around|past|towards?|high|up|away|by|at|and)\b(?! an? plane))"
)
"""What makes anybody fly: a boy who flies a kite does not."""
_LANDED = any_of(
    r"(?:on|from) the (?:ground|floor|grass|sand|runway|street|road|table|bed)|land(?:ed|ing|s)|parked|walk\w*"
)


def believable(heard: Heard, layout: Layout, free: Collection[int], world: World, squares: tuple[int, int]) -> Layout:
    """The layout with those things (by their places in the list) that words leave free as large beside the others as
    people expect, on the ground, on the wall, on the water or in the air, where they hide least.

    Where the words give a thing a size, it is as much smaller or larger at least; where they speak of sizes otherwise,
    all stay, and where of heights, those; where of what has landed, it does not fly, and where of holding and riding,
    what was put together stays so.
    """
    text, sizes = heard.text, _sizes(heard)
    touching, comes = _TOUCHING.search(text) is not None, len(free) < len(layout.things)
    if sizes or not SIZED.search(text):
        layout = in_proportion(layout, free, world, squares, filled=_FILLED, sizes=sizes)
    if touching:
        alone = [not any(one.over(o) for o in layout.things if o is not one) for one in layout.things]
        free = [n for n in free if alone[n] or (comes and world.things[layout.things[n].thing] in ALIVE)]
    things = list(layout.things)
    flying, high = fliers(text) | _flown(heard, world), _UP.search(text) is not None
    ranks = (what_is(world.things[one.thing]).rank for one in things)
    small = any(rank is not None and rank < _BACKGROUND for rank in ranks)
    waiting = set(free)
    for n in sorted(free, key=lambda n: -things[n].side):  # the large ones first, and the small ones before them
        waiting.discard(n)
        feet = _feet(things[n], layout, world, squares[1], flying, behind=small)
        feet = feet and _by_size(things[n], things, feet, world, squares[1])
        if feet is not None and (not high or world.things[things[n].thing] in flying | _HANGS):
            others = [o for m, o in enumerate(things) if m != n and not (m in waiting and looms(things[n], o, world))]
            things[n] = _settled(things[n], others, feet, world, squares)
    return replace(layout, things=tuple(things))


def _by_size(one: Placed, things: Sequence[Placed], feet: tuple[int, int], world: World, rows: int) -> tuple[int, int]:
    """The rows between which a thing's foot is, among others: nearer than what is much larger in life, which stands
    farther off."""
    highest, lowest = feet
    if lowest < rows:  # on a wall, on the water or in the air
        return feet
    if any(looms(other, one, world) for other in things):
        return min(rows, highest + _NEARER), lowest
    return (highest, highest + 1) if any(looms(one, other, world) for other in things) else feet


def _sizes(heard: Heard) -> dict[int, float]:
    """The factors by which things that words call tiny, small, large or huge differ from their usual size at least; 1
    where they speak of several of a kind."""
    sizes = dict[int, float]()
    for said in heard.said:
        found = _SIZES.search(heard.text[: said.start])
        factor = next(_FACTORS[name] for name, word in found.groupdict().items() if word) if found else 1.0
        sizes[said.thing] = factor if sizes.get(said.thing, factor) == factor else 1.0
    return {thing: factor for thing, factor in sizes.items() if factor != 1}


def fliers(text: str) -> frozenset[str]:
    """What is in the air in a picture of which words speak: birds only where they say so."""
    if _LANDED.search(text):
        return frozenset()
    return FLIERS | (SORTS["bird"] - having("walks")) if _FLYING.search(text) else FLIERS


def ground_of(layout: Layout, world: World, rows: int) -> int | None:
    """The row from which on down feet are on the ground; None where there is none."""
    ground = _GROUND.get(world.places[layout.about[0]])
    return None if ground is None else round(ground * rows)


def _flown(heard: Heard, world: World) -> frozenset[str]:
    """What words say flies, be it a pig."""
    return frozenset(
        world.things[said.thing]
        for said in heard.said
        if not _LANDED.search(heard.text)
        and (_FLYING_ONE.search(heard.text[: said.start]) or _ONE_FLYING.match(heard.text, said.end))
    )


def feet_of(one: Placed, layout: Layout, world: World, rows: int) -> tuple[int, int] | None:
    """The rows between which a thing's foot believably is where words leave it open; None where that is anywhere."""
    return _feet(one, layout, world, rows, FLIERS, behind=False)


def _feet(
    one: Placed, layout: Layout, world: World, rows: int, flying: Collection[str], *, behind: bool
) -> tuple[int, int] | None:
    """The rows between which a thing's foot believably is; None where that is anywhere."""
    name, place = world.things[one.thing], world.places[layout.about[0]]
    if what_is(name).rank is None:
        return None
    if place not in _GROUND:
        return one.side, rows
    if name in _HANGS and place in _WALLS:
        return one.side, round(_WALLS[place] * rows)
    if name in flying:
        return one.side, int(_ALOFT * rows + one.side / 2)
    if name in _SAILS and place in _WATER:
        highest, lowest = _WATER[place]
        return round(highest * rows), round(lowest * rows)
    ground = round(_GROUND[place] * rows)
    return (ground, ground + 1) if behind and name in _BACKDROPS else (ground, rows)


def _settled(
    one: Placed, others: Sequence[Placed], feet: tuple[int, int], world: World, squares: tuple[int, int]
) -> Placed:
    """A thing with its foot between two rows, where it hides least and is near to where, and about as large as, it was;
    beside others of its kind rather than above or below them."""
    (columns, rows), (highest, lowest) = squares, feet
    sides = [side for side in SIDES if one.side / 2 <= side <= one.side]
    own = world.things[one.thing] in _BACKDROPS
    smaller = [other for other in others if looms(one, other, world)]
    larger = [other for other in others if looms(other, one, world)]

    def cost(way: Placed) -> float:
        total = _SHRINKS * (sides.index(one.side) - sides.index(way.side)) + _MOVES * abs(
            2 * (way.column - one.column) + way.side - one.side
        )
        total += _MOVES * 2 * abs(way.row + way.side - one.row - one.side)
        for other in others:
            behind = other in smaller and way.row + way.side < other.row + other.side
            before = other in larger and way.row + way.side >= other.row + other.side
            hidden = way.side if behind else other.side if before else min(way.side, other.side)
            part = shared(way, other) / hidden**2
            scenery = behind or before or own != (world.things[other.thing] in _BACKDROPS)
            total += _TOUCHES * part + _HIDES * max(0.0, part - (COVERED if scenery else HIDDEN) / 2)
            total += _STACKS * (other.thing == one.thing and _across(way, other) > way.side / 2)
        return total

    ways = [
        Placed(one.thing, one.colour, side, column, foot - side)
        for side in sides
        for column in range(max(1, columns - side + 1))
        for foot in range(max(side, highest), max(side, min(rows, lowest)) + 1)
    ]
    return min(ways, key=cost)


def _across(one: Placed, other: Placed) -> int:
    """The columns that two things share."""
    return min(one.column + one.side, other.column + other.side) - max(one.column, other.column)


def proportion(one: Placed, other: Placed, world: World) -> float:
    """The side of a thing in that of another as people expect it; 1 where that is anything."""
    ranks = [what_is(world.things[thing.thing]).rank for thing in (one, other)]
    if ranks[0] is None or ranks[1] is None:
        return 1.0
    return _natural(one.thing, ranks[0], world) / _natural(other.thing, ranks[1], world)


def looms(one: Placed, other: Placed, world: World) -> bool:
    """Whether a thing is so much larger in life than another that much of it is still seen where it is behind that."""
    return proportion(one, other, world) >= _LOOMS


def by_distance(layout: Layout) -> Layout:
    """The layout with what is farther off, its foot higher up, behind what is nearer."""
    return replace(layout, things=tuple(sorted(layout.things, key=lambda one: one.row + one.side)))


def set_back(layout: Layout, some: Collection[int], world: World, *, every: bool = False) -> Layout:
    """The layout with those things (by their places in the list) that are buildings, trees or on the water, or much
    larger in life, or `every` one that stands on the ground, behind what stands nearer before them, its foot lower
    down, and is no larger."""
    things = list(layout.things)
    for one in (layout.things[n] for n in some):
        name = world.things[one.thing]
        far = name in _BACKDROPS | _SAILS
        grounded = every and name not in FLIERS | _HANGS
        things.remove(one)
        foot, place = one.row + one.side, layout.things.index(one)
        over = [(n, other) for n, other in enumerate(things) if other.over(one) and other.row + other.side > foot]
        before = [n for n, other in over if far or (grounded and other.side <= one.side) or looms(one, other, world)]
        things.insert(min((place, *before)), one)
    return replace(layout, things=tuple(things))


def in_proportion(
    layout: Layout,
    free: Collection[int],
    world: World,
    squares: tuple[int, int],
    *,
    filled: float = 0.0,
    shrinks: bool = False,
    sizes: Mapping[int, float] = MappingProxyType({}),
) -> Layout:
    """The layout with those things (by their places in the list) as large beside the others as people expect, and
    together about as large as they were, at least so that all of a new picture fill such a part of it; or none larger
    than it was.

    Args:
        sizes: Of things by their numbers, by which factor they are to be smaller, or larger, than usual at least.
    """
    things = list(layout.things)
    ranks = {
        n: rank
        for n, one in enumerate(things)
        if (rank := what_is(world.things[one.thing]).rank) is not None and not is_on_a_face(one.thing, world)
    }
    natural = {n: _natural(things[n].thing, rank, world) * sizes.get(things[n].thing, 1) for n, rank in ranks.items()}
    alone = filled and len(free) == len(things) - sum(is_clothing(one.thing, world) for one in things)
    if len(ranks) < (1 if alone else 2):
        return layout
    fixed = [n for n in ranks if n not in free]
    area = sum(things[n].side ** 2 for n in fixed or ranks)
    if shrinks:
        scale = max(things[n].side for n in ranks) / max(natural.values())
    else:
        area = area if fixed else max(area, filled * squares[0] * squares[1])
        scale = (area / sum(natural[n] ** 2 for n in fixed or ranks)) ** 0.5
        if alone and len(ranks) == 1 and sizes:  # beside which nothing tells how large it is
            scale = _ALONE * min(squares) * sizes.get(things[n := next(iter(ranks))].thing, 1) / natural[n]
    if fixed:  # what is seen from near may be as large as it is, what comes to it need not be
        scale = min(scale, _COMES * min(squares))
    scale = min(scale, _LARGEST * min(squares) / max(natural.values()))
    wrong = {  # who is no larger than what is smaller in life
        n
        for larger in ranks
        for smaller in ranks
        if filled and natural[larger] >= _STEP * natural[smaller] and things[larger].side <= things[smaller].side
        for n in (larger, smaller)
    }
    for n in ranks:
        wanted, factor = scale * natural[n], sizes.get(things[n].thing, 1)
        least = 0.0 if factor < 1 else _NEAR if factor == 1 else 1.0
        most = 1.0 if factor < 1 else 1 / _NEAR if factor == 1 else math.inf
        if n in free and (n in wrong or not least <= things[n].side / wanted <= most):
            things[n] = in_size(things[n], wanted, *squares)
    return replace(layout, things=tuple(things))


def evened(heard: Heard, layout: Layout, world: World, squares: tuple[int, int]) -> Layout:
    """The layout of a new picture with people who are as large as each other in life so here, children a size smaller
    than grown-ups and babies two, and nothing about as large as what is larger in life; what words give a size stays.
    """
    sizes = _sizes(heard)
    if SIZED.search(heard.text) and not sizes:
        return layout
    ranks = {
        n: rank
        for n, one in enumerate(layout.things)
        if (rank := what_is(world.things[one.thing]).rank) is not None
        and not (is_clothing(one.thing, world) or one.thing in sizes)
    }
    sides = {n: layout.things[n].side for n in ranks}
    lower = {n: rank - is_a_face(layout.things[n].thing, world) for n, rank in ranks.items()}
    people = [n for n in ranks if world.is_somebody(layout.things[n].thing)]
    if people:  # how many sizes smaller each is than the largest of them in life
        least = min(SIDES.index(sides[n]) - lower[n] for n in people)
        sides |= {n: SIDES[max(0, least + lower[n])] for n in people}
    for n in sorted(ranks, key=lambda n: -ranks[n]):
        over = [sides[m] * _STEP ** (ranks[n] - ranks[m]) for m in ranks if ranks[m] > ranks[n]]
        sides[n] = min(sides[n], fitting(min(over, default=sides[n])))
    return sized(layout, {n: side for n, side in sides.items() if side != layout.things[n].side}, *squares)


def _natural(thing: int, rank: int, world: World) -> float:
    """The side of a thing of a rank, in that of one of the lowest that is drawn as a whole."""
    far = max(0, rank - _FAR)  # what is that large is seen from afar
    return _STEP ** (rank - far / 2 - is_a_face(thing, world))
