"""Measures how the painter takes what people type: `python -m bench.said [--planner FOLDER] [--heard] [--wrong]`.

`edits_said.jsonl` are changes to a scene, `prompts_said.jsonl` first requests, written by hand as people type, apart
from the wordings and sentences that the planner is trained on. They were read while the wordings and
`models.scene.composer` were written; those of `edits_unread.jsonl` and `prompts_unread.jsonl` never were.
`prompts_crowded.jsonl` wants five to ten things; no rule was made for it, but its first 58 lines have been seen since.
Nothing is painted: a plan is right if it shows the wanted things in the wanted colours, where the wanted place, light,
weather and style are (what a request leaves open may be anything), and if what is worn is on the head of somebody; of a
crowd none may be hidden by another of its kind by more than a third. With `--heard` each change is said to the language
model first, of a picture that is alone on the shelf: what it calls must be an edit of that picture (or greyscale, where
black and white is wanted), and the instruction that it gives is what counts. `--learnt 1500` takes so many of the
changes that the planner has learnt from instead. Shares come with Wilson's 95 % interval.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from bench.words import share
from models.chat.conversation import Action, Exchange, Scene, ShelfPicture, Step
from models.chat.decider import Decider
from models.painter import ScenePipeline
from models.rendering.layout import Layout, Placed, World
from models.scene.arranging import HIDDEN, crowding
from models.scene.composer import Composer
from models.scene.planner import Planner
from models.weights import EMBEDDED
from tools.catalog import BY_NAME
from training.layouts import agrees
from training.scenes import OUTDOORS, things

HERE = Path(__file__).parent
LEARNT = HERE.parent / "training" / "said"
READ, UNREAD = "said", "unread"
ASPECTS = ("place", "light", "weather", "style")
EXTENT = (16, 16)  # squares
_SEEN = 58  # the first lines of crowded requests
# Side, columns and row of one to six things side by side; of up to four each can still be moved to either side.
_ROWS = {
    1: (8, (4,), 6), 2: (6, (1, 9), 8), 3: (4, (1, 6, 11), 9), 4: (3, (1, 5, 8, 12), 10), 5: (3, (0, 3, 6, 9, 12), 10),
    6: (3, (0, 3, 6, 9, 12, 13), 10),
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What came of one line."""

    kind: str
    right: bool
    read: bool  # while the wordings were written
    told: str


