"""`easel serve`: opens the house, listens, says where, and closes everything on Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import threading
from collections.abc import Callable

from fastapi import FastAPI

from tools.errors import ToolError
from tools.settings import Settings
from ui.web.access import LOOPBACK
from ui.wiring import open_house, warm

CONNECTIONS = 800
"""The most at once, sockets of pages among them; of the 1024 files that a process may open, some are needed else."""


class CannotListen(ToolError):
    """The address or port is not to be had."""


def serve(settings: Settings, say: Callable[[str], None] = print) -> None:
    """Serves the page until Ctrl-C (SIGINT) or SIGTERM; running turns are stopped and stored first.

    Args:
        settings: `port` 0 takes any free port.
        say: Prints a line for the person.

    Raises:
        ToolError, ModelError, StorageError: One sentence on why it cannot start.
    """
    with listen(settings.host, settings.port) as listening:
        port: int = listening.getsockname()[1]
        settings = settings.model_copy(update={"port": port})
        with open_house(settings) as house:
            from ui.web.app import create_app

            # Not earlier: loading in this process would hold up the first page.
            greet = threading.Thread(target=warm, args=(settings,), daemon=True).start
            app = create_app(settings, house.library, house.agent, house.user, greet)
            run(app, settings, listening, say)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything heavy is loaded.

    Raises:
        CannotListen: The port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise CannotListen(_why(host, port, error)) from error
    return listening


def run(app: FastAPI, settings: Settings, listening: socket.socket, say: Callable[[str], None]) -> None:
    """Serves an app on a listening socket until a signal ends it."""
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level=settings.log_level,
        lifespan="on",
        timeout_graceful_shutdown=3,
        access_log=False,
        limit_concurrency=CONNECTIONS,
    )
    host = "localhost" if settings.host in ("0.0.0.0", "::") else settings.host
    say(f"Easel is at http://{f'[{host}]' if ':' in host else host}:{settings.port} (Ctrl-C stops it).")
    if warning := open_to_others(settings):
        say(warning)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises the signal again once it has shut down
        asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))


def open_to_others(settings: Settings) -> str:
    """What the person should hear who lets others reach the page; empty where only this machine does."""
    if settings.origin:
        return (
            f"It has no sign-in: everybody whom the proxy of {settings.origin} lets through is one person, who sees, "
            "changes and deletes every session; have the proxy ask who they are."
        )
    if settings.host not in LOOPBACK:
        return "It has no password: everybody who reaches this address can use it and see every session."
    return ""


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken, perhaps by another Easel; choose another with --port, such as --port {port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used without more rights; choose one above 1023 with --port."
    return f"Easel cannot listen on {host}:{port} ({error.strerror}); choose another address with --host."
