"""What the embedded language model reads and writes, as plain values: no torch, no LangChain.

A `Scene` is one moment of a conversation: the pictures on the shelf, what was said before, the new sentence, and
the steps already taken in this turn. `Reader.source` lays a scene out as tokens of MiniLM's tokenizer, newest and
most important first, each token knowing which characters it came from. An answer is a list of `Item`s: words of a
small vocabulary of our own, `Span`s of the text that was read, and `Mark`s (pictures on the shelf). Because free
text is pointed at and never spelled, words nobody trained on arrive exactly as they were written. `Grammar` says
which items may follow, so that every call is well-formed and names a picture that exists; `act` turns a finished
list into a tool call or a reply.

It does not cover the network (`models/chat/decider.py`) or LangChain's messages beyond `scene_of` (`models/language.py`
uses it).
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tokenizers import Tokenizer

from models.english.numbers import number_of
from models.english.patterns import NUMBER_WORDS, regex
from models.english.spelling import one_away
from models.english.typed import in_words

# ── what a scene is ──────────────────────────────────────────────────────────────────────────────────────────────

Kind = Literal["picture", "edit", "upscale", "variation", "adjustment", "upload"]
KINDS: tuple[Kind, ...] = ("picture", "edit", "upscale", "variation", "adjustment", "upload")


@dataclass(frozen=True)
class ShelfPicture:
    """One line of the shelf. `shows` is what was seen in the picture, "" where nothing looked."""

    handle: int
    caption: str = ""
    kind: Kind = "picture"
    parents: tuple[int, ...] = ()
    size: str = ""
    selected: bool = False
    shows: str = ""


@dataclass(frozen=True)
class Step:
    """One tool call and what came back: the pictures it names (new or found), what an edit changed, and other words."""

    name: str
    args: dict[str, Any] = field(default_factory=dict[str, Any])
    pictures: tuple[int, ...] = ()
    words: str = ""
    failed: bool = False
    sizes: tuple[str, ...] = ()
    changed: str = ""


@dataclass(frozen=True)
class Exchange:
    """A turn that is over."""

    said: str
    steps: tuple[Step, ...] = ()
    answered: str = ""


@dataclass(frozen=True)
class Scene:
    """Everything a decision may rest on.

    `shelf` is as it was when the turn began; what `steps` made comes on top (`pictures`). `presets` are the names of
    those that paint, `changing` those that serve each kind of change (edit, vary, upscale). `came` are the handles of
    the uploads that came with the sentence, or without words just before it, and `together` those of them that the
    last message brought. `seeds` are those of pictures for which nobody chose one; None leaves them to chance.
    """

    said: str
    shelf: tuple[ShelfPicture, ...] = ()
    past: tuple[Exchange, ...] = ()
    steps: tuple[Step, ...] = ()
    presets: tuple[str, ...] = ()
    changing: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    came: tuple[int, ...] = ()
    together: tuple[int, ...] = ()
    seeds: Iterator[int] | None = field(default=None, compare=False)

    @cached_property
    def pictures(self) -> tuple[ShelfPicture, ...]:
        """The shelf, and after it whatever this turn has made that the shelf does not show yet."""
        known = {p.handle for p in self.shelf}
        fresh = [picture for step in self.steps for picture in _made_by(step) if picture.handle not in known]
        return self.shelf + tuple(fresh)

    def on_shelf(self, handle: int) -> ShelfPicture | None:
        """The picture of the shelf with this handle."""
        return next((picture for picture in self.shelf if picture.handle == handle), None)


_KIND_OF: dict[str, Kind] = {
    "edit_image": "edit", "upscale_image": "upscale", "vary_image": "variation", "adjust_image": "adjustment",
    "extend_image": "adjustment",
}  # fmt: skip


def _made_by(step: Step) -> list[ShelfPicture]:
    if step.name not in {"generate_image", *_KIND_OF}:
        return []
    caption = str(step.args.get("prompt") or step.args.get("instruction") or "")
    parent = step.args.get("image")
    parents = (parent,) if isinstance(parent, int) else ()
    sizes = step.sizes or ("",) * len(step.pictures)
    kind = _KIND_OF.get(step.name, "picture")
    return [ShelfPicture(h, caption, kind, parents, size) for h, size in zip(step.pictures, sizes, strict=False)]


# ── what is written ─────────────────────────────────────────────────────────────────────────────────────────────

TOOLS: dict[str, tuple[tuple[str, str, bool], ...]] = {
    # argument, kind of value, required. The order is the order in which the network writes them.
    "generate_image": (
        ("prompt", "prompt", True), ("negative_prompt", "span", False), ("aspect", "aspect", False),
        ("count", "count", False),
        ("seed", "number", False), ("style", "span", False), ("preset", "span", False), ("size", "extent", False),
    ),
    "edit_image": (
        ("image", "mark", True), ("instruction", "instruction", True), ("region", "span", False),
        ("strength", "strength", False),
    ),
    "upscale_image": (("image", "mark", True), ("scale", "scale", False)),
    "vary_image": (("image", "mark", True), ("count", "count", False), ("strength", "strength", False)),
    "adjust_image": (("image", "mark", True), ("operation", "operation", True), ("amount", "amount", False)),
    "look_at_image": (("image", "mark", True), ("question", "span", False)),
    "find_images": (("query", "span", True),),
    "check_safety": (("target", "target", True),),
    "ask_user": (("question", "reply", True), ("choices", "choices", False)),
}  # fmt: skip

CHOSEN: dict[str, tuple[str, ...]] = {
    "aspect": ("square", "wide", "tall"),
    "count": tuple(str(n) for n in range(1, 9)),
    "scale": ("2", "4"),
    "strength": tuple(f"0.{n}" for n in range(1, 10)),
    "operation": (
        "crop",
        "rotate",
        "flip",
        "resize",
        "brightness",
        "contrast",
        "saturation",
        "sharpen",
        "blur",
        "greyscale",
    ),
}
_MORE_OR_LESS = ("+10", "+20", "+30", "+40", "+50", "-10", "-20", "-30", "-40", "-50", "+", "-")
# What an amount may start with, besides a number of the person's where `_NUMBERED`. "+" and "-" want such a number.
AMOUNTS: dict[str, tuple[str, ...]] = {
    "crop": (
        "square",
        "top half",
        "bottom half",
        "left half",
        "right half",
        "centre",
        "16:9",
        "9:16",
        "4:3",
        "3:4",
        "3:2",
        "2:3",
    ),
    "rotate": ("90", "-90", "180", "-"),
    "flip": ("horizontal", "vertical"),
    "resize": ("25%", "50%", "75%", "150%", "200%", "400%"),
    "brightness": _MORE_OR_LESS,
    "contrast": _MORE_OR_LESS,
    "saturation": _MORE_OR_LESS,
    "sharpen": (),
    "blur": (),
    "greyscale": (),
}
_NUMBERED = frozenset({"crop", "rotate", "resize", "blur", ""})
TIMES, PERCENT = "x", "%"
AND, IT, JOIN = ",", " it", "<+>"  # what may stand between two spans of a prompt or an instruction; JOIN is silent
REPLY, END, KNOWN, CHOICE = "<reply>", "<end>", "<known>", "<choice>"


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of one piece of the source (`said`, `shelf:3`, `result:0`, `past:said`, …)."""

    piece: str
    start: int
    end: int


