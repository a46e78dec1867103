"""Indoors one sees what hour it is: night and sunset come with the words and stay until others come."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from composing import SQUARES, played, seeded

from models.kinds import DARK_AT_NIGHT
from models.painter import ScenePipeline
from models.rendering.layout import Layout
from models.scene.composer import Composer
from models.scene.unchanged import why_unchanged
from training.layouts import layout_of
from training.scenes import Item, Scene, render


def hour(composer: Composer, layout: Layout) -> str:
    return composer.planner.world.lights[layout.about[1]]


def place(composer: Composer, layout: Layout) -> str:
    return composer.planner.world.places[layout.about[0]]


@pytest.mark.parametrize(
    ("words", "where", "when"),
    [
        ("a cat in the living room at night", "room", "night"),
        ("a dark kitchen with a mouse", "kitchen", "night"),
        ("a child reading in bed at night", "room", "night"),
        ("a dragon in a cave at night", "cave", "night"),
        ("a knight in a castle hall at sunset", "castle hall", "sunset"),
        ("a cat in the living room", "room", "day"),
        ("a night lamp in the living room", "room", "day"),
        ("a dark blue cat in the kitchen", "kitchen", "day"),
    ],
)
def test_a_picture_indoors_has_the_hour_that_words_say(
    composer: Composer, seed: int, words: str, where: str, when: str
) -> None:
    layout = played(composer, seed, words)[0]
    assert (place(composer, layout), hour(composer, layout)) == (where, when)


def test_the_hour_stays_until_another_is_wanted(composer: Composer, seed: int) -> None:
    changes = ("make it night", "add a dog", "make the cat blue", "put a hat on the dog", "make it day")
    layouts = played(composer, seed, "a cat in the living room", *changes)
    assert [hour(composer, one) for one in layouts] == ["day", "night", "night", "night", "night", "day"]
    assert {place(composer, one) for one in layouts} == {"room"}


@pytest.mark.parametrize(
    ("change", "when"),
    [
        ("make it dark", "night"),
        ("turn the lights off", "night"),
        ("it should be evening", "sunset"),
        ("make the cat dark blue", "day"),
        ("add a knight", "day"),
    ],
)
def test_hours_are_called_many_things_and_some_words_call_none(
    composer: Composer, seed: int, change: str, when: str
) -> None:
    assert hour(composer, played(composer, seed, "a cat in the library", change)[-1]) == when


def test_a_plain_background_has_no_hour(composer: Composer, seed: int) -> None:
    first, plain = played(composer, seed, "a cat on a blue background", "make it night")
    assert place(composer, first) == "blue background"
    assert (place(composer, plain), hour(composer, plain)) == ("blue background", "day")


def test_weather_is_not_seen_indoors_and_the_person_is_told(composer: Composer) -> None:
    [layout] = played(composer, 1, "a cat in the living room")
    assert why_unchanged("make it rain", layout, composer.hear).endswith("indoors, where no weather is seen.")


@pytest.mark.parametrize("where", sorted(DARK_AT_NIGHT))
def test_a_place_is_painted_as_it_is_drawn_at_that_hour(pipeline: ScenePipeline, where: str) -> None:
    light = dict[str, float]()
    for when in ("day", "night", "sunset"):
        scene = Scene(where, (Item("cat", 0.3, 0.7, 0.31),), "none", when, "clear", "plain", 3)
        layout = layout_of(scene)
        painted = pipeline._painted(layout, SQUARES, None, 1.0, 1, seeded(1), None)  # pyright: ignore[reportPrivateUsage]
        error = (np.asarray(painted, np.float32) - np.asarray(render(scene), np.float32)) / 127.5
        assert 10 * np.log10(4 / np.square(error).mean()) > 24, when
        light[when] = float(np.asarray(painted, np.float32).mean())
    assert light["night"] < 0.75 * light["day"] and light["sunset"] < light["day"]


def test_an_edit_at_night_keeps_what_is_not_asked_for(pipeline: ScenePipeline) -> None:
    first = pipeline.paint("a cat in the living room at night", generator=torch.Generator().manual_seed(2))
    after = pipeline.edit("add a dog", first.picture, generator=torch.Generator().manual_seed(2))
    assert after.changed is not None
    rest = np.asarray(after.changed) == 0
    off = np.abs(np.asarray(first.picture, np.int16) - np.asarray(after.picture, np.int16)).max(-1)[rest]
    assert off.mean() < 3
