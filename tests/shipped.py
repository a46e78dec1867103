"""Which shipped weights are in this checkout, for tests that need them."""

from __future__ import annotations

import pytest

from models.presets import PRESETS_FILE

needs_painter = pytest.mark.skipif(
    not (PRESETS_FILE.parent / "embedded" / "editor" / "SHA256SUMS").exists(),
    reason="the painter's and editor's weights are not in this checkout; train them with python -m training.painter",
)
