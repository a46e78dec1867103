"""Written sessions: sentences as people type them one after the other, each with what should then be to see.

    > a fox in the snow plz
    = shows fox; around snow; new
    > can he have a red hat
    = shows fox, red hat; placed hat on fox; from 1

Lines with `=` are outcomes that are right, any of them; a blank line ends a session. An outcome's clauses are

    shows 2 fox, red hat, 2+ tree, 0+ cloud, boat|ship   all that is there, nothing else, in colours that were said
    around forest|park, night   place, light, weather, style; in an edit the others stay as they were
    placed hat on fox, fox left of cat, bird above tree, cat bigger, cat moved left   the last two against the parent
    from 2, from 1.2, new       which sentence's picture it was made from; none
    pictures 3, size wide, by edit|adjust, says "one|1", asks, nothing

`bench.sessions` plays such sessions and judges what comes of them; `changes_of` makes rows for `training.said` of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.kinds import MOST
from models.rendering.layout import World
from training.layouts import world

PLACED = re.compile(
    r"(?P<one>.+?) (?:(?P<how>on|left of|right of|above|below) (?P<other>.+)|(?P<change>bigger|smaller|moved \w+))"
)
"""Where a thing is: by another, or against where it was."""
_ITEM = re.compile(r"(?:(?P<number>\d+)(?P<more>\+)? )?(?P<rest>.+)")
_CLAUSES = frozenset("shows around placed from new pictures size by says asks nothing".split())
_ASPECTS = ("place", "light", "weather", "style")


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the outcomes that are right: of each its clauses, by their first words."""

    text: str
    right: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Item:
    """So many things of these names, in this colour; "" is any."""

    names: tuple[str, ...]
    colour: str
    least: int
    most: int

    def __str__(self) -> str:
        return f"{self.least} {self.colour} {'|'.join(self.names)}".replace("  ", " ")


def read(file: Path) -> list[list[Sentence]]:
    """The sessions of a file.

    Raises:
        ValueError: A line that is neither a sentence nor an outcome, or an outcome with a clause that there is not.
    """
    sessions, now = list[list[Sentence]](), list[Sentence]()
    for number, line in enumerate([*file.read_text("utf-8").splitlines(), ""], 1):
        match line[:2].strip():
            case "":
                sessions += [now] if now else []
                now = []
            case ">":
                now.append(Sentence(line[2:].strip(), ()))
            case "=" if now:
                now[-1] = replace(now[-1], right=(*now[-1].right, _clauses(line[2:])))
            case "#":
                pass
            case _:
                raise ValueError(f"{file.name}:{number} is no sentence, outcome or remark: {line}")
    return sessions


def _clauses(text: str) -> dict[str, str]:
    clauses = dict[str, str]()
    for clause in text.split(";"):
        name, _, rest = clause.strip().partition(" ")
        if name not in _CLAUSES:
            raise ValueError(f"{name!r} is no clause: {text.strip()}")
        clauses[name] = rest.strip()
    return clauses


def picture_of(text: str) -> tuple[int, int]:
    """The number of the sentence that made a picture, and its place among those that this made: "2" is the last of
    them, "1.3" the third."""
    sentence, _, which = text.partition(".")
    return int(sentence), int(which) - 1 if which else -1


def parts(text: str) -> list[str]:
    """What commas divide."""
    return [part.strip() for part in text.split(",") if part.strip()]


def item(text: str, known: World) -> Item:
    """What "2 red fox" or "boat|ship" asks for.

    Raises:
        ValueError: The world has no such thing.
    """
    matched = _ITEM.fullmatch(text)
    assert matched
    colour, _, rest = matched["rest"].partition(" ")
    if colour not in known.colours or not rest:
        colour, rest = "", matched["rest"]
    names = tuple(name.strip().removeprefix(f"{colour} ") for name in rest.split("|"))
    for name in names:
        if name not in known.things:
            raise ValueError(f"{name!r} is no thing of the painter's: {text}")
    least = int(matched["number"] or 1)
    return Item(names, colour, least, 99 if matched["more"] else least)


# --- as rows ---


def changes_of(session: Sequence[Sentence]) -> Iterator[dict[str, Any]]:
    """The sentences of a session that make a picture, as rows of `training.said`: changes, and first requests; but none
    of more things than a picture holds.

    What nobody spoke of is "". A scene's `placed` are what is by what in it ("hat", "on", "fox"), a change's `pushed`
    what is larger or elsewhere ("cat", "moved left").
    """
    scenes = list[dict[str, Any] | None]()
    for said in session:
        right = next((some for some in said.right if "shows" in some), {})
        before = _parent(right, scenes) if right else None
        if not right or ("from" in right and before is None):
            kept = _parent(said.right[0], scenes) if said.right and "by" in said.right[0] else None
            scenes.append(kept)  # an exact change shows the same
            continue
        after = _scene(right, before)
        if max(len(scene["things"]) for scene in (after, before or after)) > MOST:
            pass  # as people ask, but more than a picture holds
        elif before is None:
            yield {"say": said.text, **after}
        elif "by" not in right or "edit" in right["by"]:
            pushed = [(_name(one["one"]), one["change"]) for one in _relations(right) if one["change"]]
            if pushed or _told(before) != _told(after):
                row = {"before": before, "after": after, "pushed": pushed, "kind": ""}
                yield {"say": said.text, **row}
        scenes.append(after)


def _told(scene: Mapping[str, Any]) -> dict[str, Any]:
    """A scene, its things in order: which of two cats is the black one is not told."""
    return {**scene, **{name: sorted(map(tuple, scene[name])) for name in ("things", "placed")}}


def _parent(right: Mapping[str, str], scenes: Sequence[dict[str, Any] | None]) -> dict[str, Any] | None:
    number, _ = picture_of(right.get("from", "0"))
    return scenes[number - 1] if 0 < number <= len(scenes) else None


def _scene(right: Mapping[str, str], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an outcome shows; a place, light and so on that it does not speak of are the picture's before."""
    items = [item(text, world()) for text in parts(right["shows"])]
    things = [[one.names[0], one.colour] for one in items for _ in range(one.least)]
    asked = [part.split("|")[0].strip() for part in parts(right.get("around", ""))]
    about = {aspect: before[aspect] if before else "" for aspect in _ASPECTS}
    for aspect, names in zip(_ASPECTS, world().about, strict=True):
        about[aspect] = next((name for name in asked if name in names), about[aspect])
    there = {name for name, _ in things}
    own = [(_name(one["one"]), one["how"], _name(one["other"])) for one in _relations(right) if one["how"]]
    old = [one for one in (before["placed"] if before else ()) if one[0] not in {name for name, _, _ in own}]
    placed = [one for one in (*old, *own) if one[0] in there and one[2] in there]
    return {"things": things, **about, "placed": placed}


def _relations(right: Mapping[str, str]) -> list[dict[str, str]]:
    found = (PLACED.fullmatch(part) for part in parts(right.get("placed", "")))
    return [{name: text or "" for name, text in one.groupdict().items()} for one in found if one]


def _name(text: str) -> str:
    return item(text, world()).names[0]
