"""What sentences want in the place of what."""

from __future__ import annotations

import pytest

from models.english.trades import trade_in


@pytest.mark.parametrize(
    ("said", "old", "new", "alone"),
    [
        ("replace the vase with roses", "the vase", "roses", True),
        ("can you please replace his hat by a crown", "his hat", "a crown", True),
        ("swap out the cat for a dog", "the cat", "a dog", True),
        ("turn the cat into a dog", "the cat", "a dog", True),
        ("make it a frog instead of the wizard, please", "the wizard", "a frog", True),
        ("put a dog in place of the cat", "the cat", "a dog", True),
        ("instead of the cat a dog", "the cat", "a dog", True),
        ("add a boat and replace the vase with roses", "the vase", "roses", False),
    ],
)
def test_what_is_wanted_in_the_place_of_what_is_told(said: str, old: str, new: str, alone: bool) -> None:
    trade = trade_in(said)
    assert trade is not None
    assert (trade.old, trade.new, trade.alone) == (old, new, alone)


@pytest.mark.parametrize("said", ["add a cat", "switch the lights on", "turn the lamp by the door red", "swap the two"])
def test_what_is_no_exchange_is_taken_for_none(said: str) -> None:
    assert trade_in(said) is None
