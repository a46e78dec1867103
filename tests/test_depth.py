"""Depth: large things behind small ones, who sits in a tree, looks over a cake, or holds something; what stays."""

from __future__ import annotations

import numpy as np
import pytest
from composing import SQUARES, of, played, seeded

from models.chat.conversation import Action, Exchange, Scene, ShelfPicture, Step
from models.chat.ellipsis import the_same_for
from models.painter import ScenePipeline
from models.rendering.layout import Layout, Placed
from models.scene.arranging import shared
from models.scene.believable import looms
from models.scene.composer import Composer


def foot(one: Placed) -> int:
    return one.row + one.side


@pytest.mark.parametrize(
    ("first", "change", "large", "small"),
    [
        ("a dog in the garden", "a fire truck comes", "fire truck", "dog"),
        ("a girl in the park", "add a house", "house", "girl"),
        ("two boys on the beach", "add a ship", "ship", "boy"),
    ],
)
def test_what_is_much_larger_comes_larger_and_behind(
    composer: Composer, seed: int, first: str, change: str, large: str, small: str
) -> None:
    before, after = played(composer, seed, first, change)
    assert set(before.things) < set(after.things)
    [new], old = of(composer, after, large), of(composer, after, small)
    assert all(new.side > one.side and foot(new) < foot(one) for one in old)
    assert after.things.index(new) < min(map(after.things.index, old))


def test_little_things_stand_before_a_house_that_is_larger(composer: Composer, seed: int) -> None:
    [layout] = played(composer, seed, "three little pigs in front of a brick house")
    [house], pigs = of(composer, layout, "house"), of(composer, layout, "pig")
    assert len(pigs) == 3 and all(house.side > pig.side and foot(house) <= foot(pig) for pig in pigs)


def test_a_size_is_that_of_what_it_is_said_of(composer: Composer) -> None:
    [layout] = played(composer, 1, "a big fox and a small fox")
    assert len({one.side for one in of(composer, layout, "fox")}) == 2
    [layout] = played(composer, 1, "a tiny castle and a princess")
    assert of(composer, layout, "castle")[0].side < of(composer, layout, "princess")[0].side


def test_an_owl_in_a_tree_brings_the_tree_and_sits_in_it(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "kids at a campfire", "add an owl in a tree")
    [tree], [owl] = of(composer, after, "tree"), of(composer, after, "owl")
    assert set(before.things) < set(after.things)
    assert shared(owl, tree) == owl.side**2 and foot(owl) < foot(tree) - tree.side // 4 and owl.side < tree.side


def test_what_others_come_to_is_one_and_stays(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "a campfire", "add three kids sitting around the fire")
    assert set(before.things) < set(after.things) and len(after.things) == 4


def test_more_of_a_kind_leave_the_first_alone(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "a house with balloons", "more balloons")
    assert set(before.things) < set(after.things)


def test_who_is_behind_looks_over_it_where_there_is_no_room_beside(composer: Composer, seed: int) -> None:
    *_, before, after = played(
        composer, seed, "a birthday cake", "put a cat next to it", "add two presents", "a kid behind the cake"
    )
    [kid], [cake] = of(composer, after, "boy"), of(composer, after, "cake")
    assert kid.row < cake.row < foot(kid) and after.things.index(kid) < after.things.index(cake)
    assert kid.side >= cake.side // 2 and set(before.things) < set(after.things)


def test_what_a_large_head_holds_hides_no_face(composer: Composer) -> None:
    bear = Placed(composer.planner.world.things.index("bear"), 0, 12, 2, 3)
    after = composer.plan_edit("it's holding a honey pot", Layout((0, 0, 0, 0), (bear,)), SQUARES, seeded(1))
    [pot] = of(composer, after, "honey pot")
    assert bear in after.things and shared(pot, bear) < 0.25 * bear.side**2 and pot.over(bear)


