"""What people say of pictures every day, in few words: sides, one of several, who holds or wears what."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from statistics import fmean

import pytest
from composing import SQUARES, names, of, played, seeded

from models.kinds import MOST
from models.painter import ScenePipeline
from models.rendering.layout import Layout, Placed
from models.scene.arranging import on_a_head, shared
from models.scene.believable import WATERS
from models.scene.composer import Composer
from models.scene.unchanged import why_unchanged


def across(one: Placed) -> float:
    return one.column + one.side / 2


def near(one: Placed, other: Placed) -> bool:
    """Whether a thing is by another or over it, as what somebody holds is."""
    over = other.column - 1 <= across(one) <= other.column + other.side + 1
    return over and one.row < other.row + other.side and other.row <= one.row + one.side


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


def test_three_things_are_left_right_and_in_the_middle(composer: Composer, seed: int) -> None:
    layout = played(
        composer, seed, "a tooth, a toothbrush and soap", "toothbrush left, soap right, tooth in the centre"
    )[-1]
    [brush], [tooth], [soap] = (of(composer, layout, name) for name in ("toothbrush", "tooth", "soap"))
    assert across(brush) < across(tooth) < across(soap)


def test_two_boxes_go_right_and_the_truck_stays(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "a truck, two boxes and a sofa in the city", "boxes right")
    truck, boxes = of(composer, after, "truck"), of(composer, after, "box")
    assert len(boxes) == 2 and min(map(across, boxes)) > across(truck[0])
    assert of(composer, before, "truck") == truck


def test_what_comes_on_a_side_leaves_the_others_where_they_are(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "a bison in the savanna", "train passing far right")
    [train], [bison] = of(composer, after, "train"), of(composer, after, "bison")
    assert bison in before.things and across(bison) < across(train)


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
        ("take two out", 1),
    ],
)
def test_so_many_of_several_go(composer: Composer, seed: int, change: str, left: int) -> None:
    layout = played(composer, seed, "three camels and a tent in the desert", change)[-1]
    assert len(of(composer, layout, "camel")) == left and of(composer, layout, "tent")


@pytest.mark.parametrize(
    "change",
    ["take away 2 ghosts", "delete two ghosts", "take both ghosts", "take 2 of the ghosts", "remove both ghosts"],
)
def test_all_of_several_go_by_their_number(composer: Composer, seed: int, change: str) -> None:
    assert names(composer, played(composer, seed, "two ghosts and a dog in a park", change)[-1]) == ["dog"]


@pytest.mark.parametrize(
    ("first", "complaint"),
    [
        ("a horse and a cow on a farm", "that's not a horse"),
        ("a police car and a blue car in a city", "thats no police car"),
        ("a cat, a dog and a ball in a garden", "it doesn't look like a dog"),
        ("three cats and a dog", "that's only 2 cats"),
        ("a cat and a dog in a room", "too many cats!"),
        ("a cat and a dog in a room", "the cat should be only one"),
        ("a bouquet and a scarf in a room", "too many flowers, only three"),
    ],
)
def test_a_complaint_takes_nothing_away(composer: Composer, seed: int, first: str, complaint: str) -> None:
    before, after = played(composer, seed, first, complaint)
    assert after == before


@pytest.mark.parametrize(
    ("first", "change", "left"),
    [
        ("five ducks on a pond", "too many ducks", ["duck"] * 2 + ["pond"]),
        ("two cats and a dog in a room", "too many cats!", ["cat", "dog"]),
        ("five roses and a scarf in a room", "too many roses, only three", ["rose"] * 3 + ["scarf"]),
        ("three red cars and a blue bus", "only want two cars", ["bus", "car", "car"]),
        ("three yellow ducks and a white swan on a pond", "only two ducks", ["duck", "duck", "pond", "swan"]),
        ("three ducks and a dog", "only one of them", ["dog", "duck"]),
        ("three ducks and a dog", "just two please", ["dog", "duck", "duck"]),
    ],
)
def test_of_too_many_some_stay_and_all_else(
    composer: Composer, seed: int, first: str, change: str, left: list[str]
) -> None:
    assert names(composer, played(composer, seed, first, change)[-1]) == left


@pytest.mark.parametrize(
    ("first", "change"),
    [
        ("a pizza and a cake in a kitchen", "no onions on the pizza"),
        ("a pizza and a cake in a kitchen", "pizza without tomatoes"),
        ("a pizza and a cake in a kitchen", "pizza without olives"),
        ("a boy, a girl and a kite on a beach", "no hat on the boy"),
        ("a stadium and a ball in a meadow", "remove crowd"),
        ("a cat, a dog and a ball in a garden", "without the frame"),
    ],
)
def test_for_what_is_not_there_nothing_goes(composer: Composer, seed: int, first: str, change: str) -> None:
    before, after = played(composer, seed, first, change)
    assert names(composer, after) == names(composer, before)


@pytest.mark.parametrize(
    ("first", "change"),
    [
        ("a cat, a dog and a ball in a garden", "put fireworks in the sky"),
        ("a cat, a dog and a ball in a garden", "put a zeppelin in the sky"),
        ("two swans on a lake", "roses in the corners"),
        ("a dragon and two red lanterns in a city", "i want also the people dance"),
    ],
)
def test_a_wish_for_a_thing_leaves_the_place(composer: Composer, seed: int, first: str, change: str) -> None:
    before, after = played(composer, seed, first, change)
    assert after.about[0] == before.about[0]


@pytest.mark.parametrize("change", ["fly it through the clouds", "way up in the sky"])
def test_what_is_sent_into_the_sky_is_there(composer: Composer, seed: int, change: str) -> None:
    after = played(composer, seed, "a cat in a garden", change)[-1]
    assert composer.planner.world.places[after.about[0]] == "sky"


@pytest.mark.parametrize(
    ("change", "right", "down"),
    [
        ("the helicopter is too far left", 4, 0),
        ("too far to the right, the helicopter", -4, 0),
        ("the helicopter is too high up", 0, 4),
        ("the helicopter is a bit too low", 0, -2),
    ],
)
def test_what_is_too_far_goes_back(composer: Composer, seed: int, change: str, right: int, down: int) -> None:
    before = composer.plan("a helicopter and a bus in a city", SQUARES, seeded(seed))
    [copter], [bus] = of(composer, before, "helicopter"), of(composer, before, "bus")
    before = replace(before, things=(replace(copter, column=4, row=4, side=6), bus))
    after = composer.plan_edit(change, before, SQUARES, seeded(seed))
    [moved] = of(composer, after, "helicopter")
    assert (moved.column, moved.row) == (4 + right, 4 + down) and of(composer, after, "bus") == [bus]


def test_what_is_at_the_edge_goes_no_farther(composer: Composer, seed: int) -> None:
    before = composer.plan("a helicopter and a bus in a city", SQUARES, seeded(seed))
    copter = replace(of(composer, before, "helicopter")[0], column=0, row=2, side=6)
    before = replace(before, things=(*of(composer, before, "bus"), copter))
    after = composer.plan_edit("the helicopter is too far to the right", before, SQUARES, seeded(seed))
    assert of(composer, after, "helicopter") == [copter]


def test_of_several_none_is_too_far_that_is_not_named(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "a helicopter and a bus in a city", "its too far up")
    assert after == before


@pytest.mark.parametrize("change", ["the sea was more blue", "make the sea bluer", "the sand should be yellow"])
def test_a_colour_of_the_place_dyes_nothing(composer: Composer, seed: int, change: str) -> None:
    before, after = played(composer, seed, "a boy, a girl and a kite on a beach", change)
    assert after.things == before.things


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("beige background", "brown background"),
        ("make the background mint", "green background"),
        ("gold background please", "yellow background"),
        ("on a lilac background", "purple background"),
        ("navy background", "blue background"),
    ],
)
def test_a_background_has_the_nearest_colour(composer: Composer, change: str, place: str) -> None:
    new = composer.plan(f"a croissant {change}", SQUARES, seeded(1)) if change.startswith("on") else None
    changed = played(composer, 1, "a croissant on a white background", change)[-1]
    assert {composer.planner.world.places[one.about[0]] for one in (new, changed) if one} == {place}


def test_for_what_somebody_is_on_nobody_goes_from_a_full_picture(composer: Composer, seed: int) -> None:
    first, more = "halloween party with pumpkins ghosts and a witch", ("add two bats", "add two cats")
    *_, before, after = played(composer, seed, first, *more, "witch on a broom in front of full moon")
    assert len(before.things) == MOST and not set(before.kinds) - set(after.kinds)


def test_with_the_moon_no_flag_goes(composer: Composer, seed: int) -> None:
    first = "a boat, a ship and a black flag at sea at night with a full moon"
    layout = played(composer, seed, first, "flag without moon")[-1]
    assert names(composer, layout) == ["boat", "flag", "ship"]


def test_so_many_as_there_are_stay(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "two roses in a vase", "not that many roses, just two")
    assert after == before


def test_a_total_of_one_lets_the_others_go(composer: Composer, seed: int) -> None:
    first = "a kitchen table with two carrots, two onions and two tomatoes"
    layout = played(composer, seed, first, "exactly 2 carrots, 3 onions and one tomato")[-1]
    assert names(composer, layout) == ["carrot"] * 2 + ["onion"] * 3 + ["table", "tomato"]


@pytest.mark.parametrize(
    ("changes", "colours"),
    [
        (("make one cat black",), ["", "", "black"]),
        (("turn one cat black", "paint another one red"), ["", "black", "red"]),
        (("one cat green",), ["", "", "green"]),
        (("color 2 cats blue", "one cat should be red"), ["blue", "blue", "red"]),
        (("two of the cats in white",), ["", "white", "white"]),
        (("i want one cat white and the others brown",), ["brown", "brown", "white"]),
    ],
)
def test_one_of_several_is_dyed_alone(
    composer: Composer, seed: int, changes: tuple[str, ...], colours: list[str]
) -> None:
    layout = played(composer, seed, "three cats", *changes)[-1]
    assert sorted(composer.planner.world.colours[one.colour] or "" for one in of(composer, layout, "cat")) == colours


def test_one_of_several_becomes_another_thing_alone(composer: Composer, seed: int) -> None:
    assert names(composer, played(composer, seed, "three cats", "make one a dog")[-1]) == ["cat", "cat", "dog"]


@pytest.mark.parametrize(
    "change", ["half as many balloons", "fewer balloons, like half", "too many, half of them please"]
)
def test_half_of_several_stay_as_large_as_they_were(composer: Composer, seed: int, change: str) -> None:
    before, after = played(composer, seed, "four balloons in a park", change)
    kept = of(composer, after, "balloon")
    assert len(kept) == 2 and set(kept) <= set(before.things)


@pytest.mark.parametrize(
    ("change", "colour"), [("a cherry on the blue", "blue"), ("put a cherry on the yellow one", "yellow")]
)
def test_a_colour_says_which_of_several_is_meant(composer: Composer, seed: int, change: str, colour: str) -> None:
    before, after = played(composer, seed, "three cupcakes", "white, blue, yellow", change)[1:]
    cakes, [cherry] = of(composer, after, "cupcake"), of(composer, after, "cherry")
    number = composer.planner.world.colours.index(colour)
    assert cakes == of(composer, before, "cupcake")
    assert all((abs(across(cherry) - across(cake)) < 1) == (cake.colour == number) for cake in cakes)


@pytest.mark.parametrize("request_", ["a bearded man with shield and axe", "a bearded man with an axe and a shield"])
def test_two_things_that_somebody_has_are_both_at_hand(composer: Composer, seed: int, request_: str) -> None:
    [layout] = played(composer, seed, request_)
    [man], [axe], [shield] = (of(composer, layout, name) for name in ("bearded man", "axe", "shield"))
    assert near(axe, man) and near(shield, man)
    assert (axe.column, axe.row) != (shield.column, shield.row)


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


def test_a_hat_goes_along_when_what_flanks_its_wearer_moves_him(composer: Composer, seed: int) -> None:
    layout = played(
        composer, seed, "an old man with a bucket in a garden", "add a sun hat", "roses on both sides of him"
    )[-1]
    [man], [hat] = of(composer, layout, "old man"), of(composer, layout, "sun hat")
    assert near(hat, man) and hat.row < man.row + man.side / 2
    assert len(of(composer, layout, "rose")) == 2


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


def test_colours_behind_names_are_those_of_the_names(composer: Composer, seed: int) -> None:
    [layout] = played(composer, seed, "cat black, dog white, in a park")
    colours = composer.planner.world.colours
    [cat], [dog] = of(composer, layout, "cat"), of(composer, layout, "dog")
    assert (colours[cat.colour], colours[dog.colour]) == ("black", "white")


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


@pytest.mark.parametrize("change", ["all blue", "both blue please", "make everything blue"])
@pytest.mark.parametrize("first", ["a cat and a dog in a park", "three balloons"])
def test_all_in_a_colour_is_all_that_is_there(composer: Composer, seed: int, first: str, change: str) -> None:
    layout = played(composer, seed, first, change)[-1]
    assert {composer.planner.world.colours[one.colour] for one in layout.things} == {"blue"}


@pytest.mark.parametrize("change", ["without", "remove everything else", "the cat faces left", "turn around"])
def test_what_leaves_open_what_to_do_changes_nothing(composer: Composer, seed: int, change: str) -> None:
    before, after = played(composer, seed, "a cat and a dog in a park", change)
    assert after == before


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


def test_the_puzzle_is_the_puzzle_piece(composer: Composer, seed: int) -> None:
    layout = played(composer, seed, "a puzzle piece, dice and a ball", "puzzle blue, dice white, ball stays")[-1]
    [piece] = of(composer, layout, "puzzle piece")
    assert composer.planner.world.colours[piece.colour] == "blue"


def test_a_bolt_that_is_named_comes_into_a_storm(composer: Composer, seed: int) -> None:
    layout = played(composer, seed, "a bison in the savanna in a storm", "a lightning bolt above him")[-1]
    assert len(of(composer, layout, "lightning bolt")) == 1


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


def dressed(composer: Composer, layout: Layout) -> list[str]:
    """The things of a layout with their colours."""
    world = composer.planner.world
    return sorted(f"{world.colours[one.colour]} {world.things[one.thing]}".strip() for one in layout.things)


@pytest.mark.parametrize("who", ["a poodle", "a small brown cat", "a teddy bear"])
def test_who_has_a_collar_sits_where_words_say_and_brings_nobody(composer: Composer, seed: int, who: str) -> None:
    [layout] = played(composer, seed, f"{who} with a red collar on a sofa")
    sofa, other = sorted(layout.things, key=lambda one: composer.planner.world.things[one.thing] != "sofa")
    assert sofa.column <= across(other) <= sofa.column + sofa.side and other.row <= sofa.row + sofa.side / 2
    assert not any(composer.planner.world.colours[one.colour] == "red" for one in layout.things)


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        ("two cats on a sofa, one black one white", ["black cat", "sofa", "white cat"]),
        ("two cats on a sofa, one black and one white", ["black cat", "sofa", "white cat"]),
        ("one black and one white cat on a sofa", ["black cat", "sofa", "white cat"]),
        ("my cat is black with white paws", ["black cat"]),
        ("my cat minka, she is black with white paws", ["black cat"]),
        ("a black and white cat on a sofa", ["black cat", "sofa"]),
        ("black and white penguins", ["penguin", "penguin"]),
    ],
)
def test_what_is_black_and_white_is_no_picture_in_black_and_white(
    composer: Composer, seed: int, first: str, shown: list[str]
) -> None:
    [layout] = played(composer, seed, first)
    assert dressed(composer, layout) == shown
    assert composer.planner.world.styles[layout.about[3]] == "plain"


@pytest.mark.parametrize(
    "first", ["a cat in black and white", "a black and white photo of a cat", "a black and white painting of a cat"]
)
def test_a_picture_in_black_and_white_is_in_black_and_white(composer: Composer, first: str) -> None:
    [layout] = played(composer, 1, first)
    assert composer.planner.world.styles[layout.about[3]] == "black and white"


@pytest.mark.parametrize(
    ("change", "thing", "number"),
    [("add 3 fishes", "fish", 3), ("add two mouses", "mouse", 2), ("add 3 butterflys", "butterfly", 3)],
)
def test_as_many_come_as_are_said_however_the_plural_is_made(
    composer: Composer, seed: int, change: str, thing: str, number: int
) -> None:
    assert len(of(composer, played(composer, seed, "a boat on the sea", change)[-1], thing)) == number


@pytest.mark.parametrize(
    ("first", "change", "shown"),
    [
        ("two lanterns and a tree", "two lantern more on the right side", ["lantern"] * 4 + ["tree"]),
        ("a cat on a sofa", "one cat more", ["cat", "cat", "sofa"]),
        ("two footballs and a goal", "now basketball instead", ["basketball", "goal"]),
        ("a dog and a sofa", "a cat instead", ["cat", "sofa"]),
        ("a man on a beach", "he has a gray beard and glasses", ["bearded man", "glasses"]),
        ("a man and a dog on a beach", "give him a beard", ["bearded man", "dog"]),
    ],
)
def test_more_of_a_kind_one_of_its_sort_and_a_beard_are_what_words_say(
    composer: Composer, seed: int, first: str, change: str, shown: list[str]
) -> None:
    assert names(composer, played(composer, seed, first, change)[-1]) == shown


def test_a_husband_with_a_beard_is_a_bearded_man(composer: Composer, seed: int) -> None:
    assert names(composer, played(composer, seed, "my husband is bald with beard")[0]) == ["bearded man"]


@pytest.mark.parametrize("change", ["her hat yellow", "make the girl's hat yellow"])
def test_a_hat_is_dyed_on_the_head_of_whose_it_is(composer: Composer, seed: int, change: str) -> None:
    first = "a boy with a green hat and a girl with a red hat"
    before, after = played(composer, seed, first, change)
    assert dressed(composer, after) == ["boy", "girl", "green hat", "yellow hat"]
    assert set(before.things) - set(after.things) == {one for one in of(composer, before, "hat") if one.colour == 1}


@pytest.mark.parametrize(
    ("first", "change", "who"),
    [
        ("two cats on a bed", "make her bigger", "cat"),
        ("a woman and a cat on a sofa", "make her bigger", "woman"),
        ("a man and a woman in a park", "make him smaller", "man"),
    ],
)
def test_he_and_she_are_nobodys_bed(composer: Composer, seed: int, first: str, change: str, who: str) -> None:
    before, after = played(composer, seed, first, change)
    sides = [[one.side for one in of(composer, layout, who)] for layout in (before, after)]
    assert sides[0] != sides[1]
    for other in {"bed", "sofa", "cat", "woman"} - {who}:
        assert of(composer, before, other) == of(composer, after, other)


@pytest.mark.parametrize(
    ("first", "change", "told"),
    [
        ("a red house", "make it red", "the house is red already."),
        ("two blue cars", "make the cars blue", "the cars are blue already."),
        ("a red house and a red car", "make it all red", "the things are red already."),
    ],
)
def test_what_has_the_colour_already_is_told_so(composer: Composer, first: str, change: str, told: str) -> None:
    before, after = played(composer, 1, first, change)
    assert (after, why_unchanged(change, before, composer.hear)) == (before, f"Nothing would change: {told}")


@pytest.mark.parametrize(
    ("first", "change"),
    [
        ("a woman in a kitchen", "give the woman a red apron"),
        ("a cat and a dog", "give the cat a red collar"),
        ("a fox in a meadow", "make the lake bluer"),
    ],
)
def test_the_colour_of_what_has_no_name_is_nobody_elses(composer: Composer, seed: int, first: str, change: str) -> None:
    before, after = played(composer, seed, first, change)
    assert after == before


def test_who_is_huge_hugs_nobody(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "a snake and a guitar in the desert", "that snake is huge")
    assert of(composer, after, "guitar") == of(composer, before, "guitar")
    assert of(composer, after, "snake")[0].side < of(composer, before, "snake")[0].side


def test_who_could_be_several_is_asked_for(composer: Composer) -> None:
    before, after = played(composer, 1, "a cat and a dog on a sofa", "make her bigger")
    told = why_unchanged("make her bigger", before, composer.hear)
    assert (after, told) == (before, "Nothing would change: name whom you mean, the cat or the dog.")


@pytest.mark.parametrize(
    ("first", "change", "thing", "number"),
    [
        ("two penguins", "give them both a fish", "fish", 2),
        ("two owls", "books in front of them", "book", 2),
        ("a cat in a room", "add gloves", "gloves", 1),
    ],
)
def test_each_gets_one_and_books_are_several(
    composer: Composer, seed: int, first: str, change: str, thing: str, number: int
) -> None:
    assert len(of(composer, played(composer, seed, first, change)[-1], thing)) == number


@pytest.mark.parametrize("thing", ["moon", "star"])
def test_a_moon_in_a_room_is_on_its_wall(composer: Composer, seed: int, thing: str) -> None:
    layout = played(composer, seed, "a bed and a bear in a room", f"add a {thing}")[-1]
    assert all(one.row + one.side < SQUARES[1] / 2 for one in of(composer, layout, thing))


def test_a_pond_is_on_land(composer: Composer, seed: int) -> None:
    [layout] = played(composer, seed, "a family of ducks on a pond")
    assert composer.planner.world.places[layout.about[0]] not in WATERS


def test_a_rabbit_is_seen_beside_its_basket(composer: Composer, seed: int) -> None:
    [layout] = played(composer, seed, "an easter bunny with a basket of eggs")
    [rabbit], [basket] = of(composer, layout, "rabbit"), of(composer, layout, "basket")
    assert shared(rabbit, basket) < 0.5 * rabbit.side**2


def test_one_of_two_is_dyed_and_wears_the_hat(composer: Composer, seed: int) -> None:
    layout = played(composer, seed, "two dinosaurs", "the dino should be green with a party hat")[-1]
    assert dressed(composer, layout) == ["dinosaur", "green dinosaur", "party hat"]
    [green] = [one for one in of(composer, layout, "dinosaur") if one.colour]
    assert on_a_head(of(composer, layout, "party hat")[0], [green])


def test_two_of_a_kind_change_places_in_their_colours(composer: Composer, seed: int) -> None:
    first = "a green dinosaur and a red dinosaur"
    before, after = played(composer, seed, first, "swap the dinosaurs")
    was, now = ({one.colour: across(one) for one in layout.things} for layout in (before, after))
    assert was.keys() == now.keys() and all((was[a] < was[b]) == (now[a] > now[b]) for a, b in [tuple(was)])


@pytest.mark.parametrize(
    ("first", "change", "left"),
    [
        ("a dog and a cat in a garden with a ball", "just the dog, nothing else", ["dog"]),
        ("a dog and a cat in a garden with a ball", "only the dog please, that's all", ["dog"]),
        ("a dog and a cat in a garden with a ball", "just the dog and the ball, nothing else", ["ball", "dog"]),
        ("two cows and three chickens on a farm", "just the chickens, nothing else", ["chicken"] * 3),
        ("a coffee shop in the city", "just one big cup of coffee in the middle, nothing else", ["cup of coffee"]),
        ("a house and a tree in a garden", "forget the tree", ["house"]),
    ],
)
def test_who_wants_only_some_gets_these(
    composer: Composer, seed: int, first: str, change: str, left: list[str]
) -> None:
    assert names(composer, played(composer, seed, first, change)[-1]) == left


@pytest.mark.parametrize(
    ("first", "change", "left"),
    [
        ("a clown juggling balls", "remove the clown's hat", None),
        ("a girl and a dog", "remove the girl's hat", None),
        ("a girl and a dog", "remove the dog's collar", None),
        ("a girl with a hat and a dog", "remove the girl's hat", ["dog", "girl"]),
        ("a boy with a backpack and a cat", "get rid of the boy's backpack", ["boy", "cat"]),
    ],
)
def test_what_somebody_has_goes_without_them(
    composer: Composer, seed: int, first: str, change: str, left: list[str] | None
) -> None:
    before, after = played(composer, seed, first, change)
    assert names(composer, after) == left if left else after == before
    told = why_unchanged(change, before, composer.hear)
    assert left or "has no hat" in told or "cannot change “collar” alone" in told


@pytest.mark.parametrize("change", ["only the dog should have a hat", "just the dog wears a hat"])
def test_only_one_of_two_keeps_a_hat(composer: Composer, seed: int, change: str) -> None:
    layout = played(composer, seed, "a dog and a cat", "give both a red hat", change)[-1]
    assert dressed(composer, layout) == ["cat", "dog", "red hat"]
    assert on_a_head(of(composer, layout, "hat")[0], of(composer, layout, "dog"))


def test_only_one_of_several_grows_and_all_else_stays(composer: Composer, seed: int) -> None:
    first, change = "a girl with a hat and a dog", "only the girl should be bigger"
    before, after = played(composer, seed, first, change)
    assert names(composer, after) == ["dog", "girl", "hat"]
    assert of(composer, after, "girl")[0].side > of(composer, before, "girl")[0].side


@pytest.mark.parametrize(
    ("first", "change", "shown"),
    [
        ("a frog, a dog and a cat", "all but the frog should be blue", ["blue cat", "blue dog", "frog"]),
        ("a frog, a dog and a cat", "everyone except the frog is red", ["frog", "red cat", "red dog"]),
        ("two red cars and a blue car", "make the red ones green", ["blue car", "green car", "green car"]),
        ("two red cars and a blue car", "paint the red cars white", ["blue car", "white car", "white car"]),
        ("a yellow cat and a red dog", "swap their colours", ["red cat", "yellow dog"]),
        (
            "two ducks and a white swan",
            "make the ducks the same colour as the swan",
            ["white duck"] * 2 + ["white swan"],
        ),
        ("a red cat and a blue dog", "make the cat match the colour of the dog", ["blue cat", "blue dog"]),
        ("a dog, a red cat and a bird", "swap the colors of the dog and the cat", ["bird", "cat", "red dog"]),
    ],
)
def test_what_words_spare_or_do_not_call_by_its_colour_keeps_that(
    composer: Composer, seed: int, first: str, change: str, shown: list[str]
) -> None:
    assert dressed(composer, played(composer, seed, first, change)[-1]) == shown


@pytest.mark.parametrize(
    ("first", "change", "shown"),
    [
        ("a pig on a farm", "add a barn", ["pig", "red house"]),
        ("a pig on a farm", "add a red barn behind it", ["pig", "red house"]),
        ("a horse in a meadow", "put in a small wooden stable", ["horse", "red house"]),
        ("a pink pig in a green field", "add a barn owl", ["owl", "pink pig"]),
    ],
)
def test_a_barn_that_is_added_is_a_house(
    composer: Composer, seed: int, first: str, change: str, shown: list[str]
) -> None:
    assert dressed(composer, played(composer, seed, first, change)[-1]) == shown


def test_who_wants_a_different_colour_wants_no_other_style(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "a red dog and a cat", "different colour please")
    assert after.about == before.about


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("just the dog and the cat", "shows nothing else"),
        ("remove everything but the dog and the cat", "shows nothing else"),
        ("remove everything except the chickens", "has no chicken"),
        ("only one of them", "name what is to stay"),
        ("only three please", "name what is to stay"),
    ],
)
def test_where_all_or_nothing_of_it_is_left_all_stays(composer: Composer, seed: int, change: str, told: str) -> None:
    before, after = played(composer, seed, "a dog and a cat in a garden", change)
    assert after == before and told in why_unchanged(change, before, composer.hear)


@pytest.mark.parametrize(
    ("first", "change", "one", "other"),
    [
        ("three apples and two bananas on a white background", "swap the apples and the bananas", "apple", "banana"),
        ("three apples and two bananas", "exchange the positions of apples and bananas", "apple", "banana"),
        ("two cats and a dog in a garden", "swap the cats and the dog", "cat", "dog"),
    ],
)
def test_several_of_two_kinds_change_sides(
    composer: Composer, seed: int, first: str, change: str, one: str, other: str
) -> None:
    before, after = played(composer, seed, first, change)
    assert names(composer, before) == names(composer, after)
    was, now = (fmean(map(across, of(composer, layout, one))) for layout in (before, after))
    his, then = (fmean(map(across, of(composer, layout, other))) for layout in (before, after))
    assert (was < his) == (now > then)
    assert all(0 <= each.column <= SQUARES[0] - each.side for each in after.things)


@pytest.mark.parametrize("change", ["blue armor instead of grey", "give him blue armour", "a blue uniform please"])
def test_whose_clothes_are_said_in_a_colour_is_dyed_alone(composer: Composer, seed: int, change: str) -> None:
    after = played(composer, seed, "a knight with a sword and a shield", change)[-1]
    dyed = {composer.planner.world.things[one.thing] for one in after.things if one.colour}
    assert dyed == {"royal guard"}


@pytest.mark.parametrize(
    ("change", "around"),
    [
        ("put the cat in front of a house at night", "garden, night"),
        ("put the cat in front of a castle in the desert", "desert"),
        ("put the cat in front of a castle in the snow", "garden, snow"),
        ("add a dog behind the cat at sunset", "garden, sunset"),
        ("put a dog behind it at night", "garden, night"),
        ("put a dog behind it", "garden"),
    ],
)
def test_the_hour_and_the_place_behind_what_is_put_behind_come(
    composer: Composer, seed: int, change: str, around: str
) -> None:
    after = played(composer, seed, "a cat in a garden", change)[-1]
    assert composer.planner.world.said(after).endswith(f"; {around}") and len(after.things) == 2


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        (("make it autumn", "the same in spring"), "house, 2 × tulip, butterfly; garden"),
        (("make it spring instead",), "house, 2 × tulip, butterfly; garden"),
        (("make it summer", "same thing but in winter"), "house; garden, snow"),
        (("make it winter", "make it summer"), "house, sunflower, sun; garden"),
        (("a Halloween version please",), "house, pumpkin, ghost; garden, night"),
        (
            ("make it a halloween picture instead", "now a Christmas version instead"),
            "house, christmas tree, 2 × gift; garden",
        ),
    ],
)
def test_a_season_takes_along_what_it_brought(
    composer: Composer, seed: int, changes: tuple[str, ...], shown: str
) -> None:
    after = played(composer, seed, "a house in a garden", *changes)[-1]
    things, _, around = composer.planner.world.said(after).partition("; ")
    wanted, _, about = shown.partition("; ")
    assert (sorted(things.split(", ")), around) == (sorted(wanted.split(", ")), about)


def test_a_season_takes_nothing_that_it_did_not_bring(composer: Composer) -> None:
    *_, autumn, winter = played(composer, 1, "a pumpkin and a tree in a garden", "make it autumn", "make it winter")
    assert composer.planner.world.said(autumn) == "orange tree, pumpkin, maple leaf; garden"
    assert composer.planner.world.said(winter) == "tree, pumpkin; garden, snow"
    [_, summer] = played(composer, 1, "a snowman in a garden", "make it summer")
    assert of(composer, summer, "snowman")
    [_, summer] = played(composer, 1, "a christmas tree, two gifts and a cat in a room", "make it a summer day")
    assert all(of(composer, summer, kind) for kind in ("christmas tree", "gift", "cat"))


def test_a_complaint_that_one_thing_is_gone_takes_no_other(composer: Composer) -> None:
    [_, after] = played(composer, 1, "a cat, a dog and a hat", "everything is fine but the cat is gone")
    assert all(of(composer, after, kind) for kind in ("dog", "hat"))


@pytest.mark.parametrize(
    ("first", "change", "shown"),
    [
        ("4 ducks on a pond", "too many ducks in the world, but here one more", {"duck": 5, "pond": 1}),
        ("a dog and a ball in a room", "the ball on the floor should be red", {"red ball": 1, "dog": 1}),
    ],
)
def test_what_is_said_besides_changes_nothing_else(
    composer: Composer, seed: int, first: str, change: str, shown: dict[str, int]
) -> None:
    world = composer.planner.world
    after = played(composer, seed, first, change)[-1]
    things = [f"{world.colours[one.colour]} {world.things[one.thing]}".strip() for one in after.things]
    assert Counter(things) == shown


def test_a_hat_for_somebody_by_his_trade_is_on_his_head(composer: Composer, seed: int) -> None:
    *_, after = played(
        composer, seed, "an old fisherman in a boat", "add a fish", "the fisherman should have a yellow hat"
    )
    [hat], [man] = of(composer, after, "hat"), of(composer, after, "old man")
    assert on_a_head(hat, [man])
