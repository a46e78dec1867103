"""Trains the embedded language model on generated dialogues and hand-written turns, and writes the weights that ship.

    python -m training.language --minutes 60 --threads 2      from MiniLM, or on from the last checkpoint with --resume
    python -m training.language --smoke                        a few steps into a temporary folder, to see that it runs

Examples come from the generator (`training/dialogues.py`) and, half of them, from turns written by hand
(`training/turns/`), bucketed by length. On processors every process makes its own and learns; a GPU learns, compiled
and in bfloat16, from what all processes make. The learning rate stays what it is; what ships is the running average of
the weights (Polyak & Juditsky 1992), which is as good as a falling rate and lets a run end, and go on another day, at
any time. Checkpoints, and a TensorBoard log beside them (git-ignored
`checkpoints/language/`), keep words by name: the vocabulary may grow between runs. `export` writes what is not
published elsewhere, in bfloat16, in shards under 15 MB with a manifest of SHA-256 sums.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import pickle
import random
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from models.chat.conversation import END, TOOLS, Grammar, Mark, Reader, vocabulary_of
from models.chat.decider import (
    MARK,
    MAX_ITEMS,
    START,
    STOP,
    WEIGHTS,
    WORD,
    Decider,
    Network,
    SourceBatch,
    is_frozen,
)
from models.weights import seal
from training.dialogues import Dialogues, Example, reply_words, right_words, tokenizer_file
from training.loop import DEVICE, Bar, computing
from training.said import FOLDER as CHANGES
from training.said_turns import SaidTurns
from training.session_turns import SessionTurns
from training.turns import FOLDER, WrittenTurns

CHECKPOINTS = Path("checkpoints/language")
SHARD = 14_500_000  # bytes
ENCODER_RATE, DECODER_RATE = 2e-4, 6e-4
WARM_UP = 100  # steps
MEMORY = 60_000  # decisions over which weights are averaged
SHARES = {"written": 0.42, "said": 0.15, "sessions": 0.15, "generated": 0.28}
"""Shares of the examples: turns written by hand, sentences and sessions for the planner, and the generator's."""


@dataclass(frozen=True)
class Batch:
    """Sources and what should be written about them; all but the sources are batch × steps."""

    sources: SourceBatch
    kinds: Tensor  # WORD, START, STOP, MARK; -1 for padding
    indices: Tensor  # into the vocabulary, or a source position
    allowed: Tensor  # batch × steps × (vocabulary + 3): words, and whether a span may start, must end, a mark may come

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        here = (tensor.to(device, non_blocking=True) for tensor in (self.kinds, self.indices, self.allowed))
        return Batch(self.sources.to(device), *here)


def coded(example: Example, ids: dict[str, int], free: Tensor) -> tuple[list[tuple[int, int]], list[Tensor]]:
    """The target as (kind, index) steps, a span being two of them, and what the grammar allows at each.

    `free` is True for the words that replies are made of.
    """
    steps: list[tuple[int, int]] = []
    rows: list[Tensor] = []
    tokens = example.source.tokens
    pictures, numbers = any(t.mark for t in tokens), any(t.digit and t.opens for t in tokens)
    grammar = Grammar(TOOLS, pictures=pictures, numbers=numbers, done=bool(example.source.scene.steps))
    for item in example.items:
        allowed = grammar.allowed()
        row = torch.cat((free & allowed.any_word, torch.tensor([allowed.start, False, allowed.mark])))
        row[[ids[word] for word in allowed.words if word in ids]] = True
        rows.append(row)
        if isinstance(item, str):
            steps.append((WORD, ids[item]))
        elif isinstance(item, Mark):
            steps.append((MARK, example.source.point(item)[0]))
        else:
            first, last = example.source.point(item)
            while not tokens[first].opens:
                first -= 1
            while not tokens[last].closes:
                last += 1
            steps += [(START, first), (STOP, last)]
            rows.append(torch.cat((torch.zeros_like(free), torch.tensor([False, True, False]))))
        if item != END:
            grammar.take(item)
    return steps, rows


