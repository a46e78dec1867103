"""What is kept of a conversation: which calls were not answered, and what a session is called."""

from __future__ import annotations

import json
from collections.abc import Sequence

from storage.records import Message, ToolCall

STOPPED = json.dumps({"error": "stopped before it finished", "fixable": False})


def open_calls(messages: Sequence[Message]) -> list[ToolCall]:
    """The calls that no tool message answers, in order."""
    answered = {message.tool_call_id for message in messages if message.role == "tool"}
    return [call for message in messages for call in message.tool_calls if call.id not in answered]


def answers_for(calls: Sequence[ToolCall], text: str = STOPPED) -> list[Message]:
    """A tool message for each call."""
    return [Message("tool", text, tool_call_id=call.id) for call in calls]


def title_of(text: str, most: int = 60) -> str:
    """A session's title from its first sentence, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"
