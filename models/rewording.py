"""Instructions in the words that the planner knows best, for when it finds nothing to change in a person's own.

It was trained on whole instructions ("add a flag"), and people wrap theirs ("the robot should hold a flag", "but with a
rainbow", "he plays violin not guitar", "driving down a highway").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.orders import TAKING
from models.patterns import any_of

_THING = re.compile(
    r"\b(?<!as )(?P<what>(?:an?|another|one|two|three|four|some)\s+(?:(?:second|third|more|big|small|little)\s+)?"
    r"(?:[\w'-]+\s+){0,2}?[\w'-]+?)"
    r"(?=\s+(?:as well|too|also|please|pls|in|on|at|beside|next|near|behind|with|by|under|would|should|could|must|here"
    r"|there|for|so|to|of|that|which|and|but|from|over|against|between|is|are)\b|\s*[.,;!?]|\s*$)",
    re.IGNORECASE,
)
_RATHER = re.compile(
    r"(?:an? |the )?(?P<new>[\w-]+),? (?:and )?not (?:an? |the |my )?(?P<old>[\w-]+)\W*$", re.IGNORECASE
)


_NOT_JUST = any_of("not (?:just|only)", end=r" (?:an? )?[\w-]+,? (?:but )?(?:an? )?(?:[\w-]+ )?(?P<new>[\w-]+)\W*$")
_FORGOTTEN = any_of("don'?t forget|forgot|where(?:'s| is)", end=r" (?:the|an?|his|her|their) (?P<what>[\w' -]+)")
_POURS = any_of("pour(?:ed|ing|s)?|(?:chucking|bucketing|pissing|tipping) (?:it )?down|raining cats")
_WORD = re.compile(r"[a-z]{3,}", re.IGNORECASE)
_COMMON = frozenset(
    "add all also and any are but can could did does for from get give has have her here him his how image into"
    " its just let like look looks make maybe more much need not now off one only our out over picture please put"
    " she should some than that the their them then there they thing things this too turn under very want was what"
    " when where which will with would you your".split()
)


@dataclass(frozen=True)
class Wording:
    """An instruction, the words of the person that what it brings has to be like, and whether something may go."""

    text: str
    what: str
    replaces: bool = False


def brought(instruction: str) -> list[str]:
    """What an instruction wants in the picture ("a hat", "a red scarf"); nothing where it takes something away."""
    if found := _FORGOTTEN.search(instruction):
        return [f"a {found['what']}"]
    if TAKING.search(instruction):
        return []
    return [found["what"] for found in _THING.finditer(instruction)]


def reworded(instruction: str) -> Iterator[Wording]:
    """What an instruction may mean, the surest first: to replace one thing by another, to add one, to go elsewhere; at
    last each of its words, which may be the name of a place, a weather or a style. What takes something away brings
    nothing.
    """
    if found := _RATHER.search(instruction):
        yield Wording(f"replace the {found['old']} with a {found['new']}", found["new"], replaces=True)
    if found := _NOT_JUST.search(instruction):
        yield Wording(f"make it {found['new']}", found["new"])
    if _POURS.search(instruction):
        yield Wording("make it rain", "rain")
    if TAKING.search(instruction):
        return
    for found in _THING.finditer(instruction):
        yield Wording(f"add {found['what']}", found["what"])
        yield Wording(f"on {found['what']}", found["what"])
    for word in _WORD.findall(instruction):
        if word.lower() not in _COMMON:
            yield Wording(f"make it {word}", word)
