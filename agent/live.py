"""The one running turn: what happens in it, stored and told to the person.

It promises that a turn that was begun is closed, whatever happens, also when the database is away for a while; the last
event is `Done`. What was shown is kept, and what was made is shown, also of an answer or a call that was broken off.
What the language model decides in it is the affair of `agent.conversing`, which takes seconds to import: a button needs
none of it. Who may begin a turn, and when it is stopped, is decided in `agent.turn`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from typing import Any, Literal

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
from agent.history import UNANSWERED, refusal_of
from models.presets import Presets
from storage.errors import NewerSchema, NotFound, StorageError, TurnEnded, TurnRunning
from storage.library import Library
from storage.records import Job, Message, Picture, Session, ToolCall, Turn, TurnState
from tools.catalog import BY_NAME
from tools.errors import EXPECTED, JobStopped, Refusal
from tools.settings import Settings
from tools.studio import Studio
from tools.verb import Context, Outcome, validated

LOOK_SECONDS = 0.5
"""How often a turn looks whether another program has ended it."""
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Waits before a turn is closed again where the database did not let it; the last one is repeated."""
TOLD_AFTER = 4
"""After so many waits it is told that the turn goes on."""
NOT_WRITTEN = "The end of this turn cannot be written down yet; Easel tries again until it can."


@dataclass(frozen=True)
class Parts:
    """What every turn of an agent works with."""

    library: Library
    studio: Studio
    presets: Presets
    settings: Settings


class Ended(Exception):
    """The turn is over early: a refusal, a failure for good, or a question."""


