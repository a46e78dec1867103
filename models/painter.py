"""The painter that ships with Easel: words to a layout, a layout to a picture, by diffusion.

`ScenePipeline` has two stages. The planner (`models.planner`) says what is where; for an edit the eye (`models.eye`,
`models.reading`) first reads the layout off the given picture. Then `models.renderer.Renderer` lays what it learnt of
places and things over each other, and takes the noise out of latents around that:

    pipeline = ScenePipeline.load(EMBEDDED / "painter")
    picture = pipeline.paint("a red fox in the snow", generator=torch.Generator().manual_seed(1)).picture

With so few parameters one network cannot both learn from words how many dogs stand where and how a dog looks; two can,
and what the planner decided can be looked at. What words leave open, the view of a place among others, the generator
decides. Nothing here needs diffusers: a worker should not spend ten seconds on imports before its first picture.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import torch
from PIL import Image
from torch import nn

from models.autoencoder import PATCH, PatchAutoencoder
from models.captions import CaptionReader
from models.eye import Eye, tensor_of
from models.layout import Layout, World, draw, kept, stood_behind, stood_between
from models.planner import Planner, Region
from models.reading import Reading, explained, read
from models.renderer import LATENT_CHANNELS, Renderer
from models.rewording import brought, reworded
from models.spelling import Spelling

EMBEDDED = Path(__file__).parent / "embedded"
RIGHT = "right.txt"  # beside the networks: words that are not to be taken for others
KNOWN = 0.1  # mean squared error of the layers below which a picture is one of the painter's world
_SAME = 0.004  # the same, of pictures: 0.002 after bringing one to another size and back, 0.006 with a thing less
_ALIKE = 0.5  # cosine from which on what other words brought may be what a person's own meant
_SHIFT = 3.0  # of the times at which noise is taken out, towards the noisy end (Esser et al. 2024, arXiv 2403.03206)
_FIRST = 0.999  # how much of the noisiest latents is noise, before the shift

# Words of requests beside the names in its world.
_SAID = """after add another background beside before behind bigger bright brighter change colour color dark darker
delete draw evening everything fewer foggy front grayscale instead larger left lightning little make morning
midday mist misty move neon next nighttime noon paint painting pencil pixel please rainy remove replace right sketch
smaller snowing snowy stormy style sunny sunrise sunset swap their there three turn under watercolor watercolour
wearing weather white winter without""".split()
_SLANG = {"nite": "night", "doggo": "dog", "pupper": "puppy", "kitteh": "kitten", "birb": "bird", "snek": "snake"}

# Words of an instruction that speak of things without naming them.
_SWEEPING = re.compile(
    r"\b(?:it|he|she|him|her|them|they|those|these|this|that|all|both|every\w*|any\w*|nothing|nobody|none|no ?one|else"
    r"|rest|others?|only|just|alone|empty|clear|bare|one|two|three|fewer|less|half|things?|stuff|animals?|people|person"
    r"|object|left|right|middle|first|second|last|instead)\b",
    re.IGNORECASE,
)

_DRAWN_WITH = frozenset({"pencil", "crayon", "pen", "fountain pen", "paintbrush", "paint palette"})
_WORN = re.compile(r"\bwear|\b(?:hat|cap|crown|helmet)$", re.IGNORECASE)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_MORE = re.compile(r"\b(?:and|then|also|plus)\b|[,;.&]\W*\w", re.IGNORECASE)
_BEHIND = re.compile(r"\bbehind\b|\bin the back(?:ground)?\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\b", re.IGNORECASE)
_ONLY = re.compile(
    r"\W*(?:just|only|keep only|leave only|nothing but) (?:the |an? |my )?(?P<what>[\w' -]+)\W*", re.IGNORECASE
)
_BEFORE = re.compile(r"\bin front of\b", re.IGNORECASE)

AfterStep = Callable[[int, int, torch.Tensor], None]
"""Called after each step with (steps done, steps in all, the clean latents as far as they are known)."""


@dataclass(frozen=True)
class Painted:
    """What `ScenePipeline` answers.

    Attributes:
        picture: RGB.
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
        right: frozenset[str],
    ) -> None:
        """The networks, and words that the planner was trained on and MiniLM has only in pieces."""
        super().__init__()
        self.captions, self.planner, self.eye, self.renderer, self.vae = captions, planner, eye, renderer, vae
        self.spelling = Spelling([*planner.world.words, *_SAID], captions.words | right, _SLANG)

    @classmethod
    def load(cls, folder: Path, dtype: torch.dtype = torch.float32) -> ScenePipeline:
        """All parts in a folder, on the CPU, in evaluation mode.

        Raises:
            WeightsMissing: A part is missing or is not the one that belongs there.
        """
        parts = (
            CaptionReader().to(dtype),
            Planner.load(folder / "planner", dtype),
            Eye.load(folder / "eye", dtype),
            Renderer.load(folder / "unet", dtype),
            PatchAutoencoder.load(folder / "vae", dtype),
        )
        right = frozenset((folder / RIGHT).read_text("utf-8").split())
        return cls(*parts, right).eval().requires_grad_(False)

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
        layout = self.plan(prompt, squares, generator, negative_prompt)
        layout = replace(layout, view=self._some_view(generator))
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
        """Edit a picture; arguments as for `paint`, and besides:

        Args:
            prompt: What to change, or what should stand where `mask_image` is white.
            image: RGB, sides multiples of 64; its size is the result's.
            mask_image: L, as large as the picture. Things whose middle is not in its box stay as they are, and what is
                new fits into it.
            strength: How much noise the edit starts from, 0–1; None is all.
        """
        squares = (image.width // PATCH, image.height // PATCH)
        before = self._read(image).layout
        region = None if mask_image is None else _region(mask_image)
        layout = self.plan_edit(prompt, before, squares, generator, negative_prompt, region)
        maps = draw([layout], *squares).to(self.device)
        stays = kept(draw([before], *squares).to(self.device), maps)
        given = self.vae.encode(tensor_of(image)[None].to(self.vae.middle)).float()
        picture = self._painted(layout, squares, (given, stays), strength or 1.0, steps, generator, after_step)
        return Painted(picture, layout, _changed(stays[0, 0]))

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
        squares = (image.width // PATCH, image.height // PATCH)
        reading = self._read(image)
        layout = reading.layout
        if not layout.things and reading.error >= KNOWN:
            layout = self.plan(prompt, squares, generator, negative_prompt)
        layout = _moved(layout, round(4 * strength), squares, generator)
        if strength >= 0.25:
            layout = replace(layout, view=self._some_view(generator))
        return Painted(self._painted(layout, squares, None, 1.0, steps, generator, after_step), layout)

    @torch.no_grad()
    def describe(self, picture: Image.Image, made: Painted | None = None) -> str:
        """What a picture shows, in words: "red fox, hat; meadow, night". "" if it is not one of this world.

        Args:
            picture: RGB, sides multiples of 64.
            made: What was painted last. If this is that picture, it is only compared with what was planned: to look for
                what it shows takes forty times as long.
        """
        if made is not None and _nearly(picture, made.picture):
            reading = explained(self.renderer, made.layout, tensor_of(picture).to(self.device))
        else:
            reading = self._read(picture)
        return self.planner.world.said(reading.layout) if reading.error < KNOWN else ""

    @torch.no_grad()
    def picture(self, latents: torch.Tensor) -> Image.Image:
        """The picture of latents (1, 192, rows, columns)."""
        return self.vae.pictures(latents)[0]

    @torch.no_grad()
    def plan(
        self,
        prompt: str,
        squares: tuple[int, int],
        generator: torch.Generator | None = None,
        negative_prompt: str = "",
    ) -> Layout:
        """What a picture of so many columns and rows of squares will show; the others are as for `paint`."""
        states, avoided = self._states(prompt), frozenset(self._named(negative_prompt))
        shunned = self._shunned(prompt)
        layout = self.planner.plan(states, squares, avoided=avoided, shunned=shunned, generator=generator, boldness=0.7)
        layout = self._completed(prompt, layout, squares, avoided, generator)
        for thing, wanted in _counts(prompt, self.planner.world).items():
            layout = self._counted(layout, thing, wanted, squares, generator)
        return stood_behind(layout, self._behind(prompt), *squares)

    def _completed(
        self,
        prompt: str,
        layout: Layout,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout with things that words name for sure and that were left out, as far as the planner adds them."""
        world = self.planner.world
        for thing in self.planner.named(self._states(prompt)):
            name, styled = world.things[thing], layout.about[-1] > 0
            if thing in avoided or world.shows(layout, thing) or (styled and name in _DRAWN_WITH):
                continue
            colours = (colour for colour in world.colours[1:] if f"{colour} {name}" in prompt.lower())
            verb = "wearing" if _WORN.search(f"{prompt} {name}") else "add"
            words = self._states(f"{verb} a {' '.join((*colours, name))}")
            more = self.planner.plan(words, squares, layout, None, avoided, frozenset(), False, generator, 0.3)
            if world.shows(more, thing) and more.about == layout.about and len(more.things) > len(layout.things):
                layout = more
        return layout

    def _counted(
        self, layout: Layout, thing: int, wanted: int, squares: tuple[int, int], generator: torch.Generator | None
    ) -> Layout:
        """The layout with as many of a thing as are wanted, if there is one at all: the last go, or more are added."""
        name = self.planner.world.things[thing]
        while 0 < (there := sum(one.thing == thing for one in layout.things)) != wanted:
            if there > wanted:
                last = max(number for number, one in enumerate(layout.things) if one.thing == thing)
                layout = replace(layout, things=layout.things[:last] + layout.things[last + 1 :])
                continue
            words = self._states(f"add another {name}")
            more = self.planner.plan(words, squares, layout, None, frozenset(), frozenset(), False, generator, 0.3)
            grown = sum(one.thing == thing for one in more.things) == there + 1
            if not grown or len(more.things) != len(layout.things) + 1 or more.about != layout.about:
                return layout
            layout = more
        return layout

    @torch.no_grad()
    def plan_edit(
        self,
        prompt: str,
        before: Layout,
        squares: tuple[int, int],
        generator: torch.Generator | None = None,
        negative_prompt: str = "",
        region: Region | None = None,
    ) -> Layout:
        """What a picture will show after a change of what it shows before, in the region if one is given."""
        avoided = frozenset(self._named(negative_prompt))
        if region is not None:
            states = self._states(prompt)
            layout = self.planner.plan(states, squares, before, region, avoided, generator=generator, boldness=0.3)
            layout = self._filled(layout, before, region, states, squares, avoided, generator)
        else:
            layout = self._changed(prompt, before, squares, avoided, generator)
            new = {thing.thing for thing in layout.things} - {thing.thing for thing in before.things}
            if new and _BEHIND.search(prompt):
                layout = stood_behind(layout, new, *squares)
                if not _MORE.search(prompt):
                    layout = replace(layout, about=before.about)  # "with X behind" asks for a place, or for a thing
            if new and _BETWEEN.search(prompt):
                layout = stood_between(layout, new)
        return replace(layout, view=before.view)

    def _changed(
        self,
        prompt: str,
        before: Layout,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout after a change: as the planner takes the words, or others for them; the same if none helps."""

        def planned(words: str) -> Layout:
            sweeping = _SWEEPING.search(words) is not None
            states = self._states(words)
            return self.planner.plan(states, squares, before, None, avoided, frozenset(), sweeping, generator, 0.3)

        if (layout := planned(prompt)) != before:
            return self._completed(brought(prompt), layout, squares, avoided, generator)
        if (found := _ONLY.fullmatch(prompt)) and (left := self._left(before, found["what"])):
            return left
        for wording in reworded(prompt):
            layout = planned(wording.text)
            new = self.planner.world.new(layout, before)
            gone = {thing.thing for thing in before.things} - {thing.thing for thing in layout.things}
            if (
                new
                and (wording.replaces or not gone)
                and min(self._alike(wording.what, name) for name in new) >= _ALIKE
            ):
                return layout
        return before

    def _alike(self, words: str, name: str) -> float:
        """The cosine of what MiniLM makes of words and of a name."""
        states, there = self.captions([words, name])
        means = (states[..., states.shape[-1] // 2 :] * there[..., None]).sum(1) / there.sum(1, keepdim=True)
        return float(nn.functional.cosine_similarity(means[0], means[1], 0))

    def _left(self, before: Layout, what: str) -> Layout | None:
        """The layout with nothing but what words name; None where that is nothing, or all."""
        kept = tuple(thing for thing in before.things if thing.thing in self._named(what))
        return replace(before, things=kept) if 0 < len(kept) < len(before.things) else None

    def _filled(
        self,
        planned: Layout,
        before: Layout,
        region: Region,
        states: torch.Tensor,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout before, and in the region what was planned there.

        Where that is nothing of a new kind, the words are planned on their own. "Make it blue" names no thing, or now
        this one and now that; what is named twice alike should stand here.
        """
        new = [thing for thing in planned.things if region.holds(thing)]
        if {thing.thing for thing in new} <= {thing.thing for thing in before.things if region.holds(thing)}:
            alone = [self.planner.plan(states, squares, avoided=avoided, generator=generator) for _ in range(2)]
            first, second = (layout.things[:1] for layout in alone)
            if [(t.thing, t.colour) for t in first] == [(t.thing, t.colour) for t in second]:
                new = list(first) or new
        rest = (thing for thing in before.things if not region.holds(thing))
        old = {(thing.side, thing.column, thing.row) for thing in before.things}
        new = [t if (t.side, t.column, t.row) in old else region.fitted(t) for t in new]  # a repainted thing stays put
        return replace(before, things=(*rest, *new))

    def _painted(
        self,
        layout: Layout,
        squares: tuple[int, int],
        edited: tuple[torch.Tensor, torch.Tensor] | None,
        strength: float,
        steps: int,
        generator: torch.Generator | None,
        after_step: AfterStep | None,
    ) -> Image.Image:
        """A picture with this layout; `edited` are the latents of the picture to edit, and where that stays."""
        maps = draw([layout], *squares).to(self.device)
        noise = torch.randn(1, LATENT_CHANNELS, *maps.ids.shape[-2:], generator=generator).to(self.device)
        given, stays = edited or (torch.zeros_like(noise), torch.zeros_like(noise[:, :1]))
        times = noise_times(steps)[min(steps - 1, round((1 - strength) * steps)) :]
        latents = noise if len(times) > steps else (1 - times[0]) * given + times[0] * noise
        for step, (now, then) in enumerate(pairwise(times), 1):
            clean = self.renderer(latents, torch.full((1,), now, device=self.device), maps, given, stays)
            latents = towards(clean, latents, now, then)
            if after_step is not None:
                after_step(step, len(times) - 1, clean)
        return self.picture(latents)

    def _read(self, picture: Image.Image) -> Reading:
        """What a picture shows, and how surely."""
        return read(self.eye, self.renderer, tensor_of(picture).to(self.device))

    def _some_view(self, generator: torch.Generator | None) -> int:
        return int(torch.randint(self.renderer.views, (), generator=generator))

    def _states(self, text: str) -> torch.Tensor:
        return self.captions([self.spelling.corrected(text)])[0]

    def _shunned(self, prompt: str) -> frozenset[int]:
        """The plain backgrounds, for who does not ask for one: a place is nicer."""
        if "background" in prompt.lower():
            return frozenset()
        places = self.planner.world.places
        return frozenset(number for number, name in enumerate(places) if name.endswith("background"))

    def _behind(self, prompt: str) -> frozenset[int]:
        """The things that words put behind others: "a castle behind a fox", "a fox with a castle behind it", "a fox in
        front of a castle"."""
        found = _BEHIND.search(prompt) or _BEFORE.search(prompt)
        if not found:
            return frozenset()
        first, then = self._named(prompt[: found.start()]), self._named(prompt[found.end() :])
        if found.re is _BEFORE:
            first, then = then, first
        elif not then:
            first, then = first[-1:], first[:-1]
        behind = frozenset(first) - frozenset(then)
        return behind if then else frozenset()

    def _named(self, text: str) -> list[int]:
        """The things that words name, in the singular or the plural, in the order of the words."""
        said = " " + " ".join(re.findall(r"[\w-]+", text.lower())) + " "
        places: dict[int, int] = {}
        for number, name in enumerate(self.planner.world.things):
            at = [said.find(f" {name.lower()}{ending} ") for ending in ("", "s", "es")]
            if max(at) >= 0:
                places[number] = max(at)
        return sorted(places, key=places.__getitem__)


def _counts(prompt: str, world: World) -> dict[int, int]:
    """How many of things words ask for ("two cats and a dog"), where they name a thing once and in its own name."""
    said, counts = prompt.lower(), dict[int, int]()
    for thing, name in enumerate(world.things):
        if name.split()[-1] not in said:
            continue
        found = re.findall(rf"\b(?:(an?|one|two|three|four|[1-4])\s+(?:[\w-]+\s+){{0,2}})?{name}(?:s|es)?\b", said)
        if len(found) == 1 and found[0]:
            counts[thing] = _NUMBERS.get(found[0]) or int(found[0])
    return counts


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


def _region(mask: Image.Image) -> Region | None:
    """The squares around all that is white in a mask; None where nothing is."""
    box = mask.convert("L").point([0] * 128 + [255] * 128).getbbox()
    return Region(box[0] // PATCH, box[1] // PATCH, -(-box[2] // PATCH), -(-box[3] // PATCH)) if box else None


def _nearly(one: Image.Image, other: Image.Image) -> bool:
    """Whether pictures are the same, but for what bringing one to another size and back does."""
    if one.size != other.size:
        return False
    return float((tensor_of(one) - tensor_of(other)).square().mean()) < _SAME


def _changed(stays: torch.Tensor) -> Image.Image | None:
    """A mask of the squares (rows, columns) that an edit changes; None where it is all of them."""
    if not stays.any():
        return None
    mask = Image.fromarray(((1 - stays) * 255).byte().cpu().numpy())
    return mask.resize((mask.width * PATCH, mask.height * PATCH), Image.Resampling.NEAREST)
