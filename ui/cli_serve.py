"""`easel serve`: the web app, until Ctrl-C."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli_base import UsageFault, load_settings


def serve(
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Address to listen on. (default: EASEL_HOST or 127.0.0.1)")
    ] = "",
    port: Annotated[
        int | None,
        typer.Option(metavar="PORT", help="Port; 0 takes any free one. (default: EASEL_PORT or 8000)"),
    ] = None,
) -> None:
    """Serves the web app and prints its address; Ctrl-C stops it."""
    settings = load_settings(paints=True)
    if port is not None and not 0 <= port <= 65535:
        raise UsageFault(f"There is no port {port}; --port is 0 to 65535.")
    chosen = {"host": host or settings.host, "port": settings.port if port is None else port}
    from ui.web.server import serve as serve_page

    serve_page(settings.model_copy(update=chosen), typer.echo)
