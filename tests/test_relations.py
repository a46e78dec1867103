"""Where words put one thing by another."""

from __future__ import annotations

import pytest
import torch

from models.rendering.layout import Layout, Placed
from models.scene.arranging import on_a_head
from models.scene.composer import Composer
from models.scene.flanks import stood_aside

EXTENT = (16, 16)


def placed(composer: Composer, *things: str) -> Layout:
    """Things side by side on a meadow."""
    world = composer.planner.world
    return Layout(
        (0, 0, 0, 0), tuple(Placed(world.things.index(name), 0, 5, 6 * n, 9) for n, name in enumerate(things))
    )


def after(composer: Composer, said: str, before: Layout) -> dict[str, Placed]:
    """What there is after an edit, by its name."""
    made = composer.plan_edit(said, before, EXTENT, torch.Generator().manual_seed(3))
    return {composer.planner.world.things[one.thing]: one for one in made.things}


def middle(one: Placed) -> float:
    return one.column + one.side / 2


@pytest.mark.parametrize(
    ("said", "things"),
    [
        ("put a bird on the elephant", ("elephant", "mouse")),
        ("add a small bird on top of the elephant", ("elephant", "mouse")),
        ("put a bird on it", ("elephant",)),
        ("a bird sitting on the elephant", ("elephant", "house")),
        ("put a bird on top", ("elephant",)),
        ("put a bird on its back", ("elephant",)),
    ],
)
def test_what_is_new_stands_on_a_thing(composer: Composer, said: str, things: tuple[str, ...]) -> None:
    now = after(composer, said, placed(composer, *things))
    assert now["bird"].side < now["elephant"].side
    assert abs(middle(now["bird"]) - middle(now["elephant"])) <= 1
    assert (
        now["elephant"].row < now["bird"].row + now["bird"].side <= now["elephant"].row + now["elephant"].side / 2 + 1
    )


@pytest.mark.parametrize("said", ["the mouse on top of the elephant", "put the mouse onto the elephant"])
def test_what_is_there_is_put_on_another_and_not_doubled(composer: Composer, said: str) -> None:
    before = placed(composer, "elephant", "mouse")
    made = composer.plan_edit(said, before, EXTENT, torch.Generator().manual_seed(3))
    assert made.kinds == before.kinds
    now = after(composer, said, before)
    assert abs(middle(now["mouse"]) - middle(now["elephant"])) <= 1
    assert now["mouse"].row < now["elephant"].row


def test_who_rides_is_on_what_is_ridden_from_the_first_picture_on(composer: Composer) -> None:
    for seed in range(4):
        made = composer.plan("an astronaut riding a horse", EXTENT, torch.Generator().manual_seed(seed))
        now = {composer.planner.world.things[one.thing]: one for one in made.things}
        assert abs(middle(now["astronaut"]) - middle(now["horse"])) <= 1
        assert now["astronaut"].row < now["horse"].row


def sits_on(composer: Composer, rider: Placed, seat: Placed) -> bool:
    """Whether somebody ends on what is drawn of a seat, and looks over that."""
    top, bottom = (seat.row + part * seat.side for part in composer.silhouettes.upright(seat.thing))
    return rider.row < top <= rider.row + rider.side + 0.5 <= bottom + 0.5


def test_several_named_together_sit_side_by_side(composer: Composer) -> None:
    made = composer.plan("a boy and a girl on a sofa", EXTENT, torch.Generator().manual_seed(7))
    now = {composer.planner.world.things[one.thing]: one for one in made.things}
    assert now["boy"].column + now["boy"].side <= now["girl"].column + 1
    assert all(now[name].row <= now["sofa"].row + 1 for name in ("boy", "girl"))


@pytest.mark.parametrize("said", ["can he ride a turtle", "he should ride a turtle", "he is riding a turtle"])
def test_who_is_there_rides_what_is_new(composer: Composer, said: str) -> None:
    now = after(composer, said, placed(composer, "astronaut"))
    assert now["astronaut"].row < now["turtle"].row
    assert abs(middle(now["astronaut"]) - middle(now["turtle"])) <= 1


