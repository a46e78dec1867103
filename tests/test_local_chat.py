"""Language models with open weights, run here: what they write is read right, and the whole way runs on tiny models."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from safetensors.torch import load_file, save_file
from speaking_server import Status, speaking
from test_llm import Room, everything, failed, painted, room, said, state  # noqa: F401  (room is a fixture)
from tiny_chat import STRICT, recited_chat, tiny_chat, tokenizer

from agent.llm import chat_model
from models.errors import CannotChat, WeightsMissing
from models.llm.answers import AnswerReader, Call
from models.llm.constraints import Constraint
from models.llm.generation import LocalModel, Until, taking_turns
from models.llm.local_chat import LocalChat, as_dicts
from tools.catalog import VERBS
from tools.errors import LanguageModelFailed
from tools.settings import Settings
from ui import doctor
from ui.wiring import warm

EDIT = {
    "type": "function",
    "function": {
        "name": "edit_image",
        "description": "Change a picture.",
        "parameters": {
            "type": "object",
            "properties": {
                "image": {"type": "integer"},
                "instruction": {"type": "string"},
                "strength": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            },
        },
    },
}
NIGHT = Call("edit_image", {"image": 2, "instruction": "make it night"})
JSON = '{"name": "edit_image", "arguments": {"image": 2, "instruction": "make it night"}}'
PARAMETERS = JSON.replace("arguments", "parameters")
XML = (
    "<function=edit_image>\n<parameter=image>\n2\n</parameter>\n<parameter=instruction>\nmake it night\n</parameter>\n"
    "</function>"
)
DRAW = Call("generate_image", {"prompt": "a <b> fox; é"})
DRAW_JSON = '{"name": "generate_image", "arguments": {"prompt": "a <b> fox; é"}}'

WRITTEN: list[tuple[str, str, list[Call]]] = [
    ("Here is #1.", "Here is #1.", []),
    (f"<tool_call>\n{JSON}\n</tool_call>", "", [NIGHT]),
    (f"Right away.\n<tool_call>\n{JSON}\n</tool_call>\n", "Right away.", [NIGHT]),
    (f"<tool_call>{JSON}</tool_call>\n<tool_call>{DRAW_JSON}</tool_call>", "", [NIGHT, DRAW]),
    (f"<tool_call>\n{JSON}", "", [NIGHT]),
    (f"<think>\nThe {{second}} <one>.\n</think>\n\n<tool_call>\n{JSON}\n</tool_call>", "", [NIGHT]),
    ("<think>Easy.</think>Hello!", "Hello!", []),
    (f"<tool_call>\n{XML}\n</tool_call>", "", [NIGHT]),
    (PARAMETERS, "", [NIGHT]),
    (f"\n\n{PARAMETERS}", "", [NIGHT]),
    (f"<|python_tag|>{PARAMETERS}; {DRAW_JSON}", "", [NIGHT, DRAW]),
    (f"<|python_tag|>{PARAMETERS};{PARAMETERS}", "", [NIGHT, NIGHT]),
    (
        '{"type": "function", "name": "edit_image", "parameters": {"image": 2, "instruction": "make it night"}}',
        "",
        [NIGHT],
    ),
    (
        '{"type": "function", "function": "edit_image", "parameters": {"image": 2, "instruction": "make it night"}}',
        "",
        [NIGHT],
    ),
    (f"[TOOL_CALLS][{JSON}, {DRAW_JSON}]", "", [NIGHT, DRAW]),
    (f"[TOOL_CALLS] [{JSON}]", "", [NIGHT]),
    ('[TOOL_CALLS]edit_image[ARGS]{"image": 2, "instruction": "make it night"}', "", [NIGHT]),
    ('[TOOL_CALLS]edit_image[CALL_ID]a1b2c3d4e[ARGS]{"image": 2, "instruction": "make it night"}', "", [NIGHT]),
    (
        '[TOOL_CALLS]edit_image[ARGS]{"image": 2, "instruction": "make it night"}'
        '[TOOL_CALLS]generate_image[ARGS]{"prompt": "a <b> fox; é"}',
        "",
        [NIGHT, DRAW],
    ),
    ("[THINK]Hm.[/THINK]Hello.", "Hello.", []),
    ('<tool_call>{"name": "ask_user"}</tool_call>', "", [Call("ask_user", {})]),
    ('The answer is {"name": 1}.', 'The answer is {"name": 1}.', []),
    ("1 < 2 [TOOL", "1 < 2 [TOOL", []),
    (
        '<tool_call>{"name": "edit_image", "arguments": "{\\"image\\": 2}"}</tool_call>',
        "",
        [Call("edit_image", {"image": 2})],
    ),
    # What cannot be read is kept as it was written.
    (
        '<tool_call>{"name": "edit_image", "arguments": {"image": 2,</tool_call>',
        "",
        [Call("edit_image", '{"name": "edit_image", "arguments": {"image": 2,')],
    ),
    ("<tool_call>edit the second</tool_call>", "", [Call("", "edit the second")]),
    ("[TOOL_CALLS]edit_image[ARGS]{image: 2}", "", [Call("edit_image", "{image: 2}")]),
    ('<tool_call>{"name": "edit_image", "arguments": [2]}</tool_call>', "", [Call("edit_image", "[2]")]),
    ('<tool_call>["edit_image"]</tool_call>', "", [Call("", '"edit_image"')]),
]


def read(written: str, size: int, words: Any, prompt: str = "") -> tuple[str, list[Call]]:
    reader = AnswerReader(words, prompt, [EDIT])
    shown = "".join(reader.feed(written[start : start + size]) for start in range(0, len(written), size))
    return (shown + reader.close()).strip(), reader.calls


@pytest.fixture(scope="module")
def words() -> Any:
    return tokenizer()


@pytest.mark.parametrize(("written", "text", "found"), WRITTEN)
def test_what_a_model_writes_is_told_apart_however_it_arrives(
    written: str, text: str, found: list[Call], words: Any
) -> None:
    for size in (1, 3, 1000):
        assert read(written, size, words) == (text, found), size


def test_an_answer_that_begins_within_its_thoughts_shows_none_of_them(words: Any) -> None:
    written = "The person greets me.\n</think>\nHello!"
    assert read(written, 4, words, "…<|im_start|>assistant\n<think>\n") == ("Hello!", [])


def test_typed_parameters_follow_the_tools_schema(words: Any) -> None:
    body = "<function=edit_image><parameter=instruction>7</parameter><parameter=strength>0.5</parameter></function>"
    assert read(f"<tool_call>{body}</tool_call>", 5, words)[1] == [
        Call("edit_image", {"instruction": "7", "strength": 0.5})
    ]


OWN = {
    "defaults": {"role": "assistant"},
    "start_anchor": "<|im_start|>assistant\n",
    "fields": {
        "content": {"close": "<|im_end|>"},
        "tool_calls": {
            "open": "CALL ",
            "close": " END",
            "content": "json",
            "repeats": True,
            "transform": {"type": "function", "function": {"name": "{content.tool}", "arguments": "{content.with}"}},
        },
    },
}
"""A way of writing calls that only its own tokenizer knows."""


def test_a_tokenizer_that_says_how_its_model_writes_is_believed() -> None:
    own = tokenizer(response_template=OWN)
    prompt = "<|im_start|>user\nCALL me<|im_end|>\n<|im_start|>assistant\n"
    written = 'So. CALL {"tool": "edit_image", "with": {"image": 2}} END<|im_end|>'
    for size in (1, 4, 1000):
        assert read(written, size, own, prompt) == ("So.", [Call("edit_image", {"image": 2})])
    broken = read('CALL {"tool": "edit_image" END', 4, own, prompt)
    assert broken == ("", [Call("", 'CALL {"tool": "edit_image" END')])


@pytest.mark.parametrize(
    ("stop", "text", "kept"),
    [
        ((), "one two", "one two"),
        (("two",), "one two three", "one "),
        (("three", "two"), "one two three", "one "),
        (("tw!",), "one two", "one two"),
        (("END",), "at the EN", "at the EN"),
        (("\n\n",), "a\nb\n\nc", "a\nb"),
    ],
)
def test_a_stop_sequence_ends_an_answer_and_is_never_shown(stop: tuple[str, ...], text: str, kept: str) -> None:
    for size in (1, 2, 100):
        until, shown = Until(stop), ""
        for start in range(0, len(text), size):
            shown += until.feed(text[start : start + size])
            if until.reached:
                break
        assert shown + until.close() == kept


def test_messages_are_rendered_as_chat_templates_want_them() -> None:
    call = {"name": "edit_image", "args": {"image": 2}, "id": "call_0123456789", "type": "tool_call"}
    rendered = as_dicts(
        [
            SystemMessage("Be Easel."),
            HumanMessage("make it night"),
            AIMessage("", tool_calls=[call]),  # type: ignore[list-item]
            ToolMessage("{}", tool_call_id="call_0123456789", name="edit_image"),
        ]
    )
    assert [message["role"] for message in rendered] == ["system", "user", "assistant", "tool"]
    assert rendered[2]["tool_calls"][0]["function"] == {"name": "edit_image", "arguments": {"image": 2}}
    identifier = rendered[2]["tool_calls"][0]["id"]
    assert identifier == rendered[3]["tool_call_id"] and len(identifier) == 9 and identifier.isalnum()


def test_a_template_that_insists_on_turns_gets_them(tmp_path: Path) -> None:
    model = LocalModel.load(tiny_chat(tmp_path, STRICT), "cpu")
    asked = [{"role": "user", "content": "a"}, {"role": "tool", "content": "b"}, {"role": "user", "content": "c"}]
    assert model.prompt(asked, []) == "[user]a[tool]b[assistant]Done.[user]c"
    assert taking_turns(asked[:1]) == asked[:1]


CALLING = '<tool_call>\n{"name": "generate_image", "arguments": {"prompt": "a red fox"}}\n</tool_call>'


async def test_a_local_model_paints_and_closes_the_turn(room: Room, tmp_path: Path) -> None:  # noqa: F811
    folder = recited_chat(tmp_path / "model", f"Voilà ☃, at once. {CALLING}", "Here it is: #1.")
    agent = room.agent(f"local:{folder}")
    events = await everything(agent.run_turn(room.session, "draw a red fox"))
    assert painted(events) == [1] and state(events) == "done"
    assert said(events) == "Voilà ☃, at once. Here it is: #1."
    assert room.texts() == ["Voilà ☃, at once.", "Here it is: #1."]


async def test_a_broken_call_of_a_local_model_goes_back_and_then_to_the_person(
    room: Room,  # noqa: F811
    tmp_path: Path,
) -> None:
    half = '[TOOL_CALLS]generate_image[ARGS]{"prompt": "a red'
    folder = recited_chat(tmp_path / "model", half, half.replace("red", "blue"))
    events = await everything(room.agent(f"local:{folder}").run_turn(room.session, "draw a red fox"))
    assert "The arguments of generate_image are no JSON object" in failed(events) and painted(events) == []
    assert [message.role for message in room.library.messages(room.session.id)] == [
        "person", "assistant", "tool", "assistant", "tool", "assistant",
    ]  # fmt: skip


async def test_a_local_model_stands_in_for_a_server(room: Room, tmp_path: Path) -> None:  # noqa: F811
    folder = recited_chat(tmp_path / "model", "Hello from here.")
    with speaking(Status(401)) as server:
        agent = room.agent(server.url, llm_fallback=f"local:{folder}")
        events = await everything(agent.run_turn(room.session, "hello"))
    assert said(events).endswith(f"local:{folder} answers instead.)\n\nHello from here.") and state(events) == "done"


def test_words_stream_as_they_are_written_and_stop_at_the_stop_sequence(tmp_path: Path) -> None:
    chat = LocalChat.find(str(recited_chat(tmp_path, "one two three four")), "cpu")
    assert [chunk.text for chunk in chat.stream("count") if chunk.text] == ["one ", "two ", "three ", "four"]
    assert chat.invoke("count", stop=["three"]).text == "one two "


async def test_noise_is_an_answer_like_another_and_ends_at_its_bound(tmp_path: Path) -> None:
    chat = LocalChat(folder=tiny_chat(tmp_path), device="cpu", most_tokens=40)
    assert isinstance((await chat.ainvoke("hello")).text, str)
    assert len(tokenizer().encode(chat.invoke("hello").text)) <= 120  # a broken byte is shown as one of three bytes


async def test_who_stops_listening_stops_the_model_within_a_token(tmp_path: Path) -> None:
    folder = tiny_chat(tmp_path)
    network = LocalModel.load(folder, "cpu")
    network.model.generation_config.eos_token_id = None  # it would write on to its bound
    unwanted = threading.Event()
    pieces = network.answer([{"role": "user", "content": "write"}], most_tokens=16000, unwanted=unwanted)
    for _ in range(3):
        next(pieces)
    unwanted.set()
    assert sum(1 for _ in pieces) < 20
    pieces = network.answer([{"role": "user", "content": "write"}], most_tokens=16000)
    next(pieces)
    pieces.close()
    assert not any(thread.name == "easel-generate" for thread in threading.enumerate())


async def test_stop_ends_a_turn_of_a_local_model(room: Room, tmp_path: Path) -> None:  # noqa: F811
    agent = room.agent(f"local:{tiny_chat(tmp_path / 'model')}")
    turn = asyncio.create_task(everything(agent.run_turn(room.session, "write")))
    await asyncio.sleep(0.5)
    await agent.stop(room.session.id)
    assert state(await turn) == "stopped"
    until = time.monotonic() + 5
    while any(thread.name == "easel-generate" for thread in threading.enumerate()):
        assert time.monotonic() < until, "the model writes on for nobody"
        await asyncio.sleep(0.02)


def test_two_answers_at_once_wait_for_each_other(tmp_path: Path) -> None:
    chat, answers = LocalChat.find(str(recited_chat(tmp_path, "one two three")), "cpu"), list[str]()
    threads = [threading.Thread(target=lambda: answers.append(chat.invoke("count").text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == ["one two three"] * 4


def test_a_model_that_is_not_here_is_said_at_the_start_with_the_command_that_fetches_it() -> None:
    with pytest.raises(WeightsMissing, match="hf download nobody/no-such-model"):
        chat_model(Settings(llm="local:nobody/no-such-model"))
    (finding,) = doctor.language_model(Settings(llm="local:not a name at all"))
    assert finding.state == "missing" and "not a name at all" in finding.sentence


def test_pickles_and_empty_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"there is no config\.json"):
        LocalChat.find(str(tmp_path))
    folder = tiny_chat(tmp_path)
    torch.save({}, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(WeightsMissing, match="no safetensors"):
        LocalChat.find(str(folder))


def test_the_model_is_loaded_before_the_first_message(tmp_path: Path) -> None:
    folder = tiny_chat(tmp_path)
    warm(Settings(llm=f"local:{folder}", device="cpu"))
    (folder / "model.safetensors").unlink()
    assert LocalChat(folder=folder, device="cpu", most_tokens=3).invoke("hello").type == "ai"
    warm(Settings(llm=f"local:{tmp_path / 'nowhere'}", device="cpu"))  # the turn that needs it says what is missing


def test_a_damaged_model_is_one_sentence(tmp_path: Path) -> None:
    folder = tiny_chat(tmp_path)
    (folder / "model.safetensors").write_bytes(b"no weights at all")
    with pytest.raises(WeightsMissing, match="cannot be loaded") as caught:
        LocalModel.load(folder, "cpu")
    assert "\n" not in str(caught.value)


def test_a_model_in_part_is_refused_and_a_tensor_that_is_anothers_twin_is_not_missed(tmp_path: Path) -> None:
    folder = tiny_chat(tmp_path)
    file, held = folder / "model.safetensors", load_file(folder / "model.safetensors")
    file.unlink()
    save_file({name: value for name, value in held.items() if name != "lm_head.weight"}, file, {"format": "pt"})
    with pytest.raises(WeightsMissing, match=r"not complete: lm_head\.weight is missing"):
        LocalModel.load(folder, "cpu")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"tie_word_embeddings": True}))
    assert LocalModel.load(folder, "cpu")


@pytest.mark.parametrize(("template", "says"), [(None, "no chat template"), ("{{ messages }}", "knows no tools")])
def test_a_model_that_takes_no_tools_is_refused(tmp_path: Path, template: str | None, says: str) -> None:
    with pytest.raises(CannotChat, match=says):
        LocalModel.load(tiny_chat(tmp_path, template), "cpu")


def test_a_conversation_that_is_too_long_is_one_sentence(tmp_path: Path) -> None:
    chat = LocalChat.find(str(tiny_chat(tmp_path)), "cpu")
    with pytest.raises(CannotChat, match=r"20,0\d\d tokens, and .* reads 16,384"):
        chat.invoke("x" * 20000)


async def test_a_refusal_of_the_local_model_fails_the_turn_with_its_sentence(
    room: Room,  # noqa: F811
    tmp_path: Path,
) -> None:
    folder = tiny_chat(tmp_path / "model", "{{ messages }}")
    events = await everything(room.agent(f"local:{folder}").run_turn(room.session, "hello"))
    assert "knows no tools" in failed(events) and state(events) == "failed"


def test_a_model_that_reads_words_only_is_not_shown_pictures() -> None:
    with pytest.raises(LanguageModelFailed, match="EASEL_LLM_SEES=true does not fit EASEL_LLM=local:x"):
        chat_model(Settings(llm="local:x", llm_sees=True))


def test_the_doctor_says_that_nothing_leaves_the_machine(tmp_path: Path) -> None:
    (finding,) = doctor.language_model(Settings(llm=f"local:{tiny_chat(tmp_path)}"))
    assert finding.state == "ok" and "what you write goes to no provider" in finding.sentence


LARGER = {
    "type": "function",
    "function": {
        "name": "upscale_image",
        "description": "Enlarge.",
        "parameters": {
            "type": "object",
            "properties": {"image": {"type": "integer"}, "scale": {"enum": [2, 4]}},
            "required": ["image", "scale"],
            "additionalProperties": False,
        },
    },
}


def test_a_constrained_model_cannot_write_a_malformed_call(tmp_path: Path) -> None:
    pytest.importorskip("xgrammar")
    folder = recited_chat(tmp_path, 'Well. <tool_call>\n{"name": "paint_it", "arguments": {image: nine}}\n</tool_call>')
    free, held = LocalModel.load(folder, "cpu"), LocalModel.load(folder, "cpu")
    assert held.constraint is not None
    asked = [{"role": "user", "content": "larger"}]
    *_, broken = replace(free, constraint=None).answer(asked, [LARGER])
    assert broken == Call("paint_it", '{"name": "paint_it", "arguments": {image: nine}}')
    text, call = held.answer(asked, [LARGER], most_tokens=300)
    assert isinstance(call, Call) and isinstance(call.args, dict)
    assert (text, call.name, set(call.args)) == ("Well. ", "upscale_image", {"image", "scale"})
    assert isinstance(call.args["image"], int) and call.args["scale"] in (2, 4)


def test_what_easels_tools_want_can_be_held_to() -> None:
    xgrammar = pytest.importorskip("xgrammar")
    words = tokenizer()
    constraint = Constraint.for_model(words, len(words))
    assert constraint is not None
    grammar = constraint.compiled([convert_to_openai_tool(verb.args) for verb in VERBS])
    for written, fits in (
        ("Just words.", True),
        (f"<tool_call>\n{JSON.replace('edit_image', 'EditImage')}\n</tool_call>", True),
        ('<tool_call>\n{"name": "EditImage", "arguments": {"image": "it"', False),
        ('<tool_call>\n{"name": "paint_it"', False),
    ):
        assert xgrammar.GrammarMatcher(grammar).accept_string(written) is fits, written


@pytest.mark.parametrize("template", ["[INST]{{ tools }}", "<tool_call><function=x>{{ tools }}"])
def test_a_model_that_writes_calls_otherwise_is_left_free(template: str) -> None:
    words = tokenizer(template)
    assert Constraint.for_model(words, len(words)) is None
