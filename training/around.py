"""What people call places, hours, weathers and styles, and lessons for the planner that say them so.

`around.txt` holds them, a name a line under its kind. Nothing that measures draws from it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from training import scenes
from training.scenes import Scene

_PREPOSITION = re.compile(
    r"(?:in|at|on|under|above|below|beneath|by|among|between|up|over|inside|into|high|way|mid|within|with|as|like|during"
    r"|after|before|when|while|around|towards?|past|just|without|out|home|indoors|overhead)\b"
)
_BY_NAME = re.compile(r"(?:.* )?(?:\w+(?:land|ia|shire|polis)|new york|london|paris|goa|bali|everest|k2|nasa)$")
_PLACED = (
    "{}", "{} please", "put it {}", "put them {}", "put everything {}", "{} instead", "how about {}", "make it {}",
    "can it be {}", "i want it {}", "should be {}", "actually {}", "what if it was {}", "move the whole thing {}",
    "now {}", "same but {}", "not there, {}",
)  # fmt: skip
_BEING = (
    "{}", "{}", "{} please", "make it {}", "it should be {}", "can it be {}", "now {}", "i want it {}", "should be {}",
    "and {}", "could you do it {}", "let it be {}", "{} now", "ok {}", "how about {}", "turn it {}",
)  # fmt: skip
_ASPECTS = ("light", "weather", "style")


@lru_cache
def phrases() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Of "place", "light", "weather" and "style" what each of the world's is also called."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for line in (Path(__file__).parent / "around.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = found.setdefault(line.strip("[]").removesuffix("s"), {})
        elif line:
            name, _, called = line.partition(" = ")
            kind[name] = tuple(called.split(" / "))
    return found


def placed(place: str, rng: random.Random) -> str:
    """Where something is, as a person may say it: "in the alps"."""
    called = rng.choice(phrases()["place"][place])
    if _PREPOSITION.match(called):
        return called
    known = rng.choice(scenes.PLACES[place][0])
    article = "" if _BY_NAME.fullmatch(called) else rng.choice(("the ", "the ", "the ", "a ", "", "some "))
    return f"{known.split()[0]} {article}{called}"


def surrounded(named: str, scene: Scene, rng: random.Random) -> str:
    """Things in words, and where, when and how a scene shows them."""
    said = [placed(scene.place, rng)]
    for aspect, usual in zip(_ASPECTS, ("day", "clear", "plain"), strict=True):
        name = getattr(scene, aspect)
        if name != usual or rng.random() < 0.03:
            said.append(rng.choice(phrases()[aspect][name]))
    rng.shuffle(said)
    joint = rng.choice((" ", " ", ", ", ", "))
    if rng.random() < 0.15:
        return joint.join((*said, named))
    return joint.join((named, *said))


def changed(scene: Scene, rng: random.Random) -> tuple[Scene, str]:
    """The scene elsewhere, at another hour, in other weather or another style, and the words that ask for it."""
    aspects = ("place", "place", *_ASPECTS) if scene.outdoors else ("place", "place", "style")
    aspect = rng.choice(aspects)
    if aspect == "place":
        place = rng.choice([name for name in scenes.PLACES if name != scene.place])
        return replace(scene, place=place), rng.choice(_PLACED).format(placed(place, rng))
    name = rng.choice([name for name in phrases()[aspect] if name != getattr(scene, aspect)])
    return replace(scene, **{aspect: name}), rng.choice(_BEING).format(rng.choice(phrases()[aspect][name]))
