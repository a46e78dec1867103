"""What the planner is taught to read beside the captions is true, and the bench of typed requests can tell."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from bench.said import HERE, edited, requested, rows_of, shown
from models.rendering.layout import Layout
from training import scenes
from training.layouts import lesson, world
from training.scenes import Item, Scene
from training.wordings import ALSO_CALLED, described, otherwise

MEADOW = Scene("meadow", (Item("fox", 0.5, 0.6, 0.5),), "one")


def said(before: Scene, after: Scene) -> set[str]:
    return {words for seed in range(300) if (words := otherwise(before, after, random.Random(seed)))}


def test_a_darker_sky_is_night_and_a_brighter_one_day() -> None:
    night = replace(MEADOW, light="night")
    assert "darker sky" in said(MEADOW, night) and "darker sky" not in said(night, MEADOW)
    assert "brighter" in said(night, MEADOW) and "brighter" not in said(MEADOW, night)


def test_other_words_are_found_for_one_change_and_not_for_two() -> None:
    assert said(MEADOW, replace(MEADOW, weather="snow"))
    assert not said(MEADOW, replace(MEADOW, place="beach", light="night"))
    assert not said(MEADOW, replace(MEADOW, light="night", style="neon"))


def test_what_is_worn_is_asked_for_as_worn() -> None:
    hat = Item("hat", 0.5, 0.3, 0.28)
    worn = replace(MEADOW, items=(hat, *MEADOW.items), arrangement="wears")
    assert any("on its head" in words for words in said(MEADOW, worn))
    beside = replace(worn, arrangement="left")
    assert not said(MEADOW, beside)  # "with a hat" would be taken for one on the head


def test_a_description_names_everything_that_the_scene_shows() -> None:
    rng = random.Random(4)
    for _ in range(400):
        scene = scenes.invent(rng)
        words = described(scene, rng).lower()
        for item in scene.items:
            thing = scenes.things()[item.thing]
            names = (*thing.names, *thing.plurals, *ALSO_CALLED.get(thing.name, ()))
            assert any(name.lower() in words for name in names), (words, scene)
            assert not item.colour or item.colour in words, (words, scene)


def test_what_things_are_also_called_is_the_name_of_no_other_and_says_no_colour() -> None:
    taken = {name: thing.name for thing in scenes.things().values() for name in thing.names}
    for thing, others in ALSO_CALLED.items():
        assert thing in scenes.things()
        for other in others:
            assert other not in taken, (thing, other, taken[other])
            assert not set(other.split()) & set(scenes.COLOURS), other


@pytest.mark.slow
def test_a_lesson_about_one_thing_among_several_changes_nothing_else() -> None:
    rng, seen = random.Random(8), 0
    while seen < 300:
        one = lesson(rng)
        if one.before is None or one.region or len({thing.thing for thing in one.before.things}) < 3:
            continue
        seen += 1
        before, after = set(one.before.things), set(one.after.things)
        assert len(before - after) <= 1 or one.before.about != one.after.about or len(after) == 1, one


@pytest.mark.parametrize("file", sorted(HERE.glob("*_said.jsonl")) + sorted(HERE.glob("*_unread.jsonl")))
def test_every_line_of_the_bench_names_what_the_painter_knows(file: Path) -> None:
    names = world()
    for row in rows_of(file):
        wanted = [row["before"], row["after"]] if "before" in row else [row]
        for scene in wanted:
            assert all(name in names.things and colour in names.colours for name, colour in scene["things"])
            assert all(not scene[aspect] or scene[aspect] in known for aspect, known in zip(
                ("place", "light", "weather", "style"), names.about, strict=True))  # fmt: skip


def test_the_bench_tells_right_from_wrong() -> None:
    names = world()
    for row in rows_of(HERE / "edits_said.jsonl"):
        before, after = shown(row["before"], names), shown(row["after"], names)
        if row["kind"].split()[0] in ("size", "move"):
            assert not edited(row, before, after, names)  # nothing has moved
            continue
        assert edited(row, before, after, names), row
        assert not edited(row, before, before, names), row
    for row in rows_of(HERE / "prompts_said.jsonl"):
        scene = {
            "place": row["place"] or "meadow",
            "light": row["light"] or "day",
            "weather": row["weather"] or "clear",
        }
        made = shown({**row, **scene, "style": row["style"] or "plain"}, names)
        assert requested(row, made, names), row
        assert not requested(row, Layout(made.about, made.things[1:]), names), row
