"""`easel eval …`: figures to choose a language model by."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ui.cli_base import Ended, ExitCode, console, load_settings, say

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from agent.evaluation import Dialogue, Result
    from ui.wiring import House

app = typer.Typer(no_args_is_help=True, help="Measure what you could use instead.")


@app.callback()
def _eval() -> None:  # pyright: ignore[reportUnusedFunction]  (keeps `agent` a word of its own while it is the only one)
    pass


@app.command()
def agent(
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Play only N of the dialogues.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object instead of a table.")] = False,
    wrong: Annotated[bool, typer.Option("--wrong", help="List what was not wholly right, too.")] = False,
) -> None:
    """Measures the language model that EASEL_LLM names.

    Plays short dialogues through the real agent. The tools answer as always, but paint flat colours; nothing is kept.
    EASEL_LLM_FALLBACK does not stand in. Ctrl-C stops and shows the figures so far.
    """
    from agent.evaluation import shipped
    from tools.settings import PresetChoice
    from ui.wiring import open_house

    settings, results = load_settings(), list["Result"]()
    with tempfile.TemporaryDirectory(prefix="easel-eval-") as folder:
        alike = {"llm_fallback": "", "preset": PresetChoice()}  # the same for every model
        apart = settings.with_library_in(Path(folder)).model_copy(update=alike)
        with open_house(apart, dry_run=True) as house:
            try:
                stopped = _collect(house, shipped(limit), results)
            finally:  # what was measured before the language model failed, too
                if results:
                    _show(settings.llm, results, as_json, wrong)
    if stopped:
        say("Stopped.")
        raise Ended(ExitCode.STOPPED)


def _collect(house: House, dialogues: Sequence[Dialogue], results: list[Result]) -> bool:
    """Plays the dialogues into `results`; True if Ctrl-C ended it."""
    from agent.evaluation import play

    async def follow() -> None:
        stream = play(house.agent, house.library, house.user, dialogues)
        async with aclosing(cast("AsyncGenerator[Result]", stream)):
            async for result in stream:
                results.append(result)
                if sys.stderr.isatty():
                    print(f"\r{len(results)} of {len(dialogues)} ", end="", file=sys.stderr, flush=True)

    try:
        asyncio.run(follow())
    except KeyboardInterrupt:
        return True
    finally:
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)
    return False


def _show(model: str, results: Sequence[Result], as_json: bool, wrong: bool) -> None:
    if as_json:
        typer.echo(json.dumps(figures(model, results), ensure_ascii=False, indent=2))
        return
    screen = console()
    screen.print(table(model, results), markup=False)
    for result in results if wrong else ():
        if line := _miss(result):
            screen.print(line, markup=False)


def figures(model: str, results: Sequence[Result]) -> dict[str, Any]:
    """Everything that was measured, ready for JSON."""
    from agent.evaluation import Summary

    return {
        "model": model,
        **asdict(Summary.of(results)),
        "topics": {topic: asdict(Summary.of(some)) for topic, some in _by_topic(results).items()},
        "not_wholly_right": [
            {
                "say": result.dialogue.say,
                "right": [[str(call) for call in calls] for calls in result.dialogue.right],
                "called": [str(call) for call in result.calls],
                "said": result.said,
                "grade": result.grade.name.lower(),
                "failure": result.failure,
            }
            for result in results
            if _miss(result)
        ],
    }


def table(model: str, results: Sequence[Result]) -> str:
    """The figures for people: a line for each topic and one for all."""
    from agent.evaluation import Summary

    lines = [f"{model}: {len(results)} dialogues", ""]
    lines.append(f"{'':10}{'number':>8}{'tool right':>12}{'and picture':>13}{'wholly right':>14}{'no answer':>11}")
    for topic, some in (*_by_topic(results).items(), ("all", results)):
        s = Summary.of(some)
        shares = [f"{100 * part / s.dialogues:.0f} %" for part in (s.tool, s.handle, s.whole)]
        lines.append(f"{topic:10}{s.dialogues:>8}{shares[0]:>12}{shares[1]:>13}{shares[2]:>14}{s.failures:>11}")
    median = Summary.of(results).median_seconds
    lines += ["", f"Half of the answers took less than {median:.2f} s."] if median is not None else []
    return "\n".join(lines)


def _by_topic(results: Sequence[Result]) -> dict[str, list[Result]]:
    topics: dict[str, list[Result]] = {}
    for result in results:
        topics.setdefault(result.dialogue.topic, []).append(result)
    return dict(sorted(topics.items()))


def _miss(result: Result) -> str:
    """What was not wholly right, in a line; empty if nothing was."""
    from agent.evaluation import Grade

    if result.grade is Grade.WHOLE:
        return ""
    got = result.failure or " ".join(map(str, result.calls)) or repr(result.said)
    right = " or ".join(" ".join(map(str, calls)) or "a reply" for calls in result.dialogue.right)
    return f"«{result.dialogue.say}»: {got} instead of {right}"
