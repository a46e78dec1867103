"""Words to layouts, beside the planner: names in sentences, plain orders, what stays, and where things are put."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
import torch

from models.english.naming import AGE, NAMES, Names
from models.errors import BadRequest
from models.kinds import MOST
from models.rendering.layout import Layout, Placed
from models.scene.arranging import (
    counted,
    crowding,
    hiding,
    in_ranks,
    on_a_head,
    resized,
    shifted,
    with_room,
    within,
    worn,
)
from models.scene.composer import Composer
from models.scene.homes import homely, places
from models.scene.unchanged import already, is_full, lacking, why_unchanged
from models.weights import EMBEDDED
from training.layouts import names as trained_names

EXTENT = (16, 16)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def scene(composer: Composer, *things: str, about: str = "meadow") -> Layout:
    """A layout of things ("red fox") side by side in a place, perhaps with light and weather ("beach, night, rain")."""
    world, placed = composer.planner.world, list[Placed]()
    for number, name in enumerate(things):
        colour, _, bare = name.partition(" ") if name.split()[0] in world.colours else ("", "", name)
        placed.append(Placed(world.things.index(bare), world.colours.index(colour), 5, 5 * number, 8))
    place, *rest = about.split(", ")
    light = next((world.lights.index(word) for word in rest if word in world.lights), 0)
    weather = next((world.weathers.index(word) for word in rest if word in world.weathers), 0)
    return Layout((world.places.index(place), light, weather, 0), tuple(placed))


# --- names ---


SMALL = Names(
    ("cat", "sheep", "tree", "christmas tree", "candy", "book", "stack of books"),
    {
        "cat": [("cat", "cats"), ("kitty", "kitties")],
        "sheep": [("sheep", "sheep")],
        "christmas tree": [("christmas tree", "christmas trees"), ("xmas tree", "xmas trees")],
        "candy": [("candy", "candies"), ("sweet", "sweets")],
        "book": [("book", "books")],
        "stack of books": [("stack of books", "stacks of books"), ("books", "bookses")],
    },
)


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Two KITTIES under an xmas tree", [0, 3]),
        ("the cat's sheep", [0, 1]),
        ("the cat’s book", [0, 5]),
        ("a tree-lined catwalk", []),
        ("a stack of books, some books", [6, 5]),
        ("a stack of, books", [5]),  # a comma parts names
        ("", []),
    ],
)
def test_names_are_found_the_longest_first_by_any_name_of_a_thing(text: str, things: list[int]) -> None:
    assert [said.thing for said in SMALL.said(text)] == things


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a kitty and two xmas trees", "a cat and two christmas trees"),
        ("the kitty, some sweets", "the cat, some candies"),
        ("some KITTIES", "some cats"),
        ("a very sweet little cat", "a very sweet little cat"),  # no noun
        ("an xmas tree", "a christmas tree"),
    ],
)
def test_things_are_called_by_their_own_names(text: str, plain: str) -> None:
    assert SMALL.plain(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("five oranges on a table", "five tangerines on a table"),
        ("oranges instead of apples", "tangerines instead of apples"),
        ("a red apple and an orange", "a red apple and a tangerine"),
        ("make the orange bigger", "make the tangerine bigger"),
        ("make the oranges green", "make the tangerines green"),
        ("a banana and one orange", "a banana and one tangerine"),
        # Colours.
        ("one red and one orange", "one red and one orange"),
        ("the last one orange", "the last one orange"),
        ("an orange and white cat", "an orange and white cat"),
        ("make the cat orange and the dog grey", "make the cat orange and the dog grey"),
        ("autumn reds and oranges", "autumn reds and oranges"),
    ],
)
def test_an_orange_is_a_fruit_where_no_colour_is_meant(text: str, plain: str) -> None:
    assert Names.shipped().plain(text) == plain


def test_a_longer_name_has_shorter_ones_in_it_that_are_not_meant() -> None:
    assert SMALL.within("christmas tree") == [2]


def test_a_name_that_describes_another_thing_is_no_noun() -> None:
    assert [said.thing for said in SMALL.nouns("a sweet for the cat")] == [4, 0]
    assert [said.thing for said in SMALL.nouns("a very sweet little cat")] == [0]
    assert [said.thing for said in SMALL.nouns("the cat books a flight")] == [0]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("my cat is one and my dog is two", "my cat and my dog"),
        ("my son is 5 and loves dinosaurs", "my son loves dinosaurs"),
        ("a girl turning six on a horse", "a girl  on a horse"),
        ("a man becoming two dogs", "a man becoming two dogs"),
        ("a boy turning 3 wheels", "a boy turning 3 wheels"),
    ],
)
def test_an_age_is_the_number_and_not_its_owner(said: str, left: str) -> None:
    assert AGE.sub(r"\g<who>", said) == left


def test_things_are_counted_where_a_number_stands_before_their_names() -> None:
    counts = SMALL.counted("a pair of fluffy cats, 3 sheep, a book and another book")
    assert {thing: [number for _, number in asked] for thing, asked in counts.items()} == {0: [2], 1: [3], 5: [1, 1]}
    assert SMALL.counted("cats, many books") == {}
    behind = SMALL.counted("cats, like 3. books x2, a kitty. sheep: four of them")
    assert {thing: [number for _, number in asked] for thing, asked in behind.items()} == {0: [3, 1], 5: [2], 1: [4]}
    assert [number for _, number in SMALL.counted("a cat, 3 books")[0]] == [1]
    assert [number for _, number in SMALL.counted("cat on a tree")[0]] == [1]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("fifty cats", 50),
        ("500 cats", 500),
        ("1,000 cats", 1000),
        ("a hundred fluffy cats", 100),
        ("twenty-five cats", 25),
        ("two thousand five hundred and three cats", 2503),
        ("cats, a dozen of them", 12),
        ("5000000000 cats", 5_000_000_000),
    ],
)
def test_numbers_of_any_size_are_read_in_digits_and_words(said: str, number: int) -> None:
    assert [wanted for _, wanted in SMALL.counted(said)[0]] == [number]
    assert [wanted for _, wanted in SMALL.counted(SMALL.at_most(said, MOST))[0]] == [MOST]


@pytest.mark.parametrize("said", ["a 1950 cat", "a cat, 40", "cats, 50%", "cats that are 18 years old"])
def test_a_large_number_that_is_none_of_the_things_counts_nothing(said: str) -> None:
    assert all(wanted == 1 for places in SMALL.counted(said).values() for _, wanted in places)


def test_more_than_a_picture_holds_fill_it_and_never_lower_a_number(composer: Composer) -> None:
    cat = composer.planner.world.things.index("cat")
    fifty = composer.plan("fifty cats", EXTENT, seeded(1))
    assert [one.thing for one in fifty.things] == [cat] * MOST
    assert len(composer.plan_edit("make it 500 cats", fifty, EXTENT, seeded(1)).things) == MOST


def test_the_shipped_names_are_those_of_the_training() -> None:
    things = tuple(trained_names())
    assert Names.load(EMBEDDED / "painter", things).words == Names(things, trained_names()).words
    assert (EMBEDDED / "painter" / NAMES).stat().st_size < 400_000


# --- where things are put ---


FOX, DOG = Placed(0, 0, 6, 2, 8), Placed(1, 0, 5, 9, 9)
HAT = Placed(2, 0, 3, 3, 6)


def layout(*things: Placed) -> Layout:
    return Layout((0, 0, 0, 0), things)


def test_what_grows_keeps_its_feet_and_its_middle_and_its_hat() -> None:
    hat = worn(layout(FOX, HAT), 1, 0, 16).things[1]
    fox, on = resized(layout(FOX, hat), 0, 1.5, *EXTENT).things
    assert fox.side > FOX.side and fox.row + fox.side == FOX.row + FOX.side
    assert abs((fox.column + fox.side / 2) - (FOX.column + FOX.side / 2)) <= 1
    assert on.side > hat.side and on_a_head(on, [fox])
    assert resized(layout(replace(FOX, side=3)), 0, 0.5, *EXTENT) == layout(replace(FOX, side=3))  # none is smaller


def test_what_moves_stops_at_the_edge_and_takes_its_hat_along() -> None:
    hat = worn(layout(FOX, HAT), 1, 0, 16).things[1]
    fox, dog, on = shifted(layout(FOX, DOG, hat), 0, -8, 0, *EXTENT).things
    assert fox == replace(FOX, column=0) and dog == DOG
    assert on == replace(hat, column=hat.column - 2)


def test_a_hat_is_put_on_the_head_which_makes_room_for_it() -> None:
    low = worn(layout(HAT, replace(FOX, row=0)), 0, 1, 16)
    fox, hat = low.things
    assert fox.row > 0 and hat.row >= 0 and on_a_head(hat, [fox])


def test_more_of_a_kind_stand_beside_the_last_as_far_as_there_is_room_in_the_list() -> None:
    four = counted(layout(FOX, DOG), 0, 4, None, *EXTENT).things
    assert [one.thing for one in four] == [0, 1, 0, 0, 0]
    one, other = counted(layout(FOX), 0, 2, None, *EXTENT).things
    assert one == FOX and not one.over(other) and other.row + other.side == FOX.row + FOX.side
    assert len(counted(layout(FOX), 0, MOST + 1, None, *EXTENT).things) == MOST
    red = replace(FOX, colour=1)
    assert counted(layout(red, FOX, FOX), 0, 1, 1, *EXTENT).things == (red,)
    assert counted(layout(DOG), 0, 3, None, *EXTENT) == layout(DOG)  # there is none to be more of


def test_many_things_stand_in_ranks_of_which_none_is_hidden() -> None:
    for count, afloat in product(range(5, MOST + 1), (False, True)):
        heap = layout(*(replace(FOX, thing=number // 2, column=4) for number in range(count)))
        ranked = in_ranks(heap, *EXTENT, afloat=afloat)
        assert sorted(one.thing for one in ranked.things) == [one.thing for one in heap.things]
        assert hiding(ranked) <= 0.25, (count, afloat)
        assert all(within(one, *EXTENT) == one for one in ranked.things)
        assert len({one.side for one in ranked.things}) == 1


def test_what_would_be_hidden_is_moved_to_where_there_is_room() -> None:
    moved = with_room(layout(FOX, replace(DOG, column=3)), -1, 0.5, *EXTENT)
    fox, dog = moved.things
    assert fox == FOX and not fox.over(dog) and dog.row + dog.side == DOG.row + DOG.side
    partly = layout(FOX, replace(DOG, column=7))
    assert with_room(partly, -1, 0.5, *EXTENT) == partly


# --- requests ---


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("princess outside her castle under clear skies, please", ["princess", "castle"]),
        ("coffee n croissant", ["cup of coffee", "croissant"]),
        ("can i get a scarlet motorbike on the road", ["red motorcycle"]),
        ("one white sheep, one black sheep", ["white sheep", "black sheep"]),
        ("moose, xmas tree, and it's snowing", ["moose", "christmas tree"]),
        ("superhero soars above the city", ["superhero"]),
        ("the croc is chillin at the beach with a telly", ["crocodile", "television"]),
        ("a giraffe on the savanna as the sun sets", ["giraffe"]),
        ("draw me a red double decker bus in the pouring rain", ["red bus"]),
        ("a grey elephant, a blue ball and a girl", ["grey elephant", "blue ball", "girl"]),
        ("one bunny two carrots", ["rabbit", "carrot", "carrot"]),
        ("apples, 4 of them, in a kitchen", ["apple"] * 4),
        ("five apples on a white background", ["apple"] * 5),
        ("farm animals", ["cow", "pig", "chicken"]),
        ("pancakes with strawberries on top", ["stack of pancakes", "strawberry", "strawberry"]),
        ("wizard, elf n ogre round a fire in a cave", ["wizard", "elf", "ogre", "fire"]),
        ("my husband in a little boat on the sea", ["man", "boat"]),
        ("a cake for my wife", ["cake"]),
        ("a farm with two cows, a pig and a hen", ["cow", "cow", "pig", "chicken"]),
        ("10 sheep on a farm", ["sheep"] * 10),
        ("twelve sheep on a farm", ["sheep"] * MOST),
        (
            "a farm with a cow, two pigs, three chickens, a tractor, a dog and a duck",
            ["cow", "pig", "pig", "chicken", "chicken", "chicken", "tractor", "dog", "duck"],
        ),
        ("a cat with green eyes", ["cat"]),
        ("a sheep, a sheep & a sheep", ["sheep"] * 3),
        ("pigs on a farm", ["pig", "pig"]),
        ("mushroom mushroom mushroom", ["mushroom"] * 3),
        ("a red mushroom with white dots", ["red mushroom"]),
        ("my granny she has white hair", ["old woman"]),
        ("girl with broom, big full moon", ["girl", "broom", "full moon"]),
        ("black cat + full moon + haunted house", ["black cat", "full moon", "haunted house"]),
    ],
)
def test_a_picture_shows_what_was_named_and_nothing_else(composer: Composer, prompt: str, wanted: list[str]) -> None:
    world = composer.planner.world
    things = composer.plan(prompt, EXTENT, seeded(4)).things
    assert sorted(f"{world.colours[t.colour]} {world.things[t.thing]}".strip() for t in things) == sorted(wanted)


def test_what_words_leave_open_is_where_things_are_at_home(composer: Composer) -> None:
    places = composer.planner.world.places

    def place(said: str, seed: int) -> str:
        return places[composer.plan(said, EXTENT, seeded(seed)).about[0]]

    assert {place("a lighthouse", seed) for seed in range(8)} <= {"sea", "beach", "harbour"}
    assert {place("a penguin with a hat", seed) for seed in range(4)} == {"arctic"}
    assert {place("a lighthouse in the desert", seed) for seed in range(4)} == {"desert"}
    assert {place("a castle", seed) for seed in range(4)} <= {"mountains", "meadow"}
    assert {place("mountains and a lake", seed) for seed in range(4)} == {"mountains"}


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("four balloons red blue green yellow", ["red balloon", "blue balloon", "green balloon", "yellow balloon"]),
        ("two balloons, one red one blue", ["red balloon", "blue balloon"]),
        ("three flamingos, but one of them is blue", ["blue flamingo", "flamingo", "flamingo"]),
        ("a haunted house at night with bats", ["haunted house", "bat", "bat"]),
        ("an owl with one of those graduation caps", ["owl", "graduation cap"]),
    ],
)
def test_several_are_several_and_have_the_colours_that_are_listed(
    composer: Composer, prompt: str, wanted: list[str]
) -> None:
    world, made = composer.planner.world, composer.plan(prompt, EXTENT, seeded(1))
    assert sorted(f"{world.colours[t.colour]} {world.things[t.thing]}".strip() for t in made.things) == sorted(wanted)


def test_every_home_is_a_place_of_the_world(composer: Composer) -> None:
    world = composer.planner.world
    assert places() <= set(world.places)
    assert homely(world.places, ["camel"]) == {world.places.index("desert")}
    assert world.places.index("room") in homely(world.places, [])


@pytest.mark.parametrize(
    ("said", "about", "shown"),
    [
        ("make it daytime", "meadow", "day"),
        ("put it at the beach", "beach, night", "the beach"),
        ("make it snow", "forest, snow", "snow"),
        ("no snow", "forest, snow", ""),
        ("make it a cartoon", "city", "a flat drawing"),
        ("add a fox", "forest, night", ""),
        ("and a cat", "forest, night", "a cat"),
        ("make it morning not night", "city", "day"),
    ],
)
def test_what_a_picture_shows_already_is_told(composer: Composer, said: str, about: str, shown: str) -> None:
    assert already(said, scene(composer, "cat", about=about), composer.hear) == shown


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("the cat left of the dog", "the cat is there already"),
        ("dog to the right of the cat", "the dog is there already"),
        ("the dog left of the cat", "cannot do"),
    ],
)
def test_what_stands_where_words_put_it_is_told(composer: Composer, said: str, told: str) -> None:
    assert told in why_unchanged(said, scene(composer, "cat", "dog"), composer.hear)


@pytest.mark.parametrize(
    ("said", "lacked"),
    [
        ("remove the tree", "tree"),
        ("the trees should be orange", "tree"),
        ("make the cat black", ""),
        ("add a fox", ""),
        ("make it blue", ""),
    ],
)
def test_what_a_picture_has_not_is_named(composer: Composer, said: str, lacked: str) -> None:
    assert lacking(said, scene(composer, "cat"), composer.hear) == lacked


@pytest.mark.parametrize("prompt", ["donald trump", "angela merkel"])
def test_who_is_not_known_is_not_painted_as_an_empty_place(composer: Composer, prompt: str) -> None:
    with pytest.raises(BadRequest, match="knows nothing like"):
        composer.plan(prompt, EXTENT, seeded(1))
    assert not composer.plan("a quiet evening", EXTENT, seeded(1)).things


def test_several_that_stand_behind_an_article_are_several(composer: Composer) -> None:
    shown = composer.planner.world.said(composer.plan("a vase with sunflowers", EXTENT, seeded(1)))
    assert set(shown.partition(";")[0].split(", ")) == {"vase", "3 × sunflower"}


def test_a_full_picture_says_so(composer: Composer) -> None:
    full = scene(composer, *["apple"] * MOST)
    assert is_full("add a pear", full, composer.hear)
    assert is_full("two more apples", full, composer.hear)
    assert not is_full("make the apples green", full, composer.hear)
    assert not is_full("add a pear", scene(composer, "apple"), composer.hear)


def test_a_thing_crosses_to_the_other_side(composer: Composer) -> None:
    before = scene(composer, "girl", "horse")
    for said in ("move the girl to the other side", "move her to the other side"):
        after = {composer.planner.world.things[t.thing]: t for t in composer.plan_edit(said, before, EXTENT).things}
        assert after["girl"].column > after["horse"].column


def test_of_two_sizes_each_is_for_its_own_thing(composer: Composer) -> None:
    cat, dog = composer.plan_edit("bigger cat smaller dog", scene(composer, "cat", "dog"), EXTENT, seeded(1)).things
    assert cat.side > 5 > dog.side


def test_one_of_two_is_made_smaller_than_the_other(composer: Composer) -> None:
    before = scene(composer, "snowman", "snowman")
    sides = [
        one.side for one in composer.plan_edit("make one smaller than the other", before, EXTENT, seeded(1)).things
    ]
    assert min(sides) < max(sides) == 5


def test_more_of_a_kind_never_stand_in_one_place(composer: Composer) -> None:
    before = scene(composer, "apple", "apple", "apple")
    for seed in range(6):
        things = composer.plan_edit("4 apples", before, EXTENT, seeded(seed)).things
        assert len({(one.column, one.row) for one in things}) == len(things) == 4


def test_who_gets_company_makes_room_for_it(composer: Composer) -> None:
    alone = scene(composer, "fox")
    before = replace(alone, things=(replace(alone.things[0], side=8, column=3, row=6),))
    for seed in range(4):
        after = composer.plan_edit("make it four foxes", before, EXTENT, seeded(seed))
        assert len(after.things) == 4 and crowding(after) <= 0.1


def test_who_goes_leaves_the_others_where_they_are(composer: Composer) -> None:
    before = scene(composer, "dog", "dog", "dog", "ball")
    for said in ("remove one of the dogs", "two dogs only", "one dog less"):
        things = composer.plan_edit(said, before, EXTENT, seeded(8)).things
        assert len(things) == 3 and set(things) <= set(before.things), said


def test_which_backdrop_a_place_has_is_nothing_to_an_edit(composer: Composer) -> None:
    before = scene(composer, "fox", "dog", "cat")
    for said in ("just the fox", "put them on a sofa", "make it night", "sausages"):
        plain, other = (composer.plan_edit(said, replace(before, view=view), EXTENT, seeded(1)) for view in (0, 2))
        assert other == replace(plain, view=2)


@pytest.mark.parametrize(
    ("said", "cat", "dog"),
    [
        ("swap them around", 10, 0),
        ("swap em round", 10, 0),
        ("switch places", 10, 0),
        ("swap the cat and the dog", 10, 0),
        ("swap it", 0, 10),
    ],
)
def test_two_things_change_places(composer: Composer, said: str, cat: int, dog: int) -> None:
    before = scene(composer, "cat", "dog")
    before = replace(before, things=(before.things[0], replace(before.things[1], column=10)))
    after = composer.plan_edit(said, before, EXTENT, seeded(2))
    world = composer.planner.world
    assert {world.things[one.thing]: one.column for one in after.things} == {"cat": cat, "dog": dog}


def test_a_thing_goes_away_from_another_and_the_whole_comes_nearer(composer: Composer) -> None:
    before = scene(composer, "house", "deer")
    house, deer = composer.plan_edit("the deer is too close to the house", before, EXTENT, seeded(1)).things
    assert house == before.things[0] and deer.column > before.things[1].column
    _, deer = composer.plan_edit("move the deer closer to the house", before, EXTENT, seeded(1)).things
    assert deer.column < before.things[1].column
    said = "closer", "make it a close-up", "zoom out a bit"
    nearer, close, farther = (composer.plan_edit(one, before, EXTENT, seeded(1)) for one in said)
    for near in (nearer, close):
        assert all(one.side > was.side for one, was in zip(near.things, before.things, strict=True))
    assert all(one.side < was.side for one, was in zip(farther.things, before.things, strict=True))


def test_what_is_put_on_a_side_or_in_the_sky_is_there(composer: Composer) -> None:
    before = scene(composer, "house", "vase")
    house, vase = composer.plan_edit("put the vase on the left", before, EXTENT, seeded(1)).things
    assert vase.column == 0 and not vase.over(house)
    [*_, bird] = composer.plan_edit("add a bird in the sky", before, EXTENT, seeded(1)).things
    assert bird.row <= 2
    things = composer.plan_edit("a boat on the right", before, EXTENT, seeded(1)).things
    [boat] = [one for one in things if one not in before.things]
    assert boat.column + boat.side / 2 >= 8


def test_what_is_like_nothing_in_the_world_is_told(composer: Composer) -> None:
    with pytest.raises(BadRequest, match="knows nothing like “a platypus swimming”; name one of its things"):
        composer.plan("a platypus swimming", EXTENT, seeded(1))
    before = scene(composer, "fox")
    assert composer.plan_edit("add a platypus", before, EXTENT, seeded(1)) == before


def test_each_of_several_gets_a_hat(composer: Composer) -> None:
    layout = composer.plan("two penguins and each one has its own hat", EXTENT, seeded(2))
    hats = [one for one in layout.things if composer.planner.world.is_worn(one.thing)]
    heads = [one for one in layout.things if one not in hats]
    assert len(hats) == len(heads) == 2
    assert all(any(on_a_head(hat, [head]) for hat in hats) for head in heads)


@pytest.mark.parametrize(
    ("prompt", "place", "light"),
    [
        ("deep in a cave a wizard looks at his crystal ball", "cave", "day"),
        ("the princess in the castle hall", "castle hall", "day"),
        ("a giraffe on the savanna as the sun sets", "savanna", "sunset"),
        ("put a flamingo against plain green", "green background", "day"),
    ],
)
def test_a_place_and_the_setting_sun_are_taken_at_their_word(
    composer: Composer, prompt: str, place: str, light: str
) -> None:
    world, about = composer.planner.world, composer.plan(prompt, EXTENT, seeded(3)).about
    assert (world.places[about[0]], world.lights[about[1]]) == (place, light)


# --- instructions ---


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("a duck in the river", "sea"),
        ("a boat on a river", "sea"),
        ("a lake with ducks", "sea"),
        ("a lake", "sea"),
    ],
)
def test_still_waters_are_the_sea(composer: Composer, prompt: str, place: str) -> None:
    assert composer.planner.world.places[composer.plan(prompt, EXTENT, seeded(3)).about[0]] == place


def edited(composer: Composer, said: str, before: Layout) -> str:
    return composer.planner.world.said(composer.plan_edit(said, before, EXTENT, seeded(1)))


@pytest.mark.parametrize(
    ("said", "things", "about", "after"),
    [
        ("another red balloon", ("red balloon", "girl"), "park", "2 × red balloon, girl; park"),
        ("doubble the candles", ("cake", "candle"), "kitchen", "cake, 2 × candle; kitchen"),
        ("too many cactuses, halve them", ("cactus", "cactus"), "desert", "cactus; desert"),
        ("four of them", ("penguin",), "arctic", "4 × penguin; arctic"),
        ("four sheep not one", ("sheep",), "farm", "4 × sheep; farm"),
        ("no more snow, i'm cold", ("swan",), "park, snow", "swan; park"),
        ("chopper rather than a plane", ("plane",), "sky", "helicopter; sky"),
        ("exchange the violin with a blue guitar, thanks", ("woman", "violin"), "stage", "woman, blue guitar; stage"),
        ("no pizza, burger", ("pizza",), "kitchen", "burger; kitchen"),
        ("a wizard in the princess's spot", ("princess",), "castle hall", "wizard; castle hall"),
        ("wolf shouldnt be anywhere near my sheep", ("sheep", "wolf"), "meadow", "sheep; meadow"),
        ("slay the dragon so only the castle's left", ("dragon", "castle"), "mountains", "castle; mountains"),
        ("the brolly should be navy", ("red umbrella", "woman"), "city, rain", "blue umbrella, woman; city, rain"),
        ("not white, orange", ("white truck",), "farm", "orange truck; farm"),
        ("just the fox", ("fox", "dog", "cat"), "meadow", "fox; meadow"),
        ("just one star is enough", ("star", "star", "star", "moon"), "sky", "star, moon; sky"),
        ("less palms, one'll do", ("palm tree", "palm tree", "crab"), "beach", "palm tree, crab; beach"),
        ("w/o the maracas pls", ("drum", "maracas"), "stage", "drum; stage"),
        (
            "handbag red instead, leave the heel as it is",
            ("handbag", "high heel"),
            "room",
            "red handbag, high heel; room",
        ),
        ("There should be a telly as well, please.", ("sofa",), "room", "sofa, television; room"),
        ("dont forget the candle", ("cake",), "kitchen", "cake, candle; kitchen"),
        ("not just rain, a propper tempest", ("crab",), "beach, rain", "crab; beach, storm"),
        # several wishes
        (
            "make the car green and the house should be blue",
            ("car", "house"),
            "meadow",
            "green car, blue house; meadow",
        ),
        ("put a crown on kitty n make the sofa pink", ("cat", "sofa"), "room", "cat, pink sofa, crown; room"),
        ("take the wolf out and make it night", ("wolf", "sheep"), "farm", "sheep; farm, night"),
        ("a sun hat for the frog, and remove the log", ("frog", "log"), "forest", "frog, sun hat; forest"),
        ("a unicorn rather than the horse, at sunset", ("horse", "girl"), "meadow", "unicorn, girl; meadow, sunset"),
        ("make the car blue. no wait, green", ("red car",), "city, rain", "green car; city, rain"),
        ("make it night, no actually sunset", ("fox",), "forest", "fox; forest, sunset"),
        ("the train in the rain, no wait, snow", ("train",), "city", "train; city, snow"),
        ("elephants aren't pink, give it back its normal colour", ("pink elephant",), "savanna", "elephant; savanna"),
        ("truck white/ gas pump yellow", ("truck", "gas pump"), "road", "white truck, yellow gas pump; road"),
        ("sofa must be gray and the kitty black", ("sofa", "white cat"), "room", "grey sofa, black cat; room"),
        ("the boy wants a cap, a green one", ("boy", "tree"), "park", "boy, tree, green cap; park"),
        ("one ogre green, one ogre grey", ("ogre", "ogre", "axe"), "forest", "green ogre, grey ogre, axe; forest"),
        (
            "make one balloon pink and the other yellow",
            ("balloon", "balloon"),
            "park",
            "pink balloon, yellow balloon; park",
        ),
        ("bird in hot pink, leave the tree alone", ("parrot", "tree"), "jungle", "pink parrot, tree; jungle"),
        ("not purple, green", ("purple dinosaur", "skateboard"), "park", "green dinosaur, skateboard; park"),
        ("bin the sandwich and have it sunset", ("sandwich", "apple"), "park", "apple; park, sunset"),
        ("i'd rather not have that golf flag", ("golf flag", "golfer", "duck"), "park", "golfer, duck; park"),
        ("a more friendly dog please, in pink", ("dog", "cat"), "park", "pink dog, cat; park"),
        ("remove one of them", ("house", "house", "house"), "park", "2 × house; park"),
        ("2 bananas", ("apple",) * 5, "kitchen", "5 × apple, 2 × banana; kitchen"),
        ("cart", ("alien", "alien"), "space", "2 × alien, shopping cart; space"),
        ("only one bat and on the left", ("bat", "bat", "girl"), "forest", "bat, girl; forest"),
        ("remove", ("rocket", "planet"), "space", "rocket, planet; space"),
        (
            "2 of them yellow the rest blue",
            ("hippo", *("kite",) * 3),
            "park",
            "hippo, 2 × yellow kite, blue kite; park",
        ),
        ("make rain, and one boy have an umbrella", ("boy", "boy"), "park", "2 × boy, umbrella; park, rain"),
        ("his shirt's blue", ("boy",), "park", "blue t-shirt, boy; park"),
        ("one of them is in the nest", ("owl", "owl", "nest"), "forest", "2 × owl, nest; forest"),
        ("bucket on his head like a hat", ("snowman", "bucket"), "arctic, snow", "snowman, bucket; arctic, snow"),
        ("she is in her red dress", ("old man", "old woman"), "room", "old man, red dress, old woman; room"),
        ("nine apples", ("apple", "apple"), "kitchen", "9 × apple; kitchen"),
        ("take away one telephone", ("telephone", "telephone"), "desert", "telephone; desert"),
        ("1 flamingo only", ("flamingo", "flamingo", "palm tree"), "beach", "flamingo, palm tree; beach"),
        ("One goose fewer, and misty", ("goose", "goose", "goose", "log"), "meadow", "2 × goose, log; meadow, fog"),
        ("crown him", ("dog", "ball"), "park", "dog, ball, crown; park"),
        ("3 fish and a shark chasing them", ("orange fish",), "underwater", "shark, 3 × orange fish; underwater"),
        ("give him a blue cap", ("grey rabbit", "carrot"), "garden", "grey rabbit, carrot, blue cap; garden"),
        # one of several
        ("only the middle one red", ("apple", "apple", "apple"), "kitchen", "2 × apple, red apple; kitchen"),
        ("the left robot is red, the right one is green", ("robot", "robot"), "city", "red robot, green robot; city"),
        ("one of them should be pink", ("penguin", "penguin"), "arctic", "pink penguin, penguin; arctic"),
        ("remove the first fox", ("fox", "white fox", "tree"), "forest", "white fox, tree; forest"),
        ("make one of them a girl", ("boy", "boy", "dog"), "park", "girl, boy, dog; park"),
        ("Add a second fox, a white one", ("fox", "tree"), "forest", "fox, tree, white fox; forest"),
        # more
        ("give it a friend", ("robot",), "city", "2 × robot; city"),
        ("the dog needs a buddy", ("dog", "tree"), "park", "2 × dog, tree; park"),
        ("a tree on the right", ("boy", "boy", "dog"), "park", "tree, 2 × boy, dog; park"),
        ("put a seagull in the sky", ("lighthouse",), "sea, night", "lighthouse, dove; sea, night"),
        ("add some plants", ("castle",), "meadow", "castle, 2 × potted plant; meadow"),
        ("with a dog next to it", ("cat", "red ball"), "meadow", "cat, red ball, dog; meadow"),
        ("no people", ("man", "train", "old woman"), "city", "train; city"),
        ("no people please", ("train",), "city", "train; city"),
        ("darker sky", ("lighthouse",), "sea", "lighthouse; sea, night"),
        ("on a plate", ("pizza",), "kitchen", "plate, pizza; kitchen"),
        ("put them all on a sofa", ("cat", "cat"), "meadow", "2 × cat, sofa; meadow"),
        ("rainbow in the background", ("dog",), "meadow", "rainbow, dog; meadow"),
        ("add a beach ball and an umbrella", ("dog",), "beach", "dog, ball, umbrella; beach"),
        ("add a girl with a hat", ("sunflower",), "meadow", "sunflower, girl, hat; meadow"),
        ("add a ghost in the window", ("haunted house",), "forest, night", "haunted house, ghost; forest, night"),
        ("remove the yellow one", ("red balloon", "yellow balloon"), "park", "red balloon; park"),
        ("the second cat should wear a crown", ("red cat", "black cat"), "room", "red cat, black cat, crown; room"),
        ("add another one", ("lemon",), "kitchen", "2 × lemon; kitchen"),
        ("make them four", ("ear of wheat",), "garden", "4 × ear of wheat; garden"),
        ("change it to one fencer", ("fencer",) * 4, "mountains, night", "fencer; mountains, night"),
        # what is not known, or not there, changes nothing
        ("give it a red collar", ("dog",), "meadow", "dog; meadow"),
        ("make it look happier", ("cow",), "meadow", "cow; meadow"),
        ("remove the knight he looks weird", ("dragon",), "mountains", "dragon; mountains"),
        ("remove the orange one", ("red balloon", "yellow balloon"), "park", "red balloon, yellow balloon; park"),
        ("blue sky with clouds", ("sunflower",), "meadow", "sunflower, 2 × cloud; meadow"),
        ("lose one of the people", ("van", "fire"), "mountains", "van, fire; mountains"),
        ("make the zombie less scary for kids", ("zombie", "pumpkin"), "cave", "zombie, pumpkin; cave"),
        ("smaller chest", ("dragon",), "sky", "dragon; sky"),
        ("pink blanket", ("teddy bear",), "room", "teddy bear; room"),
        ('put the words "on" and "under" below', ("frog",), "garden", "frog; garden"),
        ("make it morning not night", ("hospital",), "city", "hospital; city"),
        ("the mouse on top of the elephant", ("elephant", "mouse"), "meadow", "elephant, mouse; meadow"),
        ("the roof should be red", ("house", "tree"), "garden", "house, tree; garden"),
        ("make his sack green", ("santa claus", "sled"), "city", "santa claus, sled; city"),
        ("make it scarier", ("shark",), "underwater", "shark; underwater"),
        # what is given comes beside what is there
        ("give the girl a balloon", ("girl", "dog"), "park", "girl, dog, balloon; park"),
        ("black cat gets a bow tie", ("black cat", "white cat"), "room", "black cat, white cat, necktie; room"),
        ("both with hats", ("cat", "cat"), "room", "2 × cat, 2 × hat; room"),
        ("give one of them a scarf", ("penguin", "penguin"), "arctic", "2 × penguin, scarf; arctic"),
        (
            "add some cupcakes around it",
            ("cake", "candle", "candle"),
            "kitchen",
            "cake, 2 × candle, 2 × cupcake; kitchen",
        ),
        ("theres no car, put a car next to it", ("house",), "garden", "house, car; garden"),
        ("give the doctor glasses", ("doctor", "hospital"), "city", "doctor, hospital, glasses; city"),
        ("a long green dress for her", ("woman", "piano"), "stage", "piano, green dress, woman; stage"),
        ("dog needs sunglasses", ("dog", "surfer"), "beach, sunset", "dog, surfer, sunglasses; beach, sunset"),
        ("and the earth in the sky", ("astronaut",), "moon", "astronaut, earth; moon"),
        ("put it on a horse", ("dog",), "park", "horse, dog; park"),
        ("scarves for both", ("dog", "dog"), "park", "2 × dog, 2 × scarf; park"),
        ("night time, a lamp next to the bed", ("bed",), "room", "bed, lamp; room, night"),
        ("two people by the fire", ("fire",), "forest", "2 × man, fire; forest"),
        ("seagulls in the sky", ("boat",), "sea", "boat, 2 × dove; sea"),
        # one of several, or only this one
        ("make one green", ("apple",) * 3, "garden", "green apple, 2 × apple; garden"),
        ("eat one", ("apple",) * 3, "garden", "2 × apple; garden"),
        ("make the balloons different colours", ("balloon",) * 2, "park", "red balloon, orange balloon; park"),
        ("just the bear", ("teddy bear", "bed"), "room", "teddy bear; room"),
        # one thing for another, or put right
        ("dog gone, cat instead", ("house", "dog"), "meadow", "house, cat; meadow"),
        ("no blue hat", ("monkey", "red hat"), "jungle", "monkey, blue hat; jungle"),
        ("at sunset instead of the storm", ("ship",), "sea, storm", "ship; sea, sunset"),
        ("the sky be a sunset", ("balloon",), "mountains", "balloon; mountains, sunset"),
        ("make the sky orange", ("fox",), "beach", "fox; beach, sunset"),
        ("make the sky green", ("fox",), "beach", "fox; beach"),
        ("there is also the moon", ("cat",), "beach", "cat, moon; beach"),
        # what speaks of no thing
        ("put it at night with stars", ("van",), "mountains", "van; mountains, night"),
        ("one black one white", ("cat", "cat"), "room", "black cat, white cat; room"),
        ("take it outside", ("cat",), "room", "cat; garden"),
        ("he wear scarf red", ("boy",), "park", "boy, red scarf; park"),
        ("red scarf for the reindeer", ("deer", "sled"), "park", "deer, sled, red scarf; park"),
        (
            "remove the hearts, put two doves",
            ("bride", "bouquet", "heart", "heart"),
            "park",
            "bride, bouquet, 2 × dove; park",
        ),
        ("give her a yellow dress", ("girl", "cat"), "park", "cat, yellow dress, girl; park"),
        ("her dress shld be yellow", ("girl", "cat"), "park", "cat, yellow dress, girl; park"),
        ("diff colours red blue n green", ("car",) * 3, "road", "red car, blue car, green car; road"),
        ("shift the flag over to the left a bit", ("golfer", "golf flag"), "park", "golfer, golf flag; park"),
        ("the cat should be ginger", ("cat", "woman"), "park", "orange cat, woman; park"),
        ("the cat is missing haha put a black cat in", ("girl",), "park", "girl, black cat; park"),
        ("outside in the forest", ("cat",), "room", "cat; forest"),
        ("its night outside", ("cat",), "room", "cat; room, night"),
        ("give it a red door", ("house",), "meadow", "house, red door; meadow"),
        ("add some stars", ("rocket",), "meadow, night", "rocket, 2 × star; meadow, night"),
        ("make it night with stars", ("house",), "meadow", "house; meadow, night"),
        ("make his outfit red", ("ninja", "sword"), "forest", "red ninja, sword; forest"),
        ("a blue version of the same guy", ("ninja", "sword"), "forest", "blue ninja, sword; forest"),
        ("yellow w a green tie", ("robot",), "room", "yellow robot, green necktie; room"),
        ("the sun should shine", ("boy",), "park, rain", "boy, sun; park"),
        ("more horses? i want 3", ("horse", "girl"), "meadow", "3 × horse, girl; meadow"),
        ("add 3 bananas", ("apple",) * 9, "kitchen", "9 × apple, banana; kitchen"),
        ("can i have that as a colouring page", ("bee",), "garden", "bee; garden, sketch"),
        ("pirate ship behind her", ("mermaid", "rock"), "sea", "boat, mermaid, rock; sea"),
        ("a deckchair too", ("bird",), "beach", "bird, chair; beach"),
        ("bunny is cold. scarf!", ("wolf", "rabbit"), "forest, snow", "wolf, rabbit, scarf; forest, snow"),
        ("the fella needs a crown", ("wizard", "dragon"), "cave", "wizard, dragon, crown; cave"),
        ("move the child to the left", ("dove", "baby"), "park", "dove, baby; park"),
        ("put it on a pink backdrop", ("cat",), "room", "cat; pink background"),
        ("bats, like 3", ("haunted house",), "forest", "haunted house, 3 × bat; forest"),
        ("add two owls and make the left one red", ("fox",), "forest", "fox, red owl, owl; forest"),
        ("add a hat on the dog and make the sky orange", ("dog",), "park", "dog, hat; park, sunset"),
        ("leave the dog and make it winter", ("dog",), "garden", "dog; garden, snow"),
        ("make the left hat blue", ("hat", "hat", "hat"), "room", "blue hat, 2 × hat; room"),
        ("and a third one", ("cat", "cat"), "room", "3 × cat; room"),
        ("blue with a yellow hat", ("cat",), "room", "blue cat, yellow hat; room"),
        ("he reads the newspaper like grandad", ("old man",), "room", "old man, newspaper; room"),
        ("and the umbrella a leaf-like green", ("woman", "umbrella"), "park", "woman, green umbrella; park"),
        ("add a cat-like animal", ("woman",), "park", "woman, cat; park"),
        ("could the running shoe go black", ("runner", "green sneaker"), "park", "runner, black sneaker; park"),
        ("move everything into a cavern", ("monkey", "monkey"), "meadow, sunset", "2 × monkey; cave"),
    ],
)
def test_a_plain_instruction_is_done_and_nothing_else(
    composer: Composer, said: str, things: tuple[str, ...], about: str, after: str
) -> None:
    assert edited(composer, said, scene(composer, *things, about=about)) == after


@pytest.mark.parametrize(
    ("said", "things", "about", "after"),
    [
        ("repaint the blue car white", ("red car", "blue car"), "city", "red car, white car; city"),
        ("make one of them black", ("cat", "cat"), "room", "cat, black cat; room"),
        ("id love one pink flamingo in here", ("duck",), "park", "duck, pink flamingo; park"),
        ("let it wear a graduation cap", ("owl",), "library", "owl, graduation cap; library"),
        ("three ducks actually", ("duck", "duck", "frog"), "meadow", "3 × duck, frog; meadow"),
        ("a dog", ("cat", "pink sofa"), "room", "cat, pink sofa, dog; room"),
        ("octopus", ("shark", "coral"), "underwater", "shark, coral, octopus; underwater"),
        ("w/ a palm tree", ("crab",), "beach", "crab, palm tree; beach"),
        ("he'd look better in some dusty old library", ("wizard",), "forest", "wizard; library"),
        ("cows live on farms silly", ("white cow",), "city", "white cow; farm"),
        ("add a barn owl in watercolours and paint it", ("fox",), "meadow", "fox, owl; meadow, watercolour"),
    ],
)
def test_what_an_instruction_does_not_speak_of_stays(
    composer: Composer, said: str, things: tuple[str, ...], about: str, after: str
) -> None:
    was = edited(composer, said, scene(composer, *things, about=about))
    parts = [sorted(part.split(", ")) for part in (was.split("; ")[0], after.split("; ")[0])]
    assert parts[0] == parts[1] and was.split("; ")[1] == after.split("; ")[1]


def test_what_a_second_wish_calls_it_is_what_the_first_was_about(composer: Composer) -> None:
    before = scene(composer, "dinosaur", "girl", about="jungle")
    before = replace(before, things=(replace(before.things[0], column=6), replace(before.things[1], column=11)))
    after = composer.plan_edit("shrink the dinosaur and put it more left", before, EXTENT, seeded(1))
    dinosaur, girl = before.things
    assert girl in after.things and after.about == before.about and len(after.things) == 2
    (small,) = (one for one in after.things if one.thing == dinosaur.thing)
    assert small.side < dinosaur.side and small.column < dinosaur.column


@pytest.mark.parametrize(
    ("said", "bigger", "right"),
    [
        ("scale up the rocket a touch", 1, 0),
        ("the rocket looks tiny, should be way larger", 1, 0),
        ("rocket's too big", -1, 0),
        ("a less massive rocket please", -1, 0),
        ("scoot the rocket to the left", 0, -1),
        ("push rocket rigthward", 0, 1),
        ("could the rocket be on the right-hand side?", 0, 1),
        ("slide the rocket left a bit", 0, -1),
        ("teeny rocket pls", -1, 0),
        ("jumbo rocket, not this little thing", 1, 0),
        ("the rocket should look enormous", 1, 0),
        ("not such a giant rocket", -1, 0),
        ("rocket too far left", 0, 1),
        ("fly rocket fly, rightwards", 0, 1),
        ("the moon stays where it is, rocket left", 0, -1),
        ("could the rocket sit left instead? the moon's perfect", 0, -1),
        ("move the rocket left so that it's not near a planet", 0, -1),
    ],
)
def test_a_thing_is_made_larger_or_moved_and_nothing_else_is(
    composer: Composer, said: str, bigger: int, right: int
) -> None:
    world = composer.planner.world
    before = scene(composer, "moon", "rocket", about="space")
    moon, rocket = before.things
    after = composer.plan_edit(said, before, EXTENT, seeded(1))
    changed = next(one for one in after.things if one.thing == world.things.index("rocket"))
    assert len(after.things) == 2 and moon in after.things and after.about == before.about
    assert (changed.side > rocket.side) - (changed.side < rocket.side) == bigger
    if not bigger:
        assert (changed.column > rocket.column) - (changed.column < rocket.column) == right


@pytest.mark.parametrize(
    ("said", "left", "right"),
    [
        ("make the left owl golden", "golden owl", "owl"),
        ("Make The LEFT Owl Golden", "golden owl", "owl"),
        ("the right one should be blue", "owl", "blue owl"),
        ("remove the owl on the right", "owl", ""),
        ("swap the left owl for a cat", "cat", "owl"),
        ("make the right one bigger", "owl", "larger owl"),
        ("move the left owl up", "higher owl", "owl"),
        ("give the right owl a hat", "owl", "owl with a hat"),
    ],
)
def test_one_of_a_kind_is_singled_out_by_its_side(composer: Composer, said: str, left: str, right: str) -> None:
    world = composer.planner.world
    before = scene(composer, "owl", "owl")
    before = replace(before, things=(before.things[0], replace(before.things[1], column=10)))

    def at(column: int) -> str:
        """What stands there, and how it differs from the owl that stood there before."""
        here = [one for one in after.things if abs(one.column + one.side / 2 - column - 2.5) < 3]
        owls = [one for one in here if not world.is_worn(one.thing)]
        if not owls:
            return ""
        was = next(one for one in before.things if one.column == column)
        worn = " with a hat" if len(here) > len(owls) else ""
        how = "larger" if owls[0].side > was.side else "higher" if owls[0].row < was.row - 1 else ""
        return " ".join(f"{how} {world.colours[owls[0].colour]} {world.things[owls[0].thing]}{worn}".split())

    after = composer.plan_edit(said, before, EXTENT, seeded(3))
    assert (at(0), at(10)) == (left, right)


@pytest.mark.parametrize(
    ("instruction", "unknown"),
    [
        ("add a platypus", "a platypus"),
        ("please put some curtains next to it", "some curtains"),
        ("two zeppelins, please", "two zeppelins"),
        ("give it a red collar", "a red collar"),
        ("swap the castle for a windmill", "a windmill"),
        ("put it on a shelf", "a shelf"),
        ("add bubbles", "bubbles"),
        ("add a fox", ""),
        ("make it a bit darker", ""),
        ("give him a red hat", ""),
    ],
)
def test_what_has_no_name_here_is_told(composer: Composer, instruction: str, unknown: str) -> None:
    assert composer.hear.unknown(instruction) == unknown