def batch_of(examples: list[Example], ids: dict[str, int]) -> Batch:
    """Examples as tensors."""
    free = torch.tensor([not (word.startswith("<") and word.endswith(">") and len(word) > 2) for word in ids])
    targets = [coded(e, ids, free) for e in examples]
    longest = max(len(steps) for steps, _ in targets)
    kinds = torch.full((len(targets), longest), -1)
    indices = torch.zeros(len(targets), longest, dtype=torch.long)
    allowed = torch.ones(len(targets), longest, len(ids) + 3, dtype=torch.bool)
    for row, (steps, rows) in enumerate(targets):
        kinds[row, : len(steps)] = torch.tensor([k for k, _ in steps])
        indices[row, : len(steps)] = torch.tensor([i for _, i in steps])
        allowed[row, : len(steps)] = torch.stack(rows)
    return Batch(SourceBatch.of([e.source for e in examples]), kinds, indices, allowed)


def batches(seed: int, size: int, vocabulary: list[str]) -> Iterator[Batch]:
    """Endless batches of sources of like length, from the generator and from what was written by hand."""
    ids = {word: n for n, word in enumerate(vocabulary)}
    rng = random.Random(seed)
    reader = Reader(tokenizer_file(), right_words())
    sources = {
        "generated": iter(Dialogues("train", seed, reader)),
        "written": iter(WrittenTurns(Dialogues("train", seed + 1, reader), sorted(FOLDER.glob("*.jsonl")))),
        "said": iter(SaidTurns(Dialogues("train", seed + 2, reader), sorted(CHANGES.glob("*.jsonl")))),
        "sessions": iter(SessionTurns(Dialogues("train", seed + 3, reader), sorted(CHANGES.glob("sessions_*.txt")))),
    }
    names, shares = list(SHARES), list(SHARES.values())
    while True:
        pool: list[Example] = []
        while len(pool) < size * 12:
            example = next(sources[rng.choices(names, shares)[0]])
            if len(example.items) < MAX_ITEMS - 16:
                pool.append(example)
        pool.sort(key=lambda e: len(e.source.tokens) + 2 * len(e.items) + rng.random() * 12)
        groups = [pool[i : i + size] for i in range(0, len(pool), size)]
        rng.shuffle(groups)
        for group in groups:
            yield batch_of(group, ids)


def loss_of(network: Network, batch: Batch) -> tuple[Tensor, Tensor]:
    """Cross-entropy among what the grammar allows, and the share of decisions that are right throughout.

    The first item, which says what to do at all, and pictures count twice.
    """
    kinds, indices = batch.kinds, batch.indices
    real = kinds >= 0
    logits = network(batch.sources, kinds.clamp(min=0), indices)
    words, tokens = network.words.num_embeddings, batch.sources.ids.shape[1]
    target = torch.where(kinds == WORD, indices, words + (kinds - START) * tokens + indices).clamp(min=0)
    logits = logits.masked_fill(~choices(batch, words, tokens), -1e4)
    each = F.cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="none").view(kinds.shape)
    weight = real.float()
    weight[:, 0] *= 2
    weight = torch.where(kinds == MARK, 2 * weight, weight)
    right = ((logits.argmax(-1) == target) | ~real).all(1).float().mean()
    return (each * weight).sum() / (4 * len(kinds)), right


def choices(batch: Batch, words: int, tokens: int) -> Tensor:
    """What may be chosen at each step: batch × steps × (words + 3 × tokens).

    A span ends in its piece and not before its start.
    """
    opened = torch.cat((torch.zeros_like(batch.indices[:, :1]), batch.indices[:, :-1]), 1).clamp(max=tokens - 1)
    place = torch.arange(tokens, device=batch.indices.device)
    same = batch.sources.pieces[:, None, :] == torch.gather(batch.sources.pieces, 1, opened)[..., None]
    ends = same & (place >= opened[..., None]) & batch.allowed[..., words + 1, None]
    starts, marks = (batch.allowed[..., words + n, None].expand(-1, -1, tokens) for n in (0, 2))
    return torch.cat((batch.allowed[..., :words], starts, ends, marks), -1)


