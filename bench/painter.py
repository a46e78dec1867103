"""What the painter can do, measured as GenEval measures it (Ghosh et al. 2023), and what it can edit.

    python -m bench.painter --count 50 [--tasks counting edits …] [--weights FOLDER] [--out FILE.json]
    python -m bench.painter --truth        the judge alone: no model is loaded

Prompts come from scenes kept from training (`scenes.held_out`) and are painted through the product's own door,
`models.engine`'s, with the preset's steps. `bench.judge` looks at the pictures. Beside every share stands
what the same judge says of drawn pictures: of the scene itself (what a perfect painter would get), of another prompt's
(what luck gets), and of a prompt that misses by one thing, number, colour or side.

An edit is right if what was asked came out and what was not mentioned is still there. Half of the edits start from
drawn pictures and half from painted ones, in which only what the judge found before can be missed after. Where the
model says what it changed, the rest is put back as the engine does, and how far it was off before that is told in dB.
Shares come with Wilson's 95 % interval. The task "speed" paints the same prompts with a plain diffusers script in turn.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from PIL import Image

from bench import judge
from bench.figures import Figures
from bench.judge import ABOUT, OPPOSITE, TASKS, Ask, Seen, Sight
from bench.plain import PlainPainter
from bench.words import share
from models.compiled import openvino_device
from models.engine import load_model
from models.errors import BadRequest
from models.painting import Edited
from models.place import pick_device
from models.presets import Preset, Presets
from models.recipe import Operation, Recipe
from models.region import paste
from models.upscaler import Upscaler
from training import scenes
from training.scenes import LATTICE, Item, Scene

SIDES = ("left", "right", "above", "below")
LOCAL = ("colour", "replace", "add", "remove", "size", "move", "count")  # edits that leave the rest to the pixel
EXACT = 99.0  # dB; nothing counts as nearer than that
NEAR = 35.0  # dB from which no difference is seen

Counts = tuple[int, int]
"""Right answers and questions."""


# --- prompts ---


@dataclass(frozen=True)
class Prompt:
    """What is painted for a task: the scene kept from training, its caption, and the question."""

    scene: Scene
    words: str
    ask: Ask


def prompts(task: str, count: int, seed: int = 5) -> list[Prompt]:
    """Prompts in which what the task is about is said."""
    rng, made = random.Random(f"{task} {seed}"), list[Prompt]()
    while len(made) < count:
        scene = scenes.invent(rng, held=True, styles=0)
        number = rng.getrandbits(30)
        if _fits(task, scene, len(made)) and (task != "position" or _says_side(scene, number)):
            made.append(Prompt(scene, scenes.caption(scene, random.Random(number)), Ask.of(task, scene)))
    return made


def _fits(task: str, scene: Scene, number: int) -> bool:
    colours = [item.colour for item in scene.items]
    if task in ("single object", "colours"):
        return scene.arrangement == "one" and (task == "single object" or None not in colours)
    if task == "counting":
        return scene.arrangement in ("one", "count") and len(scene.items) == number % 4 + 1
    if task == "colour attribution" and (None in colours or len(set(colours)) < 2):
        return False
    return scene.arrangement in SIDES


def _says_side(scene: Scene, number: int) -> bool:
    """Whether a caption would read differently if things stood the other way round."""
    turned = replace(scene, arrangement=OPPOSITE[scene.arrangement])
    return scenes.caption(scene, random.Random(number)) != scenes.caption(turned, random.Random(number))


@dataclass(frozen=True)
class Surroundings:
    """A prompt about place, light, weather or style."""

    scene: Scene
    words: str
    aspect: str

    @property
    def wanted(self) -> str:
        return getattr(self.scene, self.aspect)


def surroundings(aspect: str, count: int, seed: int = 5) -> list[Surroundings]:
    """Prompts whose answers come in turn, so that the next one always asks for something else."""
    rng, made = random.Random(f"{aspect} {seed}"), list[Surroundings]()
    values = {
        "place": (*scenes.PLACES, *scenes.BACKDROPS),
        "light": scenes.LIGHTS,
        "weather": scenes.WEATHERS,
        "style": scenes.STYLES,
    }[aspect]
    order = rng.sample(values, len(values))
    while len(made) < count:
        scene = replace(scenes.invent(rng, held=True, styles=0), **{aspect: order[len(made) % len(order)]})
        if aspect == "place" and not scene.outdoors:
            scene = replace(scene, light="day", weather="clear")
        words = scenes.caption(scene, rng)
        if (scene.outdoors or aspect in ("place", "style")) and (aspect != "place" or _says_place(scene, words)):
            made.append(Surroundings(scene, words, aspect))
    return made


def _says_place(scene: Scene, words: str) -> bool:
    if scene.place in scenes.BACKDROPS:
        return "background" in words
    after, alone, bare = scenes.PLACES[scene.place]
    return any(name in words for name in (*after, *alone, bare))


# --- the painter ---


class Painter:
    """The product's door, with the preset's own settings, and how long it took."""

    def __init__(self, name: str, weights: Path | None, device: str = "cpu") -> None:
        self._preset = self._part(Operation.GENERATE, name, weights)
        model = load_model(self._preset, torch.device(pick_device(device)), openvino_device(device))
        assert not isinstance(model, Upscaler), self._preset.label
        self._model = model
        self.seconds: dict[str, list[float]] = {"paint": [], "edit": []}

    @staticmethod
    def _part(operation: Operation, name: str, weights: Path | None) -> Preset:
        preset = Presets.load().for_operation(operation, name)
        return preset.model_copy(update={"folder": weights, "hub": None}) if weights else preset

    @property
    def folder(self) -> Path:
        """Where its weights are."""
        assert self._preset.folder is not None, f"{self._preset.label} is not on this machine"
        return self._preset.folder

    @property
    def steps(self) -> int:
        return self._preset.steps or 1

    def paint(self, words: str, seed: int) -> Image.Image:
        recipe = self._recipe(Operation.GENERATE, self._preset, words, seed)
        started = time.perf_counter()
        picture = self._model.paint(recipe, recipe.extent, _watch)
        self.seconds["paint"].append(time.perf_counter() - started)
        return picture

    def edit(self, words: str, picture: Image.Image, mask: Image.Image | None, seed: int) -> Edited | None:
        """The edited picture, or None where the model finds nothing to change."""
        operation = Operation.EDIT if mask is None else Operation.INPAINT
        started = time.perf_counter()
        try:
            return self._model.edit(self._recipe(operation, self._preset, words, seed), picture, mask, _watch)
        except BadRequest:
            return None
        finally:
            self.seconds["edit"].append(time.perf_counter() - started)

    def _recipe(self, operation: Operation, preset: Preset, words: str, seed: int) -> Recipe:
        return Recipe(
            operation=operation,
            prompt=words,
            preset=preset.name,
            seed=seed,
            extent=preset.extent("square"),
            steps=preset.steps,
            guidance=preset.guidance,
        )


def _watch(_done: int, _steps: int, _preview: Image.Image | None) -> bool:
    return False


def see(picture: Image.Image) -> Sight:
    """The picture, to be asked about; its light and weather are read off it too."""
    said = judge.readers()(picture)
    return Sight(picture, (said["light"], said["weather"]))


# --- painting, judged ---


def judged(task: str, count: int, painter: Painter | None) -> dict[str, Counts]:
    """Right answers by column: painted, drawn, another's prompt, a prompt that misses by little."""
    work = prompts(task, count)
    answers: dict[str, list[bool]] = {}
    for number, prompt in enumerate(progress(work, task)):
        if painter:
            picture = see(painter.paint(prompt.words, number))
            _add(answers, "painted", picture.shows(prompt.ask))
        drawn = Sight(scenes.render(prompt.scene))
        _add(answers, "drawn", drawn.shows(prompt.ask))
        _add(answers, "another's prompt", drawn.shows(work[(number + 1) % len(work)].ask))
        _add(answers, "nearly the prompt", drawn.shows(prompt.ask.missed(random.Random(number))))
    return {column: (sum(given), len(given)) for column, given in answers.items()}


