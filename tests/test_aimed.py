"""Sentences about the newest picture, and changes that must leave the rest of it alone, as people typed them."""

from __future__ import annotations

import pytest
import torch

from models.chat.conversation import Action, Scene, it_of, shelf_of
from models.chat.corrections import corrected
from models.chat.decider import Decider
from models.chat.returning import of_the_called
from models.rendering.layout import Layout, Placed
from models.scene.composer import Composer
from tools.catalog import BY_NAME
from tools.shown import left_out

SQUARES = (16, 16)
SHELF = shelf_of(
    """[shelf]
    #1 256×256 "a garden with tulips", shows 2 × tulip; garden
    #2 256×256 "add a woman", edit of #1, shows 2 × tulip, woman; garden
    #3 256×256 "more tulips", edit of #2, shows 3 × tulip, woman; garden
    #4 256×256 "make the tulips yellow", edit of #3, shows 3 × yellow tulip, woman; garden
    [/shelf]"""
)


@pytest.mark.parametrize(
    ("said", "decided", "meant"),
    [
        ("three more tulips please", Action("vary_image", {"image": 4, "count": 3}), "add three more tulips"),
        ("3 more like it", Action("vary_image", {"image": 4, "count": 3}), None),
        ("take away the woman", Action("look_at_image", {"image": 1}), "take away the woman"),
        ("without the woman", Action("look_at_image", {"image": 1}), "without the woman"),
        ("put a bee on the middle one", Action.edit(1, "put a bee on the middle one"), "put a bee on the middle one"),
        (
            "make the one in the middle bigger", Action("upscale_image", {"image": 1, "scale": 4}),
            "make the one in the middle bigger",
        ),
        ("take the woman away again and add a cat", Action.edit(1, "add a cat"), "take the woman away and add a cat"),
        (
            "can i have a bear and a guitar too", Action("generate_image", {"prompt": "a bear and a guitar"}),
            "add a bear and a guitar",
        ),
        ("make it bigger", Action("upscale_image", {"image": 4, "scale": 2}), None),
        (
            "now for the letter: the same people at the beach",
            Action("generate_image", {"prompt": "a garden, at the beach"}),
            "at the beach",
        ),
        ("morning sunshine", Action(text="Hello! Tell me what to draw."), "morning sunshine"),
        (
            "she doesn't need the tulips any more", Action("look_at_image", {"image": 3, "question": "tulips"}),
            "she doesn't need the tulips any more",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_the_newest_picture_is_done_to_it(said: str, decided: Action, meant: str | None) -> None:
    assert corrected(Scene(said, SHELF), decided) == (Action.edit(4, meant) if meant else decided)


@pytest.mark.parametrize(
    ("said", "shows"),
    [
        ("make the first one red", "pond, 3 × duck; park, night"),
        ("give the second one a hat", "red duck, duck; park, night"),
        ("put a bow on the last one", "red duck, 2 × duck; park, night"),
    ],
)
def test_the_first_of_the_things_in_a_picture_is_no_first_picture(decider: Decider, said: str, shows: str) -> None:
    shelf = shelf_of(
        f"""[shelf]
        #1 256×256 "three ducks on a pond", shows pond, 3 × duck; park
        #2 256×256 "make it night", edit of #1, shows {shows}
        [/shelf]"""
    )
    assert decider.decide(Scene(said, shelf), list(BY_NAME)) == Action.edit(2, said)


def test_the_first_picture_is_called_where_each_thing_is_there_once(decider: Decider) -> None:
    shelf = shelf_of(
        """[shelf]
        #1 256×256 "a duck", shows duck; park
        #2 256×256 "make it night", edit of #1, shows duck; park, night
        [/shelf]"""
    )
    assert decider.decide(Scene("make the first one red", shelf), list(BY_NAME)).args["image"] == 1


def test_the_one_before_is_the_one_before() -> None:
    scene = of_the_called(Scene("the one before, but with two women", SHELF))
    assert (it_of(scene), scene.said) == (3, "with two women")


def test_a_picture_is_called_by_what_was_done_to_it() -> None:
    shelf = shelf_of(
        """[shelf]
        #1 256×256 "a harbour", shows boat; harbour
        #2 256×256 "two seagulls in the sky", edit of #1, shows boat, 2 × dove; harbour
        #3 256×256 "a bit of fog would be good", edit of #2, shows boat, 2 × dove; harbour, fog
        #4 256×256 "make it night with a moon", edit of #3, shows boat, 2 × dove, full moon; harbour, night, fog
        [/shelf]"""
    )
    scene = of_the_called(Scene("the foggy one again but with three seagulls", shelf))
    assert (it_of(scene), scene.said) == (3, "with three seagulls")


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def layout(composer: Composer, about: str, *things: tuple[str, int, int, int]) -> Layout:
    world = composer.planner.world
    place, light = about.split(", ")
    placed = tuple(Placed(world.things.index(name), 0, side, column, row) for name, side, column, row in things)
    return Layout((world.places.index(place), world.lights.index(light), 0, 0), placed)


def names(composer: Composer, shown: Layout) -> list[str]:
    return sorted(composer.planner.world.things[one.thing] for one in shown.things)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_only_added_moves_nothing_else(composer: Composer, seed: int) -> None:
    before = layout(composer, "forest, day", ("bear", 8, 2, 6), ("honey pot", 5, 10, 9))
    after = composer.plan_edit("add three bees above the pot", before, SQUARES, seeded(seed))
    assert set(before.things) < set(after.things)
    assert names(composer, after) == ["bear", "bee", "bee", "bee", "honey pot"]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("said", "left"), [("take one pig away", 2), ("take two pigs away", 1), ("make the pigs blue with a bow", 3)]
)
def test_so_many_go_as_are_named(composer: Composer, seed: int, said: str, left: int) -> None:
    before = layout(composer, "farm, day", ("pig", 5, 0, 8), ("pig", 5, 6, 8), ("pig", 5, 11, 8), ("house", 4, 2, 2))
    assert names(composer, composer.plan_edit(said, before, SQUARES, seeded(seed))).count("pig") == left


@pytest.mark.parametrize("seed", [1, 2])
def test_place_and_hour_are_both_changed(composer: Composer, seed: int) -> None:
    before = layout(composer, "farm, night", ("pig", 5, 6, 8))
    about = composer.plan_edit("put it in a meadow in daytime", before, SQUARES, seeded(seed)).about
    world = composer.planner.world
    assert (world.places[about[0]], world.lights[about[1]]) == ("meadow", "day")


def test_each_of_two_new_things_has_its_own_place(composer: Composer) -> None:
    before = layout(composer, "desert, day", ("banana", 4, 6, 11))
    after = composer.plan_edit("put a cactus on the left and a ufo in the sky", before, SQUARES, seeded(1))
    where = {composer.planner.world.things[one.thing]: one for one in after.things}
    assert where["cactus"].column <= 2 and where["cactus"].row + where["cactus"].side > 12
    assert where["ufo"].row <= 2


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("my teacher as a clown in a classroom", (["clown"], "room")),
        ("three coworkers in an office", (["man", "man", "woman"], "room")),
    ],
)
def test_requests_are_about_whom_they_name(composer: Composer, said: str, there: tuple[list[str], str]) -> None:
    shown = composer.plan(said, SQUARES, seeded(1))
    assert (names(composer, shown), composer.planner.world.places[shown.about[0]]) == there


