"""What is worn below a face: dress, shirt, trousers, shoes, each under the last, as paper dolls wear them.

People and most animals of the painter's world are drawn as faces. Clothes that hang beside one say nothing of who wears
them; below the face they make a figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from models.kinds import ALIVE, HANDY
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.arranging import HIDDEN, fitting, with_room, within
from models.things import what_is

_BELOW = {"body": 1.2, "legs": 1.0, "feet": 0.7}  # what is worn below a face, from above: its side in that of the face
_ON_A_BODY = {"body": 0.6, "legs": 0.75, "feet": 0.95}  # and how far down its middle is on who is drawn as a whole


class Head(NamedTuple):
    """Where somebody's head is, in parts of the whole: its middle from the left, its top and its eyes from above, and
    the side of a hat, or of glasses, that it wears."""

    across: float
    top: float
    eyes: float
    worn: float


_FACE, _SIDEWAYS = Head(0.5, 0.0, 0.6, 0.56), Head(0.22, 0.1, 0.28, 0.38)
_OVER = 0.25  # of its side, how far what is worn reaches under the one above it


def is_clothing(thing: int, world: World) -> bool:
    """Whether a thing is worn: on the head, on the face or below it."""
    return is_on_a_face(thing, world) or is_garment(thing, world)


def is_on_a_face(thing: int, world: World) -> bool:
    """Whether a thing is worn on the head, the nose or at the neck."""
    return what_is(world.things[thing]).worn in ("head", "face")


def is_garment(thing: int, world: World) -> bool:
    """Whether a thing is worn below the face."""
    return what_is(world.things[thing]).worn in _BELOW


def is_a_face(thing: int, world: World) -> bool:
    """Whether somebody has a face that clothes can hang below."""
    return what_is(world.things[thing]).drawn == "face"


def head_of(thing: int, world: World) -> Head:
    """Where the head of somebody is."""
    whose = what_is(world.things[thing])
    return Head(*whose.head) if whose.head else _SIDEWAYS if whose.drawn == "sideways" else _FACE


def on_nose(one: Placed, whose: Placed, world: World) -> Placed:
    """A thing that is worn on the nose, where somebody's is."""
    head = head_of(whose.thing, world)
    side = fitting(head.worn * whose.side)
    row = whose.row + head.eyes * whose.side - what_is(world.things[one.thing]).lenses * side
    column = whose.column + head.across * whose.side - side / 2
    return replace(one, side=side, column=round(column), row=round(row))


def on_body(thing: int, world: World) -> float:
    """How far down the middle of a garment belongs on somebody who is drawn as a whole, in the side of that."""
    return _ON_A_BODY[what_is(world.things[thing]).worn]


def dressed_in(layout: Layout, face: Placed, world: World) -> list[Placed]:
    """The garments that hang below a face."""
    found, foot = list[Placed](), face.row + face.side
    middle = face.column + face.side / 2
    below = [one for one in layout.things if is_garment(one.thing, world) and one.row >= face.row]
    for one in sorted(below, key=lambda one: one.row):
        aside = abs(one.column + one.side / 2 - middle)
        near = foot - 2 * _under(face.side) <= one.row <= foot or any(one.row == other.row for other in found)
        if near and aside <= max(2, one.side / 2):
            found.append(one)
            foot = max(foot, one.row + one.side)
    return found


def dressed(layout: Layout, face: Placed, garments: Sequence[Placed], world: World, squares: tuple[int, int]) -> Layout:
    """The layout with garments below a face, which makes room for them; as it is where the picture is too low.

    Args:
        face, garments: Things of the layout.
        world: Its names.
        squares: How many columns and rows the picture has.
    """
    rows = [(part, [one for one in garments if what_is(world.things[one.thing]).worn == part]) for part in _BELOW]
    sizes = [(part, row) for part, row in rows if row]

    def height(side: int) -> int:
        return side + sum(fitting(_BELOW[part] * side) - _under(side) for part, _ in sizes)

    worn = _carried(layout, face, face, world)
    above = max((face.row - one.row for one in worn), default=0) / face.side  # of a hat, say
    fits = [side for side in SIDES if height(side) + above * side < squares[1]]
    if not fits:
        return layout
    side = min(face.side, max(fits))
    foot = min(squares[1] - 1, max(face.row + face.side, height(side) + round(above * side)))
    column = face.column + round((face.side - side) / 2)
    head = replace(face, side=side, column=max(0, min(column, squares[0] - side)), row=foot - height(side))
    now, at = list[Placed](), head.row + side
    for part, row in sizes:
        size = fitting(_BELOW[part] * side)
        for number, one in enumerate(row):
            offset = (number - (len(row) - 1) / 2) * size if part == "feet" else 0
            across = round(head.column + side / 2 - size / 2 + offset)
            now.append(replace(one, side=size, column=max(0, min(across, squares[0] - size)), row=at - _under(side)))
        at += size - _under(side)
    worn = _carried(layout, face, head, world)
    others = [one for one in layout.things if one is not face and one not in garments and one not in worn]
    layout = replace(layout, things=(*others, *reversed(now), head, *worn.values()))
    for number, one in enumerate(others):
        figure = is_clothing(one.thing, world) or dressed_in(layout, one, world)  # which must not fall apart
        if not figure and not one.over(face):  # nor does anybody fall off what is ridden
            layout = with_room(layout, number, HIDDEN, *squares)
    return layout


