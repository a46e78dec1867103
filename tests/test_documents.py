"""What the documents say in figures and examples is so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from models.errors import BadRequest
from models.scene.composer import Composer
from models.weights import EMBEDDED
from tools.settings import Limits, Settings
from tools.shown import unasked

ROOT = Path(__file__).parents[1]
README, CHANGELOG = ((ROOT / name).read_text("utf-8") for name in ("README.md", "CHANGELOG.md"))
CARD = (EMBEDDED / "painter" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_has_every_setting(name: str) -> None:
    assert f"`EASEL_{name.upper()}" in README


@pytest.mark.parametrize("name", Limits.model_fields)
def test_the_readme_has_every_limit_with_its_default(name: str) -> None:
    (row,) = (line for line in README.splitlines() if f"__{name.upper()}`" in line)
    variables, values, _ = (cell.split(", ") for cell in row.strip("| ").split(" | "))
    place = next(place for place, variable in enumerate(variables) if variable.endswith(f"__{name.upper()}`"))
    assert values[place] == f"`{getattr(Limits(), name):.0f}`"


def test_the_numbers_of_names_and_dialogues_are_right() -> None:
    names = json.loads((EMBEDDED / "painter" / "names.json").read_text("utf-8"))
    dialogues = (ROOT / "agent" / "eval" / "dialogues.jsonl").read_text("utf-8").splitlines()
    count = f"{sum(map(len, names.values())):,} names"
    assert f"{len(names)} things under {count}" in CHANGELOG and count in CARD
    assert f"plays {len(dialogues)} short dialogues" in CHANGELOG


@pytest.mark.parametrize("seed", range(3))
def test_what_the_card_says_of_the_unknown_is_so(composer: Composer, seed: int) -> None:
    assert "a yeti comes as a monster, and Easel says so; a wombat is refused" in CARD
    shows = composer.planner.world.said(composer.plan("a yeti", (16, 16), torch.Generator().manual_seed(seed)))
    assert shows.startswith("monster;") and unasked("a yeti", [shows]) == ["monster"]
    with pytest.raises(BadRequest, match="knows nothing like “a wombat”"):
        composer.plan("a wombat", (16, 16), torch.Generator().manual_seed(seed))
