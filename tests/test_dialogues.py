"""What the language model learns from, generated and written by hand: every target can be written under the grammar,
and what it is measured with shares nothing with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path

import pytest
from PIL import Image

from models.chat.conversation import (
    AND,
    END,
    REPLY,
    TOOLS,
    Action,
    Grammar,
    Mark,
    Reader,
    Span,
    act,
    argument_token,
    tool_token,
    vocabulary_of,
)
from tools.adjustments import adjust
from tools.catalog import BY_NAME
from tools.edit import read_region
from training import phrases
from training.dialogues import Dialogues, Example, more_phrases, reply_words, tokenizer_file
from training.said import FOLDER as CHANGES
from training.said_turns import SaidTurns
from training.session_turns import SessionTurns
from training.turns import FOLDER, Unreadable, WrittenTurns, read_turn, rows_of

WRITTEN = sorted(FOLDER.glob("*.jsonl"))
BENCH = Path(__file__).parents[1] / "bench"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(tokenizer_file())


@pytest.fixture(scope="module")
def examples(reader: Reader) -> list[Example]:
    return list(islice(iter(Dialogues("train", 1, reader)), 700))


def test_the_same_seed_gives_the_same_examples(reader: Reader) -> None:
    once, again = (list(islice(iter(Dialogues("train", 5, reader)), 50)) for _ in range(2))
    assert [(e.source.scene, e.items) for e in once] == [(e.source.scene, e.items) for e in again]


@pytest.fixture(scope="module")
def written(reader: Reader) -> list[Example]:
    """Every decision of every hand-written turn, as it stands in its file."""
    dialogues = Dialogues("train", 1, reader, every=True)
    found: list[Example] = []
    for file in WRITTEN:
        for row in rows_of(file):
            world, intent = read_turn(row)
            intent.plain = True
            found += dialogues.turn(world, intent)
    return found


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["examples", pytest.param("written", marks=pytest.mark.slow)])
def test_every_target_can_be_written_under_the_grammar(kind: str, request: pytest.FixtureRequest) -> None:
    examples: list[Example] = request.getfixturevalue(kind)
    vocabulary = set(vocabulary_of(reply_words()))
    for example in examples:
        done = bool(example.source.scene.steps)
        grammar = Grammar(TOOLS, pictures=bool(example.source.scene.pictures), numbers=True, done=done)
        for item in example.items:
            allowed = grammar.allowed()
            if isinstance(item, Span):
                assert allowed.start, (example, item)
                assert not allowed.told or item.piece in ("said", "past:said"), (example, item)
            elif isinstance(item, Mark):
                assert allowed.mark, (example, item)
            else:
                assert item in vocabulary
                assert item in allowed.words or (allowed.any_word and not item.startswith("<")), (example, item)
            if item != END:
                grammar.take(item)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_written_turn_asks_for_what_the_tools_accept(written: list[Example]) -> None:
    assert len(written) > 5000
    calls = [act(example.items[:-1], example.source) for example in written]
    for call in calls:
        if call.name:
            BY_NAME[call.name].args.model_validate(call.args)
    assert {call.name for call in calls if call.name} == set(TOOLS)


def test_no_sentence_that_the_model_is_measured_with_is_among_those_it_learns_from() -> None:
    def plain(said: str) -> str:
        return re.sub(r"[^a-z0-9 ]", "", said.lower()).strip()

    learnt = {plain(row["say"]) for file in WRITTEN for row in rows_of(file)}
    for file in sorted(BENCH.glob("turns*.jsonl")):
        measured = {plain(json.loads(line)["say"]) for line in file.read_text("utf-8").splitlines()}
        assert not learnt & measured


@pytest.mark.parametrize(
    ("row", "calls"),
    [
        (
            {"say": "make the HAT on the second one blue", "shelf": ["a cat", "a hat"],
             "do": [{"call": "edit_image", "image": 2, "instruction": "make the HAT blue"}]},
            [("edit_image", {"image": 2, "instruction": "make the HAT blue"})],
        ),
        (
            {"say": "same but at night", "shelf": ["a cat"],
             "do": [{"call": "generate_image", "prompt": "a cat, at night"}]},
            [("generate_image", {"prompt": "a cat, at night"})],
        ),
        (
            {"say": "a bus then 30% of that, cut 4:3", "do": [
                {"call": "generate_image", "prompt": "a bus"},
                {"call": "adjust_image", "image": 1, "operation": "resize", "amount": "30%"},
                {"call": "adjust_image", "image": 2, "operation": "crop", "amount": "4:3"}]},
            [("generate_image", {"prompt": "a bus"}),
             ("adjust_image", {"image": 1, "operation": "resize", "amount": "30%"}),
             ("adjust_image", {"image": 2, "operation": "crop", "amount": "4:3"})],
        ),
        (
            {"say": "is the cat ok for kids", "shelf": ["a cat", "a dog"],
             "do": [{"call": "check_safety", "target": "#1"}]},
            [("check_safety", {"target": "#1"})],
        ),
    ],
)  # fmt: skip
def test_a_written_turn_is_read_as_the_calls_it_names(
    reader: Reader, row: dict[str, object], calls: list[tuple[str, dict[str, object]]]
) -> None:
    world, intent = read_turn(row)
    intent.plain = True
    found = [act(e.items[:-1], e.source) for e in Dialogues("train", 3, reader, every=True).turn(world, intent)]
    assert [(call.name, call.args) for call in found if call.name] == calls


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"say": "a cat", "do": [{"call": "generate_image", "prompt": "a dog"}]}, "stands nowhere"),
        ({"say": "flip it", "do": [{"call": "adjust_image", "image": 1, "operation": "flip"}]}, "there is no #1"),
        ({"say": "a cat", "do": [{"call": "paint", "prompt": "a cat"}]}, "paint is no tool"),
        ({"say": "a cat", "do": [{"call": "generate_image", "prompt": "a cat", "tall": 1}]}, "takes no tall"),
        (
            {"say": "a cat", "do": [{"call": "generate_image", "prompt": "a cat", "count": 9}]},
            "9 is no count: one of 1, 2",
        ),
        ({"say": "thanks", "do": [{"reply": "cheers"}]}, "cheers is no reply"),
        ({"say": "a cat", "do": []}, "nothing is done"),
    ],
)
def test_a_written_turn_that_cannot_be_read_says_why(row: dict[str, object], sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        read_turn(row)


def test_written_turns_come_again_and_again_differently(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "turns.jsonl"
    file.write_text('{"say": "pls paint a cat", "do": [{"call": "generate_image", "prompt": "a cat"}]}\n')
    stream = iter(WrittenTurns(Dialogues("train", 4, reader), [file]))
    firsts = [e for e in islice(stream, 60) if not e.source.scene.steps]
    assert len({e.source.scene.said for e in firsts}) > 10
    for example in firsts:
        call = act(example.items[:-1], example.source)
        assert call.name == "generate_image" and str(call.args["prompt"]) in example.source.scene.said


def test_a_plain_change_of_a_scene_is_an_edit_of_the_last_picture_in_its_own_words(reader: Reader) -> None:
    said = SaidTurns(Dialogues("train", 6, reader), sorted(CHANGES.glob("edits_*.jsonl")))
    assert len(said.rows) > 900
    for example in islice(said, 300):
        scene, call = example.source.scene, act(example.items[:-1], example.source)
        if not scene.steps:
            assert call.name == "edit_image" and call.args["image"] == scene.shelf[-1].handle, scene.said
            assert str(call.args["instruction"]) in scene.said


def test_of_other_changes_and_of_first_requests_only_what_to_do_is_taught(reader: Reader) -> None:
    said = SaidTurns(Dialogues("train", 7, reader), sorted(CHANGES.glob("*.jsonl")))
    short = [example for example in islice(said, 300) if example.items[-1] != END]
    kinds = {example.items[0] for example in short}
    assert kinds == {tool_token("edit_image"), tool_token("generate_image")}
    for example in short:
        scene = example.source.scene
        if example.items[0] == tool_token("edit_image"):
            assert example.items == (tool_token("edit_image"), argument_token("image"), Mark(scene.shelf[-1].handle))
        else:
            assert len(example.items) == 1


SESSION = """
> two ducks on a lake
= shows 2 duck; around sea; new
> three pictures of a frog instead
= shows frog; new; pictures 3
> second one, with a hat
= shows frog, hat; from 2.2
> brighter
= shows frog, hat; from 3; by adjust
> how many ducks were there
= says "two|2"; nothing
> back to the ducks but at night
= shows 2 duck; around night; from 1
> either way
= shows duck; from 1
= shows duck; new
"""


def test_a_session_teaches_which_tool_and_which_picture_and_nothing_where_more_is_right(
    reader: Reader, tmp_path: Path
) -> None:
    (tmp_path / "sessions.txt").write_text(SESSION, "utf-8")
    turns = SessionTurns(Dialogues("train", 6, reader), [tmp_path / "sessions.txt"])
    taught = {turn["say"]: (turn["do"][0]["call"], turn["do"][0].get("image"), told) for turn, told in turns.turns}
    assert taught == {
        "two ducks on a lake": ("generate_image", None, 1),
        "three pictures of a frog instead": ("generate_image", None, 1),
        "second one, with a hat": ("edit_image", 3, 3),
        "brighter": ("adjust_image", 5, 3),
        "how many ducks were there": ("look_at_image", 6, 3),
        "back to the ducks but at night": ("edit_image", 1, 3),
    }
    for example in islice(turns, 12):
        tool, argument, mark = [*example.items, None, None][:3]
        assert (argument, type(mark)) in ((None, type(None)), (argument_token("image"), Mark))
        assert str(tool)[1:-1] in {call for call, _, _ in taught.values()}


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("ghost out", True),
        ("crown the strongman", True),
        ("midnight", True),
        ("make it bigger", False),  # the picture, perhaps
        ("i want him in a hat", False),  # "i want" is no part of the instruction
        ("no, the dog", False),
        ("could the frog hop to the right", False),
    ],
)
def test_only_one_plain_wish_is_taken_for_all_of_the_instruction(
    reader: Reader, tmp_path: Path, sentence: str, plain: bool
) -> None:
    scene = {"things": [["frog", ""]], "place": "meadow", "light": "day", "weather": "clear", "style": "plain"}
    row = {"before": scene, "say": sentence, "after": {**scene, "light": "night"}, "kind": "light"}
    (tmp_path / "edits.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    assert bool(SaidTurns(Dialogues("train", 6, reader), [tmp_path / "edits.jsonl"]).rows) == plain


def test_every_target_is_a_call_that_the_tools_accept(examples: list[Example]) -> None:
    names = set()
    for example in examples:
        action = act(example.items[:-1], example.source)
        if not action.name:
            assert action.text
            continue
        names.add(action.name)
        args = BY_NAME[action.name].args.model_validate(action.args)
        if action.name == "edit_image" and example.source.scene.said.islower():
            read_region(args.model_dump()["region"]) if not _rough(action.args.get("region", "")) else None
    assert names == set(TOOLS)


def _rough(region: str) -> bool:
    """Whether a typo struck the region's words."""
    return region not in phrases.REGIONS


