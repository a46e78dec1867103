"""What people say of pictures beside plain orders: comparisons, parts, styles that the painter has not, writing, roofs,
crowds, and what comes nearer."""

from __future__ import annotations

from collections import Counter

import pytest
from composing import SQUARES, seeded

from models.english.naming import Names, Said
from models.english.styles import in_nearest_style, unknown_style, without_style
from models.rendering.layout import Layout, Placed
from models.scene.comparisons import compared
from models.scene.composer import Composer
from models.scene.unchanged import why_unchanged, without_writing
from tools.shown import left_out, other_style

CAT, MOUSE, DOG = Placed(0, 0, 6, 1, 8), Placed(1, 0, 4, 10, 10), Placed(2, 0, 5, 6, 9)


def shown(composer: Composer, layout: Layout) -> str:
    return composer.planner.world.said(layout)


# --- sizes by comparison ---


def sides(text: str, *names: str) -> list[int]:
    """The sides of the cat, the mouse and the dog after a comparison of what is named in that order."""
    numbers = {"cat": 0, "mouse": 1, "dog": 2}
    said = [Said(numbers[name], text.index(name), text.index(name) + len(name), False) for name in names]
    return [one.side for one in compared(text, said, Layout((0, 0, 0, 0), (CAT, MOUSE, DOG)), SQUARES).things]


@pytest.mark.parametrize(
    ("text", "names", "wanted"),
    [
        ("the mouse should be bigger than the cat", ("mouse", "cat"), [6, 8, 5]),
        ("make the cat smaller than the mouse", ("cat", "mouse"), [3, 4, 5]),
        ("the mouse is as big as the cat", ("mouse", "cat"), [6, 6, 5]),
        ("make the mouse twice as big as the cat", ("mouse", "cat"), [6, 12, 5]),
        ("make the mouse half the size of the cat", ("mouse", "cat"), [6, 3, 5]),
        ("make the mouse bigger than everything else", ("mouse",), [6, 8, 5]),
        ("the cat should be the smallest", ("cat",), [3, 4, 5]),
        ("the cat is nicer than the mouse", ("cat", "mouse"), [6, 4, 5]),
    ],
)
def test_what_is_compared_changes_and_nothing_else(text: str, names: tuple[str, ...], wanted: list[int]) -> None:
    assert sides(text, *names) == wanted


def test_where_there_is_no_room_for_a_larger_one_the_other_gives_way() -> None:
    layout = Layout((0, 0, 0, 0), (Placed(0, 0, 12, 0, 3), Placed(1, 0, 10, 6, 5)))
    said = [Said(1, 0, 5, False), Said(0, 22, 25, False)]
    large, small = compared("mouse bigger than the cat", said, layout, SQUARES).things[::-1]
    assert large.side == 12 > small.side


# --- parts, styles, writing ---


@pytest.mark.parametrize(
    ("first", "change", "part"),
    [
        ("a horse in a meadow", "give the horse wings", "wings"),
        ("a girl in a room", "make her eyes green", "eyes"),
        ("a dog and a boy in the park", "remove the dog's tail", "tail"),
        ("a car", "make the wheels black", "wheels"),
        ("a house", "open the door", "door"),
    ],
)
def test_a_part_is_not_drawn_beside_and_takes_nobody_away(
    composer: Composer, first: str, change: str, part: str
) -> None:
    before = composer.plan(first, SQUARES, seeded(7))
    assert composer.plan_edit(change, before, SQUARES, seeded(8)) == before
    assert f"cannot change “{part}” alone" in why_unchanged(change, before, composer.hear)


@pytest.mark.parametrize(
    ("first", "change", "now"),
    [
        ("a girl in a room", "put a flower in her hair", "girl, daisy; room"),
        ("a boy and an old man on the beach", "make the boy's hat blue", "boy, old man, blue hat; beach"),
        ("a tree and a deer in the forest", "rough hand drawn sketch", "tree, deer; forest, sketch"),
        ("a house", "add a dragon with big wings", "house, dragon; meadow"),
    ],
)
def test_words_for_parts_that_say_where_or_of_whom_change_what_they_always_did(
    composer: Composer, first: str, change: str, now: str
) -> None:
    before = composer.plan(first, SQUARES, seeded(7))
    assert shown(composer, composer.plan_edit(change, before, SQUARES, seeded(8))) == now


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("an oil painting of a cat", "in watercolour of a cat"),
        ("a cat in the style of van gogh", "a cat in watercolour"),
        ("make it look like a Monet", "make it in watercolour"),
        ("an oil lamp", "an oil lamp"),
        ("8 bit pig", "in pixel art pig"),
        ("a pig like in minecraft", "a pig like in pixel art"),
        ("a charcoal drawing of a cat", "in pencil sketch of a cat"),
        ("make it cyberpunk", "make it in neon style"),
        ("a crayon and a piece of chalk", "a crayon and a piece of chalk"),
    ],
)
def test_styles_that_are_near_to_one_of_the_painters_are_that_one(said: str, near: str) -> None:
    assert in_nearest_style(said) == near


