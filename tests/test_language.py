"""The embedded language model: what it reads, what its grammar lets it write, and how it behaves as a chat model."""

from __future__ import annotations

import asyncio
import random
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.runnables import Runnable
from langchain_core.tools import tool
from tokenizers import Tokenizer

from models.chat.conversation import (
    END,
    JOIN,
    PAST_CALL,
    REPLY,
    TOOLS,
    Action,
    Allowed,
    Exchange,
    Grammar,
    Mark,
    Reader,
    Scene,
    ShelfPicture,
    Span,
    Step,
    act,
    argument_token,
    closing_of,
    focus_of,
    last_batch,
    named,
    plainly_called,
    scene_of,
    shelf_of,
    shown,
    tool_token,
    used_in,
    value_token,
    vocabulary_of,
)
from models.chat.corrections import corrected, gone_back_to, needless
from models.chat.decider import WEIGHTS, Decider
from models.errors import WeightsMissing
from tools.catalog import BY_NAME

SHIPPED = Path(__file__).parent.parent / "models" / "embedded" / "language"
SHELF = """You are Easel.
[shelf]
#1 128×128 "a red fox in the snow"
#2 128×128 "make it night", edit of #1 (selected)
#3 640×480 uploaded "beach.jpg"
#4 512×512 "a red fox in the snow, 4 times larger", upscale of #1
a line that nobody knows
[/shelf]"""


@pytest.fixture(scope="module")
def reader() -> Reader:
    from training.dialogues import tokenizer_file

    return Reader(tokenizer_file())


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_shelf_is_read_line_by_line_and_unknown_lines_are_left_out() -> None:
    first, second, third, fourth = shelf_of(SHELF)
    assert (first.handle, first.caption, first.kind, first.size) == (1, "a red fox in the snow", "picture", "128×128")
    assert (second.kind, second.parents, second.selected) == ("edit", (1,), True)
    assert (third.kind, third.caption) == ("upload", "beach.jpg")
    assert (fourth.kind, fourth.parents) == ("upscale", (1,))


def test_an_empty_shelf_has_no_pictures() -> None:
    assert shelf_of("[shelf]\nempty\n[/shelf]") == ()


def test_a_caption_may_hold_quotes_and_hash_signs() -> None:
    (picture,) = shelf_of("[shelf]\n#7 128×128 \"a sign saying '#1' and more\", edit of #2\n[/shelf]")
    assert (picture.caption, picture.parents) == ("a sign saying '#1' and more", (2,))


def test_messages_become_a_scene_with_past_and_steps() -> None:
    call = {"name": "edit_image", "args": {"image": 1, "instruction": "add a hat"}, "id": "a", "type": "tool_call"}
    messages = [
        SystemMessage(SHELF + "\n[presets]\nembedded, flux2-klein\n[/presets]"),
        HumanMessage("hello"),
        AIMessage("Hi. What should I draw?"),
        HumanMessage("a hat on the fox, then larger"),
        AIMessage("", tool_calls=[call]),
        ToolMessage('{"images": [{"image": 5, "size": "128x128", "parents": [1]}]}', tool_call_id="a"),
    ]
    scene = scene_of(messages)
    assert scene.said == "a hat on the fox, then larger"
    assert scene.past[0].answered == "Hi. What should I draw?"
    assert scene.presets == ("embedded", "flux2-klein")
    assert scene.steps[0].pictures == (5,)
    assert scene.pictures[-1] == ShelfPicture(5, "add a hat", "edit", (1,), "128x128")


def test_a_shelf_that_already_shows_this_turns_pictures_reads_the_same() -> None:
    call = {"name": "upscale_image", "args": {"image": 3}, "id": "a", "type": "tool_call"}
    answer = ToolMessage('{"images": [{"image": 4, "size": "512x512", "parents": [1]}]}', tool_call_id="a")
    messages = [SystemMessage(SHELF), HumanMessage("upscale #3"), AIMessage("", tool_calls=[call]), answer]
    assert [p.handle for p in scene_of(messages).shelf] == [1, 2, 3]


@pytest.mark.parametrize(
    ("brought", "came", "together"),
    [(([1], [2], []), (1, 2), (2,)), (([1], [2, 3]), (1, 2, 3), (2, 3)), (([1, 2], []), (1, 2), (1, 2))],
)
def test_uploads_of_messages_without_words_came_with_the_next_words(
    brought: tuple[list[int], ...], came: tuple[int, ...], together: tuple[int, ...]
) -> None:
    notes = [", ".join(f'#{handle} "a.jpg"' for handle in handles) for handles in brought]
    texts = [f"[note]\nWith this message came: {note}.\n[/note]" if note else "" for note in notes]
    texts[-1] = f"make it brighter\n\n{texts[-1]}".strip()
    said = [message for text in texts for message in (HumanMessage(text), AIMessage("Say what should change."))]
    scene = scene_of(said[:-1])
    assert (scene.said, scene.came, scene.together) == ("make it brighter", came, together)


def test_errors_of_tools_are_read_as_failures() -> None:
    call = {"name": "upscale_image", "args": {"image": 1}, "id": "a", "type": "tool_call"}
    answer = ToolMessage('{"error": "too large", "fixable": true}', tool_call_id="a")
    (step,) = scene_of([HumanMessage("x"), AIMessage("", tool_calls=[call]), answer]).steps
    assert (step.failed, step.words) == (True, "too large")


def test_the_focus_is_the_newest_picture_and_a_batch_is_what_was_made_together() -> None:
    pictures = [ShelfPicture(1, "a harbour"), *(ShelfPicture(n, "a castle") for n in (2, 3, 4))]
    assert focus_of(Scene("", tuple(pictures))) == 4
    assert last_batch(pictures) == [2, 3, 4]
    assert last_batch(pictures[:2]) == []