def rows_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def shown(row: dict[str, Any], world: World) -> Layout:
    """The scene of a row as a layout: things side by side, what is worn on the head of the next."""
    said = row if row["place"] in OUTDOORS else {**row, "light": "day", "weather": "clear"}  # indoors neither is seen
    about = [names.index(said[aspect]) for aspect, names in zip(ASPECTS, world.about, strict=True)]
    wanted = [(world.things.index(name), world.colours.index(colour)) for name, colour in row["things"]]
    worn = [one for one in wanted if is_worn(one[0], world)] if len(wanted) > 1 else []
    stand = [one for one in wanted if one not in worn]
    side, columns, top = _ROWS[max(1, len(stand))]
    placed = [Placed(*one, side, column, top) for one, column in zip(stand, columns, strict=False)]
    for hat, wearer in zip(worn, placed[: len(worn)], strict=False):  # a hat that nobody is there to wear is not shown
        placed.append(Placed(*hat, 4, wearer.column + (wearer.side - 4) // 2, wearer.row - 3))
    return Layout((about[0], about[1], about[2], about[3]), tuple(placed))


def is_worn(thing: int, world: World) -> bool:
    return things()[world.things[thing]].kind == "hat"


def on_a_head(layout: Layout, world: World) -> bool:
    """Whether each thing to wear is over the upper half of some other thing, or just above it."""
    return all(
        any(_over_head(one, other) for other in layout.things if not is_worn(other.thing, world))
        for one in layout.things
        if is_worn(one.thing, world)
    )


def _over_head(hat: Placed, other: Placed) -> bool:
    across, bottom = hat.column + hat.side / 2, hat.row + hat.side
    return other.column <= across <= other.column + other.side and -1 <= bottom - other.row <= other.side / 2


def edited(row: dict[str, Any], before: Layout, after: Layout, world: World) -> bool:
    """Whether a change came out."""
    wanted = shown(row["after"], world)
    if not agrees(after, wanted):
        return False
    match row["kind"]:
        case "wear":
            return on_a_head(after, world)
        case "size bigger":
            return sum(t.side for t in after.things) > sum(t.side for t in before.things)
        case "size smaller":
            return sum(t.side for t in after.things) < sum(t.side for t in before.things)
        case "move left":
            return any(a.column < b.column for a, b in _pairs(before, after))
        case "move right":
            return any(a.column > b.column for a, b in _pairs(before, after))
        case _:
            return True


def _pairs(before: Layout, after: Layout) -> Iterator[tuple[Placed, Placed]]:
    for one in after.things:
        yield from ((one, old) for old in before.things if (old.thing, old.colour) == (one.thing, one.colour))


def requested(row: dict[str, Any], made: Layout, world: World) -> bool:
    """Whether a first request came out."""
    named = Counter((world.things[one.thing], world.colours[one.colour]) for one in made.things)
    if named != Counter((name, colour) for name, colour in row["things"]):
        return False
    aspects = zip(ASPECTS, world.about, made.about, strict=True)
    if any(row[aspect] and names[number] != row[aspect] for aspect, names, number in aspects):
        return False
    return len(row["things"]) < 2 or on_a_head(made, world)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--planner", type=Path, help="another folder of a planner")
    parser.add_argument("--heard", action="store_true", help="say the changes to the language model first")
    parser.add_argument("--learnt", type=int, default=0, help="so many of the changes that were learnt from instead")
    parser.add_argument("--wrong", action="store_true", help="print what went wrong of the lines read")
    asked = parser.parse_args()
    pipeline = ScenePipeline.load(EMBEDDED / "painter")
    if asked.planner:
        old = pipeline.composer
        pipeline.composer = Composer(old.hear.captions, Planner.load(asked.planner), old.names, old.silhouettes)
    world = pipeline.composer.planner.world
    if asked.learnt:
        report_learnt(pipeline, asked.learnt, asked.wrong)
        return
    decider = Decider.load(EMBEDDED / "language") if asked.heard else None
    changes, requests = list[Answer](), list[Answer]()
    for kind in (READ, UNREAD):
        for number, row in enumerate(rows_of(HERE / f"edits_{kind}.jsonl")):
            before = shown(row["before"], world)
            call = heard(decider, row["say"], world.said(before)) if decider else None
            told = f"{world.said(before)} + “{row['say']}”: "
            if call and call.name != "edit_image":
                grey = call.args.get("operation") == "greyscale" and row["after"]["style"] == "black and white"
                told, right = told + f"{call.name or call.text} {call.args}", grey
            else:
                words = str(call.args["instruction"]) if call else row["say"]
                after = pipeline.composer.plan_edit(words, before, EXTENT, generator(number))
                told, right = told + world.said(after), edited(row, before, after, world)
            changes.append(Answer(row["kind"].split()[0], right, kind == READ, told))
        for number, row in enumerate(rows_of(HERE / f"prompts_{kind}.jsonl") if not decider else ()):
            made = pipeline.composer.plan(row["say"], EXTENT, generator(number))
            worn = any(is_worn(world.things.index(name), world) for name, _ in row["things"]) and len(row["things"]) > 1
            what = "somebody wears something" if worn else f"things: {len(row['things'])}"
            told = f"“{row['say']}”: {world.said(made)}"
            requests.append(Answer(what, requested(row, made, world), kind == READ, told))
    crowded = list[Answer]()
    for number, row in enumerate(rows_of(HERE / "prompts_crowded.jsonl") if not decider else ()):
        made = pipeline.composer.plan(row["say"], EXTENT, generator(number))
        right = requested(row, made, world) and crowding(made) <= HIDDEN
        crowded.append(Answer(f"things: {len(row['things'])}", right, number < _SEEN, row["say"]))
    titled = (
        ("changes, heard by the language model" if decider else "changes", changes),
        ("first requests", requests),
        ("crowded requests", crowded),
    )
    for title, answers in titled:
        if not answers:
            continue
        report(title, answers)
        for answer in answers:
            if asked.wrong and answer.read and not answer.right:
                print(f"    {answer.kind}: {answer.told}")


def report_learnt(pipeline: ScenePipeline, count: int, wrong: bool) -> None:
    """How many of the changes that the planner has learnt from come out, of some drawn from all of them."""
    rows = [row for file in sorted(LEARNT.glob("edits_*.jsonl")) for row in rows_of(file)]
    random.Random(411).shuffle(rows)
    right, asked, world = Counter[str](), Counter[str](), pipeline.composer.planner.world
    for number, row in enumerate(rows[:count]):
        before, kind = shown(row["before"], world), row["kind"].split()[0]
        after = pipeline.composer.plan_edit(row["say"], before, EXTENT, generator(number))
        done = edited(row, before, after, world)
        asked[kind] += 1
        right[kind] += done
        if wrong and not done:
            print(f"    {row['kind']}: {world.said(before)} + “{row['say']}”: {world.said(after)}")
    print(f"changes, learnt from: {share(right.total(), asked.total())}")
    print("  " + ", ".join(f"{kind} {right[kind]}/{n}" for kind, n in asked.items()), flush=True)


def heard(decider: Decider, said: str, shown: str) -> Action:
    """What the language model does when something is said of the one picture that there is."""
    picture = ShelfPicture(1, shown.replace(";", ","), "picture", (), "256×256")
    painted = Exchange(picture.caption, (Step("generate_image", {"prompt": picture.caption}, (1,)),), "Here it is.")
    return decider.decide(Scene(said, (picture,), (painted,)), list(BY_NAME))


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def report(title: str, answers: Sequence[Answer]) -> None:
    for name, wanted in (("never read", False), ("read", True)):
        some = [answer.right for answer in answers if answer.read == wanted]
        if not some:
            continue
        print(f"{title}, {name}: {share(sum(some), len(some))}")
    right, asked = Counter(answer.kind for answer in answers if answer.right), Counter(a.kind for a in answers)
    print("  " + ", ".join(f"{kind} {right[kind]}/{count}" for kind, count in asked.items()), flush=True)


if __name__ == "__main__":
    main()
