"""What a tool call is called in plain words, for the page and the terminal: "Painting “a red fox”", "Enlarging #2".

Nothing here decides anything. An unknown tool is shown by its name, so that a new one needs no entry to work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.shelf import parents
from storage.records import Picture

ORIGIN = {
    "edit": "edit",
    "inpaint": "edit",
    "extend": "extension",
    "vary": "variation",
    "upscale": "enlargement",
    "adjust": "adjustment",
}

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
    "text": "Text",
}


def doing(name: str, args: Mapping[str, Any]) -> str:
    """What is going on now, such as "Painting “a red fox in the snow”"."""
    image, count = args.get("image"), args.get("count", 1)
    times = f", {count} times" if isinstance(count, int) and count > 1 else ""
    match name:
        case "generate_image":
            return f"Painting “{short(args.get('prompt', ''))}”{times}"
        case "edit_image":
            return f"Editing #{image}: “{short(args.get('instruction', ''))}”"
        case "extend_image":
            return f"Extending #{image}: {args.get('to', 'all sides')}"
        case "upscale_image":
            return f"Enlarging #{image} {args.get('scale', 4)} times"
        case "vary_image":
            return f"Varying #{image}{times}"
        case "adjust_image":
            return f"Adjusting #{image}: {args.get('operation', '')} {args.get('amount', '')}".rstrip()
        case "look_at_image":
            return f"Looking at #{image}" if args.get("question") else f"Showing #{image} again"
        case "find_images":
            return f"Searching the pictures for “{short(args.get('query', ''))}”"
        case "check_safety":
            return "Checking whether this may be shown"
        case _:
            return name.replace("_", " ").capitalize()


PAST = {
    "Painting": "Painted",
    "Editing": "Edited",
    "Extending": "Extended",
    "Enlarging": "Enlarged",
    "Varying": "Varied",
    "Adjusting": "Adjusted",
    "Looking": "Looked",
    "Showing": "Showed",
    "Searching": "Searched",
    "Checking": "Checked",
}


def did(name: str, args: Mapping[str, Any]) -> str:
    """What was done, such as "Painted “a red fox in the snow”"."""
    first, _, rest = doing(name, args).partition(" ")
    return f"{PAST.get(first, first)} {rest}".rstrip()


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


def short(text: object, most: int = 70) -> str:
    """A text on one line, cut at a word."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"