@pytest.mark.parametrize(
    ("prompt", "rider", "under"),
    [
        ("a hamster in a bathtub", "hamster", "bathtub"),
        ("a cat driving a taxi", "cat", "taxi"),
        ("a girl in a hat riding a horse", "girl", "horse"),
    ],
)
def test_who_sits_in_or_drives_something_is_on_it(composer: Composer, prompt: str, rider: str, under: str) -> None:
    made = composer.plan(prompt, EXTENT, torch.Generator().manual_seed(7))
    now = {composer.planner.world.things[one.thing]: one for one in made.things}
    assert sits_on(composer, now[rider], now[under])
    assert abs(middle(now[rider]) - middle(now[under])) <= 1


@pytest.mark.parametrize(
    ("said", "left", "right"),
    [
        ("move the cat to the left and the dog to the right", "cat", "dog"),
        ("cat left dog right", "cat", "dog"),
        ("put the cat on the right and the dog on the left", "dog", "cat"),
        ("the dog should be on the left and the cat on the right", "dog", "cat"),
    ],
)
def test_two_things_go_to_the_sides_that_are_said(composer: Composer, said: str, left: str, right: str) -> None:
    now = after(composer, said, placed(composer, "dog", "cat"))
    assert middle(now[left]) <= EXTENT[0] / 2 <= middle(now[right])


@pytest.mark.parametrize(
    "said",
    [
        "a tree on the left and a tree on the right",
        "add a tree on the left and another on the right",
        "put a tree on each side",
        "trees on both sides please",
    ],
)
def test_one_of_a_kind_stands_on_either_side(composer: Composer, said: str) -> None:
    made = composer.plan_edit(said, placed(composer, "house"), EXTENT, torch.Generator().manual_seed(3))
    world = composer.planner.world
    assert world.said(made) == "house, 2 × tree; meadow"
    left, right = sorted((one for one in made.things if world.things[one.thing] == "tree"), key=middle)
    assert (left.column, right.column + right.side) == (0, EXTENT[0])


def test_above_several_is_above_them_all(composer: Composer) -> None:
    now = after(composer, "put a heart above them", placed(composer, "swan", "duck"))
    assert now["heart"].row + now["heart"].side <= now["swan"].row
    assert abs(middle(now["heart"]) - (middle(now["swan"]) + middle(now["duck"])) / 2) <= 1


@pytest.mark.parametrize(
    ("said", "thing", "lowest", "highest"),
    [("put sunglasses on it", "sunglasses", 0.3, 0.6), ("the cat must wear a scarf", "scarf", 0.8, 1.3)],
)
def test_glasses_sit_on_the_nose_and_a_scarf_at_the_neck(
    composer: Composer, said: str, thing: str, lowest: float, highest: float
) -> None:
    now = after(composer, said, placed(composer, "cat"))
    worn, cat = now[thing], now["cat"]
    assert abs(middle(worn) - middle(cat)) <= 1
    assert lowest <= (worn.row + worn.side / 2 - cat.row) / cat.side <= highest
    assert list(now).index(thing) > list(now).index("cat")


def test_what_is_given_is_held_at_a_side_and_hides_nobody(composer: Composer) -> None:
    before = placed(composer, "fox")
    now = after(composer, "give the fox an umbrella", before)
    fox, umbrella = now["fox"], now["umbrella"]
    shared = min(fox.column + fox.side, umbrella.column + umbrella.side) - max(fox.column, umbrella.column)
    assert 0 <= shared <= fox.side / 4
    assert fox.row < umbrella.row + umbrella.side < fox.row + fox.side


