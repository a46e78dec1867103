"""The wishes of an instruction, told apart where each is plainly an order of its own."""

from __future__ import annotations

import pytest

from models.english.naming import Names
from models.scene.clauses import spelled_out, taken_back, wishes

NAMES = Names(
    ("dinosaur", "hat", "balloon", "boy", "wolf", "cat"),
    {"balloon": [("balloon", "balloons")], "cat": [("cat", "cats"), ("kitty", "kitties")]},
)


@pytest.mark.parametrize(
    ("text", "told_apart"),
    [
        ("shrink the dinosaur and put him more left", ["shrink the dinosaur", "put him more left"]),
        ("Make it night. Then could you give the boy a hat?", ["Make it night", "Then could you give the boy a hat?"]),
        ("both balloons golden please, and lose the boy", ["both balloons golden please", "lose the boy"]),
        ("make the hat blue, the wolf should be grey", ["make the hat blue", "the wolf should be grey"]),
        # A reason stays with its wish.
        (
            "too scary for bedtime. take the wolf out & make it day",
            ["too scary for bedtime. take the wolf out", "make it day"],
        ),
        ("add a hat and make it red. he is cold", ["add a hat", "make it red. he is cold"]),
        ("hat blue; boy bigger; sunset", ["hat blue", "boy bigger", "sunset"]),
        ("hat red, and lose the wolf", ["hat red", "lose the wolf"]),
        ("make the hat blue and the sky pink", ["make the hat blue", "the sky pink"]),
        ("make it evening and stop the rain", ["make it evening", "stop the rain"]),
        ("evening please and no rain", ["evening please", "no rain"]),
    ],
)
def test_wishes_are_told_apart(text: str, told_apart: list[str]) -> None:
    assert wishes(text, NAMES) == told_apart


@pytest.mark.parametrize(
    "text",
    [
        "add a cat and a wolf",
        "his head looks cold, get him a black hat",
        "the cat knocked over the balloon. so no balloon",
        "i said wolf!! that's a dinosaur",
        "take out the wolf and put a cat there instead",
        "night",
        "",
        "... !",
    ],
)
def test_what_is_one_wish_stays_whole(text: str) -> None:
    assert wishes(text, NAMES) == [text]


@pytest.mark.parametrize(
    ("wish", "spelled"),
    [
        ("put him more left", "put the dinosaur more left"),
        ("make it bigger", "make the dinosaur bigger"),
        ("paint it red", "paint the dinosaur red"),
        ("make it night", "make it night"),
        ("give her a hat", "give the dinosaur a hat"),
        ("her coat should go", "her coat should go"),
    ],
)
def test_a_word_that_stands_for_a_thing_is_spelled_out(wish: str, spelled: str) -> None:
    assert spelled_out(wish, "dinosaur", ("", "red")) == spelled


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("make the car blue. no wait, green", "make the car green"),
        ("a red hat, wait no make that gold", "a golden hat"),
        ("a red hat", "a red hat"),
        ("make it night. no wait, sunset", "make it sunset"),
        ("wait, make the cat red", "wait, make the cat red"),
    ],
)
def test_what_is_taken_back_is_forgotten(text: str, meant: str) -> None:
    assert taken_back(text, ("", "red", "blue", "green", "golden")) == meant
