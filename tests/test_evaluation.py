"""`easel eval agent`: the dialogues are sound, grades mean what they say, and the command shows what was measured."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from speaking_server import Says, calls, speaking
from terminal import scripted_house

from agent.evaluation import (
    Calls,
    Dialogue,
    Grade,
    Result,
    Summary,
    Wanted,
    play,
    same_arguments,
    shipped,
)
from tools.catalog import BY_NAME
from tools.errors import LanguageModelFailed
from tools.verb import validated
from ui.cli_eval import figures, table

ROOT = Path(__file__).parents[1]


def lines_of(right: Calls) -> Iterator[Any]:
    """What a language model that knows the answer says."""
    for call in right:
        args = {"question": "Which one?"} if call.name == "ask_user" else dict(call.args)
        yield call.name, args
        if call.name == "ask_user":
            return
    yield "There you are."


async def results_of(folder: Path, dialogues: list[Dialogue], script: list[Any]) -> list[Result]:
    with scripted_house(folder, script) as house:
        return [result async for result in play(house.agent, house.library, house.user, dialogues)]


def test_the_dialogues_cover_every_tool_and_are_calls_that_the_tools_accept() -> None:
    dialogues = shipped()
    assert len(dialogues) >= 60 and len({dialogue.say for dialogue in dialogues}) == len(dialogues)
    named = {call.name for dialogue in dialogues for right in dialogue.right for call in right}
    assert named == set(BY_NAME)
    for dialogue in dialogues:
        for call in [call for right in dialogue.right for call in right if call.args]:
            validated(BY_NAME[call.name], call.args)


def test_no_dialogue_is_one_that_the_embedded_model_has_learnt_or_is_tuned_on() -> None:
    files = [*ROOT.glob("training/turns/*.jsonl"), *ROOT.glob("bench/*.jsonl"), *ROOT.glob("training/*.json")]
    known = "\n".join(file.read_text("utf-8") for file in files).lower()
    assert len(files) > 5
    same = [dialogue.say for dialogue in shipped() if json.dumps(dialogue.say, ensure_ascii=False).lower() in known]
    assert same == []


def test_a_limit_takes_dialogues_of_many_topics() -> None:
    assert len(shipped(12)) == 12 and len({dialogue.topic for dialogue in shipped(12)}) >= 7
    assert shipped(10**6) == shipped()


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_who_knows_the_answers_gets_every_dialogue_wholly_right(tmp_path: Path) -> None:
    dialogues = shipped()
    script = [line for dialogue in dialogues for line in lines_of(dialogue.right[0])]
    results = await results_of(tmp_path, dialogues, script)
    assert [result.dialogue.say for result in results if result.grade < Grade.WHOLE] == []
    assert Summary.of(results).whole == len(dialogues) and Summary.of(results).failures == 0


FOX: tuple[tuple[str, Wanted], ...] = (("draw a fox", Wanted("generate_image", {"prompt": "a fox"})),)
NIGHT = Dialogue("edit", FOX, "make it night", ((Wanted("edit_image", {"image": 1, "instruction": "make it night"}),),))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ([("edit_image", {"image": 1, "instruction": "make it night"}), "Done."], Grade.WHOLE),
        ([("edit_image", {"image": 1, "instruction": "make it night"}), " "], Grade.HANDLE),
        ([("edit_image", {"image": 1, "instruction": "make it noon"}), "Done."], Grade.HANDLE),
        (
            [
                ("edit_image", {"image": 4, "instruction": "make it night"}),
                ("edit_image", {"image": 1, "instruction": "make it night"}),
                "Done.",
            ],
            Grade.HANDLE,
        ),
        ([("generate_image", {"prompt": "a fox at night"}), "Done."], Grade.WRONG),
        (["Which one?"], Grade.WRONG),
        ([("edit_image", {"image": 4, "instruction": "night"})] * 2, Grade.WRONG),
    ],
)
async def test_a_grade_says_how_much_was_right(tmp_path: Path, script: list[Any], expected: Grade) -> None:
    [result] = await results_of(tmp_path, [NIGHT], script)
    assert result.grade is expected and not result.failure


async def test_the_wrong_picture_is_the_right_tool_only(tmp_path: Path) -> None:
    two = Dialogue("edit", FOX * 2, "make the first one night", NIGHT.right)
    script = [("edit_image", {"image": 2, "instruction": "make it night"}), "Done."]
    [result] = await results_of(tmp_path, [two], script)
    assert result.grade is Grade.TOOL


async def test_a_reply_is_right_where_no_call_is_wanted(tmp_path: Path) -> None:
    [result] = await results_of(tmp_path, [Dialogue("chat", (), "hi", ((),))], ["Hello!"])
    assert (result.grade, result.said, len(result.seconds)) == (Grade.WHOLE, "Hello!", 1)


@pytest.mark.parametrize(
    ("tool", "got", "wanted", "same"),
    [
        ("generate_image", {"prompt": "harbour in watercolour"}, {"prompt": "a harbour", "style": "watercolour"}, True),
        ("generate_image", {"prompt": "a harbour"}, {"prompt": "a harbour", "style": "watercolour"}, False),
        ("generate_image", {"prompt": "a harbour with cranes and ships and gulls"}, {"prompt": "a harbour"}, False),
        ("generate_image", {"prompt": "a cat", "count": 2}, {"prompt": "a cat"}, False),
        ("generate_image", {"prompt": "a cat", "size": "320 x 256"}, {"prompt": "a cat", "size": "320x256"}, True),
        ("generate_image", {"prompt": "a cat", "size": "big"}, {"prompt": "a cat", "size": "320x256"}, False),
        (
            "edit_image",
            {"instruction": "add fog", "region": "upper half"},
            {"instruction": "fog", "region": "top"},
            True,
        ),
        ("edit_image", {"instruction": "add fog"}, {"instruction": "fog", "region": "top"}, False),
        ("adjust_image", {"operation": "rotate", "amount": "90°"}, {"operation": "rotate", "amount": "90"}, True),
        ("adjust_image", {"operation": "rotate", "amount": "-90"}, {"operation": "rotate", "amount": "90"}, False),
        ("adjust_image", {"operation": "blur", "amount": "a bit"}, {"operation": "blur"}, True),
        ("adjust_image", {"operation": "sharpen"}, {"operation": "blur"}, False),
        ("upscale_image", {}, {"scale": 4}, True),
        ("vary_image", {"strength": 0.3}, {}, True),
        ("find_images", {"query": "the boat"}, {"query": "boat"}, True),
        ("ask_user", {"question": "Which?", "choices": ["#1"]}, {}, True),
    ],
)
def test_arguments_are_compared_by_what_they_mean(
    tool: str, got: dict[str, Any], wanted: dict[str, Any], same: bool
) -> None:
    assert same_arguments(Wanted(tool, got), Wanted(tool, wanted)) is same


async def test_a_model_that_gives_no_answer_is_given_up_after_three(tmp_path: Path) -> None:
    down = LanguageModelFailed("The language model is not there; start it.")
    seen: list[Result] = []
    with (
        scripted_house(tmp_path, [down] * 5) as house,
        pytest.raises(LanguageModelFailed, match="start it"),
    ):
        async for result in play(house.agent, house.library, house.user, [NIGHT] * 5):
            seen.append(result)
    assert [result.failure for result in seen] == [str(down)] * 3


def test_the_table_and_the_json_say_the_same() -> None:
    edit = Wanted("edit_image", {"image": 1})
    chat = Dialogue("chat", (), "hi", ((),))
    results = [
        Result(NIGHT, Grade.WHOLE, (edit,), "Done.", (1.0, 3.0)),
        Result(NIGHT, Grade.TOOL, (edit,), "Done.", (2.0,)),
        Result(chat, Grade.WRONG, (), "", (), "It is not there."),
    ]
    printed = table("some:model", results).splitlines()
    assert printed[0] == "some:model: 3 dialogues"
    assert printed[-3].split() == ["all", "3", "67", "%", "33", "%", "33", "%", "1"]
    assert printed[-1] == "Half of the answers took less than 2.00 s."
    numbers = figures("some:model", results)
    assert (numbers["dialogues"], numbers["tool"], numbers["whole"], numbers["failures"]) == (3, 2, 1, 1)
    assert numbers["topics"]["edit"]["handle"] == 1 and len(numbers["not_wholly_right"]) == 2
    json.dumps(numbers)


def easel(folder: Path, url: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EASEL_")}
    environment |= {"EASEL_LLM": url, "EASEL_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "eval", "agent", *arguments],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


TURTLE = calls("generate_image", prompt="a turtle riding a skateboard")


@pytest.mark.slow
def test_ctrl_c_shows_the_figures_so_far_and_keeps_nothing(tmp_path: Path) -> None:
    with speaking(TURTLE, Says("Here is #1."), Says("hm " * 200, pause=0.2)) as server:
        running = easel(tmp_path, server.url, "--json")
        until = time.monotonic() + 60
        while len(server.asked) < 3 and running.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (130, "Stopped.\n")
    numbers = json.loads(out)
    assert (numbers["model"], numbers["dialogues"], numbers["whole"]) == (server.url, 1, 1)
    assert not (tmp_path / "data").exists()
