"""What lies in a person's models folder, as far as its names and headers tell; no weights are read."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from models.weights import PICKLES

LORAS = "loras"
"""Where in the models folder LoRAs are looked for."""
_LONGEST = 64 << 20  # bytes of a header
_KINDS = {
    re.compile(
        r"(?:^|[._])lora_(?:[AB]|up|down|unet|te)|\.lora\.(?:up|down)\."
    ): f"is a LoRA; move it to {LORAS}/ there",
    re.compile(r"^(?:model\.)?(?:diffusion_model|double_blocks|joint_blocks|first_stage_model)\."): (
        "is a checkpoint of a painter, and Easel reads those only as diffusers' folders; move it away"
    ),
    re.compile(r"(?:^|\.)text_model\.|^encoder\.block\."): "is a text encoder and no upscaler; move it away",
}
"""What is no upscaler, by the names of its tensors."""


def upscalers(folder: Path | None, taken: Collection[str]) -> tuple[dict[str, Path], dict[str, str]]:
    """The files of a models folder that may be upscalers, by name; and why each other file is none, in a sentence.

    Args:
        folder: The models folder; None or one that is not there holds nothing.
        taken: Names that are other presets' already.
    """
    found, strays = dict[str, Path](), dict[str, str]()
    for file in sorted(folder.glob("*")) if folder else ():
        if file.suffix.lower() not in {".safetensors", *PICKLES}:
            continue
        why = _fault(file)
        if not why and file.stem in taken:
            why = f"is called like the preset {file.stem}, which comes with Easel; rename it"
        if why:
            strays[file.stem] = f"{file} {why}."
        else:
            found[file.stem] = file
    for file in sorted(folder.glob("*/*.safetensors")) if folder else ():
        if file.parent.name != LORAS:
            strays[f"{file.parent.name}/{file.stem}"] = (
                f"{file} lies in a folder where nothing is looked for; move it up."
            )
    return found, strays


def _fault(file: Path) -> str:
    """Why a file is no upscaler; "" where it may be one, or is too damaged to tell."""
    if not file.is_file():
        return "points to a file that is not there" if file.is_symlink() else "is no file"
    if file.suffix in PICKLES:
        return "is a pickle, which can run code; convert it to safetensors first"
    if file.suffix != ".safetensors":
        return "is not read; its name must end in .safetensors"
    try:
        names = _tensors(file)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if names is None:
        return "" if file.stat().st_size else "is empty; copy it again"
    return next((what for kind, what in _KINDS.items() if any(map(kind.search, names))), "")


def _tensors(file: Path) -> list[str] | None:
    """The names of a safetensors file's tensors by its header; None where that cannot be read."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        header = opened.read(length) if length <= _LONGEST else b""
    try:
        named = json.loads(header)
    except ValueError:
        return None
    return list(named) if isinstance(named, Mapping) else None
