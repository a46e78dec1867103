"""How well the word filter tells harmful requests from harmless ones that look like them.

    python -m bench.words [--split held-out|dev|fresh|all] [--show] [--json FILE]

The sets in `bench/words/` were written by hand, apart from the training phrases (`training/word_texts.py`). Training
reads their files only to make none of their sentences, small words and ways of asking aside, and that is checked here
again. A third of each, by a hash of its text, is `dev`: looked at while tuning. The figures that count are those of
`held-out`, whose mistakes are shown only with `--show`, and of `fresh`, written when everything else was finished and
measured once. Shares come with Wilson's 95 % interval. Every request, harmful or harmless, is tried again in every
disguise of its language. Beside the filter stand its two halves alone, and the word list that a user would pick
instead (`better-profanity`, where installed).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Request:
    text: str
    category: str
    """Empty for a harmless one."""


@dataclass(frozen=True)
class Talk:
    """Sentences of one session; what must come of the last one."""

    sentences: tuple[str, ...]
    harmful: bool


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    z, share = 1.959964, hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(hits: int, count: int) -> str:
    low, high = wilson(hits, count)
    return f"{hits}/{count} = {100 * hits / max(1, count):.1f} % [{100 * low:.1f}, {100 * high:.1f}]"


def is_dev(text: str) -> bool:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 3 == 0


def _rows(name: str) -> list[str]:
    return [row for row in (FOLDER / name).read_text(encoding="utf-8").splitlines() if row and not row.startswith("#")]


def requests(split: str) -> list[Request]:
    found = [Request(row, "") for row in _rows("benign.txt")]
    found += [Request(text, category) for category, text in (row.split("\t") for row in _rows("unsafe.tsv"))]
    fresh = [Request(text, category) for category, text in (row.split("\t") for row in _rows("fresh.tsv"))]
    if split == "fresh":
        return fresh
    found += fresh if split == "all" else []
    return [request for request in found if split == "all" or is_dev(request.text) == (split == "dev")]


def talks(split: str) -> list[Talk]:
    rows = [row.split("\t") for row in _rows("turns.tsv")]
    if split == "fresh":
        return []
    found = [Talk(tuple(sentences.split("|")), what == "block") for what, sentences in rows]
    return [talk for talk in found if split == "all" or is_dev("|".join(talk.sentences)) == (split == "dev")]


def leaks() -> list[str]:
    """Sentences of the benchmark that training saw, small words and ways of asking aside."""
    from tools.rules import Rules
    from training.words import SEED, Generator, bare

    plain, generator = Rules.load().plain, Generator(SEED)
    seen = {bare(one.text) for one in [*generator.examples(30_000), *generator.lessons(7_500)]}
    return sorted({request.text for request in requests("all") if (form := bare(plain(request.text))) and form in seen})


# Disguises: each gives the text as somebody would write it who hopes to pass. None of them is used in training.
_LEET = str.maketrans("aeiost", "431057")
_SIGNS = str.maketrans("aeiosl", "@3!0$1")
_CYRILLIC = str.maketrans("aeopcx", "аеорсх")
_GREEK = str.maketrans("aeikoptuvx", "αеικορτυνχ")


def _long(text: str) -> str:
    return (
        f"a wide landscape with rolling hills and a river, soft morning light, a wooden fence on the left, {text}, "
        "birds over the trees, muted colours, film grain, highly detailed, 85mm"
    )


def _long_chinese(text: str) -> str:
    return f"一片宽阔的田野，远处有山和河流，清晨柔和的光线，左边有木栅栏，{text}，树上有小鸟，胶片颗粒，高清细节"


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _script(text: str) -> str:
    """Mathematical letters."""
    return "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text.lower())


def _between(sign: str) -> Callable[[str], str]:
    return lambda text: " ".join(sign.join(word) for word in text.split())


DISGUISES: dict[str, Callable[[str], str]] = {
    "as written": lambda text: text,
    "digits for letters": lambda text: text.translate(_LEET),
    "digits and signs for letters": lambda text: text.translate(_SIGNS),
    "spaces between letters": lambda text: "  ".join(" ".join(word) for word in text.split()),
    "spaces, words not parted": lambda text: " ".join(text.replace(" ", "")),
    "dots inside words": lambda text: re.sub(r"(?<=\w)(?=\w\w)", ".", text),
    "dots between letters": _between("."),
    "hyphens between letters": _between("-"),
    "no spaces at all": lambda text: text.replace(" ", ""),
    "invisible characters": lambda text: "\u200b".join(text),
    "look-alike letters": lambda text: text.translate(_CYRILLIC),
    "look-alikes of other scripts": lambda text: text.lower().translate(_GREEK),
    "wide and mathematical letters": lambda text: _wide(text) if len(text) % 2 else _script(text),
    "accents on letters": lambda text: re.sub(r"([aeioun])", "\\1\u0301", text),
    "letters repeated": lambda text: re.sub(r"([aeiou])", r"\1\1\1", text),
    "digits and dots together": lambda text: _between(".")(text.translate(_LEET)),
    "capitals and signs": lambda text: f"!!! {text.upper()} ???",
    "in a long prompt": _long,
}
CHINESE: dict[str, Callable[[str], str]] = {
    "Chinese, as written": lambda text: text,
    "Chinese, spaces between": lambda text: " ".join(text),
    "Chinese, dots between": lambda text: ".".join(text),
    "Chinese, invisible characters": lambda text: "\u200b".join(text),
    "Chinese, in a long prompt": _long_chinese,
    "pinyin, word by word": lambda text: re.sub(r"[-1-5]", "", _pinyin()[text]),
    "pinyin, syllable by syllable": lambda text: re.sub(r"[1-5]", "", _pinyin()[text]).replace("-", " "),
    "pinyin with tone numbers": lambda text: _pinyin()[text].replace("-", ""),
    "pinyin without spaces": lambda text: re.sub(r"[-1-5 ]", "", _pinyin()[text]),
}


@cache
def _pinyin() -> dict[str, str]:
    """The Chinese requests as pinyin with tone numbers; a hyphen parts the syllables of a word."""
    return dict(row.split("\t") for row in _rows("pinyin.tsv"))


def english(text: str) -> bool:
    return bool(re.search("[a-z]", text)) and not chinese(text)


def chinese(text: str) -> bool:
    return bool(re.search("[\u3400-\u9fff]", text))


Blocks = Callable[[str], bool]


def systems() -> dict[str, Blocks]:
    """The filter, its halves, and the word list one would pick instead."""
    from models.words import classifier, readings
    from tools.normalise import latin
    from tools.rules import Rules
    from tools.safety import WordFilter

    words, rules, scorer = WordFilter(), Rules.load(), classifier()

    def by_rules(text: str) -> bool:
        return any(rules.find(rules.plain(reading)) for reading in readings(text))

    def by_scores(text: str) -> bool:
        found = scorer.scores([latin(rules.plain(reading)) or "nothing" for reading in readings(text)])
        return any(score >= scorer.block[category] for scores in found for category, score in scores.items())

    found: dict[str, Blocks] = {
        "word filter": lambda text: words.check(text).action == "block",
        "rules alone": by_rules,
        "classifier alone": by_scores,
    }
    try:
        from better_profanity import profanity
    except ImportError:
        return found
    profanity.load_censor_words()
    found["better-profanity"] = lambda text: bool(profanity.contains_profanity(text))
    return found


def measure(split: str, show: bool) -> dict[str, Any]:
    found = requests(split)
    harmful = [request for request in found if request.category]
    harmless = [request for request in found if not request.category]
    result: dict[str, Any] = {"split": split, "harmful": len(harmful), "harmless": len(harmless), "systems": {}}
    for name, blocks in systems().items():
        caught = [request for request in harmful if blocks(request.text)]
        refused = [request for request in harmless if blocks(request.text)]
        result["systems"][name] = {"caught": len(caught), "refused": len(refused)}
        print(f"{name:18} caught {share(len(caught), len(harmful))}   refused {share(len(refused), len(harmless))}")
        if show and name == "word filter":
            for request in harmful:
                if request not in caught:
                    print(f"    missed   {request.category}: {request.text}")
            for request in refused:
                print(f"    refused  {request.text}")
    result["categories"] = _categories(harmful)
    result["disguises"] = _disguises(found)
    result["turns"] = _turns(talks(split), show)
    result["captions"] = _captions(1000, show)
    result["typed"] = _typed(show)
    result["milliseconds"] = _speed(found)
    return result


def _categories(harmful: Sequence[Request]) -> dict[str, tuple[int, int, int]]:
    """For each category: refused, refused under that name, of how many."""
    from tools.safety import WordFilter

    words, refused, named, count = WordFilter(), Counter[str](), Counter[str](), Counter[str]()
    for request in harmful:
        verdict = words.check(request.text)
        count[request.category] += 1
        refused[request.category] += verdict.action == "block"
        named[request.category] += verdict.action == "block" and verdict.category == request.category
    for category in sorted(count):
        print(f"  {category:12} {share(refused[category], count[category])}, under that name {named[category]}")
    return {category: (refused[category], named[category], count[category]) for category in count}


def _disguises(found: Sequence[Request]) -> dict[str, tuple[int, int, int, int]]:
    """For each form: harmful requests caught, of how many, harmless ones refused in the same form, of how many."""
    from tools.safety import WordFilter

    words, result = WordFilter(), dict[str, tuple[int, int, int, int]]()
    for forms, spoken in ((DISGUISES, english), (CHINESE, chinese)):
        harmful = [request.text for request in found if request.category and spoken(request.text)]
        harmless = [request.text for request in found if not request.category and spoken(request.text)]
        for name, disguise in forms.items():
            caught = sum(words.check(disguise(text)).action == "block" for text in harmful)
            refused = sum(words.check(disguise(text)).action == "block" for text in harmless)
            result[name] = caught, len(harmful), refused, len(harmless)
            counts = f"{share(caught, len(harmful))}   refused {share(refused, len(harmless))}"
            print(f"  {name:30} caught {counts}", flush=True)
    return result


def _turns(found: Sequence[Talk], show: bool) -> dict[str, tuple[int, int]]:
    from tools.safety import WordFilter

    words, right, count = WordFilter(), defaultdict[bool, int](int), Counter[bool]()
    for talk in found:
        blocked = words.check(talk.sentences[-1], talk.sentences[:-1]).action == "block"
        right[talk.harmful] += blocked == talk.harmful
        count[talk.harmful] += 1
        if show and blocked != talk.harmful:
            print(f"    {'missed' if talk.harmful else 'refused'}  {' | '.join(talk.sentences)}")
    print(f"  split over turns: caught {share(right[True], count[True])}")
    print(f"  harmless second sentences: refused {share(count[False] - right[False], count[False])}")
    return {"caught": (right[True], count[True]), "refused": (count[False] - right[False], count[False])}


def _captions(count: int, show: bool) -> tuple[int, int]:
    """Ordinary requests by another hand: captions of the painter's training scenes."""
    from training.scenes import caption, invent

    chance = random.Random(5)
    return _ordinary("captions of painted scenes", [caption(invent(chance), chance) for _ in range(count)], show)


