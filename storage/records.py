"""The values that `Library` takes and gives: frozen, free of SQL, safe to hand to any thread.

Identifiers are strings (32 hex digits, made by the Library). Times are UTC `datetime`s. A picture's *handle* is its
number within its session, written `#3`; handles are given once and never used again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal


@dataclass(frozen=True)
class User:
    id: str
    name: str


SELECTED = "selected"


@dataclass(frozen=True)
class Session:
    """A saved chat.

    Attributes:
        settings: What a program keeps with it; under `SELECTED` the handle of the picture that is selected on the page.
        branched_from: The turn of another session that this one starts from.
    """

    id: str
    user_id: str
    title: str
    created: datetime
    updated: datetime
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    branched_from: str | None = None


@dataclass(frozen=True)
class Activity:
    """What is going on in a session: when it was last changed, and whether a turn runs."""

    updated: datetime
    running: bool


LONGEST_NAME = 200
"""Characters that a person may give a session as its name."""


def title_of(text: str, most: int = 60) -> str:
    """What a sentence calls a session: itself in one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"


class TurnState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Turn:
    """One message of the person and everything it caused. `number` counts from 1 within the session."""

    id: str
    session_id: str
    number: int
    state: TurnState
    created: datetime
    finished: datetime | None = None
    error: str | None = None


@dataclass(frozen=True)
class ToolCall:
    """A tool call as the language model wrote it. `id` is the provider's call id."""

    id: str
    name: str
    args: Mapping[str, Any]


MessageRole = Literal["person", "assistant", "tool"]


@dataclass(frozen=True)
class Message:
    """One message of a turn: all that is needed to rebuild the agent's state.

    A `tool` message answers the call `tool_call_id` with a line of JSON for the language model. `pictures` are the
    handles that the message shows, such as a tool's results.
    """

    role: MessageRole
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    pictures: tuple[int, ...] = ()
    id: str = ""
    turn_id: str = ""
    position: int = 0
    created: datetime | None = None


VerdictAction = Literal["allow", "review", "block"]
VerdictStage = Literal["words", "pixels"]


@dataclass(frozen=True)
class Verdict:
    """A safety decision, stored whatever it says.

    Attributes:
        action: allow, review (shown, and marked) or block (never shown).
        stage: What was judged, words or pixels.
        category: What was found (`sexual`, `minors`, `violence`, `hate`, `self_harm`, `weapons`, `drugs`,
            `real_person`, `error`), or `none`.
        score: 0 to 1, the filter's confidence in the category.
        rule: Name and version of the filter that decided, such as `words-rules/6`.
        reason: One sentence in plain words, for the person.
        rewording: A request close to the refused one that would pass, or empty.
    """

    action: VerdictAction
    stage: VerdictStage
    category: str = "none"
    score: float = 0.0
    rule: str = ""
    reason: str = ""
    rewording: str = ""


@dataclass(frozen=True)
class Picture:
    """A stored image. `recipe` is `models.recipe.Recipe` as JSON-ready mapping. Pixels are read with the Library."""

    id: str
    session_id: str
    turn_id: str | None
    handle: int
    sha256: str
    width: int
    height: int
    media_type: str
    recipe: Mapping[str, Any]
    parents: tuple[int, ...]
    caption: str
    created: datetime
    verdicts: tuple[Verdict, ...] = ()
    shows: str = ""


@dataclass(frozen=True)
class NewPicture:
    """What is needed to store a picture. `data` are the encoded bytes (PNG, JPEG or WebP), `thumbnail` a small WebP.

    `parents` are handles in the same session. `caption` is the shelf's short line (the prompt, the instruction or
    the upload's file name), `shows` what was seen in the picture itself, in words, or "".
    """

    data: bytes
    media_type: str
    width: int
    height: int
    thumbnail: bytes
    recipe: Mapping[str, Any]
    caption: str
    parents: tuple[int, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    shows: str = ""


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    BLOCKED = "blocked"  # made, judged, not shown: the verdict says why
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Job:
    """A queued recipe. The jobs table *is* the queue.

    `attempt` is the fencing token: it grows with each claim, and a worker whose attempt is old can neither report
    nor save. `progress` runs from 0 to 1; `progress_text` says in plain words what is being done, and, once a job that
    looks at a picture is done, what was seen. `stop_requested` is read by the worker between sampling steps.
    """

    id: str
    session_id: str
    turn_id: str | None
    recipe: Mapping[str, Any]
    parents: tuple[int, ...]
    caption: str
    state: JobState
    attempt: int
    created: datetime
    owner: str | None = None
    lease_until: datetime | None = None
    progress: float = 0.0
    progress_text: str = ""
    stop_requested: bool = False
    error: str | None = None
    fixable: bool = False
    picture: int | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Feedback:
    """A person's thumb on a message or picture, of which there is one: value 1 or -1, with a comment."""

    session_id: str
    target_id: str
    value: int
    comment: str = ""
    id: str = ""


@dataclass(frozen=True)
class VerifyReport:
    """What `Library.verify` looked at and every fault it found, one sentence each. Clean when `faults` is empty."""

    pictures: int
    sessions: int
    turns: int
    faults: tuple[str, ...]
