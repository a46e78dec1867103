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
RELATION: dict[Any, str] = {
    Operation.EDIT: "edit",
    Operation.INPAINT: "edit",
    Operation.EXTEND: "extension",
    Operation.VARY: "variation",
    Operation.UPSCALE: "upscale",
    Operation.ADJUST: "adjustment",
}


def line(picture: Picture, selected: bool = False) -> str:
    """One picture's line."""
    operation = picture.recipe.get("operation")  # only that, as a newer program may have written the rest
    uploaded = "uploaded " if operation == Operation.IMPORT else ""
    caption, shows = _plain(picture.caption), _plain(picture.shows)
    origin = f", {RELATION.get(operation, 'made')} of {parents(picture)}" if picture.parents else ""
    seen = f", shows {shows}" if shows else ""
    mark = " (selected)" if selected else ""
    return f'#{picture.handle} {picture.width}×{picture.height} {uploaded}"{caption}"{origin}{seen}{mark}'


def _plain(text: str) -> str:
    """A text that cannot break out of its line."""
    return text.replace('"', "'").replace("\n", " ")


def parents(picture: Picture) -> str:
    """What a picture was made from: "#5", or "#5 with #2 and #3" where an edit of #5 took something from others."""
    first, *others = (f"#{handle}" for handle in picture.parents)
    return f"{first} with {' and '.join(others)}" if others else first


def shelf(pictures: Sequence[Picture], selection: int | None = None) -> str:
    """All lines; `empty` when there is no picture. A selected picture is shown however old it is."""
    if not pictures:
        return "empty"
    shown = [p for p in pictures[:-MOST] if p.handle == selection] + list(pictures[-MOST:])
    hidden = len(pictures) - len(shown)
    earlier = [f"({hidden} earlier pictures, from #{pictures[0].handle} on)"] if hidden else []
    return "\n".join(earlier + [line(picture, picture.handle == selection) for picture in shown])
