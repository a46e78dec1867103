"""The console that every command prints with: rich's, but for what others wrote, which is made harmless."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from ui.terminal_text import harmless


class SafeConsole(Console):
    """A console that prints no control characters but those of its own styles, and takes no `[markup]`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def print(self, *objects: Any, **options: Any) -> None:
        """As rich's; a `Text` is not changed itself."""
        super().print(*map(_harmless, objects), **options)


def _harmless(shown: Any) -> Any:
    if isinstance(shown, str):
        return harmless(shown)
    if isinstance(shown, Text):
        cleaned = shown.copy()
        cleaned.plain = harmless(shown.plain)
        return cleaned
    return shown
