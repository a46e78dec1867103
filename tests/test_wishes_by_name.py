"""What words say of a thing by its name: its colour, that it should go."""

from __future__ import annotations

import pytest

from models.english.naming import Names
from models.scene.dyes import Dyer
from models.scene.removals import removed

THINGS = ("cat", "dog", "hat", "truck", "gas pump", "frog", "lily", "bus")
NAMES = Names(
    THINGS,
    {
        "cat": [("cat", "cats"), ("kitty", "kitties")], "dog": [("dog", "dogs")], "hat": [("hat", "hats")],
        "truck": [("truck", "trucks")], "gas pump": [("gas pump", "gas pumps")], "frog": [("frog", "frogs")],
        "lily": [("lily", "lilies")], "bus": [("bus", "buses")],
    },
)  # fmt: skip
COLOURS = ("", "red", "green", "blue", "white", "yellow", "grey", "black")


@pytest.mark.parametrize(
    ("text", "wished", "called", "loose"),
    [
        ("a red hat and a blue dog", "red hat, blue dog", "", ""),
        ("truck white/ gas pump yellow/ rest stays", "white truck, yellow gas pump", "", ""),
        ("the cat should be grey and the dog a bright red", "grey cat, red dog", "", ""),
        ("both frogs blue, lily white", "blue frog, white lily", "", ""),
        ("black for the cat please", "black cat", "", ""),
        ("cat black dog white", "black cat, white dog", "", ""),
        ("give the dog a hat, a navy one", "blue hat", "", ""),
        ("a hat, red", "red hat", "", ""),
        ("put a hat on the red dog", "", "red dog", ""),
        ("make the red truck blue", "blue truck", "red truck", ""),
        ("why not a green hat", "green hat", "", ""),
        ("the bus isn't red, it's yellow", "", "", "red, yellow"),
        ("make it red", "", "", "red"),
        ("the cat in black and white on a blue background", "", "", ""),
    ],
)
def test_a_colour_belongs_to_the_name_that_words_give_it_to(text: str, wished: str, called: str, loose: str) -> None:
    said = NAMES.said(text)
    dyes = Dyer(COLOURS).of(text, said)

    def told(colours: tuple[int, ...]) -> str:
        return ", ".join(f"{COLOURS[c]} {THINGS[one.thing]}" for c, one in zip(colours, said, strict=True) if c)

    assert (told(dyes.wished), told(dyes.called)) == (wished, called)
    assert ", ".join(COLOURS[colour] for colour in sorted(dyes.loose)) == loose


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("no hat and no dog", "hat, dog"),
        ("bin the truck and have it sunset", "truck"),
        ("take that silly hat off", "hat"),
        ("the cat must go", "cat"),
        ("hat off please, kitty", "hat"),
        ("hat and dog away, the cat stays", "dog, hat"),
        ("lose the hat and the dog", "hat, dog"),
        ("what's that dog doing there? away with it", "dog"),
        ("get rid of the dog next to the cat", "dog"),
        ("a dog beside the cat, take it out", "dog"),
        ("don't remove the hat", ""),
        ("forget the hat", "hat"),
        ("don't forget the hat", ""),
        ("no the frog is too big", ""),
        ("take one of the cats away", ""),
        ("the cat should go to the left", ""),
        ("the bus vanishes into the fog", ""),
        ("get the dog out of the truck", ""),
        ("get the dog out of the picture", "dog"),
    ],
)  # fmt: skip
def test_what_words_send_away_by_name(text: str, gone: str) -> None:
    assert ", ".join(THINGS[said.thing] for said in removed(text, NAMES.said(text))) == gone
