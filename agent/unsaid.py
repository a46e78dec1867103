"""What a language model writes among its words that is none of them, left out while the answer comes.

Servers that are not started for it pass a model's thoughts and its tool calls on as words, between marks.
"""

from __future__ import annotations

import re

from langchain_core.messages import AIMessageChunk

_OPEN = re.compile(r"<(think|tool_call)>")


class Unsaid:
    """Takes an answer's pieces one after the other, as `unsaid(chunk)`, and gives them with the words alone.

    Attributes:
        called: A tool call was among the words.
    """

    def __init__(self) -> None:
        self._held, self._close, self.called = "", "", False

    def __call__(self, chunk: AIMessageChunk) -> AIMessageChunk:
        if not isinstance(chunk.content, str) or not chunk.content:
            return chunk
        return chunk.model_copy(update={"content": self._words(self._held + chunk.content)})

    def rest(self) -> str:
        """The end of the answer that might have become a mark."""
        return "" if self._close else self._held

    def _words(self, text: str) -> str:
        words = ""
        while True:
            if self._close:
                inside, closed, text = text.partition(self._close)
                if not closed:
                    self._held = inside[-len(self._close) :]
                    return words
                self._close = ""
            found = _OPEN.search(text)
            if not found:
                begun = re.search(r"<[a-z_]{0,9}$", text)
                self._held = begun[0] if begun else ""
                return words + text[: len(text) - len(self._held)]
            words, text = words + text[: found.start()], text[found.end() :]
            self._close, self.called = f"</{found[1]}>", self.called or found[1] == "tool_call"
