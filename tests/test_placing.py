"""Things moved until all stand as words say."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from test_relations import EXTENT, middle, placed

from models.rendering.layout import Layout, Placed
from models.scene.composer import Composer
from models.scene.placing import Tie, settled, stands_so


def named(composer: Composer, layout: Layout) -> dict[str, Placed]:
    return {composer.planner.world.things[one.thing]: one for one in layout.things}


def tie(composer: Composer, thing: str, way: str, *others: str, count: int = 1) -> Tie:
    number = composer.planner.world.things.index
    return Tie(number(thing), count, way, frozenset(map(number, others)))


def put(composer: Composer, layout: Layout, *ties: Tie, before: Sequence[str] = ()) -> Layout:
    world, old = composer.planner.world, placed(composer, *before)
    return settled(layout, ties, old, world, EXTENT)


def test_several_are_put_at_once_and_nothing_is_hidden(composer: Composer) -> None:
    layout = placed(composer, "train", "factory", "construction crane")
    made = named(
        composer,
        put(
            composer,
            layout,
            tie(composer, "train", "right", "factory"),
            tie(composer, "construction crane", "right", "train"),
        ),
    )
    assert middle(made["factory"]) < middle(made["train"]) < middle(made["construction crane"])
    things = list(made.values())
    assert not any(a.over(b) for n, a in enumerate(things) for b in things[:n])


def test_what_stands_so_stays(composer: Composer) -> None:
    layout = placed(composer, "cat", "dog")
    assert put(composer, layout, tie(composer, "cat", "left", "dog")) == layout


def test_what_is_worn_and_sat_upon_goes_along(composer: Composer) -> None:
    things = composer.planner.world.things.index
    chair, fox, hat = (
        Placed(things("chair"), 0, 6, 0, 9),
        Placed(things("fox"), 0, 5, 1, 6),
        Placed(things("hat"), 0, 3, 2, 4),
    )
    tree = Placed(things("tree"), 0, 6, 9, 9)
    layout = Layout((0, 0, 0, 0), (chair, tree, fox, hat))
    made = named(composer, put(composer, layout, tie(composer, "fox", "right", "tree")))
    assert middle(made["fox"]) > middle(made["tree"])
    assert made["fox"].column - made["chair"].column == 1 and made["hat"].column - made["fox"].column == 1


def test_several_of_a_kind_stand_in_a_row(composer: Composer) -> None:
    things = composer.planner.world.things.index
    layout = Layout(
        (0, 0, 0, 0), (Placed(things("vampire"), 0, 5, 6, 9), *(Placed(things("bat"), 0, 4, 2, 9) for _ in range(2)))
    )
    made = put(composer, layout, tie(composer, "bat", "above", "vampire", count=2))
    vampire, *bats = made.things
    assert not bats[0].over(bats[1])
    assert all(one.row + one.side <= vampire.row + 1 for one in bats)


def test_an_edit_moves_what_is_new_rather_than_what_was_there(composer: Composer) -> None:
    layout = placed(composer, "cat", "dog", "tree")
    before = ("cat", "dog")
    made = named(composer, put(composer, layout, tie(composer, "tree", "above", "cat"), before=before))
    was = named(composer, layout)
    assert made["cat"] == was["cat"] and made["dog"] == was["dog"]
    assert stands_so(made["tree"], [made["cat"]], "above")


@pytest.mark.parametrize(
    ("prompt", "left_to_right"),
    [
        (
            "red train, to the left a factory, to the right a construction crane",
            ["factory", "train", "construction crane"],
        ),
        ("golfer left, golf flag right, a jeep between", ["golfer", "jeep", "golf flag"]),
        ("a man with a saxophone, a woman to his right, a piano left of him", ["piano", "man", "woman"]),
        ("a torii gate, a cherry blossom left, a woman right of the gate", ["cherry blossom", "torii gate", "woman"]),
        (
            "a goose on the left, a woman with a basket in the middle, a donkey on the right",
            ["goose", "woman", "donkey"],
        ),
    ],
)
def test_a_request_with_several_places_is_painted_so(composer: Composer, prompt: str, left_to_right: list[str]) -> None:
    for seed in (1, 7):
        made = named(composer, composer.plan(prompt, EXTENT, torch.Generator().manual_seed(seed)))
        across = [middle(made[name]) for name in left_to_right]
        assert across == sorted(across), (prompt, seed, across)


def test_a_change_with_several_places_moves_them_all(composer: Composer) -> None:
    before = placed(composer, "violin", "trumpet", "drum")
    said = "trumpet left of the drum and violin right of it"
    made = named(composer, composer.plan_edit(said, before, EXTENT, torch.Generator().manual_seed(3)))
    assert middle(made["trumpet"]) < middle(made["drum"]) < middle(made["violin"])


@pytest.mark.parametrize(
    ("prompt", "one", "other"),
    [
        ("a fairy with a magic wand sat on a toadstool", "fairy", "mushroom"),
        ("a hippo in a bathtub, a duck sitting on the hippo, soap to the right", "duck", "hippo"),
        ("a tractor with a pig driving, a turkey to the left", "pig", "tractor"),
        ("a tree; on the tree a money bag", "money bag", "tree"),
        ("a gorilla on a bicycle left, a mirror right", "gorilla", "bicycle"),
    ],
)
def test_who_is_on_something_is_on_it_when_all_is_settled(
    composer: Composer, prompt: str, one: str, other: str
) -> None:
    made = named(composer, composer.plan(prompt, EXTENT, torch.Generator().manual_seed(7)))
    assert stands_so(made[one], [made[other]], "on"), made


@pytest.mark.parametrize(
    ("prompt", "one", "other"),
    [
        ("a mechanic left w/ a wrench, a motorcycle in the middle", "mechanic", "wrench"),
        ("a beaver in the middle holding a log, an otter on the left", "beaver", "log"),
    ],
)
def test_what_is_held_stays_in_hand_when_all_is_settled(composer: Composer, prompt: str, one: str, other: str) -> None:
    made = named(composer, composer.plan(prompt, EXTENT, torch.Generator().manual_seed(7)))
    assert made[one].over(made[other])


def test_what_flies_above_nothing_that_is_named_is_above_all(composer: Composer) -> None:
    prompt = "an old woman left and an old man right, a disco ball above"
    made = named(composer, composer.plan(prompt, EXTENT, torch.Generator().manual_seed(7)))
    ball = made.pop("disco ball")
    assert all(ball.row + ball.side / 2 < one.row + one.side / 2 for one in made.values())


def test_who_is_put_by_somebody_is_not_taken_along_by_what_this_one_holds(composer: Composer) -> None:
    things = composer.planner.world.things.index
    man, paper = Placed(things("old man"), 0, 8, 1, 6), Placed(things("newspaper"), 0, 5, 7, 9)
    dog = Placed(things("dog"), 0, 5, 11, 9)
    layout = Layout((0, 0, 0, 0), (man, paper, dog))
    made = named(
        composer, put(composer, layout, tie(composer, "dog", "left", "old man"), before=("old man", "newspaper"))
    )
    assert middle(made["dog"]) < made["old man"].column
    assert made["newspaper"].column - made["old man"].column == 6


@pytest.mark.parametrize(
    ("prompt", "thing", "several"), [("some buses on a road", "bus", True), ("ball and pins", "bowling pins", False)]
)
def test_only_what_is_called_as_several_are_comes_once(
    composer: Composer, prompt: str, thing: str, several: bool
) -> None:
    made = composer.plan(prompt, EXTENT, torch.Generator().manual_seed(7))
    number = composer.planner.world.things.index(thing)
    assert (sum(one.thing == number for one in made.things) > 1) == several
