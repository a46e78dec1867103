"""The named models: what each can do, in which sizes, with which defaults, under which licence.

`presets.toml` is the one list. A preset's *parts* share its name (`embedded` has a painter, an editor and an
upscaler), so a person names one preset and the operation picks the part. This module knows no torch: tools and the
command line read it to plan sizes and to fill in a recipe; `models.engine` loads what it names.

A person's own models folder adds to the list: `NAME.safetensors` in it is an upscaler called NAME, and
`loras/NAME.safetensors` is a LoRA, put behind any diffusers preset as `flux2-klein+NAME` (`models.own_files`).
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import math
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.errors import BadRequest, UnknownPreset, WeightsMissing
from models.own_files import LORAS, upscalers
from models.recipe import Brief, Extent, Operation
from models.weights import file_hash, manifest_hash

PRESETS_FILE = Path(__file__).parent / "presets.toml"
_PIECE = re.compile(r"[^\W\d_\u0530-\u1dff\u2e80-\U0010ffff]+|\w|[^\w\s]+")  # what is a token at least
_NEAR = 0.02  # how far the strength that is run may be from the one that is asked for
_LONGEST_TO_SHORTEST = 8  # a picture narrower than this cannot be edited: nothing would be left of its short side
_AREA = 0.25  # how much a size's number of pixels counts against its shape


class Lora(BaseModel):
    """A low-rank adapter that is added to a preset's weights.

    Attributes:
        hub, file: Where it is on the hub; with an empty `hub`, `file` is a path on this machine.
        revision: The commit on the hub; empty is the newest.
        scale: 1 is as trained.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hub: str = ""
    file: str
    revision: str = ""
    scale: float = 1.0

    def found(self) -> Path | None:
        """Its file on this machine, or None."""
        return cached(self.hub, self.file, self.revision) if self.hub else Path(self.file)

    def here(self) -> Path:
        """Its file on this machine.

        Raises:
            WeightsMissing: It is not here.
        """
        path = self.found()
        if path is None:
            raise WeightsMissing(f"The LoRA {self.file} of {self.hub} is not on this machine; pull its preset again.")
        return path


