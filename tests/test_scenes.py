"""The painter's training data: reproducible scenes, true captions, edits that change what they name, and no leaks."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from training import scenes
from training.scenes import Item, Scene

pytestmark = pytest.mark.skipif(not scenes.FONT.exists(), reason="needs the Debian package fonts-noto-color-emoji")

FOX = Scene("meadow", (Item("fox", 0.5, 0.6, 0.5, "red"),), "one", seed=4)


def pixels(scene: Scene, size: tuple[int, int] = (256, 256)) -> np.ndarray:
    return np.asarray(scenes.render(scene, size), dtype=np.float32)


def test_the_same_scene_gives_the_same_picture() -> None:
    assert (pixels(FOX) == pixels(FOX)).all()


@pytest.mark.parametrize("size", scenes.EXTENTS)
def test_a_picture_has_the_size_asked_for(size: tuple[int, int]) -> None:
    assert scenes.render(FOX, size).size == size


def test_every_thing_has_a_glyph_of_its_own() -> None:
    names = tuple(scenes.things())
    looks = np.empty((len(names), 28 * 28 * 3), np.float32)
    for number, name in enumerate(names):
        grey = Image.new("RGBA", (128, 128), (128, 128, 128, 255))
        glyph = scenes.glyph(name, None)
        assert np.asarray(glyph)[..., 3].max() > 200, f"{name} draws nothing"
        grey.alpha_composite(glyph)
        looks[number] = np.asarray(grey.convert("RGB").resize((28, 28), Image.Resampling.BOX), np.float32).ravel()
    for number in range(len(names) - 1):
        distances = np.abs(looks[number + 1 :] - looks[number]).mean(1)
        twin = names[number + 1 + int(distances.argmin())]
        assert distances.min() > 8, f"{names[number]} looks like {twin}"
    assert len(names) >= 420


def test_no_two_things_share_a_name() -> None:
    names = [name for thing in scenes.things().values() for name in thing.names]
    assert len(set(names)) == len(names)


def test_no_thing_is_drawn_more_than_four_times_as_often_as_another() -> None:
    weights = [thing.weight for thing in scenes.things().values()]
    assert max(weights) <= 4 * min(weights)


def test_every_place_light_weather_and_style_differs_from_every_other() -> None:
    places = [pixels(replace(FOX, place=place)) for place in (*scenes.PLACES, *scenes.BACKDROPS)]
    lights = [pixels(replace(FOX, light=light)) for light in scenes.LIGHTS]
    weathers = [pixels(replace(FOX, weather=weather)) for weather in scenes.WEATHERS]
    styles = [pixels(replace(FOX, style=style)) for style in scenes.STYLES]
    assert len(scenes.PLACES) >= 21
    for looks in (places, lights, weathers, styles):
        for number, look in enumerate(looks):
            assert all(np.abs(look - other).mean() > 4 for other in looks[number + 1 :])


@pytest.mark.parametrize("style", [style for style in scenes.STYLES[1:] if style != "pixel art"])
def test_a_style_shows_even_on_an_empty_background(style: str) -> None:
    plain = Scene("red", (), "none")
    assert np.abs(pixels(plain) - pixels(replace(plain, style=style))).mean() > 2


def test_another_count_keeps_the_thing_its_colour_and_the_surroundings() -> None:
    rng = random.Random(9)
    for _ in range(50):
        after, words = scenes.EDITS["count"][0](FOX, rng) or (FOX, "")
        assert words and {(i.thing, i.colour) for i in after.items} == {("fox", "red")}
        assert len(after.items) in (2, 3, 4) and after.arrangement == "count"
        assert replace(after, items=FOX.items, arrangement="one") == FOX


def test_every_place_can_be_drawn_in_every_light_and_weather() -> None:
    for place in (*scenes.PLACES, *scenes.BACKDROPS):
        for light in scenes.LIGHTS:
            for weather in scenes.WEATHERS:
                picture = scenes.render(Scene(place, (), "none", light, weather, seed=3))
                assert picture.size == (256, 256)


def test_night_is_darker_and_snow_lighter_than_a_clear_day() -> None:
    day = pixels(FOX).mean()
    assert pixels(replace(FOX, light="night")).mean() < 0.6 * day
    assert pixels(replace(FOX, weather="snow")).mean() > 1.1 * day


def test_a_tint_reaches_the_thing_and_nothing_else() -> None:
    red, blue = pixels(FOX), pixels(replace(FOX, items=(replace(FOX.items[0], colour="blue"),)))
    changed = np.abs(red - blue).max(-1) > 0
    assert changed[100:200, 80:180].mean() > 0.3
    assert not changed[:80].any()
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
    assert set(found.thing[there]) == {fox} and set(found.colour[there]) == {red} and set(found.side[there]) == {128}
    bare = pixels(replace(FOX, items=()))
    changed = np.abs(pixels(FOX) - bare).max(-1).reshape(16, 16, 16, 16).max((1, 3)) > 60
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
            assert any(n in words for n in (*thing.names, *thing.plurals)), words
            said = (item.colour or "", *scenes.COLOURS_SAID.get(item.colour or "", ()))
            assert any(hue in words for hue in said), words


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
