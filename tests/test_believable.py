"""Sizes beside each other, feet on the ground, what flies in the air; and what is asked for by one name."""

from __future__ import annotations

import pytest
import torch

from models.chat.conversation import Action, Scene, ShelfPicture
from models.chat.corrections import corrected
from models.chat.returning import returned_to
from models.english.naming import Names
from models.english.subjects import FURNISHED, MOODS, SUBJECTS, mooded, told
from models.errors import BadRequest
from models.kinds import LACKING
from models.rendering.layout import Layout, Placed
from models.scene.believable import believable, by_distance, in_proportion, set_back
from models.scene.composer import Composer
from models.things import having
from tools.shown import left_out, unasked

SQUARES = (16, 16)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def at(composer: Composer, place: str, *things: tuple[str, int, int, int]) -> Layout:
    """A layout of things, each with its side, column and row."""
    world = composer.planner.world
    placed = tuple(Placed(world.things.index(name), 0, side, column, row) for name, side, column, row in things)
    return Layout((world.places.index(place), 0, 0, 0), placed)


def shown(composer: Composer, layout: Layout) -> dict[str, Placed]:
    return {composer.planner.world.things[one.thing]: one for one in layout.things}


def made(composer: Composer, text: str, layout: Layout, *free: int) -> dict[str, Placed]:
    some = free or range(len(layout.things))
    return shown(composer, believable(composer.hear(text), layout, some, composer.planner.world, SQUARES))


def test_all_but_what_has_no_size_of_its_own_has_one(composer: Composer) -> None:
    assert set(composer.planner.world.things) - having("rank") == {
        *"cloud,sun,moon,full moon,star,rainbow,snowflake,planet,comet,earth,lightning bolt,tornado".split(","),
        *"spider web,paw print,explosion,heart,brain,eye,musical note,lips,poop,smiley".split(","),
    }


def test_a_castle_is_larger_than_a_princess_and_an_apple_smaller(composer: Composer) -> None:
    layout = at(composer, "meadow", ("castle", 3, 0, 10), ("princess", 8, 5, 7), ("apple", 6, 10, 9))
    sides = {name: one.side for name, one in made(composer, "a castle, a princess and an apple", layout).items()}
    assert sides["castle"] > sides["princess"] > sides["apple"]


def test_what_words_say_of_sizes_stays(composer: Composer) -> None:
    layout = at(composer, "meadow", ("castle", 3, 0, 10), ("princess", 8, 5, 7))
    now = made(composer, "a tiny castle and a princess", layout)
    assert (now["castle"].side, now["princess"].side) == (3, 8)


def test_what_was_there_keeps_its_size_when_something_comes(composer: Composer) -> None:
    layout = at(composer, "park", ("dog", 6, 1, 9), ("house", 3, 10, 12))
    now = made(composer, "add a house", layout, 1)
    assert now["dog"] == layout.things[0] and now["house"].side > now["dog"].side


def test_together_things_of_a_new_picture_fill_a_part_of_it(composer: Composer) -> None:
    layout = at(composer, "meadow", ("boy", 3, 0, 12), ("girl", 3, 4, 12))
    assert all(one.side >= 5 for one in made(composer, "a boy and a girl", layout).values())
    shrunk = in_proportion(layout, (0, 1), composer.planner.world, SQUARES, shrinks=True)
    assert shrunk == layout


def test_what_stands_stands_on_the_ground_and_what_flies_flies(composer: Composer) -> None:
    layout = at(composer, "room", ("candle", 4, 1, 5), ("balloon", 4, 8, 12))
    now = made(composer, "a candle and a balloon", layout)
    assert now["candle"].row + now["candle"].side >= 12
    assert now["balloon"].row + now["balloon"].side / 2 < 8
    landed = made(composer, "a candle and a balloon on the floor", layout)
    assert landed["balloon"].row + landed["balloon"].side >= 12
    assert made(composer, "a candle on the wall", layout)["candle"].row < 8


def test_ships_are_on_the_water_and_behind_who_is_nearer(composer: Composer) -> None:
    layout = at(composer, "beach", ("girl", 6, 1, 9), ("ship", 6, 3, 10))
    put = believable(composer.hear("add a ship"), layout, (1,), composer.planner.world, SQUARES)
    ship = put.things[1]
    assert 9 <= ship.row + ship.side <= 11
    near = at(composer, "beach", ("girl", 6, 1, 9), ("ship", 6, 3, 4))
    assert set_back(near, (1,), composer.planner.world).things == near.things[::-1]
    assert set_back(near, (0,), composer.planner.world) == near


