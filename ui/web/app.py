"""The web app: our guard outermost, our routes first, Chainlit mounted behind them.

Built once in a process, because Chainlit keeps its settings and handlers in module globals. `create_app` is handed
everything that is open already and opens nothing itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from storage.errors import StorageError
from storage.library import Library
from storage.records import User
from tools.settings import Settings
from ui.web.guards import Guard, origins, trusted_hosts
from ui.web.page import furnish, index
from ui.web.turns import Talker, Turns
from ui.web.uploads import Uploads


def create_app(
    settings: Settings, library: Library, agent: Talker, user: User, greet: Callable[[], None] = lambda: None
) -> FastAPI:
    """The page for one person, over an open Library and an agent.

    Args:
        greet: Called once, when the first page is open and its person begins to think of something to say.

    Raises:
        StorageError: The data folder may not be written.
    """
    hosts = trusted_hosts(settings.host, settings.origin)
    furnish(settings, [*origins(hosts, settings.port), *filter(None, [settings.origin])])
    logging.getLogger("chainlit").setLevel(logging.ERROR)  # it tells of every file that it looks for

    from chainlit.server import app as chainlit_app
    from chainlit.server import build_dir

    from ui.web.chat import Chat, Pages
    from ui.web.routes import Web, router, signed_in, trouble

    pages, uploads = Pages(), Uploads()
    turns = Turns(agent, library, pages.publish)
    chat = Chat(library, settings.data, user, turns, pages, uploads, greet)
    chat.register()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        following = asyncio.create_task(chat.follow())
        yield
        following.cancel()
        await turns.close()

    app = FastAPI(
        title="Easel",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(
                Guard,
                hosts=hosts,
                origin=settings.origin,
                upload_bytes=settings.limits.upload_bytes,
                signed_in=lambda headers: signed_in(headers, user),
            )
        ],
    )
    for each in (app, chainlit_app):  # which answers its routes by itself
        each.add_exception_handler(StorageError, trouble)
    app.state.web = Web(settings, library, turns, uploads, user, index(), pages.publish)
    app.include_router(router)
    # Before Chainlit's own, which would compress four megabytes anew for every page.
    app.mount("/assets", StaticFiles(directory=f"{build_dir}/assets"))
    app.mount("/", chainlit_app)  # its own lifespan does not run, which is well: it ends the process
    return app
