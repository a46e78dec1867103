"""The language model's side of a turn: LangChain's loop, in which it decides by calling tools.

The shelf goes into each request as it is at that moment; each answer is stored before anything acts on it; calls run
one after another, and what becomes of their errors is decided here: a fixable one goes back to the model once, every
other to the person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, InputAgentState, ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.types import Command

from agent.calls import Calls
from agent.live import Ended, LiveTurn, is_fixable
from agent.messages import from_ai, rebuild, with_shelf
from agent.patient import PatientChat
from agent.previews import shown, with_previews
from agent.shelf import CAPTION_CHARS, shelf
from models.recipe import Operation
from tools.catalog import VERBS
from tools.errors import EXPECTED, BadArgument, LanguageModelFailed
from tools.verb import Outcome, Verb

FIXABLE_TRIES = 2
"""A fixable error goes back to the language model once; the second one of a turn goes to the person."""


class TooManySteps(LanguageModelFailed):
    """The language model called more tools in a turn than the limit allows."""


async def converse(live: LiveTurn, model: BaseChatModel, prompt: str, selection: int | None) -> None:
    """Lets a language model answer the person's last sentence.

    Args:
        live: The turn.
        model: Who answers.
        prompt: The system's, with a place for the presets.
        selection: Handle of the picture that is selected on screen.
    """
    middleware = _Conversing(live, prompt, selection, model)
    graph = create_agent(model, [middleware.tool(verb) for verb in VERBS], middleware=[middleware])
    limit = live.parts.settings.limits.calls_per_turn
    library, session = live.parts.library, live.session.id
    turns, pictures = await asyncio.to_thread(lambda: (library.turns(session), library.pictures(session)))
    async for chunk, _ in graph.astream(
        InputAgentState(messages=[*rebuild(live.stored, turns, pictures)]),
        stream_mode="messages",
        config={"recursion_limit": 4 * limit + 8},
    ):
        if isinstance(chunk, AIMessageChunk) and chunk.text:
            live.said(chunk.id or "", chunk.text)


class _Conversing(AgentMiddleware[Any, Any]):
    """What LangChain asks around each request to the model and each call of a tool."""

    tools: Sequence[BaseTool] = ()

    def __init__(self, live: LiveTurn, prompt: str, selection: int | None, model: BaseChatModel) -> None:
        super().__init__()
        self._live, self._library = live, live.parts.library
        self._prompt, self._selection = prompt, selection
        served = isinstance(model, PatientChat)
        self._sees, self._longest = served and model.sees, CAPTION_CHARS if served else None
        self._made = Calls(call.id for message in live.stored for call in message.tool_calls)
        self._seen = frozenset[int]()
        self._one_tool_at_a_time = asyncio.Lock()
        self._call_id = ""
        self._outcome: Outcome | None = None
        self._fixable_errors = self._calls = 0

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """Puts the shelf, as it is at this moment, behind the person's words; stores the answer before anything acts on
        it.

        Who answers, and what becomes of a provider's failure, is the model's own affair (`agent.patient`).
        """
        pictures = await asyncio.to_thread(self._library.pictures, self._live.session.id)
        presets = ", ".join(self._live.parts.presets.serving(Operation.GENERATE))
        system = self._prompt.replace("{presets}", presets)
        messages = with_shelf(request.messages, shelf(pictures, self._selection, self._longest))
        if self._sees:
            self._seen = frozenset(picture.handle for picture in shown(pictures, self._selection))
            messages = await asyncio.to_thread(with_previews, messages, pictures, self._selection, self._library)
        response = await handler(request.override(system_message=SystemMessage(system), messages=messages))
        answers = [self._made.readable(m) if isinstance(m, AIMessage) else m for m in response.result]
        await self._live.store(*(from_ai(answer) for answer in answers if isinstance(answer, AIMessage)))
        return replace(response, result=answers)

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage | Command[Any]:
        """The one place where a tool's errors become sentences. Calls of one message run one after another, in order:
        people expect the first picture to get the first handle."""
        call = request.tool_call
        name = call["name"]
        async with self._one_tool_at_a_time:
            if self._live.over:  # LangGraph lets the other calls of a message run on when one has raised
                raise Ended
            self._calls += 1
            limit = self._live.parts.settings.limits.calls_per_turn
            if self._calls > limit:
                raise TooManySteps(f"I stopped after {limit} steps in one turn; say what is still missing.")
            self._call_id, self._outcome = call["id"] or "", None
            self._live.started(self._call_id, name, call["args"])
            try:
                self._made.check(call)
                answer = await handler(request)
            except EXPECTED as error:
                return await self._failed(name, error)
            if not isinstance(answer, ToolMessage):
                raise TypeError(f"{name} answered with {type(answer).__name__}, not with a message")
            if self._outcome is None:  # arguments that do not fit: LangChain's own sentence goes back to the model
                return await self._failed(name, BadArgument(str(answer.text)))
            await self._live.finished(self._call_id, name, self._outcome)
            return answer

    def tool(self, verb: Verb[Any]) -> BaseTool:
        """A verb as LangChain's tool: what comes of it is kept until `awrap_tool_call` goes on."""

        async def call(**args: Any) -> tuple[str, None]:
            context = self._live.context(self._call_id, self._seen)
            self._outcome = await verb.run(context, verb.args.model_validate(args))
            return self._outcome.line(), None

        return StructuredTool(
            name=verb.name,
            description=" ".join((verb.args.__doc__ or "").split()),
            args_schema=verb.args,
            coroutine=call,
            response_format="content_and_artifact",
        )

    async def _failed(self, name: str, error: Exception) -> ToolMessage:
        self._fixable_errors += is_fixable(error)
        final = self._fixable_errors >= FIXABLE_TRIES
        line = await self._live.failed(self._call_id, name, error, final=final)
        return ToolMessage(line, tool_call_id=self._call_id, name=name, status="error")
