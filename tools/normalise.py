"""What a text says once disguises are taken off: the form in which the word filter reads.

The one idea: a disguise is undone only when what lies under it is a word that the rules know. `n4k3d`, `n.a.k.e.d`,
`n a k e d`, `nаkеd` with Cyrillic letters and `naaaked` all become `naked`, while `4k`, `3d`, `U.S.A.` and an honest
Russian sentence stay what they are. `Plain(vocabulary, strong).read(text)` gives lower-case words with single spaces
between them and no punctuation; Chinese characters stay together, in simplified form where the rules use them.

It covers look-alikes in Latin, Greek, Cyrillic and Cherokee, letters in circles, boxes and mathematical styles,
digits, signs and strokes for letters (`models.lookalikes`), wildcards inside a word, spaces or signs between letters,
repeated letters and invisible characters. It does not undo ciphers, translations or spelling by sound.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterable

from models.lookalikes import MEANS, unaccented, visible

# Only what looks like a letter and is one in another script; digits and signs keep their own meaning in honest words.
_LOOKALIKES = {ord(sign): letters[0] for sign, letters in MEANS.items() if sign.isalpha()}

# Traditional and simplified forms of characters that occur in rules.toml.
_PAIRS = (
    "畫画體体脫脱內内褲裤強强姦奸殺杀屍尸兒儿學学蘿萝誘诱圖图製制彈弹槍枪藥药納纳萬万歲岁愛爱兩两個个對对讓让猶犹"
    "滅灭絕绝種种賣卖換换臉脸證证國国產产頭头腸肠開开腦脑斷断縊缢馬马與与為为這这張张給给沒没無无車车樣样樓楼亂乱"
    "輪轮倫伦護护鈔钞偽伪駕驾駛驶紙纸雞鸡陰阴莖茎動动視视頻频級级貝贝廣广預预線线熱热戀恋嬰婴寶宝剝剥鳥鸟鏡镜"
)
_SIMPLIFIED = str.maketrans(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))

_SHORT_WORDS = frozenset(
    "a i is in on an as at be by do go he if it me my no of or so to up us we am ok hi oh ex".split()
)
_CJK = "\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"[{_CJK}]+|[^\s{_CJK}]+")
_HAS_CJK = re.compile(f"[{_CJK}]")
_EDGE = ".,;:?\"'“”‘’«»()[]{}<>…—–-/\\~`^&=#_*%，。！？、；：（）【】《》"
_INSIDE = re.compile(r"[^\w\s]+|_")
_WILD = re.compile(r"[*#%?_✱]")


class Plain:
    """Reads texts against a vocabulary of words worth uncovering.

    Args:
        vocabulary: Every lower-case word that occurs in a rule; the targets of undoing.
        strong: Those of them that name something harmful; only these are uncovered where it takes guessing
            (wildcards, signs or spaces inside a word).
    """

    def __init__(self, vocabulary: Collection[str], strong: Collection[str]) -> None:
        self._known = frozenset(vocabulary)
        self._strong = frozenset(word for word in strong if len(word) >= 3)
        self._of_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self._strong):
            self._of_length[len(word)].append(word)

    def read(self, text: str) -> str:
        """The plain words of a text; empty for a text without letters."""
        words: list[str] = []
        for chunk in re.split(r" {2,}", visible(text)):  # wide gaps part words whose letters stand apart
            found = [word for token in _TOKEN.findall(chunk) for word in self._words(token)]
            words.extend(self._rejoined(found))
        return " ".join(words)

    def _words(self, token: str) -> list[str]:
        if _HAS_CJK.match(token):
            return [token.translate(_SIMPLIFIED)]
        if token.isascii() and token.isalpha() and not re.search(r"(.)\1\1", token):
            return [token]  # the usual case: nothing to undo
        uncovered = self._uncovered(token)
        if uncovered:
            return [uncovered]
        parts = (self._uncovered(part) or _letters(part) for part in re.split(r"[^\w']+|_", token))
        return [part for part in parts if part]

    def _uncovered(self, token: str) -> str:
        """The known word under a disguise, or an empty string."""
        core = token.strip(_EDGE)
        if core in self._known:
            return core
        if not any(c.isalpha() for c in core):
            return ""  # a number is a number
        for candidate in _candidates(core):
            if len(candidate) >= 3 and candidate in self._known:
                return candidate
        apart = len(_INSIDE.findall(core))
        for candidate in _candidates(_INSIDE.sub("", core)) if apart else ():
            if candidate in self._strong or (apart > 1 and len(candidate) >= 3 and candidate in self._known):
                return candidate
        if _WILD.search(core) and len(core) >= 4 and sum(c.isalpha() for c in core) >= 2:
            pattern = re.compile("".join("[a-z]" if _WILD.match(c) else re.escape(c) for c in core))
            return next((word for word in self._of_length.get(len(core), ()) if pattern.fullmatch(word)), "")
        return ""

    def _rejoined(self, words: list[str]) -> list[str]:
        """Puts `n u d e` and `na ked` together again."""
        result: list[str] = []
        for single, group in itertools.groupby(words, lambda word: len(word) == 1 and not _HAS_CJK.match(word)):
            run = list(group)
            result.extend(self._spelled(run) if single and len(run) >= 3 else run)
        paired: list[str] = []
        for word in result:
            joined = paired[-1] + word if paired else word
            if paired and len(joined) >= 4 and joined in self._strong and _broken(paired[-1], word):
                paired[-1] = joined
            else:
                paired.append(word)
        return paired

    def _spelled(self, letters: list[str]) -> list[str]:
        """Splits a run of single letters into known words, with as few letters left over as can be."""
        text = "".join(MEANS.get(c, c)[0] for c in letters)
        best: list[tuple[int, int, list[str]]] = [(0, 0, [])]  # letters left over, words, the words, up to each letter
        for end in range(1, len(text) + 1):
            left, count, words = best[end - 1]
            options = [(left + 1, count + 1, [*words, letters[end - 1]])]
            for start in range(max(0, end - 20), end - 2):  # words of three letters or more
                if text[start:end] in self._known:
                    left, count, words = best[start]
                    options.append((left, count + 1, [*words, text[start:end]]))
            best.append(min(options, key=lambda option: option[:2]))
        return best[-1][2]


def _candidates(core: str) -> Iterable[str]:
    """What a word may stand for, most honest reading first; at most a few hundred."""
    folded = unaccented(core)
    yield from _squeezed(folded)
    if len(folded) <= 24 and any(c in MEANS for c in folded):
        choices = [MEANS.get(c, c) for c in folded]
        for letters in itertools.islice(itertools.product(*choices), 128):
            yield from _squeezed("".join(letters))


def _broken(left: str, right: str) -> bool:
    """Whether two words look like halves of one: at least one is too short to be an English word."""
    return any(len(part) <= 2 and part not in _SHORT_WORDS for part in (left, right))


def _letters(text: str) -> str:
    """Letters and digits of a word without accents; look-alikes are folded where it has Latin letters too."""
    bare = unaccented(text)
    if re.search("[a-z]", bare):
        bare = bare.translate(_LOOKALIKES)
    return _squeezed(re.sub(r"[^\w]|_", "", bare))[0]


def _squeezed(text: str) -> list[str]:
    """The text, or where a letter stands three times or more, with it once and with it twice."""
    if not re.search(r"([^\d])\1\1", text):
        return [text]
    return [re.sub(r"([^\d])\1{2,}", r"\1", text), re.sub(r"([^\d])\1{2,}", r"\1\1", text)]


def latin(plain: str) -> str:
    """The words of a plain text without those in Chinese characters, for readers that know only English."""
    return " ".join(word for word in plain.split() if not _HAS_CJK.match(word))
