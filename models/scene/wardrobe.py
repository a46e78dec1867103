"""What is worn below a face: dress, shirt, trousers, shoes, each under the last, as paper dolls wear them.

People and most animals of the painter's world are drawn as faces. Clothes that hang beside one say nothing of who wears
them; below the face they make a figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from models.rendering.kinds import ALIVE, HANDY
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.arranging import HIDDEN, fitting, with_room, within

_TOPS = frozenset("dress,kimono,coat,t-shirt,swimsuit,bikini".split(","))
_LEGS = frozenset("jeans,shorts".split(","))
_FEET = frozenset("boot,sneaker,shoe,sandal,high heel,ballet shoes,ice skate,roller skate,socks".split(","))
_GARMENTS = _TOPS | _LEGS | _FEET
ON_FACES = {
    "glasses": 0.46, "sunglasses": 0.46, "scarf": 1.05, "necktie": 1.1, "ribbon": 1.05, "diving mask": 0.46,
    "headphones": 0.35, "necklace": 1.1,
}  # fmt: skip
"""What is worn on the nose, or at the neck, and how far down from the top of a face its middle belongs."""
AROUND_HEADS = frozenset({"headphones"})
"""What of it is as wide as a head."""
_FACES = frozenset(
    "fox,cat,dog,bear,rabbit,lion,panda,tiger,pig,monkey,unicorn,mouse,frog,chicken,wolf,koala,hamster,raccoon,moose"
    ",wild boar,robot,alien,skull,devil,ogre,smiley,vampire,zombie,elf,angel".split(",")
)
"""Who else than people is drawn as a face, or as far as the shoulders."""
_WHOLE = frozenset(
    "dancer,runner,surfer,cyclist,jockey,skier,snowboarder,fencer,juggler,weightlifter,golfer,gymnast,yogi".split(",")
)
"""The people who are not."""
_TOP, _LEG, _FOOT = 1.2, 1.0, 0.7  # their sides in that of the face above them
_OVER = 0.25  # and how far each reaches under the one above it


def is_clothing(thing: int, world: World) -> bool:
    """Whether a thing is worn: on the head, on the face or below it."""
    return is_on_a_face(thing, world) or is_garment(thing, world)


def is_on_a_face(thing: int, world: World) -> bool:
    """Whether a thing is worn on the head, the nose or at the neck."""
    return world.is_worn(thing) or world.things[thing] in ON_FACES


def is_garment(thing: int, world: World) -> bool:
    """Whether a thing is worn below the face."""
    return world.things[thing] in _GARMENTS


def is_a_face(thing: int, world: World) -> bool:
    """Whether somebody has a face that clothes can hang below."""
    name = world.things[thing]
    return name in _FACES or (world.is_somebody(thing) and name not in _WHOLE)


def on_body(thing: int, world: World) -> float:
    """How far down the middle of a garment belongs on somebody who is drawn as a whole, in the side of that."""
    name = world.things[thing]
    return 0.6 if name in _TOPS else 0.75 if name in _LEGS else 0.95


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
    rows = [[g for g in garments if world.things[g.thing] in some] for some in (_TOPS, _LEGS, _FEET)]
    sizes = [(part, row) for part, row in zip((_TOP, _LEG, _FOOT), rows, strict=True) if row]

    def height(side: int) -> int:
        return side + sum(fitting(part * side) - _under(side) for part, _ in sizes)

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
        size = fitting(part * side)
        for number, one in enumerate(row):
            offset = (number - (len(row) - 1) / 2) * size if part == _FOOT else 0
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