def read(aspect: str, count: int, painter: Painter | None) -> dict[str, Counts]:
    """The same for place, light, weather or style."""
    work, readers = surroundings(aspect, count), judge.readers()
    answers: dict[str, list[bool]] = {}
    for number, prompt in enumerate(progress(work, aspect)):
        if painter:
            _add(answers, "painted", readers(painter.paint(prompt.words, number))[aspect] == prompt.wanted)
        drawn = readers(scenes.render(prompt.scene))[aspect]
        _add(answers, "drawn", drawn == prompt.wanted)
        _add(answers, "another's prompt", drawn == work[(number + 1) % len(work)].wanted)
    return {column: (sum(given), len(given)) for column, given in answers.items()}


def _add(answers: dict[str, list[bool]], column: str, right: bool) -> None:
    answers.setdefault(column, []).append(right)


# --- edits, judged ---


@dataclass(frozen=True)
class Edit:
    """One thing to change: the scene before, the instruction, and the scene that should come out."""

    kind: str
    before: Scene
    words: str
    after: Scene

    @property
    def new(self) -> tuple[Item, ...]:
        """Things that are otherwise than before, or were not there."""
        return tuple(item for item in self.after.items if item not in self.before.items)

    @property
    def same(self) -> tuple[Item, ...]:
        return tuple(item for item in self.after.items if item in self.before.items)

    @property
    def gone(self) -> frozenset[str]:
        return frozenset(item.thing for item in self.before.items) - {item.thing for item in self.after.items}


