"""Sentences written by hand as lessons for the planner: what they teach is what they say."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from models.arranging import on_a_head
from models.layout import Layout
from models.naming import Names
from training.layouts import Lesson, names, world
from training.said import FOLDER, Unreadable, WrittenLessons, checked

ROOT = Path(__file__).parents[1]
FOREST = {"place": "forest", "light": "day", "weather": "clear", "style": "plain"}
EXTENT = (16, 16)


def change(before: list[list[str]], say: str, after: list[list[str]], kind: str, **more: str) -> dict[str, Any]:
    return {
        "before": {"things": before, **FOREST}, "say": say, "after": {"things": after, **FOREST}, "kind": kind, **more,
    }  # fmt: skip


def lessons(tmp_path: Path, *rows: dict[str, Any]) -> list[Lesson]:
    """Forty lessons of some lines, all of changes or all of requests."""
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    written, rng = WrittenLessons([tmp_path / "rows.jsonl"], str), random.Random(3)
    return [written.lesson(EXTENT, rng, editing="before" in rows[0]) for _ in range(40)]


def shown(layout: Layout | None) -> list[str]:
    return (
        sorted(f"{world().colours[t.colour]} {world().things[t.thing]}".strip() for t in layout.things)
        if layout
        else []
    )


def test_what_a_sentence_names_is_exchanged_in_all_of_the_lesson(tmp_path: Path) -> None:
    made = lessons(
        tmp_path,
        change([["fox", "red"], ["tree", ""]], "an owl for the tree pls", [["fox", "red"], ["owl", ""]], "replace"),
    )
    assert len({one.words for one in made}) > 5
    spoken = Names(world().things, names())
    for one in made:
        new, old = (world().things[said.thing] for said in spoken.said(one.words))
        assert old in shown(one.before) and new in shown(one.after)
        assert "red fox" in shown(one.before) and "red fox" in shown(one.after)
        assert ("an " in one.words) == (new[0] in "aeiou")


def test_a_colour_is_exchanged_where_it_is_named(tmp_path: Path) -> None:
    made = lessons(tmp_path, change([["car", ""]], "paint it blue", [["car", "blue"]], "colour"))
    words = {one.words for one in made}
    assert len(words) > 3
    assert all(shown(one.after) == [f"{one.words.removeprefix('paint it ')} car"] for one in made)


def test_a_hat_is_put_on_who_gets_it(tmp_path: Path) -> None:
    row = change(
        [["fox", ""], ["dog", ""]], "a hat for him", [["fox", ""], ["dog", ""], ["crown", ""]], "wear", who="dog"
    )
    for one in lessons(tmp_path, row):
        hat = next(t for t in one.after.things if world().is_worn(t.thing))
        wearer = [t for t in one.after.things if world().things[t.thing] == "dog"]
        assert on_a_head(hat, wearer)


def test_what_is_moved_or_resized_is_who_is_meant_and_nothing_else(tmp_path: Path) -> None:
    things = [["fox", ""], ["car", ""]]
    moved = lessons(tmp_path, change(things, "shove it over", things, "move right", who="car"))
    grown = lessons(tmp_path, change(things, "that one huge", things, "size bigger", who="fox"))
    for made, name in ((moved, "car"), (grown, "fox")):
        for one in made:
            assert one.before is not None
            changed = set(one.after.things) - set(one.before.things)
            assert [world().things[t.thing] for t in changed] == [name]


def test_what_stays_stands_where_it_stood(tmp_path: Path) -> None:
    row = change([["fox", ""], ["car", ""]], "no fox, two cats", [["car", ""], ["cat", ""], ["cat", ""]], "remove")
    for one in lessons(tmp_path, row):
        assert one.before is not None
        car = next(t for t in one.before.things if world().things[t.thing] == "car")
        assert car in one.after.things and len(one.after.things) == 3


def test_a_request_shows_what_it_asks_for_where_it_says(tmp_path: Path) -> None:
    row = {
        "say": "two ducks at nite",
        "things": [["duck", ""], ["duck", ""]],
        "place": "",
        "light": "night",
        "weather": "",
        "style": "",
    }
    for one in lessons(tmp_path, row):
        assert one.before is None and len(one.after.things) == 2
        assert not one.after.things[0].over(one.after.things[1])
        assert world().lights[one.after.about[1]] == "night" and one.after.about[2:] == (0, 0)


def test_a_request_that_leaves_the_place_open_is_where_people_put_such_things(tmp_path: Path) -> None:
    aspects = {"light": "", "weather": "", "style": ""}
    named = {"say": "a taxi downtown", "things": [["taxi", ""]], "place": "city", **aspects}
    free = {"say": "one of those yellow cars", "things": [["taxi", ""]], "place": "", **aspects}
    made = lessons(tmp_path, named, free)
    places = {world().places[one.after.about[0]] for one in made if one.words == free["say"]}
    assert places == {"city"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (change([["platypus", ""]], "make it night", [], "remove"), "platypus"),
        (change([["fox", "teal"]], "make it night", [], "remove"), "teal"),
        (change([["fox", ""]], "bigger", [["fox", ""]], "size bigger"), "who"),
        (change([["fox", ""]], "hm", [["fox", ""]], "colour"), "nothing changes"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_lesson_is_refused_with_the_reason(row: dict[str, Any], why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        checked(row)


def test_every_line_is_a_lesson_and_none_of_them_measures() -> None:
    lines = [line for file in FOLDER.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    assert len(lines) > 3000
    learnt: set[str] = set()
    for line in lines:
        row = json.loads(line)
        checked(row)
        learnt.add(plain(row["say"]))
    measuring = [*ROOT.glob("bench/edits_*.jsonl"), *ROOT.glob("bench/prompts_*.jsonl")]
    assert len(measuring) == 4
    for file in measuring:
        said = {plain(json.loads(line)["say"]) for line in file.read_text("utf-8").splitlines()}
        assert len(said) > 50 and not said & learnt


def plain(words: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in words.lower()).split())


def test_every_line_can_be_told_as_a_lesson_whatever_it_is_exchanged_for() -> None:
    written, rng = WrittenLessons(sorted(FOLDER.glob("*.jsonl")), str), random.Random(1)
    never = [
        row["say"]
        for row in (*written.changes, *written.requests)
        if not any(written.told(row, EXTENT, rng) for _ in range(60))
    ]
    assert not never