@pytest.mark.parametrize(
    ("asked", "style"),
    [
        ("8 bit pig", "pixel art"),
        ("pen and ink pig", "sketch"),
        ("synthwave pig", "neon"),
        ("pig, minecraft", "pixel art"),
    ],
)
def test_one_comes_in_the_style_that_is_near(composer: Composer, seed: int, asked: str, style: str) -> None:
    layout = composer.plan(asked, SQUARES, seeded(seed))
    world = composer.planner.world
    assert [world.things[one.thing] for one in layout.things] == ["pig"]
    assert world.styles[layout.about[3]] == style


def test_other_styles_lead_nothing_astray_and_are_told(composer: Composer) -> None:
    assert without_style("an anime girl in the style of pixar") == "a girl"
    assert unknown_style("a lego castle") == ("lego", "") and unknown_style("a cat") == ("", "")
    assert unknown_style("logo style pls") == ("logo style", "") and unknown_style("a logo for my shop") == ("", "")
    assert unknown_style("make it look like a children's book")[0] and not unknown_style("add a children's book")[0]
    assert other_style("oil painting of a cat") == (
        "the small painter has no style “oil painting”, watercolour is the nearest"
    )
    before = composer.plan("a house and a tree", SQUARES, seeded(7))
    assert composer.plan_edit("make it 3d", before, SQUARES, seeded(8)) == before
    assert "has no style “3d”" in why_unchanged("make it 3d", before, composer.hear)
    assert shown(composer, composer.plan("van gogh style cat", SQUARES, seeded(7))).startswith("cat; ")


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("add the words Bear Brew", ""),
        ("a cake that says lion king", "a cake"),
        ("draw him a friend, say a duck", "draw him a friend, say a duck"),
        ("she says the horse has to be a unicorn", "she says the horse has to be a unicorn"),
    ],
)
def test_what_is_to_be_written_is_not_drawn(said: str, rest: str) -> None:
    assert without_writing(said) == rest


# --- what is said next ---


