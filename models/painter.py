"""The painter that ships with Easel: words to a layout, a layout to a picture, by diffusion.

`ScenePipeline` has two stages. `models.scene.composer` says what is where; for an edit the eye (`models.rendering.eye`,
`models.rendering.reading`) first reads the layout off the given picture, unless that carries it (`models.carried`).
Then `models.rendering.renderer.Renderer` lays what it learnt of places and things over each other, and takes the noise
out of latents around that:

    pipeline = ScenePipeline.load(EMBEDDED / "painter")
    picture = pipeline.paint("a red fox in the snow", generator=torch.Generator().manual_seed(1)).picture

With so few parameters one network cannot both learn from words how many dogs stand where and how a dog looks; two can,
and what the planner decided can be looked at. What words leave open, the view of a place among others, the generator
decides. Nothing here needs diffusers: a worker should not spend ten seconds on imports before its first picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import torch
from PIL import Image, ImageChops, ImageOps
from torch import nn

from models.carried import carrying, layout_of
from models.english.naming import Names
from models.errors import BadRequest
from models.rendering.autoencoder import PATCH, PatchAutoencoder
from models.rendering.eye import Eye, tensor_of
from models.rendering.layout import SIDES, WIDEST, Layout, Maps, Window, draw, kept
from models.rendering.reading import Reading, patches_of, read
from models.rendering.renderer import LATENT_CHANNELS, Renderer
from models.rendering.silhouettes import Silhouettes
from models.scene.captions import CaptionReader
from models.scene.composer import Composer
from models.scene.moons import with_one_moon
from models.scene.planner import Planner, Region
from models.scene.unchanged import wants_its_place, why_unchanged
from models.threads import one_thread

KNOWN = 0.55  # of a picture's variance; what leaves more of it unexplained is no picture of the painter's world
_LIKE = 1 / 3  # of that, of the squares at its things: who finds more unlike would paint other things in their place
_NOT_OURS = (
    "The small painter changes pictures of its own world only, and this is none, such as a photograph. Any picture can "
    "be cropped, turned, brightened, made grey and enlarged here, and a marked part filled; a preset for a GPU makes "
    "every change (easel models list)."
)
_TONED = 0.04  # mean difference (of values in -1…1) from which on all colours of a picture were changed
_SHIFT = 3.0  # of the times at which noise is taken out, towards the noisy end (Esser et al. 2024, arXiv 2403.03206)
_FIRST = 0.999  # how much of the noisiest latents is noise, before the shift
_RESAMPLED = {"RGB": Image.Resampling.LANCZOS, "L": Image.Resampling.NEAREST}  # pictures and masks

AfterStep = Callable[[int, int, torch.Tensor], None]
"""Called after each step with (steps done, steps in all, the clean latents as far as they are known)."""


@dataclass(frozen=True)
class Painted:
    """What `ScenePipeline` answers.

    Attributes:
        picture: RGB. It carries the layout, unless that is a guess: of an edited photograph.
        layout: What was planned.
        changed: For an edit a mask (L) of what changed; None where that is the whole picture.
    """

    picture: Image.Image
    layout: Layout
    changed: Image.Image | None = None


class ScenePipeline(nn.Module):
    """See the module's text. Paints from words; edits a picture as an instruction says; fills a mask from words."""

    def __init__(
        self,
        captions: CaptionReader,
        planner: Planner,
        eye: Eye,
        renderer: Renderer,
        vae: PatchAutoencoder,
        names: Names,
    ) -> None:
        """The networks, and what things are called."""
        super().__init__()
        self.composer = Composer(captions, planner, names, Silhouettes(renderer))
        self.eye, self.renderer, self.vae = eye, renderer, vae

    @classmethod
    def load(cls, folder: Path, dtype: torch.dtype = torch.float32) -> ScenePipeline:
        """All parts in a folder, on the CPU, in evaluation mode.

        Raises:
            WeightsMissing: A part is missing or is not the one that belongs there.
        """
        planner = Planner.load(folder / "planner", dtype)
        parts = (
            CaptionReader().to(dtype),
            planner,
            Eye.load(folder / "eye", dtype),
            Renderer.load(folder / "unet", dtype),
            PatchAutoencoder.load(folder / "vae", dtype),
        )
        return cls(*parts, Names.load(folder, planner.world.things)).eval().requires_grad_(False)

    @property
    def device(self) -> torch.device:
        return self.vae.middle.device

    @torch.no_grad()
    def paint(
        self,
        prompt: str,
        negative_prompt: str = "",
        width: int = 256,
        height: int = 256,
        steps: int = 1,
        generator: torch.Generator | None = None,
        after_step: AfterStep | None = None,
    ) -> Painted:
        """Paint one picture.

        Args:
            prompt: What to paint.
            negative_prompt: Things named here do not appear.
            width, height: Multiples of 64.
            steps: In which the noise is taken out.
            generator: On the CPU; the same one gives the same picture.
            after_step: Told of progress; what it raises ends the painting.
        """
        squares = (width // PATCH, height // PATCH)
        layout = self.composer.plan(prompt, squares, generator, negative_prompt)
        layout = replace(layout, view=self._some_view(generator))
        layout = self._with_one_moon(prompt, layout, Layout(layout.about), squares)
        return Painted(self._painted(layout, squares, None, 1.0, steps, generator, after_step), layout)

    @torch.no_grad()
    def edit(
        self,
        prompt: str,
        image: Image.Image,
        mask_image: Image.Image | None = None,
        strength: float | None = None,
        negative_prompt: str = "",
        steps: int = 1,
        generator: torch.Generator | None = None,
        after_step: AfterStep | None = None,
    ) -> Painted:
        """Edit a picture. Where words want just the place that it shows, that has another view.

        Arguments as for `paint`, and besides:

        Args:
            prompt: What to change, or what should stand where `mask_image` is white.
            image: RGB, sides multiples of 64; its size is the result's.
            mask_image: L, as large as the picture. Things whose middle is not in its box stay as they are, and what is
                new fits into it.
            strength: How much noise the edit starts from, 0–1; None is all.

        Raises:
            BadRequest: It is not one of this world, and no part of it is marked.
        """
        reading = self.reading(image)
        known = _is_known(reading)
        if not known and mask_image is None:
            raise BadRequest(_NOT_OURS)
        before, size = reading.layout, image.size
        if window := before.window:
            image = self._uncropped(image, before, window)
            mask_image = mask_image and _at(window, mask_image, Image.new("L", image.size))
        squares = (image.width // PATCH, image.height // PATCH)
        region = None if mask_image is None else _region(mask_image)
        shown = replace(before.seen(), mirrored=False, window=None)  # what is planned is where it is seen
        layout = self.composer.plan_edit(prompt, shown, squares, generator, negative_prompt, region)
        if known and layout == shown and region is None and wants_its_place(prompt, shown, self.composer.hear):
            layout = replace(layout, view=self._other_view(layout.view, generator))
        if not (before.mirrored or before.window):
            layout = self._with_one_moon(prompt, layout, shown, squares)
        layout = _as_shown(layout, before)
        stays = kept(self._drawn(before, squares), self._drawn(layout, squares))
        painted = ImageOps.mirror(image) if before.mirrored else image
        given = self.vae.encode(tensor_of(painted)[None].to(self.vae.middle)).float()
        part = strength or 1.0
        picture = self._painted(
            layout, squares, (given, stays), part, steps, generator, after_step, anew=known and part == 1
        )
        changed = _changed(stays[0, 0].flip(-1) if before.mirrored else stays[0, 0])
        if changed and mask_image:
            # What stood in the marked part is not cut in two; what a photograph shows outside of it is a guess.
            left = replace(before, things=tuple(one for one in before.things if one in layout.things))
            stood = kept(self._drawn(before, squares), self._drawn(left, squares))[0, 0]
            whole = _changed(stood.flip(-1) if before.mirrored else stood) if known else None
            changed = ImageChops.darker(changed, ImageChops.lighter(mask_image, whole) if whole else mask_image)
        if not known:
            carrying(picture, "")
        elif (matrix := self._toning(before, squares, painted)) is not None:
            toned = _toned(picture, matrix)
            toned = toned if changed is None else Image.composite(toned, picture, changed)
            picture = carrying(toned, layout_of(picture))
        if window:
            picture = carrying(_cut(picture, window, size), layout_of(picture))
            changed = changed and _cut(changed, window, size)
        return Painted(picture, layout, changed)

    @torch.no_grad()
    def vary(
        self,
        prompt: str,
        image: Image.Image,
        strength: float = 0.6,
        negative_prompt: str = "",
        steps: int = 1,
        generator: torch.Generator | None = None,
        after_step: AfterStep | None = None,
    ) -> Painted:
        """A picture like the given one, with what the eye sees in it, or else what the words say.

        Arguments as for `edit`, but `strength` is how far things may move, 1 being four squares, and from 0.25 on the
        place has another view.
        """
        reading = self.reading(image)
        layout, window = reading.layout, reading.layout.window
        squares = window.squares if window else (image.width // PATCH, image.height // PATCH)
        if not layout.things and reading.error >= KNOWN:
            layout = self.composer.plan(prompt, squares, generator, negative_prompt)
        layout = _moved(layout, round(4 * strength), squares, generator)
        if strength >= 0.25:
            layout = replace(layout, view=self._some_view(generator))
        picture = self._painted(layout, squares, None, 1.0, steps, generator, after_step)
        if window:
            picture = carrying(_cut(picture, window, image.size), layout_of(picture))
        return Painted(picture, layout)

    @torch.no_grad()
    def extend(
        self,
        image: Image.Image,
        margins: tuple[float, float, float, float],
        steps: int = 1,
        generator: torch.Generator | None = None,
        after_step: AfterStep | None = None,
    ) -> Painted | None:
        """A picture with more around it; None where it is not one of this world.

        What it shows stays as large as it is and, across, where it is; the surroundings are painted anew, so that
        they go on beyond the old edges: a sun stays one sun. Down, things stay as near to the ground as they were.

        Args:
            image: RGB, sides multiples of 64.
            margins: What is added (left, top, right, bottom), in fractions of its sides.
            steps, generator, after_step: As for `paint`.

        Raises:
            BadRequest: It would be larger than can be painted.
        """
        reading = self.reading(image)
        before = reading.layout
        if not _is_known(reading):
            return None
        layout, squares = before.extended((image.width // PATCH, image.height // PATCH), margins)
        if max(squares) > WIDEST:
            raise BadRequest("With so much around it the picture is too large to be painted; extend it on one side.")
        picture = self._painted(layout, squares, None, 1.0, steps, generator, after_step)
        if window := before.window:
            image = self._uncropped(image, before, window)
        painted = ImageOps.mirror(image) if before.mirrored else image
        matrix = self._toning(before, (image.width // PATCH, image.height // PATCH), painted)
        if matrix is not None:
            picture = carrying(_toned(picture, matrix), layout_of(picture))
        return Painted(picture, layout)

    @torch.no_grad()
    def why_unchanged(self, prompt: str, image: Image.Image) -> str:
        """Why an edit of a picture by these words changes nothing, in a sentence."""
        return why_unchanged(prompt, self.reading(image).layout.seen(), self.composer.hear)

    @torch.no_grad()
    def describe(self, picture: Image.Image) -> str:
        """What a picture shows (RGB, sides multiples of 64), in words: "red fox, hat; meadow, night". "" if it is not
        one of this world."""
        reading = self.reading(picture)
        return self.composer.planner.world.said(reading.layout) if reading.error < KNOWN else ""

    @torch.no_grad()
    def picture(self, latents: torch.Tensor) -> Image.Image:
        """The picture of latents (1, 192, rows, columns)."""
        return self.vae.pictures(latents)[0]

    def _painted(
        self,
        layout: Layout,
        squares: tuple[int, int],
        edited: tuple[torch.Tensor, torch.Tensor] | None,
        strength: float,
        steps: int,
        generator: torch.Generator | None,
        after_step: AfterStep | None,
        *,
        anew: bool = False,
    ) -> Image.Image:
        """A picture that has and carries this layout; `edited` are the latents of the picture to edit, and where that
        stays.

        Args:
            anew: Paint what does not stay as in a new picture: of one of this world that is what was there before, with
                the shadows that the renderer leaves out where it is shown the rest.
        """
        maps = self._drawn(layout, squares)
        noise = torch.randn(1, LATENT_CHANNELS, *maps.ids.shape[-2:], generator=generator).to(self.device)
        given, stays = edited or (torch.zeros_like(noise), torch.zeros_like(noise[:, :1]))
        times = noise_times(steps)[min(steps - 1, round((1 - strength) * steps)) :]
        latents = noise if len(times) > steps else (1 - times[0]) * given + times[0] * noise
        shown = torch.zeros_like(stays) if anew else stays
        for step, (now, then) in enumerate(pairwise(times), 1):
            with one_thread():  # what does not stay is not shown either: of what is gone a shade would be left
                clean = self.renderer(latents, torch.full((1,), now, device=self.device), maps, given * shown, shown)
            latents = towards(clean, latents, now, then)
            if after_step is not None:
                after_step(step, len(times) - 1, clean)
        picture = self.picture(stays * given + (1 - stays) * latents if anew else latents)
        picture = ImageOps.mirror(picture) if layout.mirrored else picture
        return carrying(picture, self.composer.planner.world.written(layout, squares))

    def _drawn(self, layout: Layout, squares: tuple[int, int]) -> Maps:
        """The maps of a layout as it is painted."""
        if layout.mirrored:
            things = (replace(one, column=squares[0] - one.column - one.side) for one in layout.things)
            layout = replace(layout, things=tuple(things))
        return draw([layout], *squares).to(self.device)

    @torch.no_grad()
    def reading(self, picture: Image.Image) -> Reading:
        """What a picture shows (RGB, sides multiples of 64), and how surely: what it carries, or what the eye finds."""
        squares = (picture.width // PATCH, picture.height // PATCH)
        layout = self.composer.planner.world.read(layout_of(picture), squares)
        if layout is not None and layout.view < self.renderer.views:
            return Reading(layout, 0.0)
        return read(self.eye, self.renderer, tensor_of(picture).to(self.device))

    def _uncropped(self, image: Image.Image, layout: Layout, window: Window) -> Image.Image:
        """A picture that was cropped, with what the crop took painted again."""
        whole = self._painted(layout, window.squares, None, 1.0, 1, torch.Generator().manual_seed(0), None)
        return _at(window, image, whole)

    def _toning(self, layout: Layout, squares: tuple[int, int], picture: Image.Image) -> torch.Tensor | None:
        """What was done to all colours of a picture (darkened, greyed) since it was painted with a layout and not yet
        mirrored, as a matrix (4, 3) for values in -1…1 and a 1; None where that is hardly anything."""
        collage, _ = self.renderer.collage(self._drawn(layout, squares))
        patches = (collage[0].clamp(-1, 1).float(), patches_of(tensor_of(picture).to(self.device)))
        if layout.window:  # what is around it was painted again
            left, top, right, bottom = layout.window.box
            left, right = (squares[0] - right, squares[0] - left) if layout.mirrored else (left, right)
            inside = slice(math.ceil(top), int(bottom)), slice(math.ceil(left), int(right))
            patches = tuple(rows[inside] for rows in patches)
        if not patches[0].numel():
            return None
        painted, now = (part.unflatten(-1, (3, -1)).movedim(2, -1).reshape(-1, 3) for part in patches)
        known = torch.cat([painted, torch.ones_like(painted[:, :1])], 1)
        known, painted, now = known.cpu(), painted.cpu(), now.cpu()
        shift = torch.linalg.lstsq(known, now - painted, driver="gelsd").solution  # colours that it has not stay
        return torch.eye(4, 3) + shift if float((known @ shift).abs().mean()) > _TONED else None

    def _with_one_moon(self, prompt: str, layout: Layout, before: Layout, squares: tuple[int, int]) -> Layout:
        world = self.composer.planner.world
        return with_one_moon(prompt, layout, before, world, squares) if self.composer.around.has_sky(layout) else layout

    def _some_view(self, generator: torch.Generator | None) -> int:
        return int(torch.randint(self.renderer.views, (), generator=generator))

    def _other_view(self, view: int, generator: torch.Generator | None) -> int:
        return (view + int(torch.randint(1, self.renderer.views, (), generator=generator))) % self.renderer.views


def _is_known(reading: Reading) -> bool:
    """Whether a picture is read so well that it may be painted again."""
    return reading.error < KNOWN and reading.unlike < _LIKE * KNOWN


def noise_times(steps: int) -> list[float]:
    """How much of the latents is noise, from the first step's to 0 after the last; the way between is straight."""
    even = (_FIRST * (steps - step) / steps for step in range(steps))
    return [*(_SHIFT * time / (1 + (_SHIFT - 1) * time) for time in even), 0.0]


def towards(clean: torch.Tensor, latents: torch.Tensor, now: float, then: float) -> torch.Tensor:
    """Latents that are `then` noise on the straight way from what they are, `now` noise, to the clean ones."""
    return (1 - then) * clean + then / now * (latents - (1 - now) * clean)


def _moved(layout: Layout, reach: int, squares: tuple[int, int], generator: torch.Generator | None) -> Layout:
    """The layout with its things up to `reach` squares elsewhere but not farther outside; together if they overlap."""
    offsets = torch.randint(-reach, reach + 1, (len(layout.things), 2), generator=generator).tolist()
    if any(one.over(other) for n, one in enumerate(layout.things) for other in layout.things[:n]):
        offsets = offsets[:1] * len(offsets)
    things = tuple(
        replace(
            one,
            column=min(max(one.column + right, min(one.column, 0)), max(one.column, squares[0] - one.side)),
            row=min(max(one.row + down, min(one.row, 0)), max(one.row, squares[1] - one.side)),
        )
        for one, (right, down) in zip(layout.things, offsets, strict=True)
    )
    return replace(layout, things=things)


def _as_shown(layout: Layout, before: Layout) -> Layout:
    """The layout that was planned from what is seen of the one before, mirrored and cropped as that is."""
    things = layout.things
    if window := before.window:
        places = {(one.side, one.column, one.row) for one in before.things}
        fitted = (one if (one.side, one.column, one.row) in places else window.fitted(one) for one in things)
        things = (*(one for one in before.things if not window.shows(one)), *fitted)
    return replace(layout, things=things, mirrored=before.mirrored, window=before.window)


def _pixels(window: Window) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(PATCH * edge) for edge in window.box)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _cut(picture: Image.Image, window: Window, size: tuple[int, int]) -> Image.Image:
    """What is seen through a window of a picture or a mask, as large as is wanted."""
    return picture.resize(size, _RESAMPLED[picture.mode], box=_pixels(window))


def _at(window: Window, part: Image.Image, whole: Image.Image) -> Image.Image:
    """A picture, or a mask, with another in the window, as large as that is."""
    box = _pixels(window)
    whole.paste(part.resize((box[2] - box[0], box[3] - box[1]), _RESAMPLED[part.mode]), box)
    return whole


def _toned(picture: Image.Image, matrix: torch.Tensor) -> Image.Image:
    """A picture with its colours as a matrix (4, 3) makes them."""
    values = tensor_of(picture).movedim(0, -1)
    values = torch.cat([values, torch.ones_like(values[..., :1])], -1) @ matrix.to(values)
    return Image.fromarray(((values.clamp(-1, 1) + 1) * 127.5).round().byte().numpy())


def _region(mask: Image.Image) -> Region | None:
    """The squares within the box of all that is white in a mask, as what comes is cut off at its edge, or around it
    where that leaves no room for a thing; None where nothing is white."""
    box = mask.convert("L").point([0] * 128 + [255] * 128).getbbox()
    if box is None:
        return None
    left, right = _within(box[0], box[2])
    top, bottom = _within(box[1], box[3])
    return Region(left, top, right, bottom)


def _within(start: int, end: int) -> tuple[int, int]:
    """The whole squares within a stretch of pixels, or around it if they are too few for a thing."""
    first, last = -(-start // PATCH), end // PATCH
    return (first, last) if last - first >= SIDES[0] else (start // PATCH, -(-end // PATCH))


def _changed(stays: torch.Tensor) -> Image.Image | None:
    """A mask of the squares (rows, columns) that an edit changes; None where it is all of them."""
    if not stays.any():
        return None
    mask = Image.fromarray(((1 - stays) * 255).byte().cpu().numpy())
    return mask.resize((mask.width * PATCH, mask.height * PATCH), Image.Resampling.NEAREST)
