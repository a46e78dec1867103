"""What people say of pictures every day, in few words: sides, one of several, who holds or wears what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composing import SEEDS, SQUARES, names, of, played, seeded

from models.painter import ScenePipeline
from models.rendering.layout import Placed
from models.scene.composer import Composer


def across(one: Placed) -> float:
    return one.column + one.side / 2


def near(one: Placed, other: Placed) -> bool:
    """Whether a thing is by another or over it, as what somebody holds is."""
    over = other.column - 1 <= across(one) <= other.column + other.side + 1
    return over and one.row < other.row + other.side and other.row <= one.row + one.side


@SEEDS
@pytest.mark.parametrize(
    ("change", "left", "right"),
    [
        ("taxi on the right", "police car", "taxi"),
        ("taxi on the left", "taxi", "police car"),
        ("the police car to the left please", "police car", "taxi"),
        ("from left to right: taxi, police car", "taxi", "police car"),
        ("line them up: police car, taxi", "police car", "taxi"),
    ],
)
def test_what_is_said_to_be_on_a_side_is_on_that_side_of_all(
    composer: Composer, seed: int, change: str, left: str, right: str
) -> None:
    layout = played(composer, seed, "a police car and a taxi in the city", change)[-1]
    [one], [other] = of(composer, layout, left), of(composer, layout, right)
    assert across(one) + 0.2 * (one.side + other.side) <= across(other)


@SEEDS
def test_three_things_are_left_right_and_in_the_middle(composer: Composer, seed: int) -> None:
    layout = played(
        composer, seed, "a tooth, a toothbrush and soap", "toothbrush left, soap right, tooth in the centre"
    )[-1]
    [brush], [tooth], [soap] = (of(composer, layout, name) for name in ("toothbrush", "tooth", "soap"))
    assert across(brush) < across(tooth) < across(soap)


@SEEDS
def test_two_boxes_go_right_and_the_truck_stays(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "a truck, two boxes and a sofa in the city", "boxes right")
    truck, boxes = of(composer, after, "truck"), of(composer, after, "box")
    assert len(boxes) == 2 and min(map(across, boxes)) > across(truck[0])
    assert of(composer, before, "truck") == truck


@SEEDS
def test_what_comes_on_a_side_leaves_the_others_where_they_are(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "a bison in the savanna", "train passing far right")
    [train], [bison] = of(composer, after, "train"), of(composer, after, "bison")
    assert bison in before.things and across(bison) < across(train)


@SEEDS
@pytest.mark.parametrize(
    ("change", "left"),
    [
        ("one camel gone", 2),
        ("one camel delete", 2),
        ("one of the camels can go", 2),
        ("two of them must go", 1),
        ("one camel too many", 2),
        ("one camel out", 2),
        ("only one camel", 1),
        ("half of them", 1),
    ],
)
def test_so_many_of_several_go(composer: Composer, seed: int, change: str, left: int) -> None:
    layout = played(composer, seed, "three camels in the desert", change)[-1]
    assert len(of(composer, layout, "camel")) == left


@SEEDS
@pytest.mark.parametrize(
    "change", ["half as many balloons", "fewer balloons, like half", "too many, half of them please"]
)
def test_half_of_several_stay_as_large_as_they_were(composer: Composer, seed: int, change: str) -> None:
    before, after = played(composer, seed, "four balloons in a park", change)
    kept = of(composer, after, "balloon")
    assert len(kept) == 2 and set(kept) <= set(before.things)


@SEEDS
@pytest.mark.parametrize(
    ("change", "colour"), [("a cherry on the blue", "blue"), ("put a cherry on the yellow one", "yellow")]
)
def test_a_colour_says_which_of_several_is_meant(composer: Composer, seed: int, change: str, colour: str) -> None:
    before, after = played(composer, seed, "three cupcakes", "white, blue, yellow", change)[1:]
    cakes, [cherry] = of(composer, after, "cupcake"), of(composer, after, "cherry")
    number = composer.planner.world.colours.index(colour)
    assert cakes == of(composer, before, "cupcake")
    assert all((abs(across(cherry) - across(cake)) < 1) == (cake.colour == number) for cake in cakes)


@SEEDS
@pytest.mark.parametrize("request_", ["a bearded man with shield and axe", "a bearded man with an axe and a shield"])
def test_two_things_that_somebody_has_are_both_at_hand(composer: Composer, seed: int, request_: str) -> None:
    [layout] = played(composer, seed, request_)
    [man], [axe], [shield] = (of(composer, layout, name) for name in ("bearded man", "axe", "shield"))
    assert near(axe, man) and near(shield, man)
    assert (axe.column, axe.row) != (shield.column, shield.row)


@SEEDS
@pytest.mark.parametrize(
    ("first", "change", "who", "what"),
    [
        ("a sloth on a log in the jungle", "put coffee in his hand", "sloth", "cup of coffee"),
        ("a superhero", "an ogre with a bomb", "ogre", "bomb"),
        ("a ninja and a sword", "sword in his hand, shield in the other", "ninja", "sword"),
        ("a ninja and a sword", "sword in his hand, shield in the other", "ninja", "shield"),
        ("a jeep and a boomerang in the desert", "a man in the driver's seat", "jeep", "man"),
        ("a tractor and a brick wall", "a builder at the tractor's wheel", "tractor", "construction worker"),
        ("a duck, a crocodile and sunglasses", "the duck should wear them", "duck", "sunglasses"),
    ],
)
def test_what_somebody_has_is_by_them(
    composer: Composer, seed: int, first: str, change: str, who: str, what: str
) -> None:
    layout = played(composer, seed, first, change)[-1]
    [holder], [held] = of(composer, layout, who), of(composer, layout, what)
    assert near(held, holder)


@SEEDS
def test_a_hat_goes_along_when_what_flanks_its_wearer_moves_him(composer: Composer, seed: int) -> None:
    layout = played(
        composer, seed, "an old man with a bucket in a garden", "add a sun hat", "roses on both sides of him"
    )[-1]
    [man], [hat] = of(composer, layout, "old man"), of(composer, layout, "sun hat")
    assert near(hat, man) and hat.row < man.row + man.side / 2
    assert len(of(composer, layout, "rose")) == 2


@SEEDS
@pytest.mark.parametrize(
    ("first", "changes"),
    [
        ("an old man with a bucket in a garden", ("add a sun hat", "roses on both sides of him")),
        ("a llama, a goat and a sheep on a farm", ("line em up: llama, goat, sheep", "swap the llama and the sheep")),
    ],
)
def test_nothing_leaves_the_picture_by_a_change(
    composer: Composer, seed: int, first: str, changes: tuple[str, ...]
) -> None:
    for layout in played(composer, seed, first, *changes):
        for one in layout.things:
            assert 0 <= one.column <= SQUARES[0] - one.side and 0 <= one.row <= SQUARES[1] - one.side


@SEEDS
@pytest.mark.parametrize(
    ("request_", "shown"),
    [
        ("one fencer, white background", ["fencer"]),
        ("a scientist lady with a microscope", ["microscope", "scientist"]),
        ("a girl and a scientist", ["girl", "scientist"]),
        ("pawn black, pawn white", ["pawn", "pawn"]),
        ("a gorilla playing drums", ["drum", "gorilla"]),
        ("two drums", ["drum", "drum"]),
        ("a hippo in a bathtub with a toothbrush in its mouth", ["bathtub", "hippo", "toothbrush"]),
        ("mosque, moon", ["moon", "mosque"]),
    ],
)
def test_each_thing_comes_as_often_as_it_is_named(
    composer: Composer, seed: int, request_: str, shown: list[str]
) -> None:
    assert names(composer, composer.plan(request_, SQUARES, seeded(seed))) == shown


@SEEDS
def test_colours_behind_names_are_those_of_the_names(composer: Composer, seed: int) -> None:
    [layout] = played(composer, seed, "cat black, dog white, in a park")
    colours = composer.planner.world.colours
    [cat], [dog] = of(composer, layout, "cat"), of(composer, layout, "dog")
    assert (colours[cat.colour], colours[dog.colour]) == ("black", "white")


@SEEDS
@pytest.mark.parametrize(
    ("first", "change", "name", "many"),
    [
        ("ice cube, cocktail and coconut on the beach", "3 cubes, 2 cocktails", "ice cube", 3),
        ("a police car in the city", "the police officer should be a robot", "police officer", 0),
    ],
)
def test_a_part_of_a_name_is_that_of_what_is_there(
    composer: Composer, seed: int, first: str, change: str, name: str, many: int
) -> None:
    assert len(of(composer, played(composer, seed, first, change)[-1], name)) == many


@SEEDS
@pytest.mark.parametrize("change", ["all blue", "both blue please", "make everything blue"])
@pytest.mark.parametrize("first", ["a cat and a dog in a park", "three balloons"])
def test_all_in_a_colour_is_all_that_is_there(composer: Composer, seed: int, first: str, change: str) -> None:
    layout = played(composer, seed, first, change)[-1]
    assert {composer.planner.world.colours[one.colour] for one in layout.things} == {"blue"}


@SEEDS
@pytest.mark.parametrize("change", ["without", "remove everything else", "the cat faces left", "turn around"])
def test_what_leaves_open_what_to_do_changes_nothing(composer: Composer, seed: int, change: str) -> None:
    before, after = played(composer, seed, "a cat and a dog in a park", change)
    assert after == before


@SEEDS
@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ("add a fox looking left", ["cat", "dog", "fox"]),
        ("another dog facing right", ["cat", "dog", "dog"]),
        ("leave the cat alone", ["cat", "dog"]),
    ],
)
def test_what_is_no_such_order_is_heard_as_ever(composer: Composer, seed: int, change: str, shown: list[str]) -> None:
    assert names(composer, played(composer, seed, "a cat and a dog in a park", change)[-1]) == shown


@SEEDS
def test_a_word_or_two_are_orders(composer: Composer, seed: int) -> None:
    before = composer.plan("a cat and a dog in a park", SQUARES, seeded(seed))
    after = {
        change: composer.plan_edit(change, before, SQUARES, seeded(seed))
        for change in ("same size", "swap", "cat alone", "sky", "bigger", "smaller")
    }
    [cat], [dog] = of(composer, before, "cat"), of(composer, before, "dog")
    assert len({one.side for one in after["same size"].things}) == 1
    [cat_then], [dog_then] = of(composer, after["swap"], "cat"), of(composer, after["swap"], "dog")
    assert (across(cat) < across(dog)) != (across(cat_then) < across(dog_then))
    assert names(composer, after["cat alone"]) == ["cat"]
    assert composer.planner.world.places[after["sky"].about[0]] == "sky"
    assert all(one.side > cat.side for one in of(composer, after["bigger"], "cat"))
    assert sum(one.side for one in after["smaller"].things) < cat.side + dog.side


@SEEDS
def test_the_puzzle_is_the_puzzle_piece(composer: Composer, seed: int) -> None:
    layout = played(composer, seed, "a puzzle piece, dice and a ball", "puzzle blue, dice white, ball stays")[-1]
    [piece] = of(composer, layout, "puzzle piece")
    assert composer.planner.world.colours[piece.colour] == "blue"


@SEEDS
def test_a_bolt_that_is_named_comes_into_a_storm(composer: Composer, seed: int) -> None:
    layout = played(composer, seed, "a bison in the savanna in a storm", "a lightning bolt above him")[-1]
    assert len(of(composer, layout, "lightning bolt")) == 1


@SEEDS
@pytest.mark.parametrize(("animal", "homes"), [("cat", ("meadow", "park", "garden", "forest", "beach", "city"))])
def test_night_takes_who_is_before_a_plain_background_home(
    composer: Composer, seed: int, animal: str, homes: tuple[str, ...]
) -> None:
    layout = played(composer, seed, f"a {animal} on a white background", "make it night")[-1]
    world = composer.planner.world
    assert world.lights[layout.about[1]] == "night" and world.places[layout.about[0]] in homes


@pytest.mark.parametrize("change", ["kitchen setting", "they should be in the kitchen, obviously", "another kitchen"])
def test_who_asks_for_the_place_that_is_there_gets_another_view_of_it(pipeline: ScenePipeline, change: str) -> None:
    before = pipeline.paint("a chef, a pizza and a mouse in a kitchen", generator=seeded(1))
    after = pipeline.edit(change, before.picture, generator=seeded(2)).layout
    assert after.view != before.layout.view and replace(after, view=before.layout.view) == before.layout


@pytest.mark.parametrize("change", ["make the kitchen blue", "the chef is in the kitchen", "make it day", "no kitchen"])
def test_a_view_stays_where_something_else_is_said_too(pipeline: ScenePipeline, change: str) -> None:
    before = pipeline.paint("a chef, a pizza and a mouse in a kitchen", generator=seeded(1))
    after = pipeline.edit(change, before.picture, generator=seeded(2)).layout
    assert after.view == before.layout.view


@SEEDS
@pytest.mark.parametrize(
    ("first", "change", "shown"),
    [
        ("a cat and a dog", "the cat instead of the dog", ["cat"]),
        ("a cat and a dog", "a cat instead of the dog", ["cat", "cat"]),
        ("a cat and a dog", "swap the dog for a cat", ["cat", "cat"]),
        ("a surfer, a wave and a seal", "seal instead of the guy", ["seal", "wave"]),
        ("an alien on the moon", "two", ["alien", "alien"]),
        ("three bearded men and a dog", "one bearded man instead", ["bearded man", "dog"]),
        ("three dogs in a park", "two please", ["dog", "dog"]),
        ("a moai and a fox", "3 of those stone heads would make a better row", ["fox", "moai", "moai", "moai"]),
        ("two brown horses and a trophy", "scratch that second one", ["horse", "trophy"]),
    ],
)
def test_what_is_there_instead_and_how_many_of_it(
    composer: Composer, seed: int, first: str, change: str, shown: list[str]
) -> None:
    assert names(composer, played(composer, seed, first, change)[-1]) == shown


@pytest.mark.parametrize("change", ["in the woods", "walking in the forest"])
def test_a_place_is_known_by_what_else_it_is_called(pipeline: ScenePipeline, change: str) -> None:
    before = pipeline.paint("a hedgehog in the forest", generator=seeded(1))
    after = pipeline.edit(change, before.picture, generator=seeded(2)).layout
    assert after.view != before.layout.view and replace(after, view=before.layout.view) == before.layout
