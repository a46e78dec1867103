"""What only PostgreSQL has: many programs that write at once, a server that goes away, addresses with passwords."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import pytest
from house import FixedPixels, FixedWords
from keeping import BLOCK, count, in_process, new_file, new_picture, new_session, raw, turn_with_pictures
from pydantic import SecretStr
from server import ESCAPED, PASSWORD, Server
from sqlalchemy import Connection, insert

from models.presets import Presets
from models.recipe import Extent, Operation, Recipe
from storage import chats, migrate
from storage.errors import (
    Busy,
    Damaged,
    LostLease,
    NewerSchema,
    NotALibrary,
    NotEmpty,
    NotFound,
    NotWritable,
    StorageError,
    TurnEnded,
    TurnRunning,
    Unreachable,
)
from storage.library import Library
from storage.postgres import SPACE, WORKERS, PostgresDatabase, open_server
from storage.records import Feedback, Message, TurnState
from storage.rows import CLOCK, now
from storage.tables import users
from tools.errors import NoWorker
from tools.settings import Settings
from tools.studio import Studio
from tools.worker import Supervisor
from ui import doctor


@pytest.fixture
def library(address: str) -> Iterator[Library]:
    with Library.open(address) as opened:
        yield opened
        assert opened.verify().faults == ()


@pytest.fixture
def database(address: str) -> Iterator[PostgresDatabase]:
    opened = open_server(address, busy_timeout=0.3)
    yield opened
    opened.close()


def within(seconds: float, fact: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


# Many at once


def claim_fifty(pipe: Pipe, address: str, owner: str) -> None:
    with Library.open(address) as library:
        pipe.send("open")
        pipe.recv()
        claimed: list[tuple[str, int]] = []
        while len(claimed) < 50:
            job = library.claim(owner, 3600)
            if job is None:
                time.sleep(0.01)
            else:
                claimed.append((job.id, job.attempt))
        pipe.send(claimed)


@pytest.mark.slow
def test_eight_programs_claim_fifty_jobs_each_and_none_twice(address: str) -> None:
    with Library.open(address) as library:
        sessions = [new_session(library) for _ in range(8)]
        ids = [
            library.enqueue(session.id, None, [{}], [], "fox", str(number))[0].id
            for number in range(50)
            for session in sessions
        ]
    workers = [in_process(claim_fifty, address, f"worker {number}") for number in range(8)]
    for _, pipe in workers:
        assert pipe.recv() == "open"
    for _, pipe in workers:
        pipe.send("go")
    claimed = [claim for _, pipe in workers for claim in pipe.recv()]
    for process, _ in workers:
        process.join()
    assert sorted(claimed) == sorted((job_id, 1) for job_id in ids)


def test_sessions_are_served_in_turn_by_many_programs_at_once(library: Library) -> None:
    greedy, modest = new_session(library), new_session(library)
    for number in range(40):
        library.enqueue(greedy.id, None, [{}], [], "greedy", f"{number}")
    for number in range(4):
        library.enqueue(modest.id, None, [{}], [], "modest", f"{number}")
    order: list[tuple[str, str]] = []
    at_once(4, lambda _: order.extend((job.caption, job.id) for _ in range(3) if (job := library.claim("w", 60))))
    assert len({job_id for _, job_id in order}) == len(order) == 12
    assert Counter(caption for caption, _ in order)["modest"] == 4


def at_once(threads: int, work: Callable[[int], object]) -> None:
    """Do something in several threads; what one of them raises is raised here."""
    failures: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failures.append(error)

    started = [threading.Thread(target=guarded, args=(number,)) for number in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    for failure in failures:
        raise failure


def test_what_many_make_at_once_under_one_key_is_made_once(library: Library, address: str) -> None:
    found: list[str] = []
    at_once(6, lambda _: found.append(library.user("everyone").id))
    assert len(set(found)) == count(address, "users") == 1
    at_once(6, lambda _: library.create_session(found[0], "", "thread"))
    at_once(6, lambda _: library.enqueue("thread", None, [{}], [], "fox", "key"))
    assert (count(address, "sessions"), count(address, "jobs")) == (1, 1)
    others = [new_session(library) for _ in range(6)]
    at_once(6, lambda number: library.add_picture(others[number].id, None, new_picture("the same")))
    assert (count(address, "pictures"), count(address, "blobs")) == (6, 1)


def test_of_many_thumbs_at_once_on_one_target_there_is_one(library: Library, address: str) -> None:
    session = new_session(library)
    for target in ("one", "two", "three"):
        at_once(4, lambda number, target=target: library.upsert_feedback(Feedback(session.id, target, (-1) ** number)))
    assert count(address, "feedback") == 3


def test_one_of_many_begins_the_turn(library: Library) -> None:
    session = new_session(library)
    begun: list[int] = []

    def begin(_: int) -> None:
        with suppress(TurnRunning):
            begun.append(library.begin_turn(session.id, "draw").number)

    at_once(6, begin)
    assert begun == [1]


def test_anything_at_once_leaves_a_library_that_agrees_and_no_deadlock(library: Library, address: str) -> None:
    """Random changes of few sessions by several threads: what is refused is refused for a reason of its own."""
    user = library.user("me").id
    stop = time.monotonic() + 4

    def act(number: int) -> None:
        rng = random.Random(number)
        while time.monotonic() < stop:
            sessions = library.sessions(user)
            if len(sessions) < 3:
                library.create_session(user)
                continue
            session = rng.choice(sessions)
            with suppress(NotFound, TurnRunning, TurnEnded, LostLease):
                one_of_many(rng, session.id)

    def one_of_many(rng: random.Random, session: str) -> None:
        turns = library.turns(session)
        last = turns[-1] if turns else None
        match rng.randrange(9):
            case 0:
                library.begin_turn(session, "draw")
            case 1 if last:
                library.append(last.id, Message("assistant", "one"), Message("assistant", "two"))
            case 2 if last:
                library.finish_turn(last.id, TurnState.DONE)
            case 3 if last:
                library.branch(user, rng.choice(turns).id)
            case 4:
                library.enqueue(session, last.id if last else None, [{}], [], "fox", str(rng.random()))
            case 5 | 6:
                if job := library.claim("worker", rng.choice([60, 0])):
                    library.report(job.id, job.attempt, 0.5, "half", b"preview")
                    if rng.random() < 0.2:
                        library.block(job.id, job.attempt, BLOCK)
                    else:
                        library.complete(job.id, job.attempt, new_picture(f"fox {rng.randrange(20)}"))
            case 7:
                library.add_picture(session, None, new_picture(f"fox {rng.randrange(20)}"))
            case _ if rng.random() < 0.3:
                library.delete_session(user, session)
            case _:
                library.release("worker")

    at_once(6, act)
    assert library.verify().faults == ()
    with raw(address) as connection:
        deadlocks = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert deadlocks.fetchone()[0] == 0


def test_a_session_is_not_deleted_while_a_branch_is_listing_its_turns(
    library: Library, database: PostgresDatabase
) -> None:
    session = new_session(library)
    turn = turn_with_pictures(library, session, "fox", "hen")
    listed, go_on = threading.Event(), threading.Event()
    branches: list[str] = []

    def branch_slowly(tx: Connection) -> str:
        made = chats.branch(tx, session.user_id, turn.id, "")
        listed.set()
        go_on.wait(10)
        return made.id

    branching = threading.Thread(target=lambda: branches.append(database.write(branch_slowly)))
    deleting = threading.Thread(target=library.delete_session, args=(session.user_id, session.id))
    branching.start()
    assert listed.wait(10)
    deleting.start()
    deleting.join(0.3)
    assert deleting.is_alive()
    go_on.set()
    branching.join()
    deleting.join()
    assert [library.pixels(p.sha256) for p in library.pictures(branches[0])] == [
        new_picture(content).data for content in ("fox", "hen")
    ]
    assert len(library.messages(branches[0])) == 1


# Programs that die


def work_and_wait(pipe: Pipe, address: str, session: str) -> None:
    library = Library.open(address)
    turn = library.begin_turn(session, "draw")
    job = library.claim("killed", 60)
    assert job is not None
    pipe.send((turn.id, job.id))
    time.sleep(600)


def test_a_killed_programs_turn_is_closed_at_once_and_its_job_is_free_when_the_lease_ends(
    library: Library, address: str
) -> None:
    session = new_session(library)
    [queued] = library.enqueue(session.id, None, [{}], [], "fox", "key")
    process, pipe = in_process(work_and_wait, address, session.id)
    turn, job = pipe.recv()
    assert (job, library.claim("other", 60), library.interrupted_turns()) == (queued.id, None, [])
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert within(5, lambda: [found.id for found in library.interrupted_turns()] == [turn])
    assert [closed.id for closed in library.recover()] == [turn]
    assert library.claim("other", 60) is None
    library.report(job, 1, 0, "", lease_seconds=0.5)  # what is left of the lease, however slow the programs were
    assert within(5, lambda: (again := library.claim("other", 60)) is not None and again.attempt == 2)
    with pytest.raises(LostLease):
        library.complete(job, 1, new_picture("fox"))


# A server that goes away


def cut(address: str) -> None:
    """Ends every connection to the library but the one that does it."""
    with raw(address) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_connection_cut_within_a_change_saves_nothing_of_it_and_the_next_change_works(
    address: str, database: PostgresDatabase
) -> None:
    def cut_in_the_middle(tx: Connection, name: str) -> None:
        tx.execute(insert(users).values(id=name, name=name, created=now(tx)))
        cut(address)
        tx.execute(insert(users).values(id=name + "2", name=name + "2", created=now(tx)))

    with pytest.raises(Unreachable, match=r"The connection to postgresql://.* broke; nothing of that was saved"):
        database.write(cut_in_the_middle, "me")
    assert count(address, "users") == 0
    database.write(lambda tx: tx.execute(insert(users).values(id="me", name="me", created=now(tx))))
    assert count(address, "users") == 1


def test_a_connection_cut_while_a_change_is_saved_leaves_it_open_and_says_so(
    address: str, database: PostgresDatabase
) -> None:
    def cut_at_the_end(tx: Connection) -> None:
        tx.execute(insert(users).values(id="me", name="me", created=now(tx)))
        cut(address)

    with pytest.raises(Unreachable, match="broke while a change was being saved; look whether it is there"):
        database.write(cut_at_the_end)


def test_a_turn_goes_on_after_its_connections_were_cut_and_nobody_takes_it_for_interrupted(
    library: Library, address: str
) -> None:
    session = new_session(library)
    turn = library.begin_turn(session.id, "draw a fox")
    cut(address)
    library.append(turn.id, Message("assistant", "still here"))
    with Library.open(address) as other:
        assert within(3, lambda: other.interrupted_turns() == [])
        assert other.recover() == []
    assert library.finish_turn(turn.id, TurnState.DONE).state == TurnState.DONE


def test_a_server_that_gives_no_answer_is_not_waited_for_for_ever(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.postgres.ANSWER_SECONDS", 0.2)
    with pytest.raises(Unreachable, match=r"connection to .* broke"), database.read() as tx:
        tx.exec_driver_sql("SELECT pg_sleep(20)")
    with database.read() as tx:
        assert tx.exec_driver_sql("SELECT 1").scalar() == 1


def test_a_server_that_is_not_there_is_one_sentence(server: Server) -> None:
    for address, words in {
        "postgresql://easel@127.0.0.1:1/easel": r"no connection to .*127\.0\.0\.1:1/easel \(Connection refused",
        f"postgresql://guest:wr0ng@127.0.0.1:{server.port}/postgres": "refused the password",
        "postgresql:///easel?host=/nowhere&port=7": r"\(/nowhere/\.s\.PGSQL\.7: No such file or directory\)",
        "postgresql://127.0.0.1:1/easel?ssl_mode=require": 'invalid connection option "ssl_mode"',
        f"postgresql://{'x' * 300}/easel": "label too long",
        server.address("nowhere"): "There is no database postgresql://easel@.*/nowhere; make it with: createdb",
        f"postgresql://stranger@127.0.0.1:{server.port}/postgres": "no pg_hba.conf entry",
    }.items():
        with pytest.raises(Unreachable, match=words) as raised:
            Library.open(address)
        assert "\n" not in str(raised.value) and "wr0ng" not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+asyncpg://me:s3cret@host/easel",
        "mysql://me:s3cret@host/easel",
        "postgresql://me:s3cret@host:port/easel",
        "s3cret",
    ],
)
def test_what_is_no_address_is_not_repeated(address: str) -> None:
    with pytest.raises(StorageError, match="postgresql://USER:PASSWORD@HOST/DATABASE") as raised:
        Library.open(address)
    assert "s3cret" not in str(raised.value)


# A database that is not Easel's


def test_another_programs_tables_are_left_as_they_are(server: Server) -> None:
    address = server.new_database()
    with raw(address) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num text)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
    with pytest.raises(NotALibrary, match="tables of another program"):
        Library.open(address)
    assert count(address, "pg_tables WHERE schemaname = 'public'") == 1


def test_a_database_that_cannot_hold_every_word_is_refused(server: Server) -> None:
    server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(StorageError, match=r"LATIN1.*createdb --encoding=UTF8"):
        Library.open(server.address("latin"))


def test_a_user_who_may_not_make_tables_is_told_so(server: Server) -> None:
    address = f"postgresql://guest:{ESCAPED}@127.0.0.1:{server.port}/postgres"
    with pytest.raises(NotWritable, match="permission denied for schema public"):
        Library.open(address)


def test_a_newer_library_is_refused(server: Server) -> None:
    address = server.new_database()
    Library.open(address).close()
    with raw(address) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerSchema, match=f"tables 9999, this program knows {migrate.HEAD}"):
        Library.open(address)


# What is held, and what cannot be kept


def test_who_is_kept_waiting_for_too_long_is_told_and_can_still_read(address: str) -> None:
    with Library.open(address, busy_timeout=0.2) as library, raw(address) as other:
        session = new_session(library)
        other.script(f"BEGIN; SELECT pg_advisory_xact_lock({SPACE}, 1)")
        with pytest.raises(Busy, match="Other programs hold the database for too long"):
            library.begin_turn(session.id, "hello")
        assert library.turns(session.id) == []
        other.execute("ROLLBACK")
        assert library.begin_turn(session.id, "hello").number == 1


def test_who_finds_every_connection_taken_waits_for_one_and_is_told_the_cause(server: Server) -> None:
    name = server.new_database().partition("easel@/")[2].partition("?")[0]
    server.run(f"ALTER DATABASE {name} OWNER TO guest")
    server.run("ALTER ROLE guest CONNECTION LIMIT 0")
    freed = threading.Timer(0.3, server.run, ["ALTER ROLE guest CONNECTION LIMIT -1"])
    address = f"postgresql://guest:{ESCAPED}@127.0.0.1:{server.port}/{name}"
    try:
        with pytest.raises(Busy, match=r"All connections to postgresql://guest@.* are in use.*max_connections"):
            Library.open(address, busy_timeout=0.1)
        freed.start()
        Library.open(address).close()
    finally:
        freed.cancel()
        server.run("ALTER ROLE guest CONNECTION LIMIT -1")


def test_a_session_that_is_written_to_keeps_only_itself_waiting(address: str) -> None:
    with Library.open(address, busy_timeout=0.2) as library, raw(address) as other:
        held, free = new_session(library), new_session(library)
        for session in (held, free):
            library.enqueue(session.id, None, [{}], [], session.id, "key")
        other.script(f"BEGIN; SELECT 1 FROM sessions WHERE id = '{held.id}' FOR NO KEY UPDATE")
        with pytest.raises(Busy):
            library.begin_turn(held.id, "hello")
        assert library.begin_turn(free.id, "hello").number == 1
        job = library.claim("worker", 60)
        assert job is not None and job.session_id == free.id
        assert library.claim("worker", 60) is None
        other.execute("ROLLBACK")
        assert library.claim("worker", 60) is not None


def test_an_id_that_no_server_can_hold_is_not_found(library: Library) -> None:
    user = library.user("me").id
    for odd in ("a\0b", "half \ud83e", "x" * 1000):
        with pytest.raises(NotFound):
            library.picture_by_id(user, odd)
        with pytest.raises(NotFound):
            library.session(user, odd)
        assert library.sessions(user, search=odd) == []
    with pytest.raises(StorageError, match="too long to keep"):
        library.create_session(user, session_id="x" * 65)


def test_numbers_that_json_does_not_have_become_null(library: Library) -> None:
    session = new_session(library)
    changed = library.update_settings(session.user_id, session.id, {"a": [float("nan"), 1.5], "b": "nul \0"})
    assert changed.settings == {"a": [None, 1.5], "b": "nul \0"}


def test_times_follow_the_servers_clock(database: PostgresDatabase) -> None:
    with database.read() as tx:
        here = now(tx)
        tx.info[CLOCK].ahead = timedelta(hours=1)
        assert timedelta(minutes=59) < now(tx) - here < timedelta(minutes=61)


def test_one_flipped_byte_is_found_by_reading_and_by_verify(address: str) -> None:
    with Library.open(address) as library:
        session = new_session(library)
        turn_with_pictures(library, session, "fox", "hen")
        fox = library.picture(session.id, 1)
        with raw(address) as connection:
            connection.execute(f"UPDATE blobs SET data = set_byte(data, 150, 0) WHERE sha256 = '{fox.sha256}'")
        with pytest.raises(Damaged, match=fox.sha256):
            library.pixels(fox.sha256)
        report = library.verify()
        assert [fox.sha256 in fault for fault in report.faults] == [True]
        assert (report.pictures, report.sessions, report.turns) == (2, 1, 1)


def test_a_backup_is_left_to_the_servers_tools(library: Library, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="pg_dump"):
        library.backup(tmp_path / "copy.db")


# The whole product


def test_the_password_is_handed_to_the_worker_and_shown_to_nobody(server: Server, tmp_path: Path) -> None:
    address = f"postgresql://guest:{ESCAPED}@127.0.0.1:{server.port}/postgres"
    settings = Settings(data=tmp_path, database=SecretStr(address))
    assert Settings.model_validate_json(settings.model_dump_json()).library == address
    assert settings.with_library_in(tmp_path / "other").library == tmp_path / "other" / "easel.db"
    [finding] = doctor.database(settings)
    assert finding.state == "note" and f"postgresql://guest@127.0.0.1:{server.port}/postgres" in finding.sentence
    for shown in (repr(settings), str(settings.model_dump()), finding.sentence):
        assert ESCAPED not in shown and PASSWORD not in shown


@pytest.mark.slow
def test_a_worker_process_paints_for_a_studio_over_the_server(server: Server, address: str, tmp_path: Path) -> None:
    by_port = f"postgresql://easel@127.0.0.1:{server.port}/{address.partition('@/')[2].partition('?')[0]}"
    settings = Settings(data=tmp_path, database=SecretStr(by_port))
    recipe = Recipe(operation=Operation.GENERATE, prompt="a red fox", preset="embedded", seed=1, extent=Extent(64, 64))

    async def paint(studio: Studio, session: str) -> list[int]:
        made = studio.make([recipe], session_id=session, turn_id=None, parents=(), caption="fox", key="key")
        return [picture.handle async for _, picture in made]

    with Library.open(settings.library) as library, Supervisor(library, settings, dry_run=True) as supervisor:
        session = new_session(library)
        studio = Studio(library, settings, Presets.load(), FixedWords(), FixedPixels(), supervisor)
        assert asyncio.run(paint(studio, session.id)) == [1]
        # On another machine, with a data folder of its own, a painter must not join a dry run.
        elsewhere = Settings(data=tmp_path / "elsewhere", database=SecretStr(by_port))
        with Supervisor(library, elsewhere, dry_run=True) as second:
            assert within(60, lambda: second.state == "dead")
            with pytest.raises(NoWorker, match="a dry run cannot share one"):
                second.check()
        assert library.verify().faults == ()
    assert not (tmp_path / "easel.db").exists()


def test_a_worker_that_is_started_by_hand_makes_its_machines_data_folder(address: str, tmp_path: Path) -> None:
    folder = tmp_path / "never" / "used"
    env = os.environ | {"EASEL_DATA": str(folder), "EASEL_DATABASE": address, "EASEL_DEVICE": "cpu"}
    command = [sys.executable, "-m", "tools.worker", "--dry-run"]
    with subprocess.Popen(command, env=env, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        said = worker.stdout.readline()
        worker.terminate()
    assert said == "ready\n" and folder.stat().st_mode & 0o777 == 0o700


def test_a_worker_that_finds_no_library_is_started_again_until_there_is_one(server: Server, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database=SecretStr(server.address("later")))
    with Library.open(tmp_path / "here.db") as library, Supervisor(library, settings, dry_run=True) as supervisor:
        assert within(60, lambda: supervisor.state == "away")
        assert "There is no database" in (supervisor.awaited or "")
        supervisor.check()
        server.run("CREATE DATABASE later TEMPLATE template0 ENCODING 'UTF8'")
        assert within(60, lambda: supervisor.state == "ready")
        assert supervisor.awaited is None and supervisor.failure is None and supervisor.restarts == 0


def test_painters_of_many_machines_serve_together_and_a_dry_run_alone(library: Library, address: str) -> None:
    with Library.open(address) as first, Library.open(address) as second:
        assert first.serve(alone=False) and second.serve(alone=False)
        assert not library.serve(alone=True)
    assert library.serve(alone=True)
    with Library.open(address) as late:
        assert not late.serve(alone=False)


def test_a_job_is_left_to_a_machine_that_can_make_it_and_tried_where_there_is_none(
    library: Library, address: str
) -> None:
    def able(recipe: Mapping[str, Any]) -> bool:
        return recipe["preset"] != "mine"

    def claimed(by: Library) -> str:
        job = by.claim("worker", 30, (), able if by is library else None)
        return job.caption if job else ""

    for preset in ("mine", "common", "mine"):
        library.enqueue(new_session(library).id, None, [{"preset": preset}], [], preset, preset)
    assert library.serve(alone=False)
    with Library.open(address) as other:
        assert other.serve(alone=False)
        assert [claimed(library), claimed(library), claimed(other)] == ["common", "", "mine"]
    assert claimed(library) == "mine"


@pytest.mark.parametrize("alone", [False, True])
def test_who_loses_its_place_at_the_queue_to_one_that_does_not_share_it_claims_nothing_until_that_has_ended(
    library: Library, address: str, alone: bool
) -> None:
    session = new_session(library)
    for key in ("first", "second"):
        library.enqueue(session.id, None, [{}], [], "fox", key)
    assert library.serve(alone=alone)
    place = f"locktype = 'advisory' AND (classid, objid) = ({SPACE}, {WORKERS})"
    with raw(address) as other:
        take = f"SELECT pg_advisory_lock{'_shared' if alone else ''}({SPACE}, {WORKERS})"
        taking = threading.Thread(target=other.execute, args=(take,))
        taking.start()
        assert within(5, lambda: count(address, f"pg_locks WHERE {place} AND NOT granted") == 1)
        with raw(address) as third:
            third.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE {place} AND granted")
        taking.join()

        def refusal() -> str:
            try:
                return f"claimed {library.claim('worker', 60)}"
            except Unreachable:  # the first that is asked for may meet the broken connection
                return refusal()
            except StorageError as error:
                return str(error)

        assert "another program began to serve its queue that does not share it" in refusal()
        with pytest.raises(StorageError, match="does not share it"):
            library.claim_alike("worker", 60, lambda recipe: True, 5)
    assert within(5, lambda: count(address, f"pg_locks WHERE {place}") == 0)
    assert library.claim("worker", 60) is not None
    assert len(library.claim_alike("worker", 60, lambda recipe: True, 5)) == 1


def test_who_was_refused_a_place_at_the_queue_takes_none_after_its_connection_was_lost(
    library: Library, address: str
) -> None:
    with Library.open(address) as first:
        assert first.serve(alone=True) and not library.serve(alone=False)
    cut(address)
    assert within(5, lambda: count(address, "pg_locks WHERE locktype = 'advisory' AND objsubid = 1") == 1)
    assert count(address, f"pg_locks WHERE (classid, objid) = ({SPACE}, {WORKERS})") == 0


# From one database into the other


def full(library: Library) -> dict[str, Any]:
    """A library with something in every corner; gives its session as it is exported."""
    session = new_session(library, title="foxes 它 🦊")
    turn = turn_with_pictures(library, session, "fox", "night fox")
    library.branch(session.user_id, turn.id)
    library.enqueue(session.id, None, [{"seed": 2**40, "strength": 0.1}], [1], "dog", "key")
    job = library.claim("worker", 60)
    assert job is not None
    library.report(job.id, job.attempt, 0.5, "half", b"preview")
    library.begin_turn(session.id, "never finished")
    return json.loads(json.dumps(library.export_session(session.user_id, session.id).document))


def test_a_library_moves_into_the_server_and_back_unchanged(library: Library, address: str, tmp_path: Path) -> None:
    first, second = new_file(tmp_path / "first.db"), new_file(tmp_path / "second.db")
    with Library.open(first) as old:
        exported = full(old)
    library.user("me")  # as whoever looks in becomes one
    counts = library.fill_from(first)
    with Library.open(second) as back:
        back.user("me")
        assert back.fill_from(address) == counts
        assert back.verify().faults == ()
        for each in (library, back):
            user = each.user("me").id
            [job] = [each.claim("again", 60)] if each.claim("too early", 60) else [None]
            assert job is None
            document = each.export_session(user, exported["session"]["id"]).document
            assert json.loads(json.dumps(document)) == exported
        assert [turn.state for turn in back.recover()] == [TurnState.FAILED]
    assert counts["pictures"] == 2 and counts["sessions"] == 2 and counts["previews"] == 1


def test_only_an_empty_library_is_filled(library: Library, tmp_path: Path) -> None:
    with Library.open(new_file(tmp_path / "old.db")) as old:
        full(old)
    new_session(library)
    with pytest.raises(NotEmpty, match="not empty"):
        library.fill_from(tmp_path / "old.db")
    with pytest.raises(NotFound, match="no library"):
        library.fill_from(tmp_path / "nowhere.db")
    assert not (tmp_path / "nowhere.db").exists()


def test_a_damaged_picture_is_not_carried_over(library: Library, address: str, tmp_path: Path) -> None:
    path = new_file(tmp_path / "old.db")
    with Library.open(path) as old:
        full(old)
    with raw(path) as connection:
        connection.execute("UPDATE blobs SET data = CAST(x'00' || substr(data, 2) AS BLOB)")
    with pytest.raises(Damaged):
        library.fill_from(path)
    assert all(count(address, table) == 0 for table in ("users", "sessions", "blobs"))
