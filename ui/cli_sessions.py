"""`easel sessions …`: look at, name, branch, export, import, delete and check what is kept.

Needs no worker and no model.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storage.records import LONGEST_NAME
from tools.paths import expanded
from ui.cli_base import (
    Ended,
    ExitCode,
    UsageFault,
    check_folder,
    console,
    load_settings,
    may_delete,
    open_library,
    say,
)
from ui.terminal_text import one_line, readable

if TYPE_CHECKING:
    from storage.library import Library
    from storage.records import Session, User

app = typer.Typer(no_args_is_help=True, help="Look at, name, branch, export, import, delete and check saved chats.")

SessionName = Annotated[
    str,
    typer.Argument(metavar="SESSION", help="Its id or the beginning of it, its title, or `last`.", show_default=False),
]
_EVERY = 1_000_000_000
_FAULTS = 10
"""So many faults are told one by one."""
_WIDE = 60
"""Columns of a terminal in which everything about a session has its place."""


def find_session(library: Library, user: User, name: str) -> Session:
    """The session that a person names: an id, the beginning of one that no other has, `last`, or its title.

    Raises:
        UsageFault: There is none, or there are several.
    """
    sessions = library.sessions(user.id, limit=1 if name == "last" else _EVERY)
    if name == "last":
        if not sessions:
            raise UsageFault("There is no session yet; start one with `easel chat`.")
        return sessions[0]
    start = name.strip().lower()
    found = [session for session in sessions if start and session.id.lower().startswith(start)]
    found = [session for session in found if session.id.lower() == start] or found
    titled = [session for session in sessions if start and session.title.lower() == start]
    if len(named := found or titled) == 1:
        return named[0]
    if titled and not found:
        ids = ", ".join(session.id[:8] for session in titled[:_FAULTS])
        raise UsageFault(f"Several sessions are called “{name}”; say which by its id: {ids}.")
    if found:
        raise UsageFault(f"Several sessions begin with “{name}” ({len(found)}); write more of the id.")
    raise UsageFault(f"There is no session “{name}”; `easel sessions list` shows those there are.")


def pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


@app.command("list")
def list_sessions(
    search: Annotated[
        str,
        typer.Option(metavar="WORDS", callback=readable, help="Only those whose title or words have all of these."),
    ] = "",
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most so many, the newest first.")] = 50,
) -> None:
    """Shows the saved chats, the newest first.

    Into a pipe or a file: a line each, with tabs between the whole id, title, turns, pictures and the last use.
    """
    from ui.wiring import LOCAL_USER

    with open_library(load_settings()) as library:
        user = library.user(LOCAL_USER)
        sessions = library.sessions(user.id, search=search, limit=_EVERY)
        if not sessions:
            say(f"No session contains “{search}”." if search else "No session yet; start one with `easel chat`.")
            return
        shown = [_row(library, session) for session in sessions[:limit]]
    if sys.stdout.isatty():
        _print_table(shown)
    else:
        for row in shown:
            typer.echo("\t".join(row))
    if len(sessions) > len(shown):
        say(f"These are {len(shown):,} of {len(sessions):,} sessions; see more with --limit, or --search WORDS.")


def _row(library: Library, session: Session) -> tuple[str, ...]:
    """A session's id, title, number of turns and pictures, and when it was last used."""
    counts = (len(library.turns(session.id)), len(library.pictures(session.id)))
    used = session.updated.astimezone().strftime("%Y-%m-%d %H:%M")
    return (session.id, one_line(session.title) or "(no title)", *map(str, counts), used)


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    """A line each, whatever the terminal's width: titles are cut, and where it is narrow ids and titles are all."""
    from rich.cells import cell_len
    from rich.table import Column, Table

    screen = console()
    names = ("id", "title", "turns", "pictures", "last used")[: 5 if screen.width >= _WIDE else 2]
    cells = [names, *((row[0][:8], *row[1 : len(names)]) for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    widths[1] = max(1, min(widths[1], screen.width - 2 * len(names) + 1 - sum(widths) + widths[1]))
    columns = [
        Column(name, width=width, no_wrap=True, overflow="ellipsis") for name, width in zip(names, widths, strict=True)
    ]
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in cells[1:]:
        table.add_row(*row)
    screen.print(table)


@app.command()
def show(session: SessionName) -> None:
    """Shows a chat as it went.

    What was said, which pictures came of it, and from which each was made.
    """
    from rich.text import Text

    from ui.terminal_widgets import retold
    from ui.wiring import LOCAL_USER

    with open_library(load_settings()) as library:
        found = find_session(library, library.user(LOCAL_USER), session)
        screen = console()
        screen.print(Text(one_line(found.title) or "(no title)", "bold").append(f"  {found.id}", "not bold dim"))
        for line in retold(library, found):
            screen.print(line)


@app.command()
def export(
    session: SessionName,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH", help="A folder, or a file ending in .zip. (default: easel-ID in the working folder)"
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
) -> None:
    """Writes a chat out as files.

    Its pictures, and `session.json` with everything that is known about them.
    """
    from ui.terminal_files import write_export
    from ui.wiring import LOCAL_USER

    with open_library(load_settings()) as library:
        user = library.user(LOCAL_USER)
        found = find_session(library, user, session)
        target = expanded(out) if out else Path(f"easel-{found.id[:8]}")
        if target.is_file() and target.suffix.lower() != ".zip":
            raise UsageFault(f"{target} is a file, and no ZIP file; name a folder or a file ending in .zip with --out.")
        if target.exists() and not force and (target.is_file() or any(target.iterdir())):
            raise UsageFault(f"{target} exists already; name another with --out, or add --force to write over it.")
        check_folder(target.parent)
        written = write_export(library, library.export_session(user.id, found.id), target)
        typer.echo(readable(f"session.json and {pictures(written.pictures)} written to {target.resolve()}"))
        for lost in written.damaged:
            say(f"{lost} is damaged on the disk and was left out; restore a backup to have it.")
        if written.damaged:
            raise Ended(ExitCode.FAILED)


@app.command()
def rename(
    session: SessionName,
    title: Annotated[
        str, typer.Argument(metavar="TITLE", callback=readable, help="The new title.", show_default=False)
    ],
) -> None:
    """Gives a chat another title."""
    from ui.wiring import LOCAL_USER

    if not title.strip():
        raise UsageFault("The title is empty; write at least one word.")
    with open_library(load_settings()) as library:
        user = library.user(LOCAL_USER)
        name = " ".join(title.split())
        if len(name) > LONGEST_NAME:
            raise UsageFault(f"The title has {len(name)} characters, and may have {LONGEST_NAME}.")
        named = library.rename_session(user.id, find_session(library, user, session).id, name)
        typer.echo(f"Renamed {named.id[:8]} to “{one_line(named.title)}”.")


@app.command()
def branch(
    session: SessionName,
    turn: Annotated[
        int | None, typer.Option(metavar="N", help="The last turn to take along. (default: the last one)")
    ] = None,
    title: Annotated[
        str, typer.Option(metavar="TITLE", callback=readable, help="Its title. (default: the old one)")
    ] = "",
) -> None:
    """Starts a new chat from a turn of another.

    The old one stays as it is; no pixels are copied.
    """
    from ui.wiring import LOCAL_USER

    with open_library(load_settings()) as library:
        user = library.user(LOCAL_USER)
        found = find_session(library, user, session)
        turns = {each.number: each for each in library.turns(found.id)}
        if not turns:
            raise UsageFault(f"The session {found.id[:8]} has no turn to start from.")
        number = max(turns) if turn is None else turn
        if number not in turns:
            raise UsageFault(f"The session {found.id[:8]} has no turn {number}; it has 1 to {max(turns)}.")
        made = library.branch(user.id, turns[number].id, title or found.title)
        typer.echo(f"{made.id}  go on with: easel chat --session {made.id[:8]}")


@app.command()
def delete(session: SessionName, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Deletes a chat with its pictures, for good.

    Pictures that another chat shares stay there.
    """
    from ui.terminal_files import delete_session
    from ui.wiring import LOCAL_USER

    settings = load_settings()
    with open_library(settings) as library:
        user = library.user(LOCAL_USER)
        found = find_session(library, user, session)
        own = len(library.pictures(found.id)) - library.count_shared(found.id)
        name = f"“{one_line(found.title) or 'no title'}” ({found.id[:8]}) with {pictures(own)}"
        if not may_delete(name, yes):
            return
        delete_session(library, settings.data, user.id, found.id)
        typer.echo(f"Deleted {name}.")
        if isinstance(settings.library, str):  # other machines use it too, and have data folders of their own
            say(
                f"Where easel chat wrote files of it on another machine, remove pictures/{found.id} from its "
                "data folder; they are not reached from here."
            )


@app.command("import")
def import_library(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="Its file easel.db, or its address postgresql://USER@HOST/DATABASE.",
            show_default=False,
        ),
    ],
) -> None:
    """Copies another library into the one that is set, which must be empty.

    Everything is copied and compared, or nothing is. Close what uses the other library first. This is the way from the
    data folder's easel.db into the database that EASEL_DATABASE names, and back.
    """
    from storage.errors import NoAddress, NotALibrary

    place = source if "://" in source else expanded(Path(source))
    reads = "easel sessions import reads a library (easel.db) or a PostgreSQL address"
    if what := _no_library(place):
        raise UsageFault(f"{reads}; {what}.")
    with open_library(load_settings()) as library:
        try:
            copied = library.fill_from(place)
        except NotALibrary as error:
            raise UsageFault(f"{reads}; {_shown(place)} is a database of another program.") from error
        except NoAddress as error:
            raise UsageFault(f"{reads}; what is given is not understood as an address.") from error
        sessions, turns = _many(copied["sessions"], "session"), _many(copied["turns"], "turn")
        typer.echo(f"{sessions}, {turns} and {pictures(copied['pictures'])} copied into {library.name} and compared.")


def _no_library(place: Path | str) -> str:
    """What is to be imported, if it is no library at first sight; "" where it may be one."""
    if isinstance(place, str):
        scheme = place.partition("://")[0]
        return "" if scheme in ("postgresql", "postgres") else f"an address that begins with {scheme}:// is neither"
    if place.is_dir():
        inside = place / "easel.db"
        return f"{place} is a folder" + (f", which has one: {inside}" if inside.exists() else "")
    if not place.exists():
        return f"there is no {place}"
    if not place.is_file():  # who opens a pipe waits for ever
        return f"{place} is no file"
    with place.open("rb") as file:
        start = file.read(100)
    if start.startswith(b"SQLite format 3\0"):
        return ""
    kinds = {b"PK": "a ZIP archive", b"{": "a JSON file", b"[": "a JSON file"}
    kind = next((kind for sign, kind in kinds.items() if start.lstrip().startswith(sign)), "a file of another kind")
    return f"{place} is {kind if start else 'empty'}"


def _shown(place: Path | str) -> str:
    """A path as it is, and of an address nothing that may be a password."""
    return str(place) if isinstance(place, Path) else "what is at that address"


@app.command()
def verify() -> None:
    """Reads and checks everything that is kept.

    Every picture against its hash, every lineage, the database itself.
    """
    with open_library(load_settings()) as library:
        report = library.verify()
    sessions, turns = _many(report.sessions, "session"), _many(report.turns, "turn")
    looked = f"{sessions}, {turns} and {_many(report.pictures, 'picture')} checked"
    if not report.faults:
        typer.echo(f"{looked}: all is well.")
        return
    typer.echo(f"{looked}: {_many(len(report.faults), 'fault')}.")
    for fault in report.faults[:_FAULTS]:
        say(fault)
    if len(report.faults) > _FAULTS:
        say(f"… and {len(report.faults) - _FAULTS:,} more.")
    raise Ended(ExitCode.FAILED)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
