"""The engine: a recipe and the pictures it starts from go in, one picture comes out, or words about one.

It loads the preset that the recipe names, lets `models.memory` decide what stays loaded and in which mode, reports
progress with small previews, and stops within one sampling step when asked. Requests that are alike are painted in one
pass where the painter can. The same recipe on the same weights and kind of device gives the same bytes; in a pass of
several (`models.diffusion`) or in another mode (`models.offload`) it gives the same picture but for rounding. Nothing
is replaced silently: what a preset cannot do is refused in a sentence (`models.errors`), and after any error the engine
serves the next recipe.

Pictures that are larger than what an editor or painter reads are shrunk for it, and the result is enlarged back to the
picture's own size with the upscaler that the preset names (`enlarge_with`). Outside of an edited region, and where the
editor knows that nothing changes, the picture stays as it was to the byte; inside, fine detail is the upscaler's.

One engine belongs to one worker process and serves one recipe at a time; it is not thread-safe.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import torch
from PIL import Image, ImageChops
from safetensors import SafetensorError

from models.batches import together
from models.carried import carrying, layout_of, painted_squares
from models.compiled import openvino_device
from models.errors import BadRequest, ModelError, OutOfMemory, Stopped, WeightsMissing
from models.hub import FETCHING, Progress, complete, pull
from models.licences import Licences
from models.memory import Memory, is_out_of_memory
from models.painting import Edited, Paints, PaintsTogether, Report, Stop, Watch
from models.place import Place, pick_device
from models.presets import Preset, Presets, missing, plan, working_extent
from models.recipe import Extent, Margins, Operation, Recipe
from models.region import paste, region_mask, surrounded
from models.rendering.autoencoder import PATCH
from models.residence import Mode
from models.upscaler import Upscaler, shrink
from models.weights import refuse_pickles, verify

if TYPE_CHECKING:
    from models.looking import Looker

SCALES = (2, 4)
T = TypeVar("T")


class Runs(Protocol):
    """What a worker needs of an engine; `Engine` and `models.flat.FlatEngine` are ones."""

    @property
    def loaded(self) -> tuple[str, ...]: ...

    def expect(self, names: Sequence[str]) -> None: ...

    def together(self, one: Recipe, other: Recipe) -> bool: ...

    def run_batch(
        self, recipes: Sequence[Recipe], reports: Sequence[Report], stops: Sequence[Stop]
    ) -> list[Image.Image | Stopped]: ...

    def signed(self, recipe: Recipe) -> Recipe: ...

    def run(
        self, recipe: Recipe, inputs: Sequence[Image.Image], mask: Image.Image | None, report: Report, stop: Stop
    ) -> Image.Image: ...

    def describe(self, recipe: Recipe, picture: Image.Image) -> str: ...

    def look(self, recipe: Recipe, picture: Image.Image, report: Report, stop: Stop) -> str: ...


class Engine:
    """Runs the presets of one device."""

    def __init__(
        self,
        presets: Presets,
        device: str = "auto",
        threads: int = 0,
        memory: float | Memory | None = None,
        *,
        offline: bool = True,
        compiling: bool = False,
    ) -> None:
        """
        Args:
            presets: What can be run.
            device: `auto` (a GPU where there is one), `cpu`, a torch device such as `cuda:0`, or `openvino`.
            threads: Torch's threads; 0 leaves torch's own choice.
            memory: Budget for loaded models in GiB; None takes most of the GPU's memory, or half of the machine's. Or
                who decides on the device's memory, with more settings.
            offline: Whether weights that are not here are refused; else they are fetched from the hub when needed.
            compiling: Whether the networks of presets that gain by it are compiled for a GPU at their first picture.

        Raises:
            ModelError: There is no such device here.
        """
        self._presets = presets
        self._offline, self._compiling = offline, compiling
        self.device, self._openvino = _device(device), openvino_device(device)
        self._memory = memory if isinstance(memory, Memory) else Memory(self.device, memory)
        self._enlarged_with = ""  # of the picture that was made last
        self._read: dict[str, str] = {}  # what names the weights that were read, by label: files may be replaced
        if threads:
            torch.set_num_threads(threads)

    @property
    def loaded(self) -> tuple[str, ...]:
        """Labels of the models on the device, the one unused for longest first."""
        return self._memory.loaded

    def run(
        self, recipe: Recipe, inputs: Sequence[Image.Image], mask: Image.Image | None, report: Report, stop: Stop
    ) -> Image.Image:
        """Makes one picture of `recipe.extent`, RGB.

        Args:
            recipe: What to make; its weights hash, if filled in, must be that of the weights here.
            inputs: The pictures it starts from, RGB, as `recipe.parents` names them; for an edit the first is changed
                and the others are looked at, where the preset has `references`.
            mask: L, white where an edit may change pixels, as large as the picture; None for `recipe.region` or all.
            report: Told of progress, previews included.
            stop: Asked between steps.

        Raises:
            BadRequest, UnknownPreset, WeightsMissing, OutOfMemory, Stopped: As `models.errors` describes them.
        """
        preset = self._presets.for_operation(recipe.operation, recipe.preset)
        _admit(recipe, preset, inputs)
        self._enlarged_with = ""
        try:
            if recipe.operation is Operation.GENERATE:
                self._draft(recipe, preset, report)
                watch = _steps_of(report, stop, 1.0)
                return self._paints(preset, lambda painter: painter.paint(recipe, recipe.extent, watch), report, stop)
            if recipe.operation is Operation.UPSCALE:
                enlarged = self._enlarge(recipe.preset, inputs[0], recipe.extent, report, stop)
                return carrying(enlarged, layout_of(inputs[0]))
            if recipe.operation is Operation.EXTEND:
                return self._extend(recipe, preset, inputs[0], report, stop)
            return self._change(recipe, preset, inputs, mask, report, stop)
        except OutOfMemory as error:
            raise self._advised(error, recipe, preset) from error

    def expect(self, names: Sequence[str]) -> None:
        """Tells which presets waiting jobs want, by name or label; these are let go of last."""
        self._memory.expect(names)

    def together(self, one: Recipe, other: Recipe) -> bool:
        """Whether `run_batch` would make both in one pass. Transitive, so a batch is whatever goes with its first."""
        return together(self._presets, one, other)

    def run_batch(
        self, recipes: Sequence[Recipe], reports: Sequence[Report], stops: Sequence[Stop]
    ) -> list[Image.Image | Stopped]:
        """Makes pictures that go `together`, each as `run` would make it.

        Args:
            recipes: At least one.
            reports, stops: One for each recipe, as for `run`.

        Returns:
            In the order of the recipes, a picture, or `Stopped` where that was wished; the others go on.

        Raises:
            BadRequest, UnknownPreset, WeightsMissing, OutOfMemory: As for `run`; then none was made.
        """
        first, self._enlarged_with = recipes[0], ""
        preset = self._presets.for_operation(first.operation, first.preset)
        for recipe, report in zip(recipes, reports, strict=True):
            assert self.together(first, recipe), "a worker asks before it takes them together"
            _admit(recipe, preset, ())
            self._draft(recipe, preset, report)
        watches = [_steps_of(report, stop, 1.0) for report, stop in zip(reports, stops, strict=True)]

        def paint(painter: PaintsTogether) -> list[Image.Image | Stopped]:
            try:
                return painter.paint_batch(recipes, first.extent, watches)
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error):
                    raise
            # Together they are too large, which says nothing of one alone.
            return [
                painter.paint_batch([recipe], first.extent, [watch])[0]
                for recipe, watch in zip(recipes, watches, strict=True)
            ]

        def report_all(fraction: float, words: str, preview: Image.Image | None) -> None:
            for report in reports:
                report(fraction, words, preview)

        try:
            return self._use(preset, paint, report_all, lambda: all(stop() for stop in stops), len(recipes))
        except OutOfMemory as error:
            raise self._advised(error, first, preset) from error

    def keep(self, preset: Preset, model: Paints | Upscaler) -> None:
        """Takes a model that was loaded or made elsewhere, on this engine's device, as if it had loaded it itself."""
        self._read[preset.label] = preset.weights_hash()
        self._memory.keep(preset, model)

    def signed(self, recipe: Recipe) -> Recipe:
        """The recipe as it is kept with the picture that was made last: with the hashes of the weights that made it."""
        preset = self._presets.for_operation(recipe.operation, recipe.preset)
        return recipe.model_copy(update={"weights": self._hash_of(preset), "enlarged_with": self._enlarged_with})

    def _hash_of(self, preset: Preset) -> str:
        """What names a preset's weights as they were read last; those on the disk where they were not read yet."""
        return self._read.get(preset.label) or preset.weights_hash()

    def describe(self, recipe: Recipe, picture: Image.Image) -> str:
        """What a picture made by a recipe shows, in words; "" where the painter of its preset cannot tell."""
        preset = next((part for part in self._presets.get(recipe.preset) if part.describes), None)
        if preset is None:
            return ""
        small = _shrunk(preset, picture)
        return self._paints(preset, lambda painter: painter.describe(small), _unheard, _unstopped)

    def look(self, recipe: Recipe, picture: Image.Image, report: Report, stop: Stop) -> str:
        """Answers the question `recipe.prompt` about a picture in words; "" where the preset has nothing to say.

        Raises:
            UnknownPreset, WeightsMissing, OutOfMemory, Stopped: As `models.errors` describes them.
        """
        preset = self._presets.for_operation(Operation.LOOK, recipe.preset)
        if preset.describes:
            return self.describe(recipe, picture)

        def answer(looker: Looker) -> str:
            report(0.5, "looking", None)
            return looker.answer(picture, recipe.prompt, stop)

        try:
            return self._use(preset, answer, report, stop)
        except OutOfMemory as error:
            raise self._advised(error, recipe, preset) from error

    def _draft(self, recipe: Recipe, preset: Preset, report: Report) -> None:
        """Shows a quick picture of the same words, if the preset names who draws it and is on this machine itself."""
        if not preset.draft_with or not preset.weights_hash():
            return
        quick = self._presets.for_operation(Operation.GENERATE, preset.draft_with)
        extent = working_extent(quick, recipe.extent)
        drawn = recipe.model_copy(
            update={"preset": quick.name, "extent": extent, "steps": quick.steps, "guidance": None, "weights": ""}
        )
        with suppress(ModelError):  # the quick painter knows less of the world, or finds no room; the picture goes on
            draft = self._paints(quick, lambda painter: painter.paint(drawn, extent, _unwatched), report, _unstopped)
            report(0.0, "a quick draft", draft)

    def _change(
        self,
        recipe: Recipe,
        preset: Preset,
        inputs: Sequence[Image.Image],
        mask: Image.Image | None,
        report: Report,
        stop: Stop,
    ) -> Image.Image:
        """An edit, inpainting or variation, at the size the model reads, brought back to the picture's own."""
        original, *references = inputs
        extent = Extent(*original.size)
        if mask is None and recipe.region is not None:
            mask = region_mask(recipe.region, extent)
        if mask is None and recipe.operation is Operation.INPAINT:
            raise BadRequest("Inpainting needs a mask or a region; mark the part that should change.")
        small = _shrunk(preset, original)
        grows = small.width < extent.width or small.height < extent.height
        watch = _steps_of(report, stop, 0.9 if grows else 1.0)
        shown = mask and mask.resize(small.size, Image.Resampling.NEAREST)
        further = [_shrunk(preset, one) for one in references]

        def change(painter: Paints) -> Edited:
            if recipe.operation is Operation.VARY:
                return Edited(painter.vary(recipe, small, watch), None)
            return painter.edit(recipe, small, shown, watch, further)

        edited = self._paints(preset, change, report, stop)
        changed = edited.picture
        if edited.changed is not None:  # also of a marked part: what stands in it is not cut in two
            whole = edited.changed.resize(extent, Image.Resampling.NEAREST)
            mask = whole if mask is None else ImageChops.lighter(mask, whole)
        changed = self._sized(preset, changed, extent, report, stop)
        if mask is not None:
            changed = paste(changed, original, mask)
        return carrying(changed, layout_of(edited.picture))

    def _extend(self, recipe: Recipe, preset: Preset, original: Image.Image, report: Report, stop: Stop) -> Image.Image:
        """A picture and what lies beyond its edges; where the model goes on from its pixels, they stay to the byte."""
        assert recipe.margins, "an extension without them is not admitted"
        sides = (original.width, original.height) * 2
        left, top, right, bottom = (margin / side for margin, side in zip(recipe.margins, sides, strict=True))
        small, watch = _shrunk(preset, original), _steps_of(report, stop, 0.9)
        edited = self._paints(
            preset, lambda painter: painter.extend(recipe, small, (left, top, right, bottom), watch), report, stop
        )
        made = self._sized(preset, edited.picture, recipe.extent, report, stop)
        if edited.changed is not None:
            larger, mask = surrounded(original, recipe.margins)
            made = paste(made, larger, mask)
        return carrying(made, layout_of(edited.picture))

    def _sized(self, preset: Preset, picture: Image.Image, extent: Extent, report: Report, stop: Stop) -> Image.Image:
        """What a preset made, as large as it should be; enlarging is the last tenth of the work."""
        if picture.width < extent.width or picture.height < extent.height:
            picture = self._enlarge(
                preset.enlarge_with, picture, extent, lambda f, text, p: report(0.9 + 0.1 * f, text, p), stop
            )
            self._enlarged_with = self._hash_of(self._presets.for_operation(Operation.UPSCALE, preset.enlarge_with))
        return shrink(picture, extent)

    def _enlarge(self, name: str, picture: Image.Image, extent: Extent, report: Report, stop: Stop) -> Image.Image:
        preset = self._presets.for_operation(Operation.UPSCALE, name)

        def enlarge(upscaler: Upscaler) -> Image.Image:
            return upscaler.enlarge(picture, extent, lambda part: report(part, "enlarging", None), stop)

        return self._use(preset, enlarge, report, stop)

    def _paints(self, preset: Preset, work: Callable[[Paints], T], report: Report, stop: Stop) -> T:
        return self._use(preset, work, report, stop)

    def _use(self, preset: Preset, work: Callable[[Any], T], report: Report, stop: Stop, pictures: int = 1) -> T:
        """Has the model of a preset do something; loading it may push others out of memory, fetching it be stopped."""
        here = preset.weights_hash()
        if self._read.get(preset.label, here) != here:  # its files were replaced or removed
            self._memory.drop(preset.label)
        if not self._memory.holds(preset.label):
            Licences(self._presets.folder).require(preset)
            if not self._offline and preset.hub and self._memory.fitting(preset) and not complete(preset):
                report(0.0, f"{FETCHING} {preset.title}", None)
                pull(preset, _fetching(report), stop)

        def load(mode: Mode) -> Paints | Upscaler | Looker:
            self._read[preset.label] = preset.weights_hash()
            model = load_model(preset, self.device, self._openvino, mode, compiling=self._compiling)
            if Place.for_preset(preset, self.device, compiling=self._compiling).compiles:
                report(0.0, f"compiling the {preset.part} for this GPU, a minute or more the first time", None)
            return model

        return self._memory.use(preset, load, work, report, pictures)

    def _advised(self, error: OutOfMemory, recipe: Recipe, preset: Preset) -> OutOfMemory:
        """The error, and what would fit instead: a smaller picture, other presets."""
        advice: list[str] = []
        half = Extent(preset.rounded(recipe.extent.width / 2), preset.rounded(recipe.extent.height / 2))
        if (
            recipe.operation is Operation.GENERATE
            and self._memory.fitting(preset)
            and half.pixels < recipe.extent.pixels
        ):
            advice.append(f"ask for {half}")
        smaller = [
            other
            for other in self._presets
            if recipe.operation in other.operations and other.memory < preset.memory and self._memory.fitting(other)
        ]
        if recipe.operation is Operation.EDIT and recipe.region is None and recipe.mask is None:
            smaller = [other for other in smaller if other.edits_whole]
        if smaller:
            nearest = sorted(smaller, key=lambda other: (not complete(other), -other.memory))[:3]
            advice.append(f"choose the preset {' or '.join(map(_offered, nearest))}")
        what = " or ".join(advice) or f"make room on {self.device}, as no smaller preset here would fit"
        return OutOfMemory(f"{str(error).rstrip('.')}; {what}.")


