"""Written sessions are read as they are written, and what came of a sentence is judged by what should be to see."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.alone import changes
from bench.sessions import HERE, Came, Judge, Shown
from models.rendering.layout import Layout, Placed, World
from models.scene.composer import Composer
from models.scene.planner import Planner
from models.weights import EMBEDDED
from storage.records import Picture
from training.sessions import Sentence, read


@pytest.fixture(scope="module")
def world() -> World:
    return Planner.load(EMBEDDED / "painter" / "planner").world


def made(world: World, handle: int, *things: tuple[str, int, int, int], about: str = "", parent: int = 0) -> Came:
    """A turn that made a picture of things ("red hat", side, column, row)."""
    placed = list[Placed]()
    for name, side, column, row in things:
        colour, _, bare = name.partition(" ") if name.split()[0] in world.colours else ("", "", name)
        placed.append(Placed(world.things.index(bare), world.colours.index(colour), side, column, row))
    numbers = [next((names.index(word) for word in about.split(", ") if word in names), 0) for names in world.about]
    layout = Layout((numbers[0], numbers[1], numbers[2], numbers[3]), tuple(placed))
    when = datetime.now(UTC)
    picture = Picture(
        id=str(handle), session_id="s", turn_id=None, handle=handle, sha256="", media_type="image/png", width=256,
        height=256, recipe={"operation": "generate", "prompt": "x"}, parents=(parent,) if parent else (), caption="",
        created=when,
    )  # fmt: skip
    return Came([Shown(picture, layout)], ["edit_image" if parent else "generate_image"])


def faults(world: World, outcome: str, *turns: Came, tmp: Path) -> list[str]:
    file = tmp / "some.txt"
    file.write_text(f"> something\n= {outcome}\n", "utf-8")
    [[said]] = read(file)
    return Judge(world).faults(said, turns[-1], turns)


FOX = ("fox", 6, 2, 8)


@pytest.mark.parametrize(
    ("outcome", "wrong"),
    [
        ("shows fox, red hat; around snow; placed hat on fox; from 1", []),
        ("shows fox|wolf, 1+ hat, 0+ cloud; around snow", []),
        ("shows fox; around snow", ["besides red hat"]),
        ("shows fox, blue hat; around snow", ["0 of 1 blue hat", "besides red hat"]),
        ("shows 2 fox, hat; around snow", ["1 of 2 fox"]),
        ("shows fox, hat; around night", ["not night but meadow, day, snow, plain", "snow instead of clear"]),
        ("shows fox, hat; around snow; placed fox left of hat", ["not fox left of hat"]),
        ("shows fox, hat; around snow; new", ["made from another"]),
        ("shows fox, hat; around snow; by upscale", ["not by upscale"]),
        ("shows fox, hat; around snow; pictures 2", ["1 pictures"]),
        ("nothing", ["1 pictures made"]),
        ("says one", ["1 pictures made", "does not say one"]),
        ("asks", ["1 pictures made", "did not ask"]),
    ],
)
def test_what_is_wrong_is_told(world: World, outcome: str, wrong: list[str], tmp_path: Path) -> None:
    first = made(world, 1, FOX)
    second = made(world, 2, FOX, ("red hat", 3, 3, 6), about="meadow, snow", parent=1)
    assert faults(world, outcome, first, second, tmp=tmp_path) == wrong


def test_what_grew_or_moved_is_seen_against_the_parent(world: World, tmp_path: Path) -> None:
    turns = made(world, 1, FOX), made(world, 2, ("fox", 8, 6, 6), parent=1)
    assert faults(world, "placed fox bigger, fox moved right", *turns, tmp=tmp_path) == []
    assert faults(world, "placed fox smaller, fox moved left", *turns, tmp=tmp_path) == [
        "not fox smaller",
        "not fox moved left",
    ]


def test_of_several_outcomes_any_is_right(world: World) -> None:
    said = Sentence("something", ({"shows": "wolf"}, {"shows": "fox"}))
    turn = made(world, 1, FOX)
    assert Judge(world).faults(said, turn, [turn]) == []


@pytest.mark.parametrize("line", ["= shows fox", "> hi\n= show fox", "> hi\n! shows fox"])
def test_a_line_that_says_nothing_is_refused(line: str, tmp_path: Path) -> None:
    file = tmp_path / "some.txt"
    file.write_text(line, "utf-8")
    with pytest.raises(ValueError, match="fox"):
        read(file)


def test_every_outcome_of_the_written_sessions_can_be_judged(world: World) -> None:
    judge = Judge(world)
    for file in sorted(HERE.glob("*.txt")):
        for sentences in read(file):
            turns = [made(world, number, FOX) for number in range(1, len(sentences) + 1)]
            for number, said in enumerate(sentences, 1):
                assert said.right, said.text
                judge.faults(said, turns[number - 1], turns[:number])


def test_what_the_planner_alone_has_right_is_held_against_what_comes_after_all_code(
    composer: Composer, tmp_path: Path
) -> None:
    file = tmp_path / "some.txt"
    file.write_text(
        "> a fox in the forest\n= shows fox; around forest; new\n"
        "> make it blue\n= shows blue fox; around forest; from 1\n"
        "> make it night\n= shows red fox; around forest, night; from 2\n"  # no: it is blue by now
        "> add a hat\n= shows blue fox, hat; around forest, night; from 3\n",
        "utf-8",
    )
    [sentences] = read(file)
    found = list(changes(composer, Judge(composer.planner.world), sentences, 1))
    assert [change.said for change in found] == ["make it blue", "make it night"]
    assert [change.wrong[1] for change in found] == [[], ["0 of 1 red fox", "besides blue fox"]]
    assert found[0].after.kinds == found[1].before.kinds