def test_a_hat_stays_on_its_head_when_another_comes(composer: Composer) -> None:
    world = composer.planner.world
    dressed = composer.plan_edit(
        "give it a top hat", placed(composer, "penguin"), EXTENT, torch.Generator().manual_seed(1)
    )
    for seed in range(4):
        made = composer.plan_edit("another penguin", dressed, EXTENT, torch.Generator().manual_seed(seed))
        others = [one for one in made.things if not world.is_worn(one.thing)]
        assert all(on_a_head(one, others) for one in made.things if world.is_worn(one.thing))


@pytest.mark.parametrize(
    ("said", "new", "mark", "right"),
    [
        ("put a ball on the left of the dog", "ball", "dog", False),
        ("a tree to the right of the dog", "tree", "dog", True),
        ("put the dog on the right of the cat", "dog", "cat", True),
    ],
)
def test_left_and_right_of_a_thing_are_its_sides(
    composer: Composer, said: str, new: str, mark: str, right: bool
) -> None:
    now = after(composer, said, placed(composer, "dog", "cat"))
    assert (middle(now[new]) > middle(now[mark])) is right


def test_what_is_on_a_lap_is_on_no_head(composer: Composer) -> None:
    now = after(composer, "with a cat on her lap", placed(composer, "princess"))
    assert now["cat"].row >= now["princess"].row


@pytest.mark.parametrize("prompt", ["a cat wearing sunglasses on the beach", "a cat with sunglasses"])
def test_glasses_are_on_the_nose_of_a_new_picture_too(composer: Composer, prompt: str) -> None:
    made = composer.plan(prompt, EXTENT, torch.Generator().manual_seed(1))
    now = {composer.planner.world.things[one.thing]: one for one in made.things}
    assert abs(middle(now["sunglasses"]) - middle(now["cat"])) <= 1


@pytest.mark.parametrize("said", ["on a sofa", "put the cat on a sofa", "now sitting on a sofa", "put it on a chair"])
def test_who_is_there_is_put_on_what_is_new_and_falls_when_that_goes(composer: Composer, said: str) -> None:
    before = placed(composer, "cat")
    made = composer.plan_edit(said, before, EXTENT, torch.Generator().manual_seed(2))
    seat, cat = made.things
    assert sits_on(composer, cat, seat)
    assert abs(middle(cat) - middle(seat)) <= 1
    name = composer.planner.world.things[seat.thing]
    gone = composer.plan_edit(f"remove the {name}", made, EXTENT, torch.Generator().manual_seed(2))
    assert [one.row + one.side for one in gone.things] == [seat.row + seat.side]


def test_glasses_that_are_for_nobody_by_name_are_for_nobody_s_sofa(composer: Composer) -> None:
    now = after(composer, "with glasses on", placed(composer, "sofa", "cat"))
    assert abs(middle(now["glasses"]) - middle(now["cat"])) <= 1


def test_who_is_drawn_from_the_side_wears_glasses_where_the_head_is(composer: Composer) -> None:
    now = after(composer, "put glasses on the horse", placed(composer, "horse"))
    assert middle(now["glasses"]) < middle(now["horse"])
    assert now["glasses"].row + now["glasses"].side / 2 < now["horse"].row + now["horse"].side / 2


def test_a_crown_for_him_is_on_who_sits_on_top(composer: Composer) -> None:
    world = composer.planner.world
    seated = composer.plan("a frog sitting on a mushroom", EXTENT, torch.Generator().manual_seed(1))
    made = composer.plan_edit("give him a tiny crown", seated, EXTENT, torch.Generator().manual_seed(1))
    frog, crown = (one for name in ("frog", "crown") for one in made.things if world.things[one.thing] == name)
    assert on_a_head(crown, [frog])


def test_glasses_and_a_coat_are_for_her(composer: Composer) -> None:
    now = after(composer, "give her glasses and a white coat", placed(composer, "woman", "hospital"))
    assert abs(middle(now["glasses"]) - middle(now["woman"])) <= 1


