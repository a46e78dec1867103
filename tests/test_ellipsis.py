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
    got = after(before, said, decided)
    assert (got.name, got.args["image"]) == ("edit_image", 2)
    if meant == said or meant in decided.args["instruction"]:
        assert got == decided
    else:
        assert got.args["instruction"] == meant


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


def test_another_picture_is_asked_for_where_nothing_was_added() -> None:
    again = Action("vary_image", {"image": 2})
    assert after("make it night", "and another one", again) == again