def _under(side: int) -> int:
    """The squares by which what is below a face of this side reaches under what is above it."""
    return max(1, round(_OVER * side))


def undressed(layout: Layout, before: Layout, spoken_of: Collection[int], world: World) -> Layout:
    """The layout after an edit, without what those wore who went and nobody came for, and words do not speak of."""
    was, now = (Counter(one.thing for one in some.things) for some in (before, layout))
    alive = {thing for thing in was | now if world.things[thing] in ALIVE}
    if any(now[thing] > was[thing] for thing in alive):
        return layout
    left = Counter(one for one in layout.things if one.thing in alive)
    gone = [one for one in before.things if one.thing in alive and was[one.thing] > now[one.thing] and not left[one]]
    worn = {each for one in gone for each in (*dressed_in(before, one, world), *_carried(before, one, one, world))}
    worn -= {each for each in worn if each.thing in spoken_of or not is_clothing(each.thing, world)}
    worn -= {each for one in left for each in (*dressed_in(layout, one, world), *_carried(layout, one, one, world))}
    return replace(layout, things=tuple(one for one in layout.things if one not in worn))


def _carried(layout: Layout, face: Placed, head: Placed, world: World) -> dict[Placed, Placed]:
    """What is on a face (hat, glasses) or held beside it, and where it is when the face has become another size or is
    elsewhere."""
    scale, found = head.side / face.side, dict[Placed, Placed]()
    for one in layout.things:
        held = world.things[one.thing] in HANDY and one.over(face) and one.row + one.side == face.row + face.side
        if held and (one.column < face.column or one.column + one.side > face.column + face.side):
            aside = head.column - face.column + (head.side - face.side if one.column > face.column else 0)
            down = head.row + head.side - face.row - face.side
            found[one] = replace(one, column=one.column + aside, row=one.row + down)
            continue
        middle = one.column + one.side / 2, one.row + one.side / 2
        over = face.column <= middle[0] <= face.column + face.side and face.row - one.side / 2 <= middle[1]
        if not is_on_a_face(one.thing, world) or not over or middle[1] > face.row + 1.2 * face.side:
            continue
        side = fitting(one.side * scale)
        across = head.column + (middle[0] - face.column) * scale - side / 2
        down = head.row + (middle[1] - face.row) * scale - side / 2
        found[one] = replace(one, side=side, column=round(across), row=round(down))
    return found


def still_dressed(layout: Layout, before: Layout, world: World, squares: tuple[int, int]) -> Layout:
    """The layout after an edit, with everybody in what they wore before, as far as it is there, wherever they went."""
    for face in before.things:
        wore, faces = dressed_in(before, face, world), [one for one in layout.things if one.thing == face.thing]
        if not faces or is_clothing(face.thing, world):
            continue
        now = min(faces, key=lambda one: abs(one.column - face.column) + abs(one.row - face.row))
        if not wore:
            if now != face:  # and glasses are still where the face was
                on_it = {o: new for o, new in _carried(before, face, now, world).items() if not world.is_worn(o.thing)}
                things = (within(on_it[one], *squares) if one in on_it else one for one in layout.things)
                layout = replace(layout, things=tuple(things))
            continue
        kinds = {one.thing for one in wore}
        left = [one for one in layout.things if one.thing in kinds]
        wears = dressed_in(layout, now, world)
        if any(one not in wears for one in left) or (wears and now.side != face.side):
            layout = dressed(layout, now, list(dict.fromkeys([*wears, *left])), world, squares)
        elif not wears and now == face:  # on its feet again
            down = replace(now, row=max(one.row + one.side for one in wore) - now.side)
            worn = _carried(layout, now, down, world)
            things = (down if one is now else worn.get(one, one) for one in layout.things)
            layout = replace(layout, things=tuple(things))
    return layout
