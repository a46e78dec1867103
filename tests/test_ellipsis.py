"""What a short sentence leaves out because the turn before said it."""

from __future__ import annotations

import pytest

from models.conversation import Action, Exchange, Scene, ShelfPicture, Step
from models.corrections import corrected

SHIP = ShelfPicture(1, "a pirate ship")


def after(instruction: str, said: str, decided: Action) -> Action:
    """What is done at `said` after one edit of a picture of a pirate ship."""
    step = Step("edit_image", {"image": 1, "instruction": instruction}, (2,))
    shelf = (SHIP, ShelfPicture(2, instruction, "edit", (1,)))
    return corrected(Scene(said, shelf, (Exchange(instruction, (step,)),)), decided)


@pytest.mark.parametrize(
    ("before", "said", "meant"),
    [
        ("add a whale", "actually get rid of it", "get rid of the whale"),
        ("no the whale should be smaller", "remove it", "remove the whale"),
        ("the tree is in the way, move it", "nevermind, remove it", "remove the tree"),
        ("put a red balloon next to him", "hmm, take it away again", "take the red balloon away again"),
        ("bigger skateboard", "no, smaller", "make the skateboard smaller"),
        ("make the cat a bit bigger", "even bigger", "make the cat bigger"),
        ("put a seagull in the sky", "and another one", "put another seagull in the sky"),
        ("Add a boat", "And one on the left.", "Add another boat on the left"),
        ("give him a hat", "one more please", "give him another hat"),
        ("make it night", "get rid of it", "get rid of it"),
        ("make it stormy", "smaller", "smaller"),
    ],
)
def test_the_thing_of_the_turn_before_is_meant(before: str, said: str, meant: str) -> None:
    decided = Action.edit(2, said.rstrip(".").removesuffix(" please"))
    assert after(before, said, decided) == Action.edit(2, meant)


def test_what_failed_is_not_what_was_spoken_of() -> None:
    done = Step("edit_image", {"image": 1, "instruction": "a full moon in the sky"}, (2,))
    failed = Step("edit_image", {"image": 2, "instruction": "make it daytime"}, failed=True)
    shelf = (SHIP, ShelfPicture(2, "a full moon in the sky", "edit", (1,)))
    past = (Exchange("a full moon in the sky", (done,)), Exchange("make it daytime", (failed,)))
    got = corrected(Scene("actually get rid of it", shelf, past), Action.edit(2, "get rid of it"))
    assert got == Action.edit(2, "get rid of the full moon")


def test_who_asks_where_something_is_sees_it_or_wants_it() -> None:
    got = after("put it on a table", "where's the table?", Action.edit(2, "where's the table"))
    assert got == Action("look_at_image", {"image": 2, "question": "where's the table"})
    got = after("make it night", "hey where did the parrot go", Action.edit(2, "where did the parrot go"))
    assert got == Action.edit(2, "the parrot")


def test_one_of_several_is_no_region_of_the_picture() -> None:
    decided = Action("edit_image", {"image": 2, "instruction": "red", "region": "the middle"})
    assert after("three apples", "only the middle one red", decided) == Action.edit(2, "only the middle one red")
    left = Action("edit_image", {"image": 2, "instruction": "add a boat", "region": "the left"})
    assert after("three apples", "add a boat on the left", left) == left


@pytest.mark.parametrize(
    ("said", "decided", "meant"),
    [
        ("delete the crown", Action("look_at_image", {"image": 1, "question": "delete the crown"}), "delete the crown"),
        (
            "ew no, without pineapple",
            Action("look_at_image", {"image": 1, "question": "ew no, without pineapple"}),
            "without pineapple",
        ),
        ("another bird", Action.edit(2, "three apples"), "add another bird"),
        ("make the black one bigger", Action("upscale_image", {"image": 2}), "make the black one bigger"),
        (
            "make the black one bigger",
            Action("ask_user", {"question": "There is no black picture. Which one do you mean?"}),
            "make the black one bigger",
        ),
    ],
)
def test_an_order_is_an_order_for_what_the_picture_shows(said: str, decided: Action, meant: str) -> None:
    assert after("three apples", said, decided) == Action.edit(2, meant)


def test_a_picture_that_is_called_by_its_colour_is_no_thing_in_another() -> None:
    shelf = (ShelfPicture(1, "a black cat"), ShelfPicture(2, "a dog"))
    decided = Action("upscale_image", {"image": 1})
    assert corrected(Scene("make the black one bigger", shelf), decided) == decided


def test_not_the_picture_but_the_thing_in_it_is_meant() -> None:
    step = Step("upscale_image", {"image": 1}, (2,))
    shelf = (SHIP, ShelfPicture(2, "a pirate ship", "upscale", (1,)))
    scene = Scene("no not the picture, the ship", shelf, (Exchange("bigger", (step,)),))
    assert corrected(scene, Action("upscale_image", {"image": 1})) == Action.edit(1, "make the ship bigger")
    darker = Step("adjust_image", {"image": 1, "operation": "brightness", "amount": "-20"}, (2,))
    scene = Scene("not the picture, the ship", shelf, (Exchange("darker", (darker,)),))
    assert corrected(scene, Action("adjust_image", {"image": 1})) == Action.edit(1, "make the ship darker")


def test_a_picture_of_mine_is_painted() -> None:
    asked = Action("ask_user", {"question": "What should the picture show?"})
    scene = Scene("i want a picture of my cat. she is orange and fat")
    assert corrected(scene, asked) == Action("generate_image", {"prompt": "my cat. she is orange and fat"})
    assert corrected(Scene("i want a picture of something"), asked) == asked


def test_a_hat_then_is_for_the_picture() -> None:
    painted = Action("generate_image", {"prompt": "a hat"})
    assert after("give it a red collar", "a hat then", painted) == Action.edit(2, "add a hat")
    assert after("give it a red collar", "a hat", painted) == painted


def test_another_picture_is_asked_for_where_nothing_was_added() -> None:
    again = Action("vary_image", {"image": 2})
    assert after("make it night", "and another one", again) == again
