"""Trains the planner: from words, perhaps a layout before and a region, to the layout after.

    python -m training.planner --minutes 90            # train (or go on), then export into models/embedded/painter
    python -m training.planner --export                # export the last checkpoint
    python -m training.planner --smoke --out FOLDER    # seconds, to see that all parts fit

Lessons are drawn from the captions and edits of `training.scenes` while it trains, and some from sentences written by
hand (`training.said`); MiniLM reads each once, and it is used a few times. Nothing is drawn, so this network sees
fifty times as many scenes as the one that paints.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from models.english.naming import NAMES, Names, as_text
from models.english.typed import GLYPHS
from models.scene.captions import CaptionReader
from models.scene.hearing import spelling_of
from models.scene.planner import Planner
from training import scenes
from training.layouts import Lesson, agrees, extent_of, lesson, names, world
from training.loop import DEVICE, Loop, Ring, computing, options, ship
from training.said import FOLDER, WrittenLessons

CHECKPOINTS = Path("checkpoints/planner")
_THING, _COLOUR = 4, 5  # kinds of values
POOL, RENEWED, BATCH = 6144, 24, 64  # lessons kept, renewed a step, used a step
WRITTEN, EDITS = 0.5, 0.7  # shares of the lessons that were written by hand, and of changes among them
PLAIN = 0.8  # of the lessons, with the own names of what they call otherwise


def files() -> list[Path]:
    """Of the sentences written by hand."""
    return sorted((*FOLDER.glob("*.jsonl"), *FOLDER.glob("*.txt")))


class Lessons:
    """A pool of lessons with their token states, renewed in turn; some are of `files`."""

    def __init__(self, seed: int, size: int, files: Sequence[Path]) -> None:
        self._files = files
        self.random = random.Random(seed)
        self.captions = CaptionReader()
        self.names = Names(world().things, names())
        self.ring = Ring(lambda: self._made(RENEWED), size)

    @cached_property
    def written(self) -> WrittenLessons:
        """The sentences written by hand, put right as the planner will hear them."""
        spelling = spelling_of(world(), self.captions, self.names)
        return WrittenLessons(self._files, spelling.corrected)

    @torch.no_grad()
    def _made(self, count: int) -> list[tuple[Lesson, torch.Tensor]]:
        made = [self._plain(self._lesson()) for _ in range(count)]
        return list(zip(made, self.states([one.words for one in made]), strict=True))

    def _plain(self, one: Lesson) -> Lesson:
        """The lesson as it is heard, mostly: with things' own names."""
        return replace(one, words=self.names.plain(one.words)) if self.random.random() < PLAIN else one

    def _lesson(self) -> Lesson:
        if self.random.random() < WRITTEN:
            return self.written.lesson(extent_of(self.random), self.random, editing=self.random.random() < EDITS)
        return lesson(self.random)

    @torch.no_grad()
    def states(self, words: list[str]) -> list[torch.Tensor]:
        """Token states (tokens, 768) of each text, without padding."""
        with torch.autocast("cpu", torch.bfloat16):
            answer, mask = self.captions(words)
        lengths = mask.sum(1).tolist()
        return [states[:length].to(torch.bfloat16) for states, length in zip(answer, lengths, strict=True)]

    def draw(self, count: int) -> list[tuple[Lesson, torch.Tensor]]:
        """Lessons at random, painting or editing alone, so that little is padding; some are renewed first."""
        self.ring.renew()
        editing = self.random.random() < 0.6
        chosen: list[tuple[Lesson, torch.Tensor]] = []
        while len(chosen) < count:
            one = self.random.choice(self.ring.samples)
            if (one[0].before is not None) == editing:
                chosen.append(one)
        return chosen


def loss_of(planner: Planner, batch: list[tuple[Lesson, torch.Tensor]]) -> torch.Tensor:
    """The planner's surprise at the answers of a batch."""
    lessons, read = zip(*batch, strict=True)
    states = torch.nn.utils.rnn.pad_sequence([one.float() for one in read], batch_first=True).to(DEVICE)
    answers = [torch.tensor(planner.numbers(one.after, one.before)) for one in lessons]
    numbers = torch.nn.utils.rnn.pad_sequence(answers, batch_first=True)
    # Attention without fused kernels, whose way back takes as long as all the rest.
    with computing(), sdpa_kernel(SDPBackend.MATH):
        told = planner.read(
            states, [one.extent for one in lessons], [one.before for one in lessons], [one.region for one in lessons]
        )
        return planner.loss(numbers, told)


@torch.no_grad()
def build(lessons: Lessons) -> Planner:
    """The planner of this world, untrained.

    But the values of things and colours begin as what MiniLM says of their names, seen through the same weights as the
    caption: so words that mean the same lie together from the start.
    """
    known = world()
    planner = Planner(**asdict(known), width=192, heads=6, outdoors=scenes.OUTDOORS)
    for kind, words in ((_THING, known.things), (_COLOUR, known.colours[1:])):
        read = torch.stack([states[1:-1].float().mean(0) for states in lessons.states(list(words))])
        seen = (read - read.mean(0)) @ planner.words.weight[..., 2].T
        first = planner.first[kind] + 1  # before the things stands the end, before the colours none
        planner.vocabulary.weight[first : first + len(words)] = 0.06 * seen / seen.std()
        if kind == _THING:
            planner.names[1:] = read
    return planner


def right(planner: Planner, count: int, seed: int = 9) -> str:
    """How many plans of kept-out scenes agree with what was said, painting and editing."""
    lessons, rng = Lessons(seed, 0, ()), random.Random(seed)
    counts = {"painted": [0, 0], "edited": [0, 0]}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(count):
        one = lesson(rng, held=True)
        states = lessons.states([one.words])[0][None].float()
        made = planner.plan(states, one.extent, one.before, one.region, generator=generator, boldness=0.3)
        told = counts["painted" if one.before is None else "edited"]
        told[0] += agrees(made, one.after)
        told[1] += 1
    return ", ".join(f"{kind} {good}/{of}" for kind, (good, of) in counts.items())


def export(planner: Planner, folder: Path) -> None:
    """Write the planner, in 16-bit floats, as the part `planner` of the pipeline in `folder`, what things are called,
    and which emoji they are."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAMES).write_text(as_text(names()), "utf-8")
    (folder / GLYPHS).write_text(f"{json.dumps(scenes.glyphs(), ensure_ascii=False, indent=0)}\n", "utf-8")
    ship(planner, folder, "planner")


def main() -> None:
    asked = options(__doc__, 90, CHECKPOINTS).parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(3)
    loop = Loop(
        build(Lessons(0, 0, ())),
        asked.folder,
        0.02 if asked.smoke else asked.minutes,
        1e-3,
        hold=0.2,
        accumulate=asked.accumulate,
    )
    if asked.start:
        loop.begin(Planner.load(asked.start / "planner"))
    if not asked.export:
        size, some = (128, files()[::20]) if asked.smoke else (POOL, files())
        lessons = Lessons(loop.step + 1, size, some)
        loop.run(
            lambda: loss_of(loop.network, lessons.draw(BATCH)),
            lambda: right(loop.average, 4 if asked.smoke else 60),
        )
    export(loop.average, asked.out)


if __name__ == "__main__":
    main()
