"""Hats on heads: on whose a new one is put, and that it stays there.

"Give the fox a hat" says whose it is, "hats for all" that there are as many as heads, and "give him a hat" that he is
somebody who is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.english.naming import Said
from models.english.patterns import any_of
from models.kinds import ALIVE, MOST
from models.rendering.layout import Layout, Placed, World
from models.scene.arranging import on_a_head, worn
from models.scene.members import member, which_in
from models.scene.wardrobe import head_of, is_a_face, is_clothing

_WHOSE = any_of("him|her|he|she|it")
_FOR_ALL = any_of("(?<!two )(?<!three )(?<!2 )(?<!3 )(?:hats|caps|crowns|helmets)")
_PUT_ON = any_of(r"wear\w*|with|w|in|on|has|have|had|having|gives?|gets?|got|puts?|for|to|crown|sports?")
_EACH = any_of(r"each|both|all|every\w*")


def hatted(
    text: str, said: Sequence[Said], layout: Layout, before: Layout, world: World, squares: tuple[int, int]
) -> Layout:
    """The layout with each hat that is new on the head of whom words give it to.

    Args:
        text, said: The words, and the names in them.
        layout, before: After an edit and before it; of a new picture the latter has no things.
        world: Its names.
        squares: How many columns and rows the picture has.
    """
    edited, old = bool(before.things), {one.thing for one in before.things}
    others = [one for one in layout.things if not is_clothing(one.thing, world)]
    hats = [one for one in layout.things if world.is_worn(one.thing) and one not in before.things]
    each = _EACH.search(text) or (edited and _FOR_ALL.search(text))
    named = {one.thing for one in said} & {one.thing for one in others}
    his = edited and not named and _WHOSE.search(text) is not None
    if not (each or his or which_in(text)):
        alive = [one for one in others if world.things[one.thing] in ALIVE] or others
        for hat in [one for one in hats if on_a_head(one, alive)]:
            hats.remove(hat)
            heads = [one for one in layout.things if one in alive and on_a_head(hat, [one])]
            if heads:
                wearer = min(heads, key=lambda one: abs(2 * (one.column - hat.column) + one.side - hat.side))
                layout = put_on_head(layout, hat, wearer, world, squares)
    if not hats or not (edited or _PUT_ON.search(text)):
        return layout
    heads = _heads(text, said, layout, old, others, world, his=his)
    had = [one for one in before.things if one.thing == hats[0].thing and one in layout.things]
    bare = [head for head in heads if not any(on_a_head(one, [head]) for one in had)]
    if each and heads:
        heads = bare
        spare, hats = hats[len(heads) :], hats[: len(heads)]
        layout = replace(layout, things=tuple(one for one in layout.things if one not in spare))
        more = (hats * len(heads))[len(hats) : len(heads)][: MOST - len(layout.things)]
        layout, hats = replace(layout, things=(*layout.things, *more)), [*hats, *more]
    for hat, head in zip(hats, bare or heads, strict=False):
        layout = put_on_head(layout, hat, head, world, squares)
    return layout


def put_on_head(layout: Layout, hat: Placed, head: Placed, world: World, squares: tuple[int, int]) -> Layout:
    """The layout with one of its things on the head of another."""
    across, top, _, wide = head_of(head.thing, world)
    hat_at, head_at = layout.things.index(hat), layout.things.index(head)
    return worn(layout, hat_at, head_at, squares[1], across=across, top=top, wide=wide)


def _heads(
    text: str,
    said: Sequence[Said],
    layout: Layout,
    old: set[int],
    others: Sequence[Placed],
    world: World,
    *,
    his: bool,
) -> list[Placed]:
    """Who of the others may be meant to wear something; `his` where only a pronoun says who."""
    kinds = {one.thing for one in others if not old or one.thing in old}
    first = next((n for n, one in enumerate(said) if world.is_worn(one.thing)), 0)
    if old and first and said[first - 1].thing in {one.thing for one in layout.things} - old:  # "add a girl with a hat"
        kinds = {said[first - 1].thing}
    ahead = [one.thing for one in said[:first] if one.thing in {other.thing for other in others}]
    alive = [thing for thing in ahead if world.things[thing] in ALIVE]
    if alive and ahead[-1] not in alive:  # "a unicorn next to the cake with a hat"
        kinds = {alive[-1]}
    likely = [kind for kind in kinds if is_a_face(kind, world)] if old else []
    living = [kind for kind in kinds if world.things[kind] in ALIVE] if old else []
    only = next((list(some) for some in (kinds, likely, living) if len(some) == 1), [])
    wearers = [one.thing for one in said if one.thing in kinds] or only
    if his and not wearers:  # of those there, a person, else who is on top
        there = [one for one in others if one.thing in kinds]
        somebody = [one for one in there if world.may_be(one.thing, text)]
        wearers = [min(somebody or there, key=lambda one: one.row).thing] if there else []
    heads = [one for thing in dict.fromkeys(wearers) for one in others if one.thing == thing]
    meant = member(which, heads) if (which := which_in(text)) else None
    return [meant] if meant else heads


def still_hatted(layout: Layout, before: Layout, world: World, squares: tuple[int, int]) -> Layout:
    """The layout with hats that were on heads on them again, where only who wears them went elsewhere."""
    heads = [one for one in before.things if not is_clothing(one.thing, world)]
    for hat in (one for one in before.things if world.is_worn(one.thing)):
        wearer = next((one for one in heads if on_a_head(hat, [one])), None)
        others = [one for one in layout.things if not is_clothing(one.thing, world)]
        there = [one for one in others if wearer and one.thing == wearer.thing]
        if hat in layout.things and there and not on_a_head(hat, others):
            nearest = min(there, key=lambda one: abs(one.column - hat.column))
            layout = put_on_head(layout, hat, nearest, world, squares)
    return layout
