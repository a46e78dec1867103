"""What pictures show, against what was asked of the painter: what nobody asked for, and what found no room.

A painter that describes its pictures says what they show (`Picture.shows`): things, then after a semicolon the
surroundings ("red fox, 2 × hat; meadow, night").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from models.kinds import HATS, LACKING, MOST
from models.naming import Names
from models.patterns import any_of
from models.styles import unknown_style
from models.subjects import mooded, told
from tools.meaning import sentence_vectors

_RELATED = 0.4  # cosine of sentence vectors: "kitten" to "cat" is 0.8, "ferrari" to "car" 0.6, "wombat" to "beaver" 0.2
_MORE = any_of("add|more|another|extra|additional")
_TAKES = any_of("no|not|without|remove|delete|erase|lose|instead|replace|swap|change|turn")


def unasked(prompt: str, shown: Sequence[str]) -> list[str]:
    """Things that pictures show though the prompt does not name them and no word of it is near to them: what the
    painter took for what it does not know.

    Args:
        prompt: What was asked.
        shown: What each picture shows.
    """
    prompt = _in_things(prompt)
    named = Names.shipped().things(prompt)
    things = {thing for one in shown for thing in _counts(one) if not any(thing.endswith(name) for name in named)}
    words = re.findall(r"[^\W_]+", prompt.lower())
    if not things or not words:
        return []
    said = [*words, *(f"{first} {second}" for first, second in pairwise(words)), prompt]
    vectors = sentence_vectors([*sorted(things), *said])
    alike = (vectors[: len(things)] @ vectors[len(things) :].T).max(1)
    return [thing for thing, near in zip(sorted(things), alike, strict=True) if near < _RELATED]


def left_out(preset: str, prompt: str, shows: str, before: str = "") -> str:
    """What a picture lacks of what was asked for, as it is full or the painter has none, in a clause; "" where nothing.

    Args:
        preset: The painter's name.
        prompt: What was asked.
        shows: What the picture shows.
        before: What the picture that was changed showed; empty for a new one.
    """
    clauses = list[str]()
    if "hat" in _kinds(shows) and (other := next((one for one in sorted(HATS) if one in prompt.lower()), "")):
        clauses.append(f"{preset} has no {other}, a plain hat is the nearest")
    if none := _undrawable(prompt, shows):
        clauses.append(f"{preset} cannot draw: {', '.join(none)}")
    if lacking := _lacking(prompt, shows, before):
        clauses.append(f"{preset} draws {MOST} things at most; left out: {', '.join(lacking)}")
    return "; ".join(clauses)


def other_style(preset: str, prompt: str) -> str:
    """That a painter has not the style that was asked for, in a clause; "" where none was that it has not."""
    style, painted = unknown_style(prompt)
    return style and f"{preset} has no style “{style}”" + (f", {painted} is the nearest" if painted else "")


def _undrawable(prompt: str, shows: str) -> list[str]:
    """What was asked for and the painter has nothing like ("bench")."""
    if not shows or _TAKES.search(prompt):
        return []
    known, place = Names.shipped().said(prompt), re.split(r"[;,]\s*", shows.rpartition(";")[2].strip())[0]
    found = [
        (name, match.start())
        for name, places in LACKING.items()
        if place not in places and (match := re.search(rf"\b{name}(?:s|es)?\b", prompt, re.IGNORECASE))
    ]
    return [name for name, start in found if not any(said.start <= start < said.end for said in known)]


def _lacking(prompt: str, shows: str, before: str) -> list[str]:
    """What a full picture lacks ("2 × cat", "barn")."""
    if _counts(shows).total() < MOST or (before and _TAKES.search(prompt)):
        return []
    names, there, old, prompt = Names.shipped(), _kinds(shows), _kinds(before), _in_things(prompt)
    asked = Counter[str]()
    for thing, places in names.counted(prompt).items():
        asked[names.own_of(thing)] += sum(number for _, number in places)
    for name in names.things(prompt):
        asked[name] = max(asked[name], 1)
    adds, lacking = before and _MORE.search(prompt), list[str]()
    around = shows.rpartition(";")[2]
    for name, number in asked.items():
        lacks = number - (there[name] - old[name] if adds else there[name])
        if lacks > 0 and name not in around and not (before and number == 1 and name in old):
            lacking.append(name if lacks == 1 and name not in there else f"{lacks} × {name}")
    return lacking


def _in_things(prompt: str) -> str:
    """What was asked, with what has one name ("a zoo", "christmassy") in the things that it means."""
    names = Names.shipped()
    return mooded(told(prompt, names, ()), names)


def _counts(shows: str) -> Counter[str]:
    """How many of each thing, in its colour, a picture shows."""
    counts = Counter[str]()
    for one in filter(None, shows.rpartition(";")[0].split(", ")):
        number, _, thing = one.rpartition(" × ")
        counts[thing] += int(number or 1)
    return counts


def _kinds(shows: str) -> Counter[str]:
    """How many of each thing, in whatever colour, a picture shows."""
    names, kinds = Names.shipped(), Counter[str]()
    for thing, number in _counts(shows).items():
        kinds[next(iter(sorted(names.things(thing), key=len, reverse=True)), thing)] += number
    return kinds
