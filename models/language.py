"""The embedded language model as a LangChain chat model: `EmbeddedChat().bind_tools(tools).invoke(messages)`.

It reads the messages as a `conversation.Scene` (the shelf stands between `[shelf]` and `[/shelf]`), lets the network
decide (`models/chat/decider.py`) and answers with one tool call or one short reply. It knows the tools of
`conversation.TOOLS`, and `extend_image` by its wordings (`models/chat/extending.py`); tools that are not bound are
never called. When a tool has failed, its own sentence is passed on, in code. Importing this module imports LangChain's
core; torch is imported with the first decision.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from models.chat.conversation import Action, scene_of
from models.weights import EMBEDDED

if TYPE_CHECKING:
    from models.chat.decider import Decider

WEIGHTS = EMBEDDED / "language"
THREADS = 2

_deciding = ThreadPoolExecutor(THREADS, "easel-language")
"""Decisions wait here for each other: the threads that a program has for all else stay free."""

_loaded: dict[Path, Decider] = {}
_loading = threading.Lock()


def decider_in(folder: Path) -> Decider:
    """The network in a folder, loaded and checked once a process.

    Raises:
        WeightsMissing: a file is missing, or its SHA-256 is not the manifest's.
    """
    with _loading:
        if folder not in _loaded:
            import torch

            from models.chat.decider import Decider

            torch.set_num_threads(min(THREADS, torch.get_num_threads()))
            _loaded[folder] = Decider.load(folder)
        return _loaded[folder]


class EmbeddedChat(BaseChatModel):
    """A chat model without a server, a key or a network connection.

    One answer at a time (several threads may ask; they wait for each other), the likeliest one, so that it can be
    repeated. `stop` is ignored: answers are one call or a sentence or two.

    Attributes:
        folder: Where the weights, the vocabulary and the manifest are.
        seeds: Of pictures of which it chooses itself what they show, an iterator; None leaves them to chance.
    """

    folder: Path = WEIGHTS
    seeds: Any = None

    @property
    def _llm_type(self) -> str:
        return "easel-embedded"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"folder": str(self.folder)}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        seeds: Iterator[int] | None = None,
        **kwargs: Any,
    ) -> Runnable[Any, AIMessage]:
        """The same model with tools it may call, and with seeds. `tool_choice` is ignored: the network decides.

        It has learnt what they take, so that their names are enough: to write their schemas takes milliseconds.
        """
        model = self.model_copy(update={"seeds": seeds or self.seeds})
        return model.bind(tools=[_name_of(tool) for tool in tools], **kwargs)

    def _decide(self, messages: Sequence[BaseMessage], tools: Sequence[str]) -> Action:
        from models.chat.conversation import closing_of
        from models.chat.wholeness import in_own_words

        scene = replace(scene_of(messages), seeds=self.seeds)
        if scene.steps and scene.steps[-1].failed:  # a tool's own sentence is better than ours
            steps = (*(step for step in scene.steps[:-1] if not step.failed), scene.steps[-1])
            told = Action(text=closing_of(replace(scene, steps=steps)))
            return in_own_words(scene) or told
        scene = replace(scene, steps=tuple(step for step in scene.steps if not step.failed))
        return decider_in(self.folder).decide(scene, tools)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        action = self._decide(messages, kwargs.get("tools", ()))
        calls = (
            [{"name": action.name, "args": action.args, "id": _call_id(), "type": "tool_call"}] if action.name else []
        )
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=action.text, tool_calls=calls))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for chunk in _chunks(self._decide(messages, kwargs.get("tools", ()))):
            if run_manager and chunk.text:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return await asyncio.get_running_loop().run_in_executor(
            _deciding, partial(self._generate, messages, stop, None, **kwargs)
        )

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        action = await asyncio.get_running_loop().run_in_executor(
            _deciding, self._decide, messages, kwargs.get("tools", ())
        )
        for chunk in _chunks(action):
            if run_manager and chunk.text:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk


def _chunks(action: Action) -> Iterator[ChatGenerationChunk]:
    """A call at once, or the words of a sentence one by one."""
    if action.name:
        call = tool_call_chunk(
            name=action.name, args=json.dumps(action.args, ensure_ascii=False), id=_call_id(), index=0
        )
        yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=[call]))
        return
    for word in re.findall(r"\s*\S+", action.text):
        yield ChatGenerationChunk(message=AIMessageChunk(content=word))


def _name_of(tool: dict[str, Any] | type | Callable[..., Any] | BaseTool) -> str:
    return tool.name if isinstance(tool, BaseTool) else convert_to_openai_tool(tool)["function"]["name"]


def _call_id() -> str:
    return f"call_{uuid.uuid4().hex[:24]}"
