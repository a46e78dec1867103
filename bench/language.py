"""Measures the embedded language model: `python -m bench.language [--folder models/embedded/language] [--wrong]`.

Four things. Turns of `turns.jsonl`, written by hand and kept apart from training: every call of the turn must be
right, in order, and a reply must close it. Held-out generated decisions, whose phrasings and nouns are not in the
training lists. Long descriptions: whether every content word arrives. And for all of them whether each call fits
the tools' own schemas, and how long a decision takes.

Texts are compared by their content words in order (case, articles and a few small words aside); handles, numbers
and choices exactly.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from pydantic import ValidationError

from models.conversation import TOOLS, Action, Reader, act, scene_of
from models.decider import WEIGHTS, Decider
from tools.catalog import BY_NAME
from training.dialogues import Dialogues, tokenizer_file

TURNS = Path(__file__).parent / "turns.jsonl"
SMALL = frozenset(
    "a an the it its to in on of at with please pls and is be so there i want could can my for as or any".split()
)
TEXTS = frozenset(
    name
    for arguments in TOOLS.values()
    for name, kind, _ in arguments
    if kind in {"prompt", "instruction", "span", "target"}
)


@dataclass
class Tally:
    """What was seen so far."""

    times: list[float] = field(default_factory=list[float])
    calls: int = 0
    malformed: list[str] = field(default_factory=list[str])

    def decide(self, decider: Decider, messages: Sequence[AnyMessage]) -> Action:
        began = time.perf_counter()
        action = decider.decide(scene_of(messages), list(TOOLS))
        self.times.append(time.perf_counter() - began)
        if action.name:
            self.calls += 1
            try:
                BY_NAME[action.name].args.model_validate(action.args)
            except ValidationError as error:
                self.malformed.append(f"{action}: {error}")
        return action


def content(text: str) -> list[str]:
    """The words that carry meaning."""
    return [w for w in re.findall(r"[\w'+#:%-]+", text.lower()) if w not in SMALL]


def same(name: str, got: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether a call's arguments are the expected ones; amounts and questions only where the turn states them."""
    for key in {*got, *expected}:
        if key in {"amount", "question", "choices"} and key not in expected:
            continue
        a, b = got.get(key, _default(name, key)), expected.get(key, _default(name, key))
        if key in TEXTS and isinstance(a, str) and isinstance(b, str):
            if content(a) != content(b):
                return False
        elif a != b:
            return False
    return True


def _default(name: str, key: str) -> Any:
    return BY_NAME[name].args.model_fields[key].default


def messages_of(row: dict[str, Any]) -> list[AnyMessage]:
    """A turn's conversation up to the new sentence."""
    shelf = "\n".join(row["shelf"]) or "empty"
    messages: list[AnyMessage] = [SystemMessage(f"You are Easel.\n\n[shelf]\n{shelf}\n[/shelf]")]
    for turn in row["past"]:
        messages.append(HumanMessage(turn["say"]))
        for number, call in enumerate(turn["calls"]):
            messages += _called(call["name"], call["args"], call["result"], f"past{len(messages)}{number}")
        if turn["answer"]:
            messages.append(AIMessage(turn["answer"]))
    return [*messages, HumanMessage(row["say"])]


def _called(name: str, args: dict[str, Any], result: dict[str, Any], key: str) -> list[AnyMessage]:
    call = AIMessage("", tool_calls=[{"name": name, "args": args, "id": key, "type": "tool_call"}])
    return [call, ToolMessage(json.dumps(result), tool_call_id=key, name=name)]


def _result(call: dict[str, Any], next_handle: int) -> dict[str, Any]:
    """A tool's answer, as the tools word it."""
    name, args = call["name"], call["args"]
    if name == "look_at_image":
        return {
            "image": args["image"],
            "size": "128x128",
            "story": [f"#{args['image']} was painted from “a fox” by embedded, seed 7"],
            "light": "dark",
            "colours": ["red", "white"],
        }
    if name == "find_images":
        return {"images": [{"image": 1, "caption": "a red fox"}], "other_sessions": []}
    if name == "check_safety":
        return {"action": "allow", "category": "", "reason": ""}
    count = args.get("count", 1)
    return {
        "images": [
            {"image": next_handle + n, "size": "128x128", "parents": [args["image"]] if "image" in args else []}
            for n in range(count)
        ]
    }