def _offered(preset: Preset) -> str:
    """A preset's name, and what there is to know before it is chosen."""
    caveats = [
        *(["to be pulled"] if not complete(preset) else []),
        *(["no commercial use"] if not preset.commercial and not preset.own else []),
    ]
    return f"{preset.name} ({', '.join(caveats)})" if caveats else preset.name


def _shrunk(preset: Preset, picture: Image.Image) -> Image.Image:
    """A picture at the size at which a preset changes it: that at which its own painter painted it, if known."""
    extent = working_extent(preset, Extent(*picture.size))
    if preset.loader == "easel" and (squares := painted_squares(layout_of(picture))):
        painted = Extent(squares[0] * PATCH, squares[1] * PATCH)
        extent = painted if all(preset.rounded(side) == side for side in painted) else extent
    return shrink(picture, extent)


def _device(setting: str) -> torch.device:
    try:
        device = torch.device(pick_device(setting))
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:  # torch's own words go over many lines
        why = f" ({str(error).partition('. ')[0].splitlines()[0]})" if setting.lower().startswith("cuda") else ""
        here = ["auto", "cpu", *(f"cuda:{number}" for number in range(torch.cuda.device_count()))]
        raise ModelError(
            f"EASEL_DEVICE={setting} is no device that torch finds here{why}; choose {' or '.join(here)}."
        ) from error
    return device


