"""Words to layouts: what the planner makes of them, and what code sees that it missed.

The planner (`models.planner`) draws a layout value by value and at times leaves out what the words name. MiniLM knows
what they name for sure, so that it can be added; how many of a thing there are can be counted; "behind" and "between"
are places; and where the planner finds nothing to change, the instruction is tried in other words (`models.rewording`).
"""

from __future__ import annotations

import re
from dataclasses import replace

import torch
from torch import nn

from models.arranging import stood_behind, stood_between
from models.captions import CaptionReader
from models.layout import Layout, World
from models.planner import Planner, Region
from models.rewording import brought, reworded
from models.spelling import Spelling

_ALIKE = 0.5  # cosine from which on what other words brought may be what a person's own meant

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
    r"(?:.*[.;:!,])?\W*(?:just|only|keep only|leave only|nothing but) (?:the |an? |my )?(?P<what>[\w' -]+)\W*",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\bin front of\b", re.IGNORECASE)


class Composer(nn.Module):
    """Composes pictures from words, and changes them.

    Args:
        captions, planner: The networks.
        right: Words that the planner was trained on and MiniLM has only in pieces.
    """

    def __init__(self, captions: CaptionReader, planner: Planner, right: frozenset[str]) -> None:
        super().__init__()
        self.captions, self.planner = captions, planner
        self.spelling = Spelling([*planner.world.words, *_SAID], captions.words | right, _SLANG)

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
        layout = self._completed(prompt, states, layout, squares, avoided, generator)
        for thing, wanted in _counts(prompt, self.planner.world).items():
            layout = self._counted(layout, thing, wanted, squares, generator)
        return stood_behind(layout, self._behind(prompt), *squares)

    def _completed(
        self,
        prompt: str,
        states: torch.Tensor,
        layout: Layout,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout with things that words name for sure and that were left out, as far as the planner adds them."""
        world = self.planner.world
        place = world.places[layout.about[0]]
        for thing in self.planner.named(states, self.captions.whole(self.spelling.corrected(prompt))):
            name, styled = world.things[thing], layout.about[-1] > 0
            if thing in avoided or world.shows(layout, thing) or (styled and name in _DRAWN_WITH):
                continue
            if self._alike(name, place) >= _ALIKE:  # "among volcanoes" is a place of lava
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
            if wanted := brought(prompt):
                layout = self._completed(wanted, self._states(wanted), layout, squares, avoided, generator)
            return layout
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
        number = r"an? (?:pair|couple) of|an?|one|two|three|four|[1-4]"
        found = re.findall(rf"\b(?:({number})\s+(?:(?!of\b)[\w-]+\s+){{0,2}})?{name}(?:s|es)?\b", said)
        if len(found) == 1 and found[0]:
            counts[thing] = 2 if found[0].endswith("of") else _NUMBERS.get(found[0]) or int(found[0])
    return counts
