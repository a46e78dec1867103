"""The one place where the house is put together: settings → Library → worker → Studio → Agent.

The page and the terminal both start from `open_house`; nothing else builds these objects, so what one face can do the
other can too. Everything heavy is imported when the house is opened, not when this module is.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from tools.settings import Settings

if TYPE_CHECKING:
    from agent.turn import Agent
    from models.presets import Presets
    from storage.library import Library
    from storage.records import User
    from tools.studio import Studio

LOCAL_USER = "local"
"""The one person of a single-user installation; the page and the terminal share this person's sessions."""


@dataclass(frozen=True)
class House:
    """Everything that serves a person, ready to use until `open_house` closes it."""

    settings: Settings
    library: Library
    presets: Presets
    studio: Studio
    agent: Agent
    user: User


@contextmanager
def open_house(settings: Settings, *, dry_run: bool = False, talks: bool = True) -> Generator[House]:
    """Opens the Library, starts the worker process, and closes both at the end, whatever happens.

    Args:
        settings: What the person set.
        dry_run: Pictures are filled with one flat colour instead of painted; the data folder must not be shared.
        talks: Whether people write to the agent. Where only tools are called, no language model is needed, and what
            it takes is not imported.

    Raises:
        ToolError, ModelError, StorageError: One sentence on why it cannot start; nothing is left running.
    """
    from storage.library import Library
    from tools.worker import Supervisor

    library = Library.open(settings.library)
    try:
        library.recover()
        with Supervisor(library, settings, dry_run=dry_run) as supervisor:
            # The worker is starting now, beside what is imported here.
            from agent.turn import Agent
            from models.presets import Presets
            from tools.safety import word_filter
            from tools.studio import Studio

            presets = Presets.load(folder=settings.models)
            model = None
            if talks:
                from agent.llm import chat_model

                import_module("agent.conversing")  # seconds that the first sentence would else wait
                model = chat_model(settings)
            studio = Studio(library, settings, presets, word_filter(settings, presets), supervisor=supervisor)
            agent = Agent(library, studio, presets, settings, model)
            yield House(settings, library, presets, studio, agent, library.user(LOCAL_USER))
    finally:
        library.close()


def warm(settings: Settings) -> None:
    """Loads what the first turn would else wait for: a language model of this machine and the word filter's network.

    Takes seconds; meant for a thread of its own. What is missing is told by the turn that needs it, not here.
    """
    from models.errors import ModelError

    with suppress(ModelError):
        from models.words import classifier

        classifier()
    if settings.llm == "embedded":
        with suppress(ModelError):
            from models.language import WEIGHTS, decider_in

            decider_in(WEIGHTS)
    elif settings.llm.startswith("local:"):
        with suppress(ModelError):
            from models.llm.local_chat import LocalChat

            LocalChat.find(settings.llm.removeprefix("local:"), settings.device).warm()
