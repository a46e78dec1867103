"""From event to widget: what a turn looks like on the page, as the messages that Chainlit's page understands.

A `TurnView` is a fold without any input or output: it is given the person's words, then each event, and answers with
the `Change`s to send (a socket event's name and its data). It keeps what it has shown, so that a page that comes late
gets the same picture at once. Stored turns go through the same fold (`ui.replay`), which is why a reloaded page looks
like the live one.

A turn is shown as: the person's message, a line for each tool call (what was asked, in plain words, unfolds), a card
for each picture, and the assistant's sentences. Cards are elements drawn by `public/elements/*.jsx`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agent.events import (
    Done,
    Event,
    Failed,
    PictureReady,
    Progress,
    Question,
    Refused,
    TextDelta,
    ToolFinished,
    ToolStarted,
)
from agent.shelf import parents
from models.recipe import Margins
from storage.records import Picture, Session
from tools.settings import Limits
from ui.phrases import arguments, did, doing, origin
from ui.replay import Told

NAME = "Easel"
ENLARGED_MOST = Limits().result_pixels
"""No button offers what the tool would refuse."""
ICONS = {
    "generate_image": "paintbrush",
    "edit_image": "pencil",
    "upscale_image": "maximize-2",
    "extend_image": "frame",
    "vary_image": "sparkles",
    "adjust_image": "sliders-horizontal",
    "look_at_image": "eye",
    "find_images": "search",
    "check_safety": "shield-check",
}
"""Names of Lucide's icons, beside the line of a tool's call."""
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~!$]|:(?=//))")
"""What means something to Markdown; with `://` that is an address, in which a backslash would be shown."""


NEWEST, EARLIER = 15, 30
"""Turns that are shown of a session that is opened, and those before them that its button brings each time."""


@dataclass(frozen=True)
class Change:
    """One thing to tell the page: the socket event's name and its data."""

    event: str
    data: dict[str, Any]


