"""What comes to a picture is seen, stands where it is said and where it belongs, and leaves the rest as it was."""

from __future__ import annotations

import numpy as np
import pytest
from composing import SQUARES, of, seeded

from models.painter import ScenePipeline
from models.rendering.layout import SIDES, Layout, Placed
from models.scene.arranging import shared
from models.scene.clearing import cleared
from models.scene.composer import Composer
from models.scene.moons import moon_at, with_one_moon
from models.scene.seats import Seats
from models.scene.unchanged import why_unchanged
from training.scenes import Scene, backdrop


def layout(composer: Composer, about: str, *things: tuple[str, int, int, int]) -> Layout:
    world = composer.planner.world
    place, light, weather = about.split(", ") if ", " in about else (about, "day", "clear")
    placed = tuple(Placed(world.things.index(name), 0, side, column, row) for name, side, column, row in things)
    surroundings = (world.places.index(place), world.lights.index(light), world.weathers.index(weather), 0)
    return Layout(surroundings, placed)


def foot(one: Placed) -> int:
    return one.row + one.side


TABLE = ("table", 10, 3, 4)
APPLES = (("apple", 4, 3, 4), ("apple", 4, 6, 4), ("apple", 4, 9, 4))


def test_more_of_what_is_on_a_table_comes_onto_it(composer: Composer, seed: int) -> None:
    before = layout(composer, "kitchen", TABLE, *APPLES)
    after = composer.plan_edit("now five apples", before, SQUARES, seeded(seed))
    [table], apples = of(composer, after, "table"), of(composer, after, "apple")
    assert table in before.things and len({(one.column, one.row) for one in apples}) == 5
    assert all(table.column <= one.column and one.column + one.side <= table.column + table.side for one in apples)
    assert len({foot(one) for one in apples}) == 1 and foot(apples[0]) < foot(table) - 3


@pytest.mark.parametrize("said", ["put a banana next to the apples", "a pear next to them"])
def test_what_is_put_next_to_things_on_a_table_is_on_it(composer: Composer, seed: int, said: str) -> None:
    before = layout(composer, "kitchen", TABLE, *APPLES[:2])
    after = composer.plan_edit(said, before, SQUARES, seeded(seed))
    [new] = [one for one in after.things if one not in before.things]
    assert set(before.things) < set(after.things) and foot(new) == foot(before.things[1])


def test_what_comes_in_front_of_something_is_before_its_lower_half(composer: Composer, seed: int) -> None:
    before = layout(composer, "forest", ("tent", 8, 8, 5))
    after = composer.plan_edit("put a campfire in front of the tent", before, SQUARES, seeded(seed))
    [tent], [fire] = of(composer, after, "tent"), of(composer, after, "fire")
    assert tent in before.things and after.things.index(fire) > after.things.index(tent)
    assert tent.column <= fire.column + fire.side / 2 <= tent.column + tent.side
    assert foot(fire) > foot(tent) and fire.row >= tent.row + tent.side // 3


def test_two_who_come_above_others_are_told_apart(composer: Composer, seed: int) -> None:
    before = layout(composer, "garden", ("man", 6, 1, 8), ("bride", 8, 8, 7))
    after = composer.plan_edit("and two doves above them", before, SQUARES, seeded(seed))
    first, second = of(composer, after, "dove")
    assert shared(first, second) <= 0.35 * min(first.side, second.side) ** 2


def test_more_of_a_kind_is_as_large_as_it_is(composer: Composer, seed: int) -> None:
    before = layout(composer, "yellow background", ("bee", 6, 1, 7), ("honey pot", 8, 8, 6))
    after = composer.plan_edit("two more bees please", before, SQUARES, seeded(seed))
    bees = of(composer, after, "bee")
    assert len(bees) == 3 and before.things[0] in bees and all(bee.side >= 4 for bee in bees)


