"""`easel models …`: which models there are, and their weights on this machine: fetched, whole, deleted."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated, Self

import typer

from ui.cli_base import Ended, ExitCode, UsageFault, complain, console, load_settings, may_delete

if TYPE_CHECKING:
    from models.licences import Licences
    from models.memory import Memory
    from models.presets import Preset, Presets
    from tools.settings import Settings

app = typer.Typer(no_args_is_help=True, help="See which models there are; fetch, check and delete their weights.")


@app.command("list")
def list_models() -> None:
    """Shows every preset: what it does, whether it fits this machine and is on it, its licence."""
    from rich.text import Text

    from models.engine import memory_on
    from models.place import pick_device
    from models.presets import tier_for

    settings, screen = load_settings(), console()
    presets, licences = _presets(settings)
    device = pick_device(settings.device)
    memory = memory_on(device, presets.memory_of(settings.judges))
    room = memory.room
    for preset in presets:
        screen.print(Text(preset.label, "bold").append(f"  {preset.title}", "not bold"))
        facts = _facts(settings, preset, memory) + ("" if licences.accepted(preset) else ", not agreed to yet")
        screen.print(Text(f"  {facts}", "dim"))
    tier = tier_for(room / 0.9) if device != "cpu" else "cpu"  # models may take nine tenths
    screen.print(f"\nModels may take {room:.1f} GiB on {device}, which EASEL_TIER={tier} chooses presets for.")
    if settings.tier == "auto":
        choice = settings.suited()
        screen.print(f"EASEL_TIER=auto: {'; '.join(filter(None, (choice.why, choice.advice)))}.")
    screen.print("* used when a request names no preset; choose others with EASEL_PRESET__GENERATE=… or easel.toml,")
    screen.print("  and the judges that take part with EASEL_JUDGES=…")
    for stray in presets.strays:
        screen.print(Text(stray, "yellow"))
    if presets.loras:
        screen.print(f"LoRAs, to be put behind a preset as NAME+LORA: {', '.join(presets.loras)}")


def _presets(settings: Settings) -> tuple[Presets, Licences]:
    from models.licences import Licences
    from models.presets import Presets

    return Presets.load(folder=settings.models), Licences(settings.models)


def _facts(settings: Settings, preset: Preset, memory: Memory) -> str:
    does = ", ".join(operation + "*" * _chosen(settings, preset, operation) for operation in preset.operations)
    size = [f"paints {preset.extent()}"] if preset.extents else []
    mode = memory.fitting(preset)
    fits = "too large for this machine" if mode is None else "fits" if mode == "whole" else f"fits by {mode}"
    here = _here(preset)
    use = "" if preset.commercial else ", not for commercial use"
    return " · ".join([does, *size, f"{preset.memory:g} GiB, {fits}", here, f"{preset.licence}{use}"])


def _here(preset: Preset) -> str:
    from models.errors import WeightsMissing
    from models.weights import refuse_broken

    file = preset.weights_file() if preset.own else None
    try:
        if file is not None:
            refuse_broken(file)
    except WeightsMissing:
        return "weights cannot be opened"
    return "weights here" if preset.weights_hash() else "weights not here"


def _in_use(settings: Settings, preset: Preset) -> bool:
    return bool(preset.weights_hash()) or any(_chosen(settings, preset, operation) for operation in preset.operations)


def _chosen(settings: Settings, preset: Preset, operation: str) -> bool:
    if operation == "judge":
        return preset.name in settings.judges
    return getattr(settings.preset, operation, None) == preset.name


@app.command()
def pull(
    name: Annotated[str, typer.Argument(metavar="PRESET", help="Which one, such as flux2-klein.")],
    accept_licence: Annotated[
        bool, typer.Option("--accept-licence", help="Agree to its licence without asking.")
    ] = False,
) -> None:
    """Fetches a preset's weights from the Hugging Face hub into the hub's cache on this machine.

    What was cut off goes on where it stopped; every file is compared with its known hash.
    """
    from models import hub

    settings = load_settings()
    presets, licences = _presets(settings)
    for preset in presets.get(name):
        if not licences.accepted(preset):
            _agree(preset, licences, accept_licence)
        if preset.hub is None:
            typer.echo(f"{preset.label}: on this machine already.")
            continue
        try:
            with _Bar(preset.label) as bar:
                hub.pull(preset, bar.tell)
        except KeyboardInterrupt:
            complain("Stopped; what is here already stays, and the same command goes on from there.", ExitCode.STOPPED)
        typer.echo(f"{preset.label}: fetched, and every byte is as the hub says ({preset.weights_hash()[:12]}).")


def _agree(preset: Preset, licences: Licences, already: bool) -> None:
    """Shows a licence and asks, once; leaves with a sentence where nobody can be asked."""
    from models.licences import terms

    typer.echo(terms(preset), err=True)
    if not already and not sys.stdin.isatty():
        complain("Nobody can be asked here; agree with: --accept-licence", ExitCode.USAGE)
    if already or typer.confirm("Do you agree to it?", err=True):
        licences.accept(preset)
        return
    complain("Not agreed, so nothing was fetched.", ExitCode.STOPPED)


class _Bar:
    """Bytes that are here, as a bar on a terminal; nothing elsewhere."""

    def __init__(self, label: str) -> None:
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

        columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
        screen = console(stderr=True)
        self._progress = Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal)
        self._task = self._progress.add_task(label, total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, name: str, here: int, all_of_them: int) -> None:
        self._progress.update(self._task, description=name, completed=here, total=all_of_them)


@app.command()
def rm(
    name: Annotated[str, typer.Argument(metavar="PRESET", help="Whose weights go.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before a file of your own is deleted.")] = False,
) -> None:
    """Deletes a preset's weights from this machine, but for what other presets use too."""
    from models import hub

    presets, _ = _presets(load_settings())
    for preset in presets.get(name):
        if preset.own and not may_delete(f"your own file {preset.weights_file()}", yes):
            continue
        typer.echo(f"{preset.label}: deleted, {hub.remove(preset, presets) / 2**20:,.0f} MiB are free again.")


