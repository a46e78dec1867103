"""Stored turns told again as the events they once were, so that what was saved is drawn by what draws live turns.

`told` is pure: rows in, events out. It says nothing that is not stored: progress and the tools' one-line summaries are
gone, everything else comes back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.events import Done, Event, Failed, PictureReady, Question, Refused, TextDelta, ToolFinished, ToolStarted
from agent.history import UNANSWERED
from storage.records import Message, Picture, ToolCall, Turn, TurnState, Verdict


@dataclass(frozen=True)
class Told:
    """A stored turn: what the person wrote (with its message's id) and the events that followed."""

    turn: Turn
    message_id: str
    text: str
    events: tuple[Event, ...]


def told(
    turns: Sequence[Turn], messages: Sequence[Message], pictures: Sequence[Picture], verdicts: Sequence[Verdict]
) -> list[Told]:
    """All turns of a session in order, each with its events."""
    by_turn: dict[str, list[Message]] = {}
    for message in messages:
        by_turn.setdefault(message.turn_id, []).append(message)
    return [_turn(turn, by_turn.get(turn.id, []), pictures, verdicts) for turn in turns]


def _turn(turn: Turn, messages: Sequence[Message], pictures: Sequence[Picture], verdicts: Sequence[Verdict]) -> Told:
    person = next((m for m in messages if m.role == "person"), None)
    mine = [picture for picture in pictures if picture.turn_id == turn.id]
    shelf = {picture.handle: picture for picture in pictures}
    answers = {m.tool_call_id: m for m in messages if m.role == "tool"}
    uploads = [PictureReady("", p) for p in mine if p.recipe.get("operation") == "import"]
    shown = {p.handle for m in answers.values() for p in map(shelf.get, m.pictures) if p is not None}
    left = [p for p in mine if p.handle not in shown and p.recipe.get("operation") != "import"]
    events: list[Event] = [*uploads]
    for message in messages:
        if message.role == "assistant":
            events += _assistant(message, turn, answers, shelf, verdicts, left)
    if turn.error and not any(isinstance(event, Failed) for event in events):
        events.append(Failed(turn.error))
    if turn.state is not TurnState.RUNNING:
        events.append(Done(turn.id, turn.number, turn.state.value))  # type: ignore[arg-type]
    return Told(turn, person.id if person else f"{turn.id}-person", person.text if person else "", tuple(events))


def _assistant(
    message: Message,
    turn: Turn,
    answers: Mapping[str | None, Message],
    shelf: Mapping[int, Picture],
    verdicts: Sequence[Verdict],
    left: list[Picture],
) -> Iterator[Event]:
    if message.text:
        yield _said(message, turn, verdicts)
    for call in message.tool_calls:
        yield ToolStarted(call.id, call.name, call.args)
        if call.name == "ask_user":
            yield Question(str(call.args.get("question", "")), tuple(map(str, call.args.get("choices") or ())))
        answer = answers.get(call.id)
        for handle in answer.pictures if answer else ():
            if handle in shelf:
                yield PictureReady(call.id, shelf[handle])
        if not answer or not answer.pictures:  # stopped in the middle: what was saved by then has no answer to stand in
            while left:
                yield PictureReady(call.id, left.pop(0))
        if answer:
            yield _finished(call, answer)
        elif turn.state is not TurnState.RUNNING:
            yield ToolFinished(call.id, call.name, "", UNANSWERED)


def _said(message: Message, turn: Turn, verdicts: Sequence[Verdict]) -> Event:
    """An assistant's text: a refusal if a stored verdict says just that, the turn's error, or plain words."""
    for verdict in verdicts:
        if verdict.action == "block" and verdict.reason and message.text.startswith(verdict.reason):
            return Refused(verdict.category, verdict.reason, verdict.rewording)
    return Failed(message.text) if turn.error and message.text == turn.error else TextDelta(message.id, message.text)


def _finished(call: ToolCall, answer: Message) -> ToolFinished:
    try:
        parsed: Any = json.loads(answer.text)
    except ValueError:
        parsed = None
    data: dict[str, Any] = parsed if isinstance(parsed, dict) else {}
    error = data.get("refused") or data.get("error")
    return ToolFinished(call.id, call.name, "", None if error is None else str(error))