def edits(kind: str, count: int, seed: int = 6) -> list[Edit]:
    rng, made = random.Random(f"{kind} {seed}"), list[Edit]()
    while len(made) < count:
        before = scenes.invent(rng, held=True, styles=0)
        tried = scenes.EDITS[kind][0](before, rng) if before.items else None
        if tried and _is_seen(before, tried[0]):
            made.append(Edit(kind, before, tried[1], tried[0]))
    return made


def _is_seen(before: Scene, after: Scene) -> bool:
    """Whether the change can be seen: where something had no room to move or grow, it cannot."""
    return before != after and scenes.render(before).tobytes() != scenes.render(after).tobytes()


@dataclass
class Edits:
    """How edits of one kind came out; decibels are those outside of what was to change, before it was put back."""

    drawn: list[bool] = field(default_factory=list[bool])
    painted: list[bool] = field(default_factory=list[bool])
    truth: list[bool] = field(default_factory=list[bool])
    untouched: list[bool] = field(default_factory=list[bool])
    decibels: list[float] = field(default_factory=list[float])

    @property
    def columns(self) -> dict[str, Counts]:
        both = {"from drawn": self.drawn, "from painted": self.painted}
        made = {"edited": [*self.drawn, *self.painted], **both} if self.drawn or self.painted else {}
        shown = {**made, "drawn": self.truth, "left as it was": self.untouched}
        return {column: (sum(given), len(given)) for column, given in shown.items()}


def edited(kind: str, count: int, painter: Painter | None) -> Edits:
    """Edits of one kind, every second one from a painted picture, judged."""
    found = Edits()
    for number, work in enumerate(progress(edits(kind, count), f"edit: {kind}")):
        start = scenes.render(work.before)
        found.truth.append(right(work, Start.drawn(work.before), scenes.render(work.after)))
        found.untouched.append(right(work, Start.drawn(work.before), start))
        if painter is None:
            continue
        given = Start.drawn(work.before)
        if number % 2:
            start = painter.paint(scenes.caption(work.before, random.Random(number)), number)
            given = Start.seen(start, work.before)
        made = painter.edit(work.words, start, None, number)
        if made and kind in LOCAL:
            found.decibels.append(psnr(made.picture, start, _outside(work, made.changed)))
        good = made is not None and right(work, given, _put_back(made, start, made.changed))
        (found.painted if number % 2 else found.drawn).append(good)
    return found


