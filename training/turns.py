"""Sentences written by hand, with what they ask for: examples from people's own ways of talking.

`training/turns/*.jsonl` holds one turn a line:

    {"say": "ok the fox one but at night", "shelf": ["a red fox", "edit 1: add a hat"], "do":
        [{"call": "edit_image", "image": 1, "instruction": "at night"}]}

`shelf` is oldest first: a prompt; `edit 1: add a hat`, `upscale 2`, `variation 1`, `adjust 1: greyscale` for what was
made from an earlier picture; `upload: beach.jpg`; a leading `*` where it is selected. `past` (the turn before, if it
matters) has the same `say`, its calls with the pictures they `made`, and `answer`. Pictures that this turn makes are
numbered on from the shelf. What to do besides calls: `{"reply": "welcome"}` (a key of `REPLIES`) and `{"ask": …}`
(see `_question`). Texts are what the sentence (or a caption, or the sentence before) says, in up to three pieces that
stand behind each other, joined by a space, ", " or " it ".

`python -m training.turns FILE …` says which lines cannot be read so, and why.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from models.chat.conversation import (
    AMOUNTS,
    AND,
    CHOICE,
    CHOSEN,
    IT,
    JOIN,
    KNOWN,
    TOOLS,
    Exchange,
    Kind,
    Mark,
    Reader,
    ShelfPicture,
    Span,
    Step,
    value_token,
    words_of,
)
from training import phrases as P
from training.dialogues import (
    Caption,
    Dialogues,
    Example,
    Intent,
    Line,
    Made,
    Part,
    Said,
    Wish,
    World,
    question_of,
    shelf_reply,
    tokenizer_file,
)

FOLDER = Path(__file__).parent / "turns"

# what each reply is called in the files, and how it begins
REPLIES = {
    "hello": "Hello!", "welcome": "You are welcome", "glad": "I am glad", "sorry": "I am sorry",
    "abilities": "I draw pictures from words", "who": "I am Easel", "private": "Yes. Everything runs",
    "saved": "Everything is saved", "free": "Easel is free", "quality": "The small models", "all right": "All right",
    "only pictures": "I only make", "english only": "I understand English", "not understood": "I did not understand",
    "can edit": "Yes, I can: say", "can enlarge": "Yes: say which", "can upload": "Yes: drop", "filter": "Some words",
    "seed": "A seed is", "nothing lost": "Nothing is lost", "cannot delete": "I can't delete",
    "too many": "I make one to eight", "scale": "I enlarge two or four",
}  # fmt: skip

_MADE_FROM: dict[str, Kind] = {
    "edit": "edit", "upscale": "upscale", "variation": "variation", "adjust": "adjustment",
}  # fmt: skip
_MADE = re.compile(r"(edit|upscale|variation|adjust) (\d+)(?:: (.*))?$")
_MAKERS = frozenset({"generate_image", "edit_image", "upscale_image", "vary_image", "adjust_image"})


class Unreadable(ValueError):
    """A line that is no turn, with the reason."""


@dataclass
class _Spans:
    """The pieces of the sentence that arguments are made of, each with its label."""

    said: str
    found: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    def find(self, text: str, *, whole: bool = True) -> tuple[int, int] | None:
        """Where `text` stands in the sentence, as whole words: where it was taken before, else the first free place."""
        pattern = rf"(?<!\w){re.escape(text)}(?!\w)" if whole else re.escape(text)
        places = [match.span() for match in re.finditer(pattern, self.said, re.IGNORECASE)]
        taken = self.found.values()
        fitting = [p for p in places if p in taken]
        free = [p for p in places if all(p[1] <= a or b <= p[0] for a, b in taken)]
        return next(iter([*fitting, *free]), None)

    def label(self, place: tuple[int, int]) -> Said:
        """The label of a place, a new one if need be.

        Raises:
            Unreadable: it overlaps another.
        """
        for name, other in self.found.items():
            if other == place:
                return Said(name)
            if place[0] < other[1] and other[0] < place[1]:
                raise Unreadable(f"“{self.said[slice(*place)]}” overlaps “{self.said[slice(*other)]}”")
        name = f"part{len(self.found)}"
        self.found[name] = place
        return Said(name)

    def line(self) -> Line:
        line: Line = []
        end = 0
        for name, (start, stop) in sorted(self.found.items(), key=lambda item: item[1]):
            line += [(self.said[end:start], ""), (self.said[start:stop], name)]
            end = stop
        return [(text, label) for text, label in [*line, (self.said[end:], "")] if text]


def read_turn(row: Mapping[str, Any]) -> tuple[World, Intent]:
    """A line's world and what is asked of it.

    Raises:
        Unreadable: something does not fit.
    """
    world = World(pictures=_shelf(row.get("shelf", ())))
    world.nouns = {p.handle: "" for p in world.pictures}
    world.roots = {p.handle: p.handle for p in world.pictures}
    past = row.get("past", ())
    world.past = [_exchange(turn) for turn in ([past] if isinstance(past, dict) else past)]
    spans = _Spans(row["say"])
    wishes: list[Wish] = []
    reply: list[Part] = []
    made: dict[int, Made] = {}
    for number, call in enumerate(row["do"]):
        if "reply" in call:
            reply = _reply(call["reply"], world)
        elif "ask" in call:
            wishes.append(_question(call, world, spans))
        else:
            wishes.append(_wish(call, world, spans, made))
            if call["call"] in _MAKERS:
                count = int(call.get("count", 1))
                first = world.next + len(made)
                made |= {first + place: Made(number, place) for place in range(count)}
    if not wishes and not reply:
        raise Unreadable("nothing is done")
    topic = "ask" if any(w.name == "ask_user" for w in wishes) else "talk" if reply else wishes[0].name
    return world, Intent(spans.line(), wishes, reply, f"written {topic}")


def _shelf(lines: Sequence[str]) -> list[ShelfPicture]:
    pictures: list[ShelfPicture] = []
    for handle, line in enumerate(lines, 1):
        selected, line = line.startswith("*"), line.lstrip("* ")
        if found := _MADE.match(line):
            parent = pictures[int(found[2]) - 1]
            caption = {
                "edit": found[3] or "",
                "upscale": f"{parent.caption}, 4 times larger",
                "variation": f"variation of {parent.caption}",
                "adjust": f"{parent.caption}, {found[3]}",
            }[found[1]]
            kind, parents = _MADE_FROM[found[1]], (parent.handle,)
            pictures.append(ShelfPicture(handle, caption, kind, parents, parent.size, selected))
        elif line.startswith("upload: "):
            pictures.append(ShelfPicture(handle, line.removeprefix("upload: "), "upload", (), "1024×768", selected))
        else:
            pictures.append(ShelfPicture(handle, line, "picture", (), "256×256", selected))
    return pictures


def _exchange(turn: Mapping[str, Any]) -> Exchange:
    steps: list[Step] = []
    for call in turn.get("calls", ()):
        args = {name: value for name, value in call.items() if name not in {"call", "made"}}
        made = tuple(call.get("made", ()))
        words = {"look_at_image": "size: 256x256; light: dark", "check_safety": "action: allow"}
        if call["call"] not in TOOLS:
            raise Unreadable(f"{call['call']} is no tool")
        steps.append(Step(call["call"], args, made, words.get(call["call"], ""), sizes=("256x256",) * len(made)))
    return Exchange(turn["say"], tuple(steps), turn.get("answer", ""))


def past_turn(said: str, call: Mapping[str, Any], handles: Sequence[int]) -> dict[str, Any]:
    """The `past` of a line: the turn whose one call made these pictures."""
    origin, what = call.get("image"), call.get("instruction") or call.get("prompt")
    edited = f", edited from #{origin}" if origin and what else f", made from #{origin}" if origin else ""
    shown = " ".join(f"Here is #{handle}{edited}{f': {what}' if what else ''}." for handle in handles)
    return {"say": said, "calls": [{**call, "made": list(handles)}], "answer": shown}


def _reply(key: str, world: World) -> list[Part]:
    if key == "list":
        return shelf_reply(world)
    if key not in REPLIES:
        raise Unreadable(f"{key} is no reply: one of list, {', '.join(REPLIES)}")
    return [next(text for text in P.TALK if text.startswith(REPLIES[key]))]


def _question(call: Mapping[str, Any], world: World, spans: _Spans) -> Wish:
    """Questions back: subject, first, change (image), query, number, place or noun (word), upload, which (among)."""
    match call["ask"]:
        case "subject":
            return question_of("What should the picture show?", ideas=True)
        case "first":
            return question_of("There is no picture yet. What should I draw first?", ideas=True)
        case "change":
            return question_of("What should change in ", _mark(call["image"], world, {}), "?")
        case "query":
            return question_of("What should the picture that I look for show?")
        case "which" if "among" in call:
            marks = [_mark(handle, world, {}) for handle in call["among"]]
            listed = [part for mark in marks[1:-1] for part in (",", mark)]
            args: dict[str, Sequence[Part]] = {
                "question": [*words_of("Which one do you mean,"), marks[0], *listed, " or", marks[-1], "?"],
                "choices": [part for mark in marks for part in (CHOICE, mark)],
            }
            return Wish("ask_user", args)
        case kind:
            return Wish("ask_user", {"question": _which(kind, call, spans), "choices": [KNOWN]})


def _which(kind: str, call: Mapping[str, Any], spans: _Spans) -> list[Part]:
    """What is not there, and "Which one do you mean?"."""
    end = "Which one do you mean?"
    if kind == "which":
        return [*words_of(end)]
    if kind == "upload":
        return [*words_of(f"Nothing was uploaded here. {end}")]
    shapes = {
        "number": ("There is no #", f". {end}"), "place": ("There is no ", f" picture. {end}"),
        "noun": ("I see no picture with ", f". {end}"),
    }  # fmt: skip
    if kind not in shapes:
        raise Unreadable(f"{kind} is no question")
    place = spans.find(call["word"])
    if not place:
        raise Unreadable(f"“{call['word']}” is not in the sentence")
    before, after = shapes[kind]
    return [*words_of(before), spans.label(place), *words_of(after)]


def _wish(call: Mapping[str, Any], world: World, spans: _Spans, made: Mapping[int, Made]) -> Wish:
    name = call["call"]
    kinds = {argument: kind for argument, kind, _ in TOOLS.get(name, ())}
    unknown = sorted(set(call) - {"call"} - set(kinds))
    if not kinds or unknown:
        raise Unreadable(f"{name} is no tool" if not kinds else f"{name} takes no {unknown[0]}")
    missing = [argument for argument, _, required in TOOLS[name] if required and argument not in call]
    if missing:
        raise Unreadable(f"{name} needs {missing[0]}")
    args = {a: _argument(kinds[a], call[a], call, world, spans, made) for a in kinds if a in call}
    return Wish(name, args)


def _argument(
    kind: str, value: Any, call: Mapping[str, Any], world: World, spans: _Spans, made: Mapping[int, Made]
) -> Sequence[Part]:
    match kind:
        case "mark":
            return [_mark(value, world, made)]
        case "target" if str(value).startswith("#"):
            return [_mark(int(str(value)[1:]), world, made)]
        case "amount" | "extent":
            return _amount(str(value), AMOUNTS.get(call.get("operation", ""), ()), spans)
        case "count" | "scale" | "strength" | "aspect" | "operation":
            if str(value) not in CHOSEN[kind]:
                raise Unreadable(f"{value} is no {kind}: one of {', '.join(CHOSEN[kind])}")
            return [value_token(str(value))]
        case "number":
            place = spans.find(str(value))
            if not place:
                raise Unreadable(f"the number {value} is not in the sentence")
            return [spans.label(place)]
        case "instruction":
            return _pieces(str(value), IT, world, spans)
        case "prompt":
            return _pieces(str(value), AND, world, spans)
        case _:
            place = spans.find(str(value))
            return [spans.label(place)] if place else [_earlier(str(value), world)]


def _mark(handle: int, world: World, made: Mapping[int, Made]) -> Mark | Made:
    if handle in made:
        return made[handle]
    if any(p.handle == handle for p in world.pictures):
        return Mark(handle)
    raise Unreadable(f"there is no #{handle}")


def _earlier(text: str, world: World) -> Span:
    at = world.past[-1].said.lower().find(text.lower()) if world.past else -1
    if at < 0:
        raise Unreadable(f"“{text}” stands nowhere")
    return Span("past:said", at, at + len(text))


def _amount(value: str, known: Sequence[str], spans: _Spans) -> Sequence[Part]:
    """`top half`, `+20`, and the person's own numbers with a sign, x or %: see `Grammar`."""
    whole = spans.find(value)
    if value in known and (":" in value or not spans.find(value.strip("+-%"))):
        return [value_token(value)]
    if re.fullmatch(r"\d+ ?[x×] ?\d+", value) and whole:
        return [spans.label(whole)]
    parts: list[Part] = []
    for piece in re.findall(r"\d+|[+x%-]", value.replace("×", "x")):
        if piece.isdigit():
            place = spans.find(piece) or spans.find(piece, whole=False)
            if not place:
                return _chosen(value, known)
            parts.append(spans.label(place))
        else:
            parts.append(value_token(piece))
    return parts if parts else _chosen(value, known)


