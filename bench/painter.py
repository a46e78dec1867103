"""What the painter and the editor can do, judged by comparing their pictures with the glyphs and backdrops they were
trained on.

The judge knows what was asked (a `Scene`) and looks at pixels only. It finds things by matching every glyph of the
world at every place of the picture, tells colours by trying each tint where the thing was found, counts and compares
positions of what it found, and reads place, light and weather with a linear classifier made from drawn scenes. How
far it can be trusted is measured too: the same judge on *drawn* pictures of the same scenes (what a perfect painter
would get), and on painted pictures with the prompts exchanged (what luck gets).

Prompts are of scenes kept from training: pairs of things, or things in settings, that were never drawn for it
(`scenes.held_out`).

    python -m bench.painter --count 96 --out bench/painter.json
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from models.painter import EMBEDDED, text_parts
from models.presets import Preset, Presets
from models.recipe import Operation
from training import scenes
from training.scenes import Item, Scene

SIDE = 64  # pixels a side at which things are searched for
GRID = tuple(side / 128 for side in scenes.SIDES)  # sizes of templates, as fractions of the picture
TOP = 3  # a thing counts as "near" if it is among so many best matches


# --- finding things ---


def _luma(picture: Image.Image) -> torch.Tensor:
    return torch.from_numpy(np.asarray(picture.convert("L"), dtype=np.float32) / 255)


def _edges(values: torch.Tensor) -> torch.Tensor:
    """Length of the gradient of (…, H, W)."""
    down = torch.nn.functional.pad(values[..., 2:, :] - values[..., :-2, :], (0, 0, 1, 1))
    across = torch.nn.functional.pad(values[..., 2:] - values[..., :-2], (1, 1))
    return (down.square() + across.square() + 1e-6).sqrt()


@lru_cache
def _templates(size: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Spectra (things, 128, 65) of all things at a size: weighted shade, weighted edges, and the weights."""
    shades, outlines, weights = [], [], []
    for name in scenes.things():
        sprite = scenes.glyph(name, None).resize((size, size), Image.Resampling.BICUBIC, reducing_gap=2.0)
        alpha = torch.from_numpy(np.asarray(sprite.split()[3], dtype=np.float32) / 255)
        shade = _luma(Image.composite(sprite, Image.new("RGBA", sprite.size, (128, 128, 128, 255)), sprite.split()[3]))
        near = torch.nn.functional.max_pool2d(alpha[None], 3, 1, 1)[0]
        shades.append(_centred(shade, alpha))
        outlines.append(_centred(_edges(shade), near))
        weights.append(alpha)
    return tuple(torch.fft.rfft2(torch.stack(part), (2 * SIDE, 2 * SIDE)) for part in (shades, outlines, weights))  # type: ignore[return-value]


