"""Which thing words give which colour: "a red hat", "the hat should be red", "red for the hat", "a hat, a red one"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.english.naming import COLOUR_WORDS, HUES, Said, colours_in
from models.english.patterns import any_of, regex

DYEING = r"like|same|match\w*|colou?r\w*|dye\w*|paint\w*|dark\w*|light\w*|natural|normal|original|rainbow"
"""What speaks of colours without naming one, as part of a regular expression."""
IN_COLOURS = any_of(r"""
    (?:different|various|assorted|several|mixed|rainbow) colou?rs
    (?:each|every\w*) [^.,;]{0,30}\b(?:different|another|own) colou?r
""")
"""What wants several of a kind each in a colour of its own."""
TURNED_DOWN = any_of("not|no|hate|isn'?t|than|instead of", end=r" (?:an? |the )?\w+")
"""A thing or a colour that is not wanted, with what says so."""
_NEVER = any_of(
    r"(?<!why )not|no|never|hate|(?:is|are|was|does|do|should|need)n'?t(?: be)?|than|instead of",
    end=r" (?:an? |the )?$",
)
# A word between a colour and the name of what has it: "red double decker bus".
_WORD = r"(?!(?:and|n|or|with|in|on|at|for|to|the|an?|please|pls|instead|then|but|is|are|of|by|from|not)\b)[\w'-]+"
_AHEAD = regex(rf"\s+(?:{_WORD}\s+){{0,2}}")
_ONE = regex(r"\s+ones?\b")
_FOR = regex(r"\s+(?:(?:colou?r|please|pls|paint)\s+)?(?:for|on)\s+(?:the|my|our|his|her|that|this)\s+")
_THE = any_of(
    "the|that|this|these|those|his|her|its|their|my|our|your|both|which", end=r"(?: (?!an?\b|some\b)\w+)?\s+$"
)
# Between a name and the colour that it is given: "the hat should be a bright red".
_LINK = regex(
    r"(?:['’]?s\b)?(?:[\s:=>→-]|\b(?:is|are|be|should|shall|must|can|could|would|might|ought|to|needs?|has|have|gets?|got"
    r"|gotta|gonna|going|becomes?|turns?|goes|comes|into|in|an?|as|all|really|actually|rather|more|bright|deep|strong|nice"
    r"|proper|pure|lovely|hot|jet|matte?|juicy|pastel|back|2|made|dyed|painted|colou?red|please|pls|now|instead|just|wants"
    r"|supposed|meant|maybe|say|too|also|would|look|better|nicer|much|so|it|they|that|this|version|option|one)\b){0,9}",
)
_APART = regex(
    r"(?:\s+(?:on|too|please|pls))?(?:\s+(?:him|her|it|them))?\s*[,.;:]\s*(?:(?:\w+ )?and |an? |in |all )?"
    r"|\s+(?:in|on|at|under|over|above|below|behind|next to) (?:him|her|it|them"
    r"|(?:his|her|its|their) (?:\w+ )?(?:hands?|heads?|neck|paws?|feet|arms?|back|side))\s+"
)  # "a cap on him, blue", "heels. pink", "a scarf, long and orange", "ribbon in her hand red"
_ENDS = regex(r"\s*(?:$|[.,;!?)])")
_NOTHINGS = regex(r"\bblack\s*(?:and|&|n)\s*white\b")
_PLACE = regex(
    r"\s+(?:back(?:ground|drop)|wall|sky|skies|sea|water|grass|ground|floor|light|lighting|sand"
    r"|field|meadow|lawn|hill|pasture)s?\b"
)
_AROUND = any_of(
    r"(?P<what>sky|skies|sea|water|ocean|lake|river|pond|grass|ground|floor|walls?|sand)(?: [\w']+){0,4}? "
    rf"(?:{COLOUR_WORDS}|(?:blu|green|redd|yellow|pink|purpl|brown|black|whit|grey|dark|light)er)"
)


def dyed_around(text: str) -> str:
    """The part of a place to which words give a colour ("the sea was more blue"), "" for none."""
    found = _AROUND.search(text)
    return found["what"] if found else ""


@dataclass(frozen=True)
class Dyes:
    """What a sentence says of colours.

    Attributes:
        wished: Of each name in it the number of the colour that it is given, 0 for none.
        called: Of each name the number of the colour by which a thing is called that is there ("the red hat"), or 0.
        loose: The colours that are refused, or given to nothing by name.
    """

    wished: tuple[int, ...]
    called: tuple[int, ...]
    loose: frozenset[int]


class Dyer:
    """Finds which thing words give which colour. `colours` are the world's."""

    def __init__(self, colours: Sequence[str]) -> None:
        self._colours = colours
        hues = "|".join((*filter(None, colours), *HUES))
        self._hue = regex(rf"\b(?:{hues})\b")
        self._before = regex(rf"\b(?P<colour>{hues}){_AHEAD.pattern}$")

    def of(self, text: str, said: Sequence[Said]) -> Dyes:
        """What a text says of the colours of what it names."""
        wished, called = [0] * len(said), [0] * len(said)
        hues = [found for found in self._hue.finditer(text) if self._speaks(found, text, said)]
        refused = [found for found in hues if _NEVER.search(text[: found.start()])]
        loose = set(colours_in(" ".join(found.group() for found in refused), self._colours))
        hues = [found for found in hues if found not in refused]
        ahead = [_ahead(text, found.end(), said) for found in hues]
        behind = [_behind(text, *found.span(), said) for found in hues]
        if None not in behind and None in ahead:  # "cat black, dog white"
            ahead = [None] * len(hues)
        for found, after, before in zip(hues, ahead, behind, strict=True):
            [colour] = colours_in(found.group(), self._colours)
            if after is None and before is None and _ONE.match(text[found.end() :]):  # "a cap, a blue one"
                before = _last(found.start(), said) if not _THE.search(text[: found.start()]) else None
            name = before if after is None else after
            if name is None:
                loose.add(colour)
            elif after is not None and _THE.search(text[: found.start()]):
                called[name] = colour
            else:
                wished[name] = colour
        return Dyes(tuple(wished), tuple(called), frozenset(loose))

    def before(self, words: str) -> int | None:
        """The colour at the end of words before a name ("a red double decker" bus)."""
        found = self._before.search(words)
        return colours_in(found["colour"], self._colours)[0] if found else None

    def of_things(self, text: str) -> str:
        """A text without the colours of places ("blue sky")."""
        return self._hue.sub(lambda found: "" if _PLACE.match(text, found.end()) else found[0], text)

    def _speaks(self, hue: re.Match[str], text: str, said: Sequence[Said]) -> bool:
        """Whether a colour is one of a thing: it may be part of a name, of a style or of a place."""
        inside = any(one.start <= hue.start() < one.end for one in said)
        style = any(other.start() <= hue.start() < other.end() for other in _NOTHINGS.finditer(text))
        return not (inside or style or _PLACE.match(text[hue.end() :]))


def _ahead(text: str, end: int, said: Sequence[Said]) -> int | None:
    """Which name has the colour that ends there, where that stands before it: "red hat", "red for the hat"."""
    after = next((n for n, one in enumerate(said) if one.start >= end), None)
    if after is not None and any(link.fullmatch(text[end : said[after].start]) for link in (_AHEAD, _FOR)):
        return after
    return None


def _last(start: int, said: Sequence[Said]) -> int | None:
    """Which name ends last before a place."""
    return next((n for n in reversed(range(len(said))) if said[n].end <= start), None)


def _behind(text: str, start: int, end: int, said: Sequence[Said]) -> int | None:
    """Which name has the colour that stands there, where that is behind it: "the hat is red", "a hat, red"."""
    before = _last(start, said)
    if before is None:
        return None
    between = text[said[before].end : start]
    apart = _APART.fullmatch(between) and _ENDS.match(text, end)
    return before if _LINK.fullmatch(between) or apart else None