@pytest.mark.parametrize(
    ("said", "hints"),
    [
        ("upscale the second one", {3: (0, 1, 0)}),  # the second of the batch #2 to #4
        ("make #1 blue", {1: (1, 0, 0)}),
        ("picture two and the old harbour", {2: (1, 0, 0), 1: (0, 0, 3)}),
        ("rotate it 2 degrees", {}),
        ("make #7 blue", {0: (2, 0, 0)}),
        ("upscale the ninth", {0: (0, 2, 0)}),
        ("upscale #1, 2 and 4", {1: (1, 0, 0), 2: (1, 0, 0), 4: (1, 0, 0)}),
        ("pictures 1 and 3 in grey", {1: (1, 0, 0), 3: (1, 0, 0)}),
        ("darken the last two", {3: (0, 1, 0), 4: (0, 1, 0)}),
        ("flip the second last", {}),  # counted from the end: the network's own business
        ("2", {2: (1, 0, 0)}),
        ("the castles", dict.fromkeys((2, 3, 4), (0, 0, 2))),  # all fit, of the same caption
    ],
)
def test_the_sentence_is_searched_for_what_it_names(said: str, hints: dict[int, tuple[int, int, int]]) -> None:
    pictures = (ShelfPicture(1, "an old harbour"), *(ShelfPicture(n, "a castle") for n in (2, 3, 4)))
    found = named(Scene(said, pictures))
    found[0] = (*found[0][:2], 0)
    assert {handle: hint for handle, hint in found.items() if any(hint)} == hints


def test_words_that_fit_several_captions_equally_are_marked_as_doubtful() -> None:
    pictures = (ShelfPicture(1, "a blue kettle"), ShelfPicture(2, "a red kettle"))
    assert [named(Scene(said, pictures))[0][2] for said in ("the kettle", "the red kettle", "a whale")] == [1, 0, 2]
    assert named(Scene("the red kettle", pictures))[2][2] == 3


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("make #2 blue", {2}),
        ("make #-1 blue", {-1}),
        ("Upscale picture 3.", {3}),
        ("rotate image number 12 by 45", {12}),
        ("#2 and the harbour in grey", set()),
        ("not #2 but the castle", set()),
        ("rotate it 2 degrees", set()),
    ],
)
def test_a_picture_that_is_plainly_called_by_number_is_known_without_the_network(said: str, called: set[int]) -> None:
    assert plainly_called(Scene(said)) == called


@pytest.mark.parametrize(
    ("said", "done", "image", "needless_"),
    [
        ("flip the last two", (3, 4), 1, True),  # one too far
        ("flip the last two", (3,), 4, False),
        ("flip #1 and #3", (1,), 3, False),
        ("flip #1 and #3", (1, 3), 3, True),  # twice the same
        ("flip the harbour and the newest", (1,), 4, False),  # named otherwise: the network's own business
    ],
)
def test_a_turn_makes_no_needless_call(said: str, done: tuple[int, ...], image: int, needless_: bool) -> None:
    shelf = (ShelfPicture(1, "an old harbour"), *(ShelfPicture(n, "a castle") for n in (2, 3, 4)))
    calls = [{"image": handle, "operation": "flip"} for handle in (*done, image)]
    steps = tuple(Step("adjust_image", args, (5 + number,)) for number, args in enumerate(calls[:-1]))
    assert needless(Scene(said, shelf, steps=steps), Action("adjust_image", calls[-1])) == needless_


def test_what_earlier_steps_took_of_the_sentence_is_marked(reader: Reader) -> None:
    scene = Scene(
        "add a moon and upscale it", steps=(Step("edit_image", {"image": 1, "instruction": "add a moon"}, (2,)),)
    )
    tokens = reader.source(scene).tokens
    assert [token.features[7] for token in tokens if token.piece == 0] == [1, 1, 1, 0, 0, 0]
    assert used_in("make #2 blue, then larger", (Step("edit_image", {"instruction": "make it blue"}),)) == (
        (0, 4),
        (8, 12),
    )


def test_a_long_shelf_still_shows_what_the_sentence_names() -> None:
    pictures = tuple(ShelfPicture(n, f"picture of thing {n}" if n != 4 else "a giraffe") for n in range(1, 40))
    handles = {p.handle for p in shown(Scene("make the giraffe blue and #12 larger", pictures))}
    assert {1, 4, 12, 39} <= handles


def test_long_texts_are_cut_but_a_span_over_the_cut_is_whole(reader: Reader) -> None:
    words = " ".join(f"word{n}" for n in range(300))
    source = reader.source(Scene(f"draw {words}"))
    assert len(source.tokens) <= 256
    first, last = source.point(Span("said", 5, 5 + len(words)))
    assert source.text(first, last) == words


def test_of_an_earlier_call_only_its_words_can_be_pointed_at(reader: Reader) -> None:
    made = Step("generate_image", {"prompt": "a cat"}, (1,))
    for step, words in ((made, ["generate", ":", "a", "cat"]), (replace(made, pictures=(), failed=True), [])):
        source = reader.source(Scene("at night", past=(Exchange("a cat", (step,), "So."),)))
        call = [token for token in source.tokens if token.role == PAST_CALL and token.piece >= 0]
        assert [source.pieces[t.piece].text[t.start : t.end] for t in call if t.opens and t.closes] == words


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _random_answer(grammar: Grammar, rng: random.Random, said: str, handles: list[int]) -> list:
    """A walk through whatever the grammar allows."""
    items: list = []
    for step in range(40):
        allowed = grammar.allowed()
        words = sorted(allowed.words)
        if END in words and (step > 25 or rng.random() < 0.3):
            return items
        choices: list = [w for w in words if w != END]
        if allowed.any_word:
            choices.append(" word")
        if allowed.start:
            choices.append(Span("said", 14, 16) if allowed.number else Span("said", 0, 4))
        if allowed.mark:
            choices.append(Mark(rng.choice(handles)))
        if not choices:
            return items
        item = rng.choice(choices)
        items.append(item)
        grammar.take(item)
    return items


