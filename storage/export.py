"""A whole session as plain values, to be written as a folder or a zip: `session.json` and a file per picture.

`session.json`, version 1:

    format      "easel-session"
    version     1
    session     id, title, created, updated, settings, branched_from
    turns       number, id, state, created, finished, error, and
      messages    id, role, text, tool_call_id, pictures (handles), created, tool_calls (id, name, args)
    pictures    handle, id, file, sha256, media_type, width, height, caption, shows, created, turn (number or null),
                parents (handles), recipe, verdicts (action, stage, category, score, rule, reason, rewording)
    verdicts    all decisions of the session, refused words included
    feedback    id, target_id, value, comment

Times are ISO 8601 in UTC. A picture that several handles show is one file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from storage import chats, shelf
from storage.records import Feedback, Message, Picture, Session, Turn, Verdict

VERSION = 1
SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True)
class ExportedFile:
    """A picture's file: its path within the folder or zip, and the SHA-256 to read it by (`Library.pixels`)."""

    path: str
    sha256: str


@dataclass(frozen=True)
class SessionExport:
    """`document` is the content of `session.json`, ready for `json.dumps`; `files` are the pictures beside it."""

    document: Mapping[str, Any]
    files: tuple[ExportedFile, ...]


def export_session(tx: Connection, user_id: str, session_id: str) -> SessionExport:
    session = chats.session(tx, user_id, session_id)
    pictures = shelf.of_session(tx, session_id)
    turns = chats.turns_of(tx, session_id)
    numbers = {turn.id: turn.number for turn in turns}
    spoken = chats.messages_of(tx, session_id)
    document = {
        "format": "easel-session",
        "version": VERSION,
        "session": _session(session),
        "turns": [_turn(turn, [message for message in spoken if message.turn_id == turn.id]) for turn in turns],
        "pictures": [_picture(picture, numbers) for picture in pictures],
        "verdicts": [_verdict(verdict) for verdict in shelf.verdicts_of(tx, session_id)],
        "feedback": [_feedback(thumb) for thumb in chats.feedback_of(tx, session_id)],
    }
    files = {picture.sha256: ExportedFile(path_of(picture), picture.sha256) for picture in pictures}
    return SessionExport(document, tuple(files.values()))


def path_of(picture: Picture) -> str:
    return f"pictures/{picture.sha256}.{SUFFIXES.get(picture.media_type, 'bin')}"


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "title": session.title,
        "created": _time(session.created),
        "updated": _time(session.updated),
        "settings": dict(session.settings),
        "branched_from": session.branched_from,
    }


def _turn(turn: Turn, messages: list[Message]) -> dict[str, Any]:
    return {
        "number": turn.number,
        "id": turn.id,
        "state": str(turn.state),
        "created": _time(turn.created),
        "finished": _time(turn.finished),
        "error": turn.error,
        "messages": [_message(message) for message in messages],
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "role": message.role,
        "text": message.text,
        "tool_call_id": message.tool_call_id,
        "tool_calls": [{"id": call.id, "name": call.name, "args": dict(call.args)} for call in message.tool_calls],
        "pictures": list(message.pictures),
        "created": _time(message.created),
    }


def _picture(picture: Picture, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "handle": picture.handle,
        "id": picture.id,
        "file": path_of(picture),
        "sha256": picture.sha256,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "caption": picture.caption,
        "shows": picture.shows,
        "created": _time(picture.created),
        "turn": numbers[picture.turn_id] if picture.turn_id else None,
        "parents": list(picture.parents),
        "recipe": dict(picture.recipe),
        "verdicts": [_verdict(verdict) for verdict in picture.verdicts],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return asdict(verdict)


def _feedback(thumb: Feedback) -> dict[str, Any]:
    return {"id": thumb.id, "target_id": thumb.target_id, "value": thumb.value, "comment": thumb.comment}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
