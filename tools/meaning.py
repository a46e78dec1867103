"""How near texts are in meaning, for the verbs that compare them.

The encoder pads what it reads at once to the longest text of it: to read few at once, and such as are about as long,
takes a tenth of the time and of the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.errors import Stopped

BATCH = 32
"""How many texts the encoder reads at once."""

_known: dict[str, NDArray[np.float32]] = {}
_MOST_KNOWN = 20_000  # sentence vectors kept, 30 MB: a second search need not read all captions again


def sentence_vectors(texts: Sequence[str], stop: Callable[[], bool] = lambda: False) -> NDArray[np.float32]:
    """MiniLM's sentence vectors of texts (n, 384), of length 1, in their order; those of texts met lately are kept.

    Args:
        texts: Any; of a long one the encoder reads the beginning (`models.words.WINDOW` tokens).
        stop: Asked before every batch of `BATCH`.

    Raises:
        Stopped: `stop` said so; the vectors that were there by then are kept.
    """
    from models.words import encoder  # loads torch, which nothing else here needs

    vectors = {text: known for text in texts if (known := _known.get(text)) is not None}
    new = sorted({text for text in texts if text not in vectors}, key=lambda text: (len(text), text))
    for start in range(0, len(new), BATCH):
        if stop():
            raise Stopped("The comparison of texts was stopped.")
        batch = new[start : start + BATCH]
        read = dict(zip(batch, encoder().sentences(batch), strict=True))
        vectors |= read
        if len(_known) + len(read) > _MOST_KNOWN:
            _known.clear()
        _known.update(read)
    return np.stack([vectors[text] for text in texts])
