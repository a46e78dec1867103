"""Stored turns told again as the events they once were, so that what was saved is drawn by what draws live turns.

`told` is pure: rows in, events out. It says nothing that is not stored: progress and the tools' one-line summaries are
gone, everything else comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from agent.events import Done, Event, Failed, PictureReady, Question, Refused, TextDelta, ToolFinished, ToolStarted
from agent.history import NOT_BEGUN, UNANSWERED, answer_of, refusal_of, unanswered, without_error
from storage.records import Message, Picture, ToolCall, Turn, TurnState, Verdict
from tools.catalog import BY_NAME
from tools.errors import BadArgument
from tools.verb import validated


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
    waiting = unanswered(turn, messages)
    heir = _heir(messages, answers, waiting)
    events: list[Event] = [*uploads, *(PictureReady("", picture) for picture in left if not heir)]
    for message in messages:
        if message.role != "assistant":
            continue
        if message.text:
            events += _said(message, turn, verdicts)
        for call in message.tool_calls:
            if waiting.get(call.id) != NOT_BEGUN:
                events += _call(call, answers.get(call.id), shelf, left if call.id == heir else (), turn)
    if turn.error and not any(isinstance(event, Failed) for event in events):
        events.append(Failed(turn.error))
    if turn.state is not TurnState.RUNNING:
        events.append(Done(turn.id, turn.number, turn.state.value))  # type: ignore[arg-type]
    return Told(turn, person.id if person else f"{turn.id}-person", person.text if person else "", tuple(events))


def _heir(messages: Sequence[Message], answers: Mapping[str | None, Message], waiting: Mapping[str, str]) -> str:
    """Which call made the pictures that stand in no answer: one that was broken off, or else one that failed."""
    makers = [call.id for message in messages for call in message.tool_calls if _makes(call)]
    broken = [call_id for call_id in makers if waiting.get(call_id) == UNANSWERED]
    failed = [call_id for call_id in makers if call_id in answers and _error(answers[call_id])]
    return next(iter(broken + failed), "")


def _makes(call: ToolCall) -> bool:
    verb = BY_NAME.get(call.name)
    return verb is None or verb.makes


def _call(
    call: ToolCall, answer: Message | None, shelf: Mapping[int, Picture], left: Sequence[Picture], turn: Turn
) -> Iterator[Event]:
    yield ToolStarted(call.id, call.name, call.args)
    if answer and call.name == "ask_user" and "asked" in answer_of(answer):
        with suppress(BadArgument):
            asked = validated(BY_NAME["ask_user"], call.args)
            yield Question(asked.question.strip(), asked.offered())
    for picture in (*map(shelf.get, answer.pictures if answer else ()), *left):
        if picture is not None:
            yield PictureReady(call.id, picture)
    if answer:
        yield ToolFinished(call.id, call.name, "", _error(answer))
    elif turn.state is not TurnState.RUNNING:
        yield ToolFinished(call.id, call.name, "", UNANSWERED)


def _said(message: Message, turn: Turn, verdicts: Sequence[Verdict]) -> Iterator[Event]:
    """An assistant's text: a refusal if a stored verdict says just that, the turn's error, or plain words."""
    for verdict in verdicts:
        if verdict.action == "block" and verdict.reason and message.text == refusal_of(verdict):
            yield Refused(verdict.category, verdict.reason, verdict.rewording)
            return
    words, error = without_error(message.text, turn)
    if words:
        yield TextDelta(message.id, words)
    if error:
        yield Failed(error)


def _error(answer: Message) -> str | None:
    data = answer_of(answer)
    error = data.get("refused") or data.get("error")
    return None if error is None else str(error)
