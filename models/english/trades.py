"""Sentences that want one thing in the place of another: "replace the vase with roses", "a cat instead of the dog"."""

from __future__ import annotations

import re
from typing import NamedTuple

from models.english.patterns import regex
from models.english.politeness import bare, without_fillers

_VERBS = "replace|swap|exchange|trade|switch"
_WANTS = r"\W*(?:(?:now|and|can you|could you|just|make|turn|have|put|paint|bring|get|it)\b\W*)*"
_FORMS = (
    rf"(?P<ahead>.*\b)?(?:(?:{_VERBS})(?: out)?|(?:change|turn)(?=.* (?:in)?to\b))\b(?P<old>.+?)"
    r"\b(?:with|for|by|(?:in)?to)\b(?P<new>.+)",
    r"(?P<ahead>.*\b)?instead of (?P<old>(?:the |that |my )?[\w'-]+(?: [\w'-]+)?)[\s,;:-]+"
    r"(?P<new>(?:an?|some|two|three) .+)",
    rf"(?P<ahead>{_WANTS})(?P<new>.+?)\b(?:instead of|rather than|in (?:the )?place of)\b(?P<old>.+)",
)
_ALONE = regex(_WANTS)
_TRADE = [regex(form, re.IGNORECASE | re.DOTALL) for form in _FORMS]


class Trade(NamedTuple):
    """What is wanted gone and what in its place, as it is written; and whether the sentence wants nothing else."""

    old: str
    new: str
    alone: bool


def trade_in(text: str) -> Trade | None:
    """The exchange that a sentence asks for, the last of several; None where it asks for none."""
    text = without_fillers(text)  # who asks for pictures in other ways than by chat is heard here too
    found = next(filter(None, (form.fullmatch(text) for form in _TRADE)), None)
    if not found:
        return None
    old, new = bare(found["old"]).strip(), found["new"].strip(" ,")
    return Trade(old, new, _ALONE.fullmatch(found["ahead"] or "") is not None)
