"""Puts words right that were typed wrong, for a network that knows few words and none of them misspelt.

Only a word that the language does not have, nor as a form of another, is touched, and only where one known word is near
enough: it begins with the same letter, or with the same two the wrong way round, and one letter is missing, added,
another or swapped with its neighbour (two in a word of seven letters and more). What a person typed stays as it is
everywhere else; this is what the painter reads.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST = 4  # letters of a word that is looked at
_ENDINGS = ("s", "es", "ing", "ed", "er", "ly", "y")
_LONG = 7  # letters from which on two may be wrong
_REMEMBERED = 8192  # words as they were typed: finding the nearest takes up to a millisecond


class Spelling:
    """See the module's text.

    Args:
        known: Words that wrong ones are taken for, in lower case.
        right: All words that are not wrong; nor are their plurals and the like.
        meant: Words that are replaced in any case, as slang by what it means.
    """

    def __init__(self, known: Iterable[str], right: Container[str], meant: Mapping[str, str]) -> None:
        self._known = dict.fromkeys(word for word in known if len(word) >= _SHORTEST - 1)
        self._right, self._meant = right, meant
        self._nearest = lru_cache(_REMEMBERED)(self._sought)

    def corrected(self, text: str) -> str:
        """The text with each wrong word replaced by the known one that it is nearest to, in lower case."""
        text = re.sub(r"\bw/o\b", "without", text, flags=re.IGNORECASE)
        text = re.sub(r"\bw/\s*(?=\w)", "with ", text, flags=re.IGNORECASE)
        return re.sub(r"[^\W\d_]+", lambda found: self._nearest(found.group()), text)

    def _sought(self, typed: str) -> str:
        word = typed.lower()
        if word in self._meant:
            return self._meant[word]
        if len(word) < _SHORTEST or word in self._known or any(form in self._right for form in (word, *_stems(word))):
            return typed
        if word.endswith("in") and f"{word}g" in self._right:  # "chillin"
            return f"{typed}g"
        reach = 2 if len(word) >= _LONG else 1
        near = ((distance(word, one), word[-1] != one[-1], one) for one in self._known if _alike(word, one, reach))
        best = min(near, default=(reach + 1, True, typed))
        return best[2] if best[0] <= reach else typed


def _stems(word: str) -> Iterator[str]:
    """What a word may be a form of: "frog" and "frogg" of "froggy", "howl" and "howle" of "howling"."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST - 1:
            yield stem
            if ending in ("ing", "ed", "er"):
                yield f"{stem}e"
            if ending == "s":
                yield from (f"{stem}ed", f"{stem}ing")
            if ending in ("ing", "ed", "er", "y") and stem[-1] == stem[-2]:
                yield stem[:-1]
    for ending in ("ies", "ier", "iest", "ily"):
        if word.endswith(ending):
            yield f"{word.removesuffix(ending)}y"


def _alike(word: str, other: str, reach: int) -> bool:
    begins_alike = word[0] == other[0] or word[:2] == other[1::-1]
    return begins_alike and abs(len(word) - len(other)) <= reach


def distance(one: str, other: str) -> int:
    """How many letters must be added, taken out, changed or swapped with their neighbour (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and (one[i - 2], letter) == (wanted, other[j - 2]):
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]


def one_away(word: str) -> set[str]:
    """What a word of small letters may have been meant to be, were one letter of it typed wrong but the first.

    The first letter may only have changed places with the second; for what is `distance` 1 away otherwise, see there.
    """
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    return {
        *(before + after[1:] for before, after in cuts if after),
        *(before[:-1] + after[0] + before[-1] + after[1:] for before, after in cuts if after),
        *(before + letter + after[1:] for before, after in cuts if after for letter in _LETTERS),
        *(before + letter + after for before, after in cuts for letter in _LETTERS),
    } - {word}
