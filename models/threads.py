"""How many threads a network computes on."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Generator[None]:
    """Computes on the calling thread alone; also a decorator.

    Networks that write value after value take thousands of small steps. To wake a sleeping thread for each of them
    takes longer than it helps; and threads that spin instead of sleeping starve each other beside a busy program
    (`models.waiting`).
    """
    before = torch.get_num_threads()  # the calling thread's own, whatever others do meanwhile
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