class TurnView:
    """One turn as widgets. `steps` and `elements` are what has been shown so far, in order."""

    def __init__(self, session: Session, message_id: str, run_id: str, text: str, created: datetime) -> None:
        self._session = session
        self._user, self._run = message_id, run_id
        self._time = created
        self._cards: dict[str, dict[str, None]] = {}  # call id → its cards without a picture yet, by job
        self._sentences = 0
        self.steps: dict[str, dict[str, Any]] = {}
        self.elements: dict[str, dict[str, Any]] = {}
        self._put(message_id, "user_message", "You", text, parent=None)
        # Chainlit's page draws a waiting cursor for a run of this name until it ends.
        self._put(run_id, "run", "on_message", "", parent=message_id, start=self._now())

    def opening(self) -> list[Change]:
        """The person's message, the beginning of the turn, and the session for a page whose address is still `/`."""
        begun = Change("window_message", {"easel": "begun", "session": self._session.id})
        return [Change("new_message", self.steps[self._user]), Change("new_message", self.steps[self._run]), begun]

    def taken_back(self) -> list[Change]:
        """Takes everything from the pages again: nothing of the turn was stored."""
        gone = [Change("remove_element", {"id": key}) for key in self.elements]
        return gone + [Change("delete_message", {"id": key}) for key in reversed(self.steps)]

    def apply(self, event: Event) -> list[Change]:
        """Shows one event."""
        match event:
            case TextDelta():
                return self._text(event)
            case ToolStarted():
                return self._started(event)
            case Progress():
                return self._progress(event)
            case PictureReady():
                return self._picture(event)
            case ToolFinished():
                return self._finished(event)
            case Question():
                return self._ask(event)
            case Refused():
                return self._refused(event)
            case Failed():
                return [self._say(_plain(event.reason), isError=True)]
            case Done():
                return self._done(event)

    # The assistant's words.

    def _text(self, event: TextDelta) -> list[Change]:
        key = f"{self._run}-{event.message_id}"
        if event.anew and self.steps.pop(key, None):
            gone = [Change("delete_message", {"id": key})]
            return gone + self._text(TextDelta(event.message_id, event.text)) if event.text else gone
        if key not in self.steps:
            return [
                Change("stream_start", self._put(key, "assistant_message", NAME, event.text, streaming=True).copy())
            ]
        self.steps[key]["output"] += event.text
        return [
            Change("stream_token", {"id": key, "token": event.text, "isSequence": False, "isInput": False}),
        ]

    def _say(self, text: str, **more: Any) -> Change:
        self._sentences += 1
        key = f"{self._run}-said-{self._sentences}"
        return Change("new_message", self._put(key, "assistant_message", NAME, text, **more))

    def _ask(self, event: Question) -> list[Change]:
        said = self._say(_plain(event.text))
        if not event.choices:
            return [said]
        props = {"session": self._session.id, "choices": list(event.choices)}
        return [said, self._element(f"{said.data['id']}-choices", "Choices", said.data["id"], props)]

    def _refused(self, event: Refused) -> list[Change]:
        said = self._say(_plain(event.reason))
        props = {"session": self._session.id, "category": event.category, "rewording": event.rewording}
        return [said, self._element(f"{said.data['id']}-refusal", "Refusal", said.data["id"], props)]

    # Tools and pictures.

    def _started(self, event: ToolStarted) -> list[Change]:
        if event.name == "ask_user":  # the question itself is shown
            return []
        details = "\n".join(f"- {label}: {_plain(value)}" for label, value in arguments(event.args))
        about = {"icon": ICONS.get(event.name, "wrench"), "did": did(event.name, event.args)}
        name = doing(event.name, event.args)
        step = self._put(event.call_id, "tool", name, details, start=self._now(), metadata=about)
        return [Change("new_message", step)]

    def _progress(self, event: Progress) -> list[Change]:
        waiting = self._cards.setdefault(event.call_id, {})
        if event.job_id not in waiting and event.job_id in self.elements:
            return []  # a late report of a picture that is already shown
        changes = self._room(event.call_id)
        waiting[event.job_id] = None
        fraction = round(min(max(event.fraction, 0.0), 1.0), 3)
        props = {"state": "working", "job": event.job_id, "fraction": fraction, "text": event.text}
        return [*changes, self._element(event.job_id, "PictureCard", _room_of(event.call_id), props)]

    def _picture(self, event: PictureReady) -> list[Change]:
        changes: list[Change] = []
        host = self._user if not event.call_id else _room_of(event.call_id)
        if event.call_id:
            changes = self._room(event.call_id)
        key = f"{host}-{event.picture.id}"  # a picture that was found again is shown twice
        element = self._element(key, "PictureCard", host, picture_props(event.picture, self._session))
        changes.append(element)
        if event.job_id in self._cards.get(event.call_id, {}):
            changes += self._drop([event.job_id], event.call_id)
        return changes

    def _finished(self, event: ToolFinished) -> list[Change]:
        step = self.steps.get(event.call_id)
        if step is None:
            return []
        changes = self._drop(list(self._cards.get(event.call_id, {})), event.call_id)
        step["end"] = self._now()
        step["isError"] = event.error is not None
        if not event.error:
            step["name"] = step["metadata"]["did"]
        if event.error:
            step["output"] = f"{step['output']}\n\n{_plain(event.error)}".strip()
        return [*changes, Change("update_message", step.copy())]

    def _done(self, event: Done) -> list[Change]:
        changes: list[Change] = []
        for call_id, waiting in self._cards.items():
            changes += self._drop(list(waiting), call_id)
        for step in self.steps.values():
            if step["type"] == "tool" and step["end"] is None:
                step["end"] = self._now()
                step["name"] += " – stopped" if event.state == "stopped" else ""
                changes.append(Change("update_message", step.copy()))
            elif step["streaming"]:
                step["streaming"] = False
                changes.append(Change("update_message", step.copy()))
        if event.state == "stopped":
            shown = [element["props"] for element in self.elements.values() if element["forId"] != self._user]
            kept = ", ".join(f"#{props['handle']}" for props in shown if props.get("turn", "") == event.turn_id)
            changes.append(self._say("*Stopped.*" + (f" {_plain(kept)} stays." if kept else "")))
        self.steps[self._run]["end"] = self._now()
        changes.append(Change("update_message", self.steps[self._run].copy()))
        return changes

    def _room(self, call_id: str) -> list[Change]:
        """The message that holds a call's cards, made when the first card comes."""
        key = _room_of(call_id)
        return [] if key in self.steps else [Change("new_message", self._put(key, "assistant_message", NAME, ""))]

    def _drop(self, jobs: Iterable[str], call_id: str) -> list[Change]:
        dropped: list[Change] = []
        for job in jobs:
            self._cards[call_id].pop(job, None)
            if self.elements.pop(job, None) is not None:
                dropped.append(Change("remove_element", {"id": job}))
        room = _room_of(call_id)
        if dropped and not any(element["forId"] == room for element in self.elements.values()):
            del self.steps[room]
            dropped.append(Change("delete_message", {"id": room}))
        return dropped

    # Chainlit's shapes.

    def _put(
        self, key: str, kind: str, name: str, output: str, *, parent: str | None = "", **more: Any
    ) -> dict[str, Any]:
        parent = self._run if parent == "" else parent
        self.steps[key] = _step(self._session, key, kind, name, output, parent, self._now()) | more
        return self.steps[key]

    def _element(self, key: str, name: str, host: str, props: dict[str, Any]) -> Change:
        self.elements[key] = _element(self._session, key, name, host, props)
        return Change("element", self.elements[key])

    def _now(self) -> str:
        return iso(self._time)