def test_whatever_the_grammar_lets_through_fits_the_tools_own_schemas(reader: Reader) -> None:
    rng = random.Random(1)
    scene = Scene("draw foxes and 42", (ShelfPicture(1, "a fox"), ShelfPicture(2, "a tiger")))
    source = reader.source(scene)
    seen = set()
    for _ in range(600):
        grammar = Grammar(TOOLS, pictures=True, numbers=True)
        items = _random_answer(grammar, rng, scene.said, [1, 2])
        if END not in grammar.allowed().words:
            continue
        action = act(items, source)
        if action.name:
            BY_NAME[action.name].args.model_validate(action.args)
            seen.add(action.name)
            assert action.args.get("image", 1) in (1, 2)
    assert seen == set(TOOLS)


UNTAUGHT = {"edit_image": {"references", "preset"}, "vary_image": {"preset"}, "upscale_image": {"preset"}}
"""Arguments that the network does not write: the small painter, which goes with it, looks at no further pictures, and
the preset for a change is read from the sentence (`models/chat/tidying.py`)."""
BY_WORDING = "extend_image"
"""The tool that is not chosen by the network (`models/chat/extending.py`)."""


def test_every_argument_of_the_tools_is_known_to_the_grammar() -> None:
    assert set(BY_NAME) == set(TOOLS) | {BY_WORDING}
    for name in TOOLS:
        verb = BY_NAME[name]
        assert {a for a, _, _ in TOOLS[name]} == set(verb.args.model_fields) - UNTAUGHT.get(name, set())
        required = {a for a, field in verb.args.model_fields.items() if field.is_required()}
        assert required == {a for a, _, needed in TOOLS[name] if needed}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ermove", "remove"),
        ("thhe", "the"),
        ("picutre", "picture"),
        ("afterwdrds", "afterwards"),
        ("Remoove", "remove"),
    ],
)
def test_a_word_typed_wrong_is_read_as_the_common_one_next_to_it_and_copied_as_typed(typed: str, read: str) -> None:
    from training.dialogues import right_words, tokenizer_file

    reader = Reader(tokenizer_file(), right_words())
    source = reader.source(Scene(f"please {typed} a hat"))
    whole = reader.source(Scene(f"please {read} a hat"))
    assert [token.id for token in source.tokens] == [token.id for token in whole.tokens]
    assert source.text(2, 2) == typed


@pytest.mark.parametrize("word", ["wombat", "brighten", "preset", "pics", "zebrafish", "fez", "Krobai"])
def test_a_word_that_is_right_or_near_no_common_one_is_read_as_it_is(word: str) -> None:
    from training.dialogues import right_words, tokenizer_file

    known, plain = Reader(tokenizer_file(), right_words()), Tokenizer.from_file(str(tokenizer_file()))
    plain.no_padding()
    ids = plain.encode(word, add_special_tokens=False).ids
    assert [token.id for token in known.source(Scene(word)).tokens[1 : len(ids) + 1]] == ids


def test_the_words_that_ship_as_right_are_those_of_the_phrasings() -> None:
    from training.dialogues import right_words

    assert set((WEIGHTS / "right.txt").read_text("utf-8").split()) == right_words()


def test_without_pictures_no_tool_that_needs_one_may_be_called() -> None:
    words = Grammar(TOOLS, pictures=False, numbers=False).allowed().words
    assert tool_token("generate_image") in words
    assert tool_token("upscale_image") not in words


def test_tools_that_are_not_bound_are_never_allowed() -> None:
    assert Grammar(["find_images"], pictures=True, numbers=True).allowed().words == {REPLY, tool_token("find_images")}


def test_items_become_a_call(reader: Reader) -> None:
    scene = Scene("draw a Zorbu at night x3", (ShelfPicture(1, "A Red fox"),))
    source = reader.source(scene)
    items = [
        tool_token("generate_image"), argument_token("prompt"), Span("shelf:1", 4, 13), ",", Span("said", 13, 21),
        argument_token("aspect"), value_token("wide"), argument_token("count"), value_token("3"),
    ]  # fmt: skip
    action = act(items, source)
    assert action.args == {"prompt": "A Red fox, at night", "aspect": "wide", "count": 3}


def test_a_prompt_may_be_said_in_two_places(reader: Reader) -> None:
    source = reader.source(Scene("draw a cat in ink style on a sofa"))
    items = [tool_token("generate_image"), argument_token("prompt"), Span("said", 5, 10), JOIN, Span("said", 24, 33)]
    grammar = Grammar(TOOLS, pictures=False, numbers=False)
    for item in items:
        allowed = grammar.allowed()
        assert allowed.start if isinstance(item, Span) else item in allowed.words
        grammar.take(item)
    assert act(items, source).args == {"prompt": "a cat on a sofa"}


def test_a_turn_is_closed_in_code_with_what_its_steps_made(reader: Reader) -> None:
    steps = (
        Step("edit_image", {"image": 1, "instruction": "add a moon"}, (2,)),
        Step("upscale_image", {"image": 2, "scale": 2}, (3,)),
    )
    scene = Scene("add a moon, then double it", (ShelfPicture(1, "a fox"),), steps=steps)
    grammar = Grammar(TOOLS, pictures=True, numbers=False, done=True)
    grammar.take(REPLY)
    assert grammar.allowed() == Allowed(frozenset({END}))
    said = act([REPLY], reader.source(scene)).text
    assert said == "Here is #2, edited from #1: add a moon. Here is #3: #2, two times larger."


