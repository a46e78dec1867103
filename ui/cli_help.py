"""What the documentation prints from code: the commands' help in `docs/cli.md`, the presets in `docs/presets.md`."""

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


def preset_rows() -> Iterator[str]:
    """The table of all presets, as lines of Markdown."""
    from models.presets import Presets

    yield "| preset | what it is | does | licence | billions of parameters | memory, offloaded (GiB) | faster by |"
    yield "|---|---|---|---|---|---|---|"
    for preset in Presets.load():
        source = f"[{preset.title}](https://huggingface.co/{preset.hub})" if preset.hub else preset.title
        does = (
            ", ".join(preset.operations)
            + (f" {preset.stage}" if preset.stage else "")
            + (f"; looks at {preset.references} more pictures" * bool(preset.references))
        )
        licence = f"{preset.licence}{'' if preset.commercial else ' (no commercial use)'}"
        asked = ", asked for once" if preset.accept_licence else ""
        memory = f"{preset.memory:g}" + (f", {preset.memory_offloaded:g}" if preset.memory_offloaded else "")
        size, fast = f"{preset.parameters:g}", ", ".join(preset.speed_ups)
        yield f"| `{preset.name}` ({preset.part}) | {source} | {does} | {licence}{asked} | {size} | {memory} | {fast} |"


def tier_rows() -> Iterator[str]:
    """Which preset serves what at each tier, as lines of Markdown."""
    from models.presets import tiers

    yield "| `EASEL_TIER` | generate | edit | vary | upscale | look |"
    yield "|---|---|---|---|---|---|"
    for tier, chosen in tiers().items():
        yield f"| `{tier}` | " + " | ".join(f"`{name}`" for name in chosen.values()) + " |"


def judge_rows() -> Iterator[str]:
    """When each judge of pixels refuses and marks a picture, as lines of Markdown."""
    from models.presets import Presets

    yield "| judge | what it looks for | our category | `review` from | `block` from |"
    yield "|---|---|---|---|---|"
    for preset in Presets.load():
        for label, threshold in preset.thresholds.items():
            review = "–" if threshold.review is None else f"{threshold.review:g}"
            yield f"| `{preset.name}` | {label} | `{threshold.category}` | {review} | {threshold.block:g} |"