def fresh(vocabulary: list[str], reader: Reader) -> Network:
    """MiniLM, with the output words starting at the mean of their pieces' embeddings."""
    network = Network(len(vocabulary))
    network.load_minilm()
    with torch.no_grad():
        for number, word in enumerate(vocabulary):
            plain = "".join(c if c.isalnum() else " " for c in word)
            pieces = reader.tokenizer.encode(plain or word, add_special_tokens=False).ids
            if pieces:
                network.words.weight[number] += network.embeddings.words.weight[torch.tensor(pieces)].mean(0)
    return network


class Average:
    """The running average of a network's trained weights."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.weights = {name: tensor.clone() for name, tensor in own_weights(network).items()}

    @torch.no_grad()
    def take(self, decisions: int) -> None:
        """Come as much nearer to the network's present weights as so many decisions are worth."""
        for name, tensor in own_weights(self.network).items():
            self.weights[name].lerp_(tensor, min(1.0, decisions / MEMORY))


def own_weights(network: Network) -> dict[str, Tensor]:
    """The weights that are trained and shipped."""
    return {name: tensor for name, tensor in network.state_dict().items() if not is_frozen(name)}


def save(
    folder: Path, average: Average, vocabulary: list[str], optimizer: torch.optim.Optimizer, examples: int
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(
        {
            "weights": own_weights(average.network),
            "average": average.weights,
            "vocabulary": vocabulary,
            "optimizer": optimizer.state_dict(),
            "examples": examples,
        },
        folder / "last.tmp",
    )
    (folder / "last.tmp").replace(folder / "last.pt")


def resume(
    folder: Path, network: Network, vocabulary: list[str], optimizer: torch.optim.Optimizer
) -> tuple[Average, int]:
    """Weights of the last checkpoint, and how many decisions they have seen; words by name.

    The optimizer's state only where the vocabulary is the same.
    """
    kept = torch.load(folder / "last.pt", map_location=DEVICE, weights_only=True)
    adopt(network, vocabulary, kept["average"], kept["vocabulary"])
    average = Average(network)
    same = adopt(network, vocabulary, kept["weights"], kept["vocabulary"])
    if same and [len(g["params"]) for g in optimizer.param_groups] == [
        len(g["params"]) for g in kept["optimizer"]["param_groups"]
    ]:
        optimizer.load_state_dict(kept["optimizer"])
    return average, int(kept["examples"])


def adopt(network: Network, vocabulary: list[str], weights: dict[str, Tensor], words: list[str]) -> bool:
    """Take weights that were trained with other `words` or shorter tables of features; True if nothing differed.

    Words are found by name; the rows that a longer table has more keep what they start with.
    """
    old = {word: n for n, word in enumerate(words)}
    fitting: dict[str, Tensor] = {}
    own = network.state_dict()
    for name, tensor in weights.items():
        table = own[name].clone()
        if name in {"words.weight", "word_bias"}:
            for number, word in enumerate(vocabulary):
                if word in old:
                    table[number] = tensor[old[word]]
        else:
            table[tuple(slice(n) for n in tensor.shape)] = tensor.to(table.dtype)
        fitting[name] = table
    network.load_state_dict(fitting, strict=False)
    return words == vocabulary and all(own[name].shape == tensor.shape for name, tensor in weights.items())


def shipped(network: Network, vocabulary: list[str], folder: Path) -> None:
    """Start from weights as they ship."""
    weights: dict[str, Tensor] = {}
    for file in folder.glob("*.safetensors"):
        weights |= load_file(file)
    adopt(network, vocabulary, weights, json.loads((folder / "vocabulary.json").read_text("utf-8")))


def export(network: Network, vocabulary: list[str], folder: Path) -> None:
    """The shards, the vocabulary and the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.safetensors"):
        old.unlink()
    shards: list[dict[str, Tensor]] = [{}]
    size = 0
    for name, tensor in network.state_dict().items():
        if is_frozen(name):
            continue
        half = tensor.to(torch.bfloat16).contiguous()
        if size + half.nbytes > SHARD:
            shards.append({})
            size = 0
        shards[-1][name] = half
        size += half.nbytes
    for number, shard in enumerate(shards, 1):
        path = folder / f"weights-{number}-of-{len(shards)}.safetensors"
        save_file(shard, path)
        path.chmod(0o644)  # safetensors writes for the owner only
    (folder / "vocabulary.json").write_text(json.dumps(vocabulary, ensure_ascii=False, indent=0) + "\n", "utf-8")
    (folder / "right.txt").write_text("\n".join(sorted(right_words())) + "\n", "utf-8")
    seal(folder)


@dataclass(frozen=True)
class Run:
    """What one training run was asked for."""

    minutes: float
    size: int
    threads: int
    seed: int
    scale: float
    folder: Path
    on: bool
    accumulate: int = 1  # batches a step
    steps: int | None = None
    start: Path | None = None  # shipped weights to start from, where not `on`


def train(run: Run, out: Path | None) -> Network:
    """On processors one process a thread, all on the same weights in shared memory (Hogwild; Recht et al. 2011).

    On a busy machine none waits for another. A GPU is used by this process alone.
    """
    torch.manual_seed(run.seed)
    vocabulary = vocabulary_of(reply_words())
    network = fresh(vocabulary, Reader(tokenizer_file())).to(DEVICE)
    if DEVICE.type == "cuda":
        network.compile(dynamic=True)
    else:
        network.share_memory()
    context = multiprocessing.get_context("spawn")
    count = context.Value("q", 0)
    optimizer = optimizer_of(network)
    if run.on and (run.folder / "last.pt").exists():
        average, count.value = resume(run.folder, network, vocabulary, optimizer)
    else:
        if run.start:
            shipped(network, vocabulary, run.start)
        average = Average(network)
    others = [
        context.Process(target=_work, args=(rank, run, network, vocabulary, count, None, None), daemon=True)
        for rank in range(1, run.threads if DEVICE.type == "cpu" else 1)
    ]
    for other in others:
        other.start()
    _work(0, run, network, vocabulary, count, optimizer, average)
    for other in others:
        other.join(60)
    save(run.folder, average, vocabulary, optimizer, count.value)
    network.load_state_dict(average.weights, strict=False)
    if out:
        export(network, vocabulary, out)
    return network


_stream: Iterator[Batch]  # in a process that makes batches


def _begin(rank: Any, seed: int, size: int, vocabulary: list[str]) -> None:
    """In a process that makes batches: its own, of another seed than the others'."""
    global _stream
    with rank.get_lock():
        rank.value += 1
        _stream = batches(seed + 1000 * rank.value, size, vocabulary)


def _made() -> bytes:
    return pickle.dumps(next(_stream))  # as bytes: each tensor sent as such would hold a file open


def made_by_processes(count: int, seed: int, size: int, vocabulary: list[str]) -> Iterator[Batch]:
    """Endless batches, made by so many processes ahead of their use."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, context, _begin, (context.Value("q", 0), seed, size, vocabulary))
    try:
        ahead = deque(pool.submit(_made) for _ in range(4 * count))
        while True:
            batch: Batch = pickle.loads(ahead.popleft().result())
            ahead.append(pool.submit(_made))
            yield batch
    finally:
        pool.shutdown(cancel_futures=True)


def optimizer_of(network: Network) -> torch.optim.AdamW:
    """Two groups: MiniLM's layers, and what starts from nothing."""
    slow = [p for n, p in network.named_parameters() if p.requires_grad and n.startswith("layers.")]
    quick = [p for n, p in network.named_parameters() if p.requires_grad and not n.startswith("layers.")]
    return torch.optim.AdamW(
        [{"params": slow}, {"params": quick}], lr=DECODER_RATE, weight_decay=0.01, betas=(0.9, 0.98)
    )


def _work(
    rank: int,
    run: Run,
    network: Network,
    vocabulary: list[str],
    count: Any,
    optimizer: torch.optim.AdamW | None,
    average: Average | None,
) -> None:
    """The loop of one process, until the clock says so.

    The first one has the average, tells, and saves every four minutes.
    """
    torch.set_num_threads(1)
    network.train()
    optimizer = optimizer or optimizer_of(network)
    seed = run.seed + 1000 * rank + count.value
    if DEVICE.type == "cuda":
        stream = made_by_processes(run.threads, seed, run.size, vocabulary)
    else:
        stream = batches(seed, run.size, vocabulary)
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    log = _log(run.folder) if rank == 0 else None
    began = told = saved = time.monotonic()
    step, before, seen, losses, rights = 0, count.value, count.value, list[float](), list[float]()
    with Bar("language", run.minutes * 60, shown=rank == 0) as bar:
        while time.monotonic() - began < run.minutes * 60 and (run.steps is None or step < run.steps):
            rate = min(1.0, (step + 1) / WARM_UP) * run.scale
            optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = ENCODER_RATE * rate, DECODER_RATE * rate
            optimizer.zero_grad(set_to_none=True)
            taken = 0
            for _ in range(run.accumulate):
                batch = next(stream).to(DEVICE)
                with computing():
                    loss, right = loss_of(network, batch)
                (loss / run.accumulate).backward()
                taken += len(batch.kinds)
                losses.append(loss.item())
                rights.append(right.item())
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            step += 1
            parent = multiprocessing.parent_process()
            if parent and not parent.is_alive():
                return  # the first process was ended: nobody would save what this one learns
            with count.get_lock():
                count.value += taken
            if average:
                average.take(count.value - seen)
                seen = count.value
            now = time.monotonic()
            bar.at(now - began)
            if log and now - told > 60:
                speed = (count.value - before) / (now - told)
                bar.tell(
                    f"{count.value} examples, loss {mean(losses):.4f}, decisions right {mean(rights):.4f}, "
                    f"{speed:.1f} examples/s"
                )
                log.add_scalar("loss", mean(losses), count.value)
                log.add_scalar("decisions right", mean(rights), count.value)
                told, before, losses, rights = now, count.value, [], []
            if average and now - saved > 240:
                save(run.folder, average, vocabulary, optimizer, count.value)
                saved = now


def _log(folder: Path) -> Any:
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(folder / "log"))


