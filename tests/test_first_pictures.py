"""How first pictures are laid out: what is in, on or worn by something else, sizes, parts, plain backgrounds."""

from __future__ import annotations

import pytest
from composing import SQUARES, names, of, seeded

from models.english.naming import Names
from models.rendering.layout import Layout, Placed
from models.scene.arranging import on_a_head
from models.scene.composer import Composer
from models.scene.parts import hued_parts, without_parts
from models.scene.surroundings import Surroundings
from models.scene.wardrobe import head_of
from tools.shown import left_out


def first(composer: Composer, prompt: str, seed: int) -> Layout:
    return composer.plan(prompt, SQUARES, seeded(seed))


def one(composer: Composer, layout: Layout, name: str) -> Placed:
    return of(composer, layout, name)[0]


def place(composer: Composer, layout: Layout) -> str:
    return composer.planner.world.places[layout.about[0]]


@pytest.mark.parametrize(
    ("prompt", "inner", "outer", "most"),
    [
        ("a man in a boat", "man", "boat", 0.5),
        ("a spider in its web", "spider", "spider web", 0.5),
        ("a fish in a bowl", "fish", "bowl", 0.7),
    ],
)
def test_what_is_in_something_is_within_its_sides_and_smaller(
    composer: Composer, seed: int, prompt: str, inner: str, outer: str, most: float
) -> None:
    layout = first(composer, prompt, seed)
    small, large = one(composer, layout, inner), one(composer, layout, outer)
    assert small.side <= most * large.side
    assert large.column <= small.column and small.column + small.side <= large.column + large.side
    assert large.row + large.side / 3 <= small.row + small.side <= large.row + large.side


def test_who_is_in_a_boat_sits_low_in_it_and_who_is_in_a_bowl_is_indoors(composer: Composer, seed: int) -> None:
    layout = first(composer, "a man in a boat", seed)
    man, boat = one(composer, layout, "man"), one(composer, layout, "boat")
    assert man.row + man.side >= boat.row + 0.7 * boat.side
    assert place(composer, first(composer, "a fish in a bowl", seed)) in ("kitchen", "room")


@pytest.mark.parametrize(
    ("prompt", "upper", "lower"),
    [
        ("a hedgehog with an apple on its back", "apple", "hedgehog"),
        ("a cat on a wall", "cat", "brick wall"),
        ("a horse with a monkey on its back", "monkey", "horse"),
    ],
)
def test_what_is_on_something_is_above_its_middle(
    composer: Composer, seed: int, prompt: str, upper: str, lower: str
) -> None:
    layout = first(composer, prompt, seed)
    above, below = one(composer, layout, upper), one(composer, layout, lower)
    assert below.column <= above.column + above.side / 2 <= below.column + below.side
    assert above.row < below.row < above.row + above.side <= below.row + below.side / 2


def test_a_clock_hangs_on_the_wall_of_a_room_and_a_fireplace_has_its_fire(composer: Composer) -> None:
    assert names(composer, first(composer, "a clock on the wall", 1)) == ["clock"]
    assert names(composer, first(composer, "a fire in a fireplace", 1)) == ["fireplace"]


def test_what_flies_over_a_city_is_small_and_high_up(composer: Composer, seed: int) -> None:
    helicopter = one(composer, first(composer, "a helicopter above a city", seed), "helicopter")
    assert helicopter.side <= 6 and helicopter.row <= 1


def test_every_head_is_within_whose_it_is(composer: Composer) -> None:
    world = composer.planner.world
    heads = [head_of(number, world) for number in range(len(world.things))]
    assert all(0 <= head.top <= head.eyes <= 1 and 0 < head.across < 1 for head in heads)


@pytest.mark.parametrize("who", ["penguin", "owl", "eagle", "fish", "giraffe", "doctor"])
def test_glasses_are_before_the_eyes(composer: Composer, seed: int, who: str) -> None:
    layout = first(composer, f"a {who} wearing glasses", seed)
    wearer, glasses = one(composer, layout, who), one(composer, layout, "glasses")
    head = head_of(wearer.thing, composer.planner.world)
    lenses = glasses.row + 0.81 * glasses.side
    assert abs(lenses - wearer.row - head.eyes * wearer.side) <= 1
    assert abs(glasses.column + glasses.side / 2 - wearer.column - head.across * wearer.side) <= 1