def test_windows_hang_on_walls_and_nothing_hides_what_swims(composer: Composer) -> None:
    window = made(composer, "put a window on the wall", at(composer, "room", ("window", 6, 1, 10)))["window"]
    assert window.row + window.side <= 10
    layout = at(composer, "underwater", ("octopus", 6, 8, 7), ("man", 6, 8, 7))
    assert not made(composer, "a diver too", layout, 1)["man"].over(layout.things[0])


def test_who_sits_beside_another_changes_places_on_the_seat(composer: Composer) -> None:
    before = composer.plan("a cat and a dog on a sofa", SQUARES, seeded(7))
    after = shown(composer, composer.plan_edit("dog on the left cat on the right", before, SQUARES, seeded(8)))
    assert after["sofa"] == shown(composer, before)["sofa"] and after["dog"].column < after["cat"].column
    assert {after["dog"].row, after["cat"].row} == {one.row for one in before.things if one.side < 8}


@pytest.mark.parametrize(
    ("first", "change", "now"),
    [
        ("a beach with an umbrella", "add a boat on the water", "beach"),
        ("a knight and a dragon", "put them in front of a castle", "castle"),
        ("a cake in a room", "the cake should be chocolate", "brown cake"),
        ("an underwater scene with a mermaid", "add a sunken treasure chest", "treasure chest"),
        ("beach scene with umbrella and a crab", "and a girl with an ice cream", "ice cream"),
        ("a cake and a cat in a garden", "cat should be ginger and on a bench", "orange cat, bench; garden"),
        (
            "a cat and two balloons in a room",
            "too many balloons, just two. pink n yellow",
            "pink balloon, yellow balloon",
        ),
        ("a farm with a cow and a duck", "put the duck on the pond", "cow, duck; farm"),
        ("a farm with a cow", "add a duck on a pond", "cow, pond, duck; farm"),
        ("a cake in a room", "now put an 80 on it", "cake; room"),
        ("a snowman in the garden", "add two kids throwing snowballs", "boy, 2 × ball, girl"),
    ],
)
def test_what_people_say_next_comes_out(composer: Composer, first: str, change: str, now: str) -> None:
    before = composer.plan(first, SQUARES, seeded(7))
    assert now in composer.planner.world.said(composer.plan_edit(change, before, SQUARES, seeded(8)))


def test_two_of_a_kind_stand_side_by_side(composer: Composer) -> None:
    layout = at(composer, "city", ("boy", 5, 10, 4), ("boy", 5, 10, 10))
    first, second = believable(composer.hear("two boys"), layout, (0, 1), composer.planner.world, SQUARES).things
    assert abs(first.column - second.column) >= first.side / 2


def test_of_a_crowd_none_grows_and_the_order_is_by_distance(composer: Composer) -> None:
    layout = at(composer, "farm", ("cow", 4, 0, 12), ("ant", 4, 4, 12), ("tractor", 4, 8, 9))
    shrunk = shown(composer, in_proportion(layout, range(3), composer.planner.world, SQUARES, shrinks=True))
    assert shrunk["ant"].side < 4 and shrunk["cow"].side == shrunk["tractor"].side == 4
    assert [one.thing for one in by_distance(layout).things] == [layout.things[n].thing for n in (2, 0, 1)]


@pytest.mark.parametrize(
    ("text", "larger", "smaller"),
    [
        ("a knight fighting a dragon in front of a castle", "castle", "royal guard"),
        ("a mouse and an elephant", "elephant", "mouse"),
        ("a bear with a honey pot in the forest", "bear", "honey pot"),
        ("a bus and a bicycle in the city", "bus", "bicycle"),
        ("a castle and a princess", "castle", "princess"),
        ("a penguin on an iceberg with a fish", "penguin", "fish"),
    ],
)
def test_pictures_are_in_proportion(composer: Composer, text: str, larger: str, smaller: str) -> None:
    for seed in range(3):
        things = shown(composer, composer.plan(text, SQUARES, seeded(seed)))
        assert things[larger].side > things[smaller].side