def export_last(folder: Path, out: Path) -> None:
    """The last checkpoint as shipped weights, while training goes on."""
    kept = torch.load(folder / "last.pt", map_location="cpu", weights_only=True)
    network = Network(len(kept["vocabulary"]))
    network.load_minilm()
    network.load_state_dict(kept["average"], strict=False)
    export(network, kept["vocabulary"], out)
    Decider.load(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--accumulate", type=int, default=1, help="batches a step")
    parser.add_argument("--threads", type=int, default=2, help="processes that learn, or make examples for a GPU")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.0, help="multiplies the learning rates")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint, if there is one")
    parser.add_argument("--start", type=Path, help="a folder of shipped weights to start from, instead of MiniLM")
    parser.add_argument("--export", action="store_true", help="only write the last checkpoint as shipped weights")
    parser.add_argument("--smoke", action="store_true", help="three steps into a temporary folder")
    parser.add_argument("--checkpoints", type=Path, default=CHECKPOINTS)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    if args.export:
        export_last(args.checkpoints, args.out)
    elif args.smoke:
        with tempfile.TemporaryDirectory() as folder:
            train(Run(2, 4, 1, 1, 1.0, Path(folder) / "checkpoints", on=False, steps=3), Path(folder) / "out")
            Decider.load(Path(folder) / "out")
            print("smoke run done")
    else:
        run = Run(args.minutes, args.batch, args.threads, args.seed, args.rate, args.checkpoints, args.resume)
        train(replace(run, start=args.start, accumulate=args.accumulate), args.out)


if __name__ == "__main__":
    main()