def test_palms_at_both_sides_of_somebody_are_no_toys(composer: Composer) -> None:
    *_, after = played(composer, 1, "a woman at the beach", "add palm trees on both sides")
    palms, [woman] = of(composer, after, "palm tree"), of(composer, after, "woman")
    assert [palm.side for palm in palms] == [6, 6] and all(foot(palm) < foot(woman) for palm in palms)
    assert {palm.column for palm in palms} == {0, 10} and looms(palms[0], woman, composer.planner.world)


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ("mountains in the background", "sea"),  # where the canoe stays afloat
        ("the canoe goes through a jungle", "jungle"),
    ],
)
def test_a_canoe_is_not_left_dry_nor_lost(composer: Composer, change: str, after: str) -> None:
    before, layout = played(composer, 1, "two boys in a canoe on a lake", change)
    assert composer.planner.world.places[layout.about[0]] == after
    assert {one.thing for one in before.things} <= {one.thing for one in layout.things}


@pytest.mark.parametrize(
    ("before", "said", "now"),
    [
        ("the elephant has an ice cream", "the mouse too", "the mouse has an ice cream"),
        ("give the cat a hat", "the dog as well", "give the dog a hat"),
        ("add a hat to the fox", "and the cat too", "add a hat to the cat"),
    ],
)
def test_the_same_is_meant_for_who_is_named_too(before: str, said: str, now: str) -> None:
    shelf = (ShelfPicture(1, "a zoo"), ShelfPicture(2, before, "edit", (1,)))
    past = (Exchange(before, (Step("edit_image", {"image": 1, "instruction": before}, (2,)),)),)
    assert the_same_for(Scene(said, shelf, past=past), Action.edit(2, said)) == Action.edit(2, now)
    painted = (Exchange("a zoo", (Step("generate_image", {"prompt": "a zoo"}, (2,)),)),)
    assert the_same_for(Scene(said, shelf, past=painted), Action.edit(2, said)) is None


def test_an_edit_leaves_no_seam_in_the_shadows_beside_what_came(pipeline: ScenePipeline) -> None:
    cake = pipeline.paint("a birthday cake", generator=seeded(3)).picture
    edited = pipeline.edit("put a cat next to it", cake, generator=seeded(3))
    anew = pipeline._painted(edited.layout, SQUARES, None, 1.0, 1, seeded(3), None)  # pyright: ignore[reportPrivateUsage]
    assert edited.changed is not None
    changed = np.asarray(edited.changed) > 0
    now, new, before = (np.asarray(one, dtype=float) for one in (edited.picture, anew, cake))
    assert np.abs(now - new)[changed].mean() < 1.5  # of 255: what changed is as in a new picture,
    assert np.abs(now - before)[~changed].mean() < 1.5  # the rest as it was, before its very pixels are put back


@pytest.mark.parametrize(
    ("first", "change", "now"),
    [
        ("a boy with a red shirt next to a ball", "take the boy away", "ball;"),
        ("a girl with a hat and glasses and a dog", "remove the girl", "dog;"),
        ("a girl with a hat and glasses", "remove the girl but leave the hat", "hat;"),
        ("a ship on the sea", "there is a storm coming, with lightning", "ship; sea, storm"),
        ("two hot dogs in the kitchen", "add a dog", "2 × hot dog, dog; kitchen"),
        ("a cake in a room", "make it pink in the background", "cake; pink background"),
        ("two hens on a farm", "no barn, a tractor instead", "2 × chicken"),
        (
            "three ducks on the sea",
            "the ducks should be yellow, blue and pink",
            "yellow duck, blue duck, pink duck; sea",
        ),
        ("a house with two trees", "what would it look like in autumn", "maple leaf"),
        ("a pirate ship on the sea", "a seagull flies over the ship", "boat, dove; sea"),
    ],
)
def test_nothing_is_left_behind_doubled_or_taken_for_another(
    composer: Composer, first: str, change: str, now: str
) -> None:
    before, after = played(composer, 1, first, change)
    said = composer.planner.world.said(after)
    assert (said.startswith(now) or now in said) and after != before
    assert "snow" not in said


def test_what_is_alone_makes_room_for_its_like(composer: Composer, seed: int) -> None:
    before, after = played(composer, seed, "a fox in the park", "add another fox")
    [one] = before.things
    assert len({fox.side for fox in after.things}) == 1 and after.things[0].side <= one.side
