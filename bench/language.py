"""Measures the embedded language model: `python -m bench.language [--turns FILE] [--count 500] [--wrong]`.

Five things. Turns written by hand (`turns.jsonl`, or any file of the same form), kept apart from training. Held-out
generated turns, whose phrasings and nouns are not in the training lists. Long descriptions: whether every content word
arrives. And for all of them whether each call fits the tools' own schemas, how long a decision takes, and of the first
two what the network alone has right: what the code around it (`models/chat/`) spoils of that, and what it mends.

A turn is played to its end, every decision on the steps that should have gone before it, and counts by its worst
decision: the tool is right; the tool and the pictures are right; everything is right, that is every argument, and a
reply closes it. Texts are compared by their content words in order (case, articles and a few small words aside);
handles, numbers and choices exactly. Shares come with Wilson's 95 % interval.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from pydantic import ValidationError

from agent.evaluation import Grade
from bench.words import share
from models.chat.conversation import TOOLS, Action, Reader, Scene, act, scene_of
from models.chat.decider import WEIGHTS, Decider
from tools.catalog import BY_NAME
from tools.shapes import shape_in
from training.dialogues import Dialogues, Example, tokenizer_file
from training.phrases import DRAW

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
    mended: int = 0  # decisions that the network alone has wrong
    spoilt: list[str] = field(default_factory=list[str])  # sentences of which it alone has what to do right
    malformed: list[str] = field(default_factory=list[str])

    def decide(self, decider: Decider, scene: Scene) -> Action:
        began = time.perf_counter()
        action = decider.decide(scene, list(BY_NAME))
        self.times.append(time.perf_counter() - began)
        if action.name:
            self.calls += 1
            try:
                BY_NAME[action.name].args.model_validate(action.args)
            except ValidationError as error:
                self.malformed.append(f"{action}: {error}")
        return action

    def judge(self, decider: Decider, scene: Scene, expected: Action) -> tuple[Action, Grade]:
        """What is decided and how right it is, held against what the network alone decides."""
        got = self.decide(decider, scene)
        source = decider.reader.source(scene)
        alone, here = grade(act(decider.write(source, list(BY_NAME)), source), expected), grade(got, expected)
        self.mended += alone < here == Grade.WHOLE
        if here < alone == Grade.WHOLE:
            self.spoilt.append(scene.said)
        return got, here


def report(title: str, grades: Sequence[Grade]) -> None:
    """Three lines: how many turns have at least each grade. None for no turns."""
    if not grades:
        return
    print(title, flush=True)
    for words, least in (
        ("tool right", Grade.TOOL), ("tool and handle right", Grade.HANDLE), ("wholly right", Grade.WHOLE),
    ):  # fmt: skip
        print(f"  {words}: {share(sum(grade >= least for grade in grades), len(grades))}", flush=True)


def content(text: str) -> list[str]:
    """The words that carry meaning."""
    return [w for w in re.findall(r"[\w'+#:%-]+", text.lower()) if w not in SMALL]


def same(name: str, got: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether a call's arguments are the expected ones; amounts and questions only where the turn states them."""
    for key in {*got, *expected}:
        if key in {"amount", "question", "choices"} and key not in expected:
            continue
        a, b = got.get(key, _default(name, key)), expected.get(key, _default(name, key))
        if key == "aspect" and (found := shape_in(str(a))) and not found.named:  # the turns only tell which way it goes
            a = "wide" if found.ratio > 1 else "tall" if found.ratio < 1 else "square"
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
            "size": "256x256",
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
            {"image": next_handle + n, "size": "256x256", "parents": [args["image"]] if "image" in args else []}
            for n in range(count)
        ]
    }


def grade(got: Action, expected: Action) -> Grade:
    """How much of a decision is right. A reply is right if it says the expected words, or any if none are given."""
    if got.name != expected.name:
        return Grade.WRONG
    if not expected.name:
        return Grade.WHOLE if got.text and expected.text in ("", got.text) else Grade.HANDLE
    if _handle(got) != _handle(expected):
        return Grade.TOOL
    if expected.name == "ask_user" and not expected.args:
        return Grade.WHOLE if got.args["question"] else Grade.HANDLE
    return Grade.WHOLE if same(got.name, got.args, expected.args) else Grade.HANDLE


def _handle(action: Action) -> str:
    """The picture that a call is about, as a word; "" for none."""
    target = str(action.args.get("target", ""))
    return str(action.args.get("image", target if target.startswith("#") else ""))


def _wrong(got: Action, expected: Action) -> str:
    wanted = f"{expected.name or 'a reply'} {expected.args or expected.text}"
    return f"{got.name} {got.args or repr(got.text)} instead of {wanted}"