class LiveTurn:
    """A turn of one session; `run` it in a task, and read its events with `next_event`.

    Attributes:
        turn: The turn as it was begun; there is none before that.
        stored: The session's messages when it had begun, the person's new one last.
        over: Whether a call has ended it.
        seeds: Of its pictures for which nobody chooses one.
    """

    turn: Turn
    stored: Sequence[Message] = ()

    def __init__(self, parts: Parts, session: Session, seeds: Iterator[int], turn_id: str | None = None) -> None:
        self.parts, self.session, self.over, self.seeds = parts, session, False, seeds
        self._turn_id = turn_id
        self._library = parts.library
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._error: Exception | None = None
        self._last: list[Message] = []  # what the turn is closed with
        self._said = ""  # all that was shown of the assistant's words
        self._message = ("", 0)  # the one that is being said, and how much was shown before it
        self._kept: list[tuple[str, int]] = []  # its stored texts, each with how much was shown by then
        self._call: tuple[str, str] | None = None  # the running one: its identifier and its tool
        self._announced: dict[str, str] = {}  # the call that each picture was announced with

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

    def picture(self, call_id: str, picture: Picture, job_id: str = "") -> None:
        self._announced.setdefault(picture.id, call_id)
        self._events.put_nowait(PictureReady(call_id, picture, job_id))

    def question(self, text: str, choices: Sequence[str]) -> None:
        self._events.put_nowait(Question(text, tuple(choices)))

    # The turn from beginning to end.

    async def run(self, text: str, serve: Callable[[LiveTurn], Awaitable[None]]) -> None:
        """Begin the turn, let `serve` do its work and close the turn; cancelling it is Stop."""
        try:
            stopped = await _surely(self._begin(text))  # begun first, even if Stop was pressed already: then closed
        except EXPECTED as error:
            self._events.put_nowait(Failed(str(error), busy=isinstance(error, TurnRunning)))
            self._events.put_nowait(Done("", 0, "failed"))
            return
        try:
            if not stopped:
                self.stored = await asyncio.to_thread(self._library.messages, self.session.id)
                watch = asyncio.create_task(self._stop_when_ended(asyncio.current_task()))
                try:
                    await serve(self)
                finally:
                    watch.cancel()
        except Ended:
            pass
        except (asyncio.CancelledError, JobStopped, TurnEnded):  # the last: Stop was pressed at another program
            stopped = True
        except EXPECTED as error:
            self._tell(error)
        except BaseException as bug:
            await _surely(self._record(TurnState.FAILED, f"Something went wrong inside Easel ({type(bug).__name__})."))
            raise  # whoever reads the events meets it
        failed = self._error and str(self._error)
        await _surely(self._close("stopped" if stopped else "failed" if failed else "done", failed))

    async def _stop_when_ended(self, task: asyncio.Task[Any] | None) -> None:
        """Stops the task once another program has ended the turn."""
        running = True
        while running:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(StorageError):  # the library is away for a moment
                running = await asyncio.to_thread(self._library.running, self.turn.id)
        assert task is not None, "a turn runs in a task"
        task.cancel()

    async def _begin(self, text: str) -> None:
        self.turn = await asyncio.to_thread(self._library.begin_turn, self.session.id, text, self._turn_id)

    async def store(self, *messages: Message) -> None:
        """Stores what happened, whole even where Stop comes in the middle of it."""

        async def append() -> None:
            await asyncio.to_thread(self._library.append, self.turn.id, *messages)

        stopped = await _surely(append())
        for message in messages:
            if message.role == "assistant":
                self._kept.append((message.text, len(self._said)))
            elif self._call and message.tool_call_id == self._call[0]:
                self._call = None
        if stopped:
            raise asyncio.CancelledError

    async def _break_off(self) -> None:
        """Announces what was made and nobody was told, and answers the call that still ran when the turn ended."""
        call_id, name = self._call or ("", "")
        kept = await asyncio.to_thread(self._library.pictures, self.session.id)
        mine = [p for p in kept if p.turn_id == self.turn.id and self._announced.get(p.id, call_id) == call_id]
        for picture in mine:
            if picture.id not in self._announced:
                self.picture(call_id, picture)
        if self._call is None:
            return
        self._last.insert(0, _failure(call_id, "error", UNANSWERED, False, tuple(p.handle for p in mine)))
        self._call = None
        self._events.put_nowait(ToolFinished(call_id, name, UNANSWERED, error=UNANSWERED))

    def _keep_words(self) -> None:
        """Words that were shown and are in no stored message are kept for the end."""
        end = 0
        for text, shown in self._kept:  # the last words of an answer may be shown when it is stored already
            end = self._said.find(text, end) + len(text) if text in self._said[end:] else shown
        if words := self._said[end:].encode(errors="replace").decode().strip():
            self._last.append(Message("assistant", words))
        self._kept.append((words, len(self._said)))

    async def _record(self, state: TurnState, error: str | None = None) -> None:
        """Ends the turn in the database, as soon as that lets it: the session could begin no other one."""
        self._keep_words()
        turn, tried = self.turn.id, False
        end = partial(self._library.finish_turn, turn, state, error, self._last)
        for waits, seconds in enumerate(chain(RETRY_SECONDS, repeat(RETRY_SECONDS[-1]))):
            if waits == TOLD_AFTER:
                self._events.put_nowait(Failed(NOT_WRITTEN, waits=True))
            try:
                if state is not TurnState.DONE:
                    await self._break_off()
                await asyncio.to_thread(end)
                return
            except TurnEnded:  # another program has ended it, or this one did when its connection broke
                if tried or not self._last:
                    return
                end = partial(self._library.append_late, self.session.id, turn, self._last)
            except StorageError as trouble:
                if not tried and type(trouble) is not type(self._error):  # which was told
                    self._events.put_nowait(Failed(str(trouble)))
                if isinstance(trouble, NotFound | NewerSchema):  # the session was deleted, or is another program's now
                    return
                tried = True
                await asyncio.sleep(seconds)

    async def _close(self, state: Literal["done", "stopped", "failed"], error: str | None = None) -> None:
        await self._record(TurnState(state), error)
        self._events.put_nowait(Done(self.turn.id, self.turn.number, state))

    def _tell(self, error: Exception) -> None:
        """Shows an error that ends the turn, and keeps it for the end: a refusal leaves the turn done, all else
        failed."""
        self._keep_words()
        if isinstance(error, Refusal):
            said = self._refuse(error)
        else:
            self._error, said = error, str(error)
            self._events.put_nowait(Failed(said))
        self._last.append(Message("assistant", said))

    async def refused(self, refusal: Refusal) -> None:
        """Shows and keeps a refusal that does not end the turn."""
        await self.store(Message("assistant", self._refuse(refusal)))

    def _refuse(self, refusal: Refusal) -> str:
        """Shows a refusal, and gives what is kept of it."""
        verdict = refusal.verdict
        self._events.put_nowait(Refused(verdict.category, verdict.reason, verdict.rewording))
        return refusal_of(verdict)

    # Its calls, whoever makes them.

    def said(self, key: str, text: str, *, anew: bool = False) -> None:
        """Shows the next words of a message; `anew`: what was shown of it before is taken back."""
        if key != self._message[0]:
            self._message = key, len(self._said)
        begun = self._said[: self._message[1]] if anew else self._said
        self._said = begun + text
        self._events.put_nowait(TextDelta(key or self.turn.id, text, anew))

    def started(self, call_id: str, name: str, args: Mapping[str, Any]) -> None:
        self._call = call_id, name
        self._events.put_nowait(ToolStarted(call_id, name, args))

    async def call_directly(self, call: ToolCall) -> None:
        """Runs one call without a language model; the same events, errors and rows."""
        verb = BY_NAME[call.name]
        self.started(call.id, call.name, call.args)
        try:
            outcome = await verb.run(self.context(call.id), validated(verb, call.args))
        except EXPECTED as error:
            await self.failed(call.id, call.name, error, final=True)  # nobody is there to mend it
        else:
            await self.finished(call.id, call.name, outcome)
            if text := told(outcome):
                self.said("", text)

    def context(self, call_id: str, seen: frozenset[int] = frozenset()) -> Context:
        return Context(
            library=self._library,
            studio=self.parts.studio,
            presets=self.parts.presets,
            settings=self.parts.settings,
            user_id=self.session.user_id,
            session_id=self.session.id,
            turn_id=self.turn.id,
            call_id=call_id,
            report=self,
            sentences=tuple(message.text for message in self.stored if message.role == "person"),
            seen=seen,
            seeds=self.seeds,
        )

    async def finished(self, call_id: str, name: str, outcome: Outcome) -> None:
        """Answers a call with what came of it; raises `Ended` where the person has the next word."""
        await self.store(Message("tool", outcome.line(), tool_call_id=call_id, pictures=outcome.pictures))
        changed, note = _clauses(outcome)
        self._events.put_nowait(ToolFinished(call_id, name, outcome.summary, changed=changed, note=note))
        if outcome.ends_turn:
            self.over = True
            raise Ended

    async def failed(self, call_id: str, name: str, error: Exception, *, final: bool) -> str:
        """Answers a call with an error, and returns the answer; a final error goes to the person and ends the turn.

        Raises:
            Ended: The turn is over.
            JobStopped: Stop was pressed.
        """
        key = "refused" if isinstance(error, Refusal) else "error"
        answer = _failure(call_id, key, str(error), is_fixable(error), getattr(error, "made", ()))
        await self.store(answer)
        self._events.put_nowait(ToolFinished(call_id, name, str(error), error=str(error)))
        if isinstance(error, JobStopped):
            self.over = True
            raise error
        if final or not is_fixable(error):
            self.over = True
            self._tell(error)
            raise Ended
        return answer.text


def _failure(call_id: str, key: str, why: str, fixable: bool, made: tuple[int, ...]) -> Message:
    """The answer of a call that failed, and what it made all the same."""
    data: dict[str, Any] = {key: why, "fixable": fixable}
    if made:
        data["images"] = [{"image": handle} for handle in made]
        data["note"] = "these images were made all the same and are shown"
    return Message("tool", Outcome(data, "").line(), tool_call_id=call_id, pictures=made)


def told(outcome: Outcome) -> str:
    """What a person should hear of a call that no language model speaks of; "" where the picture says it all."""
    changed, note = _clauses(outcome)
    here = " and ".join(f"#{handle}" for handle in outcome.pictures)
    said = f"Here is {here}: {changed}." if changed else ""
    return " ".join(filter(None, (said, f"Note: {note.rstrip('.')}." if note else "")))


def _clauses(outcome: Outcome) -> tuple[str, str]:
    """What changed, and what else is to be told."""
    return str(outcome.data.get("changed", "")), str(outcome.data.get("note", ""))


def is_fixable(error: Exception) -> bool:
    """Whether other arguments may do, so that the language model is told."""
    return bool(getattr(error, "fixable", False))


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