class Threshold(BaseModel):
    """From which score on what a judge sees is refused.

    Attributes:
        category: What the verdict calls it (`storage.records.Verdict`).
        block: The picture is not shown.
        review: It is shown, and marked; None marks nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: str
    block: float
    review: float | None = None


class Preset(BaseModel):
    """One part of a named model.

    Attributes:
        name: The name a person uses; parts share it.
        part: painter, editor, upscaler, looker (picture and question to words) or judge.
        title: What it is, for lists.
        folder: Weights on this machine; exactly one of `folder` and `hub` is set.
        hub: Id on the Hugging Face hub.
        file: The one weights file, for `spandrel`.
        own: Whether the file lies in the person's models folder, where nobody vouches for it.
        revision: The commit on the hub that was tried; empty is the newest.
        variant: Which of several files for the same weights is taken (`fp16`); empty is the plain one.
        loader: What reads it: Easel's own painter, diffusers' pipeline classes, transformers' networks, or spandrel.
        pipeline: For `diffusers`: the class that generates, or that edits where the preset paints nothing.
        inpaints_with: The class that repaints a marked part; it shares the loaded networks. Empty: `pipeline` edits
            the whole picture, and the engine takes only the marked part of it.
        network: For `transformers`: the class of its network.
        scheduler: Values that replace those of the published scheduler.
        lora: Adapters that are added to the weights when they are loaded.
        operations: What it serves.
        dtype: `auto` is bfloat16 where the device computes in it, float32 elsewhere; `half` is bfloat16, but float16 on
            GPUs that only emulate it, for networks that were made for it (newer ones overflow).
        steps, guidance, strength: Defaults for a recipe; None where the model has no such thing.
        guided_by: The parameter of the class that is this model's guidance.
        guidance_distilled: Guidance is an input of the network, so that nothing can be avoided by a negative prompt.
        image_guidance: How strongly an editor keeps to the given picture.
        inpaint_strength: Noise on a marked part when the recipe has no strength.
        prompt_tokens: Tokens of a prompt that are read, for `diffusers`; what follows is cut off.
        references: How many further pictures an edit may be shown.
        varies_with: For `diffusers`: the class that starts from a picture, for `vary`; it shares the loaded networks.
        draws: What its pictures are like, where it cannot paint just anything: "flat little scenes of 566 things".
        describes: Whether its pipeline can say what a picture shows.
        stage: For a judge: what it judges.
        thresholds: For a judge of pixels: when each of its labels is refused. What it is sure of from 0 to 1, but for
            the CLIP safety checker: how far a likeness is above its own threshold for that concept.
        extents: Size by aspect, in pixels.
        multiple: Sides are multiples of this.
        min_side, max_side: Bounds of a side in pixels, as the network sees it.
        template: The prompt for a `Brief`; a part in square brackets goes when its field is empty.
        licence: SPDX identifier of the weights, or the licence's own name.
        commercial: Whether that licence allows commercial use.
        accept_licence: Whether a person must have agreed to the licence before the weights are fetched or run.
        parameters: Of all networks together, in billions.
        memory: What it takes when loaded whole and running, in GiB, in the preset's dtype: a first guess, until it is
            measured (`models.memory`).
        memory_offloaded: The same if only the network in use is on the GPU, which is how it is loaded where `memory` is
            too much; None where that was not worked out. Less than that runs layer by layer.
        speed_ups: What its class can be sped up with: `distilled` (few steps), `compile`, `cache` (of blocks between
            steps).
        draft_with: Preset whose painter shows at once what the picture may become, while this one loads and paints.
        enlarge_with: Preset whose upscaler returns a changed picture to a size larger than `max_side`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    part: Literal["painter", "editor", "upscaler", "looker", "judge"]
    title: str
    folder: Path | None = None
    hub: str | None = None
    file: str = ""
    own: bool = False
    revision: str = ""
    variant: str = ""
    loader: Literal["easel", "diffusers", "transformers", "spandrel"] = "diffusers"
    pipeline: str = ""
    inpaints_with: str = ""
    network: str = ""
    scheduler: Mapping[str, float | str | bool] = Field(default_factory=dict[str, float | str | bool])
    lora: tuple[Lora, ...] = ()
    operations: tuple[Operation, ...]
    dtype: Literal["auto", "half", "float32", "bfloat16"] = "auto"
    steps: int | None = None
    guidance: float | None = None
    guided_by: Literal["guidance_scale", "true_cfg_scale"] = "guidance_scale"
    guidance_distilled: bool = False
    image_guidance: float | None = None
    strength: float | None = None
    inpaint_strength: float = Field(default=1.0, gt=0, le=1)
    prompt_tokens: int | None = None
    references: int = Field(default=0, ge=0)
    varies_with: str = ""
    draws: str = ""
    describes: bool = False
    stage: Literal["", "words", "pixels"] = ""
    thresholds: Mapping[str, Threshold] = Field(default_factory=dict[str, Threshold])
    extents: Mapping[str, Extent] = Field(default_factory=dict[str, Extent])
    multiple: int = Field(default=1, ge=1)
    min_side: int = Field(default=1, ge=1)
    max_side: int = 16384
    template: str = "{subject}"
    licence: str
    commercial: bool
    accept_licence: bool = False
    parameters: float = Field(gt=0)
    memory: float
    memory_offloaded: float | None = None
    speed_ups: tuple[Literal["distilled", "compile", "cache"], ...] = ()
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

        For a folder the SHA-256 of its manifest, for a single file the SHA-256 of that, for a hub model the commit of
        the snapshot in the local cache; where LoRAs are added, all those names hashed together with their scales.
        """
        base = self._base_hash()
        if not base or not self.lora:
            return base
        loras = [(lora.found(), lora.scale) for lora in self.lora]
        if any(path is None or not path.is_file() for path, _ in loras):
            return ""
        named = [base, *(f"{file_hash(path)} {scale}" for path, scale in loras if path)]
        return hashlib.sha256("\n".join(named).encode()).hexdigest()

    def _base_hash(self) -> str:
        if self.single:
            found = self.weights_file()
            return file_hash(found) if found else ""
        if self.folder is not None:
            return manifest_hash(self.folder)
        snapshot = self.snapshot()
        return snapshot.name if snapshot else ""

    @property
    def single(self) -> bool:
        """Whether the weights are one file without a manifest: on the hub, or in a person's models folder."""
        return self.loader == "spandrel" and (self.hub is not None or self.own)

    def avoids(self, guidance: float | None) -> bool:
        """Whether a negative prompt is heeded: by Easel's own painter, and by classifier-free guidance so strong. All
        others would take it and paint the thing nonetheless."""
        free = guidance is not None and guidance > 1 and not self.guidance_distilled
        return self.loader == "easel" or free

    def worded(self, prompt: str, avoid: str) -> tuple[str, str]:
        """A prompt and a negative prompt: what must not appear is said in the prompt where no other is heeded."""
        if not avoid or self.avoids(self.guidance):
            return prompt, avoid
        return f"{prompt.rstrip(' .,;')} without {avoid}".lstrip(), ""

    @property
    def edits_whole(self) -> bool:
        """Whether it edits more than a marked part."""
        return "Inpaint" not in self.pipeline

    def weighs(self, *, part: bool) -> bool:
        """Whether an edit of a whole picture, or of a `part` of it, can be told how much may change."""
        repaints = "Inpaint" in (self.inpaints_with if part and self.inpaints_with else self.pipeline)
        return self.loader == "easel" or self.image_guidance is not None or repaints

    def steps_at(self, strength: float | None) -> int | None:
        """The steps of a recipe that begins from a picture at a strength; see `begun`."""
        if strength is None or self.steps is None or self.loader != "diffusers" or self.image_guidance is not None:
            return self.steps
        return begun(self.steps, strength)[0]

    def unread(self, prompt: str) -> str:
        """What of a prompt is cut off, as far as can be told without the model's own words; "" where nothing is.

        Words, signs and each letter that is not Latin, Greek or Cyrillic count as a token, long words as more, which is
        about as the tokenizers have it.
        """
        left = self.prompt_tokens or len(prompt)
        for piece in _PIECE.finditer(prompt):
            left -= 1 + (len(piece[0]) - 1) // 10
            if left < 0:
                return prompt[piece.start() :]
        return ""

    @property
    def index(self) -> str:
        """The file that says what the model's folder holds."""
        return "config.json" if self.loader == "transformers" else "model_index.json"

    def weights_file(self) -> Path | None:
        """The one file of a `spandrel` preset on this machine, or None."""
        if self.folder is not None:
            path = self.folder / self.file
            return path if path.is_file() else None
        return cached(self.hub or "", self.file, self.revision)

    def snapshot(self) -> Path | None:
        """Where the hub's cache on this machine holds the model (a folder named by its commit), or None."""
        found = cached(self.hub or "", self.index, self.revision)
        return found.parent if found else None

    def extent(self, aspect: str = "square") -> Extent:
        """The size for an aspect: a name (`square`, `wide`, `tall`) or a ratio such as `16:9`.

        Raises:
            BadRequest: No such aspect.
        """
        if aspect in self.extents:
            return self.extents[aspect]
        ratio = re.fullmatch(r"(\d{1,4}(?:\.\d+)?):(\d{1,4}(?:\.\d+)?)", aspect)
        if not ratio or not all(map(float, ratio.groups())):
            raise BadRequest(f"There is no aspect “{aspect}”; use {', '.join(self.extents)} or a ratio such as 3:2.")
        asked, usual = float(ratio[1]) / float(ratio[2]), self.extents["square"].pixels

        def unlike(extent: Extent) -> float:
            """How far a size is from the shape, and less so from the usual number of pixels."""
            shape, area = extent.width / extent.height / asked, extent.pixels / usual
            return abs(math.log(shape)) + _AREA * abs(math.log(area))

        side = (usual * asked) ** 0.5
        wide = {self.rounded(side + step * self.multiple) for step in (-2, -1, 0, 1, 2)}
        tall = {self.rounded(side / asked + step * self.multiple) for step in (-2, -1, 0, 1, 2)}
        return min((Extent(*sides) for sides in itertools.product(sorted(wide), sorted(tall))), key=unlike)

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