STORY = "size: 8x8; story: #1 is from “fruit” by x, seed 3; light: dark; colours: red"
ROW = "shows: cat, tree; park; row: tree, cat"
LOOK = {"image": 1, "question": "describe it"}


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step("generate_image", {"prompt": "a fox"}, (4, 5)), "Here are #4 and #5: a fox."),
        (Step("vary_image", {"image": 1}, (2, 3, 4)), "Here are #2, #3 and #4, variations of #1."),
        (Step("adjust_image", {"image": 1, "operation": "flip"}, (2,)), "Here is #2: #1, flipped."),
        (Step("generate_image", {"prompt": "x" * 90}, (4,), "note: rounded"), "Here is #4. Note: rounded."),
        (Step("find_images", {"query": "a fox"}), "Nothing here matches that."),
        (
            Step("find_images", {"query": "a fox"}, (1,), "other_sessions: a 3 den"),
            "I found #1. Another session has: a 3 den.",
        ),
        (
            Step("find_images", {"query": "a fox"}, (1, 2), "more: #3, #4; other_sessions: a den"),
            "I found #1 and #2, and 2 more: #3, #4. Another session has: a den.",
        ),
        (
            Step("look_at_image", LOOK | {"question": "where is the cat"}, (), f"{STORY}; {ROW}"),
            "From left to right: tree, cat.",
        ),
        (
            Step("look_at_image", LOOK | {"question": "where is the dog"}, (), f"{STORY}; {ROW}"),
            "Not that I see. It shows cat, tree – park.",
        ),
        (
            Step("look_at_image", LOOK | {"question": "whats the second from left"}, (), f"{STORY}; shows: cat; park"),
            "It shows cat – park.",
        ),
        (
            Step("look_at_image", LOOK | {"question": "which one has a cat"}, (), f"{STORY}; shows: cat; park"),
            "#1 shows cat – park.",
        ),
        (
            Step("look_at_image", LOOK | {"question": "which ones have a cat"}, (), f"{STORY}; shows: cat; park"),
            "#1 shows cat – park.",
        ),
        (Step("check_safety", {"target": "#1"}, (), "action: allow"), "Yes, the safety filter lets that through."),
        (
            Step("check_safety", {"target": "x"}, (), "action: block; category: gore; reason: This asks for gore."),
            "The safety filter stops that, so nothing was painted: This asks for gore.",
        ),
        (
            Step("check_safety", {"target": "#1"}, (), "action: block; category: sexual; reason: It shows nudity."),
            "The safety filter stops that: It shows nudity.",
        ),
        (Step("look_at_image", {"image": 1}, (), "size: 8x8; shows: a fox"), "Here is #1 again. It shows a fox."),
        (
            Step("look_at_image", LOOK | {"question": "how was it made"}, (), "story: #1 is from “a fox” by x, seed 3"),
            "#1 is from “a fox” by x, seed 3.",
        ),
        (
            Step(
                "look_at_image",
                {"image": 2, "question": "what seed was that"},
                (),
                "story: #1 was painted from “a fox” by x, seed 3, #2 was edited by “a hat” by x, seed 14",
            ),
            "The seed of #2 is 14.",
        ),
        (
            Step(
                "look_at_image",
                {"image": 3, "question": "seed?"},
                (),
                "story: #2 was painted from “a fox” by x, seed 14, #3 was adjusted by flip horizontal",
            ),
            "The seed of #2 is 14. #3 was made from that, without one.",
        ),
        (Step("look_at_image", LOOK | {"question": "how big is it"}, (), "size: 8x8; light: dark"), "It is 8x8."),
        (
            Step("look_at_image", LOOK | {"question": "what colour is the hat"}, (), "size: 8x8; shows: red hat; snow"),
            "It shows red hat – snow.",
        ),
        (
            Step("look_at_image", LOOK | {"question": "how many apples"}, (), f"{STORY}; shows: 4 × apple; room"),
            "4 apples. It shows 4 × apple – room.",
        ),
        (
            Step("look_at_image", LOOK | {"question": "how many bananas"}, (), f"{STORY}; shows: 4 × apple; room"),
            "None that I see. It shows 4 × apple – room.",
        ),
        (
            Step("look_at_image", LOOK | {"question": "how many animals"}, (), f"{STORY}; shows: 2 × cat; room"),
            "It shows 2 × cat – room.",
        ),
        (
            Step(
                "look_at_image",
                LOOK | {"question": "how many apples and bananas"},
                (),
                f"{STORY}; shows: 4 × apple, 2 × banana; room",
            ),
            "4 apples and 2 bananas. It shows 4 × apple, 2 × banana – room.",
        ),
        (
            Step("look_at_image", LOOK | {"question": "how many things"}, (), "size: 8x8; shows: 2 × cat; room"),
            "2 altogether. It shows 2 × cat – room.",
        ),
        (
            Step("look_at_image", LOOK | {"question": "who is it"}, (), f"{STORY}; shows: princess; garden"),
            "It shows princess – garden.",
        ),
        (
            Step("look_at_image", LOOK, (), "size: 8x8; light: medium; colours: red, blue"),
            "It is 8x8, neither dark nor bright, mostly red, blue.",
        ),
        (
            Step("look_at_image", LOOK, (), "size: 8x8; story: #1 is from “a fox” by x, seed 3; light: dark"),
            "#1 is from “a fox”. It is 8x8, dark.",
        ),
        (
            Step("look_at_image", LOOK, (), "size: 8x8; light: dark; colours: red; answer: It reads “STOP”."),
            "It reads “STOP”. It is 8x8, dark, mostly red.",
        ),
        (
            Step("look_at_image", LOOK, (), "story: #1 is from “a fox”; colours: red; shows: fox, hat; beach"),
            "It shows fox, hat – beach. #1 is from “a fox”. It is mostly red.",
        ),
    ],
)  # fmt: skip
def test_each_tools_answer_has_its_closing_sentence(step: Step, said: str) -> None:
    assert closing_of(Scene("…", steps=(step,))) == said


