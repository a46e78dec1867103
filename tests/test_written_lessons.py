"""Sentences written by hand as lessons for the planner: what they teach is what they say."""

from __future__ import annotations

import json
import random
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from models.english.naming import Names
from models.rendering.layout import Layout, Placed
from models.scene.arranging import on_a_head
from training.layouts import Lesson, names, world
from training.said import FOLDER, Unreadable, WrittenLessons, checked, rows_of
from training.sessions import read

ROOT = Path(__file__).parents[1]
FILES = sorted((*FOLDER.glob("*.jsonl"), *FOLDER.glob("*.txt")))
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


def sessions(tmp_path: Path, text: str) -> tuple[list[Lesson], list[Lesson]]:
    """Forty changes and forty requests of some sessions."""
    (tmp_path / "some.txt").write_text(text, "utf-8")
    written, rng = WrittenLessons([tmp_path / "some.txt"], str), random.Random(3)
    changes, requests = ([written.lesson(EXTENT, rng, editing=way) for _ in range(40)] for way in (True, False))
    return changes, requests


SESSION = """> a knight on his steed plz
= shows royal guard, horse; placed royal guard on horse; new
> nite
= shows royal guard, horse; around night; placed royal guard on horse; from 1
> brighter
= by adjust; from 2
> lovely
= nothing
"""


def test_each_sentence_of_a_session_changes_what_those_before_it_left(tmp_path: Path) -> None:
    changes, requests = sessions(tmp_path, SESSION)
    for one in requests:
        assert one.words.startswith("a knight on his ") and len(one.after.things) == 2
    for one in changes:
        assert one.words == "nite" and one.before is not None and one.after.things == one.before.things
        assert one.before.about == (one.before.about[0], 0, 0, 0) and one.after.about == (one.before.about[0], 1, 0, 0)
        rider, under = sorted(one.before.things, key=lambda one: one.row + one.side)
        assert under.row < rider.row + rider.side <= under.row + under.side / 2  # on its back


def test_a_change_of_a_session_puts_and_moves_what_it_says(tmp_path: Path) -> None:
    text = """> a cat and a box
= shows cat, box; around room; new
> kitty goes over by the right edge, box bigger
= shows cat, box; placed cat moved right, box bigger; from 1
"""
    changes, _ = sessions(tmp_path, text)
    for one in changes:
        assert one.before is not None
        was, now = ({shown_as(t): t for t in layout.things} for layout in (one.before, one.after))
        first, second = was  # the two that they were exchanged for, in their order
        assert {was[first].side < now[first].side, was[second].side < now[second].side} == {True, False}
        assert any(was[name].column < now[name].column for name in (first, second))


def test_what_only_the_sentence_before_tells_is_no_lesson(tmp_path: Path) -> None:
    text = """> a cat and a dog
= shows cat, dog; new
> give the cat a hat
= shows cat, dog, hat; placed hat on cat; from 1
> take it off
= shows cat, dog; from 2
"""
    changes, _ = sessions(tmp_path, text)
    assert not any(one.words == "take it off" for one in changes)


def shown_as(one: Placed) -> str:
    return world().things[one.thing]


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
        ({**change([["fox", ""]], "night", [], "light"), "before": {"things": [], **FOREST, "light": ""}}, "no light"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_lesson_is_refused_with_the_reason(row: dict[str, Any], why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        checked(row)


def test_every_line_is_a_lesson_and_none_of_them_measures() -> None:
    rows = [row for file in FILES for row in rows_of(file)]
    assert len(rows) > 15_000
    learnt: set[str] = set()
    for row in rows:
        checked(row)
        learnt.add(plain(row["say"]))
    for file in ROOT.glob("bench/sessions/*.txt"):
        long = {plain(said.text) for session in read(file) for said in session if len(said.text.split()) > 5}
        assert len(long) > 80 and not long & learnt, file
    measuring = [*ROOT.glob("bench/edits_*.jsonl"), *ROOT.glob("bench/prompts_*.jsonl")]
    assert len(measuring) == 5
    for file in measuring:
        said = {plain(json.loads(line)["say"]) for line in file.read_text("utf-8").splitlines()}
        same = said & learnt
        assert len(said) > 50 and all(len(words.split()) <= 3 for words in same), same  # "dusk"


def plain(words: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in words.lower()).split())


def test_every_line_can_be_told_as_a_lesson_whatever_it_is_exchanged_for() -> None:
    written, rng = WrittenLessons(FILES, str), random.Random(1)
    rows = rng.sample([*written.changes, *written.requests], 1500)  # of 36,000
    never = [row for row in rows if not any(written.told(row, EXTENT, rng) for _ in range(60))]
    alone = [row for row in never if row.get("kind") != ""]
    assert not alone
    assert len(never) < 0.006 * len(rows)  # of sessions: what is to be smaller is small already, or is there


@pytest.mark.parametrize("reader", ["training.said", "training.turns"])
def test_the_readers_explain_themselves(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reader: str
) -> None:
    monkeypatch.setattr("sys.argv", ["reader", "--help"])
    with pytest.raises(SystemExit, match=r"^0$"):
        import_module(reader).main()
    assert "FILE" in capsys.readouterr().out
