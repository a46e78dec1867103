"""Tells from pixels alone whether a picture shows what was asked: GenEval's protocol in the world of our scenes.

GenEval (Ghosh et al. 2023, arXiv 2310.11513) lets a detector look at painted pictures and asks it six kinds of
question: is one thing there, are two, in the right number, in the right colour, in the right relation, each in its own
colour. Here no detector need be trained. Every thing is a glyph that stands on a lattice of sixteen pixels in one of
seven sides, so all of them can be tried: `Sight` compares each thing in each colour at each place with the picture,
coarsely and at once, then finely where the asked thing may be. How well a thing *explains* what is there is the squared
error it saves against "here goes on what is around". The asked thing counts only where no other explains more.

How far the judge can be trusted is measured with it, never assumed: on drawn pictures of the scenes (it should agree),
on the same pictures under another's prompt, and under a prompt that misses by one thing, number, colour or side (it
should refuse). What surrounds the things (place, light, weather, style) is read by linear classifiers made from drawn
scenes; they see the whole picture and are wrong more often.

The judge looks at pictures at half their size, and counts in those pixels.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from platformdirs import user_cache_path
from torch.nn import functional

from training import scenes
from training.scenes import Item, Scene

Floats = NDArray[Any]  # of float32
HALF = 2  # by which pictures are made smaller before they are looked at
LATTICE, SIDES = scenes.LATTICE // HALF, tuple(side // HALF for side in scenes.SIDES)

# Cells a side at which a thing of each side is tried first; a cell is 2, 4 or 8 pixels, so that cells meet the lattice.
_CELLS = {24: 12, 32: 8, 40: 10, 48: 12, 64: 16, 80: 10, 96: 12}
_SKETCH = 28  # cells a side of the glyphs that the coarse templates are made from
_TRIED = 24  # coarse matches at a place that are looked at finely
_EQUAL = 0.55  # a thing less like than this part of the likest of its kind is none
_LIKE = 0.55  # the part of the contrast that a thing must explain to be there
_FAINTEST = 3.0  # less squared error saved than this (1 is black to white in one channel of a pixel) is nothing
_LOOKS = 24  # places at which one thing is looked for, at most
_OTHER = 0.15  # squared error from which a pixel is simply another: flakes and streaks count no more than that
_OUTSIDE = 9.0  # stands for what is beyond the picture: unlike anything
_NOISE = 0.0008  # squared error a pixel that is put down to softness


# --- light ---


@dataclass(frozen=True)
class Lighting:
    """What light and weather do to a thing's colours, by channel: times `gain`, plus `veil` (values of 0–1)."""

    gain: tuple[float, float, float]
    veil: tuple[float, float, float]

    @property
    def arrays(self) -> tuple[Floats, Floats]:
        return np.array(self.gain, np.float32), np.array(self.veil, np.float32)


@cache
def lighting(light: str, weather: str) -> Lighting:
    """Measured on a drawn thing, by a straight line through its colours in this light and on their own."""
    name = next(iter(scenes.things()))
    seen, own = list[Floats](), list[Floats]()
    for colour in (None, "white", "black", "red", "green", "blue"):
        item = Item(name, 0.5, 0.5, 0.75, colour)
        left, top, side = box(item)
        drawn = scenes.render(Scene(scenes.OUTDOORS[0], (item,), "one", light, weather))
        rgb, alpha = _sprite(name, colour, side)
        inside = alpha > 0.99
        seen.append(_values(drawn)[top : top + side, left : left + side][inside])
        own.append(rgb[inside])
    lines = [_line(x, y) for x, y in zip(np.concatenate(own).T, np.concatenate(seen).T, strict=True)]
    gain, veil = zip(*lines, strict=True)
    return Lighting(gain, veil)


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """Slope and start, rounded, of the line through most points: flakes and streaks of rain do not count."""
    kept = np.ones(len(x), bool)
    slope, start = 1.0, 0.0
    for limit in (0.15, 0.05, 0.02):
        fitted = np.polyfit(x[kept], y[kept], 1)
        slope, start = float(fitted[0]), float(fitted[1])
        kept = np.abs(slope * x + start - y) < limit
    return round(slope, 2), round(start, 2)


# --- what things look like ---


def _values(picture: Image.Image) -> Floats:
    """The picture at half its size as (height, width, 3) values of 0–1."""
    return np.asarray(picture.convert("RGB").reduce(HALF), np.float32) / 255


