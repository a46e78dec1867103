"""The painter's training data: reproducible scenes, true captions, edits that change what they name, and no leaks."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from training import scenes
from training.scenes import Item, Scene

pytestmark = pytest.mark.skipif(not scenes.FONT.exists(), reason="needs the Debian package fonts-noto-color-emoji")

FOX = Scene("meadow", (Item("fox", 0.5, 0.6, 0.5, "red"),), "one", seed=4)


def pixels(scene: Scene, size: tuple[int, int] = (128, 128)) -> np.ndarray:
    return np.asarray(scenes.render(scene, size), dtype=np.float32)


def test_the_same_scene_gives_the_same_picture() -> None:
    assert (pixels(FOX) == pixels(FOX)).all()


@pytest.mark.parametrize("size", scenes.EXTENTS)
def test_a_picture_has_the_size_asked_for(size: tuple[int, int]) -> None:
    assert scenes.render(FOX, size).size == size


def test_every_thing_has_a_glyph_of_its_own() -> None:
    looks = {name: np.asarray(scenes.glyph(name, None)).tobytes() for name in scenes.things()}
    assert len(set(looks.values())) == len(looks) >= 80


def test_every_place_can_be_drawn_in_every_light_and_weather() -> None:
    for place in (*scenes.PLACES, *scenes.BACKDROPS):
        for light in scenes.LIGHTS:
            for weather in scenes.WEATHERS:
                picture = scenes.render(Scene(place, (), "none", light, weather, seed=3))
                assert picture.size == (128, 128)


def test_night_is_darker_and_snow_lighter_than_a_clear_day() -> None:
    day = pixels(FOX).mean()
    assert pixels(replace(FOX, light="night")).mean() < 0.6 * day
    assert pixels(replace(FOX, weather="snow")).mean() > 1.1 * day


def test_a_tint_reaches_the_thing_and_nothing_else() -> None:
    red, blue = pixels(FOX), pixels(replace(FOX, items=(replace(FOX.items[0], colour="blue"),)))
    changed = np.abs(red - blue).max(-1) > 0
    assert changed[50:100, 40:90].mean() > 0.3
    assert not changed[:40].any()
    assert blue[changed][:, 2].mean() > red[changed][:, 2].mean() + 40


@pytest.mark.parametrize("size", scenes.EXTENTS)
def test_every_thing_stands_on_the_lattice(size: tuple[int, int]) -> None:
    rng = random.Random(7)
    for _ in range(200):
        for item in scenes.invent(rng).items:
            left, top, side = scenes.box(item, size)
            assert left % scenes.LATTICE == top % scenes.LATTICE == 0 and side in scenes.SIDES


def test_labels_say_what_is_drawn_where() -> None:
    found = scenes.labels(FOX)
    fox, red = list(scenes.things()).index("fox") + 1, list(scenes.COLOURS).index("red") + 2
    there = found.thing > 0
    assert set(found.thing[there]) == {fox} and set(found.colour[there]) == {red} and set(found.side[there]) == {64}
    bare = pixels(replace(FOX, items=()))
    changed = np.abs(pixels(FOX) - bare).max(-1).reshape(16, 8, 16, 8).max((1, 3)) > 60
    assert (changed & there).sum() > 0.9 * there.sum()  # the rest of what changed is its shadow
    left = found.part[0][there].argmin()
    assert found.part[0][there][left] < 0.15 and found.part[0][there].max() > 0.85


def test_of_two_things_the_one_in_front_is_labelled() -> None:
    both = replace(FOX, items=(Item("car", 0.5, 0.6, 0.5), Item("fox", 0.5, 0.6, 0.5)), arrangement="on")
    found = scenes.labels(both).thing
    front = scenes.labels(FOX).thing > 0
    assert set(found[front]) == {list(scenes.things()).index("fox") + 1}


def test_nothing_held_out_is_invented_unless_asked_for() -> None:
    rng = random.Random(1)
    assert not any(scenes.held_out(scenes.invent(rng)) for _ in range(300))
    assert all(scenes.held_out(scenes.invent(rng, held=True)) for _ in range(50))


def test_an_edit_never_leads_to_a_held_out_scene() -> None:
    rng = random.Random(2)
    assert not any(scenes.held_out(scenes.edit(scenes.invent(rng), rng)[0]) for _ in range(300))


def test_the_demonstration_is_not_held_out() -> None:
    assert not scenes.held_out(replace(FOX, weather="snow"))
    assert not scenes.held_out(replace(FOX, weather="snow", light="night"))


def test_a_caption_names_every_thing_and_every_colour() -> None:
    rng = random.Random(3)
    for _ in range(400):
        scene = scenes.invent(rng, styles=0)
        words = scenes.caption(scene, rng)
        for item in scene.items:
            thing = scenes.things()[item.thing]
            assert any(n in words for n in (*thing.names, thing.plural)), words
            assert item.colour is None or item.colour in words or (item.colour == "grey" and "gray" in words), words


def test_captions_fit_the_text_encoder() -> None:
    rng = random.Random(4)
    lengths = [len(scenes.caption(scenes.invent(rng), rng).split()) for _ in range(500)]
    assert max(lengths) <= 28 and np.mean(lengths) < 12


def test_people_are_never_repainted() -> None:
    rng = random.Random(5)
    people = {n for n, t in scenes.things().items() if t.kind == "person"}
    for _ in range(2000):
        scene = scenes.invent(rng)
        target, _ = scenes.edit(scene, rng)
        assert not any(i.thing in people and i.colour for i in (*scene.items, *target.items))


@pytest.mark.parametrize("kind", scenes.EDITS)
def test_an_edit_of_each_kind_changes_the_picture(kind: str) -> None:
    rng = random.Random(6)
    made = 0
    while made < 5:
        scene = scenes.invent(rng, styles=0)
        edited = scenes.EDITS[kind][0](scene, rng)
        if edited:
            made += 1
            assert edited[0] != scene and edited[1]


def test_what_an_instruction_does_not_mention_stays_to_the_pixel() -> None:
    blue = replace(FOX, items=(replace(FOX.items[0], colour="blue"),))
    before, after = pixels(FOX), pixels(blue)
    assert (before[:30] == after[:30]).all() and (before[:, :25] == after[:, :25]).all()