def test_the_vocabulary_has_no_word_twice() -> None:
    from training.dialogues import reply_words

    vocabulary = vocabulary_of(reply_words())
    assert len(vocabulary) == len(set(vocabulary))


# ── chat model ──────────────────────────────────────────────────────────────────────────────────────────────────


@tool
def generate_image(prompt: str) -> str:
    """Paint."""
    return prompt


def test_the_shipped_weights_are_small_files_and_few() -> None:
    files = list(SHIPPED.glob("*.safetensors"))
    assert all(f.stat().st_size <= 15_000_000 for f in files)
    assert sum(f.stat().st_size for f in files) <= 27_000_000


def test_a_changed_weights_file_is_refused_by_the_chat_model(tmp_path: Path) -> None:
    from models.language import EmbeddedChat

    shutil.copytree(SHIPPED, tmp_path / "copy")
    path = next((tmp_path / "copy").glob("*.safetensors"))
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(WeightsMissing, match="changed or damaged"):
        EmbeddedChat(folder=tmp_path / "copy").invoke("hello")


def test_a_request_becomes_a_tool_call_with_the_persons_own_words() -> None:
    from models.language import EmbeddedChat

    model = EmbeddedChat().bind_tools([generate_image])
    answer = model.invoke([SystemMessage("[shelf]\nempty\n[/shelf]"), HumanMessage("draw me a red fox in the snow")])
    (call,) = answer.tool_calls
    assert (call["name"], call["args"]["prompt"]) == ("generate_image", "a red fox in the snow")
    assert call["id"]


def test_a_reply_streams_word_by_word_and_is_the_same_as_at_once() -> None:
    from models.language import EmbeddedChat

    messages = [SystemMessage("[shelf]\nempty\n[/shelf]"), HumanMessage("thank you very much")]
    pieces = [chunk.text for chunk in EmbeddedChat().stream(messages)]
    assert len([p for p in pieces if p]) > 1
    assert "".join(pieces) == EmbeddedChat().invoke(messages).text


async def test_many_who_wait_for_a_decision_leave_the_threads_of_all_else_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from models.language import EmbeddedChat

    decided = threading.Event()

    def decide(self: EmbeddedChat, messages: object, tools: object) -> Action:
        assert decided.wait(10)
        return Action(text="Hello there.")

    monkeypatch.setattr(EmbeddedChat, "_decide", decide)
    asked = [asyncio.create_task(EmbeddedChat().ainvoke("hello")) for _ in range(20)]
    asked += [asyncio.create_task(_streamed(EmbeddedChat())) for _ in range(20)]
    try:
        async with asyncio.timeout(5):
            assert await asyncio.to_thread(decided.is_set) is False
    finally:
        decided.set()
    assert {answer.text for answer in await asyncio.gather(*asked)} == {"Hello there."}


async def _streamed(model: Runnable[Any, AIMessage]) -> AIMessage:
    return AIMessage("".join([chunk.text async for chunk in model.astream("hello")]))


def test_without_bound_tools_the_model_only_replies() -> None:
    from models.language import EmbeddedChat

    answer = EmbeddedChat().invoke("draw a red fox in the snow")
    assert answer.text
    assert not answer.tool_calls


def test_a_failed_tool_is_answered_with_its_own_sentence() -> None:
    from models.language import EmbeddedChat

    call = {"name": "upscale_image", "args": {"image": 1}, "id": "a", "type": "tool_call"}
    failed = ToolMessage('{"error": "Too large.", "fixable": true}', tool_call_id="a", status="error")
    answer = EmbeddedChat().invoke([HumanMessage("upscale #1"), AIMessage("", tool_calls=[call]), failed])
    assert answer.text == "That did not work: Too large."


def edited(said: str, *calls: tuple[str, str]) -> AIMessage:
    """What comes after edits of #1, each with its instruction and what came of it."""
    from models.language import EmbeddedChat

    messages: list[AnyMessage] = [SystemMessage(SHELF), HumanMessage(said)]
    for key, (instruction, line) in enumerate(calls):
        args = {"image": 1, "instruction": instruction}
        called = {"name": "edit_image", "args": args, "id": str(key), "type": "tool_call"}
        status = "error" if "error" in line else "success"
        answer = ToolMessage(line, tool_call_id=str(key), name="edit_image", status=status)
        messages += [AIMessage("", tool_calls=[called]), answer]
    return EmbeddedChat().bind_tools([{"type": "function", "function": {"name": n}} for n in TOOLS]).invoke(messages)


CANNOT = '{"error": "The small painter cannot do that.", "fixable": true}'


def test_a_change_that_came_to_nothing_is_tried_once_more_in_all_that_was_said() -> None:
    said = "bunny cant reach the flower cuz its too tall, make that less big please"
    (call,) = edited(said, ("bunny cant reach the flower", CANNOT)).tool_calls
    whole = said.removesuffix(" please")
    assert (call["name"], call["args"]) == ("edit_image", {"image": 1, "instruction": whole})
    once_more = edited(said, ("bunny cant reach the flower", CANNOT), (whole, CANNOT))
    assert once_more.text == "That did not work: The small painter cannot do that."
    made = '{"images": [{"image": 7, "size": "256x256", "parents": [1]}]}'
    done = edited(said, ("bunny cant reach the flower", CANNOT), (whole, made))
    assert done.text.startswith("Here is #7, edited from #1") and not done.tool_calls
    assert edited("make it a gramophone", ("make it a gramophone", CANNOT)).text.startswith("That did not work")


