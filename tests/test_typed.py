"""Emoji and dictated signs in words."""

from __future__ import annotations

import pytest

from models.english.naming import Names
from models.english.typed import in_words
from training import scenes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("🐸☕", "frog and cup of coffee"),
        ("👑", "crown"),
        ("a 🦊 in the snow", "a fox in the snow"),
        ("draw a 🦊 on the 🏖️", "draw a fox on the beach"),
        ("a 🐴 and two 🐈 in the 🌧️", "a horse and two cat in the rain"),
        ("nice 👀", "nice 👀"),
        ("Teh cat orange adn hte car blue, nad a hat wiht it", "the cat orange and the car blue, and a hat with it"),
        ("a street in tehran, a nadir", "a street in tehran, a nadir"),
        ("an 🐘 and a 🦉", "an elephant and an owl"),
        ("a 🐘", "an elephant"),
        ("add a 👑 to him", "add a crown to him"),
        ("🐸 drinking ☕️", "frog drinking cup of coffee"),
        ("+ 🎷", "saxophone"),
        ("this is fine: 🔥", "this is fine: fire"),
        ("love it 🔥", "love it 🔥"),
        ("😂 make it night 🌙", "😂 make it night 🌙"),
        ("👍", "love it"),
        ("👍🏽", "love it"),
        ("😂😂 🙌", "love it"),
        ("👎", "I don't like it"),
        ("a fox", "a fox"),
        ("eine Hütte", "eine Hütte"),
    ],
)
def test_an_emoji_is_the_thing_that_it_shows_where_it_stands_for_a_word(typed: str, meant: str) -> None:
    assert in_words(typed) == meant


def test_each_emoji_that_the_painter_draws_is_known() -> None:
    names = Names.shipped()
    for glyph, name in scenes.glyphs().items():
        assert in_words(f"a {glyph}").endswith(f" {name}")
        assert names.things(in_words(f"a {glyph}")) == {name}


@pytest.mark.parametrize(
    ("dictated", "meant"),
    [
        ("a cake with a candle on top comma and a present period", "a cake with a candle on top, and a present."),
        ("a boat full stop make it night", "a boat. make it night"),
        ("a lady of the victorian period in a garden", "a lady of the victorian period in a garden"),
        ("comma", "comma"),
    ],
)
def test_a_dictated_sign_is_one(dictated: str, meant: str) -> None:
    assert in_words(dictated) == meant


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a fox\n" + "-" * 3990, "a fox\n---"),
        ("draw a fox" + "!" * 40, "draw a fox!!!"),
        ("a fox" + " ;" * 100, "a fox ; ; ;"),
        ("a fox" + " " * 100 + "on a hill" + "\n" * 50 + "at night", "a fox on a hill\n\nat night"),
        ("no, " * 1000 + "a cat", "no, " * 10 + "a cat"),
        ("oh wait no " * 300, "oh wait no " * 9 + "oh wait no "),
        ("😀" * 4000, "😀" * 10),
    ],
)
def test_what_is_typed_without_end_is_read_shortened(typed: str, read: str) -> None:
    assert in_words(typed) == in_words(read)


@pytest.mark.parametrize(
    "sentence",
    [
        "a red ball, a red ball, a red ball, a red ball, a red ball, a red ball, a red ball, a red ball",
        "1. a fox\n2. a cat\n\n3. a very very very big dog!!!",
        "no no no... a #2 -- (really)",
    ],
)
def test_what_is_typed_a_few_times_is_read_as_it_is(sentence: str) -> None:
    assert in_words(sentence) == sentence