def _centred(values: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Weighted values less their weighted mean, of length 1: what a correlation is taken with."""
    centred = weight * (values - (values * weight).sum() / weight.sum())
    return centred / centred.square().sum().sqrt().clamp_min(1e-6)


def _correlate(picture: torch.Tensor, spectra: torch.Tensor, size: int) -> torch.Tensor:
    product = torch.fft.irfft2(torch.fft.rfft2(picture, (2 * SIDE, 2 * SIDE)) * spectra.conj(), (2 * SIDE, 2 * SIDE))
    room = SIDE - size + 1
    return product[..., :room, :room]


def match(picture: Image.Image, size: float) -> torch.Tensor:
    """Likeness (things, y, x), about -1…1, of every thing of one size by upper left corner; the picture is 64×64."""
    pixels = max(6, round(size * SIDE))
    shades, outlines, weights = _templates(pixels)
    luma = _luma(picture)
    total = weights[:, 0, 0].real[:, None, None]
    mean = _correlate(luma, weights, pixels) / total
    spread = (_correlate(luma.square(), weights, pixels) / total - mean.square()).clamp_min(1e-4) * total
    shade = _correlate(luma, shades, pixels) / (spread + 0.02 * total).sqrt()
    outline = _edges(luma)
    energy = (_correlate(outline.square(), weights, pixels)).clamp_min(1e-4) + 0.004 * total
    return 0.5 * shade + 0.5 * _correlate(outline, outlines, pixels) / energy.sqrt()


@dataclass(frozen=True)
class Found:
    """A thing seen in a picture: centre and size as fractions, and how like its glyph it is."""

    thing: str
    x: float
    y: float
    size: float
    score: float


def _near(size: float) -> list[float]:
    return sorted(GRID, key=lambda g: abs(np.log(g / size)))[:3]


def look(picture: Image.Image, size: float) -> dict[str, list[Found]]:
    """Where every thing is most likely, at about the given size, best first; nearer than half a thing is one."""
    small = picture.resize((SIDE, SIDE), Image.Resampling.BOX)
    seen: dict[str, list[Found]] = {name: [] for name in scenes.things()}
    for scale in _near(size):
        scores = match(small, scale)
        pixels = max(6, round(scale * SIDE))
        for name, plane in zip(seen, scores, strict=True):
            for score, place in zip(*plane.flatten().topk(min(12, plane.numel())), strict=True):
                y, x = divmod(int(place), plane.shape[1])
                seen[name].append(
                    Found(name, (x + pixels / 2) / SIDE, (y + pixels / 2) / SIDE, pixels / SIDE, float(score))
                )
            peaks = torch.nn.functional.max_pool2d(plane[None], 2 * (pixels // 3) + 1, 1, pixels // 3)[0]
            for y, x in ((plane == peaks) & (plane > 0.3)).nonzero().tolist():
                seen[name].append(
                    Found(name, (x + pixels / 2) / SIDE, (y + pixels / 2) / SIDE, pixels / SIDE, float(plane[y, x]))
                )
    return {name: _apart(found) for name, found in seen.items()}


def _apart(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: -f.score):
        if all(max(abs(one.x - k.x), abs(one.y - k.y)) > 0.5 * min(one.size, k.size) for k in kept):
            kept.append(one)
    return kept


def colour_at(picture: Image.Image, found: Found, scene: Scene) -> str | None:
    """The tint (or none) whose drawing is nearest to what stands where the thing was found, in the scene's light."""
    side = round(found.size * picture.width)
    left, top = round((found.x - found.size / 2) * picture.width), round((found.y - found.size / 2) * picture.height)
    seen = np.asarray(picture.crop((left, top, left + side, top + side)), dtype=np.float32)
    best: tuple[float, str | None] = (np.inf, None)
    for colour in (None, *scenes.COLOURS):
        item = Item(found.thing, 0.5, 0.5, 1.0, colour)
        bare = replace(
            scene, items=(item,), weather="clear" if scene.weather != "storm" else "storm", place=scene.place
        )
        drawn = np.asarray(_drawn(bare, side), dtype=np.float32)
        alpha = (
            np.asarray(scenes.glyph(found.thing, colour).resize((side, side)).split()[3], dtype=np.float32)[..., None]
            / 255
        )
        error = float((np.abs(drawn - seen) * alpha).sum() / alpha.sum())
        best = min(best, (error, colour), key=lambda pair: pair[0])
    return best[1]


def _drawn(scene: Scene, side: int) -> Image.Image:
    return scenes.render(replace(scene, style="plain"), (side, side))


# --- reading the setting ---


def _features(picture: Image.Image) -> torch.Tensor:
    small = torch.from_numpy(np.asarray(picture.resize((12, 12), Image.Resampling.BOX), dtype=np.float32) / 255)
    fine = _edges(_luma(picture.resize((96, 96), Image.Resampling.BOX)))
    texture = torch.nn.functional.avg_pool2d(fine[None], 8)[0]
    return torch.cat([small.flatten(), small.square().flatten(), 4 * texture.flatten(), torch.ones(1)])


@dataclass(frozen=True)
class Reader:
    """A linear classifier of one side of a setting."""

    names: tuple[str, ...]
    weights: torch.Tensor

    def __call__(self, picture: Image.Image) -> str:
        return self.names[int((_features(picture) @ self.weights).argmax())]


def teach(attribute: str, drawn: list[tuple[Scene, Image.Image]]) -> Reader:
    """A reader of `place`, `light`, `weather` or `style`, by ridge regression; light and weather outdoors."""
    chosen = [(s, p) for s, p in drawn if attribute in ("place", "style") or s.outdoors]
    names = tuple(sorted({getattr(s, attribute) for s, _ in chosen}))
    inputs = torch.stack([_features(p) for _, p in chosen])
    targets = torch.nn.functional.one_hot(
        torch.tensor([names.index(getattr(s, attribute)) for s, _ in chosen]), len(names)
    ).float()
    share = targets.mean(0, keepdim=True).clamp_min(0.01).rsqrt()
    rows = (targets * share).sum(1, keepdim=True)
    gram = (inputs * rows).T @ inputs + 2.0 * torch.eye(inputs.shape[1])
    return Reader(names, torch.linalg.solve(gram, (inputs * rows).T @ (targets - targets.mean(0))))


@lru_cache
def readers(count: int = 5000) -> dict[str, Reader]:
    """The readers, made from `count` drawn scenes of which none is used as a prompt."""
    rng = random.Random(99)
    drawn: list[tuple[Scene, Image.Image]] = []
    for _ in range(count):
        scene = scenes.invent(rng)
        drawn.append((scene, scenes.render(scene)))
    plain = [pair for pair in drawn if pair[0].style == "plain"]
    return {
        attribute: teach(attribute, drawn if attribute == "style" else plain)
        for attribute in ("place", "light", "weather", "style")
    }


# --- judging ---


def judge(picture: Image.Image, scene: Scene) -> dict[str, bool]:
    """What of the scene is right in the picture, by question; only questions that the scene answers are asked."""
    verdict: dict[str, bool] = {}
    read = readers()
    verdict["place"] = read["place"](picture) == scene.place
    if scene.outdoors:
        verdict["light"] = read["light"](picture) == scene.light
        verdict["weather"] = read["weather"](picture) == scene.weather
    if not scene.items:
        return verdict
    if scene.arrangement in ("one", "count"):
        _judge_kind(verdict, picture, scene)
    else:
        _judge_pair(verdict, picture, scene)
    return verdict


def _rank(seen: dict[str, list[Found]], name: str) -> int:
    best = {other: found[0].score for other, found in seen.items() if found}
    return sum(score > best[name] for score in best.values())


def _judge_kind(verdict: dict[str, bool], picture: Image.Image, scene: Scene) -> None:
    first = scene.items[0]
    seen = look(picture, first.size)
    rank = _rank(seen, first.thing)
    verdict["thing"], verdict["thing near"] = rank == 0, rank < TOP
    verdict["colour"] = colour_at(picture, seen[first.thing][0], scene) == first.colour
    if scene.arrangement == "count":
        found = seen[first.thing]
        verdict["count"] = sum(f.score > max(0.3, 0.62 * found[0].score) for f in found) == len(scene.items)


def _judge_pair(verdict: dict[str, bool], picture: Image.Image, scene: Scene) -> None:
    spots: list[Found] = []
    near: list[bool] = []
    for item in scene.items:
        seen = look(picture, item.size)
        spots.append(seen[item.thing][0])
        here = {
            n: [f for f in found if max(abs(f.x - spots[-1].x), abs(f.y - spots[-1].y)) < 0.5 * item.size]
            for n, found in seen.items()
        }
        near.append(_rank({n: f for n, f in here.items() if f}, item.thing) < TOP)
    verdict["both things near"] = all(near)
    a, b = spots
    across, down = a.x - b.x, a.y - b.y
    said = {
        "left": across < -0.15,
        "right": across > 0.15,
        "above": down < -0.15,
        "on": down < -0.15,
        "wears": down < -0.12,
        "below": down > 0.15,
    }
    verdict["position"] = said[scene.arrangement]
    verdict["colours of both"] = all(
        colour_at(picture, spot, scene) == item.colour for spot, item in zip(spots, scene.items, strict=True)
    )


def tally(pictures: list[Image.Image], asked: list[Scene]) -> dict[str, tuple[int, int]]:
    """Right answers and questions, by question."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for picture, scene in zip(pictures, asked, strict=True):
        for question, right in judge(picture, scene).items():
            counts[question][0] += right
            counts[question][1] += 1
    return {question: (right, of) for question, (right, of) in counts.items()}


# --- the two models ---


def _pipeline(kind: type[Any], folder: Path) -> Any:
    tokenizer, encoder = text_parts()
    pipeline = kind.from_pretrained(folder, tokenizer=tokenizer, text_encoder=encoder)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def prompts(count: int, seed: int) -> tuple[list[Scene], list[str]]:
    """Scenes kept from training, each with a caption that says its place."""
    rng = random.Random(seed)
    asked: list[Scene] = []
    texts: list[str] = []
    while len(asked) < count:
        scene = scenes.invent(rng, held=True, styles=0)
        caption = scenes.caption(scene, rng)
        said = scene.place in scenes.BACKDROPS and "background" in caption
        said = said or any(
            p in caption
            for p in (
                *scenes.PLACES.get(scene.place, ((), (), ""))[0],
                scenes.PLACES.get(scene.place, ((), (), "?"))[2],
            )
        )
        if said:
            asked.append(scene)
            texts.append(caption)
    return asked, texts


def paint(folder: Path, texts: list[str], preset: Preset, seed: int) -> list[Image.Image]:
    from diffusers import StableDiffusionPipeline

    pipeline, rng = _pipeline(StableDiffusionPipeline, folder), torch.Generator().manual_seed(seed)
    made: list[Image.Image] = []
    for start in range(0, len(texts), 16):
        with torch.autocast("cpu", torch.bfloat16):
            made += pipeline(
                texts[start : start + 16],
                num_inference_steps=preset.steps,
                guidance_scale=preset.guidance,
                generator=rng,
            ).images
    return made


@dataclass(frozen=True)
class Task:
    """One thing to edit: the drawn picture before, the instruction, and the scene that should come out."""

    kind: str
    before: Scene
    instruction: str
    after: Scene


def tasks(count: int, seed: int) -> list[Task]:
    """Edits in turn of every kind; in half of them both pictures are of scenes kept from training, in half neither."""
    rng, made = random.Random(seed), []
    kinds = [k for k in scenes.EDITS if k != "style"]
    while len(made) < count:
        kind, held = kinds[len(made) % len(kinds)], len(made) % 2 == 0
        before = scenes.invent(rng, held=held, styles=0)
        tried = scenes.EDITS[kind][0](before, rng)
        if tried and scenes.held_out(tried[0]) == held and tried[0].style == "plain":
            made.append(Task(kind, before, tried[1], tried[0]))
    return made


def edit(folder: Path, work: list[Task], preset: Preset, seed: int) -> list[Image.Image]:
    from diffusers import StableDiffusionInstructPix2PixPipeline

    pipeline, rng = _pipeline(StableDiffusionInstructPix2PixPipeline, folder), torch.Generator().manual_seed(seed)
    made: list[Image.Image] = []
    for start in range(0, len(work), 12):
        some = work[start : start + 12]
        with torch.autocast("cpu", torch.bfloat16):
            made += pipeline(
                [t.instruction for t in some],
                image=[scenes.render(t.before) for t in some],
                num_inference_steps=preset.steps,
                guidance_scale=preset.guidance,
                image_guidance_scale=preset.image_guidance,
                generator=rng,
            ).images
    return made


def edited(pictures: list[Image.Image], work: list[Task]) -> dict[str, tuple[int, int]]:
    """By kind of edit: pictures nearer to the wanted result than to the picture before, in the part of it that should
    have changed.

    "kept" is over all: where nothing should have changed, the mean difference from the picture before is under 16 of
    255.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for picture, task in zip(pictures, work, strict=True):
        before, after = (np.asarray(scenes.render(s), dtype=np.float32) for s in (task.before, task.after))
        changed = np.abs(before - after).max(-1) > 24
        seen = np.asarray(picture, dtype=np.float32)
        right = changed.any() and np.abs(seen - after)[changed].mean() < 0.6 * np.abs(before - after)[changed].mean()
        counts[task.kind][0] += bool(right)
        counts[task.kind][1] += 1
        if (~changed).mean() > 0.3:
            counts["kept"][0] += bool(np.abs(seen - before)[~changed].mean() < 16)
            counts["kept"][1] += 1
    return {kind: (right, of) for kind, (right, of) in counts.items()}


# --- the report ---


def _table(columns: dict[str, dict[str, tuple[int, int]]]) -> list[str]:
    first = next(iter(columns.values()))
    lines = [f"| | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for question in first:
        cells = [f"{100 * r / n:.0f} % ({r}/{n})" for r, n in (counts[question] for counts in columns.values())]
        lines.append(f"| {question} | {' | '.join(cells)} |")
    return lines


def report(folder: Path, count: int) -> dict[str, Any]:
    """Paint, edit and judge, with the preset's steps and guidance; returns the figures and the tables as Markdown."""
    presets = Presets.load()
    painter, editor = (presets.for_operation(kind, "embedded") for kind in (Operation.GENERATE, Operation.EDIT))
    asked, texts = prompts(count, 5)
    started = time.monotonic()
    painted = paint(folder / "painter", texts, painter, 7)
    per_picture = (time.monotonic() - started) / count
    truth = [scenes.render(s) for s in asked]
    columns = {
        "painted": tally(painted, asked),
        "drawn (the judge's ceiling)": tally(truth, asked),
        "prompts exchanged (luck)": _exchanged(painted, asked),
    }
    work = tasks(count, 6)
    pictures = edit(folder / "editor", work, editor, 8)
    edits = {
        "edited": edited(pictures, work),
        "unchanged picture (luck)": edited([scenes.render(t.before) for t in work], work),
    }
    return {
        "count": count,
        "seconds_per_picture": round(per_picture, 2),
        "painter": columns,
        "editor": edits,
        "markdown": "\n".join([*_table(columns), "", *_table(edits)]),
    }


def _exchanged(pictures: list[Image.Image], asked: list[Scene]) -> dict[str, tuple[int, int]]:
    """The painted pictures judged against another prompt of the same arrangement."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, scene in enumerate(asked):
        groups[scene.arrangement].append(i)
    other = {i: group[(n + 1) % len(group)] for group in groups.values() for n, i in enumerate(group)}
    return tally([pictures[other[i]] for i in range(len(asked))], asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=96, help="prompts, and edits (default: %(default)s)")
    parser.add_argument(
        "--folder", type=Path, default=EMBEDDED, help="holds the folders painter and editor (default: models/embedded)"
    )
    parser.add_argument("--out", type=Path, help="write all figures as JSON")
    asked = parser.parse_args()
    figures = report(asked.folder, asked.count)
    print(figures["markdown"])
    if asked.out:
        asked.out.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