def test_a_handle_that_is_not_on_the_shelf_is_never_called() -> None:
    from models.language import EmbeddedChat

    tools = [{"type": "function", "function": {"name": n, "description": "", "parameters": {}}} for n in TOOLS]
    model = EmbeddedChat().bind_tools(tools)
    for said in ("upscale #9", "make the ninth one darker", "rotate picture 14", "variations of #0"):
        answer = model.invoke([SystemMessage(SHELF), HumanMessage(said)])
        for call in answer.tool_calls:
            assert call["args"].get("image", 1) in (1, 2, 3, 4)


def test_a_prompt_in_two_parts_never_takes_words_twice() -> None:
    from models.chat.decider import Decider

    said = "draw a fox in ink style by a lake. Painted in soft tones with five hens opposite a cart full of moons"
    prompt = str(Decider.load(SHIPPED).decide(Scene(said), ["generate_image"]).args["prompt"])
    assert prompt.count("moons") <= 1


@pytest.mark.parametrize("seed", range(4))
def test_a_question_names_no_picture_twice_and_offers_none_twice(reader: Reader, seed: int) -> None:
    """A network that wants nothing but pictures, and to ask, may name each once in the question and once to choose."""
    import torch

    from models.chat.decider import Decider, Network

    torch.manual_seed(seed)
    words = vocabulary_of(["Which", " one", "?"])
    network = Network(len(words))
    with torch.no_grad():
        network.words.weight.zero_()
        network.queries.weight[: 2 * network.queries.in_features].zero_()  # no span is worth more than a word
        network.queries.bias[: 2 * network.queries.in_features].zero_()
        network.word_bias[words.index(tool_token("ask_user"))] = 100
        network.word_bias[words.index(argument_token("choices"))] = -0.5
        network.word_bias[words.index(END)] = -1
    scene = Scene("the fox", tuple(ShelfPicture(n, "a fox") for n in range(1, 6)))
    items = Decider(network, words, reader).write(reader.source(scene), ["ask_user"])
    at = items.index(argument_token("choices")) if argument_token("choices") in items else len(items)
    for part in (items[:at], items[at:]):
        marks = [item for item in part if isinstance(item, Mark)]
        assert len(marks) == len(set(marks)) <= 5
    assert any(isinstance(item, Mark) for item in items)


@pytest.mark.parametrize(
    ("said", "handle"),
    [
        ("back to the one before the hat", 1),
        ("no, go back to the first one please", 1),
        ("can we go back to #2", 2),
        ("ok back to the original", 7),
        ("back to the one before the hat and make it blue", 0),
        ("back to daylight", 0),
        ("back to the original colours", 0),
        ("undo the hat and add a scarf", 0),
    ],
)
def test_a_sentence_that_only_goes_back_to_a_picture_changes_none(said: str, handle: int) -> None:
    shelf = (ShelfPicture(1, "a fox"), ShelfPicture(2, "add a hat", "edit", (1,)))
    meant = {"back to the one before the hat": 1}.get(said, 7)
    back = gone_back_to(Scene(said, shelf), Action("upscale_image", {"image": meant, "scale": 4}))
    assert back == (Action("look_at_image", {"image": handle}) if handle else None)


@pytest.mark.parametrize(
    ("said", "decided", "meant"),
    [
        ("can you make the cat bigger?", ("upscale_image", 3), "make the cat bigger"),
        ("the hat is too small", ("upscale_image", 1), "the hat is too small"),
        ("shrink the hat please", ("adjust_image", 3), "shrink the hat"),
        ("make that hat a lot smaller", ("adjust_image", 3), "make that hat a lot smaller"),
        ("make that picture of a hat smaller", ("adjust_image", 3), None),
        ("the same but with a fox", ("generate_image", 0), "with a fox"),
        ("turn one of the cats green", ("edit_image", 1), "turn one of the cats green"),
        ("make one of them pink", ("ask_user", 0), "make one of them pink"),
        ("same with a dog", ("generate_image", 0), "with a dog"),
        ("ok cool now do the same with a dog", ("edit_image", 3), "with a dog"),
        ("do the same with the castle", ("edit_image", 2), None),
        ("make it bigger", ("upscale_image", 3), None),
        ("make the cat picture bigger", ("upscale_image", 1), None),
        ("make #1 bigger", ("upscale_image", 1), None),
        ("make the cat smaller and put it on the left", ("adjust_image", 3), "make the cat smaller"),
        ("make it bigger and the cat smaller", ("upscale_image", 3), None),
        ("make the wolf bigger", ("upscale_image", 3), None),
        ("make one of the pictures pink", ("ask_user", 0), None),
    ],
)
def test_what_a_sentence_plainly_means_is_done_to_the_picture_that_is_spoken_of(
    said: str, decided: tuple[str, int], meant: str | None
) -> None:
    cat = ShelfPicture(1, "a cat with a hat")
    shelf = (cat, ShelfPicture(2, "a castle"), ShelfPicture(3, "darker sky", "edit", (1,)))
    name, image = decided
    args = {"image": image, "operation": "resize", "instruction": "darker sky"}
    action = Action(name, args if image else {"prompt": "darker sky, with a fox"})
    expected = action if meant is None else Action("edit_image", {"image": 3, "instruction": meant})
    assert corrected(Scene(said, shelf), action) == expected
    assert corrected(Scene(said, shelf, steps=(Step(name, action.args, (4,)),)), action) == action


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("without the hat", 2),
        ("no hat", 2),
        ("give the cat a scarf", 2),
        ("no, i meant a top hat", 1),
        ("again", 1),
        ("back to the cat and add a tree", 1),
        ("remove the hat from the first one", 1),
        ("remove the hat in #1", 1),
    ],
)
def test_words_of_an_older_caption_mean_what_the_picture_has_become(decider: Decider, said: str, image: int) -> None:
    shelf = (ShelfPicture(1, "a cat with a hat"), ShelfPicture(2, "darker sky", "edit", (1,)))
    decided = Action("edit_image", {"image": 1, "instruction": said})
    scene = Scene(said, shelf)
    found = corrected(scene, decided) if image == 1 else decider.decide(scene, list(BY_NAME))
    assert (found.name, found.args["image"]) == ("edit_image", image)
    other = (*shelf, ShelfPicture(3, "a castle"))  # "it" is another picture now
    assert corrected(Scene(said, other), decided) == decided


