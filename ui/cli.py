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

_INVALID = re.compile(r"Invalid value for '(?P<option>[^']+)': ")
_NO_SUCH = re.compile(r"(?P<said>No such (?:command|option):? '?-?(?:help|(?P<version>v(?:ersion)?))\b'?)\.?.*")
"""What it says of options that are mistyped, or taken for commands."""

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
        code = int(app(args=list(arguments), prog_name="easel", standalone_mode=False) or ExitCode.FINE)
        if code == ExitCode.STOPPED:  # as typer ends at Ctrl-C
            say("Stopped.")
        return code
    except Ended as ended:
        return ended.code
    except typer.TyperException as error:
        message = error.format_message()
        if extra := _EXTRA.fullmatch(message):
            say(f"“{extra[1]}” is more than this command takes; put a sentence between quotation marks.")
        elif (invalid := _INVALID.match(message)) and error.__cause__ is not None:
            say(_of_a_value(invalid["option"], error.__cause__, message))
        elif unknown := _NO_SUCH.fullmatch(message):
            say(f"{unknown['said']}. Did you mean --{'version' if unknown['version'] else 'help'}?")
        elif message.startswith("Usage:"):  # a group of commands without a command: its help
            print(message)
        else:
            say(message)
        return error.exit_code
    except BrokenPipeError:  # who reads has left, such as `head`; nothing more is written, at the end neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED
    except typer.Abort:  # Ctrl-C or Ctrl-D at a question
        say("Stopped.")
        return ExitCode.STOPPED
    except BaseException as error:
        complaint = explain(error)
        if complaint is None:
            raise
        say(complaint.sentence)
        return complaint.code


def _of_a_value(option: str, cause: BaseException, otherwise: str) -> str:
    """What is wrong with an option's value, in our own words where pydantic found it."""
    from pydantic import ValidationError

    from ui.settings_faults import option_fault

    return option_fault(option, cause) if isinstance(cause, ValidationError) else otherwise


def main() -> None:
    """Carries out the command line of this process."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by who started it; a file opened later would else get its number
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a caption in Chinese must not fail on a terminal that has none
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # as arguments come; `ui.terminal_text.readable` reads both
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch is imported; `models.waiting` says why
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
