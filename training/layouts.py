"""Scenes as layouts, and the planner's lessons: words, perhaps a layout before and a region, and the layout after."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from models.english.plurals import plural_of
from models.kinds import MOST
from models.rendering.autoencoder import PATCH
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.planner import Region
from training import scenes
from training.around import changed, surrounded
from training.scenes import Item, Scene
from training.wordings import ALSO_CALLED, asked_of_one, called, described, otherwise, plainly, wearing


@lru_cache
def world() -> World:
    """The names of everything that `training.scenes` draws."""
    return World(
        things=tuple(scenes.things()),
        colours=("", *scenes.COLOURS),
        places=(*scenes.PLACES, *(f"{colour} background" for colour in scenes.BACKDROPS)),
        lights=scenes.LIGHTS,
        weathers=scenes.WEATHERS,
        styles=scenes.STYLES,
    )


@lru_cache
def numbers() -> dict[str, dict[str, int]]:
    """The number of each name in the world, by what it names: "things", "colours", "places", and so on."""
    known = world()
    tables = {kind: getattr(known, kind) for kind in ("things", "colours", "places", "lights", "weathers", "styles")}
    return {kind: {name: number for number, name in enumerate(table)} for kind, table in tables.items()}


def layout_of(scene: Scene, size: tuple[int, int] = (256, 256)) -> Layout:
    """The layout of a scene drawn at `size` pixels (width, height)."""
    number = numbers()
    place = scene.place if scene.place in scenes.PLACES else f"{scene.place} background"
    # What is not seen is not there, whatever the scene says.
    light, weather = scene.light if scene.shows_hour else "day", scene.weather if scene.outdoors else "clear"
    about = (
        number["places"][place],
        number["lights"][light],
        number["weathers"][weather],
        number["styles"][scene.style],
    )
    things: list[Placed] = []
    for item in scene.items:
        left, top, side = scenes.box(item, size)
        things.append(
            Placed(
                number["things"][item.thing],
                number["colours"][item.colour or ""],
                side // PATCH,
                left // PATCH,
                top // PATCH,
            )
        )
    return Layout(about, tuple(things), scene.seed)


def names() -> dict[str, list[tuple[str, str]]]:
    """What each thing is called, as one and as many, for `models.english.naming`."""
    return {
        own: [
            *zip(thing.names, thing.plurals, strict=True),
            *((other, plural_of(other)) for other in ALSO_CALLED.get(own, ())),
        ]
        for own, thing in scenes.things().items()
    }


@dataclass(frozen=True)
class Lesson:
    """What the planner is asked and what it should answer; the extent is in squares."""

    words: str
    extent: tuple[int, int]
    before: Layout | None
    region: Region | None
    after: Layout


# What people add that changes nothing the world could show.
_EXTRAS = (
    "please",
    "highly detailed",
    "4k",
    "beautiful",
    "very nice colours",
    "looking at us",
    "with a friendly face",
    "for my daughter",
    "as a postcard",
    "wide shot",
    "close up",
    "in the middle",
    "cinematic lighting",
    "cartoon",
    "flat illustration",
    "simple",
    "children's book illustration",
    "with soft light",
    "very cute",
    "digital art",
)
# Said of things, and nothing that the world could show either.
_ADJECTIVES = tuple(
    "cozy majestic mysterious vintage colourful shiny fluffy grumpy sleepy adorable magical epic smiling angry dreamy "
    "wooden ancient modern rustic elegant friendly lonely brave sad delicious famous young gigantic".split()
)
_DEEDS = tuple(
    "playing|holding|eating|carrying|watching|chasing|looking at|talking to|riding|using|pushing|guarding|meeting|"
    "sitting beside|standing near|playing with|dancing with".split("|")
)
_FILLS = ("{}", "{}", "add {}", "put {} here", "{} here", "draw {} there", "paint {}")
_CLEARS = ("remove it", "nothing", "remove this", "erase it", "just the background", "empty", "clear this part")
_RARE = ("add", "add", "replace", "size", "size", "move", "move", "count")  # edits that seldom fit a scene
_MIXED = 0.3  # of the lessons: several kinds of things, or many of one
_CROWDED = 14  # columns and rows at least of pictures with more than four things in a list
_AROUND = 0.2  # of the lessons: about place, hour, weather and style, as people call them
_CLEAR_DAY = {"light": "day", "weather": "clear"}
_EXTENTS = tuple((width, height) for width in range(128, 385, 64) for height in range(128, 385, 64))


def extent_of(rng: random.Random) -> tuple[int, int]:
    """Columns and rows of squares of a picture, mostly those of the shapes that can be asked for."""
    width, height = rng.choices((*scenes.EXTENTS, rng.choice(_EXTENTS)), (10, 2, 2, 1))[0]
    return width // PATCH, height // PATCH


def lesson(rng: random.Random, held: bool = False) -> Lesson:
    """A lesson; `held` makes it of scenes kept from training."""
    extent = extent_of(rng)
    size = (extent[0] * PATCH, extent[1] * PATCH)
    scene = _scene(rng, held)
    kind = rng.choices(("paint", "edit", "region"), (0.4, 0.48, 0.12))[0]
    if kind == "edit" and rng.random() < 0.3:  # most edits that there is room for are to scenes of one thing
        while scene.arrangement != "one":
            scene = scenes.invent(rng, held)
    if kind == "paint":
        if rng.random() < _AROUND and scene.items and scene.place in scenes.PLACES:
            words = surrounded(
                _without_place(replace(scene, place="white", style="plain", **_CLEAR_DAY), rng), scene, rng
            )
        elif rng.random() < _MIXED:
            scene, words = _mixed(scene, rng, extent)
        else:
            words = _caption(scene, rng)
        if rng.random() < 0.12:
            words = re.sub(r"\b(an?|the) ", "", words)
        if rng.random() < 0.12:
            words = re.sub(r"\ban? ", f"{scenes.article(rng.choice(_ADJECTIVES))} ", words, count=1)
        if rng.random() < 0.12:
            words = f"{words}, {', '.join(rng.sample(_EXTRAS, rng.choice((1, 1, 2))))}"
        return Lesson(words, extent, None, None, as_said(layout_of(scene, size), words))
    before = _seen(layout_of(scene, size), rng)
    if kind == "region":
        return _marked(scene, before, size, rng)
    if rng.random() < _AROUND and scene.place in scenes.PLACES:
        after, words = changed(scene, rng)
        if scenes.held_out(after) == held:
            return Lesson(words, extent, before, None, replace(before, about=layout_of(after, size).about))
    if rng.random() < 0.3:
        crowd = _seen(layout_of(_mixed(scene, rng, extent)[0], size), rng) if rng.random() < 0.4 else before
        crowded = _crowded(crowd, extent, rng)
        if crowded:
            return crowded
    if scene.style != "plain" and rng.random() < 0.12:
        return Lesson(plainly(scene.style, rng), extent, before, None, _plain(before))
    kind = rng.choice(_RARE) if rng.random() < 0.3 else None
    after, words = scenes.edit(scene, rng, kind, held)
    if rng.random() < 0.5:
        words = otherwise(scene, after, rng) or words
    return Lesson(words, extent, before, None, layout_of(after, size))


# What stands first in an answer should follow from the question; else the planner learns to guess it. (After an edit
# that is the planner's own affair: what became of the things before stands in their order.)


def as_said(layout: Layout, words: str) -> Layout:
    """The layout with its things in the order in which the words name them, where none hides another."""
    if _hidden(layout):
        return layout
    things = sorted(layout.things, key=lambda thing: _first_said(world().things[thing.thing], words))
    return replace(layout, things=tuple(things))


def _hidden(layout: Layout) -> bool:
    """Whether the order of the things says which lies in front."""
    return any(one.over(other) for n, one in enumerate(layout.things) for other in layout.things[:n])


def _first_said(name: str, words: str) -> int:
    """Where words name a thing, by any of its names."""
    found = _named_so(name).search(words)
    return found.start() if found else len(words)


@lru_cache(None)
def _named_so(name: str) -> re.Pattern[str]:
    thing = scenes.things()[name]
    names = (re.escape(one) for one in (*thing.names, *thing.plurals, *ALSO_CALLED.get(name, ())))
    return re.compile(rf"\b(?:{'|'.join(names)})\b")


def _scene(rng: random.Random, held: bool) -> Scene:
    """A scene; those whose words are hard to tell apart come more often than they are drawn: who wears the hat, and
    which of two things is red."""
    hard = rng.random()
    while True:
        scene = scenes.invent(rng, held)
        coloured = len({item.colour for item in scene.items}) > 1
        if hard > 0.35 or (scene.arrangement == "wears" if hard < 0.14 else coloured):
            return scene


def _seen(layout: Layout, rng: random.Random) -> Layout:
    """The layout as an eye may give it: in some other order, now and then a colour wrong."""
    things = [
        replace(t, colour=rng.randrange(len(world().colours))) if rng.random() < 0.02 else t for t in layout.things
    ]
    if not _hidden(layout):
        rng.shuffle(things)
    return Layout(layout.about, tuple(things))


def _caption(scene: Scene, rng: random.Random) -> str:
    if rng.random() < 0.5:
        return described(scene, rng)
    if scene.arrangement == "wears" and rng.random() < 0.6:
        return wearing(scene, rng)
    return _freely(scene, rng) if rng.random() < 0.25 else scenes.caption(scene, rng)


def _freely(scene: Scene, rng: random.Random) -> str:
    """Words that `scenes.caption` does not use: a place with something in it, somebody doing something to another."""
    if scene.place not in scenes.PLACES or (scene.light, scene.weather) != ("day", "clear"):
        return scenes.caption(scene, rng)
    after, alone, _ = scenes.PLACES[scene.place]
    style = "" if scene.style == "plain" else f", {scene.style}"
    named = [_named(replace(item, size=0.4), rng) for item in scene.items]
    if scene.arrangement == "one":
        return f"{rng.choice(alone)} with {named[0]}{rng.choice(('', '', ' in it', ' in front'))}{style}"
    if scene.arrangement == "count":
        many = re.sub(r"^an? ", "", named[0]).replace(
            scene.items[0].thing, scenes.things()[scene.items[0].thing].plural
        )
        some = rng.choice(("", "", "some ", "many ", "a few ", "a group of ", "lots of "))
        told = (f"{rng.choice(alone)} with {some}{many}", f"{some}{many} {rng.choice(after)}")
        return f"{rng.choice(told)}{style}"
    if scene.arrangement in ("left", "right"):
        other = re.sub(r"^an? ", "", named[1]) if rng.random() < 0.4 else named[1]
        return f"{named[0]} {rng.choice(_DEEDS)} {other} {rng.choice(after)}{style}"
    return scenes.caption(scene, rng)


# How many of each kind stand in a row.
_ROWS = ((2, 1), (1, 2), (1, 1, 1), (3, 1), (1, 3), (2, 2))
_CROWDS = {5: 0.25, 6: 0.25, 7: 0.2, 8: 0.15, 9: 0.08, 10: 0.07}  # how often so many stand in two rows


def _counts(rng: random.Random, extent: tuple[int, int]) -> list[int]:
    """How many there are of each kind, where there are several kinds or many of one."""
    if rng.random() < 0.35 or min(extent) < _CROWDED:
        return list(rng.choice(_ROWS))
    total, counts = rng.choices(list(_CROWDS), list(_CROWDS.values()))[0], list[int]()
    if rng.random() < 0.12:
        return [total]
    while (left := total - sum(counts)) > 0:
        counts.append(min(left, rng.choices((1, 2, 3, 4, 5), (12, 4, 2, 1, 1))[0]))
    rng.shuffle(counts)
    return counts


def _stands(total: int, rng: random.Random) -> list[tuple[float, float, float]]:
    """Where so many things stand, in one row or in two, the farther one first: middles, in the picture's width and
    height, and size, as of an `Item`."""
    if total <= 4:
        size, y = (0.31 if total == 3 else 0.25), rng.uniform(0.58, 0.7)
        return [((n + 0.5) / total, y + rng.uniform(-0.03, 0.03), size) for n in range(total)]
    back, size = total // 2, (0.25 if total <= 8 else 0.19)
    rows = ((back, rng.uniform(0.5, 0.58)), (total - back, rng.uniform(0.8, 0.86)))
    stands = [((n + 0.5) / count, y, size) for count, y in rows for n in range(count)]
    if rng.random() < 0.5:  # those of one kind are not always in one row
        rng.shuffle(stands)
    return stands


def _mixed(scene: Scene, rng: random.Random, extent: tuple[int, int]) -> tuple[Scene, str]:
    """Several kinds of things, or many of one, in the scene's place, and their caption: "two dogs and a ball"."""
    counts = _counts(rng, extent)
    kinds: list[Item] = []
    while len(kinds) < len(counts):
        kinds += [one for one in scenes.invent(rng).items[:1] if one.thing not in {kind.thing for kind in kinds}]
    row, told = list[Item](), list[str]()
    stands = iter(_stands(sum(counts), rng))
    for kind, count in zip(kinds, counts, strict=True):
        these = [replace(kind, x=x, y=y, size=size) for x, y, size in islice(stands, count)]
        arrangement = "count" if count > 1 else "one"
        bare = tuple(replace(one, size=0.45) for one in these)
        told.append(_without_place(Scene("white", bare, arrangement), rng))
        row += these
    group = _listed(told, rng)
    scene = replace(scene, items=tuple(row), arrangement="none")
    view = scenes.caption(replace(scene, items=(), style="plain"), rng)
    if scene.place in scenes.PLACES and (scene.light, scene.weather) == ("day", "clear"):
        words = f"{group} {rng.choice(scenes.PLACES[scene.place][0])}"
    else:
        words = rng.choice((f"{view} with {group}", f"{group} in {view}"))
    return scene, words if scene.style == "plain" else f"{words}, {scene.style}"


