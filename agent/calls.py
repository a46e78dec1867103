"""The tool calls of one turn, made answerable: whatever a language model writes, each call can be stored and answered.

Arguments that are no JSON, a tool that does not exist, arguments that do not fit: each becomes a fixable `BadArgument`
in one sentence, which goes back to the model (`agent.conversing` counts how often). Arguments that are only of another
type ("#2", a null) are read as they are meant, and half a character, which nothing could store, becomes a whole one.
Identifiers that are missing or were used before in the session, as by servers that count from 0 in each answer, become
new ones: answers are found by them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, TypeVar, cast

from langchain_core.messages import AIMessage, InvalidToolCall
from langchain_core.messages import ToolCall as LangChainToolCall

from tools.catalog import BY_NAME
from tools.errors import BadArgument
from tools.verb import as_meant, validated

NOT_JSON = "not JSON: "
"""Put before arguments that are no whole JSON object, so that nothing on the way takes them for one."""

T = TypeVar("T")


def storable(value: T) -> T:
    """The same value with each half of a character (a lone surrogate) in its texts replaced; whole ones stay."""
    changed: Any = value
    if isinstance(value, str):
        changed = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    elif isinstance(value, dict):
        changed = {storable(key): storable(each) for key, each in cast(dict[Any, Any], value).items()}
    elif isinstance(value, list):
        changed = [storable(each) for each in cast(list[Any], value)]
    return changed


class Calls:
    """The calls of one turn; `known` are the identifiers of the session's earlier ones."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = set(known)
        self._broken: dict[str, str] = {}

    def readable(self, message: AIMessage) -> AIMessage:
        """The same answer with calls that can be run or refused; those that were no JSON come last."""
        whole = [self._named(storable(call)) for call in message.tool_calls]
        broken = [self._mended(storable(call)) for call in message.invalid_tool_calls]
        return AIMessage(
            storable(message.content),
            id=message.id,
            additional_kwargs=storable(message.additional_kwargs),
            tool_calls=[*whole, *broken],
            response_metadata=message.response_metadata,
            usage_metadata=message.usage_metadata,
        )

    def arguments(self, call: LangChainToolCall) -> Any:
        """The verb's own arguments; raises `BadArgument` for a call that cannot be run."""
        sentence = self._broken.get(call["id"] or "")
        if sentence:
            raise BadArgument(sentence)
        if call["name"] not in BY_NAME:
            raise BadArgument(f"There is no tool “{call['name']}”; there are {', '.join(BY_NAME)}.")
        return validated(BY_NAME[call["name"]], call["args"])

    def _named(self, call: LangChainToolCall) -> LangChainToolCall:
        unusable = not call["id"] or call["id"] in self._known
        identifier = f"call{secrets.token_hex(8)}" if unusable else call["id"]
        self._known.add(identifier or "")
        verb = BY_NAME.get(call["name"])
        return {**call, "id": identifier, "args": as_meant(verb, call["args"]) if verb else call["args"]}

    def _mended(self, call: InvalidToolCall) -> LangChainToolCall:
        name, written = call["name"] or "", (call["args"] or "").removeprefix(NOT_JSON)[:200]
        named = self._named(LangChainToolCall(name=name, args={}, id=call["id"], type="tool_call"))
        self._broken[named["id"] or ""] = (
            f"The arguments of {name or 'the call'} are no JSON object: {written!r}; write the call again with one."
        )
        return named
