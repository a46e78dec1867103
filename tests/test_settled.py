"""What a sentence takes back is left out of it, and what is meant stands in its place."""

from __future__ import annotations

import pytest

from models.chat.settled import settled


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a lion next to a chair.. no, a table on the left", "a lion next to a table on the left"),
        ("next to it a witch, no a wizard with a hat", "next to it a wizard with a hat"),
        ("police lady, well a doctor, on the right", "a doctor, on the right"),
        ("a dog in a park, i mean the garden", "a dog in the garden"),
        ("give her a trumpet, scratch that, a drum", "give her a drum"),
        ("a bear on a boat, no, a bear on a rock", "a bear on a rock"),
        ("a duck? no, a swan on the pond", "a swan on the pond"),
        ("cat on a chair, snakes no, mice, two", "cat on a chair, mice, two"),
        ("add a motorbike behind it, or better a bus", "add a bus behind it"),
        ("put a hat on him. no, a crown", "put a crown on him"),
        ("draw dogs, or rather cats", "draw cats"),
        ("a pear or better yet an apple", "an apple"),
        ("two houses. no, three", "three houses"),
        ("add two dogs, no wait, four", "add four dogs"),
        ("8 variations of picture no 3", "8 variations of picture no 3"),
    ],
)
def test_the_later_of_two_is_meant(said: str, meant: str) -> None:
    assert settled(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a penguin at a lake.. no lake? beach then", "a penguin at beach"),
        ("knife, fork, tray... no tray? plate", "knife, fork, plate"),
        ("owl. nest... no nest. leaves x2", "owl. leaves x2"),
        ("an ogre in a cape no cape? ok then ogre in a coat", "ogre in a coat"),
        ("a violin and a harp, you don't have that, so a guitar", "a violin and a guitar"),
        ("gold — money bag will do — left of the tree", "money bag — left of the tree"),
        ("hen and a nest, basket also fine", "hen and basket"),
        ("a boy w a trombone (trumpet is ok) and a girl", "a boy w trumpet and a girl"),
    ],
)
def test_what_will_do_stands_for_what_is_not_to_be_had(said: str, meant: str) -> None:
    assert settled(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("now sunny again", "sunny"),
        ("day again please", "day"),
        ("back to sunset again", "sunset"),
        ("ok, smaller again", "smaller"),
    ],
)
def test_what_was_before_is_said_without_again(said: str, meant: str) -> None:
    assert settled(said) == meant


def test_a_word_that_is_given_up_is_not_meant() -> None:
    assert settled("a fox with a flag.. golf flag") == "a fox with golf flag"
    assert settled("next to him a zither.. guitar") == "next to him guitar"


@pytest.mark.parametrize(
    "said",
    [
        "a fox in the forest, no snow",
        "draw the boat again",
        "make it night again",
        "again",
        "no, the hat should be red",
        "the hat is ugly, no hat please",
        "draw a fox... and an owl",
        "the hat is fine, add a scarf",
        "i don't want ants. a beetle is ok",
        "jeans... boots",
        "cat left, dog right, no cars",
        "the background is ok but the fox isn't",
        "make it night, well done so far",
        "a bus no. 40 and a taxi",
        "where's the fox? a hat will do",
    ],
)
def test_a_sentence_that_takes_nothing_back_is_left_alone(said: str) -> None:
    assert settled(said) == said


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("don't remove the hat", "keep it like that"),
        ("i wouldn't touch the ball", "keep it like that"),
        ("don't lose the ball, but make it night", "make it night"),
        ("do not delete the hat. make it red", "make it red"),
        ("don't you have a bigger one", "don't you have a bigger one"),
    ],
)
def test_what_is_forbidden_is_not_done(said: str, meant: str) -> None:
    assert settled(said) == meant
