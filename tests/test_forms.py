"""Sentences whose form says what they ask for: no network is needed to know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.conversation import Action, Exchange, Scene, ShelfPicture, Step, closing_of
from models.corrections import corrected
from models.decider import Decider
from models.forms import wish_of

FOX, CAT = ShelfPicture(1, "a red fox in the snow"), ShelfPicture(2, "a cat with a hat")
NIGHT = ShelfPicture(3, "make it night", "edit", (2,))
SHELF = (FOX, CAT, NIGHT)


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("show me the first", 1),
        ("use the second one please", 2),
        ("nah the first one was better", 1),
        ("I'd prefer #2", 2),
        ("ok take picture 2", 2),
        ("let's go with number 1 instead", 1),
        ("revert to the first version", 1),
        ("can you show me #2 again?", 2),
        ("show me the second one at night", 0),
        ("use the first one and add a hat", 0),
        ("the first one was better lit", 0),
        ("show me a fox", 0),
        ("show me #7", 0),
    ],
)
def test_a_picture_that_is_chosen_is_shown(said: str, image: int) -> None:
    wish = Action("look_at_image", {"image": image}) if image else None
    assert wish_of(Scene(said, SHELF)) == wish


def test_an_answer_to_which_one_goes_on_with_what_was_asked_for() -> None:
    question = Step("ask_user", {"question": "Which one do you mean, #1 or #2?"})
    asked = Exchange("make it blue", (question,), "Which one do you mean, #1 or #2?")
    assert wish_of(Scene("take #2", SHELF, (asked,))) is None


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("whats the seed", {"image": 3, "question": "whats the seed"}),
        ("what is the prompt for #2?", {"image": 2, "question": "what is the prompt for #2"}),
        ("what changed?", {"image": 3, "question": "what changed"}),
        ("what is a seed", None),
        ("what's the size of the hat", None),
    ],
)
def test_what_is_asked_of_a_recipe_is_looked_up(said: str, args: dict[str, Any] | None) -> None:
    assert wish_of(Scene(said, SHELF)) == (Action("look_at_image", args) if args else None)


@pytest.mark.parametrize(
    ("said", "pair"),
    [
        ("merge #1 and #2", (1, 2)),
        ("put the cat from #2 into #1", (1, 2)),
        ("take the hat from picture 2 and put it on picture 1", (1, 2)),
        ("combine both", (2, 3)),
        ("merge #1 and #9", None),
        ("put the cat in the snow", None),
        ("put 2 cats from 3 houses in 1 garden", None),
    ],
)
def test_what_comes_from_another_picture_names_it_as_reference(said: str, pair: tuple[int, int] | None) -> None:
    wish = pair and Action("edit_image", {"image": pair[0], "instruction": said, "references": [pair[1]]})
    assert wish_of(Scene(said, SHELF)) == wish


@pytest.mark.parametrize("said", ["start over", "Let's start from scratch!", "something completely different"])
def test_starting_over_asks_what_to_draw(said: str) -> None:
    wish = wish_of(Scene(said, SHELF))
    assert wish is not None and wish.name == "ask_user"


def test_saving_and_renaming_are_explained() -> None:
    for said, told in (("save it as fox.png", "download button"), ("rename this session to foxes", "sidebar")):
        wish = wish_of(Scene(said, SHELF))
        assert wish is not None and not wish.name and told in wish.text
    assert wish_of(Scene("save the whales poster")) is None


def test_a_turn_that_its_form_decides_takes_one_step_and_only_offered_tools() -> None:
    decider = Decider.load()
    scene = Scene("show me the first", SHELF)
    assert decider.decide(scene, ["look_at_image"]) == Action("look_at_image", {"image": 1})
    looked = replace(scene, steps=(Step("look_at_image", {"image": 1}, words="shows: red fox; snow"),))
    assert decider.decide(looked, ["look_at_image"]) == Action(text=closing_of(looked))
    assert decider.decide(scene, ["generate_image"]).name != "look_at_image"


REFUSED = Action(text="I only make and change pictures; for that I can't help.")


@pytest.mark.parametrize(
    ("said", "decided", "meant"),
    [
        (
            "i need a birthday card for my nan", REFUSED,
            Action("generate_image", {"prompt": "a birthday card for my nan"}),
        ),
        ("make a cartoon of it", REFUSED, Action("edit_image", {"image": 3, "instruction": "make a cartoon of it"})),
        ("add my name pls", REFUSED, Action("edit_image", {"image": 3, "instruction": "add my name"})),
        ("2+2", REFUSED, None),
        ("add 2 and 3", REFUSED, None),
        ("write a poem", REFUSED, None),
        ("i need a plumber", REFUSED, None),
        (
            "zoom out", Action("adjust_image", {"image": 3, "operation": "crop", "amount": "centre"}),
            Action("edit_image", {"image": 3, "instruction": "zoom out"}),
        ),
        (
            "left a bit", Action("adjust_image", {"image": 3, "operation": "rotate", "amount": "-10"}),
            Action("edit_image", {"image": 3, "instruction": "left a bit"}),
        ),
        (
            "red hat", Action("edit_image", {"image": 1, "instruction": "red hat"}),
            Action("edit_image", {"image": 3, "instruction": "red hat"}),
        ),
        ("a bluer fox", Action("edit_image", {"image": 1, "instruction": "a bluer fox"}), None),
        ("zoom in", Action("adjust_image", {"image": 3, "operation": "crop", "amount": "centre"}), None),
        (
            "rotate it a bit", Action("adjust_image", {"image": 3, "operation": "rotate", "amount": "-90"}),
            Action("adjust_image", {"image": 3, "operation": "rotate", "amount": "-10"}),
        ),
        (
            "make it vertical format", Action("adjust_image", {"image": 3, "operation": "rotate", "amount": "90"}),
            Action("adjust_image", {"image": 3, "operation": "crop", "amount": "portrait"}),
        ),
    ],
)  # fmt: skip
def test_what_was_refused_or_taken_for_a_cut_is_done(said: str, decided: Action, meant: Action | None) -> None:
    assert corrected(Scene(said, SHELF), decided) == (meant or decided)
