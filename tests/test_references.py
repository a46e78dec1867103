"""What words mean of what a picture shows."""

from __future__ import annotations

import pytest
import torch
from test_relations import EXTENT, middle, placed

from models.rendering.layout import Layout, Placed
from models.scene.arranging import on_a_head
from models.scene.composer import Composer
from models.scene.references import by_sort, put_plainly


def after(composer: Composer, said: str, before: Layout) -> Layout:
    return composer.plan_edit(said, before, EXTENT, torch.Generator().manual_seed(3))


def one(composer: Composer, layout: Layout, name: str) -> Placed:
    return next(each for each in layout.things if composer.planner.world.things[each.thing] == name)


@pytest.mark.parametrize(
    ("said", "things", "plain"),
    [
        ("turn the bird orange", ("flamingo", "lifebuoy"), "turn the flamingo orange"),
        ("the flower in the vase yellow", ("rose", "vase"), "the rose in the vase yellow"),
        ("this bug is too small", ("ladybug",), "this ladybug is too small"),
        ("the birds should be red", ("dove", "tree"), "the doves should be red"),
        ("take the hat off", ("cap", "fox"), "take the cap off"),
        ("the bird is red", ("bird", "dove"), "the bird is red"),
        ("the animal bigger", ("fox", "dog"), "the animal bigger"),
        ("the bird house", ("dove",), "the bird house"),
        ("add a bird", ("dove",), "add a bird"),
    ],
)
def test_a_sort_means_the_only_thing_of_it(composer: Composer, said: str, things: tuple[str, ...], plain: str) -> None:
    assert by_sort(said, placed(composer, *things), composer.planner.world, composer.names) == plain


@pytest.mark.parametrize(
    ("said", "things", "plain"),
    [
        ("she'd be carrying it", ("fairy", "tooth"), "the fairy is holding the tooth"),
        ("surely in her arms, dear, not lying about", ("dancer", "bouquet"), "the dancer is holding the bouquet"),
        ("clown gives her the balloon", ("clown", "balloon", "girl"), "the girl is holding the balloon"),
        ("he might sit on the sofa rather than beside it", ("owl", "sofa"), "put the owl on the sofa"),
        ("no ON it silly", ("giraffe", "bicycle"), "put the giraffe on the bicycle"),
        ("that clown rode the elephant", ("clown", "elephant", "circus tent"), "put the clown on the elephant"),
        ("the mouse goes left of her", ("mouse", "girl"), "put the mouse left of the girl"),
    ],
)
def test_what_is_there_is_put_by_what_is_there(
    composer: Composer, said: str, things: tuple[str, ...], plain: str
) -> None:
    assert put_plainly(said, placed(composer, *things), composer.planner.world, composer.names) == plain


@pytest.mark.parametrize(
    ("said", "things"),
    [
        ("put a mouse on the sofa", ("mouse", "sofa")),
        ("make it red", ("fox", "dog")),
        ("the cat on the sofa red", ("cat", "sofa")),
        ("swap the cat and the dog", ("cat", "dog")),
        ("add a hat on the cat", ("cat", "hat")),
        ("on a sofa", ("cat",)),
        ("the cat on the left bigger", ("cat", "dog")),
        ("take the cat off the sofa", ("cat", "sofa")),
    ],
)
def test_any_other_wish_is_left(composer: Composer, said: str, things: tuple[str, ...]) -> None:
    assert put_plainly(said, placed(composer, *things), composer.planner.world, composer.names) == said


def test_who_is_told_to_sit_elsewhere_takes_the_glasses_along(composer: Composer) -> None:
    worn = after(composer, "give the owl glasses", placed(composer, "owl", "tree", "stack of books"))
    made = after(composer, "he might sit on the books rather than beside them", worn)
    owl, glasses = one(composer, made, "owl"), one(composer, made, "glasses")
    assert abs(middle(owl) - middle(one(composer, made, "stack of books"))) <= 1
    assert owl != one(composer, worn, "owl")
    assert abs(middle(owl) - middle(glasses)) <= 1 and glasses.over(owl)


@pytest.mark.parametrize(
    ("said", "things", "name"),
    [
        ("in front of a mosque", ("peacock",), "mosque"),
        ("there's a moon missing, he always wrote to me about the moon", ("lighthouse", "boat"), "moon"),
        ("where's the ambulance to?", ("doctor", "hospital"), "ambulance"),
        ("he's freezing - scarf", ("boat", "man"), "scarf"),
        ("give the bearded man an axe", ("boat", "bearded man"), "axe"),
    ],
)
def test_what_is_brought_comes_where_it_is_and_nobody_goes(
    composer: Composer, said: str, things: tuple[str, ...], name: str
) -> None:
    before = placed(composer, *things)
    made = after(composer, said, before)
    assert {one.thing for one in before.things} < {one.thing for one in made.things}
    assert one(composer, made, name) and made.about == before.about


def test_of_one_that_is_there_a_second_comes_in_its_size(composer: Composer) -> None:
    made = after(composer, "a second smaller one behind it", placed(composer, "mammoth"))
    sides = [each.side for each in made.things]
    assert len(sides) == 2 and sides[0] != sides[1]


def test_a_reason_asks_for_nothing(composer: Composer) -> None:
    made = after(
        composer, "give one of them a saw because you know hes a builder", placed(composer, "beaver", "beaver")
    )
    assert sorted(composer.planner.world.things[each.thing] for each in made.things) == ["beaver", "beaver", "saw"]


def test_the_colour_behind_is_the_background(composer: Composer) -> None:
    places = composer.planner.world.places
    made = composer.plan("a magnet and a key, white behind", EXTENT, torch.Generator().manual_seed(1))
    assert places[made.about[0]] == "white background"
    made = after(composer, "pale, calming green as a backdrop", placed(composer, "doctor"))
    assert places[made.about[0]] == "green background" and len(made.things) == 1


@pytest.mark.parametrize("said", ["put the hat on the shrimp", "the shrimp wears the hat. power move"])
def test_a_hat_is_handed_on(composer: Composer, said: str) -> None:
    worn = after(composer, "give the shark a hat", placed(composer, "shark", "shrimp"))
    made = after(composer, said, worn)
    assert len(made.things) == 3
    assert on_a_head(one(composer, made, "hat"), [one(composer, made, "shrimp")])


def test_all_but_one_are_dyed_or_sent_away(composer: Composer) -> None:
    world, before = composer.planner.world, placed(composer, "ribbon", "ballet shoes", "musical note")
    pink = world.colours.index("pink")
    made = after(composer, "all in pink... except the note", before)
    assert {world.things[each.thing] for each in made.things if each.colour == pink} == {"ribbon", "ballet shoes"}
    made = after(composer, "everything gone except the ribbon", before)
    assert [world.things[each.thing] for each in made.things] == ["ribbon"]
