"""Words typed wrong reach the painter as they were meant, and words that are right stay as they are."""

from __future__ import annotations

import pytest

from models.english.spelling import Spelling, distance
from models.painter import ScenePipeline
from models.weights import EMBEDDED


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return ScenePipeline.load(EMBEDDED / "painter").composer.hear.spelling


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("an elefant and a pengiun", "an elephant and a penguin"),
        ("Astronot riding a girafe", "astronaut riding a giraffe"),
        ("make it snwoy at nite", "make it snowy at night"),
        ("ermove the hat", "remove the hat"),
        ("replcae the hat with a crwon", "replace the hat with a crown"),
        ("two umbrelas in watercolr!", "two umbrellas in watercolor!"),
    ],
)
def test_a_word_typed_wrong_is_taken_for_the_known_one_next_to_it(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.corrected(typed) == meant


@pytest.mark.parametrize(
    "words",
    [
        "a wombat in a fez",
        "Zebracorn",
        "beech trees",
        "a four-leaf clover",
        "#1 by 3x4",
        "日本 кошка",
        "kitten, scarlet",
        "a froggy with a pint in a rowboat",
        "redo it with antlers, baubles and a stork",
        "a lioness howling, two spooks glancing at headstones",
        "",
    ],
)
def test_what_is_no_misspelt_word_stays_as_it_is(spelling: Spelling, words: str) -> None:
    assert spelling.corrected(words) == words


def test_every_name_of_the_world_is_right(spelling: Spelling) -> None:
    world = ScenePipeline.load(EMBEDDED / "painter").composer.planner.world
    for name in (*world.things, *world.colours, *world.places, *world.lights, *world.weathers, *world.styles):
        assert spelling.corrected(name) == name


def test_of_two_near_words_the_one_with_the_same_end_is_meant() -> None:
    assert Spelling(["boats", "boat"], {"a"}, {}).corrected("baots") == "boats"


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("cat", "cat", 0), ("cat", "act", 1), ("cat", "cart", 1), ("cat", "", 3), ("snwo", "snow", 1)],
)
def test_letters_apart(one: str, other: str, apart: int) -> None:
    assert distance(one, other) == distance(other, one) == apart
