"""The language model's training on a GPU: nothing is left on the processor, and other processes make the examples.

No GPU is needed: PyTorch's fake tensors know their shape and device alone, and refuse to mix devices as real ones do.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from models.chat.conversation import vocabulary_of
from models.chat.decider import Network
from training import language
from training.dialogues import reply_words

GPU = torch.device("cuda", 0)


def faked(mode: FakeTensorMode, whole: Any) -> Any:
    """A dataclass of tensors, and of such dataclasses, without memory."""
    own = [getattr(whole, field.name) for field in fields(whole)]
    return type(whole)(*(mode.from_tensor(one) if isinstance(one, Tensor) else faked(mode, one) for one in own))


def test_the_language_model_learns_on_a_gpu() -> None:
    vocabulary = vocabulary_of(reply_words())
    real = next(language.batches(3, 4, vocabulary))
    with FakeTensorMode() as mode:
        batch = faked(mode, real)
        with GPU:
            network = Network(len(vocabulary))
        loss, right = language.loss_of(network, batch.to(GPU))
        assert loss.device == right.device == GPU
        with pytest.raises(RuntimeError, match="device"):
            language.loss_of(network, batch)


@pytest.mark.slow
def test_examples_made_by_other_processes_differ() -> None:
    vocabulary = vocabulary_of(reply_words())
    made = language.made_by_processes(2, seed=5, size=2, vocabulary=vocabulary)
    first, second = next(made), next(made)
    made.close()
    assert len(first.kinds) == len(second.kinds) == 2
    assert first.sources.ids.tolist() != second.sources.ids.tolist()
