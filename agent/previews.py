"""Small pictures beside their handles, for a language model that sees: the selected one and the newest ones.

They stand behind the person's last sentence, as content blocks of their own, never as text: `#3:`, then the picture.
They are put into each request anew and never stored, so that they show the session as it is at that moment.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from langchain_core.messages import AnyMessage, BaseMessage, HumanMessage
from PIL import Image

from storage.library import Library
from storage.records import Picture

MOST = 4
"""How many pictures one request carries: each costs as many tokens as a page of text."""
LONGEST = 512  # pixels of a preview's longer side


def with_previews(
    messages: Sequence[AnyMessage], pictures: Sequence[Picture], selection: int | None, library: Library
) -> list[AnyMessage]:
    """The messages with previews behind the last sentence of the person; the same ones where there is no picture.

    Args:
        messages: What the language model reads; not changed.
        pictures: The session's, oldest first.
        selection: Handle of the picture that is selected on screen, shown however old it is.
        library: Where the pixels are.
    """
    places = [number for number, message in enumerate(messages) if isinstance(message, HumanMessage)]
    chosen = shown(pictures, selection)
    if not places or not chosen:
        return list(messages)
    blocks: list[str | dict[str, Any]] = [{"type": "text", "text": messages[places[-1]].text}]
    for picture in chosen:
        image = {"type": "image", "base64": _preview(library, picture.sha256), "mime_type": "image/jpeg"}
        blocks += [{"type": "text", "text": f"#{picture.handle}:"}, image]
    return [*messages[: places[-1]], HumanMessage(blocks), *messages[places[-1] + 1 :]]


def without_previews(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The messages with the person's words alone, for a model that does not see."""
    return [_words(message) if isinstance(message, HumanMessage) else message for message in messages]


def _words(message: HumanMessage) -> HumanMessage:
    first = message.content[0] if isinstance(message.content, list) and message.content else None
    return HumanMessage(first["text"]) if isinstance(first, dict) else message


def shown(pictures: Sequence[Picture], selection: int | None) -> list[Picture]:
    """Which of the session's pictures, oldest first, a request carries."""
    newest = list(pictures[-MOST:])
    selected = [picture for picture in pictures[:-MOST] if picture.handle == selection]
    return selected + newest[len(selected) :]


@lru_cache(maxsize=64)  # some 30 kB each; the same few pictures are shown at every step of a turn
def _preview(library: Library, sha256: str) -> str:
    with Image.open(io.BytesIO(library.pixels(sha256))) as opened:
        small = opened.convert("RGB")
    small.thumbnail((LONGEST, LONGEST))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
