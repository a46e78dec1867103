"""The rows of `things.toml`, which say what each thing is."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import models
from models.kinds import ALIVE, SORTS
from models.things import Thing, having, what_is
from models.weights import EMBEDDED

ROWS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(models.__file__).parent / "things.toml").read_text(encoding="utf-8")
)["things"]
BARE = Thing()
TRAITS = {what for what, bare in BARE._asdict().items() if bare is False}
VALUES = {
    "pronoun": {"she", "he"},
    "drawn": {"face", "sideways"},
    "handy": {"held", "carried", "strapped"},
    "worn": {"head", "face", "body", "legs", "feet"},
    "hat": having("worn", "head"),
    "rank": range(8),
    **dict.fromkeys(TRAITS, (True,)),
}


def test_every_row_is_of_something_that_can_be_drawn_and_in_its_place() -> None:
    assert ROWS.keys() <= json.loads((EMBEDDED / "painter" / "names.json").read_text("utf-8")).keys()
    assert list(ROWS) == sorted(ROWS)


def test_no_row_says_what_is_unknown_or_cannot_be() -> None:
    told = [(name, what, value) for name, row in ROWS.items() for what, value in row.items()]
    assert [row for row in told if row[1] not in Thing._fields] == []
    assert [row for row in told if row[1] in VALUES and row[2] not in VALUES[row[1]]] == []
    parts = ("held_up", "deep", "share", "lenses")
    assert [row for row in told if row[1] in parts and not 0 < row[2] < 1] == []
    assert [name for name in having("head") if len(what_is(name).head) != 4] == []
    assert [name for name in ROWS if what_is(name).sorts - SORTS.keys() - {"being"}] == []


@pytest.mark.parametrize(
    ("what", "others"),
    [
        ("drawn", ALIVE),
        ("head", ALIVE),
        ("pronoun", ALIVE),
        ("walks", SORTS["bird"]),
        ("held_up", having("handy")),
        ("middle", having("worn", "face")),
        ("lenses", having("middle")),
        ("around", having("middle")),
        ("many", having("seat")),
        ("holds", having("seat")),
    ],
)
def test_a_row_does_not_contradict_itself(what: str, others: frozenset[str]) -> None:
    assert having(what) - others == frozenset()


def test_what_is_no_thing_and_what_is_no_attribute() -> None:
    assert what_is("wombat") == BARE
    with pytest.raises(AttributeError):
        having("size")
