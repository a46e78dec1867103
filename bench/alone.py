"""What the planner alone has right of a change, beside what comes after all the code around it.

    python -m bench.alone [FILES] [--spoilt]

Sentences of written sessions are said to the painter itself, each to the layout that the sentences before it left,
until the first that goes wrong (what the language model makes of them is the affair of `bench.sessions`). Each change
is then judged twice: as the planner draws it from the bare words, and as the composer gives it. Where the planner alone
is right, the code has spoilt something: `--spoilt` prints these. Without files they are those of `training/said/` that
the weights have not learnt from.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from bench.sessions import Judge
from models.errors import BadRequest
from models.kinds import MOST
from models.painter import ScenePipeline
from models.rendering.layout import Layout
from models.scene.composer import Composer
from models.weights import EMBEDDED
from training.said import FOLDER
from training.sessions import Sentence, picture_of, read

UNLEARNT = tuple(FOLDER / f"sessions_{name}.txt" for name in "lmnoqrst")
SQUARES = (16, 16)
_SEEN = {"shows", "around", "placed"}


@dataclass(frozen=True)
class Change:
    """One change of a layout, and what is wrong with it as the planner draws it alone, and as the composer gives it."""

    said: str
    before: Layout
    alone: Layout
    after: Layout
    wrong: tuple[list[str], list[str]]


def changes(composer: Composer, judge: Judge, sentences: Sequence[Sentence], seed: int) -> Iterator[Change]:
    """The changes of a session until the first that goes wrong; none after what layouts do not show."""
    layouts = list[Layout]()
    for number, said in enumerate(sentences):
        first = said.right[0]
        if not first.keys() & _SEEN or first.keys() & {"pictures", "by"}:
            return
        generator = torch.Generator().manual_seed(seed + number)
        if "from" not in first:
            try:
                layouts.append(composer.plan(said.text, SQUARES, generator))
            except BadRequest:
                return
            if _wrong(judge, said, layouts[-1], None):
                return
            continue
        sentence, which = picture_of(first["from"])
        if sentence > len(layouts) or which > 0:
            return
        before = layouts[sentence - 1]
        after = composer.plan_edit(said.text, before, SQUARES, generator)
        seen = replace(before, things=before.things[:MOST], view=0)
        generator = torch.Generator().manual_seed(seed + number)
        alone = composer.planner.plan(composer.hear(said.text).states, SQUARES, seen, generator=generator, boldness=0.3)
        both = _wrong(judge, said, alone, before), _wrong(judge, said, after, before)
        yield Change(said.text, before, alone, after, both)
        if both[1]:
            return
        layouts.append(after)


def _wrong(judge: Judge, said: Sentence, layout: Layout, before: Layout | None) -> list[str]:
    """What is wrong by the outcome that is nearest."""
    shown = [right for right in said.right if right.keys() & _SEEN]
    return min((list(judge.shown_wrong(right, layout, before)) for right in shown), key=len)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=list(UNLEARNT), help="files of sessions")
    parser.add_argument("--spoilt", action="store_true", help="print the changes that the planner alone had right")
    asked = parser.parse_args()
    composer = ScenePipeline.load(EMBEDDED / "painter").composer
    world, counts = composer.planner.world, Counter[tuple[bool, bool]]()
    judge = Judge(world)
    for file in asked.files:
        for session, sentences in enumerate(read(file), 1):
            for change in changes(composer, judge, sentences, 1000 * session):
                alone, after = (not wrong for wrong in change.wrong)
                counts[alone, after] += 1
                if asked.spoilt and alone and not after:
                    print(f"{file.stem} {session}: {world.said(change.before)}\n  > {change.said}")
                    print(f"    alone {world.said(change.alone)}\n    after {world.said(change.after)}")
                    print(f"    FAULT {'; '.join(change.wrong[1])}", flush=True)
    print("| the planner alone | after all code: right | wrong |\n|---|---:|---:|")
    for alone in (True, False):
        print(f"| {'right' if alone else 'wrong'} | {counts[alone, True]} | {counts[alone, False]} |")


if __name__ == "__main__":
    main()
