"""What people type that is no word, in words: "a 🦊 in the snow" asks for a fox, "🐸☕" for a frog and a cup of coffee,
and what is dictated says its commas.

No network here reads emoji. Which stands for what is known from the painter's own pictures, which are drawn from a font
of emoji, and from what Unicode calls the others; one that only says how somebody feels ("love it 🔥") is left where it
is.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache

from models.english.naming import COLOUR_WORDS, SHIPPED, Names, with_article
from models.english.patterns import NUMERALS, regex

GLYPHS = "glyphs.json"  # beside the painter's names: of emoji the things that they are
_PICTURED = range(0x1F300, 0x1FB00)
_PLACES = {
    "🏖": "beach", "🏜": "desert", "🏞": "park", "🏙": "city", "🌃": "city at night", "🌆": "city at sunset",
    "🌌": "space", "⛰": "mountains", "🏡": "garden", "🛣": "road", "🌧": "rain", "🌨": "snow", "🌫": "fog", "⛈": "storm",
}  # fmt: skip
_NO_THINGS = frozenset("👀👣💓💌🥇🥈")
"""Emoji that have the name of a thing and are typed for what somebody feels."""
_DRESSES = regex("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")  # how one is to be drawn, and skin
_AHEAD = regex(
    r"(?:^|[:+,&(]|\b(?:an?|the|with|and|n|add|another|some|more|of|in|on|under|by|behind|beside|next to|over|riding|no"
    rf"|\w+ing|\d+|{NUMERALS}|draw|paint|make|w))\s*$",
)
_BEHIND = regex(
    r"\s*(?:$|[+,&]|(?:and|n|with|w|in|on|at|under|next|by|behind|over|\w+ing)\b)",
)
_ARTICLE = regex(r"\ban?\s*$")


_DICTATED = {
    regex(r"\s+comma\b(?! (?:splice|key|sign))"): ",",
    regex(r"\s+(?:full stop|period(?=\W*$)|exclamation (?:mark|point)|new line)\b"): ".",
    regex(r"\s+question mark\b"): "?",
}
_SLIPS = {
    **dict.fromkeys(("teh", "hte", "tge"), "the"), **dict.fromkeys(("adn", "nad", "anf"), "and"),
    **dict.fromkeys(("wiht", "wtih"), "with"), "taht": "that",
}  # fmt: skip
"""What fingers make of small words, which are too short to be mended by what they are near to."""
_SLIP = regex(rf"\b(?:{'|'.join(_SLIPS)})\b")
_COLOUR_LAST = regex(
    rf"\ban? (?P<what>(?!(?:{COLOUR_WORDS})\b)[\w-]+(?: (?!then\b)[\w-]+)?)(?P<then>(?: then| please)?), (?:an? |the )?"
    rf"(?P<hue>{COLOUR_WORDS}) one\b",
)
_AND = regex(r"(?<=[a-z]) & (?=[a-z])")
_BLANKS, _EMPTY_LINES = regex(r"[^\S\n]{2,}"), regex(r"(?: ?\n){3,}")
_SIGN = r"[!-/:-@\[-`{-~…–—·•“”‘’]"
_SIGNS = regex(rf"(?P<read>{_SIGN}(?:\s?{_SIGN}){{2}})(?:\s?{_SIGN}){{5,}}")
_SAME = regex(r"(?P<read>(?P<one>\W)(?P=one){9})(?P=one)+")
_AGAIN = regex(r"\b(?P<read>(?P<words>\w+(?:\W{1,3}\w+){0,3}?)(?:\W{1,3}(?P=words)\b){9})(?:\W{1,3}(?P=words)\b){3,}")
"""The same one to four words over and over; ten things are the most that a picture holds."""
_FELT = {
    "love it": frozenset("👍👌🙌👏🤩😍🥰😘😊😁😀😃😄😂🤣😆😎🥳🤗💯✨🙏"),
    "I don't like it": frozenset("👎😞😟🙁😕😖😣😢😭😠😡🤮🤢😬🙄"),
}
"""What somebody says who writes only how it feels."""


@lru_cache
def _known() -> tuple[dict[str, str], re.Pattern[str]]:
    """What each emoji is, and the pattern of any of them."""
    glyphs: dict[str, str] = json.loads((SHIPPED / GLYPHS).read_text("utf-8"))
    known = _PLACES | _named() | {_DRESSES.sub("", glyph): name for glyph, name in glyphs.items()}
    longest_first = sorted(known, key=len, reverse=True)
    return known, regex("|".join(map(re.escape, longest_first)))


def _named() -> dict[str, str]:
    """The emoji whose name in Unicode is, as a whole, one that the painter knows."""
    names, named = Names.shipped(), dict[str, str]()
    for sign in map(chr, _PICTURED):
        name = unicodedata.name(sign, "").lower().removesuffix(" face")
        if sign not in _NO_THINGS and [(one.start, one.end) for one in names.said(name)] == [(0, len(name))]:
            named[sign] = name
    return named


def in_words(text: str) -> str:
    """The text with each emoji that stands for a thing by this thing's name, dictated commas as such, "the" for "teh",
    and a colour that comes after its thing ("a tractor, green one") before it. What is typed again and again (a line of
    dashes, "no" a hundred times) is shortened: patterns would brood over it for minutes.
    """
    for pattern in (_BLANKS, _EMPTY_LINES):
        text = pattern.sub(lambda found: "\n\n" if "\n" in found.group() else " ", text)
    for pattern in (_SIGNS, _SAME, _AGAIN):
        text = pattern.sub(r"\g<read>", text)
    for pattern, sign in _DICTATED.items():
        text = pattern.sub(sign, text)
    text = _AND.sub(" and ", text)
    text = _SLIP.sub(lambda slip: _SLIPS[slip.group().lower()], text)
    text = _COLOUR_LAST.sub(lambda found: with_article(f"{found['hue']} {found['what']}") + found["then"], text)
    if text.isascii():
        return text
    known, glyph = _known()
    plain = _DRESSES.sub("", text)
    if not (found := list(glyph.finditer(plain))):
        return next((said for said, faces in _FELT.items() if plain.strip() and set(plain) <= {*faces, " "}), text)
    if not re.search(r"[^\W_]", glyph.sub("", plain)):
        return " and ".join(known[one.group()] for one in found)
    for one in reversed(found):
        ahead, behind = glyph.sub("x", plain[: one.start()]), glyph.sub("x", plain[one.end() :])
        begins = not ahead.strip()
        if not _AHEAD.search(ahead) or (begins and not _BEHIND.match(behind)):
            continue
        name = known[one.group()]
        article = _ARTICLE.search(ahead)
        start = plain[: article.start()] + with_article(name) if article else plain[: one.start()].rstrip() + f" {name}"
        plain = f"{start} {plain[one.end() :].lstrip()}".strip()
    return plain
