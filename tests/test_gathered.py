"""A first request shows all that its sentence names, wherever that stands."""

from __future__ import annotations

import pytest

from models.chat.conversation import Action, Scene, ShelfPicture, Step
from models.chat.corrections import needless
from models.chat.gathered import gathered
from models.chat.wholeness import completed


def prompt(said: str, pointed: str) -> str:
    scene, action = Scene(said), Action("generate_image", {"prompt": pointed})
    return str(gathered(scene, completed(scene, action)).args["prompt"])


@pytest.mark.parametrize(
    ("said", "pointed", "whole"),
    [
        ("in a snowy forest i want a fox with a hat", "a fox with a hat", "in a snowy forest, a fox with a hat"),
        ("at the beach, could you draw a crab", "a crab", "at the beach, a crab"),
        ("snacks on a green background: donut, tea", "donut, tea", "snacks on a green background, donut, tea"),
        ("grandpa's kitchen! a cat with a spoon", "a cat with a spoon", "grandpa's kitchen, a cat with a spoon"),
        ("a crab and a bucket... hot today. beach obviously", "a crab and a bucket", "a crab and a bucket, beach"),
        ("an owl on a branch, night i think", "an owl on a branch", "an owl on a branch, night"),
    ],
)  # fmt: skip
def test_where_and_when_a_first_picture_is_belongs_to_it(said: str, pointed: str, whole: str) -> None:
    assert prompt(said, pointed) == whole


@pytest.mark.parametrize(
    ("said", "pointed", "whole"),
    [
        ("We met by the fountain at night. Please paint a man and a woman there", "a man and a woman there",
         "a man and a woman by the fountain at night"),
        ("We had cake by the old castle. Draw a bear there", "a bear there", "a bear by the old castle"),
    ],
)  # fmt: skip
def test_there_is_where_was_said(said: str, pointed: str, whole: str) -> None:
    assert prompt(said, pointed) == whole


@pytest.mark.parametrize(
    ("said", "pointed", "whole"),
    [
        ("party banner: cake, balloon, candles x3", "cake, balloon", "cake, balloon, candles x3"),
        ("frog on a log, snails no, bees, three", "frog on a log", "frog on a log, bees, three"),
        ("a cup, a plate, one of those long spoons, all in a kitchen", "a cup, a plate all in a kitchen",
         "a cup, a plate, one of those long spoons, all in a kitchen"),
        ("cow, pig, hen: our family. farm", "cow, pig, farm", "cow, pig, hen, farm"),
        ("nursery wall: teddy, rattle and a ball", "rattle and a ball", "teddy, rattle and a ball"),
        ("goat. lion. tiger", "tiger", "goat, lion, tiger"),
        ("a mouse n a cheese on a table", "a cheese on a table", "a mouse, a cheese on a table"),
        ("a lion and a goat, no goat just 2 sheep", "a lion and a goat, goat just 2 sheep",
         "a lion and a goat, no goat just 2 sheep"),
    ],
)  # fmt: skip
def test_a_list_has_all_its_items(said: str, pointed: str, whole: str) -> None:
    assert prompt(said, pointed) == whole


def test_a_list_behind_a_colon_is_meant_where_something_else_leads_up_to_it() -> None:
    said = "Wings and beaks, that's this term: an owl, an eagle and a duck"
    assert prompt(said, "Wings and beaks") == "an owl, an eagle and a duck"


@pytest.mark.parametrize(
    ("said", "pointed"),
    [
        ("a castle. no dragons, knights, horses", "a castle"),
        ("a fox, don't add trees, birds", "a fox"),
        ("we love the sea. draw a cat", "a cat"),
        ("on my birthday i'd like a fox", "a fox"),
        ("Toy shop poster. a yo-yo and a ball", "a yo-yo and a ball"),
        ("draw a fox, then draw a bear, an owl", "a fox"),
        ("a fox and a bear", "a fox and a bear"),
    ],
)
def test_what_is_kept_out_or_only_talk_is_not_gathered(said: str, pointed: str) -> None:
    assert prompt(said, pointed) == pointed


def test_nothing_is_gathered_once_there_is_a_picture() -> None:
    action = Action("generate_image", {"prompt": "a crab"})
    assert gathered(Scene("at the beach, could you draw a crab", (ShelfPicture(1, "a fox"),)), action) == action


def test_a_thing_that_was_taken_for_a_style_or_kept_out_is_in_the_picture() -> None:
    scene, args = Scene("film night: popcorn, camera"), {"prompt": "popcorn", "style": "camera"}
    assert gathered(scene, Action("generate_image", args)).args == {"prompt": "popcorn, camera"}
    scene, args = Scene("duck on a pond, boats no, frogs"), {"prompt": "duck on a pond", "negative_prompt": "frogs"}
    assert gathered(scene, Action("generate_image", args)).args == {"prompt": "duck on a pond, frogs"}


def test_what_the_first_picture_shows_is_not_added_to_it_once_more() -> None:
    step = Step("generate_image", {"prompt": "a fox, and an owl as well"}, (1,))
    scene = Scene("a fox and an owl as well", steps=(step,))
    assert needless(scene, Action.edit(1, "an owl as well"))
    assert not needless(Scene("a fox, then add a hat", steps=(step,)), Action.edit(1, "a hat"))