@dataclass(frozen=True)
class Mark:
    """A picture, by handle."""

    handle: int


Item = str | Span | Mark


@dataclass(frozen=True)
class Action:
    """A decision: a tool call (`name` set) or a reply (`text`)."""

    name: str = ""
    args: dict[str, Any] = field(default_factory=dict[str, Any])
    text: str = ""

    @staticmethod
    def edit(image: int, instruction: str) -> Action:
        return Action("edit_image", {"image": image, "instruction": instruction})


def tool_token(name: str) -> str:
    return f"<{name}>"


def argument_token(name: str) -> str:
    return f"<{name}:>"


def value_token(value: str) -> str:
    return f"<={value}>"


_REPLY_WORDS = regex(r" ?[\w'’-]+| ?[^\w\s]")


def words_of(text: str) -> list[str]:
    """A reply's words, each with the space before it."""
    return _REPLY_WORDS.findall(text)


# ── how it is read ──────────────────────────────────────────────────────────────────────────────────────────────

SPECIAL, SAID, CALL, RESULT, SHELF, PAST_SAID, PAST_CALL, PAST_ANSWER = range(8)
ROLES = 8
MAX_TOKENS = 256
_NUMBERS, _RANKS, _PLACES, _RESULTS = 33, 10, 9, 6
# Features of a picture's tokens: handle, rank from the newest, place in the last batch, kind, result of which step,
# whether it is selected, meant by "it", used in this turn (2: named, and not used yet), and how the sentence seems to
# name it: number, place, words (see `named`). The tokens of the sentence itself carry the last three where it names a
# picture that is not there, and "used" where an earlier step of this turn took them.
FEATURES = (_NUMBERS, _RANKS, _PLACES, len(KINDS) + 1, _RESULTS, 2, 2, 3, 3, 3, 4)
_USED, _BEST = 7, 3
NO_FEATURES = (0,) * len(FEATURES)


@dataclass(frozen=True)
class Piece:
    key: str
    text: str
    role: int
    limit: int
    tail: int = 0
    handle: int = 0
    features: tuple[int, ...] = NO_FEATURES
    used: tuple[tuple[int, int], ...] = ()  # which characters earlier steps of this turn took
    told: int = -1  # where what may be pointed at ends, -1 for nowhere


class Token(NamedTuple):
    """One token of the source.

    `piece` is -1 for separators; `opens` and `closes` say whether a word starts or ends here.
    """

    id: int
    role: int
    piece: int = -1
    start: int = 0
    end: int = 0
    opens: bool = False
    closes: bool = False
    mark: int = 0
    digit: bool = False
    features: tuple[int, ...] = NO_FEATURES


@dataclass(frozen=True)
class Source:
    """A scene laid out for the network: at most `MAX_TOKENS` tokens."""

    scene: Scene
    pieces: tuple[Piece, ...]
    tokens: tuple[Token, ...]

    def point(self, item: Span | Mark) -> tuple[int, int]:
        """Token positions (first, last) of a span, or a mark's position twice.

        Raises:
            LookupError: the source does not hold it (cut off, or never there).
        """
        if isinstance(item, Mark):
            for index, token in enumerate(self.tokens):
                if token.mark == item.handle:
                    return index, index
            raise LookupError(f"#{item.handle} is not in the source.")
        inside = [
            index
            for index, token in enumerate(self.tokens)
            if token.piece >= 0
            and self.pieces[token.piece].key == item.piece
            and token.start < item.end
            and token.end > item.start
        ]
        if not inside:
            raise LookupError(f"{item} is not in the source.")
        return inside[0], inside[-1]

    def text(self, first: int, last: int) -> str:
        """The exact characters from one token to another of the same piece."""
        piece = self.pieces[self.tokens[first].piece]
        return piece.text[self.tokens[first].start : self.tokens[last].end]


_WORD = regex(r"[a-z]{3,}", re.NOFLAG)
_MISTYPED = regex(r"[a-z]{4,}", re.NOFLAG)
# Up to which place in the vocabulary words are common, by letters typed: short ones are soon near another by chance.
_COMMON, _COMMON_LONG = {4: 2300, 5: 5000}, 15000
_PLAIN = frozenset(
    "the and with one ones for that this these those picture pictures image images photo photos pic pics make draw "
    "paint last first second third fourth fifth before after more from into onto them two three four both all every "
    "each please can you could would should have has had are was were its not but there which what who where when how "
    "many much show see look like want need some any also then now again too same other next add put give turn change "
    "remove get rid version versions variation variations edit edited enlarge upscale larger bigger times rotate flip "
    "crop resize brighter darker".split()
)


def telling(text: str) -> frozenset[str]:
    """The words of a text that may tell pictures apart, without the s of a plural."""
    return frozenset(_singular(word) for word in _WORD.findall(text.lower()) if word not in _PLAIN)


def _singular(word: str) -> str:
    if re.search(r"(?:x|ch|sh|ss|zz)es$", word):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word


class Reader:
    """Lays scenes out as sources, with MiniLM's own tokenizer.

    A word that the tokenizer has only in pieces, and that is one letter away from a common one, is read as that:
    "ermove" as "remove". What goes into a call is what was typed, all the same.

    Args:
        tokenizer_file: MiniLM's `tokenizer.json`.
        right: Words that are not to be taken for others.
    """

    def __init__(self, tokenizer_file: Path, right: Container[str] = ()) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._right = right
        self._whole = {word: number for word, number in self.tokenizer.get_vocab().items() if _WORD.fullmatch(word)}
        self._meant = lru_cache(maxsize=4096)(self._nearest)
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.cls, self.sep = 101, 102

    def source(self, scene: Scene) -> Source:
        pieces = _pieces(scene)
        tokens = [Token(self.cls, SPECIAL)]
        kept: list[Piece] = []
        for piece in pieces:
            laid = self._lay(piece, len(kept))
            if len(tokens) + len(laid) + 1 > MAX_TOKENS:
                continue
            kept.append(piece)
            tokens += [*laid, Token(self.sep, piece.role, features=piece.features)]
        return Source(scene, tuple(kept), tuple(tokens))

    def _lay(self, piece: Piece, index: int) -> list[Token]:
        coded = self.tokenizer.encode(piece.text, add_special_tokens=False)
        rows = self._put_right(list(zip(coded.ids, coded.tokens, coded.offsets, strict=True)), piece.text)
        tokens: list[Token] = []
        for place, (code, word, (start, end)) in enumerate(rows):
            continues = word.startswith("##")
            goes_on = place + 1 < len(rows) and rows[place + 1][1].startswith("##")
            mark = piece.handle if place == 0 else 0
            told = piece.told < 0 or start < piece.told
            tokens.append(
                Token(
                    code,
                    piece.role,
                    index,
                    start,
                    end,
                    told and not continues,
                    told and not goes_on,
                    mark,
                    word.isdigit() or (continues and word[2:].isdigit()),
                    _features_at(piece, start, end),
                )
            )
        if len(tokens) > piece.limit:
            tokens = tokens[: piece.limit - piece.tail] + (tokens[-piece.tail :] if piece.tail else [])
        return tokens

    def _put_right(self, rows: list[_Row], text: str) -> list[_Row]:
        """The rows with each word in pieces that was typed wrong replaced by one row, for what was meant."""
        right: list[_Row] = []
        for word in _words(rows):
            (_, _, (start, _)), (_, _, (_, end)) = word[0], word[-1]
            meant = self._meant(text[start:end].lower()) if len(word) > 1 else ""
            right += [(self._whole[meant], meant, (start, end))] if meant else word
        return right

    def _nearest(self, typed: str) -> str:
        """The commonest word one letter away, or "" where there is none: the vocabulary is in order of that."""
        if not _MISTYPED.fullmatch(typed) or typed in self._right:
            return ""
        best = min(one_away(typed) & self._whole.keys(), key=self._whole.__getitem__, default="")
        return best if best and self._whole[best] < _COMMON.get(len(typed), _COMMON_LONG) else ""


