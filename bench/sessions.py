"""Plays written sessions from the first sentence to the last, and judges each picture: `python -m bench.sessions`.

The other benches ask for one decision, or for one plan. Here a sentence meets what the sentences before it left, as it
does for people: `bench/sessions/*.txt` are sessions as people type them, each sentence followed by what should then be
to see. They take the product's own way, `open_house`, with the language model and the painter of the settings; what a
picture shows is read off the layout that it carries, or by the eye where it carries none (cropped, mirrored). How
sessions are written stands in `training.sessions`.

`unread*.txt` were never read while anything was written that they measure; the others were. A sentence after one that
went wrong has little chance, so there are two shares: of all sentences, and of those before which all went well.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from PIL import Image

from agent.events import Failed, PictureReady, Question, Refused, TextDelta, ToolStarted
from bench.words import share
from models.english.naming import Names
from models.painter import KNOWN, ScenePipeline
from models.recipe import Operation, Recipe
from models.rendering.layout import Layout, Placed, World
from models.scene.wardrobe import dressed_in, is_on_a_face
from models.weights import EMBEDDED
from storage.records import Picture
from tools.settings import Settings
from training.sessions import PLACED, Item, Sentence, item, parts, picture_of, read
from ui.wiring import House, open_house

HERE = Path(__file__).parent / "sessions"
TOOLS = {
    "paint": "generate_image",
    "edit": "edit_image",
    "vary": "vary_image",
    "upscale": "upscale_image",
    "adjust": "adjust_image",
    "look": "look_at_image",
    "find": "find_images",
}
_MOVED = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


@dataclass
class Shown:
    """What a picture shows: the layout, and the picture itself."""

    picture: Picture
    layout: Layout | None


@dataclass
class Came:
    """What came of a sentence. `pictures` are new ones: those that are shown again are not among them."""

    pictures: list[Shown] = field(default_factory=list[Shown])
    tools: list[str] = field(default_factory=list[str])
    said: str = ""
    asked: bool = False


# --- what is right ---


NEWCOMERS: dict[str, str] = {
    "lamp": "light bulb",
    "parasol": "umbrella",
    "flag": "golf flag",
    "treasure chest": "box",
    "party hat": "hat",
    "cowboy hat": "hat",
    "witch hat": "hat",
    **dict.fromkeys(("table", "bench", "grill", "fence", "fireplace", "pond", "goal", "sign", "saucepan"), ""),
}
"""The things of `training.grow` of 2026-11-29, and as what they came before."""


class Judge:
    """Says what is wrong with what came of a sentence.

    Args:
        world: The names that the painter knows.
        newcomers: What came to it after the sessions were written, and as what it came before. Where a session's
            sentences name one, those who wrote what should be to see could not ask for it: it is neither wanted nor
            too much.
    """

    def __init__(self, world: World, newcomers: Mapping[str, str] = NEWCOMERS) -> None:
        self._world, self._newcomers = world, newcomers

    def faults(self, said: Sentence, came: Came, session: Sequence[Came], spoken: str = "") -> list[str]:
        """What is wrong with what came, by the outcome that is nearest to it; empty if it is right.

        Args:
            said: The sentence.
            came: What came of it.
            session: What came of this session's sentences, this one the last.
            spoken: The text of these sentences.
        """
        excused = Names.shipped().things(spoken) & self._newcomers.keys()
        return min((list(self._faults(right, came, session, excused)) for right in said.right), key=len)

    def _faults(
        self, right: Mapping[str, str], came: Came, session: Sequence[Came], excused: Set[str]
    ) -> Iterator[str]:
        if "nothing" in right or "asks" in right or ("says" in right and "shows" not in right):
            if came.pictures:
                yield f"{len(came.pictures)} pictures made"
        elif not came.pictures:
            yield "no picture made"
        if "asks" in right and not came.asked:
            yield "did not ask"
        if "says" in right and not re.search(right["says"].strip('"'), came.said, re.IGNORECASE):
            yield f"does not say {right['says']}"
        if "by" in right and not {TOOLS[name] for name in right["by"].split("|")} & set(came.tools):
            yield f"not by {right['by']}"
        if not came.pictures:
            return
        if len(came.pictures) != int(right.get("pictures", len(came.pictures) if "shows" not in right else 1)):
            yield f"{len(came.pictures)} pictures"
        last = came.pictures[-1]
        origins = _origins(came, session)
        parent = origins[-1] if origins and origins[-1] not in came.pictures else None
        if "from" in right:
            wanted = _from(right["from"], session)
            if wanted not in {shown.picture.handle for shown in origins}:
                yield f"not from {right['from']} (#{wanted})"
        if "new" in right and last.picture.parents:
            yield "made from another"
        if "size" in right and not _sized(right["size"], last, parent):
            yield f"not {right['size']}"
        if not right.keys() & {"shows", "around", "placed"}:
            return
        if last.layout is None:
            yield "unreadable"
            return
        yield from self.shown_wrong(right, last.layout, parent.layout if parent else None, excused)

    def shown_wrong(
        self, right: Mapping[str, str], layout: Layout, before: Layout | None, excused: Set[str] = frozenset()
    ) -> Iterator[str]:
        """What is wrong with what a picture shows.

        Args:
            right: What should be to see.
            layout: What is.
            before: What the picture showed from which it was made; None for a new one.
            excused: Things that are neither wanted nor too much.
        """
        if "shows" in right:
            yield from self._things(right["shows"], layout, excused)
        if "around" in right or before:
            yield from self._around(right.get("around", ""), layout, before)
        for relation in parts(right.get("placed", "")):
            if not self._placed(relation, layout, before):
                yield f"not {relation}"

    def _things(self, wanted: str, layout: Layout, excused: Set[str]) -> Iterator[str]:
        """What is missing, and what is there besides, less what is excused."""
        left = list(layout.things)
        items = [item(text, self._world) for text in parts(wanted)]
        items.sort(key=lambda one: (not one.colour, len(one.names)))  # the choosy ones first
        more = list[int]()
        for some in items:
            found = [one for one in left if self._is(one, some)][: some.least]
            if len(found) < some.least:
                yield f"{len(found)} of {some}"
            left = _without(left, found)
            more.append(some.most - len(found))
        for some, room in zip(items, more, strict=True):
            left = _without(left, [one for one in left if self._is(one, some)][:room])
        for one in (one for one in left if self._world.things[one.thing] not in excused):
            yield f"besides {self._world.colours[one.colour]} {self._world.things[one.thing]}".replace("  ", " ")

    def _is(self, one: Placed, wanted: Item) -> bool:
        name = self._world.things[one.thing]
        named = name in wanted.names or self._newcomers.get(name) in wanted.names
        return named and wanted.colour in ("", self._world.colours[one.colour])

    def _around(self, wanted: str, layout: Layout, before: Layout | None) -> Iterator[str]:
        """What of place, light, weather and style is not as it was asked for, or has changed beside it."""
        about = [names[number] for names, number in zip(self._world.about, layout.about, strict=True)]
        asked = set[int]()
        for text in parts(wanted):
            names = [name.strip() for name in text.split("|")]
            for name in names:
                if not any(name in some for some in self._world.about):
                    raise ValueError(f"{name!r} is no place, light, weather or style of the painter's.")
            asked |= {n for n, some in enumerate(self._world.about) if any(name in some for name in names)}
            if not set(names) & set(about):
                yield f"not {text} but {', '.join(about)}"
        if before and (0 not in asked or layout.about[0] == before.about[0]):
            for number, (now, then) in enumerate(zip(layout.about, before.about, strict=True)):
                if now != then and number not in asked:
                    yield f"{about[number]} instead of {self._world.about[number][then]}"

    def _placed(self, relation: str, layout: Layout, before: Layout | None) -> bool:
        matched = PLACED.fullmatch(relation)
        if not matched:
            raise ValueError(f"{relation!r} is no place of anything.")
        ones = self._named(matched["one"], layout)
        if change := matched["change"]:
            then = self._named(matched["one"], before) if before else []
            return bool(ones and then) and _changed(change, ones, then)
        others = self._named(matched["other"], layout)
        how = matched["how"]
        pairs = [(one, other) for one in ones for other in others if one != other]
        worn = [pair for pair in pairs if how == "on" and self._wears(layout, *pair)]
        return bool(worn) or any(_stands(how, one, other) for one, other in pairs)

    def _wears(self, layout: Layout, one: Placed, other: Placed) -> bool:
        """Whether somebody wears a thing: on the face or at the neck, or below it."""
        aside = abs(one.column + one.side / 2 - other.column - other.side / 2)
        on_it = is_on_a_face(one.thing, self._world) and one.over(other) and aside <= other.side / 2
        return on_it or one in dressed_in(layout, other, self._world)

    def _named(self, text: str, layout: Layout) -> list[Placed]:
        wanted = item(text, self._world)
        return [one for one in layout.things if self._is(one, wanted)]


def _without(things: Sequence[Placed], taken: Sequence[Placed]) -> list[Placed]:
    left = list(things)
    for one in taken:
        left.remove(one)
    return left


def _middle(one: Placed) -> tuple[float, float]:
    return one.column + one.side / 2, one.row + one.side / 2


def _stands(how: str, one: Placed, other: Placed) -> bool:
    (across, down), (over, under) = _middle(one), _middle(other)
    match how:
        case "left of":
            return across < over
        case "right of":
            return across > over
        case "above":
            return down < under
        case "below":
            return down > under
        case _:  # on: over it, or touching it from above
            near = other.column - 1 <= across <= other.column + other.side + 1
            return near and other.row - 1 <= one.row + one.side and down <= other.row + other.side


def _changed(change: str, now: Sequence[Placed], then: Sequence[Placed]) -> bool:
    if change in ("bigger", "smaller"):
        sides = [sorted(one.side for one in some) for some in (now, then)]
        return max(sides[0]) > max(sides[1]) if change == "bigger" else min(sides[0]) < min(sides[1])
    right, down = _MOVED[change.removeprefix("moved ")]
    away = [sum(axis) / len(now) for axis in zip(*map(_middle, now), strict=True)]
    from_there = [sum(axis) / len(then) for axis in zip(*map(_middle, then), strict=True)]
    return right * (away[0] - from_there[0]) + down * (away[1] - from_there[1]) > 0


def _sized(wanted: str, last: Shown, parent: Shown | None) -> bool:
    wide, tall = last.picture.width, last.picture.height
    match wanted:
        case "wide":
            return wide > tall
        case "tall":
            return tall > wide
        case "square":
            return wide == tall
        case _:
            return parent is not None and (wide > parent.picture.width) == (wanted == "larger")


def _origins(came: Came, session: Sequence[Came]) -> list[Shown]:
    """What the last picture was made from: pictures of its own turn, and the one of an earlier turn behind them, if
    there is one."""
    every = {shown.picture.handle: shown for turn in session for shown in turn.pictures}
    one, found = came.pictures[-1], list[Shown]()
    while one in came.pictures and one.picture.parents:
        one = every[one.picture.parents[0]]
        found.append(one)
    return found


def _from(text: str, session: Sequence[Came]) -> int:
    """The handle of the picture that a sentence made; 0 where that made none."""
    sentence, number = picture_of(text)
    made = session[sentence - 1].pictures if sentence <= len(session) else []
    return made[number].picture.handle if made and number < len(made) else 0


# --- playing ---


class Reader:
    """Reads what pictures show."""

    def __init__(self, house: House, pipeline: ScenePipeline) -> None:
        self._house, self._pipeline = house, pipeline

    def shown(self, picture: Picture) -> Shown:
        image = Image.open(io.BytesIO(self._house.library.pixels(picture.sha256)))
        image.load()
        if image.width % 64 or image.height % 64 or image.width * image.height > 512 * 512:
            return Shown(picture, None)
        info = dict(image.info)
        image = image.convert("RGB")
        image.info = info
        reading = self._pipeline.reading(image)
        return Shown(picture, reading.layout if reading.error < KNOWN else None)


async def play(house: House, reader: Reader, sentences: Sequence[Sentence], person: str, first: int) -> list[Came]:
    """What comes of each sentence of a session, of somebody who has no other, with seeds from `first` on."""
    seeds = count(first)
    session, turns = house.library.create_session(house.library.user(person).id), list[Came]()
    known = set[int]()
    for said in sentences:
        came = Came()
        async for event in house.agent.run_turn(session, said.text, seeds=seeds):
            match event:
                case ToolStarted():
                    came.tools.append(event.name)
                case PictureReady() if event.picture.handle not in known:
                    known.add(event.picture.handle)
                    came.pictures.append(reader.shown(event.picture))
                case TextDelta():
                    came.said += event.text
                case Question():
                    came.asked, came.said = True, f"{came.said} {event.text}"
                case Failed() | Refused():
                    came.said += f" {event.reason}"
                case _:
                    pass
        turns.append(came)
    return turns


def told(came: Came, world: World) -> str:
    """What came of a sentence, on one line."""
    parts = list[str]()
    for shown in came.pictures:
        recipe = Recipe.model_validate(shown.picture.recipe)
        origin = f" of #{shown.picture.parents[0]}" if shown.picture.parents else ""
        seen = world.said(shown.layout) if shown.layout else "?"
        words = "" if recipe.operation is Operation.ADJUST else f" “{recipe.prompt}”"
        parts.append(f"#{shown.picture.handle} {recipe.operation.value}{origin}{words}: {seen}")
    return " | ".join([*parts, came.said.strip()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="other files of sessions than bench/sessions/*.txt")
    parser.add_argument("--wrong", action="store_true", help="print the sessions that were read and went wrong")
    asked = parser.parse_args()
    pipeline = ScenePipeline.load(EMBEDDED / "painter")
    world = pipeline.composer.planner.world
    judge = Judge(world)
    folder = tempfile.TemporaryDirectory(prefix="easel-sessions-")
    with folder, open_house(Settings().with_library_in(Path(folder.name))) as house:
        for file in asked.files or sorted(HERE.glob("*.txt")):
            wrong = asked.wrong and not file.stem.startswith("unread")
            _report(file, house, Reader(house, pipeline), judge, world, wrong)


def _report(file: Path, house: House, reader: Reader, judge: Judge, world: World, wrong: bool) -> None:
    right, fair, whole, written = list[bool](), list[bool](), list[bool](), list[bool]()
    strict = Judge(world, {})
    for session, sentences in enumerate(read(file), 1):
        turns = asyncio.run(play(house, reader, sentences, f"{file.stem} {session}", 1000 * session))
        faults = list[list[str]]()
        for number, (said, came) in enumerate(zip(sentences, turns, strict=True), 1):
            well = not any(faults)
            spoken = ". ".join(one.text for one in sentences[:number])
            faults.append(judge.faults(said, came, turns[:number], spoken))
            written.append(not strict.faults(said, came, turns[:number]))
            right.append(not faults[-1])
            fair += [not faults[-1]] if well else []
        whole.append(not any(faults))
        if wrong and any(faults):
            print()
            for said, came, some in zip(sentences, turns, faults, strict=True):
                print(f"{'✗' if some else ' '} > {said.text}\n      {told(came, world)}", flush=True)
                if some:
                    print(f"      FAULT {'; '.join(some)}")
    shares = {"sentences": right, "after none that went wrong": fair, "sessions": whole}
    shares["sentences, without newcomers"] = written
    told_so = "; ".join(f"{name} {share(sum(some), len(some))}" for name, some in shares.items())
    print(f"\n{file.stem}: {told_so}", flush=True)


if __name__ == "__main__":
    main()
