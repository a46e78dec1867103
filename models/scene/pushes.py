"""Sizes and ways in sentences: what is to be larger or smaller, and what farther to the left or right.

`push_of` reads plain orders. `push_meant` reads whatever else says a size or a way ("teeny mouse", "too far left", "the
octopus goes right"), and `what_is_pushed` of which thing: not of one that is to stay, or is only there to say where.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from models.english.naming import Said
from models.english.patterns import any_of, regex
from models.english.sizes import HUGE, LARGE, SMALL, TINY
from models.rendering.layout import SIDES, Layout


@dataclass(frozen=True)
class Resize:
    """Larger or smaller, by about a factor."""

    factor: float


@dataclass(frozen=True)
class Shift:
    """Elsewhere, by so many squares to the right and down."""

    right: int
    down: int


_LOOKS = r"(?:too|to|looks?|is|are|so) (?:so |too |very |really |a bit )?"
_TOO_SMALL = any_of(rf"{_LOOKS}(?:{SMALL}|{TINY})")
_TOO_BIG = any_of(rf"{_LOOKS}(?:{LARGE}|{HUGE})")
_OUGHT = any_of(
    "should|ought to|must|needs? to|supposed to|meant to|has to|have to", end=r"\b(?! be (?:so|that|such|too))"
)
_LARGER = any_of(rf"""
    bigger|larger|taller|enlarge|grow|embiggen|up ?scale|(?:scale|size|blow)\b.*\bup
    make (?:[\w']+ ){{1,3}}(?:{HUGE})
    twice (?:the|its|his|her|their) size|twice as (?:big|large|tall)
""")
_SMALLER = any_of(rf"""
    smaller|tinier|littler|shrink|shrunk|down ?size|less (?:{LARGE}|{HUGE})
    (?:scale|size)\b.*\bdown|make (?:[\w']+ ){{1,3}}(?:{TINY})
    half (?:the|its|his|her|their) size|half as (?:big|large|tall)
""")
_SLIGHTLY = any_of("a (?:bit|touch|tad|little|smidge|hair)|slightly|somewhat|nudge|lil|wee bit")
_GREATLY = any_of(rf"much|way|far|lots?|{HUGE}|{TINY}|twice|double|half|all the way|edge|side")
_ASIDE = any_of("""
    move|shift|nudge|scoot|slide|push|drag|bring|put|place|stand|steps?|walk|hop|scooch|go|goes|get|have
    over|more|further|farther|bit|little|lil|touch|to the|be on|should be|must be|needs to be|be
""")
_ACROSS = 99  # squares: up to the edge
_AT_A_SIDE = any_of(
    r"(?:put|place|stand|set|have|want|goes?|be|belongs?) (?:[\w']+ ){0,4}(?:on|at) the (?:far |very )?(?:left|right)"
)
_STANDS_AT_A_SIDE = regex(
    r"\W*(?:(?!(?:mov\w*|shift\w*|nudg\w*|scoot\w*|slid\w*|push\w*|drag\w*|pull\w*|bring|turn\w*|fac\w*|look\w*|go|walk\w*"
    r"|steps?|hop|bit|little|lil|more|further|farther|over|flip\w*|tilt\w*|lean\w*|point\w*|touch|too|so|is|are|not|from"
    r"|rotate\w*|budge\w*|scooch\w*|swim\w*|fly|flies|run\w*|head\w*)\b)[\w'-]+ ){1,4}"
    r"(?:on|to|at) (?:the )?(?:far |very )?(?:left|right)(?:[ -]hand)?(?: side)?(?: instead| now)*\W*"
)  # "the yogi to the left"
_WAYS = {
    (-1, 0): any_of("left(?:wards?)?"),
    (1, 0): any_of("right(?:wards?)?"),
    (0, -1): any_of("up(?:wards?)?|higher"),
    (0, 1): any_of("down(?:wards?)?|lower"),
}


_TOO_FAR = any_of(
    r"(?:too(?: far| much| close| near)?|to far)(?: over)?(?: (?:to|on) the)? (?P<way>left|right|up|high|down|low)",
    end=r"\b(?! to\b)",
)
_BACK = {"left": (1, 0), "right": (-1, 0), "up": (0, 1), "high": (0, 1), "down": (0, -1), "low": (0, -1)}


def too_far(text: str) -> Shift | None:
    """The way back of what words say is too far to a side, too high or too low; None where they say none."""
    found = _TOO_FAR.search(text)
    squares = 2 if _SLIGHTLY.search(text) else 4
    right, down = _BACK[found["way"].lower()] if found else (0, 0)
    return Shift(right * squares, down * squares) if found else None


def push_of(instruction: str) -> Resize | Shift | None:
    """The size or the way that an instruction plainly orders."""
    if back := too_far(instruction):
        return back
    complains = not _OUGHT.search(instruction)  # "it should look tiny" is no complaint
    larger = _LARGER.search(instruction) or (complains and _TOO_SMALL.search(instruction))
    smaller = _SMALLER.search(instruction) or (complains and _TOO_BIG.search(instruction))
    if larger and smaller:
        return None
    if larger or smaller:
        return _resize(instruction, larger=bool(larger))
    ways = [way for way, pattern in _WAYS.items() if pattern.search(instruction)]
    return _shift(instruction, *ways[0]) if len(ways) == 1 and _ASIDE.search(instruction) else None


def _resize(instruction: str, *, larger: bool) -> Resize:
    factor = 1.2 if _SLIGHTLY.search(instruction) else 2 if _GREATLY.search(instruction) else 1.5
    return Resize(factor if larger else 1 / factor)


def _shift(instruction: str, right: int, down: int) -> Shift:
    if _AT_A_SIDE.search(instruction) or _STANDS_AT_A_SIDE.fullmatch(instruction):
        return Shift(right * _ACROSS, down * _ACROSS)
    squares = 2 if _SLIGHTLY.search(instruction) else 8 if _GREATLY.search(instruction) else 4
    return Shift(right * squares, down * squares)


_GROW = any_of(r"""
    \w*bigger|larger|taller|enlarg\w*|grow\w*|embiggen|increas\w*|expand\w*|up ?siz\w*|up ?scal\w*
    (?:scal|siz|blow|beef|bump)\w*\b.{0,30}\bup|up a (?:few |couple of |couple )?sizes?
    tower(?:s|ing)? over|loom(?:s|ing)? over|dwarfs?|doubl\w*|twice
""")
_SHRINK = any_of(rf"""
    smaller|tinier|littler|tiniest|smallest|dinkier|daintier|shrink\w*|shrunk|down ?siz\w*|reduc\w*|diminish\w*
    dwindl\w*|miniaturi[sz]e|(?:scal|ton|siz)\w*\b.{{0,30}}\bdown|half|lose (?:some )?weight
    down (?:a|in|to) (?:few |couple of |couple )?size(?: or two)?|no (?:bigger|taller|larger) than
    less (?:space|room|{LARGE}|{HUGE})
""")
_BIG = any_of(rf"""
    {LARGE}|{HUGE}|jumbo|mega|xxl|king[- ](?:size|kong sized?)|whopp(?:er|ing)|giga|monumental
    monster-sized|life-?sized?
""")
_SMALL = any_of(rf"""
    {TINY}|small|mini\w*|itty|bitty|dainty|minute
    specks?|mere dots?|(?:pocket|bite|baby|toy|kitten|doll|palm|thumb)[- ]sized?|(?:just )?a little one|a dot of|puny
    (?<!a )little(?! (?:bit|more|less|further|to|over))
""")
# A size or a way that is turned down: "not a giant", "shouldn't be such a big thing", "not left".
_NOT_SO = any_of(
    r"not|no|never|isn'?t|aren'?t|wasn'?t|shouldn'?t be|should not be",
    end=r"\s+(?:(?:an?|such an?|so|that|as|really|very|meant to be|supposed to be|quite|in|on|to|the|this|way)\s+){0,3}"
    r"(?P<what>[\w-]+)",
)
# What is complained of, so that the other is wanted.
_TOO = any_of(
    r"too|to|so|damn|that|looks? like a|how come|why (?:is|are)[\w ]{1,20}|as big as|the size of",
    end=r"\s+(?:damn |very |far |much |over |to the |on the |close to the |near the )*(?P<what>[\w-]+)",
)
_OTHER_WAY = any_of("other (?:way|direction|side)|opposite (?:way|direction|side)|not (?:so|that|as) far")
_LEFT = any_of(
    r"(?<!is )(?<!are )(?<!from the )(?<!off the )(?<!one )(?<!be )left(?:wards?|most|hand)?",
    end=r"\b(?! (?:over|alone|out|behind|with|is|are|us|me|him|her|it)\b)",
)
_RIGHT = any_of(
    r"(?<!from the )(?<!off the )(?<!all )(?<!'s )(?<!isn't )(?<!not )right(?:wards?|most|hand)?",
    end=r"\b(?! (?:now|there|here|in|next|behind|on top|size|colou?r|away|after|at|beside|under|above|over there)\b)",
)
STAYS = regex(
    r"(?:'s)?\s*(?:(?:where|as|how|the way) (?:it|he|she|they)\b"
    r"|(?:is|are|was|looks?)?(?: quite| just| already)? (?:fine|all right|ok|okay|perfect|good|great|gorgeous|lovely"
    r"|right(?! in)|spot on)"
    r"|(?:can |should |must |may |has to )?(?:stays?|remains?|keeps?)\b"
    r"|(?:doesn'?t|don'?t|isn'?t|shouldn'?t|not to) (?:\w+ ){0,2}(?:move|stir|budge|change))",
)
"""What says, after a name, that the thing is to stay as it is."""
_LEAVE = any_of("leave|keep|not|don'?t (?:move|touch|change)|without touching", end=r"\s+(?:the|that|my|his|her)?\s*$")
# What stands before the name of what is only there to say where.
_MARK = any_of(
    r"""
    of|from|than|front|near|nearer|by|behind|between|with|next to|beside|into|off|under|over|around|at|on|in|against
    above|below|alongside|like|as
    """,
    end=r"\s+(?:the |that |this |my |his |her |an? |their )?(?:\w+ )?$",
)


def push_meant(text: str) -> Resize | Shift | None:
    """The size or the way that words say in whatever manner; None where they say none, or several."""
    wished = _NOT_SO.sub(" ", text)
    grow, shrink = _GROW.search(wished), _SHRINK.search(wished)
    if grow or shrink:
        return None if grow and shrink else _resize(text, larger=grow is not None)
    complained = set[str]() if _OUGHT.search(text) else {found["what"].lower() for found in _TOO.finditer(wished)}
    sizes = {
        larger == (found.group().lower() not in complained)
        for larger, pattern in ((True, _BIG), (False, _SMALL))
        for found in pattern.finditer(wished)
    }
    sizes |= {
        not larger
        for found in _NOT_SO.finditer(text)
        for larger, pattern in ((True, _BIG), (False, _SMALL))
        if not sizes and pattern.fullmatch(found["what"])
    }
    if sizes:
        return _resize(text, larger=sizes == {True}) if len(sizes) == 1 else None
    return _way_meant(text, wished, complained)


def _way_meant(text: str, wished: str, complained: Set[str]) -> Shift | None:
    """The way in a text without what it turns down, the other one where it is complained of."""
    ways = {way for way, pattern in ((-1, _LEFT), (1, _RIGHT)) if pattern.search(wished)}
    if len(ways) != 1:
        return None
    (way,) = ways
    turned = _OTHER_WAY.search(text) is not None or bool(complained & {"left", "right"})
    return _shift(text, -way if turned else way, 0)


def what_is_pushed(text: str, named: Sequence[Said]) -> int | None:
    """The number of the one thing, of those in the picture, that words push; None where it may be one of several."""
    spared = {one.thing for one in named if STAYS.match(text[one.end :]) or _LEAVE.search(text[: one.start])}
    left = [one for one in named if one.thing not in spared]
    pushed = {one.thing for one in left if not _MARK.search(text[: one.start])} or {one.thing for one in left}
    return pushed.pop() if len(pushed) == 1 else None


def size_meant(text: str) -> Resize | None:
    """The size that words say, plainly or in whatever manner; None where they say none."""
    pushed = push_of(text) or push_meant(text)
    return pushed if isinstance(pushed, Resize) else None


def at_its_end(text: str, named: Sequence[Said], layout: Layout) -> int | None:
    """The number of the one thing that words want smaller than the smallest, or larger than the largest that things can
    be; None where there is none."""
    thing = what_is_pushed(text, [one for one in named if any(one.thing == there.thing for there in layout.things)])
    pushed = size_meant(text)
    if thing is None or pushed is None or any(one.thing == thing for one in named if one.many):
        return None
    end = SIDES[0] if pushed.factor < 1 else SIDES[-1]
    return thing if all(one.side == end for one in layout.things if one.thing == thing) else None
