"""Lists of words and phrases as one pattern."""

from __future__ import annotations

import re


def any_of(phrases: str, *, end: str = r"\b") -> re.Pattern[str]:
    """Whole words or phrases, regular expressions themselves, separated by | or ends of lines; in any case.

    Args:
        phrases: Not in brackets; those within them keep their own |.
        end: What follows a phrase.
    """
    lines = (line.strip().strip("|") for line in phrases.strip().splitlines())
    return re.compile(rf"\b(?:{'|'.join(lines)}){end}", re.IGNORECASE)