@pytest.mark.parametrize("who", ["cat", "flamingo", "horse", "swan", "rabbit"])
def test_a_hat_is_on_the_head_and_about_as_wide(composer: Composer, seed: int, who: str) -> None:
    layout = first(composer, f"a {who} with a hat", seed)
    wearer, hat = one(composer, layout, who), one(composer, layout, "hat")
    head = head_of(wearer.thing, composer.planner.world)
    assert on_a_head(hat, [wearer])
    assert abs(hat.column + hat.side / 2 - wearer.column - head.across * wearer.side) <= 1
    assert hat.side == 3 or hat.side <= (head.worn + 0.1) * wearer.side
    assert hat.row + hat.side >= wearer.row + head.top * wearer.side


@pytest.mark.parametrize(
    ("prompt", "grown", "children"),
    [
        ("a bride and groom", ["bride", "man"], []),
        ("a man, a woman, a boy and a girl", ["man", "woman"], ["boy", "girl"]),
        ("five children playing", [], ["boy"]),
        ("a mother and her baby", ["woman"], ["baby"]),
    ],
)
def test_people_are_as_large_as_each_other_and_children_smaller(
    composer: Composer, seed: int, prompt: str, grown: list[str], children: list[str]
) -> None:
    layout = first(composer, prompt, seed)
    sides, smaller = ({thing.side for who in some for thing in of(composer, layout, who)} for some in (grown, children))
    assert len(sides) <= 1 and len(smaller) <= 1
    assert not (sides and smaller) or max(smaller) < min(sides)


@pytest.mark.parametrize(
    ("prompt", "small", "large"),
    [
        ("easter eggs and a rabbit", "egg", "rabbit"),
        ("a picnic with a basket and an apple", "apple", "basket"),
        ("a tent and a campfire in the mountains", "fire", "tent"),
        ("a busy street with cars and a bus", "car", "bus"),
    ],
)
def test_nothing_is_as_large_as_what_is_larger_in_life(
    composer: Composer, seed: int, prompt: str, small: str, large: str
) -> None:
    layout = first(composer, prompt, seed)
    assert max(thing.side for thing in of(composer, layout, small)) < one(composer, layout, large).side


@pytest.mark.parametrize("prompt", ["a small boat on a big sea", "a small dog in a big garden"])
def test_what_is_small_is_small_however_big_its_place_is(composer: Composer, seed: int, prompt: str) -> None:
    assert [thing.side for thing in first(composer, prompt, seed).things] == [5]


@pytest.mark.parametrize("prompt", ["breakfast", "a tea party", "a tea party with a teapot and cupcakes"])
def test_a_meal_stands_on_a_table(composer: Composer, prompt: str) -> None:
    layout = first(composer, prompt, 1)
    table = one(composer, layout, "table")
    assert len(layout.things) >= 3
    assert all(thing.row < table.row + table.side / 2 for thing in layout.things if thing is not table)


@pytest.mark.parametrize(
    ("prompt", "rest", "hued"),
    [
        ("a blue house with a red door", "a blue house", ["red door"]),
        ("a house with a blue roof and a tree", "a house with a tree", ["blue roof"]),
        ("a house with a green door and a chimney", "a house", ["green door"]),
        ("a house with smoke coming out of the chimney", "a house", []),
        ("a car with yellow wheels on a road", "a car on a road", ["yellow wheels"]),
        ("a snowman with a carrot nose", "a snowman", []),
        ("a girl with red hair and a blue dress", "a girl with a blue dress", ["red hair"]),
        # No parts: what is worn or held, what is there besides, whose place a part is.
        ("a girl with a red hat", "a girl with a red hat", []),
        ("a cat with a mouse", "a cat with a mouse", []),
        ("a girl with a flower in her hair", "a girl with a flower in her hair", []),
        ("a man and a red door", "a man and a red door", []),
        # What is another beside the whole.
        ("a truck with wheels and a spare wheel", "a truck with a spare wheel", []),
        ("a car with flat tires, a wheel and a man", "a car, a wheel and a man", []),
        ("a car with red wheels and a blue car", "a car and a blue car", ["red wheels"]),
        ("a house with a red door and a blue house", "a house and a blue house", ["red door"]),
        # In the colours that they have anyway.
        ("a man with brown hair", "a man", []),
        ("a man with red hair and a dog", "a man and a dog", ["red hair"]),
        ("a house with a brown door", "a house", []),
        ("a pig with pink ears", "a pig", []),
        ("a lion with an orange mane", "a lion", []),
    ],
)
def test_parts_are_no_things_of_their_own(prompt: str, rest: str, hued: list[str]) -> None:
    assert without_parts(prompt, Names.shipped()) == rest
    assert hued_parts(prompt, Names.shipped()) == hued


