"""The bell: a change wakes who waits for it, in this process or another, and nothing depends on it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from keeping import in_process, new_session, raw

from storage.bell import Bell
from storage.database import Place
from storage.library import Library

ROOT = Path(__file__).parents[1]
LONG = 60.0  # far longer than the test may take: a wait that ends was woken


def elsewhere(code: str) -> None:
    """Runs a line in another process."""
    program = f"import os; from pathlib import Path; from storage.bell import Bell; {code}"
    subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT)


def test_who_listens_is_woken_by_every_change_that_is_committed(place: Place) -> None:
    with Library.open(place) as library, library.listen() as bell:
        assert not bell.wait(0)
        heard: list[bool] = []
        waiting = threading.Thread(target=lambda: heard.append(bell.wait(LONG)))
        waiting.start()
        library.create_session(library.user("me").id)
        waiting.join(LONG / 2)
        assert heard == [True]


def change_when_told(pipe: Pipe, place: Place) -> None:
    with Library.open(place) as library:
        for number in range(2):
            pipe.recv()
            new_session(library, title=f"{number}")


def test_a_change_of_another_program_wakes_everybody_who_listens(place: Place) -> None:
    program, pipe = in_process(change_when_told, place)
    with Library.open(place) as library, library.listen() as one, library.listen() as other:
        pipe.send("one")
        assert one.wait(LONG) and other.wait(LONG)
        other.close()
        one.heard()
        pipe.send("two")
        assert one.wait(LONG)
    program.join()


def test_who_listens_hears_again_after_the_connections_were_cut(address: str) -> None:
    with Library.open(address) as library, Library.open(address) as other, library.listen() as bell:
        with raw(address) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert bell.wait(LONG)  # for what it may have missed
        new_session(other)
        assert bell.wait(LONG)


def test_the_bell_is_heard_from_another_process_and_by_everyone(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    with bell.listen() as one, bell.listen() as other:
        elsewhere(f"Bell(Path({str(tmp_path / 'bell')!r})).ring()")
        assert one.wait(LONG) and other.wait(LONG)
        assert not one.wait(0)


def test_the_pipe_of_a_program_that_died_is_removed_and_ringing_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "bell"
    elsewhere(f"Bell(Path({str(folder)!r})).listen(); os._exit(1)")
    assert len(list(folder.iterdir())) == 1
    bell = Bell(folder)
    with bell.listen() as alive:
        bell.ring()
        assert alive.wait(LONG)
        assert len(list(folder.iterdir())) == 1
    assert list(folder.iterdir()) == []


def test_ringing_never_waits_for_a_listener_who_does_not_listen(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    with bell.listen() as deaf:
        for _ in range(66_000):  # more bytes than a pipe holds
            bell.ring()
        assert deaf.heard()


def test_where_no_pipe_can_be_made_waiting_is_a_sleep(tmp_path: Path) -> None:
    (tmp_path / "bell").write_text("a file stands in the way")
    bell = Bell(tmp_path / "bell")
    with bell.listen() as nobody:
        bell.ring()
        began = time.monotonic()
        assert nobody.fileno() is None and not nobody.wait(0.02)
        assert time.monotonic() - began >= 0.02