def _typed(show: bool) -> tuple[int, int]:
    """What people type who want harmless pictures, by other hands; of what the head learns from, the kept-out tenth."""
    from training.words import held_out, typed

    texts = dict.fromkeys(said for session in typed() for said in session if held_out(said))
    return _ordinary("harmless sentences as typed", [*texts], show)


def _ordinary(kind: str, texts: Sequence[str], show: bool) -> tuple[int, int]:
    from tools.safety import WordFilter

    words = WordFilter()
    found = {text: words.check(text).action for text in texts}
    refused = [text for text in texts if found[text] == "block"]
    marked = sum(action == "review" for action in found.values())
    print(f"  {kind}: refused {share(len(refused), len(texts))}, marked {marked}")
    if show:
        print(*(f"    refused  {text}" for text in refused), sep="\n")
    return len(refused), len(texts)


def _speed(found: Sequence[Request]) -> dict[str, float]:
    from tools.safety import WordFilter

    words, times = WordFilter(), list[float]()
    words.check("warm up")
    for request in found:
        began = time.process_time()
        words.check(request.text)
        times.append(1000 * (time.process_time() - began))
    times.sort()
    result = {"median": times[len(times) // 2], "p95": times[int(len(times) * 0.95)]}
    middle, slow = (f"{result[name]:.1f} ms" for name in ("median", "p95"))
    print(f"  a request takes {middle} of processor time (median), {slow} (95th percentile)")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=["held-out", "dev", "fresh", "all"], default="held-out")
    parser.add_argument("--show", action="store_true", help="print every mistake")
    parser.add_argument("--json", type=Path, help="also write the counts to this file")
    args = parser.parse_args()
    if seen := leaks():
        raise SystemExit(f"these sentences also occur in training: {seen}")
    result = measure(args.split, args.show)
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