def _listed(told: Sequence[str], rng: random.Random) -> str:
    """What there is in one list, as people write one."""
    *first, last = told
    if not first:
        return last
    joint = rng.choice((" and ", " and ", " with ", " next to " if len(told) < 4 else ", and ", ", "))
    return f"{rng.choice((', ', ', ', ', ', ' and ', ' ')).join(first)}{joint}{last}"


def _named(item: Item, rng: random.Random) -> str:
    """A thing in words, with no place."""
    if rng.random() < 0.35:
        return scenes.article(f"{item.colour or ''} {called(item.thing, rng)}".strip())
    return _without_place(Scene("white", (item,), "one"), rng)


def _without_place(scene: Scene, rng: random.Random) -> str:
    """The caption of a scene before a plain background that does not speak of it."""
    while True:
        words = scenes.caption(scene, rng)
        if "background" not in words:
            return words


def _marked(scene: Scene, before: Layout, size: tuple[int, int], rng: random.Random) -> Lesson:
    """A region is marked: something comes into it, is repainted, or goes."""
    extent = (size[0] // PATCH, size[1] // PATCH)
    kind = rng.choices(("fill", "clear", "colour"), (0.65, 0.2, 0.15))[0]
    if kind != "fill" and before.things:
        chosen = rng.choice(before.things)
        region = _around(chosen, extent, rng)
        if kind == "clear":
            name = world().things[chosen.thing]
            words = rng.choice((*_CLEARS, f"remove the {name}", f"without the {name}"))
            rest = tuple(t for t in before.things if not region.holds(t))
            return Lesson(words, extent, before, region, Layout(before.about, rest))
        colour = rng.randrange(1, len(world().colours))
        words = f"{rng.choice(('make it', 'paint it', 'colour it', 'turn this'))} {world().colours[colour]}"
        things = tuple(replace(t, colour=colour) if region.holds(t) else t for t in before.things)
        return Lesson(words, extent, before, region, Layout(before.about, things))
    item = Item("", rng.uniform(0.15, 0.85), rng.uniform(0.2, 0.8), rng.choice((0.25, 0.31, 0.38, 0.5)))
    one = scenes.invent(rng).items
    while not one:
        one = scenes.invent(rng).items
    item = replace(item, thing=one[0].thing, colour=one[0].colour)
    new = layout_of(replace(scene, items=(item,)), size).things[0]
    region = _around(new, extent, rng)
    words = rng.choice(_FILLS).format(_named(replace(item, size=0.45), rng))
    rest = tuple(t for t in before.things if not region.holds(t))
    return Lesson(words, extent, before, region, Layout(before.about, (*rest, new)))


def _plain(layout: Layout) -> Layout:
    place, light, weather, _ = layout.about
    return replace(layout, about=(place, light, weather, 0))


def _crowded(before: Layout, extent: tuple[int, int], rng: random.Random) -> Lesson | None:
    """A change to one thing among several, now and then with more things than scenes are invented with; None where it
    cannot be made."""
    while len(before.things) < rng.choices((2, 3, 4, 6), (0.5, 0.25, 0.15, 0.1))[0]:
        grown = _with_one_more(before, extent, rng)
        if grown is None:
            return None
        before = grown
    kinds = Counter(one.thing for one in before.things)
    single = [number for number, one in enumerate(before.things) if kinds[one.thing] == 1]
    if not single:
        return None  # which of two is meant?
    number = rng.choice(single)
    old, rest = before.things[number], before.things[:number] + before.things[number + 1 :]
    thing = scenes.things()[world().things[old.thing]]
    noun = called(thing.name, rng)
    words = {"who": f"the {noun}", "noun": noun, "many": called(thing.name, rng, many=True)}
    kind = rng.choices(("colour", "replace", "add", "remove", "bigger", "smaller", "move", "another", "only"),
                       (5, 5, 5, 5, 4, 4, 5, 3, 2))[0]  # fmt: skip
    new: Placed | None = old
    match kind:
        case "colour":
            new = replace(old, colour=rng.randrange(1, len(world().colours)))
            words["hue"] = world().colours[new.colour]
            if new == old or thing.kind == "person":
                return None
        case "bigger" | "smaller":
            new = resized(old, 2 if kind == "bigger" else -2, extent)
        case "move":
            words["side"] = rng.choice(("left", "right"))
            new = moved(old, words["side"], extent)
        case "replace":
            other = _any_thing(rng)
            words["other"] = _named(other, rng)
            new = replace(old, thing=numbers()["things"][other.thing], colour=numbers()["colours"][other.colour or ""])
            if any(one.thing == new.thing for one in before.things):
                return None
        case "add" | "another":
            grown = _with_one_more(before, extent, rng, old if kind == "another" else None)
            if grown is None:
                return None
            added = grown.things[-1]
            item = Item(world().things[added.thing], 0.5, 0.5, 0.4, world().colours[added.colour] or None)
            words["what"] = _named(item, rng)
            return Lesson(asked_of_one(kind, rng, **words), extent, before, None, grown)
        case _:
            kept_things = rest if kind == "remove" else (old,)
            after = replace(before, things=kept_things)
            return Lesson(asked_of_one(kind, rng, **words), extent, before, None, after)
    if new is None:
        return None
    things = (*before.things[:number], new, *before.things[number + 1 :])
    return Lesson(asked_of_one(kind, rng, **words), extent, before, None, replace(before, things=things))


def _any_thing(rng: random.Random) -> Item:
    while True:
        for one in scenes.invent(rng).items[:1]:
            return replace(one, size=0.4)


def _with_one_more(
    before: Layout, extent: tuple[int, int], rng: random.Random, like: Placed | None = None
) -> Layout | None:
    """The layout with another thing where none is, behind all in its list: of a new kind, or like a given one."""
    if len(before.things) >= MOST:
        return None
    if like is None:
        item = _any_thing(rng)
        thing, colour = numbers()["things"][item.thing], numbers()["colours"][item.colour or ""]
        if any(one.thing == thing for one in before.things):
            return None
    else:
        thing, colour = like.thing, like.colour
    sides = [side for side in SIDES if 3 <= side <= (like.side if like else 6)] or [SIDES[0]]
    for _ in range(12 + 4 * len(before.things)):
        if grown := with_one_at_random(before, Placed(thing, colour, rng.choice(sides[-2:]), 0, 0), extent, rng):
            return grown
    return None


def with_one_at_random(layout: Layout, new: Placed, extent: tuple[int, int], rng: random.Random) -> Layout | None:
    """The layout with one thing more, somewhere on the ground, farther off where much stands there; None where
    something stands there."""
    column = rng.randrange(0, max(1, extent[0] - new.side + 1))
    farthest = 0.75 if len(layout.things) < 4 else 0.5
    row = max(0, min(extent[1] - new.side, round(extent[1] * rng.uniform(farthest, 0.97)) - new.side))
    new = replace(new, column=column, row=row)
    return None if any(new.over(one) for one in layout.things) else replace(layout, things=(*layout.things, new))


def resized(old: Placed, by: int, extent: tuple[int, int]) -> Placed | None:
    """The thing so many sizes larger or smaller, standing where it stood; None where there is no such size."""
    number = SIDES.index(old.side) + by
    if not 0 <= number < len(SIDES) or SIDES[number] > min(extent):
        return None
    side = SIDES[number]
    column = min(max(0, old.column + (old.side - side) // 2), extent[0] - side)
    return replace(old, side=side, column=column, row=max(0, min(old.row + old.side - side, extent[1] - side)))


def moved(old: Placed, side: str, extent: tuple[int, int]) -> Placed | None:
    """The thing at the left or right edge, four squares higher or lower, or None where it is nearly there."""
    if side in ("up", "down"):
        row = max(0, old.row - 4) if side == "up" else min(extent[1] - old.side, old.row + 4)
        return replace(old, row=row) if abs(row - old.row) >= 2 else None
    column = 0 if side == "left" else extent[0] - old.side
    return replace(old, column=column) if abs(column - old.column) >= 2 else None


def _around(one: Placed, extent: tuple[int, int], rng: random.Random) -> Region:
    left, top, right, bottom = (rng.choice((0, 0, 1, 2)) for _ in range(4))
    return Region(
        max(0, one.column - left),
        max(0, one.row - top),
        min(extent[0], one.column + one.side + right),
        min(extent[1], one.row + one.side + bottom),
    )


def agrees(planned: Layout, wanted: Layout) -> bool:
    """Whether a plan is right: the same surroundings and the same things in the same colours, wherever they are."""
    return planned.about == wanted.about and planned.kinds == wanted.kinds
