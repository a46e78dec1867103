"""One turn: from a person's sentence to the last event, with everything stored on the way.

`Agent.run_turn` is an async stream of typed events. The language model decides by calling tools (LangChain's
`create_agent` drives the loop), each message is stored before the next step, pictures are announced the moment they are
saved, and whatever happens (an error, a refusal, Stop, a closed browser) the turn is closed in the database with every
call answered, so that the next turn can go on.

`Agent.act` is a button: the same tool path without the language model, recorded as a turn of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal
from uuid import uuid4

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, InputAgentState, ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.types import Command
from pydantic import ValidationError

from agent import history
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
from agent.llm import explain
from agent.shelf import shelf
from models.presets import Presets
from storage.library import Library
from storage.records import Job, Message, Picture, Session, ToolCall, Turn, TurnState
from tools.catalog import BY_NAME, VERBS
from tools.errors import EXPECTED, BadArgument, BadUpload, JobStopped, LanguageModelFailed, Refusal
from tools.settings import Settings
from tools.studio import Studio
from tools.verb import Context, Outcome, Verb

FIXABLE_TRIES = 2
"""A fixable error goes back to the language model once; the second one of a turn goes to the person."""


@dataclass(frozen=True)
class UploadFile:
    """A file as it came in: its name and its bytes, neither trusted."""

    name: str
    data: bytes


class TooManySteps(LanguageModelFailed):
    """The language model called more tools in a turn than the limit allows."""


@dataclass(frozen=True)
class _Parts:
    """What every turn of an agent works with."""

    library: Library
    studio: Studio
    presets: Presets
    settings: Settings


class Agent:
    """Talks with people about their pictures. One per process; safe for many sessions at once."""

    def __init__(
        self, library: Library, studio: Studio, presets: Presets, settings: Settings, model: BaseChatModel
    ) -> None:
        self._parts = _Parts(library, studio, presets, settings)
        self._model = model
        self._prompt = resources.files("agent").joinpath("prompts/system.md").read_text(encoding="utf-8")
        self._running: dict[str, asyncio.Task[None]] = {}

    def run_turn(
        self, session: Session, text: str, uploads: Sequence[UploadFile] = (), selection: int | None = None
    ) -> AsyncGenerator[Event]:
        """Serves one message of the person and everything it causes.

        Bad input (empty, too long, a broken upload, a selected picture that does not exist, a turn still running)
        yields `Failed` and `Done`, and changes nothing. An upload without words is stored and shown, nothing more.

        Args:
            session: The session it belongs to.
            text: The person's words.
            uploads: Pictures that came with it.
            selection: Handle of the picture that is selected on screen.
        """

        async def serve(live: _Live) -> None:
            for upload in uploads:
                picture = await self._parts.studio.add_upload(session.id, live.turn.id, upload.data, upload.name)
                live.picture("", picture)
            if text.strip():
                await live.converse(self._model, self._prompt, selection)

        return self._stream(session, text.strip(), serve, lambda: self._admit(text, uploads, selection, session))

    def act(self, session: Session, name: str, args: Mapping[str, Any], text: str = "") -> AsyncGenerator[Event]:
        """Runs one tool as if the language model had called it: what a button does.

        Args:
            session: The session it belongs to.
            name: The tool's name, as in `tools.catalog`.
            args: Its arguments; wrong ones yield `Failed` and change nothing.
            text: What the turn is called in the history, such as "Upscale #2".
        """

        async def serve(live: _Live) -> None:
            call = ToolCall(f"act-{uuid4().hex}", name, dict(args))
            await live.store(Message("assistant", "", tool_calls=(call,)))
            await live.call_directly(call)

        def admit() -> None:
            if name not in BY_NAME:
                raise BadArgument(f"There is no tool {name}; there are {', '.join(BY_NAME)}.")
            _validate(BY_NAME[name], args)

        return self._stream(session, text or name.replace("_", " "), serve, admit)

    async def stop(self, session_id: str) -> None:
        """Stops the session's running turn, if there is one, and waits until it is closed.

        Whoever reads its events still gets the last ones, `Done` with state stopped.
        """
        task = self._running.get(session_id)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    def busy(self, session_id: str) -> bool:
        return session_id in self._running

    def _admit(self, text: str, uploads: Sequence[UploadFile], selection: int | None, session: Session) -> None:
        limits = self._parts.settings.limits
        if not text.strip() and not uploads:
            raise BadArgument("The message is empty; say what you would like to see.")
        if len(text) > limits.message_chars:
            raise BadArgument(
                f"The message has {len(text):,} characters; at most {limits.message_chars:,} are read, so please "
                "shorten it."
            )
        if len(uploads) > limits.uploads_per_turn:
            raise BadUpload(f"{len(uploads)} files at once are too many; send at most {limits.uploads_per_turn}.")
        for upload in uploads:
            self._parts.studio.check_upload(upload.data, upload.name)
        if selection is not None:
            self._parts.library.picture(session.id, selection)

    async def _stream(
        self,
        session: Session,
        text: str,
        serve: Callable[[_Live], Awaitable[None]],
        admit: Callable[[], None],
    ) -> AsyncGenerator[Event]:
        try:
            if self.busy(session.id):
                raise BadArgument("This session is still busy with your last request; wait for it or press Stop.")
            await asyncio.to_thread(admit)
            if self.busy(session.id):  # another tab came in while this one was being checked
                raise BadArgument("This session is still busy with your last request; wait for it or press Stop.")
        except EXPECTED as error:
            yield Failed(str(error))
            yield Done("", 0, "failed")
            return
        live = _Live(self._parts, session)
        task = asyncio.create_task(live.run(text, serve))
        self._running[session.id] = task
        task.add_done_callback(lambda _: self._running.pop(session.id, None))
        try:
            while True:
                event = await live.next_event(task)
                yield event
                if isinstance(event, Done):
                    return
        finally:
            if not task.done():
                task.cancel()
            await asyncio.wait([task])


class _Ended(Exception):
    """The turn is over early: a refusal, a failure for good, or a question."""


class _Live(AgentMiddleware[Any, Any]):
    """The one running turn: LangChain's middleware on one side, the person's events on the other."""

    tools: Sequence[BaseTool] = ()

    def __init__(self, parts: _Parts, session: Session) -> None:
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

    async def run(self, text: str, serve: Callable[[_Live], Awaitable[None]]) -> None:
        stopped = False
        beginning = asyncio.create_task(self._begin(text))
        try:
            try:
                await asyncio.shield(beginning)
            except asyncio.CancelledError:  # Stop while the turn was being begun: it is begun first, then closed
                stopped = True
                await beginning
        except EXPECTED as error:
            self._events.put_nowait(Failed(str(error)))
            self._events.put_nowait(Done("", 0, "failed"))
            return
        if stopped:
            await self._close("stopped")
            return
        try:
            await serve(self)
        except _Ended:
            pass
        except asyncio.CancelledError:
            await asyncio.shield(self._close("stopped"))
            return
        except JobStopped:
            await self._close("stopped")
            return
        except EXPECTED as error:
            await self._tell(error)
        except BaseException as bug:
            await self._record(TurnState.FAILED, f"Something went wrong inside Easel ({type(bug).__name__}).")
            raise  # whoever reads the events meets it
        await self._close("failed" if self._error else "done", self._error)

    async def _begin(self, text: str) -> None:
        self.turn = await asyncio.to_thread(self._library.begin_turn, self._session.id, text)
        if not self._session.title and text:
            await asyncio.to_thread(
                self._library.rename_session, self._session.user_id, self._session.id, title_of(text)
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
        await self.store(Message("assistant", said))

    # The language model's side.

    async def converse(self, model: BaseChatModel, prompt: str, selection: int | None) -> None:
        self._prompt, self._selection = prompt, selection
        stored = await asyncio.to_thread(self._library.messages, self._session.id)
        self._sentences = tuple(message.text for message in stored if message.role == "person")[-3:]
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
        """Puts the shelf, as it is at this moment, into the prompt; stores the answer before anything acts on it."""
        pictures = await asyncio.to_thread(self._library.pictures, self._session.id)
        system = self._prompt.replace("{shelf}", shelf(pictures, self._selection))
        settings = self._parts.settings
        try:
            # The embedded model has no provider to give up on; on a busy machine its first answer takes what it takes.
            async with asyncio.timeout(None if settings.llm == "embedded" else settings.llm_timeout):
                response = await handler(request.override(system_message=SystemMessage(system)))
        except EXPECTED:
            raise
        except Exception as error:
            if settings.llm == "embedded":
                raise  # ours: a bug, not a provider's bad day
            raise LanguageModelFailed(explain(error, settings)) from error
        for message in response.result:
            if isinstance(message, AIMessage):
                await self.store(history.from_ai(message))
        return response

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
            outcome = await verb.run(self._context(), _validate(verb, call.args))
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


def title_of(text: str, most: int = 60) -> str:
    """A session's title from its first sentence, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"


def _validate(verb: Verb[Any], args: Mapping[str, Any]) -> Any:
    try:
        return verb.args.model_validate(dict(args))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "arguments"
        raise BadArgument(f"{verb.name}: {where} {first['msg'].lower()} (got {first['input']!r}).") from error
