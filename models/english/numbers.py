"""Numbers of things as people write them, in digits or words: "500", "1,000", "fifty", "twenty-five", "a hundred"."""

from __future__ import annotations

import re

from models.english.patterns import NUMBER_WORDS

_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {
    **NUMBER_WORDS,
    **{word: number for number, word in enumerate(_TEENS, 13)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
    "couple": 2,
}
_FOLDS = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6}
_SMALL = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(list(NUMBER_WORDS)[:9])})\b)?|{'|'.join((*_TEENS, *NUMBER_WORDS))})"
)
_FOLD = "|".join(_FOLDS)
_DIGITS = r"(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)"
NUMBER = (
    rf"(?:(?:(?:{_SMALL}|an?|{_DIGITS}) )?(?:{_FOLD})(?: (?:and )?(?:{_FOLD}|{_SMALL})\b)*|{_SMALL}"
    rf"|{_DIGITS}(?![\d%°]|[.,:x×]\d| years?\b))"
)
"""A number of things of one or more, for patterns."""


def number_of(words: str) -> int:
    """The number that words or digits say ("a couple", "three", "1,000", "two hundred and fifty")."""
    total = part = 0
    for word in re.findall(r"[a-z]+|\d+", words.lower().replace(",", "")):
        if fold := _FOLDS.get(word):
            part = max(part, 1) * fold
            if fold >= 1000:
                total, part = total + part, 0
        else:
            part += _WORDS.get(word) or (int(word) if word.isdecimal() else 0)
    return total + part
