"""What words do to a marked part of a picture: "this" is what stands there, and it goes only where it is sent away."""

from __future__ import annotations

import pytest
from composing import SQUARES, names, of, seeded
from PIL import Image

from models.painter import ScenePipeline
from models.scene.composer import Composer
from models.scene.planner import Region

ON_THE_CAT = Region(3, 6, 12, 14)
BESIDE = Region(0, 0, 6, 4)


@pytest.mark.parametrize(
    ("words", "region", "shown"),
    [
        *[(words, ON_THE_CAT, None) for words in ("what is this?", "brighter", "hello", "I like this part", "nothing")],
        *[(words, ON_THE_CAT, None) for words in ("crop to this", "make this nicer", "remove the dog", "undo")],
        *[(words, BESIDE, None) for words in ("remove this", "make it blue", "what is here?")],
        *[(words, ON_THE_CAT, []) for words in ("remove this", "delete it", "get rid of the cat")],
        ("a yellow bird", BESIDE, ["bird", "cat"]),
        ("put a bird here", ON_THE_CAT, ["bird", "cat"]),
        ("give it sunglasses", ON_THE_CAT, ["cat", "sunglasses"]),
        ("replace this with a dog", ON_THE_CAT, ["dog"]),
        ("make it smaller", ON_THE_CAT, ["cat"]),
    ],
)
def test_a_marked_part_changes_as_the_words_say_and_else_stays(
    composer: Composer, words: str, region: Region, shown: list[str] | None
) -> None:
    before = composer.plan("a cat on the beach", SQUARES, seeded(1))
    after = composer.plan_edit(words, before, SQUARES, seeded(2), region=region)
    assert after == before if shown is None else (after != before and names(composer, after) == shown)


@pytest.mark.parametrize("region", [Region(5, 6, 11, 11), Region(6, 9, 8, 11), Region(0, 10, 7, 16)])
def test_this_is_what_the_mark_covers_most_of_and_what_is_dyed_stays_where_it_is(
    composer: Composer, region: Region
) -> None:
    before = composer.plan("a boy and a dog in a park", SQUARES, seeded(1))
    after = composer.plan_edit("make this blue", before, SQUARES, seeded(2), region=region)
    [old] = [one for one in before.things if one not in after.things]
    [new] = [one for one in after.things if one not in before.things]
    assert (old.thing, old.column, old.row, old.side) == (new.thing, new.column, new.row, new.side)
    assert before.things.index(old) == after.things.index(new)


def test_what_a_mark_covers_half_of_goes_whole(pipeline: ScenePipeline) -> None:
    picture = pipeline.paint("a cat on the beach", generator=seeded(1)).picture
    [cat] = of(pipeline.composer, pipeline.reading(picture).layout, "cat")
    left, top, side = (16 * edge for edge in (cat.column, cat.row, cat.side))
    mask = Image.new("L", picture.size)
    mask.paste(255, (left + side // 3, top + side // 3, left + side, top + side))
    changed = pipeline.edit("remove this", picture, mask, generator=seeded(1)).changed
    assert changed is not None and changed.crop((left, top, left + side, top + side)).getextrema() == (255, 255)
    added = pipeline.edit("a ball", picture, mask, generator=seeded(1)).changed
    assert added is not None and not Image.composite(Image.new("L", mask.size), added, mask).getbbox()


@pytest.mark.parametrize("box", [(154, 26, 243, 102), (20, 20, 90, 84)])
def test_what_comes_into_a_mark_is_not_cut_off_at_its_edge(
    pipeline: ScenePipeline, box: tuple[int, int, int, int]
) -> None:
    picture = pipeline.paint("a fox in the snow", generator=seeded(1)).picture
    mask = Image.new("L", picture.size)
    mask.paste(255, box)
    [moon] = of(pipeline.composer, pipeline.edit("add a moon here", picture, mask, generator=seeded(2)).layout, "moon")
    left, top, side = (16 * edge for edge in (moon.column, moon.row, moon.side))
    assert box[0] <= left and box[1] <= top and left + side <= box[2] and top + side <= box[3]
