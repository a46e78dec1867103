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