def test_every_region_in_the_phrases_is_one_that_the_editor_knows() -> None:
    for region in phrases.REGIONS:
        assert read_region(region)


def test_every_amount_in_the_phrases_is_one_that_the_adjustments_know() -> None:
    picture = Image.new("RGB", (64, 48), "red")
    for operation, amount in phrases.ADJUST:
        adjust(picture, operation, amount)


def test_handles_in_targets_exist(examples: list[Example]) -> None:
    for example in examples:
        known = {p.handle for p in example.source.scene.pictures}
        assert {item.handle for item in example.items if isinstance(item, Mark)} <= known


def test_the_held_split_shares_no_phrasing_and_no_noun(reader: Reader) -> None:
    train, held = Dialogues("train", 1, reader), Dialogues("held", 1, reader)
    for entries in (phrases.DRAW, phrases.NOUNS, phrases.UPSCALE, phrases.EDIT_WHOLE, phrases.PLACES):
        assert not {train.pick(entries) for _ in range(500)} & {held.pick(entries) for _ in range(500)}


def test_free_text_is_pointed_at_exactly_as_it_was_typed(examples: list[Example]) -> None:
    for example in examples:
        action = act(example.items[:-1], example.source)
        if action.name == "find_images":
            assert action.args["query"] in example.source.scene.said


