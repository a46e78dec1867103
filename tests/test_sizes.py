"""Every word for a size makes a thing as large as the others that say the same."""

from __future__ import annotations

import pytest
from composing import SQUARES, of, seeded

from models.scene.composer import Composer


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        *((word, "huge") for word in ("humongous", "gargantuan", "colossal", "towering")),
        *((word, "tiny") for word in ("teensy", "smol", "minuscule", "microscopic")),
    ],
)
def test_rare_words_for_a_size_are_as_good_as_plain_ones(composer: Composer, word: str, plain: str) -> None:
    before = composer.plan("a cat and a fox in a meadow", SQUARES, seeded(1))
    for said in ("make the cat {}", "add a {} dog"):
        as_said, as_plain = (
            composer.plan_edit(said.format(size), before, SQUARES, seeded(1)) for size in (word, plain)
        )
        name = said.split()[-1].replace("{}", "cat")
        assert [one.side for one in of(composer, as_said, name)] == [one.side for one in of(composer, as_plain, name)]
