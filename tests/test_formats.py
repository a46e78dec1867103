"""Pictures wider or higher than the planner was taught: planned smaller, and nothing that stays moves."""

from __future__ import annotations

import pytest
import torch

from models.painter import ScenePipeline
from models.rendering.layout import Layout, Placed
from models.scene.formats import Format
from models.scene.planner import Region
from models.weights import EMBEDDED


@pytest.mark.parametrize(
    ("squares", "planned"),
    [((16, 16), (16, 16)), ((20, 12), (20, 12)), ((28, 16), (20, 12)), ((16, 24), (12, 20)), ((24, 24), (16, 16))],
)
def test_a_large_picture_is_planned_in_the_nearest_format_that_was_taught(
    squares: tuple[int, int], planned: tuple[int, int]
) -> None:
    assert Format.of(squares) == Format(squares, planned)


def test_what_is_not_moved_is_where_it_was_to_the_square() -> None:
    form = Format.of((28, 16))
    before = Layout((0, 0, 0, 0), (Placed(1, 0, 8, 9, 7), Placed(2, 3, 5, 21, 9)))
    planned = form.shrunk(before)
    assert all(one.column + one.side <= 20 and one.row + one.side <= 12 for one in planned.things)
    assert form.grown(planned, before) == before
    dyed, new = Placed(1, 5, *_box(planned.things[0])), Placed(7, 0, 6, 14, 5)
    grown = form.grown(Layout((0, 0, 0, 0), (dyed, new)), before)
    assert grown.things == (Placed(1, 5, 8, 9, 7), Placed(7, 0, 8, 20, 7))


def _box(one: Placed) -> tuple[int, int, int]:
    return one.side, one.column, one.row


def test_a_region_is_as_much_smaller() -> None:
    assert Region(14, 4, 28, 16).over(1.4, 4 / 3) == Region(10, 3, 20, 12)
    assert Region(27, 15, 28, 16).over(1.4, 4 / 3) == Region(19, 11, 20, 12)


def test_the_right_of_a_wide_picture_is_its_right() -> None:
    composer = ScenePipeline.load(EMBEDDED / "painter").composer
    before, squares = composer.plan("a wolf in the mountains", (16, 16), _seeded()).extended(
        (16, 16), (0.375, 0, 0.375, 0)
    )
    for side, there in (("left", range(7)), ("right", range(15, 28))):
        after = composer.plan_edit(f"add a deer on the {side}", before, squares, _seeded())
        deer = next(one for one in after.things if one not in before.things)
        assert set(before.things) < set(after.things)
        assert composer.planner.world.things[deer.thing] == "deer" and deer.column in there


def _seeded() -> torch.Generator:
    return torch.Generator().manual_seed(3)