def test_replies_are_made_of_the_vocabulary(examples: list[Example]) -> None:
    vocabulary = set(vocabulary_of(reply_words()))
    for example in examples:
        if example.items[0] == REPLY:
            assert all(item in vocabulary for item in example.items if isinstance(item, str))


# ── what the generator can say ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def turns(reader: Reader) -> list[list[Example]]:
    """Whole turns, each as its decisions."""
    stream = iter(Dialogues("train", 2, reader, every=True))
    whole = (list(examples) for _, examples in groupby(stream, key=lambda example: example.turn))
    return list(islice(whole, 3000))


def _calls(turn: list[Example]) -> list[Action]:
    return [action for e in turn if (action := act(e.items[:-1], e.source)).name]


def _said(turns: list[list[Example]], *words: str) -> Iterator[tuple[str, list[Action]]]:
    for turn in turns:
        said = turn[0].source.scene.said.lower()
        if all(word in said for word in words):
            yield said, _calls(turn)


def test_a_turn_closes_only_after_its_last_call(turns: list[list[Example]]) -> None:
    for turn in turns:
        names = [act(e.items[:-1], e.source).name for e in turn]
        assert "" not in names[:-1]


def test_one_sentence_may_ask_for_four_steps(turns: list[list[Example]]) -> None:
    lengths = {len({action.name for action in calls}) for calls in map(_calls, turns) if len(calls) >= 4}
    assert max(lengths) >= 3