def box(item: Item) -> tuple[int, int, int]:
    """Where a square picture of a scene shows an item: left, top and side in the judge's pixels."""
    left, top, side = scenes.box(item, scenes.EXTENTS[0])
    return left // HALF, top // HALF, side // HALF


def _sprite(name: str, colour: str | None, side: int) -> tuple[Floats, Floats]:
    """A thing's colours (side, side, 3) and opacity (side, side) at a side in the judge's pixels, as
    `scenes.render` pastes it."""
    sprite = scenes.glyph(name, colour).resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    values = np.asarray(sprite, np.float32) / 255
    return values[..., :3], values[..., 3]


@lru_cache(maxsize=8192)
def _template(name: str, colour: str | None, side: int) -> tuple[Floats, Floats]:
    """The same, two by two pixels averaged: what is softer than that is still alike."""
    rgb, alpha = _sprite(name, colour, side)
    cover = _halved(alpha)
    return _halved(rgb * alpha[..., None]) / np.maximum(cover, 1e-3)[..., None], cover


def _halved(values: Floats) -> Floats:
    return (values[::2, ::2] + values[1::2, ::2] + values[::2, 1::2] + values[1::2, 1::2]) / 4


@dataclass(frozen=True)
class _Bank:
    """All things in all colours at one number of cells a side, as matrices to multiply pictures with.

    `weight` (things, cells²): how far a cell counts. `coloured` (things × colours, 3 cells²): the thing's colours times
    that. `energy` (things × colours): their weighted squares.
    """

    weight: torch.Tensor
    coloured: torch.Tensor
    energy: torch.Tensor


COLOURS: tuple[str | None, ...] = (None, *scenes.COLOURS)


@cache
def _names() -> tuple[str, ...]:
    return tuple(scenes.things())


@cache
def _sketches() -> tuple[torch.Tensor, torch.Tensor]:
    """Every thing small: opacity (things, 28, 28) and colours times opacity (things, colours, 3, 28, 28)."""
    covers, painted = list[Floats](), list[Floats]()
    for name in _names():
        sprite = scenes.glyph(name, None).resize((_SKETCH, _SKETCH), Image.Resampling.BOX)
        values = np.asarray(sprite, np.float32) / 255
        rgb, cover = values[..., :3], values[..., 3]
        opaque = cover > 0.3
        looks = [rgb]
        for colour in scenes.COLOURS.values():
            look = np.broadcast_to(np.array(colour, np.float32) / 255, rgb.shape).copy()
            look[opaque] = scenes.tint(rgb[opaque].astype(np.float32), colour)
            looks.append(look)
        covers.append(cover)
        painted.append((np.stack(looks) * cover[..., None]).transpose(0, 3, 1, 2))
    return torch.from_numpy(np.stack(covers)), torch.from_numpy(np.stack(painted))


@cache
def _bank(cells: int) -> _Bank:
    covers, painted = _sketches()
    cover = functional.interpolate(covers[:, None], (cells, cells), mode="area")[:, 0]
    colours = functional.interpolate(painted.flatten(0, 1), (cells, cells), mode="area")
    colours = colours.reshape(len(covers), len(COLOURS), 3, -1) / cover.clamp_min(1e-3).reshape(len(covers), 1, 1, -1)
    weight = cover.square().flatten(1)
    coloured = colours * weight[:, None, None]
    return _Bank(
        weight,
        coloured.flatten(2).flatten(0, 1).contiguous(),
        (coloured * colours).sum((2, 3)).flatten(),
    )


# --- looking ---


@dataclass(frozen=True)
class Seen:
    """A thing somewhere: upper left corner and side in pixels, the squared error it saves, and the part of the contrast
    with what is around it that this is."""

    thing: str
    colour: str | None
    left: int
    top: int
    side: int
    saved: float
    likeness: float

    @property
    def weight(self) -> float:
        """What matches are ranked by: that much explained, and that well."""
        return self.saved * max(0.0, self.likeness) ** 4

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.side / 2, self.top + self.side / 2


@dataclass
class _Coarse:
    """How much each thing promises at each place (places, things × colours), for one side: more for a greater part of a
    greater contrast. And the places' upper left corners (places, 2)."""

    side: int
    promise: torch.Tensor
    corners: torch.Tensor


