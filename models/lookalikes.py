"""Which signs stand for which Latin letters, and what of a text is seen: what every reader of disguises begins with."""

from __future__ import annotations

import re
import unicodedata

# Digits and signs, a selection of Unicode's confusables (TR 39), and letters that are turned or small.
_STANDS_FOR = {
    "a": "4@^αаɑᴀᎪλɐ", "b": "86вьβʙᏏ", "c": "(¢сςᴄᏟ", "d": "ԁᴅđᎠδ", "e": "3€еєεҽᴇᎬэǝ", "f": "ƒғꜰ", "g": "69ɡգɢᏀ",
    "h": "#һнηʜħᎻɥ", "i": "1!|¡іιɩıɪᎥ", "j": "јᴊᎫ", "k": "кκᴋᏦʞ", "l": "1|!£ӏʟłᏞ", "m": "мμᴍᎷɯ", "n": "пиηνɴᴎή",
    "o": "0оοσөøᴏθ", "p": "рρᴘᏢ", "q": "9ԛգ", "r": "гяʀɾᏒɹ", "s": "5$ѕςꜱᏚ", "t": "7+тτᴛŧᎢʇ", "u": "υцυᴜսμ",
    "v": "ѵνᴠᏙʌ", "w": "ԝωшщᴡᎳʍ", "x": "хχ×", "y": "уγүʏᎩʎ", "z": "2ᴢᏃ",
}  # fmt: skip
MEANS: dict[str, str] = {}
"""The letters that a sign may stand for, likeliest first."""
for _letter, _signs in _STANDS_FOR.items():
    for _sign in dict.fromkeys(_signs):
        MEANS[_sign] = MEANS.get(_sign, "") + _letter

# Letters in dark circles and squares, which NFKC leaves, and those that flags are made of.
_BOXED = {start + at: chr(97 + at) for start in (0x1F150, 0x1F170) for at in range(26)}
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+")
# Letters built from strokes.
_BUILT = {
    "|\\/|": "m", "|\\|": "n", "|<": "k", "|)": "d", "|_|": "u", "|-|": "h", "/\\": "a", "\\/": "v", "()": "o",
}  # fmt: skip
_STROKES = re.compile("|".join(map(re.escape, _BUILT)))


def visible(text: str) -> str:
    """A text in lower case as one sees it: NFKC, no invisible characters, letters in boxes or built from strokes as
    letters; all white space becomes spaces."""
    text = _FLAG.sub(_unflagged, text.translate(_BOXED))
    text = re.sub(r"\s", " ", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(c for c in text if c.isprintable() and unicodedata.category(c) != "Cf")
    return _STROKES.sub(lambda sign: _BUILT[sign[0]], text) if "|" in text or "\\" in text else text


def unaccented(text: str) -> str:
    """The text without marks on its letters."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _unflagged(run: re.Match[str]) -> str:
    """Two of these letters are a flag; one or many are letters."""
    return run[0] if len(run[0]) == 2 else "".join(chr(ord(c) - 0x1F1E6 + 97) for c in run[0])
