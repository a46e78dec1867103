"""Words to layouts: what the planner makes of them, and what code sees that it missed.

The planner (`models.scene.planner`) draws a layout value by value and at times leaves out what the words name, or adds
what they do not. Which things they mean is known beside it (`models.scene.hearing`): so what is missing can be added
where there is room, what nothing means taken out, and things counted; a hat belongs on a head, and "behind" and
"between" are places. Of instructions, wishes are done one after the other (`models.scene.clauses`), plain orders
(`models.scene.orders`) need no network, and what words do not ask for stays (`models.scene.restraint`). At last, what
came is put where it is seen (`models.scene.clearing`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

import torch
from torch import nn

from models.english.insides import brought_inside
from models.english.naming import HUES, Names
from models.english.nouns import nouns_in
from models.english.patterns import NUMERALS, any_of, regex
from models.english.politeness import without_fillers
from models.english.styles import in_nearest_style, without_style
from models.english.subjects import mooded, told
from models.english.weathers import says
from models.errors import BadRequest
from models.kinds import LACKING, MOST
from models.rendering.layout import Layout, Placed
from models.rendering.silhouettes import Silhouettes
from models.scene.arranging import (
    HIDDEN,
    centred,
    crowding,
    with_room,
    within,
)
from models.scene.believable import WATERS
from models.scene.brief import bearded, in_full, put_in, put_instead
from models.scene.candles import Candles, crowd
from models.scene.captions import CaptionReader
from models.scene.clauses import spelled_out, taken_back, wishes
from models.scene.clearing import cleared, seen
from models.scene.contents import contained
from models.scene.counts import recounted
from models.scene.dyes import Dyer, dyed_around
from models.scene.figures import Figure, drawn, one_by_one
from models.scene.flanks import flanked
from models.scene.handing import handed
from models.scene.hats import hatted, still_hatted
from models.scene.hearing import Heard, Hearing
from models.scene.mentions import once_each
from models.scene.orders import Orders, order_of
from models.scene.parts import part_of
from models.scene.plainly import complained_of, makes_it_the_same, plain_change, plain_request
from models.scene.planner import Planner, Region
from models.scene.pushes import Resize, Shift, at_its_end, too_far
from models.scene.references import as_shown, by_sort, put_plainly, who_can
from models.scene.relations import only_puts, related
from models.scene.removals import LEAVES, TAKES_ONLY, TAKING, removed
from models.scene.restraint import (
    IN_THE_WINDOW,
    as_spoken_of,
    bystanding,
    is_small_change,
    left_there,
    restrained,
    singled,
    still,
    unlost,
    unmoved,
)
from models.scene.rewording import reworded
from models.scene.seasons import out_of_season
from models.scene.seats import Seats
from models.scene.standing import UPON, arranged, on_their_seats, put_as_said, settled, still_aside, stood_as_said
from models.scene.surroundings import Surroundings
from models.scene.unchanged import known_reason, spares_nothing, without_writing
from models.scene.wardrobe import is_clothing, is_on_a_face, still_dressed, undressed
from models.scene.whom import hat_of_its_owner, somebody_meant
from models.things import having
from models.threads import one_thread

_SAME_PLACE = 0.6  # the same, from which on the name of a thing meant the place: "among volcanoes" is one of lava
_SAME_THING = 0.5  # and from which on a word that is no name may mean a thing that is to go
_LIKE_IT = 0.42  # and from which on it may mean one that is there at all
_SURROUNDS = 0.48  # and from which on it may mean the place or the hour, and not a thing
_SCENERY = 0.36  # and from which on words may mean a place or an hour
_SIDE = 6  # of what is added without the planner, in squares
_BOLDER = (0.3, 0.9, 0.9, 0.9)  # how freely the planner draws, time after time, what nothing else could make of words
_CROWDED = 0.15  # of a thing's box that another of its kind may share where the planner puts them

# Words of an instruction that speak of things without naming them.
_SWEEPING = any_of(r"""
    it|he|she|him|her|them|they|those|these|this|that|all|both|every\w*|any\w*|nothing|nobody|none|no ?one|else|rest
    others?|only|just|alone|empty|clear|bare|one|two|three|fewer|less|half|things?|stuff|animals?|people|person|object
    left|right|middle|first|second|last|instead
""")
# Words of a request that may mean several of a kind.
_MANY = any_of(rf"""
    [2-9]|10|{NUMERALS}|many|both|some|several|few|couple|pair|twin|group|herd|flock|crowd|family|rows?|each|all
    every\w*|other|another|more|double|again|\w{{2,}}[^\Wsui]s