def test_now_there_are_three_keeps_the_one_there_was(composer: Composer, seed: int) -> None:
    before = layout(composer, "city", ("alien", 5, 10, 8), ("car", 8, 1, 6), ("dog", 4, 9, 12))
    after = composer.plan_edit("now there are 3 aliens", before, SQUARES, seeded(seed))
    aliens = of(composer, after, "alien")
    assert set(before.things) < set(after.things) and len({(one.column, one.row) for one in aliens}) == 3


def test_what_is_large_in_life_stands_behind_on_its_side(composer: Composer, seed: int) -> None:
    before = layout(composer, "harbour", ("boat", 6, 0, 6), ("boat", 6, 6, 6))
    after = composer.plan_edit("put a lighthouse on the right", before, SQUARES, seeded(seed))
    [lighthouse] = of(composer, after, "lighthouse")
    assert lighthouse.side >= 5 and lighthouse.column + lighthouse.side / 2 > 10


def test_a_balloon_over_somebody_does_not_shrink_with_him(composer: Composer) -> None:
    before = layout(composer, "garden", ("unicorn", 8, 2, 6), ("balloon", 4, 4, 3), ("cake", 5, 11, 9))
    after = composer.plan_edit("the unicorn is too big, make it smaller", before, SQUARES, seeded(1))
    assert set(before.things[1:]) < set(after.things) and of(composer, after, "unicorn")[0].side < 8


def test_what_is_as_small_as_can_be_is_told_and_nothing_else_shrinks(composer: Composer, seed: int) -> None:
    before = layout(composer, "garden", ("table", 6, 0, 6), ("ice cream", SIDES[0], 1, 5), ("chair", 4, 9, 12))
    assert composer.plan_edit("make the ice cream smaller", before, SQUARES, seeded(seed)) == before
    assert why_unchanged("make the ice cream smaller", before, composer.hear) == (
        "Nothing would change: the ice cream cannot be any smaller."
    )


@pytest.mark.parametrize("view", range(16))
def test_a_backdrops_moon_is_where_it_is_taken_to_be(view: int) -> None:
    across, down = moon_at(view)
    night = np.asarray(backdrop(Scene("meadow", (), "none", light="night", seed=view), (256, 256)), dtype=float)
    rows, columns = np.nonzero(np.linalg.norm(night - (250, 244, 208), axis=-1) < 12)  # the moon's own colour
    assert len(rows) > 100
    assert abs(np.median(columns) / 256 - across) < 0.05 and abs(np.median(rows) / 256 - down) < 0.05


@pytest.mark.parametrize("said", ["the moon over a lake", "a house under the moon", "a hill, the moon behind it"])
def test_a_moon_that_is_over_or_behind_something_is_that_of_the_sky(composer: Composer, said: str) -> None:
    night = layout(composer, "meadow, night, clear", ("house", 6, 5, 6), ("moon", 4, 1, 9))
    shown = with_one_moon(said, night, Layout(night.about), composer.planner.world, SQUARES)
    across, down = moon_at(night.view)
    [moon] = of(composer, shown, "full moon")
    assert moon.column <= across * 16 <= moon.column + moon.side and moon.row <= down * 16 <= moon.row + moon.side


@pytest.mark.parametrize("seed", [1, 2])
def test_a_night_has_one_moon_and_a_day_none(pipeline: ScenePipeline, seed: int) -> None:
    world = pipeline.composer.planner.world
    night = pipeline.paint("an owl in a tree at night", generator=seeded(seed)).picture
    moonlit = pipeline.edit("put the moon in the sky", night, generator=seeded(seed))
    [moon] = of(pipeline.composer, moonlit.layout, "full moon")
    across, down = moon_at(moonlit.layout.view)
    assert moon.column <= across * 16 <= moon.column + moon.side and moon.row <= down * 16 <= moon.row + moon.side
    day = pipeline.edit("now it's morning and the sun is shining", moonlit.picture, generator=seeded(seed)).layout
    assert world.lights[day.about[1]] == "day" and of(pipeline.composer, day, "sun")
    assert not of(pipeline.composer, day, "full moon")