def test_who_sits_on_what_is_traded_sits_on_what_comes(composer: Composer) -> None:
    seated = composer.plan_edit("on a sofa", placed(composer, "cat"), EXTENT, torch.Generator().manual_seed(2))
    cat = next(one for one in seated.things if composer.planner.world.things[one.thing] == "cat")
    assert after(composer, "replace the sofa with a chair", seated)["cat"] == cat


@pytest.mark.parametrize(
    "said",
    [
        "boy should be holding the teddy",
        "teddy in the boy's hands",
        "the teddy to his hand",
    ],
)
def test_what_is_there_is_given_to_who_is_to_hold_it(composer: Composer, said: str) -> None:
    now = after(composer, said, placed(composer, "teddy bear", "sofa", "boy"))
    assert len(now) == 3 and now["teddy bear"].over(now["boy"])
    assert abs(middle(now["teddy bear"]) - middle(now["boy"])) <= now["boy"].side / 2 + 1


@pytest.mark.parametrize(
    ("said", "rider", "under"),
    [
        ("with a princess riding", "princess", "horse"),
        ("the cow can go sit on the tractor", "cow", "tractor"),
        ("teddy tucked up in the bed", "teddy bear", "bed"),
    ],
)
def test_whatever_it_does_there_it_is_on_what_is_named(composer: Composer, said: str, rider: str, under: str) -> None:
    things = [under] if rider == "princess" else [rider, under]
    now = after(composer, said, placed(composer, *things))
    assert sits_on(composer, now[rider], now[under])
    assert abs(middle(now[rider]) - middle(now[under])) <= 2


def test_all_of_a_kind_go_where_they_are_sent(composer: Composer) -> None:
    before = placed(composer, "cupcake", "cupcake", "plate")
    made = composer.plan_edit("cupcakes on the plate", before, EXTENT, torch.Generator().manual_seed(3))
    world = composer.planner.world
    [plate] = [one for one in made.things if world.things[one.thing] == "plate"]
    cakes = [one for one in made.things if world.things[one.thing] == "cupcake"]
    assert len(cakes) == 2 and all(one.over(plate) for one in cakes)


def test_her_flowers_are_in_the_hand_of_a_woman(composer: Composer) -> None:
    now = after(composer, "some flowers in her hand", placed(composer, "man", "bride"))
    assert now["bouquet"].over(now["bride"]) and not now["bouquet"].over(now["man"])


def test_what_is_brought_beside_something_comes_and_only_that_moves_for_it(composer: Composer) -> None:
    now = after(composer, "astronaut floating left of the rocket", placed(composer, "rocket", "planet"))
    assert middle(now["astronaut"]) < middle(now["rocket"]) and set(now) == {"astronaut", "rocket", "planet"}


def _asked(composer: Composer, said: str) -> Layout:
    prompt, *edits = said.split(" > ")
    made = composer.plan(prompt, EXTENT, torch.Generator().manual_seed(7))
    for edit in edits:
        made = composer.plan_edit(edit, made, EXTENT, torch.Generator().manual_seed(8))
    return made


def _only(composer: Composer, layout: Layout, name: str) -> Placed:
    [one] = [one for one in layout.things if composer.planner.world.things[one.thing] == name]
    return one


@pytest.mark.parametrize(
    ("said", "one", "other"),
    [
        ("an old man, a flag to his right", "old man", "flag"),
        ("castle, princess left", "princess", "castle"),
        ("a teapot, a teddy bear to its right", "teapot", "teddy bear"),
        ("a boy, rose left of him", "rose", "boy"),
        ("a woman and a stack of books on the right", "woman", "stack of books"),
    ],
)
def test_a_side_in_a_request_is_that_of_who_was_named_before(
    composer: Composer, said: str, one: str, other: str
) -> None:
    layout = _asked(composer, said)
    assert middle(_only(composer, layout, one)) < middle(_only(composer, layout, other))


