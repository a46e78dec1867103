"""What sentences open and end with that asks for nothing, as parts of regular expressions that ignore case."""

from __future__ import annotations

import re

POLITE = "please|pls|plz|kindly|thanks|thank you|thx"
OPENERS = f"{POLITE}|ok|okay|now|hmm+|oh|ah|and|so|well|hey|hi|wait|actually|sorry|nice|great|cool|cute|i think"
MAY_I = r"(?:(?:can|could|would|will|shall|may) (?:you|u|we|i)\W+(?:(?:please|pls)\W+)?)?"

BEFORE = rf"\W*(?:(?:{OPENERS}|no|nah|nope|ugh+|meh|argh+|bah|damn|sigh|yikes|oops|nevermind|never mind)\W+)*"
"""Before a form that says all: "no, wait, …"."""

OPENING = re.compile(rf"^\W*(?:(?:{OPENERS})\W+)*{MAY_I}", re.IGNORECASE)
"""Before any request; not "no", which may take something away ("no snow")."""

ENDING = re.compile(rf"[\s,]*(?:\b(?:{POLITE})\b[\s,]*)*[\s.!?]*$", re.IGNORECASE)


def bare(said: str) -> str:
    """A sentence without its politeness."""
    return ENDING.sub("", OPENING.sub("", said))
