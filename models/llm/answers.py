"""What a local language model writes, told apart while it writes: words for the person, thoughts, and tool calls.

A tokenizer that carries a `response_template` says itself how its model writes (transformers parses it). For all others
`COMMON` knows the usual forms:

    <tool_call>{"name": …, "arguments": {…}}</tool_call>                     Hermes, Qwen 2.5 and 3
    <tool_call><function=NAME><parameter=KEY>VALUE</parameter>…</function>   Qwen 3 Coder, Qwen 3.5
    {"name": …, "parameters": {…}}   or   <|python_tag|>{…}; {…}             Llama 3.1 and later
    [TOOL_CALLS][{"name": …, "arguments": {…}}]                              Mistral
    [TOOL_CALLS]NAME[ARGS]{…}                                                Mistral, newer
    <think>…</think>   or   [THINK]…[/THINK]                                 thoughts, which nobody is shown

A call that cannot be read is kept as it was written (`Call.args` is then a text), never guessed at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

COMMON: dict[str, Any] = {
    "start_anchor": "\0",  # the prompt is never read, see `opening`
    "fields": {
        "content": {"content_args": {"strip": False}},
        "thinking": {"open": ["<think>", "[THINK]"], "close": ["</think>", "[/THINK]"], "repeats": True},
        "tagged": {"open": "<tool_call>", "close": "</tool_call>", "repeats": True},
        "listed": {"open": ["[TOOL_CALLS]", "<|python_tag|>"]},
        "bare": {"open_pattern": r'^\s*(?=\{\s*"(?:name|type|function|parameters|arguments)"\s*:)'},
    },
}
MARKS = frozenset(["<think>", "</think>", "[THINK]", "[/THINK]", "<tool_call>", "</tool_call>", "<|python_tag|>"]) | {
    "[TOOL_CALLS]",
    "[ARGS]",
    "[CALL_ID]",
}
"""Tokens that `COMMON` must see even where a tokenizer counts them as special."""
_CALLS = frozenset({"tagged", "listed", "bare"})
_NAMED = re.compile(r'"(?:name|function)"\s*:\s*"([^"]+)"')
_FUNCTION = re.compile(r"<function=([^>\n]+)>(.*?)(?:</function>|$)", re.DOTALL)
_PARAMETER = re.compile(r"<parameter=([^>\n]+)>\n?(.*?)\n?(?:</parameter>|(?=<parameter=)|$)", re.DOTALL)
_NAMED_ARGS = re.compile(r"(?:\[TOOL_CALLS\])?\s*([\w.-]+)(?:\[CALL_ID\]\w*)?\[ARGS\]")


@dataclass(frozen=True)
class Call:
    """A tool call: `args` as they are, or the text that could not be read as any."""

    name: str
    args: Mapping[str, Any] | str

    @property
    def written(self) -> str:
        """The arguments as text."""
        return self.args if isinstance(self.args, str) else json.dumps(self.args, ensure_ascii=False)


class Tokenizer(Protocol):
    """The part of a transformers tokenizer that is needed here."""

    response_template: dict[str, Any] | None

    def get_response_parser(
        self, response_template: dict[str, Any] | None = None, *, prefix: str, tools: Sequence[Any] | None = None
    ) -> Any: ...


class AnswerReader:
    """Reads one answer as it comes: `feed` gives the words that may be shown, `close` the rest and the calls.

    Args:
        tokenizer: Says how its model writes, or that it does not say.
        prompt: What the model was asked, for tokenizers that say how to read on from it.
        tools: The tools it may call, in OpenAI's form: arguments are read by their types.
    """

    def __init__(self, tokenizer: Tokenizer, prompt: str, tools: Sequence[dict[str, Any]] = ()) -> None:
        own = getattr(tokenizer, "response_template", None)
        self._tools = tools
        self._parser = tokenizer.get_response_parser(
            own or COMMON, prefix=prompt if own else opening(prompt), tools=list(tools)
        )
        self._written = ""
        self.calls: list[Call] = []
        self._broken = False

    def feed(self, text: str) -> str:
        """Takes the next piece of the answer and gives the words in it that may be shown."""
        self._written += text
        if self._broken:
            return ""
        try:
            return self._follow(self._parser.feed(text))
        except (ValueError, KeyError):  # a region that its tokenizer's template cannot read: what follows belongs to it
            return self._give_up()

    def close(self) -> str:
        """The answer is over: the last words. `calls` is complete now."""
        if self._broken:
            return ""
        try:
            return self._follow(self._parser.finalize()[1])
        except (ValueError, KeyError):
            return self._give_up()

    def _follow(self, events: Sequence[Mapping[str, Any]]) -> str:
        shown = ""
        for event in events:
            field, kind = event["field"], event["type"]
            if kind == "region_chunk" and field == "content":
                shown += event["text"]
            elif kind == "region_close" and field in _CALLS:
                self.calls += read_calls(event["value"], self._tools)
            elif kind == "region_close" and field == "tool_calls":
                values = event["value"] if isinstance(event["value"], list) else [event["value"]]
                self.calls += [_from_json(value) for value in values]
        return shown

    def _give_up(self) -> str:
        self._broken = True
        found = _NAMED.search(self._written)
        self.calls.append(Call(found[1] if found else "", self._written))
        return ""


def opening(prompt: str) -> str:
    """The mark that a chat template wrote for the model already: it begins within its thoughts."""
    tail = prompt.rstrip()
    return next((mark for mark in ("<think>", "[THINK]") if tail.endswith(mark)), "")


def read_calls(body: str, tools: Sequence[dict[str, Any]] = ()) -> list[Call]:
    """The calls in what stands between (or behind) the marks of a call; one that is broken keeps its text."""
    if "<function=" in body:
        return [Call(name.strip(), _parameters(name.strip(), rest, tools)) for name, rest in _FUNCTION.findall(body)]
    if _NAMED_ARGS.match(body):
        pieces = _NAMED_ARGS.split(body)[1:]
        return [Call(name, _object(args)) for name, args in zip(pieces[::2], pieces[1::2], strict=True)]
    try:
        return [_from_json(value) for value in _values(body)]
    except ValueError:
        found = _NAMED.search(body)
        return [Call(found[1] if found else "", body.strip())]


def _values(body: str) -> Iterator[Any]:
    """Every JSON value in a text, lists opened up; `;`, commas and marks of calls may stand between."""
    decoder, place, body = json.JSONDecoder(), 0, body.replace("[TOOL_CALLS]", ";").replace("<|python_tag|>", ";")
    while place < len(body):
        if body[place] in " \t\r\n;,":
            place += 1
            continue
        value, place = decoder.raw_decode(body, place)
        yield from cast(list[Any], value) if isinstance(value, list) else [value]


def _from_json(value: Any) -> Call:
    """A call from `{"name", "arguments"}`, `{"name", "parameters"}` or either within `{"function": …}`."""
    inner: Any = value.get("function", value) if isinstance(value, dict) else value
    if isinstance(value, dict) and isinstance(inner, str):  # {"function": "name", "parameters": …}
        inner = {**value, "name": inner}
    if not isinstance(inner, dict) or not isinstance(inner.get("name"), str):
        return Call("", json.dumps(value, ensure_ascii=False))
    args: Any = inner.get("arguments", inner.get("parameters", {}))
    if isinstance(args, str):
        return Call(inner["name"], _object(args))
    return Call(inner["name"], cast(dict[str, Any], args) if isinstance(args, dict) else json.dumps(args))


def _object(text: str) -> Mapping[str, Any] | str:
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip()
    return cast(dict[str, Any], value) if isinstance(value, dict) else text.strip()


def _parameters(name: str, body: str, tools: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """`<parameter=key>value</parameter>` as arguments: values are JSON where the tool wants anything but a text."""
    schema = next((tool["function"] for tool in tools if tool["function"]["name"] == name), {})
    properties = schema.get("parameters", {}).get("properties", {})
    return {key: _typed(value, properties.get(key, {})) for key, value in _PARAMETER.findall(body)}


def _typed(text: str, schema: Mapping[str, Any]) -> Any:
    if schema.get("type", "string") == "string" and "anyOf" not in schema:
        return text
    try:
        return json.loads(text)
    except ValueError:  # the tool says what it wants instead
        return text