@pytest.mark.parametrize(
    ("prompt", "edits"),
    [("at night", True), ("with a red hat", True), ("in a dark forest a wolf howls", False), ("a night sky", False)],
)
def test_a_fragment_changes_the_picture_that_is_there_and_a_description_is_painted(prompt: str, edits: bool) -> None:
    scene, action = Scene(prompt, (ShelfPicture(1, "a cat"),)), Action("generate_image", {"prompt": prompt})
    edit = Action("edit_image", {"image": 1, "instruction": prompt})
    assert corrected(scene, action) == (edit if edits else action)


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("describe it please", "describe it"),
        ("how was it made?", "how was it made"),
        ("can you show me the details of it", "show me the details of it"),
        ("show me the first one again", None),
        ("let me see #1", None),
        ("undo", None),
        ("back to the one before", None),
    ],
)
def test_a_look_has_a_question_unless_a_picture_is_only_to_be_shown_again(said: str, question: str | None) -> None:
    scene, image = Scene(said, (ShelfPicture(1, "a cat"), ShelfPicture(2, "a hat", "edit", (1,)))), {"image": 1}
    asks = {"question": question} if question else {}
    assert corrected(scene, Action("look_at_image", image)) == Action("look_at_image", image | asks)


@pytest.mark.parametrize(
    ("said", "args", "tidied"),
    [
        ("a fox using sdxl-lightning", {"prompt": 0}, {"prompt": "a fox", "preset": "sdxl-lightning"}),
        ("a fox with flux2-klein at dawn", {"prompt": 0}, {"prompt": "a fox at dawn", "preset": "flux2-klein"}),
        ("a fox using klein innit", {"prompt": 0}, {"prompt": "a fox", "preset": "klein"}),
        ("via mine: a fox, no snow", {"prompt": "a fox"}, {"prompt": "a fox", "preset": "mine"}),
        ("a fox using mine", {"prompt": "a fox", "style": "mine"}, {"prompt": "a fox", "preset": "mine"}),
        ("use the klein model and draw a fox", {"prompt": "a fox"}, {"prompt": "a fox", "preset": "klein"}),
        ("a fox, cheers mate!", {"prompt": 0}, {"prompt": "a fox"}),
        ("a castle with lightning", {"prompt": 0}, {"prompt": 0}),
        ("a wizard using lightning", {"prompt": 0}, {"prompt": 0}),
        ("a friend of mine", {"prompt": 0}, {"prompt": 0}),
        ("a tower made of lego", {"prompt": "a tower", "style": "lego"}, {"prompt": 0}),
        ("a fox in lego style", {"prompt": "a fox", "style": "lego"}, {"prompt": "a fox", "style": "lego"}),
        ("a fox painted in red tones", {"prompt": "a fox", "style": "red"}, {"prompt": 0}),
        ("a fox kindly", {"prompt": 0}, {"prompt": "a fox"}),
        ("a dog called ty", {"prompt": 0}, {"prompt": 0}),
        ("a man and his mate", {"prompt": 0}, {"prompt": 0}),
    ],
)
def test_presets_are_known_by_name_and_small_talk_is_not_painted(
    said: str, args: dict[str, str | int], tidied: dict[str, str | int]
) -> None:
    decided, wanted = ({name: value or said for name, value in each.items()} for each in (args, tidied))
    scene = Scene(said, presets=("flux2-klein", "sdxl-lightning", "mine"))
    assert corrected(scene, Action("generate_image", decided)) == Action("generate_image", wanted)


@pytest.mark.parametrize(
    ("said", "tool", "preset", "rest"),
    [
        ("upscale it using hat", "upscale_image", "hat", ""),
        ("upscale it with crisp please", "upscale_image", "crisp", ""),
        ("upscale it using klein", "upscale_image", "klein", ""),  # which the tool refuses
        ("upscale it using kraken3", "upscale_image", "kraken3", ""),
        ("vary it using klein", "vary_image", "klein", ""),
        ("edit it: make it night, using klein", "edit_image", "klein", "make it night"),
        ("use klein: make it night", "edit_image", "klein", "make it night"),
        ("make it wider using klein", "extend_image", "klein", ""),
        ("make it night via klein and then enlarge it using crisp", "edit_image", "klein", "make it night"),
        ("put a hat on it", "edit_image", None, "put a hat on it"),
        ("give it a crisp look", "edit_image", None, "give it a crisp look"),
        ("upscale it", "upscale_image", None, ""),
        ("draw a cat using klein+nothing", "generate_image", "klein+nothing", "a cat"),
    ],
)
def test_a_preset_is_named_for_a_change_as_for_a_picture(
    decider: Decider, said: str, tool: str, preset: str | None, rest: str
) -> None:
    changing = {"edit": ("embedded", "flux2-klein"), "vary": ("flux2-klein",), "upscale": ("embedded", "crisp", "hat")}
    scene = Scene(said, (ShelfPicture(1, "a fox"),), presets=("embedded", "flux2-klein"), changing=changing)
    action = decider.decide(scene, list(BY_NAME))
    assert (action.name, action.args.get("preset")) == (tool, preset)
    assert action.args.get("instruction", action.args.get("prompt", "")) == rest
    assert "negative_prompt" not in action.args


