"""The language model's side of a turn: LangChain's loop, in which it decides by calling tools.

The shelf goes into each request as it is at that moment; each answer is stored before anything acts on it; calls run
one after another, and what becomes of their errors is decided here: fixable ones go back to the model, unless its
answer to such was as wrong; every other goes to the person. What the model says nothing of is told here.
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
from langchain_core.messages import ToolCall as LangChainToolCall
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.types import Command

from agent.calls import Calls, storable
from agent.claims import denied
from agent.live import Ended, LiveTurn, is_fixable, told
from agent.messages import from_ai, rebuild, with_shelf
from agent.patient import SAW, PatientChat
from agent.previews import shown, with_previews
from agent.shelf import CAPTION_CHARS, shelf
from agent.unsaid import THOUGHTS_END, answer_in, without_thoughts
from models.presets import Presets
from models.recipe import Operation
from storage.records import Message
from tools.catalog import VERBS, doing
from tools.errors import EXPECTED, LanguageModelFailed
from tools.settings import PresetChoice
from tools.verb import Outcome, Verb

FIXABLE_TRIES = 2
"""So many answers in a row whose calls are wrong end the turn: the model has heard of all errors but the last's."""


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
            live.said(chunk.id or "", storable(answer_in(chunk.text)), anew=THOUGHTS_END in chunk.text)
    await middleware.close()


