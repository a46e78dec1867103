"""Generated dialogues: every target can be written under the grammar, and the measuring split shares nothing with
training."""

from __future__ import annotations

from itertools import islice

import pytest
from PIL import Image

from models.conversation import END, REPLY, TOOLS, Grammar, Mark, Reader, Span, act, vocabulary_of
from tools.adjustments import adjust
from tools.catalog import BY_NAME
from tools.edit import read_region
from training import phrases
from training.dialogues import Dialogues, Example, reply_words, tokenizer_file


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(tokenizer_file())


@pytest.fixture(scope="module")
def examples(reader: Reader) -> list[Example]:
    return list(islice(iter(Dialogues("train", 1, reader)), 700))


def test_the_same_seed_gives_the_same_examples(reader: Reader) -> None:
    once, again = (list(islice(iter(Dialogues("train", 5, reader)), 50)) for _ in range(2))
    assert [(e.source.scene, e.items) for e in once] == [(e.source.scene, e.items) for e in again]


def test_every_target_can_be_written_under_the_grammar(examples: list[Example]) -> None:
    vocabulary = set(vocabulary_of(reply_words()))
    for example in examples:
        grammar = Grammar(TOOLS, pictures=bool(example.source.scene.pictures), numbers=True)
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
