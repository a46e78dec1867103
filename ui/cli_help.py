"""The help of every command as text, for `docs/cli.md`: what the page says is what the command says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

WIDTH = 90


def pages() -> Iterator[tuple[str, str]]:
    """Each command's full name and its help, groups before what is in them."""
    from typer.main import get_command

    from ui.cli import app

    yield from _pages(get_command(app), "easel", None)


def _pages(command: Any, name: str, parent: Any) -> Iterator[tuple[str, str]]:
    context = command.make_context(
        name.rsplit(" ", 1)[-1],
        [],
        parent=parent,
        resilient_parsing=True,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
    )
    yield name, command.get_help(context)
    for each, child in getattr(command, "commands", {}).items():
        if not child.hidden:
            yield from _pages(child, f"{name} {each}", context)
