"""What one thing is full of, and what words put things in and on."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from composing import SQUARES, of, seeded

from models.english.naming import Names
from models.scene.arranging import shared
from models.scene.composer import Composer
from models.scene.contents import contained


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("a basket of apples", "a basket; three apples in the basket"),
        ("a big basket full of green apples on a farm", "a big basket on a farm; three green apples in the basket"),
        ("a boy with a basket with five eggs in it", "a boy with a basket; five eggs in the basket"),
        ("a vase with roses and two tulips", "a vase; three roses and two tulips in the vase"),
        # A name of its own, what is on it and not in it, what is there, several.
        ("a bowl of salad", "a bowl of salad"),
        ("a gift box with a ribbon", "a gift box with a ribbon"),
        ("the bowl with the eggs is too big", "the bowl with the eggs is too big"),
        ("two baskets of apples", "two baskets of apples"),
    ],
)
def test_what_a_thing_is_full_of_is_put_into_it(text: str, heard: str) -> None:
    assert contained(text, Names.shipped(), changes=False) == heard


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("add a basket of grapes", "add a basket. put grapes in the basket"),
        ("fill the bowl with eggs", "put three eggs in the bowl"),
        ("make it night", "make it night"),
        ("replace the vase with roses", "replace the vase with roses"),
        ("swap the big bowl with a pizza", "swap the big bowl with a pizza"),
        ("replace the cat with a basket of grapes", "replace the cat with a basket. put grapes in the basket"),
    ],
)
def test_what_a_change_fills_a_thing_with_is_put_into_it(text: str, heard: str) -> None:
    assert contained(text, Names.shipped(), changes=True) == heard


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("said", "holds", "content", "count"),
    [
        ("a basket of apples", "basket", "apple", 3),
        ("a boy with a basket of eggs", "basket", "egg", 3),
        ("a big red basket full of green apples on a farm", "basket", "apple", 3),
        ("two birds on a fence", "fence", "bird", 2),
        ("a cake on a table", "table", "cake", 1),
        ("a boy and a girl on a bench", "bench", "boy", 1),
    ],
)
def test_contents_are_within_what_holds_them_and_apart(
    composer: Composer, seed: int, said: str, holds: str, content: str, count: int
) -> None:
    layout = composer.plan(said, SQUARES, seeded(seed))
    [holder], inside = of(composer, layout, holds), of(composer, layout, content)
    assert len(inside) == count
    for one in inside:
        assert holder.column - 1 <= one.column
        assert one.column + one.side <= holder.column + holder.side + 1
        assert holder.row < one.row + one.side <= holder.row + holder.side
    for first, second in pairwise(inside):
        assert shared(first, second) <= 0.5 * first.side**2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_something_is_put_in_is_not_lost(composer: Composer, seed: int) -> None:
    before = composer.plan("a pumpkin and a basket", SQUARES, seeded(seed))
    after = composer.plan_edit("put a bunch of grapes in the basket", before, SQUARES, seeded(seed))
    assert all(of(composer, after, name) for name in ("pumpkin", "basket", "bunch of grapes"))


@pytest.mark.parametrize(
    ("first", "change", "about"),
    [
        ("a boat on the sea in the rain", "make it evening and stop the rain", ("sea", "sunset", "clear")),
        ("a boat on the sea in the rain", "evening please and no rain", ("sea", "sunset", "clear")),
        ("a fox in the snow at night in the forest", "no snow and in the daytime please", ("forest", "day", "clear")),
        ("a bear on the beach", "mountains instead of the beach", ("mountains", "day", "clear")),
        ("a bear on the beach", "i'd rather have a forest than the beach", ("forest", "day", "clear")),
    ],
)
def test_places_hours_and_weathers_change_together_and_bring_no_things(
    composer: Composer, first: str, change: str, about: tuple[str, ...]
) -> None:
    before = composer.plan(first, SQUARES, seeded(2))
    after = composer.plan_edit(change, before, SQUARES, seeded(2))
    world = composer.planner.world
    assert tuple(names[number] for names, number in zip(world.about, after.about, strict=False))[:3] == about
    assert after.kinds == before.kinds


@pytest.mark.parametrize("seed", [1, 2])
def test_what_pulls_a_sled_is_not_in_it(composer: Composer, seed: int) -> None:
    layout = composer.plan("santa on a sleigh with a reindeer at night", SQUARES, seeded(seed))
    [santa], [deer], [sled] = (of(composer, layout, name) for name in ("santa claus", "deer", "sled"))
    assert (santa.column, santa.row) != (deer.column, deer.row) and abs(deer.column - sled.column) >= 2


@pytest.mark.parametrize(("said", "holds"), [("five apples on a table", 3), ("eight oranges on a wooden table", 4)])
def test_many_things_on_a_table_are_on_it_in_two_rows(composer: Composer, seed: int, said: str, holds: int) -> None:
    layout = composer.plan(said, SQUARES, seeded(seed))
    [table] = of(composer, layout, "table")
    fruit = [one for one in layout.things if one is not table]
    feet = Counter(one.row + one.side for one in fruit)
    assert len(feet) == 2 and max(feet.values()) == holds and len({one.side for one in fruit}) == 1
    for one in fruit:
        assert table.column <= one.column and one.column + one.side <= table.column + table.side
        assert table.row - 1 <= one.row + one.side <= table.row + table.side / 2
