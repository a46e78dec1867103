"""What a language model writes among its words that is none of them, left out while the answer comes.

Servers that are not started for it pass a model's thoughts and its tool calls on as words, between marks or bare.
Where a template has opened the thoughts, only their end is written: what was shown before it is taken back.
"""

from __future__ import annotations

import re

from langchain_core.messages import AIMessage, AIMessageChunk

from tools.catalog import BY_NAME

THOUGHTS_END = "</think>"
"""Is passed on where the words before it were thoughts: the answer begins behind it."""
_THOUGHT = "<think>"
_END = "\0"  # nobody writes it: what has no mark of its own at the end goes on to the end of the answer
_THOUGHTS = {_THOUGHT: THOUGHTS_END, "<|channel|>analysis": "<|start|>assistant", "<|channel|>final": "<|message|>"}
_CALLS = {
    "<tool_call>": "</tool_call>",
    "<tool_calls>": "</tool_calls>",
    "<function=": "</function>",
    "<function_calls>": "</function_calls>",
    "<minimax:tool_call>": "</minimax:tool_call>",
    "<|tool_calls_section_begin|>": "<|tool_calls_section_end|>",
    "<｜tool▁calls▁begin｜>": "<｜tool▁calls▁end｜>",
    "<｜DSML｜": _END,
    "<|tool_call|>": _END,
    "<|python_tag|>": "<|eom_id|>",
    "[TOOL_CALLS]": _END,
    "<|channel|>commentary": _END,
    "to=functions.": _END,
    **{f"[{name}(": _END for name in BY_NAME},
}
_CODE = {"```": "```", "[{": _END, "{": _END}
_MARKS = {**_THOUGHTS, **_CALLS, **_CODE}
"""How thoughts, calls, and code that is a call if it names a tool, begin and end, as models write them."""
_OPEN = re.compile("|".join(map(re.escape, (THOUGHTS_END, *_MARKS))))
_NAMES_A_TOOL = re.compile(rf"[\"'.](?:{'|'.join(BY_NAME)})[\"']|\b(?:{'|'.join(BY_NAME)})\s*\(")


def answer_in(text: str) -> str:
    """What is left of the words that were passed on, without thoughts that were taken back."""
    return text.rpartition(THOUGHTS_END)[2]


def without_thoughts(message: AIMessage) -> AIMessage:
    """The same answer without thoughts that were taken back."""
    words = message.content
    return message.model_copy(update={"content": answer_in(words)}) if isinstance(words, str) else message


class Unsaid:
    """Takes an answer's pieces one after the other, as `unsaid(chunk)`, and gives them with the words alone.

    Args:
        thinking: The answer begins with thoughts that no mark opens; if no mark ends them it has none.

    Attributes:
        called: A tool call was among the words; surely known when the `rest` was asked for, once.
        thinking: It began with such thoughts.
    """

    def __init__(self, thinking: bool = False) -> None:
        self._held = self._written = ""  # what waits, and the mark that stood before it
        self._open = _THOUGHT if thinking else ""
        self._spoken = self.called = self.thinking = False

    def __call__(self, chunk: AIMessageChunk) -> AIMessageChunk:
        if not isinstance(chunk.content, str) or not chunk.content:
            return chunk
        words = self._words(self._held + chunk.content)
        return chunk.model_copy(update={"content": words})

    def rest(self) -> str:
        """The end of the answer that might have become a mark; all of it where words only named one."""
        if self._open == _THOUGHT and not self._written:  # there were none
            self._open = ""
            return self._words(self._held) + self.rest()
        if self._open in _CODE:
            return self._code(self._held)
        only_named = self._open == _THOUGHT and self._spoken
        return self._written + self._held if only_named or not self._open else ""

    def _words(self, text: str) -> str:
        words = ""
        while True:
            if self._open:
                within, closed, after = text.partition(_MARKS[self._open])
                if self._open in _CODE and THOUGHTS_END in within:  # it was thought, too
                    after = text[text.index(THOUGHTS_END) :]
                elif not closed:
                    self._held = text
                    return words
                elif self._open in _CODE:
                    words += self._code(within + closed)
                elif not self._written:
                    self.thinking = True
                self._open, self._written, text = "", "", after
            found = _OPEN.search(text)
            kept = found.start() if found else len(text) - _begun(text)
            words += text[:kept]
            self._spoken = self._spoken or bool(words.strip())
            if not found:
                self._held = text[kept:]
                return words
            text = text[found.end() :]
            if found[0] == THOUGHTS_END:
                words, self._spoken, self.thinking = THOUGHTS_END if self._spoken else "", False, True
            else:
                self._open = self._written = found[0]
                self.called = self.called or found[0] in _CALLS

    def _code(self, within: str) -> str:
        """Code with its marks; "" where it is a call."""
        named = _NAMES_A_TOOL.search(within) is not None
        self.called = self.called or named
        return "" if named else self._open + within


def _begun(text: str) -> int:
    """How many characters at the end may be the beginning of a mark."""
    marks = (THOUGHTS_END, *_MARKS)
    longest = min(len(text), max(map(len, marks)) - 1)
    return next((n for n in range(longest, 0, -1) if any(mark.startswith(text[-n:]) for mark in marks)), 0)
