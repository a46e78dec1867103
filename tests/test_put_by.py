"""What people take for granted: one that is named again is one, what is worn is on somebody, what is put next to a
thing is next to it, and words that come to nothing are tried as the planner takes them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from composing import SQUARES, names, of, played, seeded

from models.rendering.layout import Layout, Placed
from models.scene.composer import Composer
from models.scene.placing import is_beside
from models.scene.unchanged import wants_writing, why_unchanged


def there(composer: Composer, *things: str, place: str = "meadow") -> Layout:
    """Things with side, column and row ("red fox 5 0 8") in a place."""
    world, placed = composer.planner.world, list[Placed]()
    for thing in things:
        name, *box = thing.rsplit(" ", 3)
        colour, _, bare = name.partition(" ") if name.split()[0] in world.colours else ("", "", name)
        placed.append(Placed(world.things.index(bare), world.colours.index(colour), *map(int, box)))
    return Layout((world.places.index(place), 0, 0, 0), tuple(placed))


def changed(composer: Composer, before: Layout, said: str, seed: int = 3) -> Layout:
    return composer.plan_edit(said, before, SQUARES, seeded(seed))


def coloured(composer: Composer, layout: Layout) -> list[str]:
    world = composer.planner.world
    return sorted(f"{world.colours[one.colour]} {world.things[one.thing]}".strip() for one in layout.things)


def is_at(one: Placed, other: Placed) -> bool:
    """Whether the middle of a thing is over another, or at its edge."""
    across, down = one.column + one.side / 2, one.row + one.side / 2
    return (
        other.column - 1 <= across <= other.column + other.side + 1
        and other.row - one.side / 2 <= down <= other.row + other.side
    )


# --- named again ---


@pytest.mark.parametrize(
    ("said", "many"),
    [
        ("skateboarder turtle, turtle on skateboard", {"turtle": 1, "skateboard": 1}),
        ("weightlifter + clock, clock right", {"weightlifter": 1, "clock": 1}),
        ("a beaver building a dam. logs, three, and a beaver with an axe", {"beaver": 1, "log": 3, "axe": 1}),
        ("we had a bonfire, fire, with a box by it", {"fire": 1, "box": 1}),
        ("bride and groom.. bride and a man, church behind", {"bride": 1, "church": 1}),
    ],
)
def test_what_is_named_again_is_still_one(composer: Composer, seed: int, said: str, many: dict[str, int]) -> None:
    shown = Counter(names(composer, composer.plan(said, SQUARES, seeded(seed))))
    assert {name: shown[name] for name in many} == many


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a red car and a blue car", ["blue car", "red car"]),
        ("red car, blue car", ["blue car", "red car"]),
        ("a red fox on the left. A blue fox on the right", ["blue fox", "red fox"]),
        ("A big fox on the left. Next to it a small fox", ["fox", "fox"]),
        ("cat, cat, cat", ["cat", "cat", "cat"]),
        ("a dog chasing another dog", ["dog", "dog"]),
    ],
)
def test_another_of_a_kind_is_another(composer: Composer, seed: int, said: str, shown: list[str]) -> None:
    assert coloured(composer, composer.plan(said, SQUARES, seeded(seed))) == shown


def test_a_white_pawn_comes_beside_the_black_one(composer: Composer, seed: int) -> None:
    before = there(composer, "dice 5 0 7", "black pawn 5 11 7", place="room")
    for said in ("add a white pawn", "add a white pawn across from it", "another pawn, white"):
        assert coloured(composer, changed(composer, before, said, seed)) == ["black pawn", "dice", "white pawn"], said


# --- worn and held ---


@pytest.mark.parametrize(
    ("things", "said", "what", "who"),
    [
        (("wave 6 9 7", "seal 4 5 12"), "add sunglasses", "sunglasses", "seal"),
        (("wave 6 9 7", "seal 4 5 12"), "shades on", "sunglasses", "seal"),
        (("greek temple 8 6 6", "goat 5 1 9"), "a crown", "crown", "goat"),
        (("snowman 8 5 6", "bucket 5 0 9"), "mittens too", "gloves", "snowman"),
        (("snowman 8 5 6", "bucket 5 0 9"), "gloves on the snowman", "gloves", "snowman"),
        (("cheese 5 0 9", "goat 5 9 8"), "a bell around its neck", "bell", "goat"),
        (("bathtub 8 4 6", "sloth 6 5 5"), "put soap on his head", "soap", "sloth"),
        (("princess 10 0 3", "tree 5 11 9"), "a sword", "sword", "princess"),
        (("tree 8 8 6", "clown 6 1 8"), "add a red balloon", "balloon", "clown"),
    ],
)
def test_what_is_worn_or_held_is_on_who_is_there(
    composer: Composer, seed: int, things: tuple[str, ...], said: str, what: str, who: str
) -> None:
    layout = changed(composer, there(composer, *things), said, seed)
    [one], [other] = of(composer, layout, what), of(composer, layout, who)
    assert is_at(one, other)


@pytest.mark.parametrize("said", ["a sword on the left", "a sword next to the tree", "a sword on the ground"])
def test_what_is_put_elsewhere_is_not_held(composer: Composer, seed: int, said: str) -> None:
    layout = changed(composer, there(composer, "tree 5 1 8", "princess 6 10 7"), said, seed)
    [sword], [princess] = of(composer, layout, "sword"), of(composer, layout, "princess")
    assert not sword.over(princess)


# --- next to, behind, in front of what is there ---


@pytest.mark.parametrize("said", ["put the dog next to the boy", "the dog beside the boy", "dog next to boy please"])
def test_what_is_there_goes_next_to_another(composer: Composer, seed: int, said: str) -> None:
    before = there(composer, "boy 6 0 8", "ball 4 6 11", "dog 5 11 10", place="park")
    layout = changed(composer, before, said, seed)
    [boy], [dog], [ball] = (of(composer, layout, name) for name in ("boy", "dog", "ball"))
    assert is_beside(dog, boy) and boy in before.things and ball in before.things


def test_what_is_there_goes_behind_or_in_front_of_another(composer: Composer, seed: int) -> None:
    before = there(composer, "house 8 0 4", "tree 8 8 3", "car 5 6 10")
    behind = changed(composer, before, "move the tree behind the house", seed)
    [tree], [house] = of(composer, behind, "tree"), of(composer, behind, "house")
    assert tree.over(house) and behind.things.index(tree) < behind.things.index(house) and house in before.things
    ahead = changed(composer, before, "put the car in front of the tree", seed)
    [car], [tree] = of(composer, ahead, "car"), of(composer, ahead, "tree")
    assert car.over(tree) and ahead.things.index(tree) < ahead.things.index(car) and tree in before.things


def test_what_comes_behind_a_thing_is_behind_that_one(composer: Composer, seed: int) -> None:
    before = there(composer, "house 8 0 4", "dog 5 11 10")
    layout = changed(composer, before, "a cat behind the dog", seed)
    [cat], [dog], [house] = (of(composer, layout, name) for name in ("cat", "dog", "house"))
    assert cat.over(dog) and not cat.over(house)


@pytest.mark.parametrize("said", ["make the dog next to the ball bigger", "remove the dog next to the ball"])
def test_what_stands_next_to_something_may_only_be_called_so(composer: Composer, seed: int, said: str) -> None:
    before = there(composer, "boy 6 0 8", "ball 4 6 11", "dog 5 11 10", place="park")
    layout = changed(composer, before, said, seed)
    assert {name: of(composer, layout, name) for name in ("boy", "ball")} == {
        name: of(composer, before, name) for name in ("boy", "ball")
    }
    assert of(composer, layout, "dog") != of(composer, before, "dog")


def test_what_stands_there_already_is_told(composer: Composer) -> None:
    before = there(composer, "boy 6 0 8", "ball 4 6 11", "dog 5 11 10", place="park")
    assert changed(composer, before, "put the dog next to the ball") == before
    why = why_unchanged("put the dog next to the ball", before, composer.hear)
    assert why == "Nothing would change: the dog is there already."


@pytest.mark.parametrize(
    ("said", "side"),
    [("olive tree, any tree, left", -1), ("a tree on the left", -1), ("a tree to the right", 1)],
)
def test_what_comes_on_a_side_stays_on_that_side(composer: Composer, seed: int, said: str, side: int) -> None:
    layout = changed(composer, there(composer, "greek temple 6 6 7", "goat 3 9 11", place="city"), said, seed)
    [tree] = of(composer, layout, "tree")
    assert side * (2 * tree.column + tree.side - SQUARES[0]) > 0


# --- colours and numbers that stand behind ---


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("heels. pink", "pink high heel"),
        ("a cap on him, blue", "blue cap"),
        ("a scarf, long and orange", "orange scarf"),
        ("add a lavender dress", "purple dress"),
    ],
)
def test_a_colour_may_come_at_the_end(composer: Composer, seed: int, said: str, shown: str) -> None:
    before = there(composer, "boy 6 1 8", "tree 8 8 4")
    assert shown in coloured(composer, changed(composer, before, said, seed))


@pytest.mark.parametrize(
    ("said", "name", "many"),
    [
        ("ants!!! 4", "ant", 4),
        ("log pile. 3", "log", 3),
        ("she's got carrots coming up, four", "carrot", 4),
        ("brown shorts", "shorts", 1),
    ],
)
def test_a_number_may_come_at_the_end(composer: Composer, seed: int, said: str, name: str, many: int) -> None:
    before = there(composer, "old woman 6 1 8", "tree 8 8 4")
    assert len(of(composer, changed(composer, before, said, seed), name)) == many


@pytest.mark.parametrize(
    ("said", "shown"), [("farmer with a dog", ["dog", "farmer"]), ("boy holding a kite", ["boy", "kite"])]
)
def test_who_comes_with_something_comes_too(composer: Composer, seed: int, said: str, shown: list[str]) -> None:
    layout = changed(composer, there(composer, "taxi 8 0 6", "sheep 5 9 9", place="road"), said, seed)
    assert names(composer, layout) == sorted([*shown, "sheep", "taxi"])


# --- words that came to nothing ---


@pytest.mark.parametrize(
    ("things", "said", "shown"),
    [
        (("golf flag 5 10 7", "golfer 8 0 5"), "The flag should be on the right, red", ["golfer", "red golf flag"]),
        (
            ("gymnast 8 8 3", "ball 5 2 11", "ribbon 4 10 6"),
            "ribbon in her hand red",
            ["ball", "gymnast", "red ribbon"],
        ),
    ],
)
def test_words_that_came_to_nothing_are_tried_as_the_planner_takes_them(
    composer: Composer, seed: int, things: tuple[str, ...], said: str, shown: list[str]
) -> None:
    assert coloured(composer, changed(composer, there(composer, *things), said, seed)) == shown


def test_a_clean_background_in_a_colour_is_one(composer: Composer) -> None:
    before = there(composer, "ladybug 3 3 10", "leaf 3 9 10", place="garden")
    layout = changed(composer, before, "I'd best have a clean background, yellow")
    assert composer.planner.world.places[layout.about[0]] == "yellow background" and layout.things == before.things


@pytest.mark.parametrize(
    "said", ["remove", "the roof should be red", "make the sky green", "the cat faces left", "a sign that says hello"]
)
def test_what_has_a_reason_against_it_is_not_tried(composer: Composer, seed: int, said: str) -> None:
    before = there(composer, "cat 5 1 9", "house 8 7 5")
    assert changed(composer, before, said, seed).kinds == before.kinds


@pytest.mark.parametrize("said", ["sophie says he can go", "night, goes without saying", "what I was saying: a cup"])
def test_who_says_something_wants_nothing_written(said: str) -> None:
    assert not wants_writing(said)
    assert wants_writing("a cake that says hooray") and wants_writing("a sign saying stop")


def test_played_sessions_keep_what_was_put(composer: Composer) -> None:
    layouts = played(composer, 1, "a boy and a dog in a park", "a cap on him, blue", "put the dog next to the boy")
    assert "blue cap" in coloured(composer, layouts[-1])


# --- traded for what is not there ---


@pytest.mark.parametrize(
    ("said", "new"),
    [
        ("replace the bard with a frog", "frog"),
        ("replace the wizard with a frog", "frog"),
        ("swap the dragon for two rabbits", "rabbit"),
        ("a pizza instead of the burger", "pizza"),
        ("turn the pigeon into an owl", "owl"),
    ],
)
def test_what_is_traded_for_what_is_not_there_only_comes(composer: Composer, seed: int, said: str, new: str) -> None:
    before = there(composer, "cat 5 10 7", "sofa 6 1 7", "axe 4 7 11", place="room")
    after = changed(composer, before, said, seed)
    assert Counter(names(composer, before)) < Counter(names(composer, after)) and of(composer, after, new)


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("replace the furniture with a bed", ["axe", "bed", "cat"]),
        ("replace the animal with a fox", ["axe", "fox", "sofa"]),
        ("change the background to a beach", ["axe", "cat", "sofa"]),
    ],
)
def test_what_is_there_by_another_name_is_traded(composer: Composer, said: str, kinds: list[str]) -> None:
    before = there(composer, "cat 5 10 7", "sofa 6 1 7", "axe 4 7 11", place="room")
    assert names(composer, changed(composer, before, said)) == kinds


# --- aside ---


@pytest.mark.parametrize(
    ("things", "said", "moved", "right"),
    [
        (
            ("cat 5 10 7", "candle 5 5 7", "crystal ball 5 0 9"),
            "put the crystal ball to the right",
            "crystal ball",
            True,
        ),
        (("wizard 6 4 6", "candle 5 10 7", "book 5 0 9"), "put the book to the right", "book", True),
        (("horse 6 10 6", "tree 6 0 6", "bird 3 6 10"), "put the horse to the left", "horse", False),
    ],
)
def test_what_goes_aside_leaves_the_others_where_there_is_room(
    composer: Composer, things: tuple[str, ...], said: str, moved: str, right: bool
) -> None:
    before = there(composer, *things)
    after = changed(composer, before, said)
    [one] = of(composer, after, moved)
    others = {other for other in before.things if other not in of(composer, before, moved)}
    assert others < set(after.things) and (2 * one.column + one.side > SQUARES[0]) is right


def test_what_is_on_a_table_goes_to_its_end(composer: Composer) -> None:
    before = there(composer, "table 8 0 5", "cat 4 10 10", "vase 4 1 3", place="room")
    after = changed(composer, before, "put the vase to the right")
    [vase] = of(composer, after, "vase")
    assert set(before.things[:2]) < set(after.things) and (vase.column, vase.row) == (4, 3)


# --- colours, and what nobody spoke of ---


@pytest.mark.parametrize("said", ["all diferent colors", "each a different colour", "the balloons in various colours"])
def test_several_come_each_in_a_colour_of_its_own(composer: Composer, said: str) -> None:
    before = there(composer, "cat 4 0 10", "balloon 4 4 3", "balloon 4 8 2", "balloon 4 12 4", place="room")
    after = changed(composer, before, said)
    assert after.about == before.about and len({one.colour for one in of(composer, after, "balloon")}) == 3


@pytest.mark.parametrize(
    "said", ["add a nice touch", "a bit more fun", "make it look expensive", "each a different colour"]
)
def test_what_names_no_hour_and_no_style_changes_none(composer: Composer, said: str) -> None:
    night = composer.planner.world.lights.index("night")
    before = there(composer, "bat 8 3 2", place="cave")
    before = replace(before, about=(before.about[0], night, 0, 0))
    assert changed(composer, before, said).about == before.about
