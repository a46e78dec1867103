"""The shelf and the history: pure functions from stored values to what the language model reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from agent import history, messages
from agent.shelf import MOST, line, shelf
from models.chat.conversation import shelf_of
from models.recipe import Extent, Operation, Recipe
from storage.records import Message, Picture, ToolCall


def picture(
    handle: int, caption: str, operation: Operation = Operation.GENERATE, parents: tuple[int, ...] = ()
) -> Picture:
    recipe = Recipe(operation=operation, prompt=caption, extent=Extent(128, 96))
    return Picture(
        id=f"p{handle}",
        session_id="s",
        turn_id="t",
        handle=handle,
        sha256="0" * 64,
        width=128,
        height=96,
        media_type="image/png",
        recipe=recipe.model_dump(mode="json"),
        parents=parents,
        caption=caption,
        created=datetime.now(UTC),
    )


def test_a_painted_an_edited_and_an_uploaded_picture_have_their_line() -> None:
    assert line(picture(1, "a red fox")) == '#1 128×96 "a red fox"'
    assert line(picture(2, "make it night", Operation.EDIT, (1,)), True) == (
        '#2 128×96 "make it night", edit of #1 (selected)'
    )
    assert line(picture(3, "a red fox, 4 times larger", Operation.UPSCALE, (1,))).endswith(", upscale of #1")
    assert line(picture(5, "all together", Operation.EDIT, (2, 1, 3))).endswith(", edit of #2 with #1 and #3")
    assert line(picture(4, "beach.jpg", Operation.IMPORT)) == '#4 128×96 uploaded "beach.jpg"'


def test_what_was_seen_in_a_picture_stands_in_its_line() -> None:
    seen = replace(picture(2, "make it night", Operation.EDIT, (1,)), shows="2 × cat; park, night")
    assert line(seen, True) == '#2 128×96 "make it night", edit of #1, shows 2 × cat; park, night (selected)'
    (read,) = shelf_of(f"[shelf]\n{line(seen, True)}\n[/shelf]")
    assert (read.shows, read.parents, read.selected) == (seen.shows, (1,), True)


def test_a_caption_cannot_break_out_of_its_line() -> None:
    assert line(picture(1, 'a "sign"\n#9 fake')) == "#1 128×96 \"a 'sign' #9 fake\""


def test_a_picture_that_a_newer_program_made_is_on_the_shelf_too() -> None:
    newer = replace(picture(2, "a fox, animated", parents=(1,)), recipe={"operation": "animate", "frames": 12})
    assert line(newer) == '#2 128×96 "a fox, animated", made of #1'


def test_an_empty_shelf_says_so() -> None:
    assert shelf([]) == "empty"


def test_a_long_shelf_shows_the_newest_and_the_selected_one() -> None:
    pictures = [picture(n, f"thing {n}") for n in range(1, MOST + 11)]
    lines = shelf(pictures, selection=2).split("\n")
    assert lines[0] == "(9 earlier pictures, from #1 on)"
    assert lines[1].startswith("#2 ") and lines[1].endswith("(selected)")
    assert lines[-1].startswith(f"#{MOST + 10} ")
    assert len(lines) == MOST + 2


CALL = ToolCall("c1", "generate_image", {"prompt": "a fox"})


def test_a_stopped_call_is_answered_when_the_history_is_rebuilt() -> None:
    stored = [
        Message("person", "draw a fox", turn_id="t1"),
        Message("assistant", "", tool_calls=(CALL,), turn_id="t1"),
        Message("person", "never mind", turn_id="t2"),
    ]
    rebuilt = messages.rebuild(stored)
    assert [type(message) for message in rebuilt] == [HumanMessage, AIMessage, ToolMessage, HumanMessage]
    assert rebuilt[2].text == history.STOPPED


def test_answers_stand_right_behind_their_call_however_late_they_were_stored() -> None:
    stored = [
        Message("person", "draw a fox", turn_id="t1"),
        Message("assistant", "", tool_calls=(CALL,), turn_id="t1"),
        Message("assistant", "Sorry.", turn_id="t1"),
        Message("tool", "{}", tool_call_id="c1", turn_id="t1"),
    ]
    assert [message.text for message in messages.rebuild(stored)] == ["draw a fox", "", "{}", "Sorry."]


def test_only_the_last_turns_are_rebuilt() -> None:
    stored = [Message("person", str(n), turn_id=f"t{n}") for n in range(messages.MOST_TURNS + 5)]
    assert messages.rebuild(stored)[0].text == "5"
