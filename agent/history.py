"""What is kept of a conversation: what became of calls, also of those that nobody answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from storage.records import Message, Turn, TurnState, Verdict

PRESSED = "act-"
"""How the identifiers of the calls begin that a button made."""
UNANSWERED = "stopped before it finished"
NOT_BEGUN = "not begun"


def unanswered(turn: Turn, messages: Sequence[Message]) -> Mapping[str, str]:
    """What the calls of a turn that have no answer came to, by their identifiers: `UNANSWERED` or `NOT_BEGUN`.

    Calls run one after another, in order: at most the first of them began, and not even that where another call's
    answer ended the turn.

    Args:
        turn: The turn.
        messages: Its messages.
    """
    answers = {message.tool_call_id: answer_of(message) for message in messages if message.role == "tool"}
    waiting = [call.id for message in messages for call in message.tool_calls if call.id not in answers]
    ended = turn.state is TurnState.DONE or any(_ends(answer, turn) for answer in answers.values())
    begun = () if ended else waiting[:1]
    return {call_id: UNANSWERED if call_id in begun else NOT_BEGUN for call_id in waiting}


def answer_of(message: Message) -> Mapping[str, Any]:
    """A call's answer as the tool gave it; empty for one that is no JSON object."""
    try:
        parsed: Any = json.loads(message.text)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def refusal_of(verdict: Verdict) -> str:
    """What is kept of a refusal, as the assistant's words."""
    return verdict.reason + (f" You could say: {verdict.rewording}" if verdict.rewording else "")


def without_error(text: str, turn: Turn) -> tuple[str, str]:
    """An assistant's text, and behind it the error that ended the turn; "" where one of them is missing."""
    words = text.removesuffix(turn.error) if turn.error else text
    if words == text or (words and not words.endswith("\n\n")):
        return text, ""
    return words.strip(), turn.error or ""


def _ends(answer: Mapping[str, Any], turn: Turn) -> bool:
    told = turn.error is not None and answer.get("error") == turn.error
    return told or "asked" in answer or answer.get("fixable") is False