def working_extent(preset: Preset, extent: Extent) -> Extent:
    """The size at which a preset changes a picture of `extent`: about the area it paints, nearly the same shape. Our
    own painter works at any size that it paints, as what it draws is as good at each."""
    if preset.loader == "easel" and all(preset.rounded(side) == side for side in extent):
        return extent
    scale = (preset.extent().pixels / extent.pixels) ** 0.5
    return Extent(preset.rounded(extent.width * scale), preset.rounded(extent.height * scale))


def begun(steps: int, strength: float) -> tuple[int, int]:
    """With how many sampling steps a picture is painted over at a strength, and how many of these are taken.

    They are more than `steps` where so few cannot come within 0.02 of the strength. Below 1 the first is never taken:
    it would begin at noise alone and see nothing of the picture.
    """
    if strength >= 1:
        return steps, steps
    for number in itertools.count(max(steps, 2)):
        taken = min(max(round(strength * number), 1), number - 1)
        share = taken / number  # which diffusers multiplies by the number again, and cuts to a whole
        if abs(share - strength) <= _NEAR and share * number == taken:
            return number, taken
    raise AssertionError("any strength is near enough to some share")


def missing(preset: Preset) -> WeightsMissing:
    """The error that says how weights come to this machine."""
    return WeightsMissing(
        f"The weights of {preset.title} are not on this machine; fetch them once with: easel models pull {preset.name}"
    )


