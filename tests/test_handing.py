"""Each of several gets one of what is given to them, worn or held where one sees whose it is."""

from __future__ import annotations

import pytest
from composing import SQUARES, of, played

from models.rendering.layout import Layout, Placed
from models.scene.composer import Composer
from models.scene.handing import handed
from models.scene.seats import Seats


def near(one: Placed, other: Placed) -> bool:
    """Whether two boxes touch."""
    return (
        one.column <= other.column + other.side
        and other.column <= one.column + one.side
        and one.row <= other.row + other.side
        and other.row <= one.row + one.side
    )


@pytest.mark.parametrize(
    ("first", "change", "what", "who"),
    [
        ("two kids in a park", "give them umbrellas", "umbrella", ("boy", "girl")),
        ("two kids in a park", "give each an ice cream", "ice cream", ("boy", "girl")),
        ("a boy and a girl", "everyone gets a balloon", "balloon", ("boy", "girl")),
        ("a boy and a girl", "give them both kites", "kite", ("boy", "girl")),
        ("three penguins on the ice", "give each of them a balloon", "balloon", ("penguin",)),
        ("three penguins on the ice", "give all the penguins flags", "flag", ("penguin",)),
    ],
)
def test_what_is_given_to_several_comes_once_for_each(
    composer: Composer, seed: int, first: str, change: str, what: str, who: tuple[str, ...]
) -> None:
    layout = played(composer, seed, first, change)[-1]
    holders = [one for name in who for one in of(composer, layout, name)]
    given = of(composer, layout, what)
    assert len(given) == len(holders) >= 2
    assert all(any(near(one, holder) for one in given) for holder in holders)
    assert len({(one.column, one.row) for one in given}) == len(given)


def test_hats_for_them_are_on_every_head(composer: Composer, seed: int) -> None:
    layout = played(composer, seed, "a boy and a girl", "give them hats")[-1]
    for name in ("boy", "girl"):
        [wearer] = of(composer, layout, name)
        assert any(
            abs(hat.column + hat.side / 2 - wearer.column - wearer.side / 2) <= 1 and hat.row < wearer.row + 2
            for hat in of(composer, layout, "hat")
        )


@pytest.mark.parametrize(
    ("first", "change", "what", "count"),
    [
        ("a king in a castle", "make it two kings", "crown", 2),
        ("a girl with a balloon and a boy", "give each of them a balloon", "balloon", 2),
    ],
)
def test_who_has_one_gets_no_second(
    composer: Composer, seed: int, first: str, change: str, what: str, count: int
) -> None:
    given = of(composer, played(composer, seed, first, change)[-1], what)
    assert len(given) == count == len({(one.column, one.row) for one in given})


@pytest.mark.parametrize(
    ("first", "change", "what"),
    [
        ("a boy and a girl", "give them a ball", "ball"),
        ("a boy and a girl", "give the girl an umbrella", "umbrella"),
        ("a boy and a girl", "add a balloon", "balloon"),
    ],
)
def test_what_is_given_once_comes_once(composer: Composer, seed: int, first: str, change: str, what: str) -> None:
    assert len(of(composer, played(composer, seed, first, change)[-1], what)) == 1


@pytest.mark.parametrize("text", ["the girl needs flags", "the girl is holding flags", "the boy has flags"])
def test_what_one_of_several_has_is_not_given_to_the_others(composer: Composer, text: str) -> None:
    world = composer.planner.world
    boy, girl, flag = (
        Placed(world.things.index(name), 0, 5, column, 8) for name, column in (("boy", 0), ("girl", 11), ("flag", 6))
    )
    before, after = Layout((0, 0, 0, 0), (boy, girl)), Layout((0, 0, 0, 0), (boy, girl, flag))
    seats = Seats(world, SQUARES, composer.silhouettes)
    assert handed(text, composer.names.said(text), after, before, seats) == after


def test_those_of_a_new_picture_hold_one_each(composer: Composer, seed: int) -> None:
    layout = played(composer, seed, "two friends with umbrellas in the rain")[-1]
    assert len(of(composer, layout, "umbrella")) == 2


def test_an_umbrella_is_held_up(composer: Composer, seed: int) -> None:
    layout = played(composer, seed, "a girl in a park", "give her an umbrella")[-1]
    [girl], [umbrella] = of(composer, layout, "girl"), of(composer, layout, "umbrella")
    assert umbrella.row + umbrella.side < girl.row + girl.side


def test_a_rainbow_that_comes_is_wide_and_behind_all(composer: Composer, seed: int) -> None:
    layout = played(composer, seed, "two kids in a park", "add a rainbow")[-1]
    [bow] = of(composer, layout, "rainbow")
    assert bow.side >= 8 and bow.row <= 1 and layout.things[0] == bow


@pytest.mark.parametrize(("side", "column"), [("left", 0), ("right", 8)])
def test_a_rainbow_stays_on_the_side_that_was_said(composer: Composer, seed: int, side: str, column: int) -> None:
    [bow] = of(composer, played(composer, seed, "a boy and a dog", f"add a rainbow on the {side}")[-1], "rainbow")
    assert bow.column == column
