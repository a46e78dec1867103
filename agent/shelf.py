"""The session's pictures as the language model sees them: short lines, oldest first.

    #1 128×128 "a red fox in the snow"
    #2 128×128 "make it night", edit of #1, shows red fox; snow, night (selected)

What a picture shows stands there where it was seen (`Picture.shows`): a caption is what was asked for.
Long sessions show the newest `MOST` and say how many came before: their handles still work.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.recipe import Operation
from storage.records import Picture

MOST = 40
CAPTION_CHARS = 120
"""How much of a caption language models read that others serve: each request carries all lines."""
RELATION: dict[Any, str] = {
    Operation.EDIT: "edit",
    Operation.INPAINT: "edit",
    Operation.EXTEND: "extension",
    Operation.VARY: "variation",
    Operation.UPSCALE: "upscale",
    Operation.ADJUST: "adjustment",
}


def line(picture: Picture, selected: bool = False, longest: int | None = None) -> str:
    """One picture's line, with at most so many characters of its caption."""
    operation = picture.recipe.get("operation")  # only that, as a newer program may have written the rest
    uploaded = "uploaded " if operation == Operation.IMPORT else ""
    caption, shows = plain(picture.caption, longest), plain(picture.shows)
    origin = f", {RELATION.get(operation, 'made')} of {parents(picture)}" if picture.parents else ""
    seen = f", shows {shows}" if shows else ""
    mark = " (selected)" if selected else ""
    return f'#{picture.handle} {picture.width}×{picture.height} {uploaded}"{caption}"{origin}{seen}{mark}'


def plain(text: str, longest: int | None = None) -> str:
    """A text that can break out of neither its line nor the marks around it, cut to so many characters."""
    text = text.replace('"', "'").replace("\n", " ").replace("[/", "[ /")
    return text if longest is None or len(text) <= longest else text[:longest].rstrip() + "…"


def parents(picture: Picture) -> str:
    """What a picture was made from: "#5", or "#5 with #2 and #3" where an edit of #5 took something from others."""
    first, *others = (f"#{handle}" for handle in picture.parents)
    return f"{first} with {' and '.join(others)}" if others else first


def shelf(pictures: Sequence[Picture], selection: int | None = None, longest: int | None = None) -> str:
    """All lines; `empty` when there is no picture. A selected picture is shown however old it is.

    Args:
        pictures: The session's, oldest first.
        selection: Handle of the selected one.
        longest: Characters of a caption that are shown; None for all.
    """
    if not pictures:
        return "empty"
    shown = [p for p in pictures[:-MOST] if p.handle == selection] + list(pictures[-MOST:])
    hidden = len(pictures) - len(shown)
    earlier = [f"({hidden} earlier pictures, from #{pictures[0].handle} on)"] if hidden else []
    return "\n".join(earlier + [line(picture, picture.handle == selection, longest) for picture in shown])
