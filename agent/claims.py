"""What a language model says of pictures that cannot be true, so that the person hears of it.

Only what is clearly said is denied: that a picture is here which is not, or, by silence, that a call went well which
has failed. A number is no handle where somebody else brought it up (a prompt, a caption), nor in quotes, nor as a
colour or a step; a sentence that denies, asks or promises claims nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_QUOTED = re.compile(r"```.*?(?:```|$)|`[^`]*`|“[^”]*”|\"[^\"]*\"|«[^»]*»", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?。])\s+|\n+")
_CLAIM = re.compile(
    r"\b(?:here(?:['’]s| is| are)|hier (?:ist|sind|is|zijn)|voici|ecco|aquí (?:está|están|tienes)|aqui (?:está|estão)"
    r"|(?:made|painted|drew|created|edited|saved|as|picture|image))(?: \w+){0,3}:? #|^\W*#\d+,? (?:now|shows)\b",
    re.IGNORECASE,
)
_NO_CLAIM = re.compile(
    r"\?|n['’]t\b|['’]ll\b|\b(?:no|not|never|cannot|would|will|could|can|should|might|may|if|next|kein\w*|nicht|pas)\b",
    re.IGNORECASE,
)
_ADMITS = re.compile(
    r"n['’]t\b|\b(?:no|not|none|never|cannot|unable|sorry|unfortunately|fail\w*|error|problem)\b", re.IGNORECASE
)
_HANDLE = re.compile(r"(?<![\w#&/])#([1-9]\d*)(?![\w-]|['’]\w|\.\d|\s*/\s*\d|\s+of\b)")
_JOINED = re.compile(r"(?:#\d+\s*,|\b(?:and|und|et|y|e)|&)\s*$")
"""What stands between a picture that is claimed and the next one."""
_COUNTED = re.compile(
    r"\b(?:step|option|idea|suggestion|choice|issue|tip|rule|part|point|item|number|no|page|player|colou?r|hex|shade)s?"
    r"[ .:]*#",
    re.IGNORECASE,
)


def denied(said: str, handles: Collection[int], known: Iterable[str], error: str) -> str:
    """One sentence for the person; "" where nothing false was clearly said.

    Args:
        said: The model's last words.
        handles: Of the pictures that there are.
        known: What others said, in which numbers may stand that are no handles.
        error: Why the last call failed; "" if it did not.
    """
    if error and said and not _ADMITS.search(said):
        return error
    digits = max(2, *(len(str(handle)) for handle in handles)) if handles else 2  # a longer one is a colour
    others = {number for text in known for number in re.findall(r"\d+", text)}
    missing: dict[str, None] = {}
    for sentence in _SENTENCE.split(_QUOTED.sub(" ", said)):
        claim = _CLAIM.search(sentence)
        if not claim or _NO_CLAIM.search(sentence) or _COUNTED.search(sentence):
            continue
        for place, found in enumerate(_HANDLE.finditer(sentence, claim.start())):
            number, joined = found[1], place == 0 or _JOINED.search(sentence[: found.start()])
            if joined and int(number) not in handles and len(number) <= digits and number not in others:
                missing[f"#{number}"] = None
    return f"There is no {' and no '.join(missing)}." if missing else ""