def cached(hub: str, file: str, revision: str = "") -> Path | None:
    """A file of a hub repository in the local cache, or None; the network is not asked."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(hub, file, revision=revision or None)
    return Path(found) if isinstance(found, str) else None


def plan(preset: Preset, operation: Operation, wanted: Extent | str) -> Extent:
    """The size that a preset can make, nearest to the wanted one; where they differ the caller says so.

    Painting takes a size or an aspect, and rounds sides within the preset's bounds to its multiple. Editing and
    varying take the picture's own size and return it unchanged, whatever it is: the engine shrinks the picture to
    what the network reads and enlarges the result back. Enlarging and extending take the size of the result.

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
        raise BadRequest(f"A picture of {wanted} is too narrow; crop it to at most 8:1 first.")
    return wanted


class Presets:
    """All presets of a file, in its order, and those of a person's models folder."""

    def __init__(
        self, presets: Mapping[str, Preset], folder: Path | None = None, strays: Mapping[str, str] | None = None
    ) -> None:
        self._by_label = dict(presets)
        self._folder = folder
        self._strays = dict(strays or {})

    @classmethod
    def load(cls, path: Path = PRESETS_FILE, folder: Path | None = None) -> Presets:
        """Reads a presets file; folders in it are relative to the file.

        Args:
            path: The presets file.
            folder: A person's models folder; None or a folder that is not there adds nothing.
        """
        parts: dict[str, Preset] = {}
        for name, family in _tables(path).items():
            for part, fields in family.items():
                if "folder" in fields:
                    fields["folder"] = path.parent / fields["folder"]
                parts[f"{name}.{part}"] = Preset(name=name, part=part, **fields)
        found, strays = upscalers(folder, {preset.name for preset in parts.values()})
        for own in map(_own_upscaler, found.values()):
            parts[own.label] = own
        return cls(parts, folder, strays)

    def __iter__(self) -> Iterator[Preset]:
        return iter(self._by_label.values())

    @property
    def folder(self) -> Path | None:
        """The person's models folder."""
        return self._folder

    @property
    def strays(self) -> tuple[str, ...]:
        """Which files of the models folder are no presets, and why, each in a sentence."""
        return tuple(self._strays.values())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(preset.name for preset in self))

    def serving(self, operation: Operation) -> tuple[str, ...]:
        """The names of all presets that serve an operation, in their order."""
        return tuple(dict.fromkeys(preset.name for preset in self if operation in preset.operations))

    def get(self, name: str) -> tuple[Preset, ...]:
        """All parts of a preset.

        Raises:
            UnknownPreset: No preset of that name.
        """
        base, *rest = _named(name, self.names)
        loras = sorted(_named("+".join(rest), self.loras)) if rest else []
        parts = tuple(preset for preset in self if preset.name == base)
        if not parts:
            raise UnknownPreset(
                self._strays.get(base) or f"There is no preset “{base}”; there are {', '.join(self.names)}."
            )
        if twice := next((one for one, other in itertools.pairwise(loras) if one == other), ""):
            raise UnknownPreset(f"The LoRA “{twice}” is named twice in “{name}”; name it once.")
        added = tuple(self._lora(lora) for lora in loras)
        if not added:
            return parts
        if any(preset.loader != "diffusers" for preset in parts):
            raise UnknownPreset(f"The preset “{base}” takes no LoRA; name it alone.")
        whole = "+".join([base, *loras])
        return tuple(p.model_copy(update={"name": whole, "lora": (*p.lora, *added)}) for p in parts)

    def named(self, operation: Operation, said: str) -> Preset:
        """The part of the preset that a person calls by its name or some of it ("klein", "FLUX.2 klein").

        Raises:
            UnknownPreset: None that serves the operation is called so, or several are.
        """
        base, *loras = _named(said.strip(), self.names)
        meant = _called(base, self.serving(operation)) or _called(base, self.names)[:1]  # who cannot, is told
        plain = min(meant, key=len, default="")
        if len(meant) > 1 and all(name.startswith(plain) for name in meant):  # "qwen" is no Lightning
            meant = [plain]
        if len(meant) > 1:
            raise UnknownPreset(f"Several presets are called “{base}”; say which: {', '.join(meant)}.")
        return self.for_operation(operation, "+".join([*meant, *loras]) if meant else said)

    @property
    def loras(self) -> tuple[str, ...]:
        """Names of the LoRAs in the models folder."""
        return tuple(sorted(file.stem for file in self._folder.glob(f"{LORAS}/*.safetensors"))) if self._folder else ()

    def _lora(self, name: str) -> Lora:
        if self._folder is None or name not in self.loras:
            known = f"there are {', '.join(self.loras)}" if self.loras else "the models folder holds none"
            raise UnknownPreset(f"There is no LoRA “{name}”; {known}.")
        return Lora(file=str(self._folder / LORAS / f"{name}.safetensors"))

    def memory_of(self, judges: Collection[str]) -> float:
        """GiB that stay with those of the named judges that look at pixels."""
        return sum(preset.memory for preset in self if preset.stage == "pixels" and preset.name in judges)

    def for_operation(self, operation: Operation, name: str) -> Preset:
        """The part of a preset that serves an operation.

        Raises:
            UnknownPreset: No preset of that name, or it does not serve the operation.
        """
        for preset in self.get(name):
            if operation in preset.operations:
                return preset
        able = ", ".join(self.serving(operation))
        raise UnknownPreset(f"The preset “{name}” cannot {operation}; these can: {able or 'none'}.")


