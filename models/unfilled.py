"""Networks built without drawing numbers, to be loaded into: drawing them only to replace them takes longer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.overrides import TorchFunctionMode


class Unfilled(TorchFunctionMode):
    """A context in which nothing is drawn at random, so that weights hold whatever the memory held.

    Memory that nobody touches costs nothing; give the network its own with `load_state_dict(assign=True)`. (Torch's
    device "meta" does the same, but some of its shapes are worked out by a compiler that takes seconds to import.)
    """

    def __torch_function__(
        self, func: Any, types: Sequence[type], args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        named = kwargs or {}
        if getattr(func, "__module__", "") == "torch.nn.init":
            return named["tensor"] if "tensor" in named else args[0]
        return (torch.empty if func is torch.randn else func)(*args, **named)