def describe_device(preset: Preset, device: str, threads: int, *, compiling: bool = False) -> str:
    """Where a preset would run and how it would compute, in words for people.

    Args:
        preset: What would run.
        device: The setting, as for `pick_device`.
        threads: The setting; 0 means all cores.
        compiling: The setting.

    Raises:
        ModelError: There is no such device, or OpenVINO is chosen and not installed.
    """
    place = Place.for_preset(preset, _device(device), openvino_device(device), compiling=compiling)
    if place.openvino:
        return f"OpenVINO on {'the processor' if place.openvino == 'CPU' else place.openvino}"
    dtype = str(place.autocast or place.weights).removeprefix("torch.")
    if place.device.type == "cpu":
        count = threads or torch.get_num_threads()
        return f"the processor, {count} thread{'s' if count > 1 else ''}, computing in {dtype}"
    compiled = ", compiled at the first picture" if place.compiles else ""
    return f"{torch.cuda.get_device_name(place.device)} ({place.device}), {dtype}{compiled}"


def memory_on(device: str, reserved: float = 0.0) -> Memory:
    """The memory of a device by its setting, nothing loaded, but for so many GiB that are another's.

    Raises:
        ModelError: There is no such device.
    """
    return Memory(_device(device), reserved=reserved)


def load_model(
    preset: Preset,
    device: torch.device,
    openvino: str = "",
    mode: Mode = Mode.WHOLE,
    *,
    compiling: bool = False,
) -> Paints | Upscaler | Looker:
    """The model of a preset; what reads it is imported here, as it takes seconds that no other preset should wait.

    Args:
        preset: What to load.
        device: Torch's.
        openvino: OpenVINO's device, where that is to compute what it can.
        mode: How a pipeline of diffusers lives on the device; others are loaded whole.
        compiling: Whether networks are compiled where the preset gains by it.
    """
    place = Place.for_preset(preset, device, openvino, compiling=compiling)
    if preset.loader == "easel":
        from models.scenes import Scenes

        return Scenes.load(preset, place)
    if preset.loader == "diffusers":
        from models.diffusion import Diffusion

        return Diffusion.load(preset, place, mode)
    if preset.loader == "transformers":
        from models.looking import Looker

        return Looker.load(preset, place)
    if preset.single:
        file = preset.weights_file()
        if file is None:
            raise missing(preset)
    else:
        assert preset.folder is not None, preset.label
        refuse_pickles(preset.folder)
        verify(preset.folder)
        file = preset.folder / preset.file
    try:
        return Upscaler.load(file, place)
    except SafetensorError as error:
        raise WeightsMissing(f"{file} holds no network: it is damaged, or not safetensors; fetch it again.") from error