def _named(said: str, known: Collection[str]) -> list[str]:
    """The parts of a name that + joins, where names that are known may hold one themselves; the first is the longest
    that is known."""
    words, parts = said.split("+"), list[str]()
    while words:
        longest = (n for n in range(len(words), 0, -1) if "+".join(words[:n]) in known)
        end = next(longest, 1)
        parts.append("+".join(words[:end]))
        words = words[end:]
    return parts


def _called(said: str, names: Sequence[str]) -> list[str]:
    """Which of the names somebody means who says one of them or some of it."""
    if said in names:
        return [said]
    words = re.findall(r"[a-z]+|\d+", said.lower())
    same = [name for name in names if _letters(name) == _letters(said)]
    return same or [name for name in names if words and all(word in _letters(name) for word in words)]


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


@functools.cache
def tiers(path: Path = PRESETS_FILE) -> Mapping[str, Mapping[str, str]]:
    """Which preset serves which operation, by the memory of the GPU in GB; `cpu` is without one."""
    return tomllib.loads(path.read_text(encoding="utf-8"))["tiers"]


def tier_for(memory: float) -> str:
    """The largest tier for a GPU of so many GiB; its number is in GB, as GPUs are sold."""
    fitting = [name for name in tiers() if name != "cpu" and int(name) * 1e9 / 2**30 <= memory]
    return max(fitting, key=int, default="cpu")


def _tables(path: Path) -> dict[str, Any]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    tables.pop("tiers", None)
    return tables


def _own_upscaler(file: Path) -> Preset:
    """The preset of a file in the models folder; what network it holds is seen when it is loaded."""
    return Preset(
        name=file.stem,
        part="upscaler",
        title=f"{file.name} in the models folder",
        folder=file.parent,
        file=file.name,
        own=True,
        loader="spandrel",
        operations=(Operation.UPSCALE,),
        dtype="float32",
        multiple=1,
        min_side=1,
        max_side=16384,
        licence="not known",
        commercial=False,
        parameters=max(1e-6, file.stat().st_size / 4e9),
        memory=max(1.0, 20 * file.stat().st_size / 2**30),
    )
