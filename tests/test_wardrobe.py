"""Who wears something below the face is a figure, and stays one."""

from __future__ import annotations

import pytest
import torch

from models.rendering.layout import Layout, Placed
from models.scene.arranging import on_a_head, shared
from models.scene.composer import Composer
from models.scene.wardrobe import dressed_in

EXTENT = (16, 16)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def one(composer: Composer, layout: Layout, name: str) -> Placed:
    return next(thing for thing in layout.things if composer.planner.world.things[thing.thing] == name)


def wears(composer: Composer, layout: Layout, who: str) -> list[str]:
    """What somebody wears, from the top down."""
    world = composer.planner.world
    return [world.things[g.thing] for g in dressed_in(layout, one(composer, layout, who), world)]


@pytest.mark.parametrize(
    ("prompt", "who", "garments"),
    [
        ("a girl with a red dress", "girl", ["dress"]),
        ("a boy wearing a yellow t-shirt, jeans and sneakers", "boy", ["t-shirt", "jeans", "sneaker", "sneaker"]),
        ("a cat in a coat", "cat", ["coat"]),
    ],
)
def test_what_somebody_wears_hangs_below_the_face(
    composer: Composer, prompt: str, who: str, garments: list[str]
) -> None:
    for seed in range(3):
        made = composer.plan(prompt, EXTENT, seeded(seed))
        assert wears(composer, made, who) == garments
        assert all(thing.row >= 0 and thing.row + thing.side <= EXTENT[1] for thing in made.things)


def test_what_one_gets_later_hangs_below_what_one_has(composer: Composer) -> None:
    made = composer.plan("a girl with a red dress and a hat", EXTENT, seeded(7))
    made = composer.plan_edit("she should also wear brown boots", made, EXTENT, seeded(8))
    assert wears(composer, made, "girl") == ["dress", "boot", "boot"]
    assert on_a_head(one(composer, made, "hat"), [one(composer, made, "girl")])


@pytest.mark.parametrize("said", ["move her to the left", "make her smaller", "make it night", "make the dress blue"])
def test_clothes_go_where_their_wearer_goes(composer: Composer, said: str) -> None:
    made = composer.plan("a girl with a red dress in a park", EXTENT, seeded(7))
    after = composer.plan_edit(said, made, EXTENT, seeded(8))
    assert after != made
    assert wears(composer, after, "girl") == ["dress"]


@pytest.mark.parametrize(
    ("who", "said", "garments"),
    [
        ("zombie", "in jeans", ["jeans"]),
        ("santa claus", "shorts", ["shorts"]),
        ("cat", "give him boots", ["boot", "boot"]),
    ],
)
def test_trousers_or_shoes_alone_are_worn_too(composer: Composer, who: str, said: str, garments: list[str]) -> None:
    made = composer.plan(f"a {who}", EXTENT, seeded(7))
    assert wears(composer, composer.plan_edit(said, made, EXTENT, seeded(8)), who) == garments


@pytest.mark.parametrize(
    ("who", "said", "garment"),
    [
        ("hippo", "a hippo in a tutu", "dress"),
        ("runner", "a runner > a blue t-shirt on her", "t-shirt"),
        ("elephant", "an elephant > give him boots", "boot"),
        ("dancer", "a dancer on a stage > pink ballet shoes", "ballet shoes"),
        ("fox", "a fox with headphones", "headphones"),
        ("cat", "a cat > give her a necklace", "necklace"),
    ],
)
def test_who_is_drawn_as_a_whole_wears_clothes_on_the_body(
    composer: Composer, who: str, said: str, garment: str
) -> None:
    prompt, *edits = said.split(" > ")
    made = composer.plan(prompt, EXTENT, seeded(7))
    for edit in edits:
        made = composer.plan_edit(edit, made, EXTENT, seeded(8))
    named = composer.planner.world.things
    [wearer] = [one for one in made.things if named[one.thing] == who]
    garments = [one for one in made.things if named[one.thing] == garment]
    assert garments and all(shared(one, wearer) >= 0.4 * one.side**2 for one in garments)
    assert len({(one.column, one.row) for one in garments}) == len(garments)


def test_a_figure_stays_one_when_another_comes(composer: Composer) -> None:
    made = composer.plan("a boy wearing a blue t-shirt and jeans on the beach", EXTENT, seeded(7))
    after = composer.plan_edit("add a dog wearing a coat", made, EXTENT, seeded(8))
    assert wears(composer, after, "boy") == ["t-shirt", "jeans"]
    assert wears(composer, after, "dog") == ["coat"]


def test_who_rides_in_a_dress_wears_it(composer: Composer) -> None:
    made = composer.plan("a girl in a yellow dress riding a unicorn", EXTENT, seeded(7))
    assert wears(composer, made, "girl") == ["dress"]
    assert one(composer, made, "dress").over(one(composer, made, "unicorn"))


def test_who_takes_the_last_garment_off_stands_on_the_ground(composer: Composer) -> None:
    made = composer.plan("a cat in a coat", EXTENT, seeded(7))
    coat, after = one(composer, made, "coat"), composer.plan_edit("remove the coat", made, EXTENT, seeded(8))
    cat = one(composer, after, "cat")
    assert [composer.planner.world.things[thing.thing] for thing in after.things] == ["cat"]
    assert cat.row + cat.side == coat.row + coat.side


def test_a_dress_that_nobody_wears_is_a_dress(composer: Composer) -> None:
    made = composer.plan("a red dress", EXTENT, seeded(1))
    assert composer.planner.world.said(made).startswith("red dress;")