def _chosen(value: str, known: Sequence[str]) -> Sequence[Part]:
    if value not in known:
        raise Unreadable(f"the amount {value} is neither in the sentence nor one of {', '.join(known)}")
    return [value_token(value)]


def _pieces(value: str, between: str, world: World, spans: _Spans) -> list[Part]:
    """A text as up to three pieces of the sentence, of captions, or of the sentence before."""
    parts: list[Part] = []
    rest = value.strip()
    while rest:
        part, length = _longest(rest, world, spans)
        parts.append(part)
        rest = rest[length:]
        if not rest:
            break
        if between == IT and re.match(r" it\b", rest):
            parts.append(IT)
            rest = rest[3:].lstrip()
        elif between == AND and rest.startswith(", "):
            parts.append(AND)
            rest = rest[2:]
        elif rest.startswith(" "):
            parts.append(JOIN)
            rest = rest[1:]
        else:
            raise Unreadable(f"“{rest}” of “{value}” does not follow")
    if sum(not isinstance(part, str) for part in parts) > 3:
        raise Unreadable(f"“{value}” is in more than three pieces")
    return parts


def _longest(text: str, world: World, spans: _Spans) -> tuple[Part, int]:
    """The longest beginning of a text that stands somewhere, and its length."""
    for end in range(len(text), 0, -1):
        if end < len(text) and text[end - 1 : end + 1].isalnum():
            continue  # inside a word
        start = text[:end]
        if start != start.strip(" ,"):
            continue
        if place := spans.find(start):
            return spans.label(place), end
        picture = next((p for p in reversed(world.pictures) if p.caption.lower() == start.lower()), None)
        if picture:
            return Caption(picture.handle), end
        at = world.past[-1].said.lower().find(start.lower()) if world.past else -1
        if at >= 0 and len(start) > 3:
            return Span("past:said", at, at + end), end
    raise Unreadable(f"“{text}” stands nowhere in the sentence")