def test_what_is_added_is_in_proportion(composer: Composer) -> None:
    before = composer.plan("a cat in a meadow", SQUARES, seeded(1))
    after = composer.plan_edit("add a house", before, SQUARES, seeded(2))
    things = shown(composer, after)
    assert things["cat"] == before.things[0] and things["house"].side > things["cat"].side


def test_under_a_full_moon_it_is_night(composer: Composer) -> None:
    world = composer.planner.world
    layout = composer.plan("an owl under a full moon", SQUARES, seeded(1))
    assert world.lights[layout.about[1]] == "night"
    layout = composer.plan("a rocket on the moon", SQUARES, seeded(1))
    assert world.lights[layout.about[1]] == "day"


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("prompt", "around"),
    [
        ("seven stars in the night sky", "sky, night"),
        ("a moon over the sea", "sea, night"),
        ("a snowy village", "meadow, snow"),
        ("a village with a church at night", "meadow, night"),
        ("a dog on a rainy street", "rain"),
        ("a snowy owl", ""),
    ],
)
def test_an_hour_and_a_weather_that_are_said_plainly_are_there(
    composer: Composer, prompt: str, around: str, seed: int
) -> None:
    _, told = composer.planner.world.said(composer.plan(prompt, SQUARES, seeded(seed))).split("; ")
    assert told.endswith(around) and ("snow" in told) == ("snow" in around)


@pytest.mark.parametrize(
    "prompt", ["a wolf howling at the moon", "a bat in front of the full moon", "a cat looking at the moon"]
)
def test_what_is_seen_against_the_moon_is_not_on_it(composer: Composer, prompt: str) -> None:
    layout = composer.plan(prompt, SQUARES, seeded(1))
    shown, around = composer.planner.world.said(layout).split("; ")
    assert "moon" in shown and "moon" not in around and around.endswith("night")


@pytest.mark.parametrize(
    "prompt", ["a fridge", "a windmill", "a waterfall", "a yellow submarine", "a pyramid", "a bridge over a river"]
)
def test_what_nothing_here_is_like_is_refused(composer: Composer, prompt: str) -> None:
    for seed in (1, 2):
        with pytest.raises(BadRequest, match=f"nothing like “{prompt}”"):
            composer.plan(prompt, SQUARES, seeded(seed))


def test_names_are_read_once_and_not_for_each_sentence_that_is_compared_with_them(composer: Composer) -> None:
    composer.hear.nearest("a fridge")
    read: list[list[str]] = []
    hook = composer.hear.captions.register_forward_pre_hook(lambda _network, given: read.append(given[0]))
    composer.hear.nearest("a windmill")
    hook.remove()
    assert read == [["a windmill"]]


@pytest.mark.parametrize(
    ("prompt", "shows"),
    [
        ("a stove", "kitchen"),  # of which every kitchen has one
        ("a bookshelf", "library"),
        ("a waterfall in the jungle", "jungle"),
        ("a glacier", "arctic"),  # as a place it is like that one
        ("a sunny day", ""),
        ("a swan lake", "2 × swan; sea"),
    ],
)
def test_a_place_that_has_it_or_is_like_it_is_drawn_alone(composer: Composer, prompt: str, shows: str) -> None:
    for seed in (1, 2):
        told = composer.planner.world.said(composer.plan(prompt, SQUARES, seeded(seed)))
        assert told == shows or (not shows and ";" not in told)


@pytest.mark.parametrize(
    ("prompt", "who", "flies"),
    [
        ("a flying pig", "pig", True),
        ("an elephant flying over a farm", "elephant", True),
        ("superman flying", "superhero", True),
        ("a boy flying a kite", "boy", False),
        ("a pig on a farm", "pig", False),
    ],
)
def test_what_is_said_to_fly_is_in_the_air(composer: Composer, prompt: str, who: str, flies: bool) -> None:
    things = shown(composer, composer.plan(prompt, SQUARES, seeded(1)))
    assert (things[who].row + things[who].side / 2 < 0.45 * SQUARES[1]) == flies and "fly" not in things