@pytest.mark.parametrize(
    ("about", "things", "said", "shown"),
    [
        ("garden", ("cat",), "make it sunny", "cat, sun; garden"),
        ("garden", ("cat",), "a bit of sunshine", "cat, sun; garden"),
        ("garden, day, rain", ("cat",), "more sun please", "cat; garden"),
        ("room", ("sofa",), "hang a picture above the sofa", "sofa, framed painting; room"),
        ("stage", ("skull", "guitar"), "ok for the tshirt i need just the skull on white", "skull; white background"),
        ("park", ("dog", "cat"), "keep only the cat", "cat; park"),
        ("sea", ("boat", "man", "fish"), "just the fish in a bucket", "bucket, fish; sea"),
        ("meadow", ("bear", "owl"), "they are home in the bedroom, the bear is in bed", "owl, bed, bear; room"),
        ("sea", ("boat",), "and my dog should be in the boat too", "boat, dog; sea"),
        ("sea", ("boat",), "put an old man with a beard in it", "boat, bearded man; sea"),
        ("sea, day, storm", ("boat",), "no, make it calm with a sunset", "boat; sea, sunset"),
        ("garden", ("cat",), "make it sunny with a blue sky", "cat, sun; garden"),
        ("room", ("bed",), "and a window with stars outside", "bed, window; room"),
        ("garden", ("house",), "a teddy bear next to the house, not too big", "house, teddy bear; garden"),
        ("farm", ("tractor",), "a little boy should be standing by the tractor", "tractor, boy; farm"),
        ("park", ("tree", "dog"), "make it autumn", "orange tree, dog, maple leaf; park"),
        ("kitchen", ("table", "apple", "apple"), "make them red", "table, 2 × red apple; kitchen"),
    ],
)
def test_plain_wishes_come_out(composer: Composer, about: str, things: tuple[str, ...], said: str, shown: str) -> None:
    places = {1: ((8, 4, 6),), 2: ((6, 1, 9), (6, 9, 9)), 3: ((6, 0, 9), (4, 6, 11), (4, 11, 11))}[len(things)]
    before = layout(composer, about, *((name, *where) for name, where in zip(things, places, strict=True)))
    after = composer.plan_edit(said, before, SQUARES, seeded(2))
    assert composer.planner.world.said(after) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a red apple on white", "red apple; white background"),
        ("a harbour with a boat early in the morning", "boat; harbour, sunset"),
    ],
)
def test_plain_requests_come_out(composer: Composer, said: str, shown: str) -> None:
    assert composer.planner.world.said(composer.plan(said, SQUARES, seeded(2))) == shown


def test_who_has_headphones_has_them_around_the_head(composer: Composer, seed: int) -> None:
    made = composer.plan("a skull with headphones on a black background", SQUARES, seeded(seed))
    [skull], [phones] = of(composer, made, "skull"), of(composer, made, "headphones")
    assert phones.side >= 0.75 * skull.side and abs(2 * (phones.column - skull.column) + phones.side - skull.side) <= 2


def test_what_is_on_something_goes_to_its_side_with_it(composer: Composer, seed: int) -> None:
    before = layout(composer, "farm", ("farmer", 4, 0, 12), ("tractor", 8, 4, 6), ("pig", 5, 5, 9), ("boy", 5, 9, 11))
    after = composer.plan_edit("put an owl in a tree on the right", before, SQUARES, seeded(seed))
    [owl], [tree] = of(composer, after, "owl"), of(composer, after, "tree")
    assert set(before.things) < set(after.things) and tree.column + tree.side / 2 > 9
    assert tree.column <= owl.column + owl.side / 2 <= tree.column + tree.side and tree.row < foot(owl) < foot(tree)