class WrittenTurns:
    """An endless stream of examples from the hand-written turns, some of them roughened or about something else.

    Args:
        dialogues: Plays the turns, and lends prompts.
        files: JSON lines.

    Raises:
        Unreadable: A line is none.
    """

    def __init__(self, dialogues: Dialogues, files: Sequence[Path]) -> None:
        self.dialogues = dialogues
        self.rows = [row for file in files for row in rows_of(file)]
        for row in self.rows:
            read_turn(row)

    def __iter__(self) -> Iterator[Example]:
        rng = self.dialogues.rng
        while True:
            for row in rng.sample(self.rows, len(self.rows)):
                yield from self._play(row, rng)

    def _play(self, row: Mapping[str, Any], rng: random.Random) -> Iterator[Example]:
        world, intent = read_turn(row)
        only = intent.wishes[0] if len(intent.wishes) == 1 else None
        if only and only.name == "generate_image" and only.args["prompt"] == [Said("part0")] and rng.random() < 0.35:
            prompt, _ = self.dialogues.prompt()
            intent.line = [(prompt if label == "part0" else text, label) for text, label in intent.line]
        intent.plain = rng.random() < 0.5
        try:
            yield from self.dialogues.turn(world, intent, polite=rng.random() < 0.3)
        except LookupError:
            return  # too long: what is pointed at does not fit


def rows_of(file: Path) -> list[dict[str, Any]]:
    return [cast(dict[str, Any], json.loads(line)) for line in file.read_text("utf-8").splitlines() if line.strip()]


def main() -> None:
    """Say which lines cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", nargs="+", help="lines of such turns")
    asked = parser.parse_args()
    dialogues = Dialogues("train", 1, Reader(tokenizer_file()), every=True)
    for name in asked.files:
        rows = Path(name).read_text("utf-8").splitlines()
        wrong = 0
        for number, line in enumerate(rows, 1):
            try:
                world, intent = read_turn(json.loads(line))
                intent.plain = True
                list(dialogues.turn(world, intent))
            except (ValueError, LookupError, KeyError, TypeError, AttributeError) as error:
                wrong += 1
                print(f"{name}:{number}: {type(error).__name__}: {error}\n    {line[:160]}")
        print(f"{name}: {len(rows) - wrong} of {len(rows)} lines can be read")


if __name__ == "__main__":
    main()