@pytest.mark.parametrize(
    ("first", "change", "now"),
    [
        ("a bear and a cup", "get rid of the background", "bear, cup of coffee; white background"),
        ("a lighthouse by the sea", "make it early morning", "lighthouse; beach, sunset"),
        ("a lighthouse by the sea", "more dramatic sky", "lighthouse; beach, storm"),
        ("a house and a tree in a garden", "darker background", "house, tree; garden, night"),
        ("a mermaid on a rock underwater", "a glorbix in the background", "rock, mermaid; underwater"),
        ("a pagoda and an umbrella at night", "bigger shelf", "japanese castle, umbrella; meadow, night"),
        ("a cow and three chickens on a farm", "make it winter", "cow, 3 × chicken; farm, snow"),
        ("a unicorn in a forest", "butterflies everywhere", "unicorn, 5 × butterfly; forest"),
        ("a house in a garden", "full of flowers", "house, 5 × daisy; garden"),
        ("a mermaid on a rock underwater", "add some fish around her", "rock, mermaid, 2 × fish; underwater"),
        ("a house", "add autumn trees", "house, 2 × orange tree; meadow"),
        ("a truck in a room", "swap the truck for a digger", "tractor; room"),
        ("a baby and a duck", "add a bottle", "duck, baby, baby bottle; meadow"),
        ("a baby and a duck", "a bottle for the little one", "duck, baby, baby bottle; meadow"),
        ("three ducks in a park", "remove middle duck", "2 × duck; park"),
        ("three cats in a box", "make one cat black and one orange", "box, black cat, orange cat, cat; room"),
        ("two dogs", "one black and the other white", "black dog, white dog; meadow"),
        ("three cats in a box", "box bigger so they all fit", "box, 3 × cat; room"),
        ("a cat and a box", "put a bow on the box", "box, cat, ribbon; room"),
        ("an elf", "give the elf a bow", "elf, bow and arrow; meadow"),
        ("a rocket and two stars in space", "more stars!! like six", "rocket, 6 × star; space"),
        ("a horse and a girl on the beach", "more horses, i want 3", "3 × horse, girl; beach"),
        ("a mermaid on a rock", "drop the rock, she can ride a turtle", "turtle, mermaid; underwater"),
        (
            "a deer, a sled and santa in the snow",
            "get rid of the sleigh, he can ride the deer",
            "deer, santa claus; meadow, snow",
        ),
        ("a fire, a printer and a man in a room", "make him a woman, keep the fire", "fire, printer, woman; room"),
        ("a dog in the park", "make the dog a dalmatian", "dog; park"),
        ("a truck and a boy in the city", "he drops his hat", "truck, boy, hat; city"),
        ("a bear and a cup", "write Happy Birthday on it and make the bear blue", "blue bear, cup of coffee; garden"),
        (
            "a cake and two trucks and a balloon in a room",
            "put a cake on the truck",
            "2 × truck, balloon, 2 × cake; room",
        ),
    ],
)
def test_a_change_comes_out_and_nothing_else_changes(composer: Composer, first: str, change: str, now: str) -> None:
    before = composer.plan(first, SQUARES, seeded(7))
    assert shown(composer, composer.plan_edit(change, before, SQUARES, seeded(8))) == now


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a knight n a dragon", "royal guard, dragon, sword"),
        ("knight fighting a dragon", "royal guard, dragon, sword"),
        ("two astronauts playing football on the moon", "2 × astronaut, ball"),
        ("two kids playing football", "girl, boy, ball"),
        ("a group of friends at the beach", "2 × woman, 2 × man"),
        ("a dragon sleeping on a pile of gold in a cave", "5 × coin, dragon"),
        ("lots of cats in a garden", "5 × cat"),
        ("a duck and a baby", "duck, baby"),
        ("a bottle of wine and an apple", "champagne bottle, apple"),
        ("a penguin family on an iceberg", "3 × penguin"),
        ("a family of ducks on a lake", "3 × duck"),
        ("bride & groom outside a church", "church, bride, man, necktie"),
        ("desert with cactuses", "2 × cactus"),
        ("a birthday cake w candles for my friend marta, pink", "2 × candle, pink cake"),
        ("a sandwich and a bowl of soup", "sandwich, noodle soup"),
        ("an astronaut and an alien sharing a beer out in space", "astronaut, alien, mug of beer"),
        ("my cat Luna as an astronaut floating in space", "cat, rescue helmet"),
        ("a laptop and a plant, window with city view", "laptop, potted plant, window"),
    ],
)
def test_a_request_shows_whom_and_how_many_it_speaks_of(composer: Composer, prompt: str, things: str) -> None:
    said = shown(composer, composer.plan(prompt, SQUARES, seeded(7))).rpartition(";")[0]
    assert Counter(said.split(", ")) == Counter(things.split(", "))


def test_on_the_roof_is_on_the_house(composer: Composer) -> None:
    house, cat = composer.plan_edit(
        "a cat sitting on the roof", composer.plan("a house", SQUARES, seeded(7)), SQUARES, seeded(8)
    ).things
    assert cat.row < house.row and house.column <= cat.column <= house.column + house.side


def test_zoomed_in_on_something_it_is_in_the_middle_and_larger_and_what_it_wears_stays_on(composer: Composer) -> None:
    world = composer.planner.world
    before = composer.plan("a king with a crown and a dog", SQUARES, seeded(7))
    after = composer.plan_edit("zoom in on the king", before, SQUARES, seeded(8))
    was, now = ({world.things[one.thing]: one for one in layout.things} for layout in (before, after))
    assert now["man"].side > was["man"].side and abs(2 * now["man"].column + now["man"].side - 16) <= 1
    assert now["crown"].over(now["man"]) and now["crown"].row < now["man"].row


@pytest.mark.parametrize(
    ("said", "thing"),
    [
        ("far away a ship", "ship"),
        ("and in the distance a mountain", "mountain"),
        ("on the horizon, a boat", "boat"),
    ],
)
def test_what_is_far_off_comes_where_that_is_said_first(composer: Composer, said: str, thing: str) -> None:
    before = composer.plan("a castle and a man in the mountains", SQUARES, seeded(7))
    after = composer.plan_edit(said, before, SQUARES, seeded(8))
    now, was = (Counter(composer.planner.world.things[one.thing] for one in plan.things) for plan in (after, before))
    assert now - was == Counter([thing]) and not was - now


