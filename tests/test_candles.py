"""Candles: they stand on their cake, go where it goes, and take no place among the things that a picture holds."""

from __future__ import annotations

from composing import SQUARES, of, played, seeded

from models.kinds import MOST
from models.rendering.layout import Layout, Placed
from models.scene.candles import crowd
from models.scene.composer import Composer
from models.scene.unchanged import is_full
from tools.shown import left_out


def lit(composer: Composer, layout: Layout) -> list[Placed]:
    """The candles, all of which stand on the one cake, each where no other is."""
    [cake], candles = of(composer, layout, "cake"), of(composer, layout, "candle")
    assert len({(one.column, one.row) for one in candles}) == len(candles)
    assert all(one.side < cake.side / 1.5 for one in candles)
    assert all(cake.column <= one.column and one.column + one.side <= cake.column + cake.side for one in candles)
    assert all(cake.row < one.row + one.side <= cake.row + cake.side / 2 for one in candles)
    return candles


def test_candles_stand_on_their_cake(composer: Composer, seed: int) -> None:
    first, more = played(composer, seed, "a birthday cake with 5 candles", "add two more candles")
    assert (len(lit(composer, first)), len(lit(composer, more))) == (5, 7)


def test_candles_go_where_their_cake_goes(composer: Composer, seed: int) -> None:
    first, *changed = played(
        composer, seed, "a birthday cake with 5 candles", "make the cake pink", "move the cake to the left", "add a cat"
    )
    for layout in (first, *changed):
        assert len(lit(composer, layout)) == 5
    assert of(composer, changed[-1], "cat")
    assert not of(composer, composer.plan_edit("take the cake away", changed[-1], SQUARES, seeded(seed)), "candle")


def test_a_birthday_party_has_room_for_more_than_candles(composer: Composer, seed: int) -> None:
    *_, party = played(
        composer,
        seed,
        "a birthday cake with five candles",
        "add balloons, red yellow and blue",
        "a unicorn next to the cake with a party hat",
        "and some presents in front",
        "add a clown",
    )
    assert len(lit(composer, party)) == 5
    assert len(party.things) > MOST > crowd(party, composer.planner.world)
    assert len(of(composer, party, "balloon")) == 3 and len(of(composer, party, "gift")) > 1
    assert of(composer, party, "unicorn") and of(composer, party, "party hat") and of(composer, party, "clown")
    assert not is_full("add a rainbow", party, composer.hear)


def test_what_is_said_of_candles_changes_nothing_else(composer: Composer, seed: int) -> None:
    first, more, none = played(
        composer, seed, "a cake with 4 candles and a clown and three balloons", "two more candles", "no candles please"
    )
    others = [[one for one in now.things if one not in of(composer, now, "candle")] for now in (first, more, none)]
    assert others[0] == others[1] == others[2]
    assert [len(of(composer, now, "candle")) for now in (first, more, none)] == [4, 6, 0]


def test_a_full_cake_says_how_many_candles_it_lacks() -> None:
    assert "left out: 3 candles" in left_out("a cake with 12 candles", "cake, 9 × candle; room")
    assert not left_out("a cake with 5 candles and a clown", "cake, 5 × candle, clown; room")
