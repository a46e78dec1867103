"""How near texts are in meaning, for the verbs that compare them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_known: dict[str, NDArray[np.float32]] = {}
_MOST_KNOWN = 20_000  # sentence vectors kept, 30 MB: a second search need not read all captions again


def sentence_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """MiniLM's sentence vectors of texts (n, 384), of length 1; those of texts met lately are kept."""
    from models.words import encoder  # loads torch, which nothing else here needs

    vectors = {text: known for text in texts if (known := _known.get(text)) is not None}
    new = [text for text in dict.fromkeys(texts) if text not in vectors]
    if new:
        vectors.update(zip(new, encoder().sentences(new), strict=True))
        if len(_known) + len(new) > _MOST_KNOWN:
            _known.clear()
        _known.update((text, vectors[text]) for text in new)
    return np.stack([vectors[text] for text in texts])
