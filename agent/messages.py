"""Stored messages to LangChain's and back. The tables are the truth; the agent's state is rebuilt from them.

A turn that was stopped or killed leaves calls without answers, which providers refuse to read on: `rebuild` adds the
missing ones, saying that the tool was stopped.
"""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.messages import ToolCall as LangChainToolCall

from agent.history import STOPPED
from storage.records import Message, ToolCall

MOST_TURNS = 12
"""How many past turns the language model reads; the shelf carries what older ones made."""


def from_ai(message: AIMessage) -> Message:
    """A language model's answer as it is stored."""
    calls = tuple(ToolCall(call["id"] or "", call["name"], call["args"]) for call in message.tool_calls)
    return Message("assistant", message.text.strip(), tool_calls=calls)


def rebuild(messages: Sequence[Message]) -> list[AnyMessage]:
    """LangChain messages of the last turns, every call answered right behind the message that made it."""
    answers = {message.tool_call_id: message for message in messages if message.role == "tool"}
    rebuilt: list[AnyMessage] = []
    for message in _last_turns(messages):
        if message.role == "person":
            rebuilt.append(HumanMessage(message.text))
        elif message.role == "assistant":
            rebuilt.append(_to_ai(message))
            for call in message.tool_calls:
                answer = answers.get(call.id)
                rebuilt.append(ToolMessage(answer.text if answer else STOPPED, tool_call_id=call.id, name=call.name))
    return rebuilt


def _to_ai(message: Message) -> AIMessage:
    calls = [LangChainToolCall(name=c.name, args=dict(c.args), id=c.id, type="tool_call") for c in message.tool_calls]
    return AIMessage(content=message.text, tool_calls=calls)


def _last_turns(messages: Sequence[Message]) -> Sequence[Message]:
    turns = list(dict.fromkeys(message.turn_id for message in messages))
    kept = set(turns[-MOST_TURNS:])
    return [message for message in messages if message.turn_id in kept]
