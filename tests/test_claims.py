"""What a language model says of pictures: what is false and clearly said is denied, and nothing that may be right."""

from __future__ import annotations

import pytest

from agent.claims import denied

NO_9 = "There is no picture #9 in this session."


@pytest.mark.parametrize(
    ("said", "handles", "told"),
    [
        ("Here is #1: a red fox in the snow.", [], "There is no #1."),
        ("Here is #7, and #8 with a hat.", [1], "There is no #7 and no #8."),
        ("Here are #1, #2 and #3.", [1], "There is no #2 and no #3."),
        ("Done! #2 now has a hat.", [1], "There is no #2."),
        ("I painted your fox as #2. Do you like it?", [1], "There is no #2."),
        ("Hier ist das neue Bild: #4.", [1], "There is no #4."),
    ],
)
def test_a_picture_that_is_not_there_is_denied(said: str, handles: list[int], told: str) -> None:
    assert denied(said, handles, ["draw a red fox"], "") == told


@pytest.mark.parametrize(
    "said",
    [
        "Here is #1, #2 and the older #3.",
        "Here is #4 of 5 steps.",
        "Here is #4/5.",
        "Here are options #4 and #5.",
        "Here is #1 in the colours #7f7f7f, #777777 and #333.",
        "Here is #1: the sign says “Here is #4”.",
        "Here is `#4`.",
        "There is no #4.",
        "I didn't find picture #4.",
        "Shall I make picture #4 wider?",
        "The next picture will be #4.",
        "Two ideas:\n#4 a fox\n#5 a cat",
        "Here is #99, as you wrote.",
        "Here is #88's shirt.",
        "See https://example.org/as#4 for it.",
    ],
)
def test_what_may_be_right_is_not_denied(said: str) -> None:
    assert denied(said, [1, 2, 3], ["write issue 99 on a shirt", "a shirt"], "") == ""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Your fox now wears a hat.", NO_9),
        ("Here is #1: your fox now wears a hat.", NO_9),
        ("I can't find #9.", ""),
        ("Sorry, that failed.", ""),
    ],
)
def test_a_failed_call_is_told_unless_the_model_says_that_it_failed(said: str, told: str) -> None:
    assert denied(said, [1], [], NO_9) == told