def _background(framed: torch.Tensor) -> torch.Tensor:
    """Squared errors (…, h, w) if what is around a box continued into it.

    `framed` (…, 3, h + 2, w + 2) is the box and one cell about it; each cell is expected to be as the frame is left,
    right, above or below of it, whichever is nearest. So a horizon behind the box is no surprise.
    """
    box = framed[..., 1:-1, 1:-1]
    edges = (
        framed[..., 1:-1, :1],
        framed[..., 1:-1, -1:],
        framed[..., :1, 1:-1],
        framed[..., -1:, 1:-1],
    )
    errors = [(box - edge).square().sum(-3) for edge in edges]
    return torch.stack(errors).amin(0)


def _coarse(picture: torch.Tensor, side: int) -> _Coarse:
    """Tries every thing at every place of a picture (3, height, width) whose light was undone."""
    cells = _CELLS[side]
    pixels = side // cells
    small = functional.pad(functional.avg_pool2d(picture, pixels), (1, 1, 1, 1), value=_OUTSIDE)
    framed = small.unfold(1, cells + 2, LATTICE // pixels).unfold(2, cells + 2, LATTICE // pixels)
    framed = framed.permute(1, 2, 0, 3, 4).flatten(0, 1)
    plain = _background(framed).flatten(1)
    patches = framed[..., 1:-1, 1:-1].flatten(2)
    bank = _bank(cells)
    shape = (len(patches), len(bank.weight), len(COLOURS))
    total = patches.square().sum(1) @ bank.weight.T
    error = total[..., None] + (bank.energy - 2 * (patches.flatten(1) @ bank.coloured.T)).reshape(shape)
    unexplained = (plain @ bank.weight.T)[..., None]
    unexplained = unexplained + _NOISE
    # Never quite zero: among spots where coarse cells tell little, those with the smaller error still come first.
    promise = unexplained * (error.clamp_min(0) / unexplained * -6).exp_() * pixels**2
    columns = (picture.shape[2] - side) // LATTICE + 1
    places = torch.arange(len(patches))
    corners = torch.stack([places % columns, places // columns], 1) * LATTICE
    return _Coarse(side, promise.flatten(1), corners)


class _View:
    """A picture under one lighting: how well any thing would explain what is anywhere in it."""

    def __init__(self, values: Floats, lit: Lighting) -> None:
        self._gain, self._veil = lit.arrays
        undone = ((values - self._veil) / self._gain).clip(-0.2, 1.2)
        picture = torch.from_numpy(np.ascontiguousarray(undone.transpose(2, 0, 1)))
        self._half = np.pad(_halved(values), ((1, 1), (1, 1), (0, 0)), constant_values=_OUTSIDE)
        room = min(values.shape[:2])
        levels = [_coarse(picture, side) for side in SIDES if side <= room]
        self._side = torch.cat([torch.full((len(level.promise),), level.side) for level in levels])
        self._corner = torch.cat([level.corners for level in levels])
        self._middle = self._corner + self._side[:, None] / 2
        self._promise = torch.cat([level.promise for level in levels])

    def find(self, name: str) -> list[Seen]:
        """Everywhere the thing explains more than any other thing would there, best first."""
        thing, found = _names().index(name), list[Seen]()
        best = self._promise[:, thing * len(COLOURS) : (thing + 1) * len(COLOURS)].amax(1)
        for _ in range(_LOOKS):
            spot = int(best.argmax())
            if best[spot] <= 0:
                break
            near = self._near(spot)
            seen = max(self._fine(near, 8, thing), key=lambda s: s.weight)
            best[near] = 0
            if seen.likeness < _LIKE or seen.saved < _FAINTEST:
                continue
            if all(other.weight <= seen.weight for other in self._fine(near, _TRIED)):
                found.append(replace(seen, colour=self._colour(seen)))
                off = (self._middle - torch.tensor(seen.middle)).abs().amax(1)
                best[off < 0.4 * self._side.clamp(min=seen.side)] = 0
        return sorted(found, key=lambda s: -s.likeness)

    def _near(self, spot: int) -> torch.Tensor:
        """The spots at which a thing would be taken for one at this spot."""
        ratio = self._side / self._side[spot]
        off = (self._middle - self._middle[spot]).abs().amax(1)
        return ((off <= LATTICE) & (ratio < 1.35) & (ratio > 0.74)).nonzero()[:, 0]

    def _fine(self, spots: torch.Tensor, count: int, thing: int | None = None) -> list[Seen]:
        """The best coarse matches at these spots (of one thing, if given), looked at finely."""
        first, last = (0, len(_names())) if thing is None else (thing, thing + 1)
        rows = self._promise[spots, first * len(COLOURS) : last * len(COLOURS)]
        seen: list[Seen] = []
        for number in rows.flatten().topk(min(count, rows.numel())).indices.tolist():
            spot, (kind, colour) = spots[number // rows.shape[1]], divmod(number % rows.shape[1], len(COLOURS))
            left, top = self._corner[spot].tolist()
            seen.append(self.compare(_names()[first + kind], COLOURS[colour], left, top, int(self._side[spot])))
        return seen

    def compare(self, name: str, colour: str | None, left: int, top: int, side: int) -> Seen:
        """How well a thing explains the pixels at a place."""
        rgb, cover = _template(name, colour, side)
        framed = self._half[top // 2 : (top + side) // 2 + 2, left // 2 : (left + side) // 2 + 2]
        patch = framed[1:-1, 1:-1]
        around = _background(torch.from_numpy(framed).permute(2, 0, 1)).numpy()
        weight = 4 * cover**2
        error = float((np.square(patch - rgb * self._gain - self._veil).sum(-1).clip(0, _OTHER) * weight).sum())
        plain = float((around.clip(0, _OTHER) * weight).sum())
        return Seen(
            name,
            colour,
            left,
            top,
            side,
            plain - error,
            (plain - error) / (plain + _NOISE * float(weight.sum())),
        )

    def _colour(self, seen: Seen) -> str | None:
        """The tint that is nearest to what stands there, of all tints of that thing."""
        tried = (self.compare(seen.thing, colour, seen.left, seen.top, seen.side) for colour in COLOURS)
        return max(tried, key=lambda s: s.saved).colour


# --- what is asked ---

TASKS = ("single object", "two objects", "counting", "colours", "position", "colour attribution")
_APART = 0.12  # of the picture's side: things nearer than that stand in no relation
OPPOSITE = {"left": "right", "right": "left", "above": "below", "below": "above", "on": "below", "wears": "below"}


@dataclass(frozen=True)
class Ask:
    """One question about a picture: a task of TASKS and what it asks for.

    Colours, number and relation count only where the task is about them; under which light to look first is said by
    light and weather.
    """

    task: str
    things: tuple[tuple[str, str | None], ...]
    count: int = 1
    relation: str = ""
    light: str = "day"
    weather: str = "clear"

    @classmethod
    def of(cls, task: str, scene: Scene) -> Ask:
        """What a picture of the scene should show for a task."""
        things = tuple(dict.fromkeys((item.thing, item.colour) for item in scene.items))
        light, weather = (scene.light, scene.weather) if scene.outdoors else ("day", "clear")
        return cls(task, things, len(scene.items), scene.arrangement, light, weather)

    def missed(self, rng: random.Random) -> Ask:
        """Nearly the same question, which a picture that answers this one does not answer."""
        (thing, colour), *others = self.things
        if self.task == "counting":
            return replace(self, count=rng.choice([n for n in (1, 2, 3, 4) if n != self.count]))
        if self.task == "position":
            return replace(self, relation=OPPOSITE[self.relation])
        if self.task == "colours":
            return replace(self, things=((thing, rng.choice([c for c in scenes.COLOURS if c != colour])),))
        if self.task == "colour attribution":
            (other, second), *_ = others
            return replace(self, things=((thing, second), (other, colour)))
        kind = scenes.things()[self.things[-1][0]].kind
        asked = {name for name, _ in self.things}
        alike = [n for n, t in scenes.things().items() if t.kind == kind and n not in asked] or ["fox"]
        return replace(self, things=(*self.things[:-1], (rng.choice(alike), None)))


class Sight:
    """One picture, looked at as often as it is asked about.

    Args:
        picture: RGB, sides multiples of 16.
        read: Light and weather as read off the picture: under them it is looked at once more if it does not show what
            was asked in the light that was asked for.
    """

    def __init__(self, picture: Image.Image, read: tuple[str, str] | None = None) -> None:
        self._values = _values(picture)
        self._read = read
        self._views: dict[Lighting, _View] = {}

    def find(self, name: str, light: str = "day", weather: str = "clear") -> list[Seen]:
        """Everywhere the thing explains more than any other thing does, the likest first: in that light, or else in the
        one that was read."""
        found = (self._in(name, *lit) for lit in self._lights(light, weather))
        return next((seen for seen in found if seen), [])

    def shows(self, ask: Ask) -> bool:
        """Whether the picture shows what is asked."""
        return any(self._answers(ask, *lit) for lit in self._lights(ask.light, ask.weather))

    def _lights(self, light: str, weather: str) -> list[tuple[str, str]]:
        first = (light, weather)
        return [first] if self._read in (None, first) else [first, self._read]

    def _in(self, name: str, light: str, weather: str) -> list[Seen]:
        lit = lighting(light, weather)
        if lit not in self._views:
            self._views[lit] = _View(self._values, lit)
        found = self._views[lit].find(name)
        return [seen for seen in found if seen.likeness > _EQUAL * found[0].likeness]

    def _answers(self, ask: Ask, light: str, weather: str) -> bool:
        found = [self._in(name, light, weather) for name, _ in ask.things]
        if not all(found):
            return False
        if ask.task == "counting":
            return number(found[0]) == ask.count
        if ask.task == "position":
            return self._related(found[0][0], found[1][0], ask.relation)
        if ask.task in ("colours", "colour attribution"):
            return all(seen[0].colour == colour for seen, (_, colour) in zip(found, ask.things, strict=True))
        return True

    def _related(self, first: Seen, second: Seen, relation: str) -> bool:
        height, width = self._values.shape[:2]
        across = (first.middle[0] - second.middle[0]) / width
        down = (first.middle[1] - second.middle[1]) / height
        said = {"left": -across, "right": across, "below": down}
        return said.get(relation, -down) > _APART


def number(found: Sequence[Seen]) -> int:
    """How many there are: those as large as the likest."""
    return sum(seen.side == found[0].side for seen in found)


# --- reading what is around ---

ABOUT = ("place", "light", "weather", "style")
_LESSONS, _STYLED = 2400, 900  # drawn scenes that the readers are made from: plain ones, and some in every style


def _scenery(picture: Image.Image) -> Floats:
    """What place, light and weather are read from: colours and their squares on a grid, texture, and fine detail."""
    values = _square(picture)
    small, coarse = _boxes(values, 16), _boxes(values, 8)
    texture = _boxes(_steps(values).sum(0)[..., None], 16)
    parts = [small, coarse**2, 3 * texture, 4 * _detail(values), np.ones(1)]
    return np.concatenate([part.ravel() for part in parts]).astype(np.float32)


def _manner(picture: Image.Image) -> Floats:
    """What a style is read from: how bright, coloured and stepped the pixels are all in all and at the edge."""
    values = _square(picture)
    coloured = values.max(-1) - values.min(-1)
    edge = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    parts = [
        *(_shares(values[..., channel], 12) for channel in range(3)),
        _shares(coloured, 12),
        _shares(4 * _steps(values).max(0), 12),
        _shares(edge.mean(-1), 6),
        edge.std(0),
        10 * _detail(values),
        np.ones(1),
    ]
    return np.concatenate([part.ravel() for part in parts]).astype(np.float32)


def _square(picture: Image.Image) -> Floats:
    size = scenes.EXTENTS[0]
    return _values(picture if picture.size == size else picture.resize(size, Image.Resampling.BOX))


def _steps(values: Floats) -> Floats:
    """Differences of luma from each pixel to the next, down and across: (2, height, width)."""
    luma = values @ np.array((0.3, 0.55, 0.15), np.float32)
    return np.abs(np.stack([np.diff(luma, axis=axis, append=0) for axis in (0, 1)]))


def _detail(values: Floats) -> Floats:
    """Where in the lattice's squares the finest detail lies: flakes and streaks have theirs at fixed places."""
    luma = values @ np.array((0.3, 0.55, 0.15), np.float32)
    fine = np.abs(4 * luma - sum(np.roll(luma, step, axis) for axis in (0, 1) for step in (-1, 1)))
    return np.stack([part.reshape(16, 8, 16, 8).mean((0, 2)) for part in (fine, *_steps(values))])


def _shares(values: Floats, count: int) -> Floats:
    """A histogram of values of 0–1, as roots of shares."""
    return np.sqrt(np.histogram(values.clip(0, 1), count, (0, 1))[0] / values.size)


def _boxes(values: Floats, count: int) -> Floats:
    """Means over `count` × `count` equal boxes of a square picture (side, side, channels)."""
    side = len(values) // count
    return values.reshape(count, side, count, side, -1).mean((1, 3))


@dataclass(frozen=True)
class Readers:
    """Linear classifiers of what surrounds the things; `names` and `weights` (features, names) by aspect of ABOUT."""

    names: dict[str, list[str]]
    weights: dict[str, Floats]

    def __call__(self, picture: Image.Image) -> dict[str, str]:
        """What the picture seems to be, by aspect; light and weather are told only outdoors and in plain style."""
        read = {"style": _manner(picture)}
        scenery = _scenery(picture)
        return {
            aspect: names[int((read.get(aspect, scenery) @ self.weights[aspect]).argmax())]
            for aspect, names in self.names.items()
        }

    @classmethod
    def taught(cls, drawn: Sequence[tuple[Scene, Image.Image]]) -> Readers:
        """By ridge regression, every class counting alike."""
        scenery = np.stack([_scenery(picture) for _, picture in drawn])
        manner = np.stack([_manner(picture) for _, picture in drawn])
        names: dict[str, list[str]] = {}
        weights: dict[str, Floats] = {}
        for aspect in ABOUT:
            kept = [n for n, (scene, _) in enumerate(drawn) if _is_about(aspect, scene)]
            labels = [getattr(drawn[n][0], aspect) for n in kept]
            names[aspect] = sorted(set(labels))
            targets = np.eye(len(names[aspect]), dtype=np.float32)[[names[aspect].index(label) for label in labels]]
            rows = (1 / targets.mean(0))[targets.argmax(1)][:, None]
            inputs = (manner if aspect == "style" else scenery)[kept]
            gram = (inputs * rows).T @ inputs + (0.02 if aspect == "style" else 1.0) * np.eye(inputs.shape[1])
            weights[aspect] = np.linalg.solve(gram, (inputs * rows).T @ targets)
        return cls(names, weights)

    @classmethod
    def load(cls) -> Readers:
        """Made from drawn scenes; kept in the user's cache until the world or this way to read it changes."""
        code = "".join(
            inspect.getsource(part)
            for part in (scenes, _values, _scenery, _manner, _steps, _detail, _shares, _drawn, Readers)
        )
        file = user_cache_path("easel") / f"readers-{hashlib.sha256(code.encode()).hexdigest()[:16]}.npz"
        if file.exists():
            kept = np.load(file)
            return cls(json.loads(str(kept["names"])), {aspect: kept[aspect] for aspect in ABOUT})
        made = cls.taught(list(_drawn()))
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, names=json.dumps(made.names), **made.weights)  # pyright: ignore[reportArgumentType]
        return made


def _is_about(aspect: str, scene: Scene) -> bool:
    if aspect == "style":
        return True
    return scene.style == "plain" and (aspect == "place" or scene.outdoors)


def _drawn() -> Iterator[tuple[Scene, Image.Image]]:
    """Scenes to learn reading from, none of them kept from training."""
    rng = random.Random(99)
    for number in range(_LESSONS + _STYLED):
        scene = scenes.invent(rng, styles=0)
        if number >= _LESSONS:
            scene = replace(scene, style=scenes.STYLES[number % len(scenes.STYLES)])
        yield scene, scenes.render(scene)


@cache
def readers() -> Readers:
    return Readers.load()


# --- things in pictures of another style ---


def restyled(picture: Image.Image, scene: Scene, spots: Sequence[Seen]) -> list[bool]:
    """Whether things are still at their spots in a picture whose style is not plain, where they cannot be looked for.

    Every one is compared, in that style, with two dozen other things drawn in the same place; it must be the nearest.
    """
    seen = _values(picture)
    return [_nearest(seen, scene, spot) for spot in spots]


def _nearest(seen: Floats, scene: Scene, spot: Seen) -> bool:
    height, width = seen.shape[:2]
    rng = random.Random(spot.thing)
    others = rng.sample([name for name in _names() if name != spot.thing], 24)
    here = np.s_[max(0, spot.top) : spot.top + spot.side, max(0, spot.left) : spot.left + spot.side]
    errors: list[float] = []
    for name, colour in ((spot.thing, spot.colour), *((name, None) for name in others)):
        item = Item(name, spot.middle[0] / width, spot.middle[1] / height, spot.side / min(width, height), colour)
        drawn = _values(scenes.render(replace(scene, items=(item,)), (HALF * width, HALF * height)))
        errors.append(float(np.square(drawn[here] - seen[here]).mean()))
    return errors[0] <= min(errors)
