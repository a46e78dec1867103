"""What a tool call is called in plain words, for the page and the terminal: "Painting “a red fox”", "Enlarging #2".

Nothing here decides anything: each tool's words are its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.shelf import parents
from storage.records import Picture
from tools import catalog

ORIGIN = {
    "edit": "edit",
    "inpaint": "edit",
    "extend": "extension",
    "vary": "variation",
    "upscale": "enlargement",
    "adjust": "adjustment",
}

PRESSED = {"upscale_image": "Enlarge", "vary_image": "Vary", "adjust_image": "Adjust"}
"""What the cards' buttons are called, by the tool that each calls."""

LABELS = {
    "prompt": "Prompt",
    "negative_prompt": "Without",
    "aspect": "Shape",
    "count": "How many",
    "seed": "Seed",
    "style": "Style",
    "preset": "Model preset",
    "image": "Picture",
    "instruction": "Instruction",
    "region": "Region",
    "strength": "Strength",
    "references": "Looking at",
    "scale": "Times larger",
    "to": "To",
    "operation": "Operation",
    "amount": "Amount",
    "question": "Question",
    "query": "Looking for",
}


def doing(name: str, args: Mapping[str, Any]) -> str:
    """What is going on now, such as "Painting “a red fox in the snow”"."""
    now, _, what = catalog.doing(name, args)
    return f"{now} {what}".rstrip()


def did(name: str, args: Mapping[str, Any]) -> str:
    """What was done, such as "Painted “a red fox in the snow”"."""
    _, past, what = catalog.doing(name, args)
    return f"{past} {what}".rstrip()


def wished(name: str, args: Mapping[str, Any]) -> str:
    """What a button says for the person, such as "Vary #3" or "Marked part of #1: add a moon"."""
    image = f"#{args.get('image')}"
    if name == "edit_image":
        return f"{'Marked part' if args.get('region') else 'Edit'} of {image}: {args.get('instruction', '')}"
    return f"{PRESSED.get(name, name)} {catalog.doing(name, args).what or image}"


def arguments(args: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The call's arguments as (label, value) for people; empty ones left out."""
    shown: list[tuple[str, str]] = []
    for key, value in args.items():
        if value in ("", None, []):
            continue
        mark = "#" if key in ("image", "references") else ""
        text = ", ".join(f"{mark}{each}" for each in (value if isinstance(value, list) else [value]))
        shown.append((LABELS.get(key, key.replace("_", " ").capitalize()), text))
    return shown


def origin(picture: Picture) -> str:
    """Where a picture comes from: "edit of #2", "uploaded", or empty for one painted from words."""
    operation = str(picture.recipe.get("operation", ""))
    if operation == "import":
        return "uploaded"
    if not picture.parents:
        return ""
    return f"{ORIGIN.get(operation, 'made')} of {parents(picture)}"
