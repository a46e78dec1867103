"""How many threads a network computes on."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Generator[None]:
    """Computes on the calling thread alone; also a decorator.

    Networks that write value after value take thousands of small steps. To wake sleeping threads for each of them takes
    longer than the step: with two threads the planner needs 107 ms instead of 47, and where they spin instead of
    sleeping, 850 ms beside another busy program.
    """
    before = torch.get_num_threads()  # the calling thread's own, whatever others do meanwhile
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
