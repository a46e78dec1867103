"""What the terminal's tests share: a whole house whose language model reads from a script and whose engine paints flat.

Everything else is what people run: Library, Studio, Worker, Agent, files.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from house import FixedPixels, FixedWords
from PIL import Image

from models.flat import FlatEngine
from models.presets import Presets
from storage.library import Library
from storage.records import Picture
from tools.settings import Settings
from ui.wiring import LOCAL_USER, House

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel


@contextmanager
def own_environment(folder: Path) -> Generator[None]:
    """A working folder and an environment without settings, during a block."""
    before, kept = Path.cwd(), dict(os.environ)
    for name in [name for name in os.environ if name.startswith("EASEL_")]:
        del os.environ[name]
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def scripted_house(
    folder: Path, script: list[Any], pause: float = 0.0, model: BaseChatModel | None = None
) -> Generator[House]:
    """A house in a folder, with the language model's lines (see `agent.scripted`), or a model, and a worker in a
    thread."""
    from agent.scripted import ScriptedChat  # here, because the pure tests that share this file need none of it
    from agent.turn import Agent
    from tools.studio import Studio
    from tools.worker import Worker

    settings = Settings(data=folder)
    leave = threading.Event()
    with Library.open(settings.library) as library:
        worker = Worker(library, FlatEngine(), FixedPixels(), "test", 60.0)
        thread = threading.Thread(target=worker.serve, args=(leave,), daemon=True)
        thread.start()
        try:
            presets = Presets.load()
            studio = Studio(library, settings, presets, FixedWords(), FixedPixels())
            agent = Agent(library, studio, presets, settings, model or ScriptedChat(script=script, pause=pause))
            yield House(settings, library, presets, studio, agent, library.user(LOCAL_USER))
        finally:
            leave.set()
            thread.join(10)


def png(width: int = 40, height: int = 30, colour: str = "teal") -> bytes:
    """An encoded picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


def a_picture(
    handle: int = 3, parents: tuple[int, ...] = (), operation: str = "generate", caption: str = "a fox"
) -> Picture:
    """A picture's row, for what only looks at rows."""
    return Picture(
        id=f"p{handle}",
        session_id="s",
        turn_id="t",
        handle=handle,
        sha256="ab" * 32,
        width=128,
        height=96,
        media_type="image/png",
        recipe={"operation": operation},
        parents=parents,
        caption=caption,
        created=datetime(2026, 1, 1, tzinfo=UTC),
    )
