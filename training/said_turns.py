"""Changes of small scenes (`training.said`) as turns for the language model: what is said of a picture changes it.

The sentences were written for the planner, thousands of them as terse as people are who look at a picture: "midnight",
"ghost out", "crown him". Those that are one plain wish teach which tool and which picture are meant, and that all of
the wish is the instruction. Of sentences that hold more (reasons, second thoughts) only tool and picture are taught:
where their instructions begin and end has its rules in `training.turns`. And of first requests, said of a shelf of
other pictures, the tool: they ask for a new one.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.english.patterns import any_of
from models.english.plurals import plural_of
from models.english.politeness import bare
from models.scene.clauses import wishes
from training import scenes
from training.dialogues import Dialogues, Example
from training.said import Row, WrittenLessons
from training.turns import Unreadable, past_turn, read_turn

_LONGEST = 11  # words of a plain wish
# What begins or holds more than the wish itself, or leaves open whether the picture or what it shows is meant.
_NOT_PLAIN = re.compile(
    r"[,;:.!?()/+\"“”—–=]|[^\x00-\xff’]|^(?:can|could|does|do|did|should|may|would)\b", re.IGNORECASE
)
_NOT_ALONE = any_of(r"""
    i|i'?m|i'?d|i'?ll|id|im|we|we'?d|my|our|ours|you|u|ur|your|because|cause|cuz|coz|bc|since|so|but|lol|haha|pls|plz|btw|tho
    too|also|plus|another|again|mean|meant|what|whats|why|how|who|where|which|is|are|aka|honestly|madam|mate
    maybe|perhaps|actually|sorry|let'?s|lets|imagine|suppose|picture|image|photo|pic|drawing|version|one|them|of|same|back
    brighter|darker|lighter|black (?:and|n) white|b ?& ?w|bw|grey|gray|gr[ea]yscale|monochrome|noir|bit|cool|great|love
    nice|um|uh
""")
_PLAIN, _WHOLE = 0.45, 0.85  # up to which share of the examples plain wishes go, and all changes
# What may ask for an exact change of the picture, for variations of it, or for another one.
_EXACT = any_of(r"""
    bright\w*|dark(?:er|en)?|light(?:er|en)|dim\w*|black (?:and|n|&) white|b ?& ?w|bw|gr[ea]y\w*|mono\w*|noir