def test_whatever_a_subject_shows_can_be_drawn() -> None:
    names = Names.shipped()
    for name, subject in SUBJECTS.items():
        parts = [part for one in subject.things.split(", ") for part in one.split(" and ")]
        assert all(names.things(part) for part in parts), name
    assert all(
        names.things(one)
        for order in (*MOODS.values(), *FURNISHED.values())
        for one in order.partition("| ")[0].strip().split(", ")
        if one
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("draw a zoo at night", "draw an elephant, a lion, a giraffe and a monkey in the park at night"),
        ("a boy at the zoo", "a boy, an elephant in the park"),
        ("birthday card for my nan", "a cake, two balloons and a gift in a room"),
        ("a card for my nans 80th", "a cake, two balloons and a gift in a room"),
        ("a happy birthday picture", "a cake, two balloons and a gift in a room"),
        ("a christmas card with a robin", "a robin, a christmas tree in the snow"),
        ("a birthday cake", "a birthday cake"),
        ("i love my dog", "i love my dog"),
        ("two turtles in love at sundown", "two turtles in love at sundown"),
        ("an astronaut in outer space", "an astronaut in outer space"),
        ("a giraffe in the snow? Thank you", "a giraffe in the snow? Thank you"),
        ("a party hat", "a party hat"),
        ("a cow, a pig, a hen and a fox at the zoo", "a cow, a pig, a hen and a fox at the zoo"),
    ],
)
def test_what_is_asked_for_by_one_name_is_told(composer: Composer, said: str, meant: str) -> None:
    assert told(said, Names.shipped(), composer.planner.world.places) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("make it spooky", "make it night, add a ghost and two bats"),
        ("make it a bit more christmassy please", "add a christmas tree and two gifts please"),
        ("turn it into a birthday party", "add a cake and two balloons and a gift"),
        ("add a picnic", "add a basket and a sandwich and an apple"),
        ("a spooky tree", "a spooky tree"),
        ("add a birthday cake", "add a birthday cake"),
        ("make the sky darker", "make the sky darker"),
        ("make it plain", "make it plain"),
        ("empty the room", "empty the room"),
    ],
)
def test_moods_are_orders(said: str, meant: str) -> None:
    assert mooded(said, Names.shipped()) == meant


@pytest.mark.parametrize(
    "said",
    [
        "something is missing", "its a bit empty", "make it less boring", "add some more stuff", "fill the empty space",
        "too plain, make it more interesting", "less empty", "more stuff please",
    ],
)  # fmt: skip
def test_who_finds_it_empty_gets_what_belongs_there_and_is_not_there(said: str) -> None:
    assert mooded(said, Names.shipped(), "beach", {"palm tree"}) == "add a crab and a parasol"


def test_what_is_there_is_not_added_again() -> None:
    again = mooded("more christmassy", Names.shipped(), "room", {"christmas tree"})
    assert again == "add two gifts and a snowman"


@pytest.mark.parametrize(
    ("prompt", "shows"),
    [
        ("a dinasour in a forest", "dinosaur; forest"),
        ("a buterfly on a sunflowr", "sunflower, butterfly; garden"),
        ("a girrafe", "giraffe; savanna"),
        ("a family", "man, boy, woman, girl; meadow"),
        ("a pirate", "bearded man, sword; forest"),
    ],
)
def test_what_was_typed_wrong_or_called_together_is_no_stranger(prompt: str, shows: str) -> None:
    assert unasked(prompt, [shows]) == []


def test_a_zoo_shows_animals_and_nothing_unasked(composer: Composer) -> None:
    layout = composer.plan("a zoo", SQUARES, seeded(1))
    assert set(shown(composer, layout)) == {"elephant", "lion", "giraffe", "monkey"}
    assert unasked("a zoo", [composer.planner.world.said(layout)]) == []
    spooky = composer.plan_edit("make it spooky", layout, SQUARES, seeded(2))
    assert set(shown(composer, spooky)) - set(shown(composer, layout)) == {"ghost", "bat"}


@pytest.mark.parametrize(
    ("said", "decided", "prompt"),
    [
        ("its my grandpas birthday he loves fishing", Action(text="I am glad you like it."),
         "its my grandpas birthday he loves fishing"),
        ("a birthday card for my son", Action("ask_user", {"question": "What should the picture show?"}),
         "a birthday card for my son"),
        ("hi! can you make me a card for my nans 80th? she loves her garden and her cat",
         Action("generate_image", {"prompt": "a card for my nans 80th"}),
         "a card for my nans 80th? she loves her garden and her cat"),
    ],
)  # fmt: skip
def test_a_first_sentence_about_an_occasion_says_what_to_show(said: str, decided: Action, prompt: str) -> None:
    assert corrected(Scene(said), decided) == Action("generate_image", {"prompt": prompt})


