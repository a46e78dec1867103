"""A chat model that says what it is told to say: for tests and demonstrations, never chosen by default.

It goes through LangChain's real path (streaming, tool calls, binding), so that everything around the language model is
exercised without one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import ToolCall, tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field, PrivateAttr

Line = str | tuple[str, dict[str, Any]] | AIMessage | Exception | Callable[[list[BaseMessage]], Any]


class ScriptedChat(BaseChatModel):
    """Answers with the next line of its script.

    A line is a text, a call `(tool, args)`, a list of calls, a whole message, an exception to raise, or a function of
    the messages that gives one of these. `seen` keeps what it was asked. Out of lines, it raises `IndexError`: a test
    that needs more lines than it wrote is wrong.
    """

    script: list[Any]
    pause: float = 0.0  # seconds between words, to test Stop
    seen: list[list[BaseMessage]] = Field(default_factory=list[list[BaseMessage]])
    _next: int = PrivateAttr(default=0)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self

    def _line(self, messages: list[BaseMessage]) -> AIMessage:
        self.seen.append(messages)
        line = self.script[self._next]
        self._next += 1
        if callable(line):
            line = line(messages)
        if isinstance(line, Exception):
            raise line
        if isinstance(line, AIMessage):
            return line
        if isinstance(line, str):
            return AIMessage(content=line)
        calls: list[Any] = line if isinstance(line, list) else [line]
        return AIMessage(
            content="",
            tool_calls=[
                ToolCall(name=name, args=args, id=f"call-{self._next}-{index}", type="tool_call")
                for index, (name, args) in enumerate(calls)
            ],
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._line(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield from chunks(self._line(messages))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in chunks(self._line(messages)):
            await asyncio.sleep(self.pause)
            yield chunk


def chunks(message: AIMessage) -> Iterator[ChatGenerationChunk]:
    """A message as a provider would stream it: word by word, then the tool calls."""
    for word in str(message.content).split(" ") if message.content else ():
        yield ChatGenerationChunk(message=AIMessageChunk(content=word + " "))
    if message.tool_calls:
        calls = [
            tool_call_chunk(name=call["name"], args=json.dumps(call["args"]), id=call["id"], index=index)
            for index, call in enumerate(message.tool_calls)
        ]
        yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=calls))
