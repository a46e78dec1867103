"""`easel models …`: which models there are, and whether their weights are whole on this machine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli_base import Ended, ExitCode, console, load_settings

if TYPE_CHECKING:
    from models.presets import Preset, Presets
    from tools.settings import Settings

app = typer.Typer(no_args_is_help=True, help="See which models there are, and check their weights.")


@app.command("list")
def list_models() -> None:
    """Shows every preset and whether it is on this machine."""
    from rich.text import Text

    from models.presets import Presets

    settings, screen = load_settings(), console()
    for preset in Presets.load():
        screen.print(Text(preset.label, "bold").append(f"  {preset.title}", "not bold"))
        screen.print(Text(f"  {_facts(settings, preset)}", "dim"))
    screen.print("\n* used when a request names no preset; choose others with EASEL_PRESET__GENERATE=… or easel.toml")


def _facts(settings: Settings, preset: Preset) -> str:
    does = ", ".join(operation + "*" * _chosen(settings, preset, operation) for operation in preset.operations)
    size = [f"paints {preset.extent()}"] if preset.extents else []
    here = "weights here" if preset.weights_hash() else "weights not here"
    return " · ".join([does, *size, f"{preset.memory:g} GiB", preset.licence, here])


def _in_use(settings: Settings, preset: Preset) -> bool:
    return bool(preset.weights_hash()) or any(_chosen(settings, preset, operation) for operation in preset.operations)


def _chosen(settings: Settings, preset: Preset, operation: str) -> bool:
    return getattr(settings.preset, operation, None) == preset.name


@app.command()
def check(
    name: Annotated[
        str, typer.Argument(metavar="PRESET", help="Only this one. (default: those in use and those on this machine)")
    ] = "",
) -> None:
    """Compares the weights with their known SHA-256.

    A PRESET that is named is also loaded, and makes one picture in one step.
    """
    from models.errors import ModelError
    from models.presets import Presets
    from ui.doctor import check_weights

    presets, settings = Presets.load(), load_settings()
    faults = 0
    for preset in presets.get(name) if name else tuple(each for each in presets if _in_use(settings, each)):
        try:
            found = check_weights(preset)
            typer.echo(f"{preset.label}: {found}{_tried(presets, preset, settings) if name else ''}.")
        except ModelError as error:
            faults += 1
            typer.echo(f"{preset.label}: {error}", err=True)
    if faults:
        raise Ended(ExitCode.FAILED)


def _tried(presets: Presets, preset: Preset, settings: Settings) -> str:
    """Runs the first thing that a preset does, once and in one step; says how long it took."""
    from PIL import Image

    from models.engine import Engine
    from models.recipe import Extent, Operation, Recipe

    operation = preset.operations[0]
    source = preset.extent() if preset.extents else Extent(16, 16)
    scale = 4 if operation is Operation.UPSCALE else None
    recipe = Recipe(
        operation=operation,
        prompt="a red fox in the snow",
        preset=preset.name,
        extent=Extent(source.width * (scale or 1), source.height * (scale or 1)),
        steps=None if preset.steps is None else 1,
        guidance=preset.guidance,
        scale=scale,
    )
    inputs = [] if operation is Operation.GENERATE else [Image.new("RGB", source, "grey")]

    def report(fraction: float, text: str, preview: Image.Image | None) -> None:
        del fraction, text, preview

    engine = Engine(presets, settings.device, settings.threads)
    began = time.monotonic()
    made = engine.run(recipe, inputs, None, report, lambda: False)
    return f"; loaded, and made {Extent(*made.size)} in {time.monotonic() - began:.1f} s on {engine.device}"


def doctor() -> None:
    """Says what will be used, and what is missing.

    Changes nothing. Exits with 1 if something is missing.
    """
    from rich.text import Text

    from ui.doctor import examine

    marks = {"ok": ("✓", "green"), "note": ("•", "yellow"), "missing": ("✗", "bold red")}
    screen, missing = console(), False
    for finding in examine(load_settings()):
        mark, style = marks[finding.state]
        screen.print(
            Text(f"{mark} ", style).append(f"{finding.area}: ", "bold").append(finding.sentence, "not bold default")
        )
        missing |= finding.state == "missing"
    if missing:
        raise Ended(ExitCode.FAILED)