class _Conversing(AgentMiddleware[Any, Any]):
    """What LangChain asks around each request to the model and each call of a tool.

    Attributes:
        untold: What a person should hear of the calls, as long as the model has said nothing after them.
    """

    tools: Sequence[BaseTool] = ()
    untold: Sequence[str] = ()

    def __init__(self, live: LiveTurn, prompt: str, selection: int | None, model: BaseChatModel) -> None:
        super().__init__()
        self._live, self._library = live, live.parts.library
        self._prompt, self._selection = prompt, selection
        served = isinstance(model, PatientChat)
        self._served = served
        self._sees, self._longest = served and model.sees, CAPTION_CHARS if served else None
        self._settings = {} if served else {"seeds": live.seeds}  # no provider's sampling has to do with pictures
        self._made = Calls(call.id for message in live.stored for call in message.tool_calls)
        self._seen = frozenset[int]()
        self._one_tool_at_a_time = asyncio.Lock()
        self._call_id = ""
        self._args: Any = None
        self._outcome: Outcome | None = None
        self._to_come = list[LangChainToolCall]()  # the calls of the latest answer that are not begun
        self._left_out = list[LangChainToolCall]()  # those for which no step was left
        self._said = self._error = ""  # the model's last words, and why its last call failed
        self._wrong = False  # whether one of them was
        self._wrong_in_a_row = self._calls = 0
        self._at_the_end = self._heard_of_the_end = False  # of the steps that a turn may have

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """Puts the shelf, as it is at this moment, behind the person's words; stores the answer before anything acts on
        it.

        Who answers, and what becomes of a provider's failure, is the model's own affair (`agent.patient`).
        """
        pictures = await asyncio.to_thread(self._library.pictures, self._live.session.id)
        presets = ", ".join(self._live.parts.presets.serving(Operation.GENERATE))
        system = self._prompt.replace("{presets}", presets).replace("{steps}", str(self._most_calls))
        system = system.replace("{changing}", _presets_for_changes(self._live.parts.presets))
        system = system.replace("{usual}", _usual_presets(self._live.parts.settings.preset))
        messages = with_shelf(request.messages, shelf(pictures, self._selection, self._longest))
        if self._sees:
            messages = await asyncio.to_thread(with_previews, messages, pictures, self._selection, self._library)
        response = await handler(
            request.override(system_message=SystemMessage(system), messages=messages, model_settings=self._settings)
        )
        answers = [self._made.readable(without_thoughts(m)) if isinstance(m, AIMessage) else m for m in response.result]
        spoken = [answer for answer in answers if isinstance(answer, AIMessage)]
        sees = any(answer.response_metadata.get(SAW) for answer in spoken)  # a model that stands in may not
        self._seen = frozenset(p.handle for p in shown(pictures, self._selection)) if sees else frozenset()
        self._to_come, self._wrong = [call for answer in spoken for call in answer.tool_calls], False
        self._heard_of_the_end = self._at_the_end
        if words := "\n".join(answer.text for answer in spoken if answer.text.strip()):
            self.untold, self._said = (), words
        await self._live.store(*(from_ai(answer) for answer in spoken if answer.text.strip() or answer.tool_calls))
        return replace(response, result=answers)

    async def close(self) -> None:
        """Says what the model has not: what came of the calls, what it was wrong of, what was not begun."""
        told = [*self.untold]
        if not told and self._served and self._said:
            pictures = await asyncio.to_thread(self._library.pictures, self._live.session.id)
            known = [message.text for message in self._live.stored if message.role == "person"]
            known += [picture.caption for picture in pictures]
            told = [denied(self._said, [picture.handle for picture in pictures], known, self._error)]
        await self._tell(" ".join(filter(None, [*told, _not_begun(self._left_out)])))

    async def _tell(self, text: str) -> None:
        """Says something in the model's place."""
        if text:
            self._live.said("", f" {text}" if self._said else text)  # may come right behind the model's words
            await self._live.store(Message("assistant", text))

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
            self._to_come = [each for each in self._to_come if each["id"] != call["id"]]
            if self._calls == self._most_calls:
                return await self._beyond(call)
            self._calls += 1
            self._call_id, self._outcome = call["id"] or "", None
            self._live.started(self._call_id, name, call["args"])
            try:
                self._args = self._made.arguments(call)
                answer = await handler(request)
            except EXPECTED as error:
                return await self._failed(name, error)
            if not isinstance(answer, ToolMessage):
                raise TypeError(f"{name} answered with {type(answer).__name__}, not with a message")
            if self._outcome is None:
                raise TypeError(f"{name} was not run: {answer.text}")
            self._wrong_in_a_row, self._error = 0, ""
            await self._live.finished(self._call_id, name, self._outcome)
            self._remember(told(self._outcome) if self._outcome.pictures else self._outcome.summary)
            return answer

    def tool(self, verb: Verb[Any]) -> BaseTool:
        """A verb as LangChain's tool: what comes of it is kept until `awrap_tool_call` goes on. It is run with the
        arguments that were checked: LangChain puts the defaults in place of those that are left out."""

        async def call(**_: Any) -> tuple[str, None]:
            self._outcome = await verb.run(self._live.context(self._call_id, self._seen), self._args)
            return self._outcome.line(), None

        return StructuredTool(
            name=verb.name,
            description=" ".join((verb.args.__doc__ or "").split()),
            args_schema=verb.args,
            coroutine=call,
            response_format="content_and_artifact",
        )

    @property
    def _most_calls(self) -> int:
        return self._live.parts.settings.limits.calls_per_turn

    def _remember(self, text: str) -> None:
        self.untold = [*self.untold, *filter(None, [text])]

    async def _failed(self, name: str, error: Exception) -> ToolMessage:
        self._wrong_in_a_row += is_fixable(error) and not self._wrong
        self._wrong = True
        final = self._wrong_in_a_row >= FIXABLE_TRIES
        try:
            line = await self._live.failed(self._call_id, name, error, final=final)
        except Ended:
            await self._tell(_not_begun([*self._to_come, *self._left_out]))
            raise
        self._error = str(error)
        self._remember(self._error)
        return ToolMessage(line, tool_call_id=self._call_id, name=name, status="error")

    async def _beyond(self, call: LangChainToolCall) -> ToolMessage:
        """Answers a call for which no step is left, so that the model can say what is missing.

        Raises:
            TooManySteps: It has been told so already.
        """
        most = self._most_calls
        if self._heard_of_the_end:
            raise TooManySteps(f"I stopped after {most} steps in one turn; say what is still missing.")
        self._at_the_end = True
        self._left_out.append(call)
        error = f"not begun: the {most} steps of this turn are used up; say in words what is still missing"
        line = Outcome({"error": error, "fixable": False}, "").line()
        await self._live.store(Message("tool", line, tool_call_id=call["id"] or ""))
        return ToolMessage(line, tool_call_id=call["id"] or "", name=call["name"], status="error")


def _presets_for_changes(presets: Presets) -> str:
    """The names of the presets that serve each kind of change, between marks."""
    kinds = (Operation.EDIT, Operation.EXTEND, Operation.VARY, Operation.UPSCALE)
    return "\n".join(f"[presets for {k}]\n{', '.join(presets.serving(k))}\n[/presets for {k}]" for k in kinds)


def _usual_presets(chosen: PresetChoice) -> str:
    """The presets that are taken where nobody names one."""
    return ", ".join(f"{name} to {what}" for what, name in chosen.model_dump().items())


def _not_begun(calls: Sequence[LangChainToolCall]) -> str:
    named = " and ".join(_named(call) for call in calls)
    return f"Not begun: {named}; say it again if you still want it." if named else ""


def _named(call: LangChainToolCall) -> str:
    """A call, as a person would know it again."""
    now, _, what = doing(call["name"], call["args"])
    return f"{now.lower()} {what}".rstrip()
