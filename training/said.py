"""Sentences written by hand about scenes of this world, as lessons for the planner.

`training/said/edits_*.jsonl` holds one change a line, as `bench/said.py` measures them:

    {"before": {"things": [["fox", "red"], ["tree", ""]], "place": "forest", "light": "day", "weather": "clear",
        "style": "plain"}, "say": "make it night and give the fox a hat lol", "after": {"things": [["fox", "red"],
        ["tree", ""], ["hat", ""]], "place": "forest", "light": "night", …}, "kind": "wear", "who": "fox"}

Things come with their colour, "" for their own; `kind` is "size bigger", "size smaller", "move left" or "move right"
where nothing else changes, and `who` says which thing is resized, moved, or wears something. `prompts_*.jsonl` holds
first requests: `say`, `things`, `place`, `light`, `weather` and `style`, "" where the request leaves it open.

`sessions_*.txt` are whole sessions (`training.sessions`): each sentence is a change of what those before it left, also
of what stands or sits by what.

Where things stand is drawn anew each time; and of most lessons the things that a sentence calls by name are exchanged
for others of their kind, so that a few thousand sentences are told of the whole world.

`python -m training.said FILE …` says which lines, or sentences, cannot be read so, and why.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.english.naming import Names
from models.english.patterns import any_of
from models.kinds import MOST
from models.rendering.layout import SIDES, Layout, Placed
from models.rendering.renderer import Renderer
from models.rendering.silhouettes import Silhouettes
from models.scene.arranging import worn
from models.scene.relations import related
from models.scene.seats import Seats
from models.scene.wardrobe import is_clothing
from models.weights import EMBEDDED
from training import scenes
from training.layouts import Lesson, as_said, moved, names, numbers, resized, with_one_at_random, world
from training.sessions import changes_of, read

FOLDER = Path(__file__).parent / "said"
_ASPECTS = ("place", "light", "weather", "style")
_EXCHANGED = 0.7  # of the lessons: with other things than the sentence was written about
_OF_SESSIONS = 2  # how often a sentence of a session comes for one of a sentence that stands alone
_DYED = 0.4  # the same, in other colours
_SIDES = {1: (6, 8, 8, 10), 2: (5, 6, 8), 3: (4, 5), 4: (3, 4)}  # of so many things side by side
_THAT = any_of("it|its|that|those|them|him|her|he|she|they|one|ones|this|these")
_OPEN = ("day", "clear", "plain")  # light, weather and style where a request leaves them open

Row = Mapping[str, Any]


class Unreadable(ValueError):
    """A line that is no lesson, with the reason."""


class WrittenLessons:
    """Lessons of the sentences in files.

    Args:
        files: JSON lines of changes and first requests.
        corrected: Puts right what is typed wrong in a sentence, as it will be before the planner hears it.

    Raises:
        Unreadable: A line is no lesson.
    """

    def __init__(self, files: Sequence[Path], corrected: Callable[[str], str]) -> None:
        self.names = Names(world().things, names())
        self.changes, self.requests = list[Row](), list[Row]()
        for file in files:
            for row in rows_of(file) * (_OF_SESSIONS if file.suffix == ".txt" else 1):
                checked(row)
                told = {**row, "say": corrected(row["say"])}
                if not self._is_of_what_was_said_before(told):
                    (self.changes if "before" in row else self.requests).append(told)
        self._homes: dict[str, list[str]] = {}  # where people put things
        for scene in (scene for row in (*self.changes, *self.requests) for scene in _scenes_of(row)[:1]):
            if scene["place"] in scenes.PLACES:
                for name in {name for name, _ in scene["things"]}:
                    self._homes.setdefault(name, []).append(scene["place"])

    def _is_of_what_was_said_before(self, row: Row) -> bool:
        """Whether only the sentence before tells what "it" is, which the planner never hears."""
        if "before" not in row or not _THAT.search(row["say"]):
            return False
        there, then = (Counter(map(tuple, scene["things"])) for scene in _scenes_of(row))
        touched = {name for name, _ in there - then} | {name for name, _ in row.get("pushed", ())}
        named = {world().things[one.thing] for one in self.names.said(row["say"])}
        return bool(touched) and touched.isdisjoint(named) and len({name for name, _ in there}) > 1

    def lesson(self, extent: tuple[int, int], rng: random.Random, *, editing: bool) -> Lesson:
        """One of the sentences as a lesson, of a picture of so many columns and rows of squares."""
        while True:
            if made := self.told(rng.choice(self.changes if editing else self.requests), extent, rng):
                return made

    def told(self, row: Row, extent: tuple[int, int], rng: random.Random) -> Lesson | None:
        """A sentence as a lesson, perhaps about other things in other colours; None where those found no room."""
        row = self.exchanged(row, rng) if rng.random() < _EXCHANGED else row
        row = _dyed(row, rng) if rng.random() < _DYED else row
        row = self._placed(row, rng)
        return _change(row, extent, rng) if "before" in row else _request(row, extent, rng)

    def _placed(self, row: Row, rng: random.Random) -> Row:
        """A row that leaves the place open, where people put such things: a sofa in a room, not in a harbour."""
        first, *later = _scenes_of(row)
        if first["place"]:
            return row
        homes = [home for name, _ in first["things"] for home in self._homes.get(name, ())] or [*scenes.PLACES]
        if any(scene["light"] or scene["weather"] for scene in (first, *later)):
            homes = [home for home in homes if home in scenes.OUTDOORS] or [*scenes.OUTDOORS]
        place = rng.choice(homes)
        if not later:
            return {**row, "place": place}
        after = row["after"]
        return {**row, "before": {**first, "place": place}, "after": {**after, "place": after["place"] or place}}

    def exchanged(self, row: Row, rng: random.Random) -> Row:
        """The row about other things of the same kinds, those that its sentence calls by name."""
        said = self.names.said(row["say"])
        own = dict.fromkeys(name for scene in _scenes_of(row) for name, _ in scene["things"])
        others: dict[str, str] = {}
        for name in own:
            kind = scenes.things()[name].kind
            alike = [n for n, one in scenes.things().items() if one.kind == kind and n not in (*own, *others.values())]
            if alike and any(world().things[one.thing] == name for one in said):
                others[name] = rng.choice(alike)
        words = row["say"]
        for one in reversed(said):
            if other := others.get(world().things[one.thing]):
                thing = scenes.things()[other]
                words = _put(words, one.start, one.end, thing.plural if one.many else thing.name)

        def renamed(scene: Row) -> dict[str, Any]:
            called = [[others.get(name, name), colour] for name, colour in scene["things"]]
            placed = [(others.get(one, one), way, others.get(by, by)) for one, way, by in scene.get("placed", ())]
            return {**scene, "things": called, "placed": placed}

        if "before" not in row:
            row = renamed(row)
        else:
            row = {**row, "before": renamed(row["before"]), "after": renamed(row["after"])}
        pushed = [(others.get(name, name), way) for name, way in row.get("pushed", ())]
        return {**row, "say": words, "pushed": pushed, "who": others.get(row.get("who", ""), row.get("who", ""))}


def rows_of(file: Path) -> list[Row]:
    """The lines of a file, or the sentences of its sessions."""
    if file.suffix == ".txt":
        return [row for session in read(file) for row in changes_of(session)]
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def checked(row: Row) -> None:
    """See that a line is a lesson.

    Raises:
        Unreadable: A name is not the world's, or a change comes to nothing that can be learnt.
    """
    known, may_be_open = world(), "before" not in row or "pushed" in row  # a request, or of a session
    for scene in _scenes_of(row):
        for name, colour in scene["things"]:
            if name not in known.things or colour not in known.colours:
                raise Unreadable(f"the world has no “{colour} {name}”")
        for aspect, table in zip(_ASPECTS, known.about, strict=True):
            if scene[aspect] not in table and (scene[aspect] or not may_be_open):
                raise Unreadable(f"“{scene[aspect]}” is no {aspect}")
        if len(scene["things"]) > MOST:
            raise Unreadable(f"more than {MOST} things")
    if "before" in row:
        kind, _, way = row["kind"].partition(" ")
        if kind in ("size", "move"):
            there = [name for name, _ in row["before"]["things"]]
            if row.get("who") not in there or not way:
                raise Unreadable("who is moved or resized?")
        elif _shown(row["before"]) == _shown(row["after"]) and not row.get("pushed"):
            raise Unreadable("nothing changes")


def _scenes_of(row: Row) -> list[Row]:
    return [row["before"], row["after"]] if "before" in row else [row]


def _shown(scene: Row) -> tuple[object, ...]:
    placed = sorted(map(tuple, scene.get("placed", ())))
    return (sorted(map(tuple, scene["things"])), placed, *(scene[aspect] for aspect in _ASPECTS))


def _put(words: str, start: int, end: int, name: str) -> str:
    """Words with a name in a place, behind the article that it needs."""
    before, article = words[:start], re.search(r"\ban?(\s+)$", words[:start], re.IGNORECASE)
    if article:
        before = words[: article.start()] + ("an" if name[0] in "aeiou" else "a") + article[1]
    return before + name + words[end:]


def _dyed(row: Row, rng: random.Random) -> Row:
    """The row in another colour, where its sentence calls one by name and a thing has it."""
    hues = [
        colour
        for colour in scenes.COLOURS
        if len(re.findall(rf"\b{colour}\b", row["say"].lower())) == 1
        and any(one == colour for scene in _scenes_of(row) for _, one in scene["things"])
        and not any(colour in scene[aspect] for scene in _scenes_of(row) for aspect in _ASPECTS)
    ]
    worn_by_others = {colour for scene in _scenes_of(row) for _, colour in scene["things"]}
    free = [colour for colour in scenes.COLOURS if colour not in worn_by_others]
    if not hues or not free:
        return row
    old, new = hues[0], rng.choice(free)
    dyed: dict[str, Any] = json.loads(re.sub(rf'", "{old}"\]', f'", "{new}"]', json.dumps(dict(row))))
    return {**dyed, "say": re.sub(rf"\b{old}\b", new, row["say"], flags=re.IGNORECASE)}


def _about(scene: Row) -> tuple[int, int, int, int]:
    """The numbers of place, light, weather and style; what else is open is as a request that leaves it open has it."""
    place = scene["place"]
    said = [place, *(scene[aspect] or usual for aspect, usual in zip(_ASPECTS[1:], _OPEN, strict=True))]
    if place not in scenes.OUTDOORS:
        said[1:3] = _OPEN[:2]
    first, second, third, fourth = (table.index(name) for table, name in zip(world().about, said, strict=True))
    return first, second, third, fourth


def _request(row: Row, extent: tuple[int, int], rng: random.Random) -> Lesson:
    """A first request and the layout that it asks for."""
    layout = _stood(row, _about(row), row.get("who", ""), extent, rng)
    return Lesson(row["say"], extent, None, None, as_said(layout, row["say"]))


def _stood(
    scene: Row,
    about: tuple[int, int, int, int],
    who: str,
    extent: tuple[int, int],
    rng: random.Random,
    room_for: int = 1,
) -> Layout:
    """The things of a scene side by side on the ground, so small that there is room for so many, or by each other as
    they are placed, and what is worn on a head: of `who`, else of somebody who has one."""
    known = numbers()
    named = [
        Placed(known["things"][name], known["colours"][colour], SIDES[0], 0, 0) for name, colour in scene["things"]
    ]
    standing = [one for one in named if not world().is_worn(one.thing)]
    hats = [one for one in named if one not in standing] if standing else []
    standing = standing or named
    columns, rows = extent
    ranks = max(1, -(-len(standing) // (columns // SIDES[0])))  # of those that do not fit side by side
    abreast = -(-len(standing) // ranks)
    room = columns / max(1, abreast)
    spots = list(range(len(standing)))
    rng.shuffle(spots)
    placed: list[Placed] = []
    for one, spot in zip(standing, spots, strict=True):
        fitting = [side for side in _SIDES.get(max(len(standing), room_for), (3,)) if side <= min(room, rows - 1)]
        side = rng.choice(fitting or [SIDES[0]])
        rank, spot = divmod(spot, abreast)
        column = int(spot * room + (room - side) * rng.random())
        foot = round(rows * (rng.uniform(0.72, 0.97) if ranks == 1 else 0.97 - 0.2 * rank))
        placed.append(replace(one, side=side, column=max(0, column), row=max(0, foot - side)))
    layout = Layout(about, tuple(placed), rng.randrange(scenes.VIEWS))
    layout = _by_each_other(layout, Layout(about), scene, extent)
    for hat in hats:
        layout = _put_on(layout, hat, _wearer(hat, scene, who), extent, rng)
    return layout


def _by_each_other(layout: Layout, before: Layout, scene: Row, extent: tuple[int, int]) -> Layout:
    """The layout with what a scene says is by something put there, as the painter does it."""
    there = {one.thing for one in before.things}
    for one, way, other in scene.get("placed", ()):
        thing, by = numbers()["things"][one], numbers()["things"][other]
        if world().is_worn(thing):
            pair = [next((n for n, o in enumerate(layout.things) if o.thing == kind), None) for kind in (thing, by)]
            if thing in there and way == "on" and pair[0] is not None and pair[1] is not None:
                layout = worn(layout, pair[0], pair[1], extent[1])
            continue
        old = replace(before, things=tuple(o for o in before.things if o.thing != thing))
        words = f"{one} {way} the {other}"
        if way == "on" and is_clothing(thing, world()):
            words = f"{other} wearing {one}"
        elif way == "on" and scenes.things()[one].kind in _HELD and scenes.things()[other].kind in _WITH_HEADS:
            words = f"{other} holding {one}"
        layout = related(words, _own_names().said(words), layout, old, Seats(world(), extent, _silhouettes()))
    return layout


@lru_cache
def _silhouettes() -> Silhouettes:
    """Those of the renderer that ships: things look alike in all."""
    return Silhouettes(Renderer.load(EMBEDDED / "painter/unet"))


@lru_cache
def _own_names() -> Names:
    return Names(world().things, {})


def _wearer(hat: Placed, scene: Row, who: str) -> str:
    """Who wears a hat in a scene."""
    on = {one: by for one, way, by in scene.get("placed", ()) if way == "on"}
    return on.get(world().things[hat.thing], who)


def _put_on(layout: Layout, hat: Placed, who: str, extent: tuple[int, int], rng: random.Random) -> Layout:
    """The layout with something worn on the head of `who`, else of somebody who has one and is bare-headed."""
    heads = [n for n, one in enumerate(layout.things) if not world().is_worn(one.thing)]
    bare = heads[: len(heads) - sum(world().is_worn(one.thing) for one in layout.things)] or heads
    living = [n for n in bare if scenes.things()[world().things[layout.things[n].thing]].kind in _WITH_HEADS]
    meant = [n for n in heads if world().things[layout.things[n].thing] == who]
    wearer = rng.choice(meant or living or heads)
    layout = replace(layout, things=(*layout.things, hat))
    return worn(layout, len(layout.things) - 1, wearer, extent[1])


_HELD = frozenset({"item", "food"})
_WITH_HEADS = frozenset({"beast", "flier", "swimmer", "crawler", "being", "person"})


def _change(row: Row, extent: tuple[int, int], rng: random.Random) -> Lesson | None:
    """A change, its layout before, and the one after; None where that has no room."""
    who = row.get("who", "")
    about, many = _about(row["before"]), max(len(scene["things"]) for scene in _scenes_of(row))
    before = _stood(row["before"], about, who, extent, rng, many)
    kind, _, way = row["kind"].partition(" ")
    if kind in ("size", "move"):
        after = _pushed(before, who, kind, way, extent)
    else:
        after = _followed(before, row["after"], who, extent, rng)
        after = after and replace(after, about=_about(row["after"]), view=before.view)
        new = [one for one in row["after"].get("placed", ()) if one not in row["before"].get("placed", ())]
        after = after and _by_each_other(after, before, {"placed": new}, extent)
        for name, change in row.get("pushed", ()):
            kind, way = ("size", change) if change in ("bigger", "smaller") else ("move", change.split()[1])
            after = after and _pushed(after, name, kind, way, extent)
    if after is None or after == before:
        return None
    return Lesson(row["say"], extent, before, None, after)


def _pushed(before: Layout, who: str, kind: str, way: str, extent: tuple[int, int]) -> Layout | None:
    """The layout with the things of one name larger, smaller or aside; None where that is not possible."""
    things: list[Placed] = []
    for one in before.things:
        if world().things[one.thing] != who:
            things.append(one)
            continue
        by = 1 if way == "bigger" else -1
        sizes = (resized(one, 2 * by, extent), resized(one, by, extent))
        new = (sizes[0] or sizes[1]) if kind == "size" else moved(one, way, extent)
        if new is None:
            return None
        things.append(new)
    return replace(before, things=tuple(things))


def _followed(before: Layout, after: Row, who: str, extent: tuple[int, int], rng: random.Random) -> Layout | None:
    """What became of the things: those that stay where they were, in their new colours, others in the place of what is
    gone, and what is new where there is room; None where there is none."""
    known = numbers()
    wanted = [(known["things"][name], known["colours"][colour]) for name, colour in after["things"]]
    became: list[Placed | None] = [None] * len(before.things)
    for alike in (_same_look, _same_thing, _same_use):
        for number, old in enumerate(before.things):
            new = next((one for one in wanted if alike(old, one)), None) if became[number] is None else None
            if new:
                became[number] = replace(old, thing=new[0], colour=new[1])
                wanted.remove(new)
    layout: Layout | None = replace(before, things=tuple(one for one in became if one))
    for thing, colour in wanted:
        new = Placed(thing, colour, SIDES[0], 0, 0)
        if world().is_worn(thing) and not all(world().is_worn(one.thing) for one in layout.things):
            layout = _put_on(layout, new, _wearer(new, after, who), extent, rng)
        else:
            layout = _beside(layout, new, extent, rng)
        if layout is None:
            return None
    return layout


def _same_look(old: Placed, new: tuple[int, int]) -> bool:
    return (old.thing, old.colour) == new


def _same_thing(old: Placed, new: tuple[int, int]) -> bool:
    return old.thing == new[0]


def _same_use(old: Placed, new: tuple[int, int]) -> bool:
    return world().is_worn(old.thing) == world().is_worn(new[0])


def _beside(layout: Layout, new: Placed, extent: tuple[int, int], rng: random.Random) -> Layout | None:
    """The layout with one thing more where nothing is, as large as others of its kind; None where there is no room."""
    like = next((one.side for one in layout.things if one.thing == new.thing), 0)
    for _ in range(60):
        side = like if like and rng.random() < 0.7 else rng.choice([side for side in SIDES if 3 <= side <= 6])
        if grown := with_one_at_random(layout, replace(new, side=side), extent, rng):
            return grown
    return None


def main() -> int:
    """Says which lines, or sentences, cannot be read, and why."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", nargs="+", help="lines of such sentences, or a session")
    wrong = 0
    for file in parser.parse_args().files:
        for number, row in enumerate(rows_of(Path(file)), 1):
            try:
                checked(row)
            except (ValueError, KeyError) as error:
                wrong += 1
                print(f"{file}:{number}: {type(error).__name__}: {error}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