""")
_DRAWN_WITH = having("draws") | {"paint palette", "framed painting"}
_BOLT = any_of(r"(?:an?|the|that|another|one|two|three|some|his|her) (?:[\w-]+ )?lightning bolts?")
_WEAR = regex(r"\bwear")
_HATS = any_of("(?:hat|cap|crown|helmet)s?")
_BESIDE = any_of("next to|beside|by the side of|alongside")
_SUNLIGHT = any_of(
    "sun", end=r"(?:-|(?:'s)?\s+(?:is |was |just |about to )*(?:set|go|ris|com|down|up|disappear|shin|hat)\w*)"
)
_AROUND = any_of("sky|skies|sea|water|ocean|grass|ground|floor|walls?|snow|sand|road|hills?|mountains?")
_FEW_WORDS = 8
_WHEREVER = any_of(
    "in|into|inside|on|onto|at|to|from|over|under|by|through|across|among|around",
    end=r" (?:(?:the|an?|some|my|his|her|their|our) )?(?!(?:the|an?|some|my|his|her|their|our)\b)\w+",
)
_STARS = any_of("stars|starry(?!-)|starlit|starlight")
_A = any_of("an?|one|another", end=r"(?: \w+)?\s+$")
_SENT_AWAY = any_of(
    rf"(?:{LEAVES.pattern}|drop|no|without)(?: (?:one|two|three|some|all|both|any)(?: of)?)?"
    "(?: (?:the|that|those|his|her|my|this))?",
    end=r" (?P<what>\w+)(?P<alone>\W*$|[,.;!?]| (?:on|in|at|of|from|under|please|pls)\b)?",
)
_LACKED = any_of(rf"(?P<what>{'|'.join(LACKING)})", end=r"(?:s|es)?\b")
_CLAUSES = regex(r"\s*[,;.!?]+\s*")
_NOTHING = regex(r"\W*(?:nothing|none)\W*")
_NOBODY = any_of("people|persons?|humans?|anybody|anyone|guys?|folks?")


class Composer(nn.Module):
    """Composes pictures from words, and changes them.

    Args:
        captions, planner: The networks.
        names: What things are called.
        silhouettes: What they cover of their boxes.
    """

    def __init__(self, captions: CaptionReader, planner: Planner, names: Names, silhouettes: Silhouettes) -> None:
        super().__init__()
        self.silhouettes = silhouettes
        self.planner, self.hear = planner, Hearing(captions, planner, names)
        self.names, self.orders = names, Orders(planner, names)
        self.around = Surroundings(planner.world, names, planner.indoors)
        self._dyer = Dyer(planner.world.colours)
        hues = "|".join((*filter(None, planner.world.colours), *HUES))
        part = rf"(?:the|his|her|its|their|my) (?P<what>(?!(?:{hues})\b)\w+)"
        should = r"(?: (?:should|must|needs to|has to|could|can))?(?: be)?(?: in)?(?: an?)?"
        self._part = regex(rf"\b{part}{should} (?:{hues})\b")

    @torch.no_grad()
    @one_thread()
    def plan(
        self,
        prompt: str,
        squares: tuple[int, int],
        generator: torch.Generator | None = None,
        negative_prompt: str = "",
    ) -> Layout:
        """What a picture of so many columns and rows of squares will show; the others are as for `paint`.

        Raises:
            BadRequest: Nothing that the planner knows is like what the words name.
        """
        prompt = self.names.at_most(without_fillers(prompt), MOST)
        if told(prompt, self.names, self.planner.world.places) == prompt:  # "a bakery" is bread as well
            prompt = brought_inside(prompt)
        asked = without_style(without_writing(self.hear.spelled(in_nearest_style(prompt)))) or prompt
        asked = contained(told(asked, self.names, self.planner.world.places), self.names, changes=False)
        plain, figures = drawn(one_by_one(self.names.hues_first(asked)), self.names)
        heard = self.hear(self._in_its_place(plain_request(plain, self.names)))
        avoided = self._avoided(negative_prompt) | self.hear.half_named(heard)
        flat = self.around.is_flat(prompt)
        shunned = self.around.shunned(heard.text, flat=flat)
        homes = self.around.homes(prompt, heard)
        homes = None if "background" in heard.text.lower() else homes
        planned = self.planner.plan(
            heard.states, squares, avoided=avoided, shunned=shunned, homely=homes, generator=generator, boldness=0.7
        )
        again = {thing for thing, number in Counter(said.thing for said in heard.said).items() if number > 1}
        things = once_each(heard.text, heard.said, planned.things, self.names, self._dyer)
        things = things if _MANY.search(heard.text) else _once(things, again)
        things = self._pairs_once(heard.text, () if self._lacks_all(heard.text) else things)
        things = tuple(
            one
            for one in things
            if one.thing in heard.meant
            and not self._is_place(one.thing, planned)
            and not self._is_after_a_place(one.thing, heard)
            and not self._is_lightning(one.thing, heard, planned)
        )
        layout = replace(planned, about=self.around.named(heard, planned, flat=flat), things=things)
        layout = self._as_named(heard, layout, Layout(layout.about))
        candles, asked = Candles(self.planner.world, squares), heard
        lit = candles.asked(heard.text, heard.named, layout)
        if lit:  # they come at the end, as a part of the cake
            layout = replace(layout, things=tuple(one for one in layout.things if one not in lit))
            heard = heard.but(lit[0].thing)
        layout = self._completed(heard, layout, squares, avoided, generator)
        layout = layout if layout.things else self._at_the_likest_place(heard.text, layout)
        missed = any(not self._is_place(one.thing, planned) for one in planned.things)
        missed = not self._names_place(heard.text) if self._lacks_all(heard.text) else missed
        if not layout.things and (missed or not self._is_scenery(heard.text, layout)):
            raise BadRequest(
                f"The small painter knows nothing like “{prompt}”{self.hear.nearest(prompt)}; name one of its things "
                "and places, or choose another preset (`easel models list`)."
            )
        layout = self.orders.bound(
            heard, self.orders.several(heard, self.orders.as_many(heard, layout, squares), squares)
        )
        layout = self._placed(heard, layout, Layout(layout.about), squares, new=True, flat=flat)
        if lit:
            several = Layout(layout.about, lit)
            several = self.orders.several(asked, self.orders.as_many(asked, several, squares), squares)
            lit = self.orders.bound(asked, several).things
        layout = candles.lit(asked.text, replace(layout, things=(*layout.things, *lit)), Layout(layout.about))
        return self._equipped(figures, layout, Layout(layout.about), squares, generator)

    def _equipped(
        self,
        figures: Sequence[Figure],
        layout: Layout,
        before: Layout,
        squares: tuple[int, int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout with what makes each of those figures who are new in it, and without that of who is gone."""
        world = self.planner.world
        for figure in dict.fromkeys(figure for figure in figures if figure.has):
            new, gone = world.new(layout, before), world.new(before, layout)
            if figure.who in new and figure.has not in new and crowd(layout, world) < MOST:
                given = self.plan_edit(figure.order, layout, squares, generator)
                wanted = {world.things.index(figure.has), *(one.thing for one in layout.things)}  # no crown with it
                layout = replace(given, things=tuple(one for one in given.things if one.thing in wanted))
            elif figure.who in gone and figure.has not in gone:
                left = [one for one in layout.things if world.things[one.thing] == figure.has]
                layout = replace(layout, things=tuple(one for one in layout.things if one not in left[:1]))
        return layout

    def _pairs_once(self, text: str, things: Sequence[Placed], old: Sequence[Placed] = ()) -> list[Placed]:
        """Things without a second, that is not an old one, of what is called as several are ("headphones"), where words
        ask for no number."""
        asked, kept = self.names.counted(text), list[Placed]()
        for one in things:
            again = one not in old and any(one.thing == other.thing for other in kept)
            name = self.planner.world.things[one.thing]
            if not (
                again and self.names.own(name, many=True) == name and name.endswith("s") and one.thing not in asked
            ):
                kept.append(one)
        return kept

    def _is_scenery(self, text: str, layout: Layout) -> bool:
        """Whether words may mean the place, the hour, the weather or the style of a picture."""
        shown = [names[one] for names, one in zip(self.planner.world.about, layout.about, strict=True)]
        return any(says(text, name) for name in shown) or self.hear.alike(text, *shown) >= _SCENERY

    def _at_the_likest_place(self, text: str, layout: Layout) -> Layout:
        """The layout of a picture without things at the place that words are most like, if the one that was drawn is
        not like them at all and that one is."""
        places = self.planner.world.places
        if self._is_scenery(text, layout):
            return layout
        near, place = max((self.hear.alike(text, name), number) for number, name in enumerate(places))
        return replace(layout, about=(place, *layout.about[1:])) if near >= _SURROUNDS else layout

    def _names_place(self, text: str) -> bool:
        """Whether words name a place that is known here."""
        return re.search(rf"\b(?:{'|'.join(self.planner.world.places)})\b", text, re.IGNORECASE) is not None

    def _lacks_all(self, text: str) -> bool:
        """Whether words speak only of what the painter has nothing like, so that whatever comes for it is wrong."""
        heads = [noun.text.rpartition(" ")[2] for noun in nouns_in(text)]
        strange = all(_LACKED.fullmatch(head) or self._names_place(head) for head in heads)
        return strange and _LACKED.search(text) is not None and not self.names.said(text)

    def _in_its_place(self, text: str) -> str:
        """A request for nothing but what only a place shows (a stove, a bookshelf), in that place."""
        if not self._lacks_all(text) or self._names_place(text):
            return text
        found = _LACKED.search(text)
        shown = LACKING.get(found["what"].lower(), frozenset()) if found else frozenset[str]()
        places = sorted(shown & frozenset(self.planner.world.places))
        return f"{text} in the {places[0]}" if len(places) == 1 and places[0] not in WATERS else text

    def _completed(
        self,
        heard: Heard,
        layout: Layout,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout with things that words mean for sure and that were left out, as far as there is room in the list:
        where the planner puts them, or on the ground."""
        world = self.planner.world
        for thing in heard.sure:
            if thing in avoided or world.shows(layout, thing) or self._means_no_thing(thing, heard, layout):
                continue
            said = next((said for said in heard.said if said.thing == thing), None)
            colour = (said and self.orders.colour_of(heard.text, said)) or 0
            verb = "wearing" if world.is_worn(thing) or _WEAR.search(heard.text) else "add"
            words = self.hear(f"{verb} a {world.colours[colour]} {world.things[thing]}").states
            more = self.planner.plan(words, squares, layout, None, avoided, frozenset(), False, generator, 0.3)
            new = next((one for one in more.new_since(layout) if one.thing == thing), None)
            if len(layout.things) < MOST:
                new = new or Placed(thing, colour, _SIDE, (squares[0] - _SIDE) // 2, squares[1] - _SIDE - 1)
                layout = replace(layout, things=(*layout.things, new))
                layout = layout if world.is_worn(thing) else with_room(layout, -1, HIDDEN, *squares)
        return layout

    def _means_no_thing(self, thing: int, heard: Heard, layout: Layout, before: Layout | None = None) -> bool:
        """Whether a name means no further thing: a pencil the style, volcanoes the place, the sun the hour, a "hard
        hat" the helmet that is there."""
        world = self.planner.world
        name, place = world.things[thing], world.places[layout.about[0]]
        if layout.about[-1] > 0 and name in _DRAWN_WITH:
            return True
        if before is not None and name in ("window", "door") and IN_THE_WINDOW.search(heard.text):
            return True  # but the house's
        if self._is_lightning(thing, heard, layout):
            return True
        if (name == "sun" and _SUNLIGHT.search(heard.text)) or self._are_stars(thing, heard, layout, before):
            return True
        if world.is_worn(thing):
            return sum(world.is_worn(one.thing) for one in layout.things) >= len(_HATS.findall(heard.text))
        if before is not None and place == world.places[before.about[0]]:  # the place was there before
            return False
        one = any(s.thing == thing and not s.many and _A.search(heard.text[: s.start]) for s in heard.said)
        return not one and place not in heard.text.lower() and self.hear.alike(name, place) >= _SAME_PLACE

    def _are_stars(self, thing: int, heard: Heard, layout: Layout, before: Layout | None = None) -> bool:
        """Whether a star means those that a night sky has, unless that was there before."""
        world = self.planner.world
        at_night = world.lights[layout.about[1]] == "night" and (before is None or before.about[1] != layout.about[1])
        return world.things[thing] == "star" and at_night and _STARS.search(heard.text) is not None

    def _is_lightning(self, thing: int, heard: Heard, layout: Layout) -> bool:
        """Whether a thing is the lightning that a storm has, and no bolt that words name."""
        world = self.planner.world
        storms = world.things[thing] == "lightning bolt" and world.weathers[layout.about[2]] == "storm"
        return storms and not _BOLT.search(heard.text)

    def _is_place(self, thing: int, layout: Layout) -> bool:
        """Whether a thing is what the place is called after: a mountain in the mountains."""
        return self.planner.world.places[layout.about[0]] in (name := self.planner.world.things[thing], f"{name}s")

    def _is_after_a_place(self, thing: int, heard: Heard) -> bool:
        """Whether a thing came only because it is called after a place that words name: a farmer on a farm."""
        name, text = self.planner.world.things[thing], heard.text.lower()
        called = any(name.startswith(place) and place in text for place in self.planner.world.places if place != name)
        return called and thing not in {said.thing for said in heard.said}

    @torch.no_grad()
    @one_thread()
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
        prompt = self.names.at_most(without_fillers(prompt), MOST)
        view, before = before.view, replace(before, view=0)  # the planner knows none: what it leaves alone is the same
        avoided = self._avoided(negative_prompt)
        if region is not None:
            layout = self._filled(prompt, before, region, squares, avoided, generator)
        elif (
            makes_it_the_same(prompt, self.names)
            or complained_of(prompt, self.names)
            or spares_nothing(by_sort(prompt, before, self.planner.world, self.names), before, self.hear)
        ):
            layout = before
        else:
            layout = self._as_wished(prompt, before, squares, avoided, generator)
            if layout == before and not known_reason(prompt, before, self.hear):
                layout = self._as_drawn(self.hear(prompt), before, squares, avoided, generator)
                clauses = [clause for clause in _CLAUSES.split(prompt) if clause]
                if layout == before and len(clauses) > 1:  # which may say something each
                    for clause in clauses:
                        changed = self.plan_edit(clause, layout, squares, generator, negative_prompt)
                        layout = changed if is_small_change(self.hear(clause), layout, changed) else layout
        return replace(layout, view=view)

    def _as_wished(
        self,
        prompt: str,
        before: Layout,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout with all that words wish changed in it, one wish after the other."""
        world = self.planner.world
        candles = Candles(world, squares)
        prompt = plain_change(brought_inside(prompt), indoors=self.planner.indoors(before.about[0]))
        prompt = self.hear.put_right(by_sort(one_by_one(in_nearest_style(prompt)), before, world, self.names))
        prompt = in_full(prompt, before, world, self.names)
        if not prompt:
            return before
        layout = before = out_of_season(prompt, before, world, self.names)
        shown = {world.things[one.thing] for one in before.things}
        prompt = contained(mooded(prompt, self.names, world.places[before.about[0]], shown), self.names, changes=True)
        prompt, figures = drawn(prompt, self.names)
        meant = [] if self.names.said(prompt) else somebody_meant(prompt, {one.thing for one in before.things}, world)
        if len(meant) > 1 and isinstance(order_of(prompt), Resize | Shift):
            return before
        spoken_of = world.things[meant[0]] if len(meant) == 1 else ""
        prompt = bearded(hat_of_its_owner(prompt, before, world), before, world)
        sky = self.around.has_sky(before)
        text = reworded(taken_back(prompt, world.colours), before, world, self.names, sky=sky)
        wanted = wishes(text, self.names)
        if crowd(before, world) >= MOST:  # what goes makes room for what comes
            wanted = sorted(wanted, key=lambda wish: TAKING.search(wish) is None)
        for number, wish in enumerate(wanted):
            wish = without_fillers(wish)
            wish = reworded(wish, layout, world, self.names, sky=sky) if number else wish
            wish = as_shown(wish, layout, world, self.names, self.planner.nearest)
            wish = put_instead(recounted(wish, layout, world, self.names), layout, world, self.names)
            wish = put_in(wish, self.names, partial(self._may_show, layout))
            if spoken_of and not self.names.said(wish):
                wish = spelled_out(wish, spoken_of, world.colours)
            wish = without_style(without_writing(who_can(wish, spoken_of, layout, world, self.names)))
            said = self.names.said(wish)
            if not wish or part_of(wish, said, {one.thing for one in layout.things}, world):
                continue
            if self.orders.spares_all(wish, layout):
                continue
            if (zoomed := self.orders.zoomed_on(wish, said, layout, squares)) != layout:
                layout = zoomed
                continue
            heard = self.hear(put_plainly(wish, layout, world, self.names))
            part = candles.part(heard.text, heard.named, layout)
            edited = self._edited(heard, part.layout, squares, avoided | self.hear.half_named(heard), generator)
            layout = part.changed(edited, candles)
            there = [said.thing for said in heard.said if world.shows(layout, said.thing)]
            spoken_of = world.things[there[0]] if there else spoken_of
        return self._equipped(figures, layout, before, squares, generator)

    def _may_show(self, layout: Layout, what: str) -> bool:
        """Whether words may mean something that a picture shows, or its surroundings."""
        world, there = self.planner.world, {one.thing for one in layout.things}
        said = self.names.said(what)
        if (
            _SWEEPING.search(what)
            or _AROUND.search(what)
            or any(self.orders.there(s.thing, there) in there for s in said)
        ):
            return True
        around = self.hear.alike(what, *(name for names in world.about for name in names))
        if said:
            return around >= _SAME_PLACE
        return around >= _SURROUNDS or self.hear.alike(what, *(world.things[thing] for thing in there)) >= _LIKE_IT

    def _as_drawn(
        self,
        heard: Heard,
        before: Layout,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout as the planner alone takes words that came to nothing, though nothing speaks against them; the
        same where it sees no small change in them either."""
        for boldness in _BOLDER:
            drawn = self._drawn(heard, before, squares, avoided, generator, boldness)
            things = tuple(one if one in before.things else within(one, *squares) for one in drawn.things)
            about = as_spoken_of(heard.text, before, drawn.about, self.planner.world)
            drawn = self._met(heard, replace(drawn, about=about, things=things), before)
            if is_small_change(heard, before, drawn):
                return drawn
        return before

    def _drawn(
        self,
        heard: Heard,
        before: Layout,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
        boldness: float,
        *,
        sweeping: bool = False,
    ) -> Layout:
        """What the planner makes of words and the things that it can read; what is more stays."""
        seen = replace(before, things=before.things[:MOST])
        now = self.planner.plan(
            heard.states, squares, seen, None, avoided, frozenset(), sweeping, generator, boldness=boldness
        )
        return replace(now, things=(*now.things, *before.things[MOST:]))

    def _edited(
        self,
        heard: Heard,
        before: Layout,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout after one change, with what is new worn, behind or between others where the words say so."""
        layout = self._changed(heard, before, squares, avoided, generator)
        layout = replace(layout, things=tuple(self._pairs_once(heard.text, layout.things, before.things)))
        layout = self._met(heard, layout, before)
        if layout == before and self.hear.brings_unknown(heard.text):  # whose colour is nobody else's
            return before
        layout = self.orders.in_listed_colours(heard, self._named_right(heard, layout, before))
        layout = self.orders.weather_traded(heard.text, layout)
        layout = undressed(unlost(heard, before, layout), before, heard.named, self.planner.world)
        strange = {
            one
            for one in layout.new_kinds_since(before)
            if self._are_stars(one, heard, layout, before) or self._is_lightning(one, heard, layout)
        }
        layout = replace(layout, things=tuple(one for one in layout.things if one.thing not in strange))
        things = tuple(one for one in heard.said if not self._means_no_thing(one.thing, heard, layout, before))
        layout = self.orders.added(replace(heard, said=things), layout, before, squares)
        layout = self.orders.bound(heard, layout, before)  # what was dyed for want of what is there now
        if new := layout.new_kinds_since(before):
            layout = self.orders.as_many(heard, layout, squares, before)
            layout = self.orders.several(
                replace(heard, said=tuple(s for s in things if s.thing in new)), layout, squares
            )
        layout = left_there(heard, before, layout, self.planner.world)
        layout = self._placed(heard, layout, before, squares)
        return Candles(self.planner.world, squares).lit(heard.text, layout, before)

    def _placed(
        self,
        heard: Heard,
        layout: Layout,
        before: Layout,
        squares: tuple[int, int],
        *,
        new: bool = False,
        flat: bool = False,
    ) -> Layout:
        """The layout with all things where words and good looks put them: worn, held, on, beside and behind others.

        Args:
            heard: A request or a change.
            layout, before: What it makes of a picture, and what that showed; of a new one the latter has no things.
            squares: How many columns and rows the picture has.
            new: Whether it is a request: nothing is to stay where it was.
            flat: Whether it is for a card or the like.
        """
        world, seats = self.planner.world, Seats(self.planner.world, squares, self.silhouettes)
        if new:
            layout = arranged(heard, layout, world, squares, sky=self.around.has_sky(layout))
        else:
            layout = settled(heard, layout, before, world, squares)
        layout = hatted(heard.text, heard.said, layout, before, world, squares)
        worn = layout if new else before
        layout = related(heard.text, heard.said, layout, before, seats)
        layout = handed(heard.text, heard.said, layout, before, seats)
        layout = flanked(heard.text, heard.said, layout, world, squares)
        layout = still_hatted(layout, worn, world, squares)
        if new:
            air = self._has_air(layout)
            layout = stood_as_said(heard.text, layout, self.names, world, squares, sky=air)
            layout = seen(heard.text, layout, seats)
            return centred(layout, *squares) if flat else layout
        layout = still_dressed(layout, before, world, squares)
        layout = self.around.homed(heard, self.around.kept(heard, layout, before), before)
        layout = put_as_said(heard, layout, before, world, squares, sky=self._has_air(layout))
        layout = bystanding(heard, before, still(heard, before, layout, world), world)
        return cleared(heard.text, seats.joined(layout, before), before, seats)

    def _has_air(self, layout: Layout) -> bool:
        """Whether a moon or a star of a picture is high up: in its sky, or on the wall of a room."""
        return self.around.has_sky(layout) or self.planner.indoors(layout.about[0])

    def _dyes_a_part(self, heard: Heard, layout: Layout, before: Layout) -> bool:
        """Whether a change only dyes things, though words give the colour to what has no name here ("the roof"), and
        it could be a part of any of several."""
        kinds = {one.thing for one in before.things if not is_clothing(one.thing, self.planner.world)}
        same = layout.about == before.about and sorted(one.thing for one in layout.things) == sorted(
            one.thing for one in before.things
        )
        if not same or layout.kinds == before.kinds:
            return False
        if dyed_around(heard.text) and not heard.said:  # "make the sea bluer"
            return True
        found = self._part.search(heard.text)
        around = found is not None and _AROUND.fullmatch(found["what"]) is not None
        if not (len(kinds) > 1 or around):
            return False
        if found is None or self.names.said(found["what"]) or _SWEEPING.search(found["what"]):
            return False
        dyed = {one.thing for one in layout.things if one not in before.things}
        likest = self.hear.alike(found["what"], *(self.planner.world.things[thing] for thing in dyed))
        return len(dyed) > 1 or likest < _SAME_THING

    def _goes_nowhere(self, heard: Heard, layout: Layout) -> bool:
        """Whether few words, of which none is like the place of a layout, send nothing to any place: "the cat jumps on
        the table"."""
        rest = heard.text
        for said in reversed(heard.said):
            rest = f"{rest[: said.start]}.{rest[said.end :]}"
        short = len(heard.text.split()) <= _FEW_WORDS and not _WHEREVER.search(rest)
        return short and self.hear.alike(heard.text, self.planner.world.places[layout.about[0]]) < _SCENERY

    def _named_right(self, heard: Heard, layout: Layout, before: Layout) -> Layout:
        """The layout after a change, with the one thing that words bring by name for another that they do not name: a
        lamp for a lighthouse."""
        layout = self._as_named(heard, layout, before)
        world, nouns = self.planner.world, self.names.nouns(heard.text)
        old = {one.thing for one in before.things}
        brought = [
            s.thing for s in heard.said if s in nouns and not world.shows(layout, s.thing) and s.thing not in old
        ]
        strange = [one for one in layout.things if one.thing not in heard.named | old]
        if len(brought) != 1 or len(strange) != 1 or self._means_no_thing(brought[0], heard, layout, before):
            return layout
        things = (replace(one, thing=brought[0]) if one is strange[0] else one for one in layout.things)
        return replace(layout, things=tuple(things))

    def _as_named(self, heard: Heard, layout: Layout, before: Layout) -> Layout:
        """The layout with a thing that words name, and not one that is only called after it: an umbrella for a beach
        umbrella."""
        world = self.planner.world
        known = heard.named | {one.thing for one in before.things}
        for thing in {said.thing for said in heard.said}:
            after_it = f" {world.things[thing]}"
            strays = [
                one for one in layout.things if one.thing not in known and world.things[one.thing].endswith(after_it)
            ]
            came = any(one.thing == thing and one not in before.things for one in layout.things)
            instead = [replace(one, thing=thing) for one in strays[: 0 if came else 1]]
            layout = replace(layout, things=(*(one for one in layout.things if one not in strays), *instead))
        return layout

    def _met(self, heard: Heard, layout: Layout, before: Layout) -> Layout:
        """The layout after a change; as it was where the words bring or send away what nothing here is like."""
        if layout.about == before.about and not layout.new_kinds_since(before) and self.hear.brings_unknown(heard.text):
            return before
        if self.hear.sizes_unknown(heard.text, [self.planner.world.things[one.thing] for one in before.things]):
            return before
        plain = self.planner.world.places[before.about[0]].endswith("background")  # where an hour needs a place
        if layout.about[0] != before.about[0] and not plain and self._goes_nowhere(heard, layout):
            layout = replace(layout, about=(before.about[0], *layout.about[1:]))
        if self._dyes_a_part(heard, layout, before):
            return before
        if TAKES_ONLY.fullmatch(heard.text):  # which is nothing that is there
            return before
        found, world = _SENT_AWAY.search(heard.text), self.planner.world
        if (
            found
            and _NOBODY.fullmatch(found["what"])
            and not any(world.is_somebody(one.thing) for one in before.things)
        ):
            return before
        was, now = ({one.thing for one in things} for things in (before.things, layout.things))
        lost = [one for one in before.things if one.thing not in now]
        sent = removed(heard.text, heard.said)  # but not what is named besides: "there's no kite, put a kite in"
        gone = {self.orders.there(one.thing, was) for one in sent} - {s.thing for s in heard.said if s not in sent}
        spared = [one for one in lost if one.thing in heard.named - gone]  # "the pizza without tomatoes"
        if gone and gone.isdisjoint(was):  # nor does it come
            kept = (*lost, *(one for one in layout.things if one.thing not in gone))[:MOST]
            layout = replace(layout, things=kept)
            return before if (layout.about, layout.kinds) == (before.about, before.kinds) else layout
        known = found and any(said.start <= found.start("what") < said.end for said in heard.said)
        alone = found and not known and found["alone"] is not None
        if gone or alone:
            layout = replace(layout, things=(*spared, *layout.things)[:MOST])
            lost = [one for one in lost if one not in spared]
        if not found or (heard.said and not alone) or _SWEEPING.search(found["what"]):
            return layout
        kept = [one for one in lost if self.hear.alike(found["what"], world.things[one.thing]) < _SAME_THING]
        return replace(layout, things=(*kept, *layout.things)[:MOST])

    def _changed(
        self,
        heard: Heard,
        before: Layout,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout after a change: a plain order's, or as the planner takes the words, or what they may mean at last;
        the same if none helps."""

        def planned() -> Layout:
            sweeping = _SWEEPING.search(heard.text) is not None
            now = self._drawn(heard, before, squares, avoided, generator, 0.3, sweeping=sweeping)
            about = self.around.lit(heard.text, now.about, before.about)
            return replace(now, about=about)

        if seated := on_their_seats(heard, before, squares):
            return seated
        if only_puts(heard.text, heard.said, before, self.planner.world):
            return before
        if (
            heard.named <= {one.thing for one in before.things}
            and at_its_end(heard.text, heard.said, before) is not None
        ):
            return before
        layout = singled(heard.text, before, self.orders.obeyed(heard, before, squares), self.planner.world)
        unclear = heard.named.isdisjoint(one.thing for one in before.things) or order_of(heard.text)
        if layout == before and too_far(heard.text) and unclear:
            return before  # it may be any of several, or is at the edge
        if layout != before:
            if layout.kinds == before.kinds:
                return layout
            # Where the planner brings the same, it knows better where that looks well, unless it piles things up.
            own = unmoved(heard, before, singled(heard.text, before, planned(), self.planner.world))
            same = own.kinds == layout.kinds and own.about == layout.about
            return own if same and crowding(own) <= max(_CROWDED, crowding(layout)) else layout
        layout = restrained(heard, before, planned(), self.planner.world, self.names)
        layout = replace(layout, things=tuple(o if o in before.things else within(o, *squares) for o in layout.things))
        layout = self.orders.cleared(heard, layout, before)
        layout = replace(layout, about=self.around.lit(heard.text, layout.about, before.about))
        if layout.about == before.about and not layout.new_kinds_since(before):
            pushed = self.orders.pushed(heard, before, squares)  # of what is only pushed, nothing gets lost
            layout = layout if pushed == before else pushed
        layout = self.orders.bound(heard, self.orders.as_many(heard, layout, squares, before), before)
        if crowding(layout) > max(HIDDEN, crowding(before)):
            layout = self._spread(layout, squares)
        if layout != before:
            there = {one.thing for one in before.things}
            free = _BESIDE.search(heard.text) or not (UPON.search(heard.text) and heard.named & there)
            new = [one for one in layout.new_since(before) if not is_on_a_face(one.thing, self.planner.world)]
            for one in new if free else ():
                roomy = with_room(layout, layout.things.index(one), HIDDEN, *squares)
                layout = still_aside(heard.text, layout, roomy, squares)
        if layout != before:
            return layout
        layout = singled(heard.text, before, self.orders.at_last(heard, before, squares), self.planner.world)
        return self.around.under_its_sky(heard, before) if layout == before else layout

    def _spread(self, layout: Layout, squares: tuple[int, int]) -> Layout:
        """The layout with things that stand where another of their kind does where there is room."""
        for number, one in enumerate(layout.things):
            alike = replace(layout, things=(one, *(o for o in layout.things[:number] if o.thing == one.thing)))
            if crowding(alike) > HIDDEN:
                layout = with_room(layout, number, HIDDEN, *squares)
        return layout

    def _filled(
        self,
        prompt: str,
        before: Layout,
        region: Region,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout before with what words wish of the things in the region, which are "it", or else with what they
        bring there. The same where they wish and bring nothing.

        What comes is the planner's where that is of a new kind. Else the words are planned on their own: "make it blue"
        names no thing, or now this one and now that; what is named twice alike should stand here.
        """
        if _NOTHING.fullmatch(prompt):
            return before
        heard, old = self.hear(prompt), region.held(before.things)
        if old and (filled := self._changed_there(prompt, before, old, region, squares, avoided, generator)) != before:
            return filled
        if removed(heard.text, heard.said):  # which is nothing that stands there
            return before
        planned = self.planner.plan(heard.states, squares, before, region, avoided, generator=generator, boldness=0.3)
        kinds = {one.thing for one in old}
        new = [one for one in planned.things if region.holds(one) and one.thing not in kinds]
        if not new:
            alone = [self.planner.plan(heard.states, squares, avoided=avoided, generator=generator) for _ in range(2)]
            first, second = (layout.things[:1] for layout in alone)
            if [(t.thing, t.colour) for t in first] == [(t.thing, t.colour) for t in second]:
                new = list(first)
        if any(one.thing not in heard.meant for one in new):
            return before
        return replace(before, things=(*before.things, *map(region.fitted, new)))

    def _changed_there(
        self,
        prompt: str,
        before: Layout,
        old: tuple[Placed, ...],
        region: Region,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout before with what words wish of some of its things, as if there were no others. What is only
        repainted stays where it is, all else fits into the region; the same where that takes another size."""
        wished = self._as_wished(prompt, replace(before, things=old), squares, avoided, generator).things
        boxes = {(one.side, one.column, one.row) for one in old}
        new = [one if (one.side, one.column, one.row) in boxes else region.fitted(one) for one in wished]
        kinds = {one.thing for one in old}
        if any(one.thing in kinds and one.side != asked.side for one, asked in zip(new, wished, strict=True)):
            return before
        first = before.things.index(old[0])
        behind = (one for one in before.things[first:] if one not in old)
        return replace(before, things=(*before.things[:first], *new, *behind))

    def _avoided(self, negative_prompt: str) -> frozenset[int]:
        return frozenset(said.thing for said in self.names.said(negative_prompt))


def _once(things: Sequence[Placed], several: Collection[int]) -> list[Placed]:
    """Things without those that have the name and colour of an earlier one, but for several that there may be."""
    return [
        one
        for number, one in enumerate(things)
        if one.thing in several
        or not any((one.thing, one.colour) == (other.thing, other.colour) for other in things[:number])
    ]
