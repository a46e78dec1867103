"""Regular expressions, and lists of words and phrases as one.

There are hundreds; each is compiled when it is first used, so that no program waits at its start for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast


class _Regex:
    """A regular expression that is compiled when something is asked of it but its text."""

    def __init__(self, text: str, flags: re.RegexFlag) -> None:
        self.pattern, self._flags = text, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.compiled, name)


def regex(text: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """A regular expression, in any case unless the flags say otherwise."""
    return cast("re.Pattern[str]", _Regex(text, flags))


def any_of(phrases: str, *, end: str = r"\b") -> re.Pattern[str]:
    """Whole words or phrases, regular expressions themselves, separated by | or ends of lines; in any case.

    Args:
        phrases: Not in brackets; those within them keep their own |.
        end: What follows a phrase.
    """
    lines = (line.strip().strip("|") for line in phrases.strip().splitlines())
    return regex(rf"\b(?:{'|'.join(lines)}){end}")


def rewritten(text: str, forms: Mapping[re.Pattern[str], str], **names: str) -> str:
    """A text with what stands for each of some forms in its place, form after form.

    Args:
        forms: With what stands for them, as for `re.sub`; "{name}" in that is one of the names.
    """
    for form, stands in forms.items():
        text = form.sub(stands.format(**names) if names else stands, text)
    return text


def table(rows: str) -> dict[str, str]:
    """What stands behind " = ", for each of the names before it, which commas part; indented lines go on with a row."""
    lines = (line.partition(" = ") for line in rows.strip().replace("\n    ", " ").splitlines())
    return {name: value for names, _, value in lines for name in names.split(", ")}


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
