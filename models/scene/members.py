"""One of several of a kind: "the left owl", "the middle one", "the second fox", "the one on the right".

Things stand in a row from the left; the second of two foxes is the right one.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.english.patterns import any_of
from models.rendering.layout import Placed

_PLACES = {"left": 0, "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "right": -1, "last": -1}
_NO_NAME = (
    r"(?!(?:side|half|edge|corner|part|hand|an?|and|or|but|by|of|to|in|on|so|then|now|please|pls|more|too|again|thing"
    r"|time|picture|image|pic|photo|version)\b)"
)
_MEMBER = any_of(
    rf"(?:the|that) (?P<place>left|right|middle|central)(?:most| hand)? (?P<what>{_NO_NAME}\w+)"
    rf"|(?:the|that) (?P<ordinal>first|1st|second|2nd|third|3rd|last) (?P<name>{_NO_NAME}\w+)"
    r"|(?:the|that) (?P<which>\w+) (?:on|at|in) the (?:far |very )?(?P<end>left|right|middle|centre|center)(?:most)?"
    r"(?: side| hand side)?"
)


def which_in(text: str) -> str:
    """The place in the row by which words single out one of a kind, such as "left" or "second"; "" for none."""
    found = _MEMBER.search(text)
    return (found["place"] or found["ordinal"] or found["end"]).lower() if found else ""


def without_place(text: str) -> str:
    """The text without such places: "the owl" for "the left owl"."""
    return _MEMBER.sub(lambda found: f"the {found['what'] or found['name'] or found['which']}", text)


def member(which: str, kind: Sequence[Placed]) -> Placed | None:
    """Which of the things of a kind stands at a place in the row; None where none does."""
    row = sorted(kind, key=lambda one: 2 * one.column + one.side)
    place = _PLACES.get(which, len(row) // 2)
    return row[place] if place < len(row) and len(row) > 1 else None