@dataclass(frozen=True)
class Start:
    """What an edit begins with: the likest of each thing that is known to be there, by name."""

    spots: dict[str, Seen]

    @classmethod
    def drawn(cls, scene: Scene) -> Start:
        return cls({i.thing: Seen(i.thing, i.colour, *judge.box(i), 0.0, 1.0) for i in scene.items})

    @classmethod
    def seen(cls, picture: Image.Image, scene: Scene) -> Start:
        sight = see(picture)
        found = {item.thing: _find(sight, item.thing, scene) for item in scene.items}
        return cls({name: seen[0] for name, seen in found.items() if seen})


def _find(sight: Sight, name: str, scene: Scene) -> list[Seen]:
    return sight.find(name, scene.light, scene.weather) if scene.outdoors else sight.find(name)


def right(work: Edit, start: Start, picture: Image.Image) -> bool:
    """Whether what was asked came out, and what was not mentioned is still there."""
    if not _surroundings_right(work, picture):
        return False
    if work.after.style != "plain":
        spots = [start.spots[item.thing] for item in work.same if item.thing in start.spots]
        return all(judge.restyled(picture, work.after, spots))
    sight = see(picture)
    kept = {item.thing for item in work.same} & start.spots.keys()
    if not all(_find(sight, name, work.after) for name in kept):
        return False
    if any(_find(sight, name, work.after) for name in work.gone):
        return False
    return _things_right(work, start, sight)


def _surroundings_right(work: Edit, picture: Image.Image) -> bool:
    said = judge.readers()(picture)
    changed = [aspect for aspect in ABOUT if getattr(work.after, aspect) != getattr(work.before, aspect)]
    if not work.after.outdoors:
        changed = [aspect for aspect in changed if aspect in ("place", "style")]
    return all(said[aspect] == getattr(work.after, aspect) for aspect in changed)


def _things_right(work: Edit, start: Start, sight: Sight) -> bool:
    """Whether the things that should be new, or otherwise than before, are."""
    for item in work.new:
        found = _find(sight, item.thing, work.after)
        if not found:
            return False
        seen, old = found[0], start.spots.get(item.thing)
        if work.kind == "count" and judge.number(found) != len(work.after.items):
            return False
        if work.kind in ("colour", "add", "replace") and item.colour and seen.colour != item.colour:
            return False
        if work.kind == "move" and not (old and _moved(old, seen, leftwards=item.x < work.before.items[0].x)):
            return False
        if work.kind == "size" and old is not None:
            grows = item.size > work.before.items[0].size
            if seen.side == old.side or (seen.side > old.side) != grows:
                return False
    return True


def _moved(old: Seen, new: Seen, *, leftwards: bool) -> bool:
    """Whether a thing stands a square or more farther to that side than before."""
    return (old.middle[0] - new.middle[0]) * (1 if leftwards else -1) >= judge.LATTICE


