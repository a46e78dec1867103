"""`easel draw`, `easel edit`, `easel upscale`: one picture made from the shell, without a language model.

Each is a session of its own, made by the same tools, judged by the same filter and kept like any chat, so that
`easel chat --session last` can go on from it. The paths of the written files are printed, one a line, on standard
output; progress and notes go to standard error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.paths import expanded
from ui.cli_base import ExitCode, UsageFault, check_folder, check_seed, complain, console, load_settings, refusal, say
from ui.terminal_text import readable

if TYPE_CHECKING:
    from agent.events import Event
    from agent.turn import UploadFile
    from tools.settings import Settings
    from ui.terminal_turns import Outcome, State
    from ui.wiring import House

Out = Annotated[Path, typer.Option(metavar="FILE", help="Where to write it: .png, .jpg or .webp.", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that exists.")]
SourceFile = Annotated[Path, typer.Argument(metavar="FILE", help="A PNG, JPEG or WebP picture.", show_default=False)]


def draw(
    prompt: Annotated[
        str, typer.Argument(metavar="PROMPT", callback=readable, help="What to paint.", show_default=False)
    ],
    out: Out,
    seed: Annotated[int | None, typer.Option(metavar="N", help="The same seed paints the same again.")] = None,
    count: Annotated[
        int, typer.Option(metavar="N", help="How many, 1 to 8; several are written to FILE-1, FILE-2, …")
    ] = 1,
    size: Annotated[
        str,
        typer.Option(
            metavar="WxH",
            help="Size in pixels, rounded to what the model paints. Sides are 128 to 448 for the small painter; others "
            "are refused.",
        ),
    ] = "",
    negative: Annotated[str, typer.Option(metavar="WORDS", callback=readable, help="What must not appear.")] = "",
    force: Force = False,
) -> None:
    """Paints a picture from words."""
    from models.recipe import MAX_COUNT

    settings = load_settings(paints=True)
    _check_words(prompt, "The prompt", "a red fox in the snow", settings)
    if not 1 <= count <= MAX_COUNT:
        raise UsageFault(f"{count} pictures at once is not possible; --count is 1 to {MAX_COUNT}.")
    check_seed(seed)
    if size:
        _check_size(size, settings)
    args = {"prompt": prompt, "negative_prompt": negative, "count": count, "seed": seed, "size": size}
    _make(settings, "generate_image", args, prompt, targets(out, count, force))


def edit(
    file: SourceFile,
    instruction: Annotated[
        str, typer.Argument(metavar="INSTRUCTION", callback=readable, help="What to change.", show_default=False)
    ],
    out: Out,
    force: Force = False,
) -> None:
    """Changes a picture as an instruction says; FILE itself stays."""
    settings = load_settings(paints=True)
    _check_words(instruction, "The instruction", "make it night", settings)
    _make(settings, "edit_image", {"instruction": instruction}, instruction, targets(out, 1, force), file)


def extend(
    file: SourceFile,
    out: Out,
    to: Annotated[
        str,
        typer.Argument(
            metavar="[TO]",
            callback=readable,
            help='left, right, top, bottom, "both sides", "all sides", or a format: wide, tall, square, 16:9.',
        ),
    ] = "all sides",
    force: Force = False,
) -> None:
    """Paints more around a picture, on some sides or till it has a format; FILE itself stays."""
    from tools.extend import sides_of

    settings = load_settings(paints=True)
    _check_words(to, "TO", "left", settings)
    sides_of(to)
    _make(settings, "extend_image", {"to": to}, f"{readable(file.name)}, extended: {to}", targets(out, 1, force), file)


def upscale(
    file: SourceFile,
    out: Out,
    scale: Annotated[int, typer.Option(metavar="N", help="How many times larger: 2 or 4.")] = 4,
    force: Force = False,
) -> None:
    """Enlarges a picture with a network that adds detail."""
    from tools.upscale import SCALES

    if scale not in SCALES:
        raise UsageFault(f"{scale} times is not possible; --scale is {' or '.join(map(str, SCALES))}.")
    title = f"{readable(file.name)}, {scale} times larger"
    _make(load_settings(paints=True), "upscale_image", {"scale": scale}, title, targets(out, 1, force), file)


def targets(out: Path, count: int, force: bool) -> list[Path]:
    """The files to write: `out` itself, or `out-1`, `out-2`, … for several.

    Raises:
        UsageFault: The ending is none that can be written, a file exists and `force` is not given, it is a folder, or
            its folder may not be written.
    """
    from ui.terminal_files import FORMATS

    out = expanded(out)
    if out.is_dir():
        raise UsageFault(f"{out} is a folder; name a file with --out, such as {out / 'picture.png'}.")
    if out.suffix.lower() not in FORMATS:
        raise UsageFault(f"The file {out} cannot be written as a picture; end its name in {', '.join(FORMATS)}.")
    paths = [out] if count == 1 else [out.with_stem(f"{out.stem}-{number}") for number in range(1, count + 1)]
    taken = [str(path) for path in paths if path.exists()]
    if taken and not force:
        exist = "exists" if len(taken) == 1 else "exist"
        raise UsageFault(f"{', '.join(taken)} {exist} already; name another file with --out, or add --force.")
    check_folder(out.parent)
    return paths


def _check_words(text: str, what: str, example: str, settings: Settings) -> None:
    limit = settings.limits.message_chars
    if not text.strip():
        raise UsageFault(f"{what} is empty; write something like “{example}”.")
    if len(text) > limit:
        raise UsageFault(f"{what} has {len(text):,} characters; at most {limit:,} are read, so please shorten it.")


def _check_size(size: str, settings: Settings) -> None:
    """Refuses a size that the model cannot paint before anything is started, and says when it is rounded."""
    from models.errors import BadRequest
    from models.presets import Presets, plan
    from models.recipe import Operation
    from tools.errors import BadArgument
    from tools.generate import read_size

    preset = Presets.load(folder=settings.models).named(Operation.GENERATE, settings.preset.generate)
    try:
        wanted = read_size(size)
        extent = plan(preset, Operation.GENERATE, wanted)
    except (BadArgument, BadRequest) as error:
        raise UsageFault(str(error)) from error
    if extent != wanted:
        typer.echo(f"{wanted} is rounded to {extent}, which {preset.name} paints.", err=True)


def _make(
    settings: Settings,
    tool: str,
    args: Mapping[str, Any],
    title: str,
    paths: Sequence[Path],
    source: Path | None = None,
) -> None:
    from ui.wiring import open_house

    upload = _upload(source, settings) if source is not None else None
    with open_house(settings, talks=False) as house:
        make(house, tool, args, title, paths, upload)


def _upload(file: Path, settings: Settings) -> UploadFile:
    """The picture to start from; `BadUpload` for what is none, before anything is started."""
    from agent.turn import UploadFile
    from tools.intake import read_upload
    from ui.terminal_input import read_upload_file

    upload = UploadFile(readable(file.name), read_upload_file(file, settings.limits.upload_bytes))
    read_upload(upload.data, upload.name, settings.limits)
    return upload


def make(
    house: House,
    tool: str,
    args: Mapping[str, Any],
    title: str,
    paths: Sequence[Path],
    upload: UploadFile | None = None,
) -> None:
    """Runs one tool in a session of its own, writes the pictures it made to `paths` in order, and prints these; what a
    person should know of them goes to standard error.

    Args:
        house: What does the work.
        tool, args: As the language model would call it; `upload`, if given, is its `image`.
        title: What the turn and the session are called.
        paths: Where pictures are written.
        upload: The picture to start from.
    """
    from agent.events import Progress
    from tools.intake import clean_name
    from ui.terminal_files import encoded, write_whole
    from ui.terminal_screen import Screen
    from ui.terminal_turns import Conversation, Outcome

    agent, outcome = house.agent, Outcome()
    with Conversation(house) as conversation:
        if upload is not None:
            state = conversation.follow(lambda session: agent.run_turn(session, "", [upload]), outcome.note)
            _end_unless_done(state, outcome)
            args = {"image": outcome.pictures.pop().handle, **args}
        with Screen(console(stderr=True)) as screen:

            def show(event: Event) -> None:
                outcome.note(event)
                if isinstance(event, Progress):
                    screen.show(event)

            state = conversation.follow(lambda session: agent.act(session, tool, args, title), show)
        made = sorted(outcome.pictures, key=lambda picture: picture.handle)
        for picture, path in zip(made, paths, strict=False):  # one that ended early has fewer pictures than paths
            write_whole(path, encoded(house.library.pixels(picture.sha256), path.suffix))
            typer.echo(path)
        _tell(outcome, paths[: len(made)])
        _end_unless_done(state, outcome, clean_name(upload.name) if upload else "")


def _tell(outcome: Outcome, paths: Sequence[Path]) -> None:
    """Says on standard error what a change came to, and what the pictures lack or show in another's place."""
    if outcome.changed:
        say(f"{' and '.join(path.name for path in paths)}: {outcome.changed}.")
    if outcome.remark:
        say(f"Note: {outcome.remark.rstrip('.')}.")


def _end_unless_done(state: State, outcome: Outcome, file: str = "") -> None:
    """Says in one sentence why a turn ended early, and ends the command with the exit code that belongs to it.

    `file` is the picture that it starts from, which is #1 in its session, and is called by its name here.
    """
    if outcome.refused is not None:
        complain(refusal(outcome.refused.reason, outcome.refused.rewording), ExitCode.REFUSED)
    if outcome.failed is not None:
        reason = outcome.failed.reason
        complain(re.sub(r"#1\b", f"“{file}”", reason) if file else reason, ExitCode.FAILED)
    if state == "stopped":
        complain("Stopped; what was finished is kept.", ExitCode.STOPPED)