def _admit(recipe: Recipe, preset: Preset, inputs: Sequence[Image.Image]) -> None:
    """Refuses what cannot be made before anything is loaded."""
    wanted = 0 if recipe.operation is Operation.GENERATE else 1
    further = preset.references if recipe.operation is Operation.EDIT else 0
    if further and len(inputs) > 1 + further:
        raise BadRequest(f"{preset.name} looks at one picture and at most {further} further ones, not {len(inputs)}.")
    if not wanted <= len(inputs) <= wanted + further:
        raise BadRequest(f"To {recipe.operation} takes {wanted} picture{'s' * (wanted != 1)}, not {len(inputs)}.")
    if inputs and recipe.operation is Operation.UPSCALE:
        if recipe.scale not in SCALES:
            raise BadRequest(f"{recipe.scale} times is not possible; the scale is 2 or 4.")
        source = Extent(inputs[0].width * recipe.scale, inputs[0].height * recipe.scale)
    elif inputs and recipe.operation is Operation.EXTEND:
        left, top, right, bottom = margins = recipe.margins or Margins(0, 0, 0, 0)
        if min(margins) < 0 or not any(margins):
            raise BadRequest(f"The margins {tuple(margins)} add nothing; say on which side there should be more.")
        source = Extent(inputs[0].width + left + right, inputs[0].height + top + bottom)
    else:
        source = Extent(*inputs[0].size) if inputs else recipe.extent
    planned = plan(preset, recipe.operation, source)
    if recipe.extent != planned:
        raise BadRequest(f"{preset.name} cannot make {recipe.extent} here; it makes {planned}.")
    here = preset.weights_hash()
    if recipe.weights and here and recipe.weights != here:
        raise WeightsMissing(
            f"This recipe was made with other weights of {preset.name} ({recipe.weights[:12]}…) than those on this "
            f"machine ({here[:12]}…), so it would give another picture; start a new one."
        )


def _steps_of(report: Report, stop: Stop, share: float) -> Watch:
    """Turns sampling steps into progress from 0 to `share`."""

    def watch(step: int, steps: int, preview: Image.Image | None) -> bool:
        report(share * step / steps, f"step {step} of {steps}", preview)
        return stop()

    return watch


def _fetching(report: Report) -> Progress:
    """Turns bytes that are here into words."""
    return lambda name, here, whole: report(0.0, f"{FETCHING} {name}, {here / whole:.0%} of all", None)


def _unheard(part: float, words: str, preview: Image.Image | None) -> None:
    """Nobody is told."""


def _unstopped() -> bool:
    """Nobody stops it: nothing of it has to be fetched."""
    return False


def _unwatched(step: int, steps: int, preview: Image.Image | None) -> bool:
    """Nobody watches, so nobody stops it: it takes one step."""
    del step, steps, preview
    return False
