"""Training of the language model that is stopped and taken up again."""

from __future__ import annotations

from pathlib import Path

import torch

from models.chat.conversation import Reader, vocabulary_of
from models.chat.decider import Decider
from training.dialogues import reply_words, tokenizer_file
from training.language import MEMORY, Average, export_last, fresh, optimizer_of, resume, save


def test_training_goes_on_from_its_last_weights_and_what_ships_is_their_average(tmp_path: Path) -> None:
    vocabulary = vocabulary_of(reply_words())
    network, other = (fresh(vocabulary, Reader(tokenizer_file())) for _ in range(2))
    average = Average(network)
    with torch.no_grad():
        network.begin.fill_(1.0)
    average.take(MEMORY // 4)
    average.take(0)
    save(tmp_path / "checkpoints", average, vocabulary, optimizer_of(network), 77)

    taken_up, examples = resume(tmp_path / "checkpoints", other, vocabulary, optimizer_of(other))
    assert examples == 77
    assert torch.equal(other.begin, network.begin)
    torch.testing.assert_close(taken_up.weights["begin"], torch.full_like(network.begin, 0.25))
    export_last(tmp_path / "checkpoints", tmp_path / "out")
    shipped = Decider.load(tmp_path / "out").network
    torch.testing.assert_close(shipped.begin, taken_up.weights["begin"])


def test_a_grown_vocabulary_takes_the_words_it_had(tmp_path: Path) -> None:
    vocabulary = vocabulary_of(reply_words())
    network = fresh(vocabulary[:-1], Reader(tokenizer_file()))
    with torch.no_grad():
        network.word_bias[0] = 3.0
    save(tmp_path, Average(network), vocabulary[:-1], optimizer_of(network), 5)
    larger = fresh(vocabulary, Reader(tokenizer_file()))
    average, _ = resume(tmp_path, larger, vocabulary, optimizer_of(larger))
    assert larger.word_bias[0] == 3.0 == average.weights["word_bias"][0]
    assert len(average.weights["word_bias"]) == len(vocabulary)
