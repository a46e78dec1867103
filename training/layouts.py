"""Scenes as layouts, and the planner's lessons: words, perhaps a layout before and a region, and the layout after."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from models.autoencoder import PATCH
from models.layout import Layout, Placed, World
from models.planner import Region
from training import scenes
from training.scenes import Item, Scene


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
def _numbers() -> dict[str, dict[str, int]]:
    names = world()
    tables = {kind: getattr(names, kind) for kind in ("things", "colours", "places", "lights", "weathers", "styles")}
    return {kind: {name: number for number, name in enumerate(table)} for kind, table in tables.items()}


def layout_of(scene: Scene, size: tuple[int, int] = (128, 128)) -> Layout:
    """The layout of a scene drawn at `size` pixels (width, height)."""
    number = _numbers()
    place = scene.place if scene.place in scenes.PLACES else f"{scene.place} background"
    # Indoors neither light nor weather is seen, whatever the scene says.
    light, weather = (scene.light, scene.weather) if scene.outdoors else ("day", "clear")
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
    return Layout(about, tuple(things))


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
_FILLS = ("{}", "{}", "add {}", "put {} here", "{} here", "draw {} there", "paint {}")
_CLEARS = ("remove it", "nothing", "remove this", "erase it", "just the background", "empty", "clear this part")
_EXTENTS = tuple((width, height) for width in (64, 96, 128, 160, 192) for height in (64, 96, 128, 160, 192))


def lesson(rng: random.Random, held: bool = False) -> Lesson:
    """A lesson; `held` makes it of scenes kept from training."""
    size = rng.choices(((128, 128), (160, 96), (96, 160), rng.choice(_EXTENTS)), (10, 2, 2, 1))[0]
    extent = (size[0] // PATCH, size[1] // PATCH)
    scene = _scene(rng, held)
    kind = rng.choices(("paint", "edit", "region"), (0.55, 0.33, 0.12))[0]
    if kind == "paint":
        words = scenes.caption(scene, rng)
        if rng.random() < 0.12:
            words = f"{words}, {', '.join(rng.sample(_EXTRAS, rng.choice((1, 1, 2))))}"
        return Lesson(words, extent, None, None, layout_of(scene, size))
    before = _seen(layout_of(scene, size), rng)
    if kind == "region":
        return _marked(scene, before, size, rng)
    after, words = scenes.edit(scene, rng, held=held)
    return Lesson(words, extent, before, None, layout_of(after, size))


def _scene(rng: random.Random, held: bool) -> Scene:
    """A scene; those whose words are hard to tell apart come more often than they are drawn: who wears the hat, and
    which of two things is red."""
    hard = rng.random()
    while True:
        scene = scenes.invent(rng, held)
        coloured = len({item.colour for item in scene.items}) > 1
        if hard > 0.35 or (scene.arrangement == "wears" if hard < 0.1 else coloured):
            return scene


def _seen(layout: Layout, rng: random.Random) -> Layout:
    """The layout as an eye may give it: in some other order, now and then a colour wrong."""
    things = [
        replace(t, colour=rng.randrange(len(world().colours))) if rng.random() < 0.02 else t for t in layout.things
    ]
    rng.shuffle(things)
    return Layout(layout.about, tuple(things))


def _named(item: Item, rng: random.Random) -> str:
    """A thing in words, with no place."""
    while True:
        words = scenes.caption(Scene("white", (item,), "one"), rng)
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
            rest = tuple(t for t in before.things if not _inside(t, region))
            return Lesson(words, extent, before, region, Layout(before.about, rest))
        colour = rng.randrange(1, len(world().colours))
        words = f"{rng.choice(('make it', 'paint it', 'colour it', 'turn this'))} {world().colours[colour]}"
        things = tuple(replace(t, colour=colour) if _inside(t, region) else t for t in before.things)
        return Lesson(words, extent, before, region, Layout(before.about, things))
    item = Item("", rng.uniform(0.15, 0.85), rng.uniform(0.2, 0.8), rng.choice((0.25, 0.31, 0.38, 0.5)))
    one = scenes.invent(rng).items
    while not one:
        one = scenes.invent(rng).items
    item = replace(item, thing=one[0].thing, colour=one[0].colour)
    new = layout_of(replace(scene, items=(item,)), size).things[0]
    region = _around(new, extent, rng)
    words = rng.choice(_FILLS).format(_named(replace(item, size=0.45), rng))
    rest = tuple(t for t in before.things if not _inside(t, region))
    return Lesson(words, extent, before, region, Layout(before.about, (*rest, new)))


def _around(one: Placed, extent: tuple[int, int], rng: random.Random) -> Region:
    left, top, right, bottom = (rng.choice((0, 0, 1, 2)) for _ in range(4))
    return Region(
        max(0, one.column - left),
        max(0, one.row - top),
        min(extent[0], one.column + one.side + right),
        min(extent[1], one.row + one.side + bottom),
    )


def _inside(one: Placed, region: Region) -> bool:
    """Whether the middle of a thing lies in the region."""
    across, down = one.column + one.side / 2, one.row + one.side / 2
    return region.left <= across < region.right and region.top <= down < region.bottom


def agrees(planned: Layout, wanted: Layout) -> bool:
    """Whether a plan is right: the same surroundings and the same things in the same colours, wherever they are."""
    return planned.about == wanted.about and _kinds(planned.things) == _kinds(wanted.things)


def _kinds(things: Sequence[Placed]) -> list[tuple[int, int]]:
    return sorted((t.thing, t.colour) for t in things)