def play(decider: Decider, row: dict[str, Any], tally: Tally) -> tuple[Grade, str]:
    """Plays one hand-written turn: its grade, and what was wrong."""
    messages = messages_of(row)
    next_handle = max((int(m) for line in row["shelf"] for m in re.findall(r"^#(\d+)", line)), default=0) + 1
    worst, wrong = Grade.WHOLE, ""
    closing: list[dict[str, Any]] = [] if row["expect"][-1].get("reply") else [{"reply": True}]
    for number, call in enumerate([*row["expect"], *closing]):
        expected = Action(call.get("name", ""), call.get("args", {}))
        if expected.name and number and row["expect"][number - 1].get("name") == "ask_user":
            break
        got, here = tally.judge(decider, scene_of(messages), expected)
        if here < worst:
            worst, wrong = here, wrong or _wrong(got, expected)
        if not expected.name or expected.name == "ask_user":
            break
        result = _result(call, next_handle)
        next_handle += len(result["images"]) if call["name"] not in _MAKES_NONE else 0
        taken = got.args if here == Grade.WHOLE else call["args"]
        messages += _called(call["name"], taken, result, f"now{number}")
    return worst, wrong


_MAKES_NONE = frozenset({"find_images", "look_at_image", "check_safety"})


def hand_written(decider: Decider, file: Path, tally: Tally, show: bool) -> list[Grade]:
    """The grade of every turn in a file."""
    grades: list[Grade] = []
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        got, wrong = play(decider, row, tally)
        grades.append(got)
        if wrong and show:
            print(f"  «{row['say']}»: {wrong}")
    return grades


def generated_turns(seed: int) -> Iterator[list[Example]]:
    """Whole turns of the held split, each as its decisions."""
    stream = iter(Dialogues("held", seed, Reader(tokenizer_file()), every=True))
    for _, examples in groupby(stream, key=lambda example: example.turn):
        yield list(examples)


def held_out(decider: Decider, count: int, seed: int, tally: Tally, show: bool) -> dict[str, list[Grade]]:
    """The grades of generated turns, by topic."""
    grades: dict[str, list[Grade]] = {}
    for examples in islice(generated_turns(seed), count):
        worst = Grade.WHOLE
        for example in examples:
            expected = act(example.items[:-1], example.source)
            got, here = tally.judge(decider, example.source.scene, expected)
            worst = min(worst, here)
            if here < Grade.WHOLE and show:
                print(f"  [{example.topic}] «{example.source.scene.said}»: {_wrong(got, expected)}")
        grades.setdefault(examples[0].topic, []).append(worst)
    return grades


def long_descriptions(decider: Decider, count: int, seed: int, tally: Tally, show: bool) -> int:
    """How often every content word of a long description arrives, in order, and the tool is the right one."""
    dialogues = Dialogues("held", seed, Reader(tokenizer_file()))
    kept = 0
    for _ in range(count):
        prompt = dialogues.long_prompt(dialogues.noun())
        said = "".join(text for text, _ in dialogues.fill(dialogues.pick(DRAW), prompt=prompt))
        action = tally.decide(decider, Scene(said))
        right = action.name == "generate_image" and content(str(action.args["prompt"])) == content(prompt)
        kept += right
        if not right and show:
            print(f"  [long] «{said}»: {action.name} {action.args}")
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=WEIGHTS)
    parser.add_argument("--turns", type=Path, default=TURNS, help="hand-written turns, one a line as JSON")
    parser.add_argument("--count", type=int, default=500, help="held-out generated turns")
    parser.add_argument("--long", type=int, default=100, help="long descriptions")
    parser.add_argument("--seed", type=int, default=7, help="of what is generated; with another, none was ever read")
    parser.add_argument("--wrong", action="store_true", help="print what went wrong")
    args = parser.parse_args()
    decider, tally = Decider.load(args.folder), Tally()
    report(f"hand-written turns ({args.turns.name})", hand_written(decider, args.turns, tally, args.wrong))
    topics = held_out(decider, args.count, args.seed, tally, args.wrong)
    report("held-out generated turns", [grade for grades in topics.values() for grade in grades])
    whole = {topic: sum(g == Grade.WHOLE for g in grades) for topic, grades in sorted(topics.items())}
    print("  " + ", ".join(f"{topic} {right}/{len(topics[topic])}" for topic, right in whole.items()))
    if args.long:
        kept = long_descriptions(decider, args.long, args.seed + 4, tally, args.wrong)
        print(f"long descriptions with every content word: {share(kept, args.long)}")
    print(f"well-formed calls: {tally.calls - len(tally.malformed)} of {tally.calls}")
    for line in tally.malformed:
        print("  ", line)
    print(f"of decisions that the network alone has right the code spoils {len(tally.spoilt)}; it mends {tally.mended}")
    for said in tally.spoilt if args.wrong else ():
        print("  ", said)
    print(f"median time of a decision: {statistics.median(tally.times):.3f} s")


if __name__ == "__main__":
    main()
