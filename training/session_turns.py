"""Written sessions (`training.sessions`) as turns for the language model: which tool is meant, and which picture.

A sentence meets the shelf that those before it left, captioned in their own words, as it does when people work at a
picture for a while. What should then be to see says which tool makes it, and from which picture; where several outcomes
are right and their tools or pictures differ, nothing is taught. Where an instruction begins and ends has its rules in
`training.turns`: only tool and picture are taught here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from models.english.politeness import bare
from training.dialogues import Dialogues, Example
from training.sessions import Sentence, picture_of, read
from training.turns import Unreadable, past_turn, read_turn

_TOLD = {"generate_image": 1, "ask_user": 1}
"""How many items of a call are taught: the tool; of all other tools also which picture."""
_BY = {"edit": "edit_image", "adjust": "adjust_image", "upscale": "upscale_image", "vary": "vary_image"}
_MADE = {"edit_image": "edit", "adjust_image": "adjust", "upscale_image": "upscale", "vary_image": "variation"}
_NEEDED = {"adjust_image": {"operation": "crop"}}  # arguments that a call must have; these are not taught


@dataclass
class _Shelf:
    """The pictures of a session so far, as lines of `training.turns`, and the handles that each sentence made."""

    lines: list[str] = field(default_factory=list[str])
    made: list[list[int]] = field(default_factory=list[list[int]])

    def handle(self, of: str) -> int | None:
        """The handle of "2" or "1.3", the (third) picture of a sentence; None if it made none."""
        sentence, number = picture_of(of)
        made = self.made[sentence - 1] if 0 < sentence <= len(self.made) else []
        return made[number] if made and number < len(made) else None

    def take(self, said: str, call: Mapping[str, Any] | None, count: int) -> None:
        """What a call made of a sentence."""
        if not call or call["call"] not in {*_MADE, "generate_image"}:
            self.made.append([])
            return
        kind = _MADE.get(call["call"])
        line = f"{kind} {call['image']}: {said}" if kind else said
        self.made.append([len(self.lines) + n for n in range(1, count + 1)])
        self.lines += [line] * count


def turns_of(session: Sequence[Sentence]) -> Iterator[tuple[dict[str, Any], int]]:
    """The sentences of a session whose tool and picture are beyond doubt, as lines of `training.turns`, each with how
    many items of its call are to be taught."""
    shelf, past = _Shelf(), None
    for sentence in session:
        said = sentence.text.strip().rstrip(".! ")
        calls = [_call(right, said, shelf) for right in sentence.right]
        call = calls[0] if calls else None
        if call and all(one == call for one in calls):
            turn = {"say": said, "shelf": list(shelf.lines), "do": [call]}
            yield {**turn, "past": past} if past else turn, _TOLD.get(call["call"], 3)
        before = len(shelf.lines)
        shelf.take(bare(said).strip(" ,;:-"), call, int(sentence.right[0].get("pictures", 1)) if call else 1)
        handles = list(range(before + 1, len(shelf.lines) + 1))
        past = past_turn(said, call, handles) if call and handles else None


def _call(right: Mapping[str, str], said: str, shelf: _Shelf) -> dict[str, Any] | None:
    """The call that an outcome takes; None if it does not say, or names a picture that there is not."""
    origin = shelf.handle(right["from"]) if "from" in right else None
    match right:
        case {"asks": _}:
            return {"ask": "which", "call": "ask_user"}
        case {"says": _, "nothing": _} if shelf.lines:
            return {"call": "look_at_image", "image": len(shelf.lines)}
        case {"by": by} if origin and by in _BY:
            tool = _BY[by]
        case {"by": _} | {"nothing": _}:
            return None
        case {"shows": _, "from": _} if origin:
            tool = "edit_image"
        case {"shows": _, "new": _}:
            return {"call": "generate_image", "prompt": said}
        case _:
            return None
    return {"call": tool, "image": origin, **({"instruction": said} if tool == "edit_image" else _NEEDED.get(tool, {}))}


class SessionTurns:
    """An endless stream of examples from written sessions.

    Args:
        dialogues: Plays the turns.
        files: Files of sessions.
    """

    def __init__(self, dialogues: Dialogues, files: Sequence[Path]) -> None:
        self.dialogues = dialogues
        self.turns = [turn for file in files for session in read(file) for turn in turns_of(session)]

    def __iter__(self) -> Iterator[Example]:
        rng = self.dialogues.rng
        while True:
            for turn, told in rng.sample(self.turns, len(self.turns)):
                yield from self._played(turn, told, rng)

    def _played(self, turn: dict[str, Any], told: int, rng: random.Random) -> Iterator[Example]:
        """The first step of a turn; of one that cannot be read, or does not fit, none."""
        try:
            world, intent = read_turn(turn)
            intent.plain = rng.random() < 0.6
            example = next(iter(self.dialogues.turn(world, intent)))
        except (Unreadable, LookupError):
            return
        yield replace(example, items=example.items[:told])
