"""The one running turn: LangChain's middleware on one side, the person's events on the other.

It promises that a turn that was begun is closed, whatever happens: every call of the language model is answered in the
database, and the last event is `Done`. The language model's loop, the order of its calls and what becomes of errors are
decided here; who may begin a turn, and when it is stopped, in `agent.turn`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, InputAgentState, ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.types import Command

from agent import history
from agent.calls import Calls, validated
from agent.events import (
    Done,
    Event,
    Failed,
    PictureReady,
    Progress,
    Question,
    Refused,
    TextDelta,
    ToolFinished,
    ToolStarted,
)
from agent.failures import CutShort
from agent.patient import PatientChat
from agent.previews import shown, with_previews
from agent.shelf import shelf
from models.presets import Presets
from storage.library import Library
from storage.records import Job, Message, Picture, Session, ToolCall, Turn, TurnState
from tools.catalog import BY_NAME, VERBS
from tools.errors import EXPECTED, BadArgument, JobStopped, LanguageModelFailed, Refusal
from tools.settings import Settings
from tools.studio import Studio
from tools.verb import Context, Outcome, Verb

FIXABLE_TRIES = 2
"""A fixable error goes back to the language model once; the second one of a turn goes to the person."""


class TooManySteps(LanguageModelFailed):
    """The language model called more tools in a turn than the limit allows."""


@dataclass(frozen=True)
class Parts:
    """What every turn of an agent works with."""

    library: Library
    studio: Studio
    presets: Presets
    settings: Settings


class _Ended(Exception):
    """The turn is over early: a refusal, a failure for good, or a question."""


class LiveTurn(AgentMiddleware[Any, Any]):
    """A turn of one session; `run` it in a task, and read its events with `next_event`."""

    tools: Sequence[BaseTool] = ()

    def __init__(self, parts: Parts, session: Session) -> None:
        super().__init__()
        self._parts = parts
        self._library = parts.library
        self._session = session
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._one_tool_at_a_time = asyncio.Lock()
        self._call_id = ""
        self._outcome: Outcome | None = None
        self._fixable_errors = 0
        self._calls = 0
        self._over = False
        self._selection: int | None = None
        self._sees = False
        self._seen = frozenset[int]()
        self._made = Calls(())
        self._error: str | None = None
        self._prompt = ""
        self.turn: Turn
        self._sentences: tuple[str, ...] = ()

    # What happens, told to whoever shows it.

    async def next_event(self, task: asyncio.Task[None]) -> Event:
        """The next event; an exception of the turn's task (a bug, or the database gone) is raised here."""
        getter = asyncio.ensure_future(self._events.get())
        try:
            await asyncio.wait([getter, task], return_when=asyncio.FIRST_COMPLETED)
            if getter.done():
                return getter.result()
            if task.cancelled():  # Stop came before the turn's first step
                return Done("", 0, "stopped")
            task.result()  # raises what ended it
            return await getter
        finally:
            if not getter.done():
                getter.cancel()

    def progress(self, call_id: str, job: Job, fraction: float, text: str) -> None:
        self._events.put_nowait(Progress(call_id, job.id, fraction, text))

    def picture(self, call_id: str, picture: Picture) -> None:
        self._events.put_nowait(PictureReady(call_id, picture))

    def question(self, text: str, choices: Sequence[str]) -> None:
        self._events.put_nowait(Question(text, tuple(choices)))

    # The turn from beginning to end.

    async def run(self, text: str, serve: Callable[[LiveTurn], Awaitable[None]]) -> None:
        """Begin the turn, let `serve` do its work and close the turn; cancelling it is Stop."""
        try:
            stopped = await _surely(self._begin(text))  # begun first, even if Stop was pressed already: then closed
        except EXPECTED as error:
            self._events.put_nowait(Failed(str(error)))
            self._events.put_nowait(Done("", 0, "failed"))
            return
        try:
            if not stopped:
                await serve(self)
        except _Ended:
            pass
        except (asyncio.CancelledError, JobStopped):
            stopped = True
        except EXPECTED as error:
            await _surely(self._tell(error))
        except BaseException as bug:
            await _surely(self._record(TurnState.FAILED, f"Something went wrong inside Easel ({type(bug).__name__})."))
            raise  # whoever reads the events meets it
        await _surely(self._close("stopped" if stopped else "failed" if self._error else "done", self._error))

    async def _begin(self, text: str) -> None:
        self.turn = await asyncio.to_thread(self._library.begin_turn, self._session.id, text)
        if not self._session.title and text:
            await asyncio.to_thread(
                self._library.rename_session, self._session.user_id, self._session.id, history.title_of(text)
            )

    async def store(self, *messages: Message) -> None:
        await asyncio.to_thread(self._library.append, self.turn.id, *messages)

    async def _record(self, state: TurnState, error: str | None = None) -> None:
        """Ends the turn in the database, with every call answered."""
        messages = await asyncio.to_thread(self._library.messages, self._session.id)
        mine = [message for message in messages if message.turn_id == self.turn.id]
        answers = history.answers_for(history.open_calls(mine))
        await asyncio.to_thread(self._library.finish_turn, self.turn.id, state, error, answers)

    async def _close(self, state: Literal["done", "stopped", "failed"], error: str | None = None) -> None:
        await self._record(TurnState(state), error)
        self._events.put_nowait(Done(self.turn.id, self.turn.number, state))

    async def _tell(self, error: Exception) -> None:
        """Stores and shows an error that ends the turn: a refusal leaves the turn done, all else failed."""
        if isinstance(error, Refusal):
            verdict = error.verdict
            self._events.put_nowait(Refused(verdict.category, verdict.reason, verdict.rewording))
            said = verdict.reason + (f" You could say: {verdict.rewording}" if verdict.rewording else "")
        else:
            self._error = said = str(error)
            self._events.put_nowait(Failed(said))
            if isinstance(error, CutShort):
                said = f"{error.said.strip()}\n\n{said}"
        await self.store(Message("assistant", said))

    # The language model's side.

    async def converse(self, model: BaseChatModel, prompt: str, selection: int | None) -> None:
        self._prompt, self._selection = prompt, selection
        self._sees = isinstance(model, PatientChat) and model.sees
        stored = await asyncio.to_thread(self._library.messages, self._session.id)
        self._sentences = tuple(message.text for message in stored if message.role == "person")[-3:]
        self._made = Calls(call.id for message in stored for call in message.tool_calls)
        graph = create_agent(model, [self._tool(verb) for verb in VERBS], middleware=[self])
        limit = self._parts.settings.limits.calls_per_turn
        async for chunk, _ in graph.astream(
            InputAgentState(messages=[*history.rebuild(stored)]),
            stream_mode="messages",
            config={"recursion_limit": 4 * limit + 8},
        ):
            if isinstance(chunk, AIMessageChunk) and chunk.text:
                self._events.put_nowait(TextDelta(chunk.id or self.turn.id, chunk.text))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """Puts the shelf, as it is at this moment, into the prompt; stores the answer before anything acts on it.

        Who answers, and what becomes of a provider's failure, is the model's own affair (`agent.patient`).
        """
        pictures = await asyncio.to_thread(self._library.pictures, self._session.id)
        system = self._prompt.replace("{shelf}", shelf(pictures, self._selection))
        messages = request.messages
        if self._sees:
            self._seen = frozenset(picture.handle for picture in shown(pictures, self._selection))
            messages = await asyncio.to_thread(with_previews, messages, pictures, self._selection, self._library)
        response = await handler(request.override(system_message=SystemMessage(system), messages=messages))
        answers = [self._made.readable(m) if isinstance(m, AIMessage) else m for m in response.result]
        await self.store(*(history.from_ai(answer) for answer in answers if isinstance(answer, AIMessage)))
        return replace(response, result=answers)

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage | Command[Any]:
        """The one place where a tool's errors become sentences. Calls of one message run one after another, in order:
        people expect the first picture to get the first handle."""
        call = request.tool_call
        async with self._one_tool_at_a_time:
            if self._over:  # LangGraph lets the other calls of a message run on when one has raised
                raise _Ended
            self._calls += 1
            limit = self._parts.settings.limits.calls_per_turn
            if self._calls > limit:
                raise TooManySteps(f"I stopped after {limit} steps in one turn; say what is still missing.")
            self._call_id, self._outcome = call["id"] or "", None
            self._events.put_nowait(ToolStarted(self._call_id, call["name"], call["args"]))
            try:
                self._made.check(call)
                answer = await handler(request)
            except EXPECTED as error:
                return await self._failed(call["name"], error)
            if not isinstance(answer, ToolMessage):
                raise TypeError(f"{call['name']} answered with {type(answer).__name__}, not with a message")
            if self._outcome is None:  # arguments that do not fit: LangChain's own sentence goes back to the model
                return await self._failed(call["name"], BadArgument(str(answer.text)))
            await self._finished(call["name"], self._outcome)
            return answer

    async def call_directly(self, call: ToolCall) -> None:
        """Runs one call without a language model; the same events, errors and rows."""
        verb = BY_NAME[call.name]
        self._call_id = call.id
        self._events.put_nowait(ToolStarted(call.id, call.name, call.args))
        try:
            outcome = await verb.run(self._context(), validated(verb, call.args))
        except EXPECTED as error:
            self._fixable_errors = FIXABLE_TRIES  # nobody is there to mend it
            await self._failed(call.name, error)
        else:
            await self._finished(call.name, outcome)

    def _tool(self, verb: Verb[Any]) -> BaseTool:
        async def call(**args: Any) -> tuple[str, None]:
            self._outcome = await verb.run(self._context(), verb.args.model_validate(args))
            return self._outcome.line(), None

        return StructuredTool(
            name=verb.name,
            description=" ".join((verb.args.__doc__ or "").split()),
            args_schema=verb.args,
            coroutine=call,
            response_format="content_and_artifact",
        )

    def _context(self) -> Context:
        return Context(
            library=self._library,
            studio=self._parts.studio,
            presets=self._parts.presets,
            settings=self._parts.settings,
            user_id=self._session.user_id,
            session_id=self._session.id,
            turn_id=self.turn.id,
            call_id=self._call_id,
            report=self,
            sentences=self._sentences,
            seen=self._seen,
        )

    async def _finished(self, name: str, outcome: Outcome) -> None:
        await self.store(Message("tool", outcome.line(), tool_call_id=self._call_id, pictures=outcome.pictures))
        self._events.put_nowait(ToolFinished(self._call_id, name, outcome.summary))
        if outcome.ends_turn:
            self._over = True
            raise _Ended

    async def _failed(self, name: str, error: Exception) -> ToolMessage:
        """Answers the call with the error: fixable back to the model, once; final to the person, and the turn ends."""
        fixable = bool(getattr(error, "fixable", False))
        key = "refused" if isinstance(error, Refusal) else "error"
        line = Outcome({key: str(error), "fixable": fixable}, "").line()
        await self.store(Message("tool", line, tool_call_id=self._call_id))
        self._events.put_nowait(ToolFinished(self._call_id, name, str(error), error=str(error)))
        self._fixable_errors += fixable
        if isinstance(error, JobStopped):
            self._over = True
            raise error
        if not fixable or self._fixable_errors >= FIXABLE_TRIES:
            self._over = True
            await self._tell(error)
            raise _Ended
        return ToolMessage(line, tool_call_id=self._call_id, name=name, status="error")


async def _surely(work: Coroutine[Any, Any, None]) -> bool:
    """Finish `work` even if the waiting task is cancelled, however often; True if it was."""
    task, cancelled = asyncio.ensure_future(work), False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # the event loop itself is closing
                raise
            cancelled = True
    task.result()
    return cancelled
