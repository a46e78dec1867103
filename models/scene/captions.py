"""Reads a caption for the planner: MiniLM's states of each word as it is and as it reads among the others."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.minilm import MiniLM, padded, tokenizer

MAX_TOKENS = 64  # longer captions are cut, as they were in training
_WORD_SCALE, _STATE_SCALE = 2.0, 2.5  # MiniLM's first and last states have root mean squares of 0.5 and 0.4


class CaptionReader(nn.Module):
    """Token states (n, tokens, 768) of texts, both halves of about unit variance; zeros where padding stands.

    `words` are those that it reads in one piece: a word that is none of them is rare, or typed wrong.

    Raises:
        WeightsMissing: MiniLM's package is not installed, or its weights are not the published ones.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = MiniLM.load()
        self._tokenizer = tokenizer()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self.words = frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha())

    @torch.no_grad()
    def forward(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """The states, and where a token stands (n, tokens)."""
        ids, mask = padded([encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))])
        device = self.encoder.embeddings.words.weight.device
        mask = mask.to(device)
        words, reading = self.encoder(ids.to(device), mask)
        return torch.cat([_WORD_SCALE * words, _STATE_SCALE * reading], -1) * mask[..., None], mask

    def outside(self, text: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
        """Of each token whether it is in none of the spans of a text (first character, behind the last)."""
        offsets: list[tuple[int, int]] = self._tokenizer.encode(text).offsets
        return [not any(start < last and first < end for first, last in spans) for start, end in offsets]

    def whole(self, text: str) -> list[bool]:
        """Of each token whether it is a whole word ("sundae" is read as "sun" and "dae")."""
        tokens: list[str] = self._tokenizer.encode(text).tokens
        inside = [token.startswith("##") for token in tokens]
        return [not one and not after for one, after in zip(inside, [*inside[1:], False], strict=True)]
