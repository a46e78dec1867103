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


NUMBER_WORDS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
"""How many each word for a number says."""
NUMERALS = "|".join(word for word, number in NUMBER_WORDS.items() if number > 1)
"""Words for more than one, for patterns."""
STATES = any_of(r"""
    is|are|was|were|am|be|has|have|had|looks?|seems?|hates?|likes?|loves?|thinks?|wants?|because|cause|cuz|does|do|did
    said|says|\w+'(?:s|re|m|ve|d|ll|t)|dont|doesnt|isnt|cant|thats|its|hes|shes
""")
"""Words of a clause that says how something is, or why, which is no wish."""
