"""Paths as people write them."""

from __future__ import annotations

from pathlib import Path


def expanded(path: Path) -> Path:
    """A path with the person's own folder in place of `~`; one of a person that there is not stays as it is."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path
