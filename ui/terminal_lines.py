"""A turn's events as the lines of `easel chat --script FILE --json`: one JSON object a line, nothing else.

Pure: events in, dictionaries out. Pieces of text are joined into one `text` line for each message of the assistant;
progress and the tools' one-line summaries are left out, because a script wants what happened, not how it went.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from agent.events import Done, Event, Failed, PictureReady, Question, Refused, TextDelta, ToolStarted
from storage.errors import NotWritable
from storage.records import Picture

Line = Mapping[str, Any]


class Lines:
    """The lines of one turn.

    Args:
        turn: The turn's number in the script, from 1.
        save: Writes the picture to a file and gives its path.
    """

    def __init__(self, turn: int, save: Callable[[Picture], Path]) -> None:
        self._turn = turn
        self._save = save
        self._message = ""
        self._text = ""

    def feed(self, event: Event) -> Iterator[Line]:
        """The lines that this event completes: none, one, or the text before it and its own."""
        if isinstance(event, TextDelta):
            if event.message_id != self._message:
                yield from self._flush()
                self._message = event.message_id
            self._text = event.text if event.anew else self._text + event.text
            return
        own = self._own(event)
        if own is not None:
            yield from self._flush()
            yield {"event": own.pop("event"), "turn": self._turn, **own}

    def _flush(self) -> Iterator[Line]:
        text, self._text = self._text.strip(), ""
        if text:
            yield {"event": "text", "turn": self._turn, "text": text}

    def _own(self, event: Event) -> dict[str, Any] | None:
        match event:
            case ToolStarted(name=name, args=args):
                return {"event": "tool_call", "name": name, "args": dict(args)}
            case PictureReady(picture=picture):
                return {"event": "picture", **_picture(picture), **self._saved(picture)}
            case Question(text=text, choices=choices):
                return {"event": "question", "text": text, "choices": list(choices)}
            case Refused(category=category, reason=reason, rewording=rewording):
                return {"event": "refused", "category": category, "reason": reason, "rewording": rewording}
            case Failed(reason=reason):
                return {"event": "failed", "reason": reason}
            case Done(state=state):
                return {"event": "turn_end", "state": state}
            case _:
                return None

    def _saved(self, picture: Picture) -> dict[str, Any]:
        """Where the picture was written, or why it could not be; it is kept all the same."""
        try:
            return {"path": str(self._save(picture))}
        except NotWritable as error:
            return {"path": None, "problem": str(error)}


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "image": picture.handle,
        "parents": list(picture.parents),
        "width": picture.width,
        "height": picture.height,
        "sha256": picture.sha256,
    }


def encode(line: Line) -> str:
    """The line as it is printed; characters beyond ASCII stay readable, line breaks are escaped."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))