@pytest.mark.parametrize(
    ("said", "shows", "decided", "meant"),
    [
        ("its too dark", "cat; room", Action.edit(1, "its too dark"),
         Action("adjust_image", {"image": 1, "operation": "brightness", "amount": "+20"})),
        ("its too dark", "cat; meadow, night", Action.edit(1, "its too dark"), Action.edit(1, "its too dark")),
        ("where is the crab? make it bigger", "crab; beach", Action("upscale_image", {"image": 1}),
         Action.edit(1, "make the crab bigger")),
    ],
)  # fmt: skip
def test_too_dark_inside_and_what_is_looked_for(said: str, shows: str, decided: Action, meant: Action) -> None:
    assert corrected(Scene(said, (ShelfPicture(1, "a picture", shows=shows),)), decided) == meant


def test_colour_comes_back_and_what_is_gone_is_looked_for() -> None:
    shelf = (
        ShelfPicture(1, "a cow on a farm", shows="cow, duck; farm"),
        ShelfPicture(2, "a cow on a farm, greyscale", "adjust", (1,), shows="cow, duck; farm"),
    )
    assert returned_to(Scene("back to colour", shelf)) == 1
    assert returned_to(Scene("in colour again please", shelf[:1])) == 0
    asked = corrected(Scene("where did the duck go", shelf), Action.edit(2, "the duck"))
    assert asked == Action("look_at_image", {"image": 2, "question": "where did the duck go"})


def test_later_ones_and_questions_are_taken_as_they_were() -> None:
    asks = Action("ask_user", {"question": "Which one?"})
    assert corrected(Scene("what is a christmas card", ()), asks) == asks
    shelf = (ShelfPicture(1, "a cat", shows="cat; room"),)
    kept = Action.edit(1, "make it a birthday party")
    assert corrected(Scene("make it a birthday party", shelf), kept) == kept


@pytest.mark.parametrize(
    ("prompt", "shows", "told"),
    [
        ("a little sandcastle and a crab", "crab; beach", "it shows no sandcastle"),
        ("a cat on a rug", "cat; meadow", "it shows no rug"),
        ("a cat by the lamppost", "cat; park", ""),
        ("add a rug and two chairs", "2 × chair; room", "it shows no rug"),
        ("remove the table", "cat; room", ""),
        ("a tennis racket", "tennis racket; room", ""),
        ("a cat", "", ""),
        ("500 cats", "10 × cat; room", "a picture holds 10 things at most; left out: 490 cats"),
        ("a hundred cats", "10 × cat; room", "a picture holds 10 things at most; left out: 90 cats"),
        ("2 horses in a field", "2 × horse; meadow", ""),
        ("a horse in a field", "horse; city", "it shows no field"),
        ("a campsite with a tent and a fire", "fire, tent; mountains", ""),
        ("a band with a guitar, drums and a singer", "2 × drum, guitar, singer; stage", ""),
        ("a cat and the moon at night", "full moon, cat; forest, night", ""),
        ("the moon and stars over the sea", "moon; sea, night", ""),
        ("the moon and stars over the sea", "moon; sea", "it shows no stars"),
        ("a dozen eggs", "10 × egg; room", "a picture holds 10 things at most; left out: 2 eggs"),
        ("a hosre in a field", "horse; meadow", ""),
        ("a rabit and a carot", "rabbit, carrot; garden", ""),
        ("a cow in a feild", "cow, fence; farm", ""),
        ("a cow in a filed", "cow; meadow", ""),
        ("a cow in a feild", "cow; city", "it shows no field"),
        ("a kittn in a baskett", "cat, basket; room", ""),
    ],
)
def test_what_the_painter_has_nothing_like_is_told(prompt: str, shows: str, told: str) -> None:
    assert left_out(prompt, shows) == told


def test_what_it_has_nothing_like_has_no_name_here() -> None:
    assert not [name for name in LACKING if Names.shipped().said(name)]
