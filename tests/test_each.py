"""The same for several pictures, said in one sentence: each gets it, in order, and no other does."""

from __future__ import annotations

import pytest

from models.chat.conversation import Action, Scene, ShelfPicture, Step
from models.chat.corrections import corrected, needless

SHELF = tuple(ShelfPicture(n, f"a {thing}") for n, thing in enumerate("fox bear cat ship tree".split(), 1))
BATCH = (*SHELF, *(ShelfPicture(n, "a moon") for n in (6, 7, 8)))


def played(said: str, first: Action, shelf: tuple[ShelfPicture, ...] = SHELF) -> list[int]:
    """The pictures that a sentence's call is made for, where the network would make `first` again and again."""
    steps, new = list[Step](), len(shelf)
    while True:
        scene = Scene(said, shelf, steps=tuple(steps))
        action = corrected(scene, Action(first.name, dict(first.args)))
        if needless(scene, action) or len(steps) > 9:
            return [step.args["image"] for step in steps]
        steps.append(Step(action.name, action.args, (new := new + 1,)))


def upscale(image: int) -> Action:
    return Action("upscale_image", {"image": image})


def brighter(image: int) -> Action:
    return Action("adjust_image", {"image": image, "operation": "brightness", "amount": "+40"})


@pytest.mark.parametrize(
    ("said", "first", "pictures"),
    [
        ("brighten all pictures a lot", brighter(5), [1, 2, 3, 4, 5]),
        ("lighten the whole set loads", brighter(5), [1, 2, 3, 4, 5]),
        ("I like all, enlarge it 2 x", upscale(2), [1, 2, 3, 4, 5]),
        ("upscale every one of my pictures", upscale(4), [1, 2, 3, 4, 5]),
        ("the last 3 upscaled", upscale(5), [3, 4, 5]),
        ("enlarge the two newest", upscale(5), [4, 5]),
        ("loads more brightness on 1, 2, 4 and 5", brighter(1), [1, 2, 4, 5]),
        ("brighten pictures 2, 3 n 5", brighter(2), [2, 3, 5]),
        ("upscale #4 and #2", upscale(4), [4, 2]),
        ("enlarge them", upscale(5), [1, 2, 3, 4, 5]),
    ],
)
def test_what_is_said_of_several_pictures_is_done_to_each_in_order(
    said: str, first: Action, pictures: list[int]
) -> None:
    assert played(said, first) == pictures


def test_all_of_them_are_those_that_were_made_together_last() -> None:
    assert played("upscale all of them", upscale(8), BATCH) == [6, 7, 8]
    assert played("make all of them red", Action.edit(8, "make it red"), BATCH) == [6, 7, 8]


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("make them all red", Action.edit(5, "make them all red")),
        ("after all, a hat", Action.edit(5, "a hat")),
        ("give it 2 and 3 legs", Action.edit(5, "give it 2 and 3 legs")),
        ("the last three apples are red", Action.edit(5, "the last three apples are red")),
        ("upscale it and then brighten all pictures", upscale(5)),
    ],
)
def test_things_in_a_picture_and_several_orders_are_no_row_of_pictures(said: str, action: Action) -> None:
    assert corrected(Scene(said, SHELF), action).args["image"] == 5


def test_a_picture_that_is_not_there_is_left_to_be_asked_about() -> None:
    asked = Action("ask_user", {"question": "There is no #9. Which one do you mean?", "choices": ["#1", "#2"]})
    assert corrected(Scene("upscale #2 and #9", SHELF), asked) == asked
