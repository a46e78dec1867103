"""The named models: what each can do, in which sizes, with which defaults, under which licence.

`presets.toml` is the one list. A preset's *parts* share its name (`embedded` has a painter, an editor and an
upscaler), so a person names one preset and the operation picks the part. This module knows no torch: tools and the
command line read it to plan sizes and to fill in a recipe; `models.engine` loads what it names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.errors import BadRequest, UnknownPreset
from models.recipe import Brief, Extent, Operation
from models.weights import manifest_hash

PRESETS_FILE = Path(__file__).parent / "presets.toml"
_LONGEST_TO_SHORTEST = 8  # a picture narrower than this cannot be edited: nothing would be left of its short side


class Preset(BaseModel):
    """One part of a named model.

    Attributes:
        name: The name a person uses; parts share it.
        part: painter, editor or upscaler.
        title: What it is, for lists.
        folder: Weights on this machine; exactly one of `folder` and `hub` is set.
        hub: Id on the Hugging Face hub.
        file: The weights file in the folder, for `spandrel`.
        loader: What reads it: Easel's own painter, diffusers' pipeline classes, or spandrel.
        operations: What it serves.
        dtype: `auto` is bfloat16 where the device computes in it, float32 elsewhere.
        steps, guidance, strength: Defaults for a recipe; None where the model has no such thing.
        image_guidance: How strongly an editor keeps to the given picture.
        varies_with: For `diffusers`: the class that starts from a picture, for `vary`; it shares the loaded networks.
        draws: What its pictures are like, where it cannot paint just anything: "flat little scenes of 550 things".
        describes: Whether its pipeline can say what a picture shows.
        extents: Size by aspect, in pixels.
        multiple: Sides are multiples of this.
        min_side, max_side: Bounds of a side in pixels, as the network sees it.
        template: The prompt for a `Brief`; a part in square brackets goes when its field is empty.
        licence: SPDX identifier of the weights.
        memory: What it takes when loaded and running, in GiB.
        draft_with: Preset whose painter shows at once what the picture may become, while this one loads and paints.
        enlarge_with: Preset whose upscaler returns a changed picture to a size larger than `max_side`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    part: Literal["painter", "editor", "upscaler"]
    title: str
    folder: Path | None = None
    hub: str | None = None
    file: str = ""
    loader: Literal["easel", "diffusers", "spandrel"] = "diffusers"
    operations: tuple[Operation, ...]
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    steps: int | None = None
    guidance: float | None = None
    image_guidance: float | None = None
    strength: float | None = None
    varies_with: str = ""
    draws: str = ""
    describes: bool = False
    extents: Mapping[str, Extent] = Field(default_factory=dict[str, Extent])
    multiple: int = Field(ge=1)
    min_side: int = Field(ge=1)
    max_side: int
    template: str = "{subject}"
    licence: str
    memory: float
    draft_with: str = ""
    enlarge_with: str = ""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.folder is None) == (self.hub is None):
            raise ValueError(f"preset {self.name}.{self.part} must have exactly one of folder and hub")
        return self

    @property
    def label(self) -> str:
        """`name.part`, unique among presets."""
        return f"{self.name}.{self.part}"

    def weights_hash(self) -> str:
        """What names these weights in a recipe; empty while they are not on this machine.

        For a folder the SHA-256 of its manifest, for a hub model the commit of the snapshot in the local cache.
        """
        if self.folder is not None:
            return manifest_hash(self.folder)
        snapshot = self.snapshot()
        return snapshot.name if snapshot else ""

    def snapshot(self) -> Path | None:
        """Where the hub's cache on this machine holds the model (a folder named by its commit), or None."""
        from huggingface_hub import try_to_load_from_cache

        found = try_to_load_from_cache(self.hub or "", "model_index.json")
        return Path(found).parent if isinstance(found, str) else None

    def extent(self, aspect: str = "square") -> Extent:
        """The size for an aspect: a name (`square`, `wide`, `tall`) or a ratio such as `16:9`.

        Raises:
            BadRequest: No such aspect.
        """
        if aspect in self.extents:
            return self.extents[aspect]
        ratio = re.fullmatch(r"(\d{1,4}):(\d{1,4})", aspect)
        if not ratio or "0" in ratio.groups():
            raise BadRequest(f"There is no aspect “{aspect}”; use {', '.join(self.extents)} or a ratio such as 3:2.")
        wide, tall = int(ratio[1]), int(ratio[2])
        side = (self.extents["square"].pixels / (wide * tall)) ** 0.5
        return Extent(self.rounded(wide * side), self.rounded(tall * side))

    def render(self, brief: Brief) -> str:
        """The prompt for a brief: the template with every bracket whose field is empty left out."""
        fields = brief.model_dump()
        kept = re.sub(r"\[([^\]]*\{(\w+)\}[^\]]*)\]", lambda m: m[1] if fields[m[2]] else "", self.template)
        return kept.format(**fields)

    def rounded(self, side: float) -> int:
        """The nearest side in pixels that the network can make."""
        lowest = -(-self.min_side // self.multiple) * self.multiple
        highest = self.max_side // self.multiple * self.multiple
        return min(max(round(side / self.multiple) * self.multiple, lowest), highest)


def plan(preset: Preset, operation: Operation, wanted: Extent | str) -> Extent:
    """The size that a preset can make, nearest to the wanted one; where they differ the caller says so.

    Painting takes a size or an aspect, and rounds sides within the preset's bounds to its multiple. Editing and
    varying take the picture's own size and return it unchanged, whatever it is: the engine shrinks the picture to
    what the network reads and enlarges the result back. Enlarging takes the size of the result.

    Raises:
        BadRequest: The size cannot be made; the sentence says what can.
    """
    if isinstance(wanted, str):
        return preset.extent(wanted)
    low, high = preset.min_side, preset.max_side
    if min(wanted) < 1:
        raise BadRequest(f"{wanted} is not a size; a picture is at least 1 pixel wide and tall.")
    if operation is Operation.GENERATE:
        if min(wanted) < low or max(wanted) > high:
            raise BadRequest(
                f"{preset.name} cannot paint {wanted}: its sides are {low} to {high} pixels; ask for "
                f"{preset.extent()}, and enlarge the picture afterwards if it should be larger."
            )
        return Extent(preset.rounded(wanted.width), preset.rounded(wanted.height))
    if operation is Operation.UPSCALE:
        if max(wanted) > high:
            raise BadRequest(f"{preset.name} cannot enlarge to {wanted}: a side is at most {high} pixels.")
        return wanted
    if max(wanted) > _LONGEST_TO_SHORTEST * min(wanted):
        raise BadRequest(f"A picture of {wanted} is too narrow for {preset.name}; crop it to at most 8:1 first.")
    return wanted


class Presets:
    """All presets of a file, in its order."""

    def __init__(self, presets: Mapping[str, Preset]) -> None:
        self._by_label = dict(presets)

    @classmethod
    def load(cls, path: Path = PRESETS_FILE) -> Presets:
        """Reads a presets file; folders in it are relative to the file."""
        parts: dict[str, Preset] = {}
        for name, family in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for part, fields in family.items():
                if "folder" in fields:
                    fields["folder"] = path.parent / fields["folder"]
                parts[f"{name}.{part}"] = Preset(name=name, part=part, **fields)
        return cls(parts)

    def __iter__(self) -> Iterator[Preset]:
        return iter(self._by_label.values())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(preset.name for preset in self))

    def get(self, name: str) -> tuple[Preset, ...]:
        """All parts of a preset.

        Raises:
            UnknownPreset: No preset of that name.
        """
        parts = tuple(preset for preset in self if preset.name == name)
        if not parts:
            raise UnknownPreset(f"There is no preset “{name}”; there are {', '.join(self.names)}.")
        return parts

    def for_operation(self, operation: Operation, name: str) -> Preset:
        """The part of a preset that serves an operation.

        Raises:
            UnknownPreset: No preset of that name, or it does not serve the operation.
        """
        for preset in self.get(name):
            if operation in preset.operations:
                return preset
        able = [other for other in self.names if any(operation in p.operations for p in self.get(other))]
        raise UnknownPreset(f"The preset “{name}” cannot {operation}; these can: {', '.join(able) or 'none'}.")