def test_a_part_that_has_not_its_colour_is_told(composer: Composer) -> None:
    assert names(composer, first(composer, "a blue house with a red door", 1)) == ["house"]
    told = left_out("a blue house with a red door", "blue house; meadow")
    assert told == "the small painter gives no part a colour of its own: red door"
    assert left_out("a house with a chimney", "house; meadow") == ""
    assert left_out("a car with a broken window and a stone", "car, rock; road") == "it shows no broken window"


@pytest.mark.parametrize("prompt", ["a portrait of a dog on the wall", "a shadow of a cat on the wall"])
def test_what_a_picture_on_a_wall_shows_is_in_a_room(composer: Composer, seed: int, prompt: str) -> None:
    layout = first(composer, prompt, seed)
    assert place(composer, layout) == "room" and len(layout.things) == 1


def test_starry_eyes_make_no_night(composer: Composer, seed: int) -> None:
    assert "night" not in composer.planner.world.said(first(composer, "a starry-eyed cat", seed))


def test_fruit_is_in_the_crown_of_its_tree(composer: Composer, seed: int) -> None:
    layout = first(composer, "a tree with red apples", seed)
    tree, apples = one(composer, layout, "tree"), of(composer, layout, "apple")
    assert len(apples) == 3
    assert all(tree.row <= apple.row and apple.row + apple.side <= tree.row + 0.7 * tree.side for apple in apples)


@pytest.mark.parametrize(
    ("prompt", "flat"),
    [
        ("a sticker of a cat", True),
        ("make me a valentine's card with two hearts", True),
        ("a logo for a coffee shop", True),
        ("a fox as an icon", True),
        ("a birthday card with a cake in a garden", False),
        ("a christmas card with a snowman in the snow", False),
        ("two men playing cards", False),
        ("a man with a card", False),
        ("a tarot card reader with a cat", False),
        ("a card dealer with a hat", False),
        ("a logo designer at a desk", False),
        ("an emoji pillow on a bed", False),
        ("a boy collects stickers with his dog", False),
        ("a greeting card on a table", False),
        ("a cat", False),
    ],
)
def test_cards_and_the_like_are_flat_unless_they_name_a_place(composer: Composer, prompt: str, flat: bool) -> None:
    around = Surroundings(composer.planner.world, composer.names, composer.planner.indoors)
    assert around.is_flat(prompt) is flat


def test_what_is_on_a_card_is_in_the_middle_before_a_plain_background(composer: Composer, seed: int) -> None:
    sticker = first(composer, "a sticker of a cat", seed)
    assert place(composer, sticker).endswith("background")
    cat = one(composer, sticker, "cat")
    assert abs(2 * cat.column + cat.side - SQUARES[0]) <= 1 and abs(2 * cat.row + cat.side - SQUARES[1]) <= 1
    card = first(composer, "a valentine's card with two hearts", seed)
    assert place(composer, card).endswith("background") and names(composer, card) == ["heart", "heart"]
    assert names(composer, first(composer, "a logo for a coffee shop", seed)) == ["cup of coffee"]


def test_a_rainbow_goes_from_the_ground_to_the_edge_behind_all(composer: Composer, seed: int) -> None:
    layout = first(composer, "a rainbow over a house", seed)
    bow, house = layout.things
    assert composer.planner.world.things[bow.thing] == "rainbow"
    assert bow.side > SQUARES[0] / 2 and bow.column + bow.side >= SQUARES[0]
    assert bow.row + bow.side > house.row