@app.command()
def check(
    name: Annotated[
        str | None,
        typer.Argument(metavar="PRESET", help="Only this one. (default: those in use and those on this machine)"),
    ] = None,
) -> None:
    """Compares the weights with their known SHA-256.

    A PRESET that is named is also loaded and tried: one picture in one step, one look, or one judgement.
    """
    from models.errors import ModelError
    from ui.doctor import check_weights

    if name is not None and not name.strip():
        raise UsageFault("The name of the preset is empty; `easel models list` shows those there are.")
    settings = load_settings()
    presets, _ = _presets(settings)
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

    if preset.part == "judge":
        return _judged(presets, preset, settings)
    operation = preset.operations[0]
    mask = Image.new("L", preset.extent(), 255) if operation is Operation.INPAINT else None
    source = preset.extent() if preset.extents else Extent(16, 16)
    scale = 4 if operation is Operation.UPSCALE else None
    recipe = Recipe(
        operation=operation,
        prompt="" if operation is Operation.LOOK else "a red fox in the snow",
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
    if operation is Operation.LOOK:
        seen = engine.look(recipe, inputs[0], report, lambda: False)
        done = f"saw “{seen[:60]}”"
    else:
        made = engine.run(recipe, inputs, mask, report, lambda: False)
        done = f"made {Extent(*made.size)}"
    return f"; loaded, and {done} in {time.monotonic() - began:.1f} s on {engine.device}"


def _judged(presets: Presets, preset: Preset, settings: Settings) -> str:
    """Has a judge decide on one small picture or sentence; says what it found and how long it took."""
    from PIL import Image

    from models.errors import ModelError
    from tools.safety import pixel_filter, word_filter

    alone = settings.model_copy(update={"judges": (preset.name,), "offline": True})
    began = time.monotonic()
    if preset.stage == "words":
        verdict = word_filter(alone, presets).check("a red fox in the snow")
    else:
        verdict = pixel_filter(alone, presets, painted=True).check(Image.new("RGB", (64, 64), "grey"))
    if verdict.category == "error":
        raise ModelError(verdict.reason)
    return f"; loaded, and said {verdict.action} in {time.monotonic() - began:.1f} s"


_MARKS = {"ok": "✓", "note": "•", "missing": "✗"}
_PLAIN_MARKS = {"ok": "ok", "note": "-", "missing": "MISSING"}
"""Where the terminal's encoding has not the others."""


def doctor() -> None:
    """Says what will be used, and what is missing.

    Changes nothing. Exits with 1 if something is missing.
    """
    from rich.text import Text

    from ui.doctor import examine
    from ui.terminal_text import shown_in

    screen, missing = console(), False
    marks = _MARKS if shown_in("".join(_MARKS.values()), screen.encoding) else _PLAIN_MARKS
    styles = {"ok": "green", "note": "yellow", "missing": "bold red"}
    for finding in examine(load_settings()):
        mark, style = marks[finding.state], styles[finding.state]
        screen.print(
            Text(f"{mark} ", style).append(f"{finding.area}: ", "bold").append(finding.sentence, "not bold default")
        )
        missing |= finding.state == "missing"
    if missing:
        raise Ended(ExitCode.FAILED)
