"""Stored messages to LangChain's and back. The tables are the truth; the agent's state is rebuilt from them.

What the program adds to what was said stands in marks, `[note]` … `[/note]` and, behind the person's last sentence,
`[shelf]` … `[/shelf]`: `beside` writes them, and the system prompt says what they are. A turn that was stopped or
killed leaves calls without answers, which providers refuse to read on: `rebuild` adds the missing ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.messages import ToolCall as LangChainToolCall

from agent.history import PRESSED, unanswered, without_error
from agent.shelf import plain
from models.recipe import Operation
from storage.records import Message, Picture, ToolCall, Turn, TurnState

MOST_TURNS = 12
"""How many past turns with words of the person the language model reads; the shelf carries what older ones made."""
MOST_EARLIER = 20
"""Of how many older ones it reads what the person wrote, in `EARLIER_CHARS` characters each."""
EARLIER_CHARS = 120


def from_ai(message: AIMessage) -> Message:
    """A language model's answer as it is stored."""
    calls = tuple(ToolCall(call["id"] or "", call["name"], call["args"]) for call in message.tool_calls)
    return Message("assistant", message.text.strip(), tool_calls=calls)


def beside(words: str, mark: str, told: str) -> str:
    """What somebody said, and beside it what the program tells."""
    return f"{words}\n\n[{mark}]\n{told}\n[/{mark}]".lstrip()


def with_shelf(messages: Sequence[AnyMessage], shelf: str) -> list[AnyMessage]:
    """The messages with the shelf behind the last sentence of the person: what is before it stays as it was, so that
    providers need not read it again."""
    last = max((number for number, message in enumerate(messages) if isinstance(message, HumanMessage)), default=None)
    if last is None:
        return list(messages)
    return [*messages[:last], HumanMessage(beside(messages[last].text, "shelf", shelf)), *messages[last + 1 :]]


def rebuild(messages: Sequence[Message], turns: Sequence[Turn], pictures: Sequence[Picture]) -> list[AnyMessage]:
    """LangChain messages of the last turns, every call answered right behind the message that made it.

    Args:
        messages: The session's, oldest first.
        turns: Its turns, which say how each ended.
        pictures: Its pictures: a message is read with the uploads that came with it.
    """
    by_turn: dict[str, list[Message]] = {}
    for message in messages:
        by_turn.setdefault(message.turn_id, []).append(message)
    told = [turn for turn in turns if turn.id in by_turn]
    spoken = [turn for turn in told if _is_spoken(by_turn[turn.id])]
    kept = {turn.id for turn in (*told[-MOST_TURNS:], *spoken[-MOST_TURNS:])}
    uploads = [picture for picture in pictures if picture.recipe.get("operation") == Operation.IMPORT]
    rebuilt: list[AnyMessage] = []
    for turn in told:
        if turn.id in kept:
            rebuilt += _turn(turn, by_turn[turn.id], [upload for upload in uploads if upload.turn_id == turn.id])
    if earlier := [_words(by_turn[turn.id]) for turn in spoken if turn.id not in kept]:
        rebuilt[0] = HumanMessage(beside(rebuilt[0].text, "note", _left_out(earlier)))
    return rebuilt


def _turn(turn: Turn, messages: Sequence[Message], uploads: Sequence[Picture]) -> list[AnyMessage]:
    answers = {message.tool_call_id: message for message in messages if message.role == "tool"}
    waiting = unanswered(turn, messages)
    rebuilt: list[AnyMessage] = []
    for message in messages:
        if message.role == "person":
            came = ", ".join(f'#{upload.handle} "{plain(upload.caption)}"' for upload in uploads)
            with_it = beside(message.text, "note", f"With this message came: {came}.")
            rebuilt.append(HumanMessage(with_it if came else message.text))
        elif message.role == "assistant":
            words, _ = without_error(message.text, turn)
            if words and isinstance(rebuilt[-1], AIMessage) and not rebuilt[-1].tool_calls:  # some take no two in a row
                words = f"{rebuilt.pop().text}\n\n{words}"
            if words or message.tool_calls:
                rebuilt.append(_to_ai(words, message.tool_calls))
            for call in message.tool_calls:
                answer = answers.get(call.id)
                text = answer.text if answer else json.dumps({"error": waiting[call.id], "fixable": False})
                rebuilt.append(ToolMessage(text, tool_call_id=call.id, name=call.name))
    if ending := _ending(turn, rebuilt):
        last = rebuilt[-1]
        words = rebuilt.pop().text if isinstance(last, AIMessage) and not last.tool_calls else ""
        rebuilt.append(AIMessage(beside(words, "note", ending)))
    return rebuilt


def _ending(turn: Turn, rebuilt: Sequence[AnyMessage]) -> str:
    """How a turn ended, where nobody has said it; never "" for one that would end with the person's words."""
    if turn.state is TurnState.STOPPED:
        return "The person stopped this."
    if turn.state is TurnState.FAILED:
        return f"This was not finished. The person was told: {turn.error}"
    return "Nothing was said to this." if turn.state is TurnState.DONE and isinstance(rebuilt[-1], HumanMessage) else ""


def _to_ai(words: str, calls: Sequence[ToolCall]) -> AIMessage:
    made = [LangChainToolCall(name=c.name, args=dict(c.args), id=c.id, type="tool_call") for c in calls]
    return AIMessage(content=words, tool_calls=made)


def _words(messages: Sequence[Message]) -> str:
    return next((message.text for message in messages if message.role == "person"), "")


def _is_spoken(messages: Sequence[Message]) -> bool:
    """Whether the person said something, rather than pressed a button or sent pictures alone."""
    pressed = any(call.id.startswith(PRESSED) for message in messages for call in message.tool_calls)
    return bool(_words(messages)) and not pressed


def _left_out(earlier: Sequence[str]) -> str:
    quoted = "; ".join(f'"{plain(words, EARLIER_CHARS)}"' for words in earlier[-MOST_EARLIER:])
    return f"{len(earlier)} turns before this one are left out. The person wrote in the last of them: {quoted}."