def test_a_star_on_top_of_a_tree_is_at_its_top(composer: Composer, seed: int) -> None:
    before = layout(composer, "city", ("christmas tree", 8, 4, 6))
    [tree, star] = composer.plan_edit("a star on top of the tree", before, SQUARES, seeded(seed)).things
    assert tree == before.things[0] and star.side <= 4
    assert tree.row < foot(star) <= tree.row + 2 and abs(2 * (star.column - tree.column) + star.side - tree.side) <= 2


@pytest.mark.parametrize("thing", ["sun", "full moon", "star", "cloud"])
@pytest.mark.parametrize(
    "where", ["on the right", "on the far right", "to the right of the horse", "on the right side"]
)
def test_what_belongs_in_the_sky_is_there_on_a_side_too(composer: Composer, seed: int, thing: str, where: str) -> None:
    before = layout(composer, "meadow", ("horse", 8, 3, 5))
    after = composer.plan_edit(f"add a {thing} {where}", before, SQUARES, seeded(seed))
    [new] = of(composer, after, thing)
    assert new.row <= 1 and new.column + new.side / 2 > 8 and before.things[0] in after.things


@pytest.mark.parametrize(("said", "stays"), [("add a tree on the right", True), ("put the owl on a tree", False)])
def test_what_comes_carries_nothing_that_is_not_put_on_it(composer: Composer, said: str, stays: bool) -> None:
    before = layout(composer, "meadow", ("house", 8, 2, 5), ("owl", 3, 6, 3))
    came = layout(composer, "meadow", ("house", 8, 2, 5), ("tree", 8, 4, 4), ("owl", 3, 6, 3))
    after = cleared(said, came, before, Seats(composer.planner.world, SQUARES, composer.silhouettes))
    assert of(composer, after, "tree") != of(composer, came, "tree")
    assert (of(composer, after, "owl") == of(composer, before, "owl")) is stays


def test_those_who_come_together_are_alike_in_size(composer: Composer, seed: int) -> None:
    before = layout(composer, "meadow", ("tractor", 8, 1, 6), ("cow", 5, 10, 9))
    first, second = of(composer, composer.plan_edit("add two pigs", before, SQUARES, seeded(seed)), "pig")
    assert 0.75 <= first.side / second.side <= 1.34


FULL = (
    ("table", 6, 10, 6), ("man", 5, 0, 6), ("grill", 8, 4, 6), ("hot dog", 4, 4, 5), ("hot dog", 4, 8, 5),
    ("champagne bottle", 3, 10, 5), ("burger", 3, 12, 5), ("burger", 3, 13, 5), ("man", 5, 11, 11), ("owl", 4, 6, 12),
)  # fmt: skip


def test_in_a_full_picture_nothing_goes_for_what_comes(composer: Composer, seed: int) -> None:
    before = layout(composer, "garden", *FULL)
    said = "there should be a dog under the table"
    assert composer.plan_edit(said, before, SQUARES, seeded(seed)) == before
    assert why_unchanged(said, before, composer.hear).startswith("The picture is full: it holds 10 things at most")


def test_what_goes_from_a_full_picture_makes_room_for_what_comes(composer: Composer, seed: int) -> None:
    before = layout(composer, "garden", *FULL)
    after = composer.plan_edit("add a cat and take the owl out", before, SQUARES, seeded(seed))
    assert of(composer, after, "cat") and not of(composer, after, "owl") and len(after.things) == 10


@pytest.mark.parametrize("said", ["remove everything except the chickens", "take away all but the chicken"])
def test_nothing_goes_where_what_is_spared_is_not_there(composer: Composer, said: str) -> None:
    before = layout(composer, "kitchen", TABLE, *APPLES)
    assert composer.plan_edit(said, before, SQUARES, seeded(1)) == before
    assert why_unchanged(said, before, composer.hear) == (
        "Nothing would change: the picture has no chickens that could stay; name something that it shows."
    )
    with_one = layout(composer, "kitchen", TABLE, ("chicken", 4, 9, 9))
    after = composer.plan_edit(said, with_one, SQUARES, seeded(1))
    assert of(composer, after, "chicken") == list(after.things)
