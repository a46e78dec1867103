"""One turn: from a person's sentence to the last event, with everything stored on the way.

`Agent.run_turn` is an async stream of typed events. The language model decides by calling tools (LangChain's
`create_agent` drives the loop), each message is stored before the next step, pictures are announced the moment they are
saved, and whatever happens (an error, a refusal, Stop, a closed browser) the turn is closed in the database with every
call answered, so that the next turn can go on.

`Agent.act` is a button: the same tool path without the language model, recorded as a turn of its own. What happens
within a turn is in `agent.live`, and the model's loop in `agent.conversing`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from agent.events import Done, Event, Failed
from agent.history import PRESSED
from agent.live import LiveTurn, Parts
from models.presets import Presets
from storage.library import Library
from storage.records import Message, Session, ToolCall
from tools.catalog import BY_NAME
from tools.errors import EXPECTED, BadArgument, BadUpload, Refusal
from tools.intake import Upload
from tools.settings import Settings
from tools.studio import Studio
from tools.verb import chance, validated

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

_OF_PHOTOGRAPHS = (
    "; photographs can be cut, turned, brightened, made grey and enlarged here, and a marked part of them filled"
)
"""What the small painter, which draws only what it knows, can do with them."""


@dataclass(frozen=True)
class UploadFile:
    """A file as it came in: its name and its bytes, neither trusted."""

    name: str
    data: bytes


class Agent:
    """Talks with people about their pictures. One per process; safe for many sessions at once."""

    def __init__(
        self, library: Library, studio: Studio, presets: Presets, settings: Settings, model: BaseChatModel | None
    ) -> None:
        """
        Args:
            library, studio, presets, settings: What its turns work with.
            model: Who answers what people write; None where nobody writes anything.
        """
        self._parts = Parts(library, studio, presets, settings)
        self._model = model
        self._prompt = resources.files("agent").joinpath("prompts/system.md").read_text(encoding="utf-8")
        self._running: dict[str, asyncio.Task[None]] = {}

    def run_turn(
        self,
        session: Session,
        text: str,
        uploads: Sequence[UploadFile] = (),
        selection: int | None = None,
        seeds: Iterator[int] | None = None,
        turn_id: str | None = None,
    ) -> AsyncGenerator[Event]:
        """Serves one message of the person and everything it causes.

        Bad input (empty, too long, a broken upload, a selected picture that does not exist, a turn still running)
        yields `Failed` and `Done`, and changes nothing. An upload without words is stored and shown, and what can be
        done with it is said. Of several uploads those that are refused are told, and the others serve the words.

        Args:
            session: The session it belongs to.
            text: The person's words.
            uploads: Pictures that came with it.
            selection: Handle of the picture that is selected on screen; uploads that come with words go before it.
            seeds: Of its pictures for which nobody chooses one, each below 2**32; None leaves them to chance.
            turn_id: As for `Library.begin_turn`.
        """
        read = list[Upload]()

        async def serve(live: LiveTurn) -> None:
            came, kept = bool(read), list[str]()
            while read:  # each is many megabytes, and goes once it is stored
                try:
                    picture = await self._parts.studio.add_upload(session.id, live.turn.id, read.pop(0))
                    live.picture("", picture)
                    kept.append(f"#{picture.handle}")
                except Refusal as refusal:  # the others are kept all the same
                    await live.refused(refusal)
            if came and not kept:  # the words are about pictures that are not there
                return
            if not text.strip():
                small = self._parts.settings.preset.edit == "embedded"
                live.said("", f"Say what should change in {' or '.join(kept)}{_OF_PHOTOGRAPHS if small else ''}.")
            else:
                from agent.conversing import converse  # which takes seconds

                assert self._model is not None, "there is a language model where people write"
                # "it" is what came with the words, rather than what is selected
                await converse(live, self._model, self._prompt, None if uploads else selection)

        def admit() -> None:
            read.extend(self._admit(text, uploads, selection, session))

        return self._stream(session, text.strip(), serve, admit, seeds, turn_id)

    def act(
        self, session: Session, name: str, args: Mapping[str, Any], text: str = "", turn_id: str | None = None
    ) -> AsyncGenerator[Event]:
        """Runs one tool as if the language model had called it: what a button does.

        Args:
            session: The session it belongs to.
            name: The tool's name, as in `tools.catalog`.
            args: Its arguments; wrong ones yield `Failed` and change nothing.
            text: What the turn is called in the history, such as "Enlarge #2".
            turn_id: As for `Library.begin_turn`.
        """

        async def serve(live: LiveTurn) -> None:
            call = ToolCall(f"{PRESSED}{uuid4().hex}", name, dict(args))
            await live.store(Message("assistant", "", tool_calls=(call,)))
            await live.call_directly(call)

        def admit() -> None:
            if name not in BY_NAME:
                raise BadArgument(f"There is no tool {name}; there are {', '.join(BY_NAME)}.")
            validated(BY_NAME[name], args)

        return self._stream(session, text or name.replace("_", " "), serve, admit, turn_id=turn_id)

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

    def _admit(self, text: str, uploads: Sequence[UploadFile], selection: int | None, session: Session) -> list[Upload]:
        """The uploads, read; raises what the person did wrong."""
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
        if selection is not None:
            self._parts.library.picture(session.id, selection)
        return [self._parts.studio.check_upload(upload.data, upload.name) for upload in uploads]

    async def _stream(
        self,
        session: Session,
        text: str,
        serve: Callable[[LiveTurn], Awaitable[None]],
        admit: Callable[[], None],
        seeds: Iterator[int] | None = None,
        turn_id: str | None = None,
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
        live = LiveTurn(self._parts, session, seeds or chance(), turn_id)
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