def play(decider: Decider, row: dict[str, Any], tally: Tally) -> str:
    """Plays one hand-written turn; "" if all was right, else what was wrong."""
    messages = messages_of(row)
    next_handle = max((int(m) for line in row["shelf"] for m in re.findall(r"^#(\d+)", line)), default=0) + 1
    for number, expected in enumerate(row["expect"]):
        action = tally.decide(decider, messages)
        if expected.get("reply"):
            return "" if action.text else f"{action.name} {action.args} instead of a reply"
        if action.name != expected["name"]:
            return f"{action.name or action.text!r} {action.args or ''} instead of {expected['name']}"
        if action.name == "ask_user":
            return "" if action.args["question"] else "empty question"
        if not same(action.name, action.args, expected["args"]):
            return f"{action.args} instead of {expected['args']}"
        result = _result(expected, next_handle)
        next_handle += (
            len(result["images"]) if action.name not in {"find_images", "look_at_image", "check_safety"} else 0
        )
        messages += _called(action.name, action.args, result, f"now{number}")
    closing = tally.decide(decider, messages)
    return "" if closing.text else f"{closing.name} {closing.args} instead of a closing reply"


def hand_written(decider: Decider, tally: Tally, show: bool) -> tuple[int, int]:
    rows = [json.loads(line) for line in TURNS.read_text("utf-8").splitlines()]
    right = 0
    for row in rows:
        wrong = play(decider, row, tally)
        right += not wrong
        if wrong and show:
            print(f"  «{row['say']}»: {wrong}")
    return right, len(rows)


def held_out(decider: Decider, count: int, tally: Tally, show: bool) -> dict[str, tuple[int, int]]:
    """Exactly right decisions of the held split, by topic."""
    right, seen = Counter[str](), Counter[str]()
    stream = iter(Dialogues("held", 7, Reader(tokenizer_file())))
    for _ in range(count):
        example = next(stream)
        expected = act(example.items[:-1], example.source)
        began = time.perf_counter()
        got = decider.decide(example.source.scene, list(TOOLS))
        tally.times.append(time.perf_counter() - began)
        seen[example.topic] += 1
        right[example.topic] += got == expected
        if got != expected and show:
            print(
                f"  [{example.topic}] «{example.source.scene.said}»: {got.name} {got.args or got.text!r} "
                f"instead of {expected.name} {expected.args or expected.text!r}"
            )
    return {topic: (right[topic], seen[topic]) for topic in sorted(seen)}


def long_descriptions(decider: Decider, count: int, tally: Tally) -> tuple[int, int]:
    """How often every content word of a long description arrives, in order, and the tool is the right one."""
    dialogues = Dialogues("held", 11, Reader(tokenizer_file()))
    kept = 0
    for _ in range(count):
        prompt = dialogues.long_prompt(dialogues.noun())
        said = "".join(text for text, _ in dialogues.fill(dialogues.pick(_asking()), prompt=prompt))
        action = tally.decide(decider, [SystemMessage("[shelf]\nempty\n[/shelf]"), HumanMessage(said)])
        kept += action.name == "generate_image" and content(str(action.args["prompt"])) == content(prompt)
    return kept, count


def _asking() -> list[str]:
    from training.phrases import DRAW

    return DRAW


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=WEIGHTS)
    parser.add_argument("--held", type=int, default=400, help="held-out generated decisions")
    parser.add_argument("--long", type=int, default=100, help="long descriptions")
    parser.add_argument("--wrong", action="store_true", help="print what went wrong")
    args = parser.parse_args()
    decider, tally = Decider.load(args.folder), Tally()
    right, turns = hand_written(decider, tally, args.wrong)
    print(f"hand-written turns right: {right} of {turns} ({100 * right / turns:.0f} %)", flush=True)
    topics = held_out(decider, args.held, tally, args.wrong)
    total = sum(r for r, _ in topics.values())
    print(
        f"held-out generated decisions exactly right: {total} of {args.held} ({100 * total / max(1, args.held):.0f} %)"
    )
    print("  " + ", ".join(f"{topic} {r}/{n}" for topic, (r, n) in topics.items()))
    kept, count = long_descriptions(decider, args.long, tally)
    print(f"long descriptions with every content word: {kept} of {count}")
    print(f"well-formed calls: {tally.calls - len(tally.malformed)} of {tally.calls}")
    for line in tally.malformed:
        print("  ", line)
    print(f"median time of a decision: {statistics.median(tally.times):.3f} s")


if __name__ == "__main__":
    main()