def picture_props(picture: Picture, session: Session) -> dict[str, Any]:
    """What a picture's card shows and needs for its buttons."""
    return {
        "state": "ready",
        "session": session.id,
        "id": picture.id,
        "turn": picture.turn_id,
        "handle": picture.handle,
        "width": picture.width,
        "height": picture.height,
        "caption": picture.caption.removesuffix(f", {picture.recipe.get('scale')} times larger"),  # the origin says so
        "origin": origin(picture),
        "details": recipe_details(picture),
        "changed": picture.recipe.get("region"),
        "review": next((v.reason for v in picture.verdicts if v.action == "review"), ""),
        "enlargeBy": next((scale for scale in (4, 2) if picture.width * picture.height * scale**2 <= ENLARGED_MOST), 0),
    }


def recipe_details(picture: Picture) -> list[list[str]]:
    """The whole recipe as (label, value) rows: nothing that decided the pixels is hidden."""
    recipe = picture.recipe
    region, margins = recipe.get("region"), recipe.get("margins") or ()
    rows: Sequence[tuple[str, object]] = (
        ("Prompt", recipe.get("prompt")),
        ("Without", recipe.get("negative_prompt")),
        ("Made by", recipe.get("preset") or ("exact arithmetic" if recipe.get("operation") == "adjust" else "")),
        ("Adjustment", " ".join(str(recipe.get(key) or "") for key in ("adjust", "amount")).strip()),
        ("Size", f"{picture.width} × {picture.height}"),
        ("Seed", recipe.get("seed") if recipe.get("steps") else None),
        ("Steps", recipe.get("steps")),
        ("Guidance", recipe.get("guidance")),
        ("Strength", recipe.get("strength")),
        ("Times larger", recipe.get("scale")),
        ("Region", ", ".join(f"{edge:.2f}" for edge in region) if region else None),
        ("Added", ", ".join(f"{side} {n}" for side, n in zip(Margins._fields, margins, strict=False) if n)),
        ("From", parents(picture) if picture.parents else ""),
        ("SHA-256", picture.sha256),
    )
    return [[label, str(value)] for label, value in rows if value not in (None, "")]


def stored_view(session: Session, told: Told) -> TurnView:
    """A stored turn, drawn by the fold that draws live ones."""
    view = TurnView(session, told.message_id, told.turn.id, told.text, told.turn.created)
    for event in told.events:
        view.apply(event)
    return view


def earlier(session: Session, turns: int, time: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """The button that brings some of so many turns before those that are shown, as a step and its element."""
    step = _step(session, f"{session.id}-earlier", "assistant_message", NAME, "", None, iso(time))
    return step, _element(session, f"{step['id']}-button", "Earlier", step["id"], {"turns": turns})


def iso(time: datetime) -> str:
    """A time as Chainlit's page reads it."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _step(
    session: Session, key: str, kind: str, name: str, output: str, parent: str | None, time: str
) -> dict[str, Any]:
    return {
        "id": key,
        "threadId": session.id,
        "parentId": parent,
        "type": kind,
        "name": name,
        "input": "",
        "output": output,
        "createdAt": time,
        "start": None,
        "end": None,
        "streaming": False,
        "isError": False,
        "showInput": False,
        "metadata": {},
    }


def _element(session: Session, key: str, name: str, host: str, props: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": key,
        "threadId": session.id,
        "forId": host,
        "type": "custom",
        "name": name,
        "display": "inline",
        "mime": "application/json",
        "props": props,
    }


def _room_of(call_id: str) -> str:
    return f"{call_id}-pictures"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is written: a caption is never a heading, a link or a picture."""
    return _MARKDOWN.sub(r"\\\1", text)