@pytest.mark.parametrize("said", ["a ladder on the left", "add a ladder to the left"])
def test_what_comes_on_the_left_is_left_of_all_that_is_there(composer: Composer, said: str) -> None:
    now = after(composer, said, placed(composer, "church", "hammer"))
    assert middle(now["ladder"]) < min(middle(now["church"]), middle(now["hammer"]))


def test_what_comes_on_its_left_makes_room_for_itself(composer: Composer) -> None:
    now = after(composer, "ladder on its left", placed(composer, "church"))
    assert middle(now["ladder"]) < middle(now["church"]) and not now["ladder"].over(now["church"])


def test_two_at_the_sides_have_the_rest_between_them(composer: Composer) -> None:
    layout = _asked(composer, "castle, princess left, royal guard right")
    ways = [middle(_only(composer, layout, name)) for name in ("princess", "castle", "royal guard")]
    assert ways == sorted(ways)


def test_several_at_a_side_stand_beside_one_another_there(composer: Composer) -> None:
    layout = _asked(composer, "a cyclist, two sunflowers on his left")
    cyclist, world = _only(composer, layout, "cyclist"), composer.planner.world
    flowers = [one for one in layout.things if world.things[one.thing] == "sunflower"]
    assert len(flowers) == 2 and all(middle(one) < middle(cyclist) for one in flowers)
    assert middle(flowers[0]) != middle(flowers[1])


@pytest.mark.parametrize(
    ("said", "who", "what"),
    [
        ("a man with a briefcase by a plane", "man", "briefcase"),
        ("santa holding a wrench", "santa claus", "wrench"),
        ("a goose with a knife", "goose", "knife"),
        ("an otter holding a fish", "otter", "fish"),
        ("a rooster on an alarm clock > with a megaphone", "rooster", "megaphone"),
        ("an old woman with a cat > a needle for gran", "old woman", "needle"),
        ("a singer with a microphone > a brown coat", "singer", "microphone"),
        ("an old man in a boat with a fishing rod", "old man", "fishing rod"),
    ],
)
def test_who_comes_with_something_handy_has_it_in_the_hand(composer: Composer, said: str, who: str, what: str) -> None:
    layout = _asked(composer, said)
    assert _only(composer, layout, what).over(_only(composer, layout, who))


def test_a_man_with_a_dog_does_not_carry_it(composer: Composer) -> None:
    layout = _asked(composer, "a man with a dog")
    assert not _only(composer, layout, "dog").over(_only(composer, layout, "man"))


def test_who_stands_at_the_sides_already_stays_there_hat_and_all(composer: Composer) -> None:
    cat, ball, dog = placed(composer, "cat", "ball", "dog").things
    crown = Placed(composer.planner.world.things.index("crown"), 0, 3, cat.column + 1, cat.row - 2)
    layout = Layout((0, 0, 0, 0), (cat, ball, dog, crown))
    assert stood_aside(layout, {cat.thing: "left", dog.thing: "right"}, composer.planner.world, EXTENT) == layout


def test_what_only_comes_moves_nothing(composer: Composer) -> None:
    before = placed(composer, "zombie", "gravestone")
    made = composer.plan_edit("coffin to the right", before, EXTENT, torch.Generator().manual_seed(3))
    assert set(before.things) <= set(made.things)


@pytest.mark.parametrize(
    ("said", "over", "under"),
    [
        ("a desert and a camel and on the camel there's a man with a turban", "man with a turban", "camel"),
        ("a castle, above the castle flies a dragon", "dragon", "castle"),
    ],
)
def test_a_place_may_come_before_what_stands_there(composer: Composer, said: str, over: str, under: str) -> None:
    layout = _asked(composer, said)
    one, other = _only(composer, layout, over), _only(composer, layout, under)
    assert one.row < other.row and abs(middle(one) - middle(other)) <= other.side / 2


def test_a_pronoun_may_too(composer: Composer) -> None:
    now = after(composer, "above it flies a dove", placed(composer, "motor scooter"))
    assert now["dove"].row + now["dove"].side <= now["motor scooter"].row + 1
