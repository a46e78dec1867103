"""What a turn tells whoever shows it: typed, frozen values, rendered alike by the page and the terminal.

`agent.turn.run_turn` yields them in the order things happen. The last one is always `Done`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from storage.records import Picture


@dataclass(frozen=True)
class TextDelta:
    """The next piece of the assistant's sentence. `message_id` groups pieces into one message; `anew`: those before
    this one were none of it."""

    message_id: str
    text: str
    anew: bool = False


@dataclass(frozen=True)
class ToolStarted:
    """The language model called a tool."""

    call_id: str
    name: str
    args: Mapping[str, Any]


@dataclass(frozen=True)
class Progress:
    """A job goes on: `fraction` 0 to 1, `text` in plain words ("step 7 of 20", "waiting, 2 before you").

    `job_id` addresses the live preview (`Library.preview(job_id)`).
    """

    call_id: str
    job_id: str
    fraction: float
    text: str


@dataclass(frozen=True)
class PictureReady:
    """A picture was judged and saved; it may be shown now. `job_id` is of the job that painted it, if one did."""

    call_id: str
    picture: Picture
    job_id: str = ""


@dataclass(frozen=True)
class ToolFinished:
    """A tool answered; `summary` is one short line for people, `error` set when it failed.

    `changed` says what of its picture is otherwise than before, `note` what else a person should hear of it; clauses.
    """

    call_id: str
    name: str
    summary: str
    error: str | None = None
    changed: str = ""
    note: str = ""


@dataclass(frozen=True)
class Question:
    """The agent asks back. `choices` may be empty."""

    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """The safety filter refused; the session goes on."""

    category: str
    reason: str
    rewording: str = ""


@dataclass(frozen=True)
class Failed:
    """Something failed for good; one sentence with what to do.

    `busy`: the turn of another program runs in the session, so that this one did not begin. `waits`: the turn goes on
    until its end can be written down.
    """

    reason: str
    busy: bool = False
    waits: bool = False


@dataclass(frozen=True)
class Done:
    """The turn is committed. `state` is done, stopped or failed."""

    turn_id: str
    number: int
    state: Literal["done", "stopped", "failed"]


Event = TextDelta | ToolStarted | Progress | PictureReady | ToolFinished | Question | Refused | Failed | Done