""")
_HOURS = any_of(r"night\w*|nite|day\w*|noon|midday|midnight|morning|evening|dusk|dawn|sun\w*|after dark|in the dark")
_ANEW = any_of("same|redo|again|version|undo|back|pictures?|images?|photos?|pics?")
_SIZED = any_of(r"\w*er|size\w*|big|huge|tiny|small|enlarge|shrink|grow|scale|double|half|twice|move|shift|left|right")
_LIGHTS = {"night": "at night", "sunset": "at sunset"}
_WEATHERS = {"rain": "in the rain", "snow": "while it is snowing", "fog": "in the fog", "storm": "in a storm"}


class SaidTurns:
    """An endless stream of examples from the plain wishes among the changes, about other things each time.

    Args:
        dialogues: Plays the turns.
        files: JSON lines of changes (`training.said`).
    """

    def __init__(self, dialogues: Dialogues, files: Sequence[Path]) -> None:
        self.dialogues = dialogues
        self.lessons = WrittenLessons(files, str)
        self.rows = [row for row in self.lessons.changes if self._is_plain(row)]
        plain = {id(row) for row in self.rows}
        self.others = [row for row in self.lessons.changes if id(row) not in plain and self._is_change(row)]

    def __iter__(self) -> Iterator[Example]:
        rng = self.dialogues.rng
        while True:
            kind = rng.random()
            if kind < _PLAIN or not (self.others and self.lessons.requests):
                turn, told = self.turn(rng.choice(self.rows), rng), None
            elif kind < _WHOLE:
                turn, told = self.turn(rng.choice(self.others), rng), 3  # <edit_image> <image:> and which
            else:
                turn, told = self.request(rng.choice(self.lessons.requests), rng), 1
            try:
                world, intent = read_turn(turn)
            except Unreadable:
                continue  # ends in a comma or the like: no part of an argument
            intent.plain = told is not None or rng.random() < 0.5
            try:
                for example in self.dialogues.turn(world, intent, polite=told is None and rng.random() < 0.3):
                    yield replace(example, items=example.items[:told])
                    if told:
                        break
            except LookupError:
                continue  # too long: what is pointed at does not fit

    def _is_plain(self, row: Row) -> bool:
        """Whether a sentence is one wish about what the picture shows, and nothing else."""
        said = str(row["say"]).rstrip(".! ")
        if not 0 < len(said.split()) <= _LONGEST or _NOT_PLAIN.search(said) or _NOT_ALONE.search(said):
            return False
        of_a_thing = row["kind"].split()[0] in ("size", "move", "count") or _SIZED.search(said)
        if of_a_thing and not self.lessons.names.said(said):
            return False
        return bare(said) == said and len(wishes(said, self.lessons.names)) == 1

    def _is_change(self, row: Row) -> bool:
        """Whether a sentence asks for nothing but a change of what the picture shows."""
        said = str(row["say"])
        of_a_thing = row["kind"].split()[0] in ("size", "count") or _SIZED.search(said)
        if _ANEW.search(said) or (of_a_thing and not self.lessons.names.said(said)):
            return False
        return not _EXACT.search(said) or _HOURS.search(said) is not None

    def request(self, row: Row, rng: random.Random) -> dict[str, Any]:
        """A first request as a line of `training.turns`, of a shelf of other pictures."""
        own = {name for name, _ in row["things"]}
        befores = [rng.choice(self.lessons.changes)["before"] for _ in range(rng.choice((0, 1, 1, 2, 3, 4)))]
        shelf = [captioned(scene, rng) for scene in befores if own.isdisjoint(name for name, _ in scene["things"])]
        turn: dict[str, Any] = {"say": row["say"], "shelf": shelf}
        if shelf and rng.random() < 0.6:
            turn["past"] = _painted(shelf)
        return {**turn, "do": [{"call": "generate_image", "prompt": row["say"].strip()}]}

    def turn(self, row: Row, rng: random.Random) -> dict[str, Any]:
        """A row as a line of `training.turns`: the picture that it changes is the last of one to four."""
        row = self.lessons.exchanged(row, rng)
        said = row["say"].rstrip(".! ")
        shelf = [
            captioned(rng.choice(self.lessons.changes)["before"], rng) for _ in range(rng.choice((0, 0, 0, 1, 2, 3)))
        ]
        scene, change = dict(row["before"]), ""
        for aspect, phrases in (("light", _LIGHTS), ("weather", _WEATHERS)):
            if scene[aspect] in phrases and not change and rng.random() < 0.5:
                change, scene[aspect] = phrases[scene[aspect]], ""
        shelf.append(captioned(scene, rng))
        past = _painted(shelf)
        if change:
            shown = len(shelf)
            shelf.append(f"edit {shown}: {change}")
            call = {"call": "edit_image", "image": shown, "instruction": change}
            past = past_turn(change, call, [shown + 1])
        turn: dict[str, Any] = {"say": said, "shelf": shelf}
        if rng.random() < 0.8:
            turn["past"] = past
        return {**turn, "do": [{"call": "edit_image", "image": len(shelf), "instruction": said}]}


def _painted(shelf: Sequence[str]) -> dict[str, Any]:
    """The turn that painted the last picture of a shelf."""
    return past_turn(shelf[-1], {"call": "generate_image", "prompt": shelf[-1]}, [len(shelf)])


def captioned(scene: Row, rng: random.Random) -> str:
    """A scene in words, as a person asks for it: "two penguins and a red sled in the arctic at night"."""
    named = [
        _counted(f"{colour} {name}".strip(), name, count)
        for (name, colour), count in Counter((name, colour) for name, colour in scene["things"]).items()
    ]
    things = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    place = scene["place"]
    where = rng.choice(scenes.PLACES[place][0]) if place in scenes.PLACES else f"on a {place}"
    when = (_LIGHTS.get(scene["light"], ""), _WEATHERS.get(scene["weather"], ""))
    style = "" if scene["style"] in ("", "plain") else f", {scene['style']}"
    return " ".join(filter(None, (things, where, *when))) + style


def _counted(called: str, name: str, count: int) -> str:
    numbers = ("two", "three", "four", "five", "six")
    if count == 1:
        return scenes.article(called)
    return f"{numbers[count - 2]} {called.removesuffix(name)}{plural_of(name)}"
