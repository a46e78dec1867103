"""Styles that people ask for and the small painter has not: those that are near to one of its own, in which it paints
them, and those of which it can only tell.
"""

from __future__ import annotations

import re

from models.english.patterns import any_of, regex

_PAINTERLY = any_of(
    r"""
    (?:an? )?(?:oil|acrylic|gouache|tempera)[ -](?:paint(?:ing|ed)?|on canvas)
    (?:painted )?in (?:oils?|acrylics?|gouache|tempera)(?! lamps?)(?: paint)?
    (?:claude )?monet|(?:vincent )?van ?gogh|(?:auguste )?renoir|(?:paul )?c[eé]zanne
    impressionis(?:m|tic|t)|painterly
    """,
    end=r"(?:['’]s)?(?:[ -](?:style|paintings?|esque))?\b",
)
_PIXELLED = any_of(
    r"(?:8|16|32)[ -]?bit|minecraft|retro (?:video ?)?game|nintendo|game ?boy|sprite|voxels?|stardew valley",
    end=r"(?:['’]s)?(?:[ -](?:style|art|graphics|look|game|version|sprite))?\b",
)
_SKETCHED = any_of(
    r"""
    pen (?:and|&|n) ink|ink(?= (?:drawing|sketch|illustration))|charcoal|graphite|chalk(?= drawing)|line art
    (?:colou?red pencil|crayon|pastel|biro|ballpoint)(?= (?:drawing|sketch))|line drawing|doodle|scribble
    etching|engraving|woodcut|blueprint
    """,
    end=r"(?:[ -](?:style|drawing|sketch|version|illustration))?\b",
)
_GLOWING = any_of(
    r"cyber ?punk|synth ?wave|vapou?r ?wave|retro ?wave|tron|glow[ -]in[ -]the[ -]dark|blacklight",
    end=r"(?:[ -](?:style|aesthetic|look|vibes?|version))?\b",
)
_FOREIGN = any_of(
    r"""
    cartoon(?= style| version| look|\W*$)
    anime|manga|3 ?-?d|cgi|claymation|plasticine|lego|stained[ -]glass|mosaic|cubis[mt]|(?:pablo )?picasso
    (?:andy )?warhol|pop art|art deco|art nouveau|steampunk|cinematic|renaissance|baroque|rococo
    surreal(?:ism|ist(?:ic)?)?|(?:salvador )?dal[ií]|banksy|graffiti|ukiyo-?e|disney|pixar|(?:studio )?ghibli
    (?:logo|poster|comic(?: book)?|story ?book|clip ?art|sticker)(?=[ -](?:style|look\b))
    (?<=like a )(?:children['’]?s |story ?|picture ?|comic ?)book
    low[ -]poly|isometric|origami|paper[ -]?cut(?:[ -]?outs?)?|embroidery|tapestry
    """,
    end=r"(?:['’]s)?(?:[ -](?:style|version|render(?:ed|ing)?|model|look))?\b",
)
_BY = r"(?:\b(?:(?:look(?:s|ing)? )?(?:in the style of|in|like|as|by)(?: an?| the)? ))?"
_NEAREST = {
    "watercolour": _PAINTERLY,
    "pixel art": _PIXELLED,
    "pencil sketch": _SKETCHED,
    "neon style": _GLOWING,
}
"""Styles that people ask for, by the one that is near to them."""
_AS_PAINTED = {near: regex(rf"(?:\ban? )?{_BY}{style.pattern}") for near, style in _NEAREST.items()}
_AS_MADE = regex(_BY + _FOREIGN.pattern)


def in_nearest_style(text: str) -> str:
    """The words with a style that the painter has not in one that is near to it: oil as a watercolour, charcoal as a
    pencil sketch, 8-bit as pixel art, cyberpunk as neon."""
    for near, style in _AS_PAINTED.items():
        text = style.sub(f"in {near}", text)
    return text


def without_style(text: str) -> str:
    """The words without a style that the painter has not, nor one that is near to it."""
    if not _FOREIGN.search(text):
        return text
    rest = " ".join(_AS_MADE.sub("", text).split())
    return re.sub(r"\b(a)n (?=[bcdfgjklmnpqrstvwxyz])", r"\g<1> ", rest, flags=re.IGNORECASE)


def unknown_style(text: str) -> tuple[str, str]:
    """The style in the words that the painter has not, and that which it paints for it; "" where there is none."""
    for near, style in _NEAREST.items():
        if style is not _PIXELLED and (found := style.search(text)):  # 8-bit is pixel art
            return found[0].strip(), near
    found = _FOREIGN.search(text)
    return (found[0].strip(), "") if found else ("", "")
