"""What the eye sees in pictures, and how well pictures are found by it.

    python -m bench.eye --count 200 --gallery 1000 [--weights FOLDER] [--out FILE.json]

Scenes kept from training (`scenes.held_out`) are drawn, or painted from their captions by the preset's pipeline; then
that says what is there. Of a drawn picture this is compared with the scene, of a painted one with the layout that was
painted. Colours are asked about only where the style shows them.

The gallery is painted, each picture described by the eye ("seen"), and as the worker does when it keeps one ("kept":
what was planned is known), and then looked for with `tools.find.rank` among all descriptions, by another caption of its
scene than the one it was painted from; its prompt is not looked at. Shares come with Wilson's 95 % interval.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from bench.painter import progress
from bench.words import share
from models.carried import carrying
from models.painter import Painted, ScenePipeline
from models.rendering.eye import tensor_of
from models.rendering.layout import Layout
from models.rendering.reading import read
from models.weights import EMBEDDED
from tools.find import rank
from training import scenes
from training.layouts import layout_of, world
from training.scenes import Scene

COLOURLESS = ("sketch", "black and white")


def held(count: int, seed: int) -> list[Scene]:
    rng = random.Random(seed)
    return [scenes.invent(rng, held=True) for _ in range(count)]


def paint(pipeline: ScenePipeline, words: str, seed: int) -> Painted:
    """A picture as the preset paints it, and its layout."""
    return pipeline.paint(words, generator=torch.Generator().manual_seed(seed))


# --- what is in it ---


def compared(seen: Layout, true: Layout) -> dict[str, bool]:
    """Whether each thing asked about was seen right; what cannot be asked is left out."""
    names = world()
    answers = {
        "all things": sorted(t.thing for t in seen.things) == sorted(t.thing for t in true.things),
        "place": seen.about[0] == true.about[0],
        "light": seen.about[1] == true.about[1],
        "weather": seen.about[2] == true.about[2],
        "style": seen.about[3] == true.about[3],
    }
    if names.styles[true.about[3]] not in COLOURLESS:
        coloured = [sorted((t.thing, t.colour) for t in layout.things) for layout in (seen, true)]
        answers["all things and their colours"] = coloured[0] == coloured[1]
    return answers


def names(count: int, pipeline: ScenePipeline, painted: bool, seed: int = 31) -> dict[str, tuple[int, int]]:
    """Right answers and questions about drawn or painted pictures."""
    given: dict[str, list[bool]] = {}
    for number, scene in enumerate(progress(held(count, seed), "painted" if painted else "drawn")):
        picture, true = scenes.render(scene), layout_of(scene)
        if painted:
            made = paint(pipeline, scenes.caption(scene, random.Random(number)), number)
            picture, true = made.picture, made.layout
        seen = read(pipeline.eye, pipeline.renderer, tensor_of(picture)).layout
        for question, right in compared(seen, true).items():
            given.setdefault(question, []).append(right)
    return {question: (sum(answers), len(answers)) for question, answers in given.items()}


# --- the gallery ---


def recall(count: int, pipeline: ScenePipeline, seed: int = 32) -> dict[str, tuple[int, int]]:
    """How often the picture looked for comes first, and among the first five."""
    galleries = {"seen": list[tuple[str]](), "kept": list[tuple[str]]()}
    queries: list[str] = []
    for number, scene in enumerate(progress(held(count, seed), "gallery")):
        made = paint(pipeline, scenes.caption(scene, random.Random(number)), number)
        galleries["kept"].append((pipeline.describe(made.picture),))
        galleries["seen"].append((pipeline.describe(carrying(made.picture, "")),))
        queries.append(scenes.caption(scene, random.Random(f"query {number}")))
    found: dict[str, tuple[int, int]] = {}
    for name, gallery in galleries.items():
        places = [_place(rank(query, gallery), number) for number, query in enumerate(progress(queries, name))]
        found |= {f"{name}: recall@{most}": (sum(place < most for place in places), count) for most in (1, 5)}
    return found


def _place(ranked: Sequence[int], wanted: int) -> int:
    return ranked.index(wanted) if wanted in ranked else len(ranked) + 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="pictures to be described (default: %(default)s)")
    parser.add_argument("--gallery", type=int, default=1000, help="pictures to search in (default: %(default)s)")
    parser.add_argument("--weights", type=Path, default=EMBEDDED / "painter", help="the painter's folder")
    parser.add_argument("--out", type=Path, help="also write the figures here, as JSON")
    asked = parser.parse_args()
    pipeline = ScenePipeline.load(asked.weights)
    figures: dict[str, Any] = {}
    for painted in (False, True):
        figures["painted" if painted else "drawn"] = names(asked.count, pipeline, painted)
    lines = ["| | drawn | painted |", "|---|---|---|"]
    for question, drawn in figures["drawn"].items():
        lines.append(f"| {question} | {share(*drawn)} | {share(*figures['painted'][question])} |")
    if asked.gallery:
        figures["gallery"] = recall(asked.gallery, pipeline)
        lines += ["", *(f"{name}: {share(*found)}" for name, found in figures["gallery"].items())]
    print("\n".join(lines))
    if asked.out:
        asked.out.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
