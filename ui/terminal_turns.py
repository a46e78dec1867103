"""Turns taken from the terminal: one event loop, one session, and Ctrl-C that stops the turn and nothing else.

A `Conversation` makes its session when the first turn begins, and takes an empty one away again at the end, so that
looking in leaves no trace. `follow` runs one turn to its last event. The first Ctrl-C asks the agent to stop and still
shows what was finished; a second one waits no longer than `CLOSE_SECONDS`.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal, cast

from agent.events import Done, Event, Failed, PictureReady, Refused, ToolFinished
from storage.errors import NotFound
from storage.records import Picture, Session
from ui.terminal_files import PictureFolder, session_folder
from ui.wiring import House

State = Literal["done", "stopped", "failed"]
CLOSE_SECONDS = 1.0
"""How long a turn that was let go may take to close itself."""
WAIT_SECONDS = 1.0
"""How often one looks whether another program's turn has ended, where no bell tells it."""


class Conversation:
    """The turns of one session.

    Args:
        house: What serves them.
        session: The session to go on with; None starts one.
        folder: Where pictures are written; None takes the session's own in the data folder.
    """

    def __init__(self, house: House, session: Session | None = None, folder: Path | None = None) -> None:
        self.house = house
        self._session = session
        self._folder = folder
        self._runner = asyncio.Runner()

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.close()
        with suppress(NotFound):  # it was deleted elsewhere
            if self._session is not None and not self.house.library.turns(self._session.id):
                self.house.library.drop_empty_session(self.house.user.id, self._session.id)

    @property
    def session(self) -> Session:
        """The session as it is now, its title too; made if there was none yet."""
        library, user = self.house.library, self.house.user
        self._session = library.session(user.id, self._session.id) if self._session else library.create_session(user.id)
        return self._session

    @property
    def begun(self) -> bool:
        return self._session is not None

    def catch_up(self, *, running: bool = False) -> int:
        """The number of the session's last turn that has ended, 0 where there is none.

        Args:
            running: Whether one that has not ended counts too: one's own that is still being closed.

        Raises:
            NotFound: The session was deleted elsewhere; the next turn begins a new one.
        """
        if self._session is None:
            return 0
        try:
            turns = self.house.library.turns(self.session.id)
        except NotFound:
            self._session = None
            raise NotFound("This session was deleted elsewhere; what you say next begins a new one.") from None
        return max((turn.number for turn in turns if running or turn.state != "running"), default=0)

    def wait_for_others(self, tell: Callable[[str], object]) -> None:
        """Waits for the end of a turn that another program runs in the session; `tell` hears of it."""
        library, told = self.house.library, False
        if self._session is None:
            return
        with library.listen() as bell:
            while (now := library.activity([self._session.id]).get(self._session.id)) and now.running:
                if library.recover():  # its program was gone
                    continue
                if not told:
                    tell("Another program's turn runs in this session; waiting until it has ended.")
                told = True
                bell.wait(WAIT_SECONDS)

    def save(self, picture: Picture) -> Path:
        """Writes a picture into the conversation's folder."""
        folder = self._folder or session_folder(self.house.settings.data, self.session.id)
        return PictureFolder(self.house.library, folder).save(picture)

    def follow(self, begin: Callable[[Session], AsyncIterator[Event]], show: Callable[[Event], object]) -> State:
        """Takes one turn to its end, telling `show` of every event; gives how it ended."""
        session = self.session
        try:
            return self._runner.run(self._follow(session.id, begin(session), show))
        except asyncio.CancelledError:  # Ctrl-C before the turn had begun, or a second time
            return "stopped"

    async def _follow(self, session_id: str, events: AsyncIterator[Event], show: Callable[[Event], object]) -> State:
        state: State = "stopped"
        with _Interrupt(self.house, session_id) as interrupt:
            async with aclosing(cast(AsyncGenerator[Event], events)):  # an error in `show` ends the turn, too
                async for event in events:
                    if isinstance(event, Failed) and event.waits:
                        interrupt.leaves = True
                        event = replace(event, reason=f"{event.reason} Ctrl-C leaves without it.")
                    show(event)
                    if isinstance(event, Done):
                        state = event.state
        return state


class _Interrupt:
    """Ctrl-C while a turn runs: first stop it, then, if it is pressed again, let go."""

    def __init__(self, house: House, session_id: str) -> None:
        self._house = house
        self._session_id = session_id
        self._stopping: asyncio.Task[None] | None = None
        self.leaves = False  # at once: nothing but the turn's end is waited for

    def __enter__(self) -> _Interrupt:
        self._loop = asyncio.get_running_loop()
        self._turn = asyncio.current_task()
        self._loop.add_signal_handler(signal.SIGINT, self._pressed)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.remove_signal_handler(signal.SIGINT)

    def _pressed(self) -> None:
        if self._stopping is None and not self.leaves and self._house.agent.busy(self._session_id):
            self._stopping = self._loop.create_task(self._house.agent.stop(self._session_id))
        elif self._turn is not None:
            self._turn.cancel()
            self._loop.call_later(CLOSE_SECONDS, self._turn.cancel)  # its wait for the turn's own end, too


class Outcome:
    """What a turn left behind: pictures, what is to be told of them, and why it ended early if it did."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.changed = ""
        self.remark = ""
        self.refused: Refused | None = None
        self.failed: Failed | None = None

    def note(self, event: Event) -> None:
        """Keeps what the event adds."""
        match event:
            case PictureReady(picture=picture):
                self.pictures.append(picture)
            case ToolFinished(changed=changed, note=note):
                self.changed, self.remark = changed, note
            case Refused():
                self.refused = event
            case Failed():
                self.failed = event
            case _:
                pass
