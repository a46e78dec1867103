"""Sizes by comparison: "the knight smaller than the dragon", "the mouse as big as the cat"."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import zip_longest

from models.english.naming import Said
from models.english.patterns import regex
from models.rendering.layout import SIDES, Layout
from models.scene.arranging import sized

_LARGE, _SMALL = "big|large|tall|high|huge", "small|short|tiny|little"
_COMPARED = regex(
    r"\W*(?:(?:is|are|be|should|must|needs?|has|have|to|looks?|a|bit|little|lot|much|far|way|even|slightly)\W+)*"
    r"(?:(?P<larger>bigger|larger|taller|higher|huger) than|(?P<smaller>smaller|shorter|tinier|littler) than"
    rf"|(?P<half>half (?:the (?:size|height) of|as (?:{_LARGE}) as))"
    rf"|(?P<twice>(?:twice|double|two times) (?:the (?:size|height) of|as (?:{_LARGE}) as))"
    rf"|(?:just )?as (?:{_LARGE}|{_SMALL}) as|(?:of |in )?the same (?:size|height) as)"
    r"\s+(?:(?:the|that|his|her|its|my|our) )?(?:[\w-]+ )?",
)
_ALL = "(?:every(?:thing|one|body)|any(?:thing|one|body)|all|the (?:rest|others?))(?: (?:else|the others|of them))*"
_OF_ALL = regex(
    r"\W*(?:(?:is|are|be|should|must|needs?|has|have|to|looks?|a|bit|much|far|way|even)\W+)*"
    rf"(?:(?P<larger>(?:bigger|larger|taller|huger) than {_ALL}|the (?:biggest|largest|tallest)(?: of (?:them )?all)?)"
    rf"|(?P<smaller>(?:smaller|shorter|tinier) than {_ALL}|the (?:smallest|shortest|tiniest)(?: of (?:them )?all)?))"
    r"\W*",
)
_CLEARLY = 1.4  # so many times the other's side is larger
_LARGEST = 0.75  # of the side of a picture


def compared(text: str, said: Sequence[Said], layout: Layout, squares: tuple[int, int]) -> Layout:
    """The layout with a thing of the size that words give it beside another that is there, or beside all: clearly
    larger or smaller than that, and than it was, or as large; where there is no room for more, the other gives way."""
    most = max(side for side in SIDES if side <= _LARGEST * min(squares))
    sides = dict[int, int]()
    for one in layout.things:
        sides[one.thing] = max(one.side, sides.get(one.thing, 0))
    for one, other in zip_longest(said, said[1:]):
        if one.thing not in sides:
            continue
        others, mark = sides.keys() - {one.thing}, 0
        if found := _OF_ALL.fullmatch(text[one.end :]):
            mark = (max if found["larger"] else min)((sides[each] for each in others), default=0)
        elif other and other.thing in others and (found := _COMPARED.fullmatch(text[one.end : other.start])):
            others, mark = {other.thing}, sides[other.thing]
        if not found or not mark:
            continue
        wanted = _sides(found, sides[one.thing], mark, most)
        now = {one.thing: wanted[0], **{each: wanted[1] for each in others if sides[each] > wanted[1]}}
        return sized(layout, {n: now[t.thing] for n, t in enumerate(layout.things) if t.thing in now}, *squares)
    return layout


def _sides(found: re.Match[str], side: int, mark: int, most: int) -> tuple[float, float]:
    """The side of what is compared, and the largest of what it is compared with."""
    told = found.groupdict()
    if told["larger"] or told.get("twice"):
        times = 2.0 if told.get("twice") else _CLEARLY
        wanted = min(most, max(_stepped(side, 1), mark * times))
        return wanted, wanted / times
    if told["smaller"] or told.get("half"):
        return (mark / 2 if told.get("half") else min(_stepped(side, -1), mark / _CLEARLY)), math.inf
    return mark, math.inf


def _stepped(side: int, way: int) -> int:
    """The next side that is larger, or smaller."""
    return min((some for some in SIDES if (some - side) * way > 0), key=lambda some: abs(some - side), default=side)
