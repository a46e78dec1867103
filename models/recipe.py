"""The complete, replayable request for a picture: plain values, free of torch and SQL.

A `Recipe` names everything that decides the pixels. The same recipe on the same weights and the same kind of device
gives the same bytes, painted alone and as large a part of the model on the device; else the same picture but for
rounding. It is stored with the picture it made and with the job that makes it, as JSON (`Recipe.model_dump_json()`,
`Recipe.model_validate_json()`). Unknown keys are refused, so an old program does not replay a newer recipe wrongly.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

MAX_COUNT = 8
"""The most pictures one request may ask for."""


class Operation(StrEnum):
    """What can be done. `LOOK` gives words instead of a picture. `JUDGE` is what some presets are for, and never a
    recipe's. `EXTEND` paints what lies beyond a picture's edges (outpainting). `IMPORT` is an upload: pixels that no
    model made. `ADJUST` is exact arithmetic."""

    GENERATE = "generate"
    EDIT = "edit"
    INPAINT = "inpaint"
    EXTEND = "extend"
    VARY = "vary"
    UPSCALE = "upscale"
    LOOK = "look"
    JUDGE = "judge"
    ADJUST = "adjust"
    IMPORT = "import"


class Extent(NamedTuple):
    """A size in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"

    @property
    def pixels(self) -> int:
        return self.width * self.height


class Margins(NamedTuple):
    """Pixels that are added around a picture."""

    left: int
    top: int
    right: int
    bottom: int


AdjustOperation = Literal[
    "crop", "rotate", "flip", "resize", "brightness", "contrast", "saturation", "sharpen", "blur", "greyscale"
]


class Recipe(BaseModel):
    """One picture's request. A request for several pictures is several recipes that differ in `seed`.

    Attributes:
        operation: What is done.
        prompt: The words for the painter, the instruction for the editor, or the question about a picture.
        negative_prompt: What must not appear.
        preset: Name of the preset that runs it; empty only for `ADJUST` and `IMPORT`.
        weights: SHA-256 of the preset's weights manifest, filled in by the engine's preset; empty where no model runs.
        enlarged_with: What names the weights of the upscaler that brought what was painted back to the picture's size,
            filled in likewise; empty where nothing had to be enlarged.
        seed: 0 to 2**32 - 1; always filled in before a job is queued, so that a picture can be made again.
        extent: Size of the result in pixels, already rounded to what the preset paints.
        steps: Sampling steps; None where the operation has none.
        guidance: Classifier-free guidance; None where the preset has none.
        strength: 0 (change nothing) to 1 (change everything), for edits and variations.
        mask: SHA-256 of the stored mask picture (white = edit), or None.
        region: The region to edit as (left, top, right, bottom) in fractions of the size, or None for the whole.
        margins: What is added around the picture, for `EXTEND`.
        parents: SHA-256 of the pictures it starts from, in order.
        scale: Upscaling factor, for `UPSCALE`.
        adjust: The exact operation, for `ADJUST`.
        amount: The exact operation's amount in its canonical form, for `ADJUST`.
        judges: The judges of pixels that its asker has beside the rules; they judge it wherever it is painted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    operation: Operation
    prompt: str = ""
    negative_prompt: str = ""
    preset: str = ""
    weights: str = ""
    enlarged_with: str = ""
    seed: int = Field(default=0, ge=0, lt=2**32)
    extent: Extent
    steps: int | None = Field(default=None, ge=1, le=200)
    guidance: float | None = None
    strength: float | None = Field(default=None, ge=0, le=1)
    mask: str | None = None
    region: tuple[float, float, float, float] | None = None
    margins: Margins | None = None
    parents: tuple[str, ...] = ()
    scale: int | None = None
    adjust: AdjustOperation | None = None
    amount: str = ""
    judges: tuple[str, ...] = Field(default=(), exclude_if=lambda judges: not judges)


class Brief(BaseModel):
    """What the agent worked out before painting; a preset's prompt template turns it into a prompt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    style: str = ""
    avoid: str = ""