@pytest.mark.parametrize(
    ("said", "instruction", "whole"),
    [
        ("night n put a crown on the wizard", "put a crown on the wizard", "night n put a crown on the wizard"),
        ("ok, make it snowy and add a dog pls", "add a dog", "make it snowy and add a dog"),
        ("at sunset, with a red boat", "with a red boat", "at sunset, with a red boat"),
        ("great and now a hat", "a hat", "a hat"),
        ("the night one, add a dog", "add a dog", "add a dog"),
        ("i took it at night and it shows, add a lamp", "add a lamp", "add a lamp"),
    ],
)
def test_an_hour_or_weather_that_is_said_first_is_part_of_the_change(said: str, instruction: str, whole: str) -> None:
    scene = Scene(said, (ShelfPicture(1, "a wizard and a boat"),))
    assert corrected(scene, Action.edit(1, instruction)) == Action.edit(1, whole)


@pytest.mark.parametrize(
    ("said", "edits"),
    [
        ("too dark, i cant see anything, daylight pls", True),
        ("brighter, make it daytime", True),
        ("the night one is too dark", False),
        ("way too dark, it looks like evening", False),
    ],
)
def test_who_asks_for_daylight_wants_another_hour_and_not_more_brightness(said: str, edits: bool) -> None:
    scene = Scene(said, (ShelfPicture(1, "a camel at night"),))
    decided = Action("adjust_image", {"image": 1, "operation": "brightness", "amount": "+20"})
    assert (corrected(scene, decided).name == "edit_image") == edits


def test_a_long_description_has_no_gaps_but_where_something_is_asked_for() -> None:
    said = "draw an old house in paris, photographs hang on the wall. Seal no. 7 and cold light fall on a red sofa thx"
    described = "an old house in paris, photographs hang on the wall. Seal no. 7 and cold light fall on a red sofa"
    for gap in ("photographs ", "Seal no. 7 ", "in paris, "):
        decided = Action("generate_image", {"prompt": described.replace(gap, "").replace(". and", " and")})
        assert corrected(Scene(said), decided).args == {"prompt": described}
    decided = Action("generate_image", {"prompt": described.removesuffix(" sofa")})
    assert corrected(Scene(f"draw {described}"), decided).args == {"prompt": described}
    decided = Action("generate_image", {"prompt": described})
    assert corrected(Scene(f"draw {described} mate"), decided) == decided
    asked = said.replace("Seal no. 7", "please use seed 7")
    decided = Action("generate_image", {"prompt": described.replace("Seal no. 7 ", "")})
    assert corrected(Scene(asked), decided) == decided


def test_it_is_the_picture_that_was_gone_back_to_whatever_was_talked_of_since() -> None:
    shelf = (ShelfPicture(1, "a cat"), ShelfPicture(2, "a hat", "edit", (1,)))
    looked = Exchange("undo", (Step("look_at_image", {"image": 1}),), "Here is #1 again.")
    assert focus_of(Scene("make it night", shelf, (looked, Exchange("thanks", (), "Gladly.")))) == 1
    made = Exchange("add a hat", (Step("edit_image", {"image": 1}, (2,)),), "Here is #2.")
    assert focus_of(Scene("make it night", shelf, (looked, made))) == 2


def test_the_same_but_of_a_picture_as_it_was_painted_is_painted_again() -> None:
    scene, action = (
        Scene("same but at night", (ShelfPicture(1, "a cat"),)),
        Action("generate_image", {"prompt": "a cat"}),
    )
    assert corrected(scene, action) == action


def test_after_an_enlargement_the_one_before_the_hat_is_shown_and_not_enlarged() -> None:
    from models.language import EmbeddedChat

    tools = [{"type": "function", "function": {"name": n, "description": "", "parameters": {}}} for n in TOOLS]
    shelf = """You are Easel.

[shelf]
#1 256×256 "a fox in a meadow"
#2 256×256 "give it a hat", edit of #1
#3 1024×1024 "give it a hat, 4 times larger", enlargement of #2
[/shelf]"""
    call = {"name": "upscale_image", "args": {"image": 2, "scale": 4}, "id": "a", "type": "tool_call"}
    made = '{"images": [{"image": 3, "size": "1024x1024", "parents": [2]}]}'
    past = [
        HumanMessage("make it 4x bigger"),
        AIMessage("", tool_calls=[call]),
        ToolMessage(made, tool_call_id="a", name="upscale_image"),
        AIMessage("Here is #3: #2, four times larger."),
    ]
    answer = (
        EmbeddedChat()
        .bind_tools(tools)
        .invoke([SystemMessage(shelf), *past, HumanMessage("back to the one before the hat")])
    )
    assert [(c["name"], c["args"]) for c in answer.tool_calls] == [("look_at_image", {"image": 1})]


def test_an_answer_is_chosen_as_a_whole_and_not_word_by_word(reader: Reader) -> None:
    """To reply looks better at first, but each of thirty replies is unlikely, and what may be drawn is one thing."""
    import torch

    from models.chat.decider import Decider, Network

    words = vocabulary_of([f" word{n}" for n in range(30)])
    network = Network(len(words))
    with torch.no_grad():
        network.words.weight.zero_()
        network.queries.weight.zero_()
        network.queries.bias.zero_()
        network.word_bias[words.index(REPLY)] = 0.5
        network.word_bias[words.index(END)] = 9
    source = reader.source(Scene("fox"))
    items = Decider(network, words, reader).write(source, ["generate_image"])
    assert items[0] == tool_token("generate_image")
    assert [item for item in items if isinstance(item, Span)] == [Span("said", 0, 3)]


def test_a_share_comes_with_wilsons_interval() -> None:
    from bench.words import wilson

    assert wilson(152, 188) == pytest.approx((0.746, 0.859), abs=0.001)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[1] == pytest.approx(1.0)
