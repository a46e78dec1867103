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


def table(rows: str) -> dict[str, str]:
    """What stands behind " = ", for each of the names before it, which commas part; indented lines go on with a row."""
    lines = (line.partition(" = ") for line in rows.strip().replace("\n    ", " ").splitlines())
    return {name: value for names, _, value in lines for name in names.split(", ")}


def listed(names: str) -> list[str]:
    """Names that | or ends of lines part."""
    return [name for line in names.splitlines() for name in map(str.strip, line.split("|")) if name]


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
