"""The NVIDIA GPUs of this machine, asked of the driver's own library (NVML).

Neither torch nor another program is started for it, so the settings can be read with it in every process. Where there
is no such driver there is no such GPU.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from typing import NamedTuple

_LIBRARY = "nvml.dll" if os.name == "nt" else "libnvidia-ml.so.1"
_NAME_BYTES = 96


class Gpu(NamedTuple):
    """One GPU."""

    name: str
    memory: float  # in GiB, all of it


class _Memory(ctypes.Structure):
    _fields_ = [(name, ctypes.c_ulonglong) for name in ("total", "free", "used")]


def nvidia_gpus() -> list[Gpu]:
    """All that programs of this environment may see; where CUDA_VISIBLE_DEVICES names only some of them, all are told.

    Which one that is is not known here: CUDA numbers them otherwise than the driver.
    """
    if os.environ.get("CUDA_VISIBLE_DEVICES", "all").strip() in ("", "-1"):
        return []
    try:
        nvml = ctypes.CDLL(_LIBRARY)
    except OSError:
        return []
    if nvml.nvmlInit_v2() != 0:  # the driver is installed, and no GPU answers
        return []
    try:
        return list(_ask(nvml))
    finally:
        nvml.nvmlShutdown()


def _ask(nvml: ctypes.CDLL) -> Iterator[Gpu]:
    count = ctypes.c_uint()
    if nvml.nvmlDeviceGetCount_v2(ctypes.byref(count)) != 0:
        return
    for number in range(count.value):
        handle, memory, name = ctypes.c_void_p(), _Memory(), ctypes.create_string_buffer(_NAME_BYTES)
        if (
            nvml.nvmlDeviceGetHandleByIndex_v2(ctypes.c_uint(number), ctypes.byref(handle)) == 0
            and nvml.nvmlDeviceGetMemoryInfo(handle, ctypes.byref(memory)) == 0
            and nvml.nvmlDeviceGetName(handle, name, ctypes.c_uint(_NAME_BYTES)) == 0
        ):
            yield Gpu(name.value.decode(errors="replace"), memory.total / 2**30)
