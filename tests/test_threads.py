"""Small networks compute on one thread, and only they."""

from __future__ import annotations

import threading

import pytest
import torch

from models.threads import one_thread


@pytest.fixture(autouse=True)
def _two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_one_thread_computes_and_then_as_many_as_before() -> None:
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2


def test_the_threads_come_back_after_a_fault() -> None:
    @one_thread()
    def fail() -> None:
        raise ValueError(torch.get_num_threads())

    with pytest.raises(ValueError, match="1"):
        fail()
    assert torch.get_num_threads() == 2


def test_what_computes_beside_it_keeps_its_threads() -> None:
    seen: list[int] = []
    began, go_on = threading.Event(), threading.Event()

    def beside() -> None:
        torch.ones(3).sum()  # from here on it has its own number
        seen.append(torch.get_num_threads())
        began.set()
        go_on.wait(10)
        seen.append(torch.get_num_threads())

    thread = threading.Thread(target=beside)
    thread.start()
    began.wait(10)
    with one_thread():
        go_on.set()
        thread.join()
    assert seen == [2, 2]