_Row = tuple[int, str, tuple[int, int]]  # of the tokenizer: number, token, first character and the one after the last


def _words(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """The rows of each word."""
    word: list[_Row] = []
    for row in rows:
        if word and not row[1].startswith("##"):
            yield word
            word = []
        word.append(row)
    if word:
        yield word


def _features_at(piece: Piece, start: int, end: int) -> tuple[int, ...]:
    """A token's features: its piece's, and "used" where an earlier step took these characters."""
    if not any(first < end and start < last for first, last in piece.used):
        return piece.features
    return (*piece.features[:_USED], 1, *piece.features[_USED + 1 :])


_FREE_TEXTS = ("prompt", "instruction", "negative_prompt", "style", "region", "question", "query")


# The words by which an operation is asked for, near enough to see which part of a sentence has been done.
_ASKED_BY: dict[str, str] = {
    "upscale_image": r"upscal\w*|up-?res\w*|enlarg\w*|larger?|bigger|huge|high.?res\w*|resolution|pixels|hd|4k|blow\w*"
    r"|doubl\w*|quadrupl\w*|twice|print\w*|size|super\w*|times",
    "vary_image": r"var[iy]\w*|versions?|alternatives?|similar|more like|takes?|remix\w*|riff|something like|others?"
    r"|spin|another",
    "look_at_image": r"look\w*|describ\w*|what\w*|how|which|tell|caption|is there|are there",
    "find_images": r"find|search\w*|look\w* (?:for|up|through)|where|which|locate",
    "check_safety": r"safe\w*|check\w*|allowed|filter|block\w*|nsfw|ok(?:ay)?|appropriate",
    "extend_image": r"exten\w*|expand\w*|wid\w*|tall\w*|landscape|portrait|uncrop\w*|\d+:\d+|space|room|more",
    "crop": r"crop\w*|cut\w*|trim\w*|half|square|part|edges|borders|zoom\w*|keep|only|\d+:\d+",
    "rotate": r"rotat\w*|turn\w*|upside.down|clockwise|degrees|spin\w*|tilt\w*|on its (?:side|head)|quarter",
    "flip": r"flip\w*|mirror\w*|reverse\w*|swap\w*",
    "resize": r"resiz\w*|shrink\w*|small\w*|halve|half|scale\w*|size|\d+ ?[x×] ?\d+|too (?:big|large)",
    "brightness": r"bright\w*|dark\w*|light\w*|dim\w*|gloomy|exposed",
    "contrast": r"contrast\w*|flat|punch\w*|harsh",
    "saturation": r"saturat\w*|colou?r\w*|vivid|vibrant|pale|dull|washed|gaudy|garish|faded",
    "sharpen": r"sharp\w*|blurr\w*|crisp\w*|fuzzy|soft|focus",
    "blur": r"blur\w*|unsharp\w*|soft\w*|focus|sharp|crisp",
    "greyscale": r"black (?:and|&) white|b&w|b/w|gr[ea]y\w*|monochrome|colou?r\w*",
}
_ASKED = {name: regex(rf"\b(?:{words})") for name, words in _ASKED_BY.items()}


def asks_for(said: str, operation: str) -> bool:
    """Whether a sentence has a word by which an operation is asked for."""
    return operation not in _ASKED or _ASKED[operation].search(said) is not None


def used_in(said: str, steps: Sequence[Step]) -> tuple[tuple[int, int], ...]:
    """Where the sentence holds what earlier steps took: their free text, or the word that asked for the operation."""
    found: list[tuple[int, int]] = []
    for step in steps:
        texts = [str(step.args[name]) for name in _FREE_TEXTS if step.args.get(name)]
        for text in texts:
            for part in (text,) if text in said else re.split(r",? it\b ?|, ", text):
                at = said.find(part) if len(part) > 2 else -1
                if at >= 0:
                    found.append((at, at + len(part)))
        asked = _ASKED.get(str(step.args.get("operation", step.name)))
        places = [match.span() for match in asked.finditer(said)] if asked else []
        found += [place for place in places if place not in found][:1]
    return tuple(found)


def _pieces(scene: Scene) -> list[Piece]:
    """Most important first: what does not fit is dropped from the end."""
    naming = named(scene)
    absent = (*NO_FEATURES[:-3], *naming.get(0, (0, 0, 0)))
    pieces = [Piece("said", scene.said, SAID, 160, 50, 0, absent, used_in(scene.said, scene.steps))]
    for number, step in enumerate(scene.steps):
        pieces.append(_call_piece(f"step:{number}", step, CALL, 14))
        if step.words or step.failed:
            pieces.append(Piece(f"result:{number}", ("failed: " if step.failed else "") + step.words, RESULT, 56, 10))
    pieces += _shelf_pieces(scene, naming)
    if scene.past:
        before = scene.past[-1]
        pieces.append(Piece("past:said", before.said, PAST_SAID, 20, 6))
        pieces += [_call_piece(f"past:step:{n}", step, PAST_CALL, 12) for n, step in enumerate(before.steps[-2:])]
        if "?" in before.answered:
            pieces.append(Piece("past:answer", before.answered, PAST_ANSWER, 20, 6))
    return pieces


def _call_piece(key: str, step: Step, role: int, limit: int) -> Piece:
    """A step, of which only the words of the call are for the person's eyes, and of one that failed none."""
    text = short_call(step)
    return Piece(key, text, role, limit, 4, told=0 if step.failed else text.rindex(" -> "))


def short_call(step: Step) -> str:
    """A step as the network sees it: `edit #2: stormy sky -> #3`."""
    verb = "adjust" if step.name == "extend_image" else step.name.split("_", 1)[0]  # which it was not trained with
    image = step.args.get("image")
    named = f" #{image}" if isinstance(image, int) else ""
    words = next(
        (
            str(step.args[k])
            for k in ("prompt", "instruction", "operation", "question", "query", "target")
            if step.args.get(k)
        ),
        "",
    )
    made = " ".join(f"#{h}" for h in step.pictures) or ("failed" if step.failed else "done")
    return f"{verb}{named}{': ' + words if words else ''} -> {made}"


def focus_of(scene: Scene) -> int:
    """The picture that "it" means when nothing is selected: the newest, or the one last looked at or checked since.

    0 for an empty shelf.
    """
    if not scene.shelf:
        return 0
    newest = max(scene.shelf, key=lambda p: p.handle)
    steps = next((exchange.steps for exchange in reversed(scene.past) if exchange.steps), ())
    if steps and newest.kind != "upload":
        step = steps[-1]
        image = step.args.get("image")
        if not step.pictures and isinstance(image, int) and any(p.handle == image for p in scene.shelf):
            return image
    return newest.handle


def it_of(scene: Scene) -> int:
    """The picture that "it" means: the selected one, else `focus_of`."""
    return next((picture.handle for picture in scene.shelf if picture.selected), focus_of(scene))


def last_batch(shelf: Sequence[ShelfPicture]) -> list[int]:
    """The handles of the newest pictures that were made together: two or more, else none."""
    ordered = sorted(shelf, key=lambda p: p.handle)
    batch: list[int] = []
    for picture in reversed(ordered):
        newest = ordered[-1]
        if (picture.caption, picture.kind, picture.parents) != (
            newest.caption,
            newest.kind,
            newest.parents,
        ) or picture.kind == "upload":
            break
        batch.insert(0, picture.handle)
    return batch if len(batch) > 1 and len(batch) <= 8 else []


def batch_of(scene: Scene) -> list[int]:
    """The handles of the uploads that came with the sentence, else of the newest pictures that one call made: two or
    more, else none. Which call that was is known as far back as the conversation is."""
    if len(scene.came) > 1:
        return list(scene.came)
    batch = last_batch(scene.shelf)
    calls = [step.pictures for turn in scene.past for step in turn.steps if {*batch[-1:]} & {*step.pictures}]
    batch = [handle for handle in batch if not calls or handle in calls[-1]]
    return batch if len(batch) > 1 else []


def _row_before(scene: Scene) -> list[int]:
    """The batch of which the sentence before called one by its place: "make the second one blue" is followed by "i
    meant the third"."""
    before = scene.past[-1] if scene.past else Exchange("")
    made = {handle for step in before.steps for handle in step.pictures}
    row = last_batch([picture for picture in scene.shelf if picture.handle not in made]) if made else []
    placed = {row[place] for place in places_in(before.said.lower(), len(row)) if place < len(row)}
    return row if placed & {step.args.get("image") for step in before.steps} else []


def shown(scene: Scene, most: int = 6) -> list[ShelfPicture]:
    """The pictures worth showing: newest, selected, named by number or word, of this turn, and the first."""
    pictures = sorted(scene.pictures, key=lambda p: p.handle)
    if len(pictures) <= most:
        return pictures
    numbers = {int(n) for n in re.findall(r"\d{1,4}", scene.said)}
    said = telling(scene.said)
    touched = {h for step in scene.steps for h in (*step.pictures, step.args.get("image"))}
    touched |= {focus_of(scene), pictures[0].handle} | set(batch_of(scene))
    by_worth = sorted(
        pictures,
        key=lambda p: (
            p.selected or p.handle in touched or p.handle in numbers,
            len(said & telling(p.caption)),
            p.handle,
        ),
        reverse=True,
    )
    return sorted(by_worth[: most + 1], key=lambda p: p.handle)


_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_ONE = r"(?:(?:(?<=#)-)?\d{1,4}\b|(?:" + "|".join(NUMBER_WORDS) + r")\b)"
_CALLED = regex(
    rf"(?:#\s*|\b(?:pictures?|images?|pics?|photos?|numbers?|no|nr|handles?)\b\.?\s*#?\s*){_ONE}"
    rf"(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s+or\s+)#?{_ONE}(?!\s*(?:%|x\b|times|degrees|more|variations|versions)))*",
    re.NOFLAG,
)
_BARE = regex(r"^\W*(\d{1,3})\W*$|\b(\d{1,2})(?: and | & )(\d{1,2})\b(?! \w+s\b)", re.NOFLAG)
_PLACED = regex(rf"\b(?:({'|'.join(_ORDINALS)})|(\d{{1,3}})(?:st|nd|rd|th))\b(?!(?: to)?[ -]?(?:the )?last)", re.NOFLAG)
_EVERY = regex(
    r"\b(?:all|both|each|every\w*|the lot|the (?:whole )?(?:set|pair)|th(?:e|o?se) (?:two|three|four|five))\b",
    re.NOFLAG,
)
_FEW = regex(r"\b(first|last|latest|newest) (two|three|four|five|[2-5])\b", re.NOFLAG)


def _numbers_in(said: str) -> set[int]:
    """The numbers by which a sentence seems to call pictures: `#1, 2 and 4`, `picture two`, `1 and 3`."""
    called = [word for run in _CALLED.findall(said) for word in re.findall(_ONE, run)]
    called += [digits for row in _BARE.findall(said) for digits in row if digits]
    return {NUMBER_WORDS.get(word) or int(word) for word in called}


_NUMBER_OR_WORD = r"(?:(?<=#)-)?\d{1,4}|" + "|".join(NUMBER_WORDS)
_PLAINLY = regex(
    r"(?:#\s*|\b(?:picture|image|pic) (?:(?:number|no\.?|nr\.?|num\.?) )?#?\s*"
    r"|(?<!a )(?<!the )\b(?:number|nr\.?|num\.?) #?)"
    rf"({_NUMBER_OR_WORD})\b(?! \w+s\b)",
    re.NOFLAG,
)
_JOINED = regex(r"\b(?:and|then|plus|also|both|all|n|too|not|no,)\b|[&,;]|\. ", re.NOFLAG)


def plainly_called(scene: Scene) -> frozenset[int]:
    """The pictures that a sentence calls by number (`#2`, `picture 2`) where it speaks of no others.

    Empty where it might: "#2 and the fox", "not #2". Numbers without a picture are among them; what this turn has made
    is not.
    """
    said = scene.said.lower().strip(" .!?")
    called = frozenset(NUMBER_WORDS.get(word) or int(word) for word in _PLAINLY.findall(said))
    return frozenset() if _JOINED.search(said) else called


def places_in(said: str, length: int) -> set[int]:
    """The places (from 0) by which a sentence seems to call pictures of a row: `the second`, `the last two`, `all`."""
    places = {_ORDINALS.index(word) if word else int(digits) - 1 for word, digits in _PLACED.findall(said)}
    for end, many in _FEW.findall(said):
        n = min(length, number_of(many))
        places |= set(range(n)) if end == "first" else set(range(length - n, length))
    return places if places or not _EVERY.search(said) else set(range(length))


def _word_hints(scene: Scene) -> dict[int, int]:
    """How well each caption fits the sentence's words: 3 best of all, 2 as well as another, 1 less, 0 not at all.

    Under 0: 1 where pictures of different captions fit equally well, 2 where none fits.
    """
    words = telling(scene.said)
    shared = {p.handle: len(words & telling(p.caption)) for p in scene.pictures}
    most = max(shared.values(), default=0)
    best = [p for p in scene.pictures if shared[p.handle] == most and most]
    hints = {handle: 0 if not n else 1 if n < most else _BEST if len(best) == 1 else 2 for handle, n in shared.items()}
    hints[0] = 2 if not best else int(len({p.caption for p in best}) > 1)
    return hints


def named(scene: Scene) -> dict[int, tuple[int, int, int]]:
    """Hints for the network, not decisions: which pictures the sentence seems to name by number, by place and by words.

    1 for each number and place that applies; words as `_word_hints` says. Handle 0 stands for pictures that are not
    there: 2 where a number or place has no picture.
    """
    said = scene.said.lower()
    handles = sorted(p.handle for p in scene.shelf)
    row = batch_of(scene) or _row_before(scene) or handles
    numbers, places, words = _numbers_in(said), places_in(said, len(row)), _word_hints(scene)
    placed = {row[place] for place in places if 0 <= place < len(row)}
    hints = {p.handle: (int(p.handle in numbers), int(p.handle in placed), words[p.handle]) for p in scene.pictures}
    absent = 2 * int(bool(numbers - set(handles))), 2 * int(any(place >= len(row) for place in places))
    hints[0] = (*absent, words[0])
    return hints


def called_in(scene: Scene) -> list[int]:
    """The pictures of the shelf that the sentence seems to call by number or place."""
    return [handle for handle, (number, place, _) in named(scene).items() if handle and (number or place)]


def but_image(args: Mapping[str, Any]) -> dict[str, Any]:
    """A call's arguments, whatever picture it is about."""
    return {name: value for name, value in args.items() if name != "image"}


_KIND_WORDS = {
    "edit": "edit",
    "upscale": "upscale",
    "variation": "variation",
    "adjustment": "adjustment",
    "upload": "uploaded",
    "picture": "",
}


def shelf_line(picture: ShelfPicture) -> str:
    """One picture as the network reads it: `#2 edit #1: make it night`."""
    kind = _KIND_WORDS[picture.kind]
    parents = " ".join(f"#{p}" for p in picture.parents) if picture.kind != "upload" else ""
    words = " ".join(w for w in (kind, parents) if w)
    return f"#{picture.handle}{' ' + words if words else ''}: {picture.caption}"


def caption_start(picture: ShelfPicture) -> int:
    """Where the caption starts in `shelf_line`."""
    return len(shelf_line(picture)) - len(picture.caption)


def _shelf_pieces(scene: Scene, naming: dict[int, tuple[int, int, int]]) -> list[Piece]:
    batch = batch_of(scene)
    focus = it_of(scene)
    old = sorted((p.handle for p in scene.shelf), reverse=True)
    used = {step.args.get("image") for step in scene.steps}
    result = {h: min(n + 1, _RESULTS - 1) for n, step in enumerate(scene.steps) for h in step.pictures}
    pieces: list[Piece] = []
    for picture in reversed(shown(scene)):
        handle = picture.handle
        features = (
            min(handle, _NUMBERS - 1),
            min(old.index(handle), _RANKS - 2) if handle in old else _RANKS - 1,
            batch.index(handle) + 1 if handle in batch else 0,
            KINDS.index(picture.kind) + 1,
            result.get(handle, 0),
            int(picture.selected),
            int(handle == focus),
            1 if handle in used else _due(scene, naming.get(handle, (0, 0, 0))),
            *naming.get(handle, (0, 0, 0)),
        )
        text = shelf_line(picture)
        pieces.append(Piece(f"shelf:{handle}", text, SHELF, 17, 3, handle, features))
    return pieces


def _due(scene: Scene, hints: tuple[int, int, int]) -> int:
    """2 for a picture that the sentence seems to name and that no step has used yet, once there are steps; else 0."""
    number, place, words = hints
    return 2 if scene.steps and (number or place or words == _BEST) else 0


# ── the grammar ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Allowed:
    """What may come next: words of the vocabulary, and which kinds of pointer.

    `told` confines spans to what the person wrote; `number` to digits.
    """

    words: frozenset[str] = frozenset()
    any_word: bool = False
    start: bool = False
    told: bool = False
    number: bool = False
    mark: bool = False


class Grammar:
    """Follows one answer item by item and says what may come next.

    The network proposes, this disposes: a call always has its required arguments, arguments come once and in order,
    enumerated values are of their list, a handle is a mark on the shelf, a seed is a number of the person's. `done`
    says that this turn has taken steps already: what a reply says of them is put together in code (`closing_of`).
    """

    def __init__(self, tools: Iterable[str], *, pictures: bool, numbers: bool, done: bool = False) -> None:
        self._tools = [t for t in tools if t in TOOLS and (pictures or not _needs_picture(t))]
        self._pictures, self._numbers, self._done = pictures, numbers, done
        self._tool = self._kind = self._operation = ""
        self._at = -1
        self._values: list[Item] = []

    def allowed(self) -> Allowed:
        """What may come next."""
        values = self._values
        if not self._tool:
            return Allowed(frozenset([tool_token(t) for t in self._tools] + [REPLY]))
        if self._tool == REPLY and self._done:
            return Allowed(frozenset({END}))
        if self._tool == REPLY:
            return self._free(frozenset({END}) if values else frozenset())
        if self._kind == "":
            return Allowed(self._next())
        after = self._next() if values else frozenset[str]()
        match self._kind:
            case "reply":
                return self._free(after)
            case "choices":
                return self._free(after | {CHOICE, KNOWN}) if values else Allowed(frozenset({CHOICE, KNOWN}))
            case "mark":
                return Allowed(after, mark=not values)
            case "number":
                return Allowed(after, start=not values, told=True, number=True)
            case "target":
                return Allowed(after, start=not values, told=True, mark=self._pictures and not values)
            case "prompt":
                return self._spans(after, AND, most=3)
            case "instruction":
                return self._spans(after, IT, most=3)
            case "amount" | "extent":
                return self._amount(after)
            case "span":
                return Allowed(after, start=not values, told=True)
            case _:
                choices = frozenset(value_token(v) for v in CHOSEN[self._kind])
                return Allowed(after if values else choices)

    def _free(self, after: frozenset[str]) -> Allowed:
        return Allowed(after, any_word=True, start=True, mark=self._pictures)

    def _spans(self, after: frozenset[str], between: str, most: int) -> Allowed:
        """Up to `most` spans, each behind a word that joins them; "it" may also end an instruction."""
        spans = sum(isinstance(value, Span) for value in self._values)
        if not self._values or self._values[-1] in (AND, JOIN):
            return Allowed(start=True)
        if self._values[-1] == IT:
            return Allowed(after, start=spans < most)
        return Allowed(after | ({between, JOIN} if spans < most else set()))

    def _amount(self, after: frozenset[str]) -> Allowed:
        """`horizontal`, `+20`, `+`15, 64`x`48, 30`%`: a word, or the person's numbers with signs around them."""
        values, operation = self._values, self._operation
        if not values:
            return Allowed(
                frozenset(value_token(a) for a in AMOUNTS.get(operation, ())), start=operation in _NUMBERED, told=True
            )
        if values[-1] in {value_token(sign) for sign in ("+", "-", TIMES)}:
            return Allowed(start=True, told=True)
        sizes = isinstance(values[-1], Span) and len(values) == 1 and operation in {"", "crop", "resize"}
        return Allowed(after | ({value_token(TIMES), value_token(PERCENT)} if sizes else set()))

    def take(self, item: Item) -> None:
        """Move on by one item (which must have been allowed)."""
        if not self._tool:
            self._tool = str(item) if item == REPLY else str(item)[1:-1]
            return
        names = [argument_token(name) for name, _, _ in TOOLS.get(self._tool, ())]
        if isinstance(item, str) and item in names:
            self._at = names.index(item)
            self._kind = TOOLS[self._tool][self._at][1]
            self._values = []
            return
        self._values = [*self._values, item]  # a copy of this grammar goes another way
        if self._kind == "operation":
            self._operation = str(item)[2:-1]

    def _next(self) -> frozenset[str]:
        arguments = TOOLS[self._tool]
        allowed: list[str] = []
        for name, kind, required in arguments[self._at + 1 :]:
            needless = kind == "amount" and not AMOUNTS[self._operation] and self._operation not in _NUMBERED
            if needless or (kind == "number" and not self._numbers):
                continue
            allowed.append(argument_token(name))
            if required:
                return frozenset(allowed)
        return frozenset([*allowed, END])


def _needs_picture(tool: str) -> bool:
    return any(kind == "mark" for _, kind, _ in TOOLS[tool])


def vocabulary_of(words: Iterable[str]) -> list[str]:
    """The network's whole output vocabulary: the grammar's tokens, then the words of its replies."""
    fixed = [END, REPLY, KNOWN, CHOICE, JOIN, *(tool_token(t) for t in TOOLS)]
    fixed += sorted({argument_token(name) for arguments in TOOLS.values() for name, _, _ in arguments})
    values = [*CHOSEN.values(), *AMOUNTS.values(), (TIMES, PERCENT)]
    fixed += sorted({value_token(v) for row in values for v in row})
    known = set(fixed)
    return fixed + sorted((set(words) | {AND, IT}) - known)


def act(items: Sequence[Item], source: Source) -> Action:
    """What a finished list of items says: `items` without the closing `END`."""
    if items[0] == REPLY:
        return Action(text=closing_of(source.scene) if source.scene.steps else _join(items[1:], source))
    name = str(items[0])[1:-1]
    kinds = {argument_token(a): (a, kind) for a, kind, _ in TOOLS[name]}
    args: dict[str, Any] = {}
    values: list[Item] = []
    argument = kind = ""
    for item in [*items[1:], END]:
        if isinstance(item, str) and (item in kinds or item == END):
            if argument:
                args[argument] = _value(kind, values, source)
            argument, kind = kinds.get(item, ("", ""))
            values = []
        else:
            values.append(item)
    return Action(name, args)


def _value(kind: str, values: list[Item], source: Source) -> Any:
    if kind == "mark":
        return values[0].handle if isinstance(values[0], Mark) else None
    if kind in {"count", "scale"}:
        return int(str(values[0])[2:-1])
    if kind == "strength":
        return float(str(values[0])[2:-1])
    if kind == "number":
        return int("".join(c for c in _join(values, source) if c.isdigit()))
    if kind in CHOSEN:
        return str(values[0])[2:-1]
    if kind in {"amount", "extent"}:
        return "".join(v[2:-1] if isinstance(v, str) else _join([v], source) for v in values)
    if kind == "choices":
        return _choices(values, source)
    return _join(values, source)


def _choices(values: list[Item], source: Source) -> list[str]:
    choices: list[str] = []
    current: list[Item] = []
    for value in [*values, CHOICE]:
        if value not in (CHOICE, KNOWN):
            current.append(value)
            continue
        if current:
            choices.append(_join(current, source))
            current = []
        if value == KNOWN:
            choices += [f"#{p.handle}" for p in source.scene.pictures[-12:]]
    return choices


def _join(items: Sequence[Item], source: Source) -> str:
    text = ""
    for item in items:
        if isinstance(item, str):
            text += item if item != JOIN else ""
            continue
        piece = f"#{item.handle}" if isinstance(item, Mark) else source.text(*source.point(item))
        text += piece if not text or text[-1] in " (“#" else f" {piece}"
    return _EVERYWHERE.get(text.strip(), text.strip())


SAVED = (
    "Everything is saved on this computer. On the page each picture has a download button, and old sessions are in the "
    "sidebar; in a terminal there is “easel sessions”."
)
_EVERYWHERE = {
    "Everything is saved on this computer. Each picture has a download button, and old sessions are in the sidebar.": (
        SAVED
    ),
    "I can't delete pictures. A whole session can be deleted in the sidebar.": (
        "I can't delete pictures. A whole session can be deleted in the sidebar of the page, or with “easel sessions "
        "delete” in a terminal."
    ),
}
"""What the network learnt to say of the page, as it is said on the page and in a terminal."""


# ── what was done, in words ─────────────────────────────────────────────────────────────────────────────────────

_ADJUSTED = {
    "crop": "cropped", "rotate": "rotated", "flip": "flipped", "resize": "resized",
    "brightness": "with its brightness changed", "contrast": "with its contrast changed",
    "saturation": "with its colours changed", "sharpen": "sharpened", "blur": "blurred", "greyscale": "in greyscale",
}  # fmt: skip
_PAINTING = frozenset({"generate_image", *_KIND_OF})


def unlike(said: str) -> str:
    """What a sentence finds a picture unlike ("that's not a horse": "horse"); "" where it finds nothing of the kind."""
    found = _UNLIKE.fullmatch(said)
    return found["what"] if found else ""


def closing_of(scene: Scene) -> str:
    """The sentences that close a turn: what its steps made, found or saw. Put together in code, so always true."""
    steps = scene.steps
    if len(steps) > 2 and all(step.pictures and step.name in _PAINTING for step in steps):
        return f"Done: {_listed([h for step in steps for h in step.pictures][:12])}."
    if steps and steps[0].name == "vary_image" and unlike(scene.said) and not steps[0].failed:
        return f"Here is {_listed(steps[0].pictures)}, another try at #{steps[0].args.get('image')}."
    return " ".join(_told(step) for step in steps)


def _told(step: Step) -> str:
    if step.failed:
        return f"That did not work: {step.words}"
    match step.name:
        case "look_at_image":
            return _seen(step)
        case "find_images":
            further = re.findall(r"#\d+", _after(step.words, "more: ").partition(";")[0])
            rest = f", and {len(further)} more: {', '.join(further)}" if further else ""
            found = f"I found {_listed(step.pictures)}{rest}." if step.pictures else "Nothing here matches that."
            elsewhere, _, note = _after(step.words, "other_sessions: ").partition("; note: ")
            noted = f" Note: {note}." if note else ""
            has = "Other sessions have" if elsewhere.count("”") > 1 else "Another session has"
            return f"{found} {has}: {elsewhere}.{noted}" if elsewhere else found
        case "check_safety":
            reason = _after(step.words, "reason: ")
            if not reason:
                return "Yes, the safety filter lets that through."
            undone = "" if str(step.args.get("target")).startswith("#") else ", so nothing was painted"
            return f"The safety filter stops that{undone}: {reason.rstrip('.')}."
        case name if name in _PAINTING and step.pictures:
            note = _after(step.words, "note: ")
            return _made(step) + (f" Note: {note}." if note else "")
        case _:
            return "Done."


def _made(step: Step) -> str:
    here = f"{'Here are' if len(step.pictures) > 1 else 'Here is'} {_listed(step.pictures)}"
    image = f"#{step.args.get('image')}"
    match step.name:
        case "generate_image":
            prompt = str(step.args.get("prompt", ""))
            return f"{here}: {prompt}." if len(prompt) <= 80 and len(step.pictures) <= 6 else f"{here}."
        case "edit_image":
            return f"{here}, edited from {image}: {step.changed or step.args.get('instruction', '')}."
        case "extend_image":
            return f"{here}: {image}, with more around it."
        case "upscale_image":
            larger = f"{'two' if step.args.get('scale') == 2 else 'four'} times larger"
            return f"{here}: {image}, {step.changed or larger}."
        case "vary_image":
            return f"{here}, {'variations' if len(step.pictures) > 1 else 'a variation'} of {image}."
        case _:
            return f"{here}: {image}, {_ADJUSTED.get(str(step.args.get('operation')), 'adjusted')}."


_ASKED_OF = {
    "size": regex(r"\b(?:size|big|large|small|resolution|dimensions?|pixels?|wide|tall|high)\b"),
    "light": regex(r"\b(?:colou?rs?|dark|bright|light|palette)\b"),
    "story": regex(
        r"\b(?:made|make|painted|seeds?|recipe|settings?|model|preset|prompt|words|exact\w*|reproduc\w*|came?|based"
        r"|from(?! (?:the )?(?:left|right|top|bottom|front|back)\b)"
        r"|history|changed?|edited|ask(?:ed)? for)\b",
    ),
}
"""What the words of a question want to know of a picture; all of it where they say nothing of the kind."""
_IS_THERE = regex(
    r"\W*(?:(?:so|and|but)\W+)*(?:(?:is|are) there|(?:can|do) (?:you|u|we) see|does (?:it|this|that|#\d+) "
    r"(?:have|show)|do i see) (?:an?|any|some|the|my)? ?(?P<what>[\w' -]+?)"
    r"(?: (?:in|on) (?:it|this|that|there|here|#\d+|(?:the|this|my) (?:picture|image|pic|photo|drawing)))?"
    r"(?: now| yet| at all)*\W*$",
)
_EVERYTHING = regex(
    r"\b(?:describ\w*|details?|info\w*|about|everything|properties|facts|tell me|caption|looks? like)\b"
)
_UNLIKE = regex(
    r"\W*(?:(?:but|no|sorry|wait)\W+)*(?:"
    r"(?:that|this|it|s?he)(?:['’]?s| is| was)(?: (?:really|definitely|certainly|clearly))? not"
    r"|(?:that|this|it|s?he) (?:is|was)n['’]?t"
    r"|(?:that|this|it|s?he) (?:does|did)(?:n['’]?t| not) (?:really )?(?:look|seem) (?:(?:much|anything|at all) )?like"
    r"|(?:that|this|it|s?he) looks (?:nothing|not) like|(?:this|that)(?:['’]?s| is) an? [\w' -]+?,? (?:and )?not)"
    r" (?:an?|the|any|my) (?P<what>[\w' -]+?)(?: (?:at all|though|to me|ever))*\W*",
)
_HOW_MANY = regex(
    r"\W*(?:(?:so|and|but)\W+)*(?:how many|what number of|count) (?:of )?(?:the |my )?"
    r"(?P<what>[\w'-]+(?: (?!(?:are|is|do|does|did|can|in|on|and|there|have|has|you|u|we)\b)[\w'-]+)?)"
    r"(?: and (?:the )?(?P<other>[\w'-]+))?",
)
_ALTOGETHER = regex(r"\W*how many (?:things|objects)\b(?! (?:of|like)\b)")
_ANY_KIND = frozenset(
    "animal people person kid child children guy folk character figure creature one thing object colour color fruit"
    " plant vehicle toy".split()
)
"""What names no single thing that is shown, so that nothing can be counted by its word."""
_WHERE = regex(
    r"\W*(?:\w+\W+){0,2}?where(?:['’]?s| is| are) (?:the |a |an |my )?(?P<what>(?!it\b|he\b|she\b|they\b)[\w' -]+)"
)
_WHICH = regex(r"\W*which (?:ones?|of|pictures?|pics?|images?|page)\b")
_SEED = regex(r" by \S+, seed \d+", re.NOFLAG)
_SEEDED = regex(r"#(\d+) (?:was|is) [^#]*?, seed (\d+)", re.NOFLAG)
_ONLY_THE_SEED = regex(r"^(?!.*\b(?:prompt|recipe|settings?|model|preset|made|how|steps?|size|and)\b).*\bseeds?\b")


def _seen(step: Step) -> str:
    """A look's answer in sentences, as far as it has the usual facts; without a question it was only shown again."""
    facts = dict(
        part.split(": ", 1)
        for part in re.split(r"; (?=(?:answer|size|story|light|colours|shows|row): )", step.words)
        if ": " in part
    )
    question = str(step.args.get("question", ""))
    it = f"#{step.args['image']}" if _WHICH.match(question) else "It"
    shows = f"{it} shows {facts['shows'].replace('; ', ' – ')}." if facts.get("shows") else ""
    if not question:
        return " ".join(filter(None, (f"Here is #{step.args['image']} again.", shows)))
    if shows and (found := _IS_THERE.match(question)):
        there = telling(found["what"]) <= telling(facts["shows"])
        return f"{'Yes' if there else 'Not that I see'}. {shows}"
    if facts.get("row") and not facts.get("answer"):
        sought = _WHERE.match(question)
        if sought and not telling(sought["what"]) & telling(facts["row"]):
            return f"Not that I see. {shows}"
        return f"From left to right: {facts['row']}."
    if shows and not facts.get("answer") and (many := _how_many(question, facts["shows"])):
        return f"{many}. {shows}"
    if _ONLY_THE_SEED.search(question) and (seeds := _SEEDED.findall(facts.get("story", ""))):
        [*_, (of, seed)], image = seeds, str(step.args["image"])
        return f"The seed of #{of} is {seed}." + ("" if of == image else f" #{image} was made from that, without one.")
    named = {what for what, words in _ASKED_OF.items() if words.search(question)}
    asked = named or (_ASKED_OF.keys() if not shows or _EVERYTHING.search(question) else set[str]())
    story = facts.get("story", "") if "story" in asked else ""
    light = {"medium": "neither dark nor bright"}.get(facts.get("light", ""), facts.get("light", ""))
    colours = f"mostly {facts['colours']}" if facts.get("colours") else ""
    is_now = [facts.get("size", "") if "size" in asked else "", *((light, colours) if "light" in asked else ())]
    sentences = (
        facts.get("answer", ""),
        shows if "light" in asked or not asked else "",
        f"{story if named else _SEED.sub('', story)}." if story else "",
        f"It is {', '.join(filter(None, is_now))}." if any(is_now) else "",
    )
    return " ".join(filter(None, sentences)) or "Done."


def _how_many(question: str, shows: str) -> str:
    """What answers a question for a number, as far as it is for things that can be shown; else ""."""
    if _ALTOGETHER.match(question):
        return f"{_sum_of(shows.rpartition(';')[0].split(', '))} altogether"
    found = _HOW_MANY.match(question)
    asked = [what for what in (found["what"], found["other"]) if what] if found else []
    if not asked or any(not telling(what) or telling(what) & _ANY_KIND for what in asked):
        return ""
    rows = re.split(r"[,;] ", shows)
    many = [_sum_of(row for row in rows if telling(what) <= telling(row)) for what in asked]
    if len(many) > 1:
        return " and ".join(f"{number or 'no'} {what}" for number, what in zip(many, asked, strict=True))
    return f"{many[0]} {asked[0]}" if many[0] > 1 else "One" if many[0] else "None that I see"


def _sum_of(rows: Iterable[str]) -> int:
    """How many things rows of what is shown ("2 × hat") are."""
    return sum(int(number[1]) if (number := re.match(r"(\d+) × ", row)) else 1 for row in filter(None, rows))


def _after(words: str, key: str) -> str:
    return words[words.index(key) + len(key) :] if key in words else ""


def _listed(handles: Sequence[int]) -> str:
    names = [f"#{handle}" for handle in handles]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


# ── from LangChain's messages ───────────────────────────────────────────────────────────────────────────────────

_SHELF = regex(r"\[shelf\](.*?)\[/shelf\]", re.DOTALL)
_BESIDE = regex(r"\n*\[(note|shelf)\]\n.*?\n\[/\1\]", re.DOTALL)
_CAME = regex(r"^With this message came: (.+)\.$", re.NOFLAG | re.MULTILINE)
_UPLOADED = regex(r'(?:^|", )#(\d+) "', re.NOFLAG)
_PRESETS = regex(r"\[presets\](.*?)\[/presets\]", re.DOTALL)
_CHANGING = regex(r"\[presets for (\w+)\](.*?)\[/presets for \1\]", re.DOTALL)
_LINE = regex(r"#(\d+)\s*(\d+\s*[×x]\s*\d+)?(.*)")
_QUOTED = regex(r"[\"“](.*)[\"”]", re.DOTALL)
_SHOWS = regex(r", shows (.+?)(?: \(selected\))?\s*$", re.NOFLAG)
_RELATION = regex(r"\b(edit|upscale|variation|adjustment|extension)\s+of\s+((?:#\d+(?:,| and)?\s*)+)", re.NOFLAG)


def shelf_of(text: str) -> tuple[ShelfPicture, ...]:
    """The shelf in a system message, a line a picture between its marks; unknown lines are left out."""
    found = _SHELF.findall(text)
    if not found:
        return ()
    pictures: dict[int, ShelfPicture] = {}
    for line in found[-1].splitlines():
        match = _LINE.match(line.strip())
        if match:
            picture = _shelf_picture(int(match[1]), match[2] or "", match[3])
            pictures[picture.handle] = picture
    return tuple(pictures[h] for h in sorted(pictures))


def _shelf_picture(handle: int, size: str, rest: str) -> ShelfPicture:
    quoted = _QUOTED.search(rest)
    caption = quoted[1].strip() if quoted else ""
    outside = rest[: quoted.start()] + rest[quoted.end() :] if quoted else rest
    relation = _RELATION.search(outside)
    kind: Kind = "picture"
    parents: tuple[int, ...] = ()
    if relation:
        kind = "adjustment" if relation[1] == "extension" else next(k for k in KINDS if k == relation[1])
        parents = tuple(int(n) for n in re.findall(r"\d+", relation[2]))
    elif "uploaded" in outside:
        kind = "upload"
    seen = _SHOWS.search(rest[quoted.end() :]) if quoted else None
    shows = seen[1] if seen else ""
    return ShelfPicture(handle, caption, kind, parents, size.replace(" ", ""), "(selected)" in outside, shows)


def step_of(name: str, args: dict[str, Any], answer: str, *, failed: bool = False) -> Step:
    """A tool call and its answer (one line of JSON, or any text)."""
    try:
        parsed = json.loads(answer)
    except ValueError:
        return Step(name, args, words=answer.strip(), failed=failed)
    if not isinstance(parsed, dict):
        return Step(name, args, words=str(parsed), failed=failed)
    data: dict[str, Any] = parsed
    wrong = data.get("error") or data.get("refused")
    if wrong:
        return Step(name, args, words=str(wrong), failed=True)
    handles: list[int] = []
    sizes: list[str] = []
    words: list[str] = []
    for key, value in data.items():
        if isinstance(value, list) and key in {"images", "found", "pictures", "matches"}:
            for entry in value:
                row: dict[str, Any] = entry if isinstance(entry, dict) else {"image": entry}
                if isinstance(row.get("image"), int):
                    handles.append(row["image"])
                    sizes.append(str(row.get("size", "")))
        elif key not in {"image", "fixable", "changed"} and (plain := _plain(value)):
            words.append(f"{key}: {plain}")
    return Step(name, args, tuple(handles), "; ".join(words), failed, tuple(sizes), _plain(data.get("changed")))


def _plain(value: Any) -> str:
    """A value of a tool's answer in words: lists with commas, objects by their values."""
    if isinstance(value, dict):
        return " ".join(_plain(v) for v in value.values())
    if isinstance(value, list):
        return ", ".join(_plain(v) for v in value)
    return "" if value is None or isinstance(value, bool) else str(value)


def scene_of(messages: Sequence[Any]) -> Scene:
    """A conversation in LangChain's messages as a scene. What stands in marks beside what was said is no part of it.

    The last human message is what is said; calls after it are this turn's steps.
    """
    shelf: tuple[ShelfPicture, ...] = ()
    presets: tuple[str, ...] = ()
    changing: dict[str, tuple[str, ...]] = {}
    turns: list[dict[str, Any]] = []
    came: list[int] = []
    together: list[int] = []
    calls: dict[str, tuple[str, dict[str, Any]]] = {}
    for message in messages:
        text = _text(message.content)
        if "[shelf]" in text and message.type in ("system", "human"):
            shelf = shelf_of(text)
        if message.type == "human":
            came = [] if turns and turns[-1]["said"] else came
            brought = [int(handle) for told in _CAME.findall(text) for handle in _UPLOADED.findall(told)]
            came += brought
            together = (brought or together) if came else []
        if message.type in ("human", "ai"):
            text = _BESIDE.sub("", text)
        if message.type == "system":
            presets = tuple(name for found in _PRESETS.findall(text) for name in re.findall(r"[^\s,]+", found))
            changing = {kind: tuple(found.strip().split(", ")) for kind, found in _CHANGING.findall(text)}
        elif message.type == "human":
            turns.append({"said": in_words(text), "steps": [], "answered": ""})
        elif message.type == "ai" and turns:
            calls.update({str(c["id"]): (c["name"], c["args"]) for c in message.tool_calls})
            asked = next(
                (str(c["args"].get("question", "")) for c in message.tool_calls if c["name"] == "ask_user"), ""
            )
            turns[-1]["answered"] = asked or text or turns[-1]["answered"]
        elif message.type == "tool" and turns:
            name, args = calls.get(str(message.tool_call_id), (message.name or "", {}))
            turns[-1]["steps"].append(step_of(name, args, text, failed=getattr(message, "status", "") == "error"))
    if not turns:
        return Scene("", shelf, presets=presets)
    past = tuple(Exchange(t["said"], tuple(t["steps"]), t["answered"]) for t in turns[:-1])
    steps: tuple[Step, ...] = tuple(turns[-1]["steps"])
    fresh = {picture.handle for step in steps for picture in _made_by(step)}
    kept = tuple(p for p in shelf if p.handle not in fresh)
    return Scene(turns[-1]["said"], kept, past, steps, presets, changing, tuple(came), tuple(together))


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return " ".join(
        str(b.get("text", "")) if isinstance(b, dict) else str(b)
        for b in content
        if not isinstance(b, dict) or "text" in b
    )