def psnr(made: Image.Image, start: Image.Image, outside: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB where `outside` is true, at most EXACT."""
    if not outside.any():
        return EXACT
    gap = np.asarray(made, np.float64)[outside] - np.asarray(start, np.float64)[outside]
    return float(min(EXACT, 10 * np.log10(255**2 / max(1e-9, np.square(gap).mean()))))


def _outside(work: Edit, changed: Image.Image | None) -> np.ndarray:
    """Where nothing should change: outside of what the model says it changed, or else of the things that do change."""
    if changed is not None:
        return np.asarray(changed) < 128
    outside = np.ones(scenes.EXTENTS[0], bool)
    for item in {*work.before.items} ^ {*work.after.items}:
        left, top, side = scenes.box(item, scenes.EXTENTS[0])
        outside[
            max(0, top - LATTICE) : top + side + LATTICE,
            max(0, left - LATTICE) : left + side + LATTICE,
        ] = False
    return outside


def _put_back(made: Edited, start: Image.Image, mask: Image.Image | None) -> Image.Image:
    return made.picture if mask is None else paste(made.picture, start, mask)


# --- inpainting, judged ---


@dataclass(frozen=True)
class Fill:
    """A box to fill with a thing: left, top, right, bottom in pixels."""

    scene: Scene
    box: tuple[int, int, int, int]
    thing: str
    colour: str | None
    words: str

    @property
    def mask(self) -> Image.Image:
        mask = Image.new("L", scenes.EXTENTS[0])
        mask.paste(255, self.box)
        return mask


def fills(count: int, seed: int = 7) -> list[Fill]:
    """Every second thing is named with a colour."""
    rng, made = random.Random(seed), list[Fill]()
    while len(made) < count:
        scene, item = scenes.invent(rng, held=True, styles=0), rng.choice([*scenes.invent(rng).items, None])
        if item is None or (len(made) % 2 and item.colour is None) or item.thing in {i.thing for i in scene.items}:
            continue
        colour = item.colour if len(made) % 2 else None
        side = rng.choice((96, 112, 128, 144))
        left, top = (rng.randrange(0, 256 - side + 1, LATTICE) for _ in range(2))
        words = scenes.article(f"{colour or ''} {item.thing}".strip())
        made.append(Fill(scene, (left, top, left + side, top + side), item.thing, colour, words))
    return made


def filled(count: int, painter: Painter) -> tuple[Counts, Counts, list[float]]:
    """Fills that are right, pictures that are the same outside of the mask, and dB there before that was put back."""
    good, same, decibels = list[bool](), list[bool](), list[float]()
    for number, fill in enumerate(progress(fills(count), "inpainting")):
        start = scenes.render(fill.scene)
        made = painter.edit(fill.words, start, fill.mask, number)
        if made is None:
            good.append(False)
            continue
        outside = np.asarray(fill.mask) < 128
        picture = paste(made.picture, start, fill.mask)
        good.append(fill_right(fill, picture))
        same.append(bool((np.asarray(picture)[outside] == np.asarray(start)[outside]).all()))
        decibels.append(psnr(made.picture, start, outside))
    return (sum(good), len(good)), (sum(same), len(same)), decibels


def fill_right(fill: Fill, picture: Image.Image) -> bool:
    """Whether the thing is inside the mask, in its colour if one was named."""
    left, top, low_right, bottom = fill.box
    inside = [
        seen
        for seen in _find(see(picture), fill.thing, fill.scene)
        if left <= judge.HALF * seen.middle[0] < low_right and top <= judge.HALF * seen.middle[1] < bottom
    ]
    return bool(inside) and (fill.colour is None or inside[0].colour == fill.colour)


# --- beside a plain script ---


def beside_plain(count: int, painter: Painter) -> dict[str, float]:
    """Seconds a picture, in the middle, through the product's door and by what anybody would write with diffusers, on
    the same weights and in turn, so that both meet the same machine."""
    plain = PlainPainter(painter.folder)
    seconds: dict[str, list[float]] = {"Easel": [], "plain diffusers": []}
    for number, prompt in enumerate(progress(prompts("two objects", count + 1), "speed")):
        began = time.perf_counter()
        painter.paint(prompt.words, number)
        middle = time.perf_counter()
        plain.paint(prompt.words, painter.steps, number)
        ended = time.perf_counter()
        if number:  # the first warms both up
            seconds["Easel"].append(middle - began)
            seconds["plain diffusers"].append(ended - middle)
    return {name: float(np.median(took)) for name, took in seconds.items()}


# --- the report ---


_Work = TypeVar("_Work")


def progress(work: Sequence[_Work], name: str) -> Iterator[_Work]:
    """The work, with a line on how far it is every ten seconds."""
    told = time.monotonic()
    for number, one in enumerate(work):
        if time.monotonic() - told > 10:
            told = time.monotonic()
            print(f"{name}: {number} of {len(work)}", file=sys.stderr, flush=True)
        yield one


def table(rows: dict[str, dict[str, Counts]]) -> list[str]:
    """Markdown, one row a task; columns in the order in which rows name them."""
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    lines = ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, row in rows.items():
        cells = [share(*row[column]) if row.get(column, (0, 0))[1] else "–" for column in columns]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _overall(rows: dict[str, dict[str, Counts]]) -> list[str]:
    """The mean of the six tasks, by column."""
    if not set(TASKS) <= rows.keys():
        return []
    means = {
        column: sum(rows[task][column][0] / rows[task][column][1] for task in TASKS) / len(TASKS)
        for column in rows[TASKS[0]]
    }
    return ["", "Overall, the mean of the six: " + ", ".join(f"{c} {m:.3f}" for c, m in means.items())]


def _mean(decibels: Iterable[float]) -> str:
    values = list(decibels)
    return f"{np.mean(values):.1f} dB, {share(sum(v >= NEAR for v in values), len(values))} from {NEAR:.0f} dB"


def report(count: int, wanted: Sequence[str], painter: Painter | None) -> dict[str, Any]:
    """All figures asked for, and the tables as Markdown under "markdown"."""
    lines: list[str] = []
    figures: dict[str, Any] = {"count": count}
    rows = {task: judged(task, count, painter) for task in TASKS if task in wanted}
    rows |= {aspect: read(aspect, count, painter) for aspect in ABOUT if aspect in wanted}
    if rows:
        lines += [*table(rows), *_overall(rows), ""]
        figures["painting"] = rows
    if "edits" in wanted:
        done = {kind: edited(kind, count, painter) for kind in scenes.EDITS}
        figures["edits"] = {kind: {**found.columns, "decibels": found.decibels} for kind, found in done.items()}
        lines += [*table({f"edit: {kind}": found.columns for kind, found in done.items()}), ""]
        kept = [value for found in done.values() for value in found.decibels]
        lines += [f"Local edits, outside of what changed: {_mean(kept)}.", ""] if kept else []
    if "inpainting" in wanted and painter:
        good, same, decibels = filled(count, painter)
        figures["inpainting"] = {"right": good, "same outside": same, "decibels": decibels}
        lines += [*table({"inpainting": {"right": good, "same outside": same}}), ""]
        lines += [f"Outside of the mask, before it was put back: {_mean(decibels)}.", ""] if decibels else []
    if "speed" in wanted and painter:
        took = beside_plain(min(count, 20), painter)
        figures["speed"] = took
        kept = Figures("painter")
        for name, seconds in took.items():
            kept.add(f"{name}, a picture", 1000 * seconds, "ms", runs=min(count, 20))
        ratio = took["Easel"] / took["plain diffusers"]
        told = ", ".join(f"{name} {seconds:.2f}" for name, seconds in took.items())
        lines += [f"Seconds a picture, in turn: {told}; {ratio:.2f} times the plain script's.", ""]
    if painter:
        figures["seconds"] = {what: float(np.mean(took)) for what, took in painter.seconds.items() if took}
        lines += [f"Seconds a picture: {', '.join(f'{w} {s:.2f}' for w, s in figures['seconds'].items())}."]
    return {**figures, "markdown": "\n".join(lines).rstrip()}


def main() -> None:
    everything = (*TASKS, *ABOUT, "edits", "inpainting", "speed")
    listed = ", ".join(everything)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=50, help="pictures a task (default: %(default)s)")
    parser.add_argument("--tasks", nargs="+", choices=everything, default=everything, metavar="TASK", help=listed)
    parser.add_argument("--truth", action="store_true", help="only check the judge, on drawn pictures")
    parser.add_argument("--preset", default="embedded", help="which painter (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="as EASEL_DEVICE (default: %(default)s)")
    parser.add_argument("--weights", type=Path, help="another folder of weights for the preset")
    parser.add_argument("--out", type=Path, help="write all figures as JSON")
    asked = parser.parse_args()
    figures = report(
        asked.count, asked.tasks, None if asked.truth else Painter(asked.preset, asked.weights, asked.device)
    )
    print(figures["markdown"])
    if asked.out:
        asked.out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
