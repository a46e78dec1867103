"""The judge of painted pictures: it agrees with drawn scenes and refuses what misses by one thing, number or colour."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image, ImageFilter

from bench import eye, judge, painter
from bench.judge import TASKS, Ask, Seen, Sight
from models.rendering.layout import Layout, Placed
from training import scenes
from training.scenes import Item, Scene

pytestmark = pytest.mark.skipif(not scenes.FONT.exists(), reason="needs the Debian package fonts-noto-color-emoji")

FOX = Scene("meadow", (Item("fox", 0.5, 0.6, 0.5, "red"),), "one", seed=4)
PAIR = Scene("beach", (Item("cat", 0.27, 0.62, 0.38, "blue"), Item("dog", 0.73, 0.62, 0.38, "green")), "left", seed=2)
THREE = Scene("road", tuple(Item("apple", x, 0.62, 0.31) for x in (0.18, 0.5, 0.82)), "count", seed=3)
SHOWN = {
    "single object": FOX,
    "two objects": PAIR,
    "counting": THREE,
    "colours": FOX,
    "position": PAIR,
    "colour attribution": PAIR,
}


@cache
def sight(scene: Scene) -> Sight:
    return Sight(scenes.render(scene))


@pytest.mark.parametrize("task", TASKS)
def test_a_drawn_scene_shows_what_it_is_of(task: str) -> None:
    assert sight(SHOWN[task]).shows(Ask.of(task, SHOWN[task]))


@pytest.mark.parametrize("task", TASKS)
def test_a_prompt_that_misses_by_little_is_refused(task: str) -> None:
    ask = Ask.of(task, SHOWN[task])
    missed = ask.missed(random.Random(0))
    assert missed != ask and not sight(SHOWN[task]).shows(missed)


def test_exchanged_prompts_are_refused() -> None:
    shown = (FOX, PAIR, THREE)
    for scene, other in zip(shown, (*shown[1:], shown[0]), strict=True):
        assert not sight(scene).shows(Ask.of("single object", other))


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_wrong_number_is_refused(count: int) -> None:
    assert not sight(THREE).shows(replace(Ask.of("counting", THREE), count=count))


@pytest.mark.parametrize(
    ("light", "weather"), [("night", "clear"), ("sunset", "rain"), ("day", "fog"), ("day", "snow")]
)
def test_a_thing_and_its_colour_are_seen_in_any_light_and_weather(light: str, weather: str) -> None:
    scene = replace(FOX, light=light, weather=weather)
    found = sight(scene).find("fox", light, weather)
    assert [(seen.left, seen.top, seen.side) for seen in found] == [judge.box(FOX.items[0])]
    assert found[0].colour == "red" and found[0].likeness > 0.8


def test_a_soft_picture_still_shows_its_things() -> None:
    soft = Sight(scenes.render(PAIR).filter(ImageFilter.GaussianBlur(0.8)))
    assert all(soft.shows(Ask.of(task, PAIR)) for task in ("two objects", "position", "colour attribution"))


def test_nothing_is_seen_in_an_empty_place_or_in_grey() -> None:
    empty = Sight(scenes.render(replace(FOX, items=())))
    grey = Sight(Image.new("RGB", (256, 256), (128, 128, 128)))
    for name in ("fox", "cat", "apple", "car"):
        assert not empty.find(name) and not grey.find(name)


def test_a_picture_of_any_extent_can_be_looked_at() -> None:
    assert Sight(scenes.render(FOX, (320, 192))).find("fox")[0].colour == "red"


def test_a_thing_is_known_in_another_style() -> None:
    sketch = replace(FOX, style="sketch")
    spot = Seen("fox", "red", *judge.box(FOX.items[0]), 0.0, 1.0)
    assert judge.restyled(scenes.render(sketch), sketch, [spot]) == [True]
    other = replace(sketch, items=(replace(FOX.items[0], thing="car"),))
    assert judge.restyled(scenes.render(other), sketch, [spot]) == [False]


@pytest.mark.parametrize("task", TASKS)
def test_prompts_are_kept_from_training_and_the_same_each_time(task: str) -> None:
    made = painter.prompts(task, 4)
    assert made == painter.prompts(task, 4)
    assert all(scenes.held_out(prompt.scene) for prompt in made)
    if task == "counting":
        assert [prompt.ask.count for prompt in made] == [1, 2, 3, 4]


def test_what_should_not_change_is_measured_outside_of_what_did() -> None:
    start, blue = scenes.render(FOX), replace(FOX, items=(replace(FOX.items[0], colour="blue"),))
    work = painter.Edit("colour", FOX, "make the fox blue", blue)
    outside = painter._outside(work, None)  # pyright: ignore[reportPrivateUsage]
    assert painter.psnr(scenes.render(blue), start, outside) == painter.EXACT
    assert painter.psnr(scenes.render(replace(blue, seed=5)), start, outside) < painter.NEAR


# --- the eye's figures ---


def test_colours_are_asked_about_only_where_the_style_shows_them() -> None:
    red, blue = (Layout((0, 0, 0, 0), (Placed(3, colour, 6, 1, 1),)) for colour in (1, 5))
    asked = eye.compared(red, blue)
    assert asked["all things"] and not asked["all things and their colours"]
    sketch = scenes.STYLES.index("sketch")
    seen = eye.compared(red, replace(blue, about=(0, 0, 0, sketch)))
    assert seen == {"all things": True, "place": True, "light": True, "weather": True, "style": False}
