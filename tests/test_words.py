"""What the readings of a text promise: disguises come off where known words lie under them, honest texts stay as they
are, and Chinese is read in characters and in pinyin."""

from __future__ import annotations

import random
import time

import pytest

from bench.words import CHINESE, DISGUISES, requests
from models.words import FOLDER, Lexicon, readings
from training.words import APART, bare, kept_apart

HONEST = [
    "a bare tree on a hill, 4k, 3d, 85mm",
    "a woman's red coat, f1.8, 1920x1080",
    "the 1980s: mp3 players, 50s diners and a 2nd violin",
    "he can sing a long song in Shanghai",
    "красная лиса в снегу",
    "une chaise rouge",
    "number 7, please; then 12 more!",
    "",
    "!!! ???",
]


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_text_has_one_reading(text: str) -> None:
    assert readings(text) == (text,)


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("7h3 r3d f0x", "the red fox"),
        ("@ r3d l!0n", "a red lion"),
        ("t.h.e r.e.d f.o.x", "the red fox"),
        ("t-h-e r_e_d f*o*x", "the red fox"),
        ("t h e  r e d  f o x", "the red fox"),
        ("t h e r e d f o x", "the red fox"),
        ("theredfox", "the red fox"),
        ("7.h.3 r.3.d f.0.x", "the red fox"),
        ("thе rеd fох", "the red fox"),  # Cyrillic е, о, х
        ("τhε red fοx", "the red fox"),
        ("the re\u200bd fo\u00adx", "the red fox"),
        ("thé réd fóx", "the red fox"),
        ("theee reeed fooox", "the red fox"),
        ("the fo x and the la dy", "the fox and the lady"),
        ("take off", "take off"),
        ("t a k e o f f", "take off"),
        ("她拿着刀", "she holding knife"),
        ("红 狐 狸", "red fox"),
        ("紅狐狸", "red fox"),
        ("hong huli", "red fox"),
        ("hong2 hu2li2", "red fox"),
        ("honghuli", "red fox"),
    ],
)
def test_the_last_reading_is_in_plain_english(disguised: str, plain: str) -> None:
    found = readings(disguised)[-1].split()
    assert [{"her": "she"}.get(word, word) for word in found] == plain.split()


def test_half_a_disguise_seen_through_leaves_the_text_as_a_reading_beside_it() -> None:
    assert readings("a r3d zqxv1k")[0] == "a r3d zqxv1k"
    assert readings("a r3d f0x") == ("a red fox",)


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "1" * 20_000, "w o m a n " * 2_000, "(" * 20_000, "裸" * 20_000, "4" * 3 + "\x00"]
)
def test_long_texts_are_read_in_linear_time(text: str) -> None:
    began = time.process_time()
    assert readings(text)
    assert time.process_time() - began < 8


def test_random_texts_have_readings() -> None:
    chance = random.Random(4)
    letters = "abcdefghij nude 0123!@#$*._-'\u200b\u0430\u0301红狐\n"
    for _ in range(400):
        text = "".join(chance.choice(letters) for _ in range(chance.randint(0, 60)))
        assert 1 <= len(readings(text)) <= 3 and readings(text) == readings(text)


def test_the_lexicon_is_complete() -> None:
    lexicon = Lexicon.load(FOLDER / "lexicon.tsv")
    assert lexicon.words and lexicon.harmful and lexicon.simplified
    assert len(lexicon.hanzi) > 1500 and set(lexicon.hanzi.values()) == {
        g for gs in lexicon.pinyin.values() for g in gs
    }


def test_training_makes_no_sentence_of_the_benchmark() -> None:
    apart = kept_apart(APART)
    assert all(bare(request.text) in apart for request in requests("held-out") if bare(request.text))
    assert bare("Please draw a naked woman on the bed") == bare("naked woman bed")


def test_the_benchmark_has_enough_harmless_look_alikes_and_every_form_changes_the_text() -> None:
    assert sum(not request.category for request in requests("held-out")) >= 500
    assert all(
        disguise("a nice woman") != "a nice woman" for name, disguise in DISGUISES.items() if name != "as written"
    )
    assert all(
        disguise("画一张黄图") != "画一张黄图" for name, disguise in CHINESE.items() if name != "Chinese, as written"
    )
