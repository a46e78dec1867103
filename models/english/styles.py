"""Styles that people ask for and the small painter has not: painterly ones, which it paints as a watercolour, and those
of which it can only tell.
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
_FOREIGN = any_of(
    r"""
    cartoon(?= style| version| look|\W*$)
    anime|manga|3 ?-?d|cgi|claymation|plasticine|lego|stained[ -]glass|mosaic|cubis[mt]|(?:pablo )?picasso
    (?:andy )?warhol|pop art|art deco|art nouveau|steampunk|cinematic|renaissance|baroque|rococo
    surreal(?:ism|ist(?:ic)?)?|(?:salvador )?dal[ií]|banksy|graffiti|ukiyo-?e|disney|pixar|(?:studio )?ghibli
    low[ -]poly|isometric|origami|paper[ -]?cut(?:[ -]?outs?)?|embroidery|tapestry|vaporwave
    """,
    end=r"(?:['’]s)?(?:[ -](?:style|version|render(?:ed|ing)?|model|look))?\b",
)
_BY = r"(?:\b(?:(?:look(?:s|ing)? )?(?:in the style of|in|like|as|by)(?: an?| the)? ))?"
_AS_PAINTED, _AS_MADE = (regex(_BY + style.pattern) for style in (_PAINTERLY, _FOREIGN))
_WATERCOLOUR = "watercolour"


def in_nearest_style(text: str) -> str:
    """The words with a painterly style as a watercolour."""
    return _AS_PAINTED.sub(f"in {_WATERCOLOUR}", text)


def without_style(text: str) -> str:
    """The words without a style that the painter has not, nor one that is near to it."""
    if not _FOREIGN.search(text):
        return text
    rest = " ".join(_AS_MADE.sub("", text).split())
    return re.sub(r"\b(a)n (?=[bcdfgjklmnpqrstvwxyz])", r"\g<1> ", rest, flags=re.IGNORECASE)


def unknown_style(text: str) -> tuple[str, str]:
    """The style in the words that the painter has not, and that which it paints for it; "" where there is none."""
    if found := _PAINTERLY.search(text):
        return found[0].strip(), _WATERCOLOUR
    found = _FOREIGN.search(text)
    return (found[0].strip(), "") if found else ("", "")