def test_what_is_far_off_is_small_and_what_comes_behind_is_on_the_ground(composer: Composer) -> None:
    world = composer.planner.world
    before = composer.plan("a penguin in the arctic", SQUARES, seeded(7))
    (bear,) = set(composer.plan_edit("a polar bear in the distance", before, SQUARES, seeded(8)).things) - set(
        before.things
    )
    assert world.colours[bear.colour] == "white" and bear.side < before.things[0].side
    before = composer.plan("a unicorn and a rainbow", SQUARES, seeded(7))
    castle, *_, unicorn = composer.plan_edit("put a castle in the back", before, SQUARES, seeded(8)).things
    assert world.things[castle.thing] == "castle"
    assert castle.row + castle.side >= unicorn.row + unicorn.side - 1  # right behind its feet


@pytest.mark.parametrize(
    ("prompt", "upper", "lower"),
    [("a cow jumping over the moon", "cow", "moon"), ("a yellow lorry with a penguin on the roof", "penguin", "truck")],
)
def test_over_and_on_the_roof_is_above(composer: Composer, prompt: str, upper: str, lower: str) -> None:
    world = composer.planner.world
    things = {world.things[one.thing]: one for one in composer.plan(prompt, SQUARES, seeded(7)).things}
    assert things[upper].row < things[lower].row


def test_him_is_the_only_one_who_lives(composer: Composer) -> None:
    world = composer.planner.world
    before = composer.plan("a school and a yellow robot in a room", SQUARES, seeded(7))
    after = composer.plan_edit("hes too small, make him bigger", before, SQUARES, seeded(8))
    was, now = ({world.things[one.thing]: one.side for one in layout.things} for layout in (before, after))
    assert now["robot"] > was["robot"] and now["school"] == was["school"]


def test_what_is_put_in_the_middle_changes_places_with_what_was_there(composer: Composer) -> None:
    world = composer.planner.world
    before = composer.plan("a church and two houses in a meadow", SQUARES, seeded(7))
    after = composer.plan_edit("church in the middle", before, SQUARES, seeded(8))
    (church,) = (one for one in after.things if world.things[one.thing] == "church")
    assert abs(church.column + church.side / 2 - 8) <= 1.5
    assert sorted(one.column for one in after.things) == sorted(one.column for one in before.things)


def test_what_comes_on_the_left_moves_nothing(composer: Composer) -> None:
    world = composer.planner.world
    house, dog, boy = (world.things.index(name) for name in ("house", "dog", "boy"))
    things = (Placed(house, 0, 8, 0, 4), Placed(dog, 0, 4, 7, 9), Placed(boy, 0, 5, 11, 10))
    before = Layout((world.places.index("park"), 0, 0, 0), things)
    after = composer.plan_edit("add a cat on the left", before, SQUARES, seeded(3))
    (cat,) = set(after.things) - set(things)
    assert set(things) < set(after.things) and cat.column + cat.side / 2 < 4
    assert set(composer.plan_edit("remove the cat", after, SQUARES, seeded(3)).things) == set(things)


def test_birds_that_fly_are_in_the_air_however_many(composer: Composer) -> None:
    birds = composer.plan("a flock of birds over the sea", SQUARES, seeded(7)).things
    assert len(birds) == 5 and all(one.row + one.side / 2 <= 8 for one in birds)


def test_names_take_no_number_from_across_another() -> None:
    names = Names.shipped()
    assert {names.own_of(thing): found[0][1] for thing, found in names.counted("two dogs chasing a ball").items()} == {
        "dog": 2,
        "ball": 1,
    }


@pytest.mark.parametrize(
    ("said", "look"),
    [
        ("make the cat smile and add a ball", "smile"),
        ("the cat is angry and it's brown", "angry"),
        ("make the happy cat brown", ""),
        ("add a happy dog", ""),
    ],
)
def test_a_look_that_nobody_can_be_given_is_told(said: str, look: str) -> None:
    told = left_out(said, "brown cat, ball, dog; garden", "cat; garden")
    assert told == (look and f"the small painter draws each thing as a whole and cannot make it “{look}”")
