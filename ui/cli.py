"""The command `easel`: its verbs, gathered, and the one place where a failure becomes a sentence and an exit code.

Each group of verbs has a module `ui/cli_*.py`. Nothing heavy is imported before a command needs it, so that
`easel --help` answers at once.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from ui import cli_chat, cli_eval, cli_make, cli_models, cli_serve, cli_sessions
from ui.cli_base import EXIT_CODES, Ended, ExitCode, explain, say

_EXTRA = re.compile(r"Got unexpected extra argument\(?s?\)? \((.*)\)", re.DOTALL)
"""What typer says of words without quotation marks around them."""

app = typer.Typer(
    help="Make pictures by talking: an agent that paints, edits, enlarges and keeps them.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: rich would take longer to load than all the rest
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.command()(cli_serve.serve)
app.command()(cli_chat.chat)
app.command()(cli_make.draw)
app.command()(cli_make.edit)
app.command()(cli_make.extend)
app.command()(cli_make.upscale)
app.add_typer(cli_sessions.app, name="sessions")
app.add_typer(cli_models.app, name="models")
app.add_typer(cli_eval.app, name="eval")
app.command()(cli_models.doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"easel {version('easel')}")
        raise typer.Exit


@app.callback()
def _easel(  # pyright: ignore[reportUnusedFunction]  (typer calls it)
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    pass


def run(arguments: Sequence[str]) -> int:
    """Carries out a command line; gives the exit code. A bug is raised, everything else is one sentence."""
    try:
        return int(app(args=list(arguments), prog_name="easel", standalone_mode=False) or ExitCode.FINE)
    except Ended as ended:
        return ended.code
    except typer.TyperException as error:
        message = error.format_message()
        if extra := _EXTRA.fullmatch(message):
            say(f"“{extra[1]}” is more than this command takes; put a sentence between quotation marks.")
        elif message.startswith("Usage:"):  # a group of commands without a command: its help
            print(message)
        else:
            say(message)
        return error.exit_code
    except BrokenPipeError:  # who reads has left, such as `head`; nothing more is written, at the end neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED
    except typer.Abort:
        return ExitCode.STOPPED
    except BaseException as error:
        complaint = explain(error)
        if complaint is None:
            raise
        say(complaint.sentence)
        return complaint.code


def main() -> None:
    """The entry point of the command `easel`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a caption in Chinese must not fail on a terminal that has none
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # as arguments come; `ui.terminal_text.readable` reads both
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch is imported; `models.waiting` says why
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