def test_a_hat_is_on_the_head_of_who_is_drawn_from_the_side(composer: Composer) -> None:
    before = layout(composer, "savanna, day", ("elephant", 8, 3, 6))
    shown = composer.plan_edit("give the elephant a crown", before, SQUARES, seeded(2))
    crown = next(one for one in shown.things if composer.planner.world.things[one.thing] == "crown")
    assert crown.column + crown.side / 2 <= 3 + 8 / 3


def test_them_in_different_colours_are_in_different_colours(composer: Composer) -> None:
    before = layout(
        composer, "park, day", ("balloon", 4, 0, 4), ("balloon", 4, 6, 4), ("balloon", 4, 11, 4), ("cat", 4, 6, 10)
    )
    after = composer.plan_edit("make them different colors", before, SQUARES, seeded(1))
    assert len({one.colour for one in after.things[:3]}) == 3 and after.things[3] == before.things[3]


@pytest.mark.parametrize(("which", "column"), [("left", 0), ("middle", 5), ("right", 11)])
def test_what_is_put_on_one_of_several_is_on_that_one(composer: Composer, which: str, column: int) -> None:
    before = layout(composer, "kitchen, day", *(("cupcake", 5, column, 8) for column in (0, 5, 11)))
    after = composer.plan_edit(f"put a candle on the {which} one", before, SQUARES, seeded(2))
    candle = next(one for one in after.things if one not in before.things)
    assert column <= candle.column + candle.side / 2 <= column + 5


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("put the rocket in the sky", ["rocket"]),
        ("one of them should be a woman", ["man", "rocket", "woman"]),
        ("make the rocket a bit smaller", ["rocket"]),
    ],
)
def test_what_was_refused_is_done(composer: Composer, said: str, there: list[str]) -> None:
    men = (("man", 4, 0, 10), ("man", 4, 12, 10)) if "man" in there else ()
    before = layout(composer, "city, day", ("rocket", 8, 4, 7), *men)
    after = composer.plan_edit(said, before, SQUARES, seeded(2))
    assert names(composer, after) == there and after != before


def test_a_hat_that_it_has_not_is_told() -> None:
    told = left_out("give the cat a chef hat", "cat, hat; kitchen", "cat; kitchen")
    assert told == "the small painter has no chef hat, a plain hat is the nearest"
    assert left_out("give the cat a hat", "cat, hat; kitchen", "cat; kitchen") == ""


def test_a_background_in_the_nearest_colour_is_told() -> None:
    told = left_out("beige background", "croissant; brown background", "croissant; white background")
    assert told == "the small painter has no beige background, a brown one is the nearest"
    assert left_out("gray background", "croissant; grey background", "croissant; white background") == ""


def test_the_moon_that_a_night_keeps_is_told() -> None:
    told = left_out("remove the moon", "flag; sea, night", "flag, full moon; sea, night")
    assert told == "a clear night has a moon of its own"
    assert left_out("remove the moon", "flag; sea", "flag, moon; sea") == ""
    assert left_out("remove the moon", "flag; sea, night, fog", "flag, moon; sea, night, fog") == ""
