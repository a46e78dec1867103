"""The picture that a clause calls in words: by its place among those that show a thing ("the second robot"), by how it
was made ("the black and white one", "my upload", "the tall one"), by what it shows or lacks ("the big one with
candles", "latest one without the dog").

What place, hour, weather, style and things call is for `models.chat.lines`; plain numbers and places ("#2", "the second
one") are for `models.chat.conversation`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from models.chat.conversation import Scene, ShelfPicture, batch_of, it_of, telling
from models.chat.lines import called_by, counts_in, describes, line_of, several_in
from models.english.numbers import number_of
from models.english.patterns import NUMBER_WORDS, NUMERALS, regex
from models.english.pictures import PICTURE

_ORDINALS = "first second third fourth fifth sixth seventh eighth".split()
_NEWEST = "last|latest|newest|most recent"
_PLACE = (
    rf"(?:very )?(?:(?:{'|'.join(_ORDINALS)}|[1-8](?:st|nd|rd|th))(?! (?:to )?last)|middle|last but (?:one|two|three)"
    rf"|(?:{_NEWEST})(?! (?:but|{NUMERALS})))"
)
_DRAWN = "sketch|watercolou?r|upload|original|enlargement|mirror image|close-?up"
"""What names a picture by how it was made, and stands for it."""
_STOP = (
    "the|an?|and|or|but|of|in|on|at|to|into|onto|from|with|without|by|for|is|are|was|were|it|this|that|these|those|like"
    "|than|as|then|not|no|make|add|put|give|take|show|turn|new|another|more|same|other|which|what|who|one|two|three|four"
    "|all|both|each|every|any|some|before|after|me|my"
)
_WORD = rf"(?:black (?:and|&|n) white|b ?& ?w|(?!(?:{_STOP}|{PICTURE}|{_DRAWN})\b)[a-z][\w'-]*)"
_THING = rf"(?:(?:the|that|those|an?|any|his|her|\d|{NUMERALS}) )?{_WORD}(?: {_WORD})??"
_NOT = r"(?:without|w/o|with no|minus|no)"
_SHOWN = (
    rf"(?:(?:,? (?:(?:and|but) )?{_NOT} (?P<lacks>{_THING}))"
    rf"|(?: (?:with|w/|showing|of|that (?:has|shows)) (?P<shows>{_THING})(?: (?:and|with) (?P<also>{_THING}))?"
    rf"(?:,? (?:and|but) {_NOT} (?P<lacks_too>{_THING}))?))"
)
_OF_SO_MANY = rf"(?P<of> (?:out )?(?:of|from|among) the (?P<many>{NUMERALS}|[2-8])(?: {_WORD}s)?)"
_ONE = (
    rf"(?:(?:the|that|my|this|your) )?(?:(?P<place>{_PLACE}) )?(?P<what>(?:{_WORD} ){{0,3}}?)"
    rf"(?P<head>one|try|attempt|{PICTURE}|{_DRAWN})\b(?P<where> (?:in the middle|from the (?:very )?(?:start"
    rf"|beginning)))?"
)
_MADE_SO = (
    r"(?:the|that|my) (?P<what>(?:enlarged|upscaled|uploaded|flipped|mirrored|rotated|cropped|blurred|sharpened"
    r"|brightened"
    rf"|darkened|black (?:and|&|n) white|gr[ea]y(?:scale)?) {_WORD})"
)
_NTH = rf"(?:(?:the|that|my) )?(?P<nth>{_PLACE})"
FORMS = [
    regex(form)
    for form in (
        _ONE + _SHOWN,
        _ONE + _OF_SO_MANY,
        _ONE,
        _MADE_SO,
        f"{_NTH} (?P<thing>{_WORD})(?:{_OF_SO_MANY})?",
        f"{_NTH}(?:{_OF_SO_MANY})?",
    )
]
"""How a picture may be called, the longest first; `called` says which it is."""


def _made(change: str) -> Callable[[ShelfPicture], bool]:
    """Whether a picture came from another by an exact change."""
    return lambda one: one.kind == "adjustment" and one.caption.rpartition(", ")[2].startswith(change)


def _is(kind: str) -> Callable[[ShelfPicture], bool]:
    return lambda one: one.kind == kind


def _shaped(way: int) -> Callable[[ShelfPicture], bool]:
    """Whether a picture is wide (1), square (0) or tall (-1)."""

    def fits(one: ShelfPicture) -> bool:
        sides = [int(side) for side in re.findall(r"\d+", one.size)]
        return len(sides) == 2 and (sides[0] > sides[1]) - (sides[0] < sides[1]) == way

    return fits


_KINDS = {
    regex(rf"\b(?:{words})(?![\w'-])"): fits
    for words, fits in {
        r"black (?:and|&|n) white|b ?& ?w|bw|gr[ea]y(?:scale)?|monochrome": _made("greyscale"),
        r"flipped|mirror(?:ed)?(?: image)?": _made("flip"),
        "rotated": _made("rotate"),
        "cropped": _made("crop"),
        "blurred": _made("blur"),
        "sharpened": _made("sharpen"),
        r"bright(?:er|ened)": _made("brightness +"),
        r"dark(?:er|ened)": _made("brightness -"),
        r"big(?:ger|gest)?|large[rd]?|enlarged|enlargement|upscaled": _is("upscale"),
        r"variation": _is("variation"),
        r"upload(?:ed)?": _is("upload"),
        "tall|portrait|upright|vertical": _shaped(-1),
        "wide|landscape|panoramic|horizontal": _shaped(1),
        "square": _shaped(0),
    }.items()
}
"""How pictures are called by what made them, or by their shape."""
_OF_THINGS = regex(r"\b(?:big|large|tall|wide|square|bright|dark|black|gr[ea]y)")
"""Which of them also tell things in a picture apart."""
_COLOURED = regex(r"\b(?:in )?(?:full )?colou?r(?:ed)?\b")
_PLAIN = regex(rf"(?:one|try|attempt|original|{PICTURE})")


def called(scene: Scene, found: re.Match[str], *, by_colour: bool = False) -> int:
    """The picture that a match of one of `FORMS` calls; 0 where it calls none, or several, or does so by no more than
    its place.

    Args:
        by_colour: Also by a colour, which else tells things in a picture apart: "the white one".
    """
    groups = found.groupdict()
    names = ("place", "what", "head", "where", "nth", "thing", "many", "shows", "also", "lacks", "lacks_too")
    said = {name: str(groups.get(name) or "").strip().lower() for name in names}
    words = said["thing"] or said["what"]
    if not _PLAIN.fullmatch(said["head"]) or said["head"] == "variation":
        words = f"{words} {said['head']}".strip()
    kinds = [kind for kind in _KINDS if kind.search(words)]
    crowded = several_in(scene, it_of(scene)) and _OF_THINGS.search(words)
    if crowded or (said["thing"] and any(several_in(scene, one.handle) for one in scene.shelf)):
        return 0  # such are things in a picture
    coloured = _OF_THINGS.search(words)
    for kind in kinds:
        words = kind.sub("", words).strip()
    it = scene.on_shelf(it_of(scene))
    if coloured and it and telling(words) and describes(scene, words, it):
        return 0  # the grey cat is in the picture in front
    row = _of_kinds(scene, kinds)
    if _COLOURED.search(words):
        words = _COLOURED.sub("", words).strip()
        row = [one for one in row if not any(map(_made("greyscale"), _line(scene, one)))]
        kinds = kinds or [_COLOURED]
    wanted = [said["shows"], said["also"]]
    lacked = said["lacks"] or said["lacks_too"]
    row = [one for one in row if all(_shows(scene, one, thing) for thing in wanted if thing)]
    if lacked:
        if re.fullmatch(_NEWEST, said["place"]) or not any(_shows(scene, one, lacked) for one in scene.shelf):
            return 0
        row = [one for one in row if not _shows(scene, one, lacked)]
    if words and not telling(words) and not kinds:
        return 0
    narrow = bool(kinds or wanted[0] or lacked)
    place = (
        said["place"] or said["nth"] or ("middle" if "middle" in said["where"] else "first" if said["where"] else "")
    )
    if words and not (narrow or place):
        return called_by(scene, words) or (by_colour and _only(scene, words)) or 0
    if words:
        row = [one for one in row if describes(scene, words, one)]
    if place:
        return _placed(scene, row, place, said["many"], plain=not (narrow or words))
    if not narrow or not row:
        return 0
    begun = {min(line_of(scene, one.handle)) for one in row}
    if not kinds and not lacked and len(begun) > 1:
        return 0
    return max(row, key=lambda one: (bool(kinds) or one.kind != "upscale", one.handle)).handle


def _line(scene: Scene, picture: ShelfPicture) -> list[ShelfPicture]:
    line = line_of(scene, picture.handle)
    return [one for one in scene.shelf if one.handle in line]


def _of_kinds(scene: Scene, kinds: Sequence[re.Pattern[str]]) -> list[ShelfPicture]:
    """The pictures that were made in all these ways, or else from such as were, the oldest first."""
    shelf = sorted(scene.shelf, key=lambda one: one.handle)
    made = [one for one in shelf if all(_KINDS[kind](one) for kind in kinds)]
    return made or [one for one in shelf if all(any(map(_KINDS[kind], _line(scene, one))) for kind in kinds)]


def _shows(scene: Scene, picture: ShelfPicture, thing: str) -> bool:
    """Whether a picture shows a thing, as many of it as are said."""
    number, _, noun = thing.partition(" ")
    if (many := number_of(number)) and noun:
        return any(telling(noun) == telling(kind) and so == many for kind, so in counts_in(picture).items())
    return bool(telling(thing)) and describes(scene, thing, picture)


def _only(scene: Scene, words: str) -> int:
    """The one picture in which something of this colour was seen."""
    so = [one.handle for one in scene.shelf if telling(words) <= telling(one.shows)]
    return so[0] if len(so) == 1 else 0


def _placed(scene: Scene, row: Sequence[ShelfPicture], place: str, many: str, *, plain: bool) -> int:
    """The picture at a place in a row; of the whole shelf only at one that is no plain number."""
    number = number_of(many)
    handles = [one.handle for one in row]
    if plain:
        batch = batch_of(scene)
        if re.fullmatch("latest|newest|most recent", place):
            return max((one.handle for one in scene.shelf), default=0)
        if not number and not place.startswith(("mid", "last but")):
            return 0
        handles = batch if len(batch) == number or not number else []
        handles = handles or (sorted(one.handle for one in scene.shelf) if not number else [])
    place = place.removeprefix("very ")
    begun = [one.handle for one in row if not one.parents]
    if not plain and number:
        handles = begun if len(begun) == number else handles
    if re.fullmatch(_NEWEST, place):
        return handles[-1] if handles else 0
    if place.startswith("last but"):
        at = -1 - NUMBER_WORDS[place.split()[-1]]
        return handles[at] if len(handles) >= -at else 0
    if place == "middle":
        return handles[len(handles) // 2] if len(handles) > 1 and len(handles) % 2 else 0
    at = (_ORDINALS.index(place) if place in _ORDINALS else int(place[0]) - 1) + 1
    handles = begun if not plain and len(begun) >= at else handles
    return handles[at - 1] if len(handles) >= at and (at == 1 or len(handles) > 1) else 0


def called_at(scene: Scene, said: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """The pictures that words may call from a place on, each with where it ends; the longest first."""
    for form in FORMS:
        found = form.match(said, start)
        whole = found and not re.match(r"[\w'-]", said[found.end() :])
        if found and whole and (handle := called(scene, found)):
            yield handle, found.end()


def pointed_at_in(scene: Scene, said: str) -> int:
    """The picture that words call and nothing else, also by a colour; else 0."""
    every = (form.fullmatch(said) for form in FORMS)
    return next((handle for found in every if found and (handle := called(scene, found, by_colour=True))), 0)