def test_listed_pictures_are_each_taken_once_and_in_order(turns: list[list[Example]]) -> None:
    seen = 0
    for said, calls in _said(turns, " and "):
        listed = re.search(r"(?:#\d+(?:,? #\d+)* and #|(?:pictures|images|numbers) \d+(?:,? \d+)* and )\d+\b", said)
        images = [str(call.args["image"]) for call in calls if "image" in call.args]
        if listed and len({call.name for call in calls}) == 1 and len(images) == len(calls) > 1:
            assert images == re.findall(r"\d+", listed[0])[: len(images)]  # a tool that fails ends the turn
            seen += 1
    assert seen > 2


def test_what_is_cut_off_is_not_what_is_kept(reader: Reader) -> None:
    for half, other in (("top half", "bottom"), ("left half", "right")):
        cuts = [words for words in phrases.ADJUST["crop", half] if words.startswith(("cut off", "chop off", "remove"))]
        assert cuts
        assert all(other in words or {"top": "upper", "bottom": "lower"}.get(other, "-") in words for words in cuts)


def test_too_dark_is_brightened_and_too_bright_darkened() -> None:
    dark = {words for words in phrases.ADJUST["brightness", "+20"] if "too" in words}
    bright = {words for words in phrases.ADJUST["brightness", "-20"] if "too" in words}
    assert all("bright" not in words for words in dark)
    assert all("dark" not in words for words in bright)


def test_a_number_that_is_said_is_pointed_at_and_never_chosen() -> None:
    for operation in ("rotate", "brightness", "contrast", "saturation", "resize"):
        for templates in (phrases.ADJUST, phrases.ADJUST_HERE):
            for (name, _), wordings in templates.items():
                assert name != operation or not any(re.search(r"\d", words) for words in wordings)


def test_a_story_before_the_request_stays_in_the_prompt(turns: list[list[Example]]) -> None:
    stories = [act(turn[0].items[:-1], turn[0].source) for turn in turns if AND in turn[0].items]
    prompts = [str(action.args["prompt"]) for action in stories if action.name == "generate_image"]
    assert prompts
    assert all(", " in prompt for prompt in prompts)


def test_pictures_that_one_word_fits_alike_are_asked_about(turns: list[list[Example]]) -> None:
    asked = [c for calls in map(_calls, turns) for c in calls if c.name == "ask_user"]
    which = [c for c in asked if re.fullmatch(r"Which one do you mean, .*#\d+ or #\d+\?", c.args["question"])]
    assert which
    assert all(len(call.args["choices"]) >= 2 for call in which)


def test_the_kind_of_picture_stays_in_the_prompt_when_several_are_wanted(turns: list[list[Example]]) -> None:
    drawn = [calls[0] for calls in map(_calls, turns) if calls and calls[0].name == "generate_image"]
    kinds = (*phrases.COUNT_MEDIA, *more_phrases()["COUNT_MEDIA"][1])
    several = [call for call in drawn if str(call.args["prompt"]).lower().startswith(kinds) and "count" in call.args]
    assert len(several) > 5


def test_no_phrasing_that_measures_is_among_those_that_only_training_draws() -> None:
    def plain(text: str) -> str:
        return " ".join(re.findall(r"[\w{}#%]+", text.lower()))

    measuring = Dialogues("held", 1, Reader(tokenizer_file()))
    for name, (entries, more) in more_phrases().items():
        if len(held := measuring.share(entries)) < len(set(entries)):
            assert not {plain(one) for one in held} & {plain(one) for one in more} - {""}, name
        slots = {slot for one in entries for slot in re.findall(r"\{\w+\}", one)}
        assert {slot for one in more for slot in re.findall(r"\{\w+\}", one)} <= slots, name


def test_what_is_measured_with_does_not_change_with_what_training_draws_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> list[str]:
        return [e.source.scene.said for e in islice(Dialogues("held", 3, Reader(tokenizer_file())), 50)]

    before = said()
    monkeypatch.setattr("training.dialogues._more", dict[int, list[str]])
    assert said() == before


def test_no_slot_of_a_phrasing_is_left_unfilled(turns: list[list[Example]]) -> None:
    assert not [turn[0].source.scene.said for turn in turns if re.search(r"[{}~]", turn[0].source.scene.said)]


def test_other_things_than_pictures_are_declined(turns: list[list[Example]]) -> None:
    declined = [
        turn[0].source.scene.said for turn in turns if "I only make" in act(turn[0].items[:-1], turn[0].source).text
    ]
    assert len(set(declined)) > 10
