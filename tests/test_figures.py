"""People whom the small painter does not have, as those that it has."""

from __future__ import annotations

import pytest
import torch
from test_relations import EXTENT, placed

from models.english.naming import Names
from models.rendering.layout import Layout
from models.scene.composer import Composer
from models.scene.figures import FIGURES, drawn, one_by_one


def shown(composer: Composer, layout: Layout) -> list[str]:
    return sorted(composer.planner.world.things[one.thing] for one in layout.things)


def test_figures_are_drawn_as_things_of_the_world_and_are_none_of_them(composer: Composer) -> None:
    things, names = composer.planner.world.things, Names.shipped()
    for name, (who, has) in FIGURES.items():
        assert who in things, name
        assert has in ("", *things), name
        whole = [said for said in names.said(name) if said.end - said.start == len(name)]
        assert not whole, f"{name} is a {things[whole[0].thing]}"


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("a king and an archer", "a man and a man"),
        ("three cowboys, two thieves", "three men, two men"),
        ("add his sister", "add his girl"),
        ("a viking rides a horse", "a bearded man rides a horse"),
        ("an old castle and the prince in front of it", "an old castle and the boy in front of it"),
        ("a couple on a bench", "a man and a woman on a bench"),
        ("a family at the beach", "a man, a woman, a boy and a girl at the beach"),
    ],
)
def test_a_figure_is_said_as_whom_it_is_drawn_as(said: str, plain: str) -> None:
    assert drawn(one_by_one(said), Names.shipped())[0] == plain


@pytest.mark.parametrize(
    "said",
    [
        "a pirate ship and a king penguin",
        "a king size bed",
        "my brother wants a violin",
        "a couple of cows",
        "a family of ducks",
        "the king of the jungle",
        "the fisherman's boat",
        "a cowboy hat",
        "this is for my niece, she loves unicorns",
    ],
)
def test_what_only_sounds_like_a_figure_is_left(said: str) -> None:
    assert drawn(said, Names.shipped()) == (said, [])


@pytest.mark.parametrize(
    ("said", "things"),
    [
        ("a king", ["crown", "man"]),
        ("a king with a golden crown", ["crown", "man"]),
        ("a fisherman in a boat", ["boat", "fishing rod", "man"]),
        ("a knight and a dragon", ["dragon", "royal guard", "sword"]),
        ("a waiter with a pizza", ["man", "pizza"]),
    ],
)
def test_a_figure_comes_with_what_makes_it(composer: Composer, said: str, things: list[str]) -> None:
    assert shown(composer, composer.plan(said, EXTENT, torch.Generator().manual_seed(7))) == things


def test_a_figure_is_spoken_of_and_goes_with_what_it_came_with(composer: Composer) -> None:
    def after(said: str, before: Layout) -> Layout:
        return composer.plan_edit(said, before, EXTENT, torch.Generator().manual_seed(3))

    with_king = after("put a king in front of it", placed(composer, "castle"))
    assert shown(composer, with_king) == ["castle", "crown", "man"]
    assert shown(composer, after("give the king a dog", with_king)) == ["castle", "crown", "dog", "man"]
    assert shown(composer, after("remove the king", with_king)) == ["castle"]
    with_knight = after("put a knight in front of it", placed(composer, "castle"))
    assert shown(composer, with_knight) == ["castle", "royal guard", "sword"]
    assert shown(composer, after("remove the knight", with_knight)) == ["castle"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a cat astronaut", "a cat with a rescue helmet"),
        ("a pirate cat", "a cat with a sword"),
        ("lion king", "lion with a crown"),
        ("king penguin", "king penguin"),
        ("a dog dressed as a pirate", "a dog with a sword"),
        ("a wizard frog in the forest", "a frog with a witch hat in the forest"),
        ("make the dog a pirate", "give the dog a sword"),
        ("a cat in a santa hat", "a cat with a red hat"),
        ("a baby elephant with its mum", "two elephants"),
        ("a duck with her babies", "three ducks"),
        ("a cow and a calf", "two cows"),
        ("a princess with a unicorn", "a princess with a unicorn"),
        ("a chef and a pig", "a chef and a pig"),
        ("old couple on a bench", "an old man and an old woman on a bench"),
    ],
)
def test_animals_in_a_role_and_with_their_young(said: str, meant: str) -> None:
    assert drawn(one_by_one(said), Names.shipped())[0] == meant
