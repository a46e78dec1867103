"""What is inside of buildings that the small painter only has from outside."""

from __future__ import annotations

import pytest
from composing import SQUARES, names, played, seeded

from models.english.insides import brought_inside
from models.scene.composer import Composer
from tools.shown import left_out


@pytest.mark.parametrize(
    ("prompt", "place", "shown"),
    [
        ("a girl praying inside an old church", "castle hall", ["girl"]),
        ("a man in a supermarket", "room", ["man"]),
        ("a chef in a bakery with a cake", "kitchen", ["cake", "chef"]),
        ("a man in a bar", "room", ["man"]),
    ],
)
def test_who_is_inside_a_building_stands_in_the_nearest_place_and_not_beside_it(
    composer: Composer, prompt: str, place: str, shown: list[str]
) -> None:
    layout = composer.plan(prompt, SQUARES, seeded(1))
    assert composer.planner.world.places[layout.about[0]] == place
    assert names(composer, layout) == shown


def test_who_is_put_inside_a_building_gets_there(composer: Composer) -> None:
    _, inside = played(composer, 1, "a dog in a meadow", "put him in a church")
    assert composer.planner.world.places[inside.about[0]] == "castle hall"
    assert names(composer, inside) == ["dog"]


@pytest.mark.parametrize("prompt", ["a church in a meadow", "a boy in a school bus", "a girl at the hospital"])
def test_a_building_that_nobody_is_inside_of_stays_one(prompt: str) -> None:
    assert brought_inside(prompt) == prompt


def test_what_is_not_there_from_inside_is_told() -> None:
    told = left_out("a man in a church", "man; castle hall")
    assert told == "the small painter has no church from inside, a castle hall is the nearest"
    assert left_out("a man in a church", "man, church; meadow") == ""
