"""The only door to disk: sessions, turns, messages, pictures, verdicts, jobs and feedback in one database.

That is an SQLite file, or a PostgreSQL database where many machines share one library; nothing here or above tells
them apart. Each method is one transaction: what a person can see changes whole or not at all, and a method that
returns has its change on the disk. A `Library` may be used from any thread, and several processes may open the same
one at once (the web app, the worker, the command line). Methods block for milliseconds; asynchronous callers use
`asyncio.to_thread`.

Sessions, pictures by id, and lists take the user's id, and give `NotFound` for another user's. Methods that take a
session's, turn's or job's id alone expect a caller who has been let through by one of those.

    with Library.open(settings.library) as library:
        user = library.user("me")
        session = library.create_session(user.id)
        turn = library.begin_turn(session.id, "draw a red fox in the snow")
        ...
        library.finish_turn(turn.id, TurnState.DONE)

Every failure that can be met is in `storage.errors`; after one, nothing has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from storage import audit, chats, export, migrate, queue, shelf, transfer
from storage.bell import Listener
from storage.database import Database, Place, open_database, opened_to_read
from storage.errors import LostLease, NotWritable
from storage.export import SessionExport
from storage.records import (
    Activity,
    Feedback,
    Job,
    Message,
    NewPicture,
    Picture,
    Session,
    Turn,
    TurnState,
    User,
    Verdict,
    VerifyReport,
)
from storage.rows import new_id


class Library:
    """Made by `Library.open`; close it, or use it as a context manager."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._presence = database.appear(new_id())

    @classmethod
    def open(cls, place: Place, busy_timeout: float = 10.0) -> Library:
        """Open a library; create it, or bring its tables up to date, if need be.

        Before the tables of a file change, it is copied to `<name>.before-<migration>.backup` beside it, where the copy
        stays until a session is deleted. A kill in between leaves the old tables or the new ones.

        Args:
            place: The SQLite file, for which missing folders are made, or the address of a PostgreSQL database, which
                must exist.
            busy_timeout: Seconds that a write waits for other programs before it raises `Busy`.

        Raises:
            NewerSchema: A newer program wrote it; it is left as it is.
            NotALibrary: The file or database is something else.
            NotWritable, DiskFull, Busy, Damaged, Unreachable: As their names say.
        """
        database = open_database(place, busy_timeout)
        try:
            migrate.bring_up_to_date(database)
            database.keep_to(migrate.refuse_newer)
            return cls(database)
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Close the database. Turns begun through this library and not finished count as interrupted."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The file or address, without a password: what to call this library."""
        return self._database.name

    def listen(self) -> Listener:
        """Hears of every change from now on, whichever process makes it; close it afterwards.

        Those of a file are heard from this machine, those of a server from every one. A hint, no promise: look at what
        you wait for now and then in any case.
        """
        return self._database.listen()

    # Users and sessions

    def user(self, name: str) -> User:
        """The user of that name, made when there is none."""
        with self._database.read() as tx:
            known = chats.user_named(tx, name)
        if known is not None:
            return known
        return self._database.write(chats.create_user, name)

    def create_session(self, user_id: str, title: str = "", session_id: str | None = None) -> Session:
        """Make a session. With a `session_id` that the user already has, give that one unchanged.

        Args:
            user_id: Its owner.
            title: May be empty until the person has said something.
            session_id: At most 64 characters; made when None.
        """
        return self._database.write(chats.create_session, user_id, title, session_id)

    def session(self, user_id: str, session_id: str) -> Session:
        with self._database.read() as tx:
            return chats.session(tx, user_id, session_id)

    def sessions(
        self, user_id: str, search: str = "", limit: int = 50, before: datetime | None = None
    ) -> list[Session]:
        """The user's sessions, the last changed first.

        Args:
            user_id: Whose.
            search: Only those whose title or messages contain this.
            limit: At most so many.
            before: Only those last changed before this, for the next page.
        """
        with self._database.read() as tx:
            return chats.sessions_of(tx, user_id, search, limit, before)

    def activity(self, session_ids: Collection[str]) -> dict[str, Activity]:
        """What goes on in each of the sessions; those that are not there are left out."""
        with self._database.read() as tx:
            return chats.activity(tx, session_ids)

    def rename_session(self, user_id: str, session_id: str, title: str) -> Session:
        return self._database.write(chats.rename_session, user_id, session_id, title)

    def update_settings(self, user_id: str, session_id: str, settings: Mapping[str, Any]) -> Session:
        """Set the given keys and keep the others; a key set to None is removed."""
        return self._database.write(chats.update_settings, user_id, session_id, settings)

    def delete_session(self, user_id: str, session_id: str) -> None:
        """Delete a session and everything that no branch of it still shows, pixels included. Its jobs are dropped.

        It is for good: a file's copies of older tables (see `open`) go with it, as they would keep what was deleted.
        """
        self._database.erase(chats.delete_session, user_id, session_id)

    def drop_empty_session(self, user_id: str, session_id: str) -> bool:
        """Take a session away in which nothing was said and nothing lies; gives whether it was such a one.

        Nothing of it is kept anywhere: it needs no deletion for good.
        """
        return self._database.write(chats.drop_empty_session, user_id, session_id)

    def branch(self, user_id: str, turn_id: str, title: str = "") -> Session:
        """A new session that begins with everything up to and including a turn of another; copies no pixels.

        Messages, pictures and handles are the same rows; the next picture takes the number after the last inherited
        one. Either session may be deleted without harm to the other. An upload between two turns goes with the later.

        Raises:
            TurnRunning: The turn has not ended yet.
        """
        return self._database.write(chats.branch, user_id, turn_id, title)

    # Turns and messages

    def begin_turn(self, session_id: str, text: str, turn_id: str | None = None) -> Turn:
        """Begin a turn with the person's message, which is on the disk when this returns.

        The turn belongs to this `Library`: if the process dies, `recover` of another one closes it. A session without
        a title is called by the message, and by the next one as long as there is no picture: not "hi" for ever.

        Args:
            session_id: Which session.
            text: What the person wrote; may be empty beside pictures.
            turn_id: At most 64 characters; made when None. What may be sent twice begins one turn by it.

        Raises:
            TurnEnded: There is a turn of that id already.
            TurnRunning: A turn of this session still runs. (One whose program is gone is closed first.)
        """
        presence = self._presence
        return self._database.write(chats.begin_turn, session_id, text, presence.name, presence.alive, turn_id)

    def append(self, turn_id: str, *messages: Message) -> list[Message]:
        """Add messages to a running turn, all or none. Gives them with id, turn, position and time filled in.

        Raises:
            TurnEnded: The turn is done, stopped or failed.
            UnknownHandle: A message shows a picture that the session does not have.
        """
        return self._database.write(chats.append, turn_id, messages)

    def append_late(self, session_id: str, turn_id: str, messages: Sequence[Message]) -> list[Message]:
        """Add what a turn had shown by when another program ended it, as `append` does.

        Raises:
            NotFound: The session was deleted.
        """
        return self._database.write(chats.append_late, session_id, turn_id, messages)

    def running(self, turn_id: str) -> bool:
        """Whether the turn is there and has not ended."""
        with self._database.read() as tx:
            return chats.is_running(tx, turn_id)

    def finish_turn(
        self, turn_id: str, state: TurnState, error: str | None = None, messages: Sequence[Message] = ()
    ) -> Turn:
        """End a turn, with its last messages, once. Its jobs that have not ended are stopped.

        Raises:
            TurnEnded: It had ended already; nothing was added.
        """
        return self._database.write(chats.finish_turn, turn_id, state, error, messages)

    def turns(self, session_id: str) -> list[Turn]:
        """All turns by number; in a branch the inherited ones come first."""
        with self._database.read() as tx:
            return chats.turns_of(tx, session_id)

    def messages(self, session_id: str) -> list[Message]:
        """All messages of all turns, in order; in a branch the inherited ones come first."""
        with self._database.read() as tx:
            return chats.messages_of(tx, session_id)

    def interrupted_turns(self) -> list[Turn]:
        """Running turns whose program has died. A turn of another program that still runs is not among them."""
        with self._database.read() as tx:
            return chats.interrupted(tx, self._presence.alive)

    def recover(self) -> list[Turn]:
        """Close the interrupted turns as failed, with a reason, and stop their jobs. Gives what it closed.

        Safe to call at any time by any program: it never touches a turn whose program still runs.
        """
        if not self.interrupted_turns():
            return []
        return self._database.write_alone(chats.close_interrupted, self._presence.alive)

    # Pictures and verdicts

    def add_picture(self, session_id: str, turn_id: str | None, new: NewPicture) -> Picture:
        """Store a picture with bytes, thumbnail, parents and verdicts. Bytes that are there already are shared.

        Raises:
            UnknownHandle: A parent is not in the session.
            TurnEnded: The turn is done, stopped or failed.
        """
        return self._database.write(shelf.add, session_id, turn_id, new)

    def pictures(self, session_id: str) -> list[Picture]:
        """The shelf, by handle. Reads no pixels."""
        with self._database.read() as tx:
            return shelf.of_session(tx, session_id)

    def count_shared(self, session_id: str) -> int:
        """How many of the session's pictures other sessions show too: they stay when it is deleted."""
        with self._database.read() as tx:
            return shelf.count_shared(tx, session_id)

    def picture(self, session_id: str, handle: int) -> Picture:
        """One picture.

        Raises:
            UnknownHandle: There is none of that number; the sentence names those that there are.
        """
        with self._database.read() as tx:
            return shelf.one(tx, session_id, handle)

    def ancestors(self, session_id: str, handle: int) -> list[Picture]:
        """A picture and all that it was made from, each once, by handle: the picture itself is the last.

        Raises:
            UnknownHandle: As `picture`.
        """
        with self._database.read() as tx:
            return shelf.ancestors(tx, session_id, handle)

    def picture_by_id(self, user_id: str, picture_id: str) -> Picture:
        """The picture, if any session of this user shows it; otherwise `NotFound`."""
        with self._database.read() as tx:
            return shelf.by_id(tx, user_id, picture_id)

    def pixels(self, sha256: str) -> bytes:
        """The encoded picture as it was stored.

        Raises:
            Damaged: The bytes on the disk no longer have this SHA-256.
        """
        with self._database.read() as tx:
            return shelf.pixels(tx, sha256)

    def thumbnail(self, sha256: str) -> bytes:
        """The small WebP of the picture with this SHA-256; `Damaged` as `pixels`."""
        with self._database.read() as tx:
            return shelf.thumbnail(tx, sha256)

    def newest_pictures(self, user_id: str, limit: int = 1000, words: Sequence[str] = ()) -> list[Picture]:
        """Pictures of all the user's sessions, the newest first. A picture in several branches is given once.

        Args:
            user_id: Whose.
            limit: At most so many.
            words: Only those whose caption, or what was seen in them, has each of these.
        """
        with self._database.read() as tx:
            return shelf.newest(tx, user_id, limit, words)

    def add_verdict(self, session_id: str, turn_id: str | None, verdict: Verdict, subject: str) -> None:
        """Store a decision that belongs to no picture, such as a refusal of words. `subject` is what was judged."""
        self._database.write(shelf.add_verdict_alone, session_id, turn_id, verdict, subject)

    def verdicts(self, session_id: str) -> list[Verdict]:
        """Every decision of the session in order of time, those of its pictures included."""
        with self._database.read() as tx:
            return shelf.verdicts_of(tx, session_id)

    # The queue

    def enqueue(
        self,
        session_id: str,
        turn_id: str | None,
        recipes: Sequence[Mapping[str, Any]],
        parents: Sequence[int],
        caption: str,
        key: str,
        judged: Sequence[tuple[Verdict, str]] = (),
    ) -> list[Job]:
        """Queue the recipes of one request, all or none. The same key in the same session gives the same jobs, whatever
        has become of them.

        Args:
            session_id, turn_id: Where they belong.
            recipes: What to make, a job each, served in this order.
            parents, caption: Of every one of them.
            key: Names the request.
            judged: Decisions that let it pass, and what was judged; they are stored with it.

        Raises:
            UnknownHandle: A parent is not in the session.
            TurnEnded: The turn is done, stopped or failed.
        """
        return self._database.write(queue.enqueue, session_id, turn_id, recipes, parents, caption, key, judged)

    def job(self, job_id: str) -> Job:
        with self._database.read() as tx:
            return queue.one(tx, job_id)

    def places(self) -> Mapping[str, int]:
        """How many jobs come before each queued one, the running ones included, if nothing else is queued meanwhile.

        Models of running jobs count as loaded, others do not; where the worker keeps others too, it is off by at most
        `storage.queue.PASSES`. Jobs that are painted in one pass leave the line together. One that is to be stopped has
        no place.
        """
        with self._database.read() as tx:
            return queue.places(tx)

    def serve(self, *, alone: bool) -> bool:
        """Say that this program will claim jobs, until it closes; `claim` holds it to that.

        Args:
            alone: Nobody else may: what it makes is not what others would.

        Returns:
            False when it must not, because others do, or one does alone.
        """
        return self._presence.serve(alone=alone)

    def claim(
        self, owner: str, lease_seconds: float, warm: Collection[str] = (), able: queue.Able | None = None
    ) -> Job | None:
        """Take the next job, or None when nothing waits.

        Sessions are served in turn: the one served longest ago first, its oldest job. A job whose lease ran out is
        given once more with a higher `attempt`; the second time it fails with a reason. Jobs of ended turns are
        stopped instead. Polling an empty queue does not disturb writers.

        Args:
            owner: The worker.
            lease_seconds: How long the worker may be silent.
            warm: Names of the presets that it has loaded. A session whose next job wants one of these is preferred,
                until that would pass somebody over for more than `storage.queue.PASSES` times.
            able: Whether the worker can make what a recipe says. Where other programs serve the queue too, what it
                cannot make is left for them; a session whose next job that is waits for one of them.

        Raises:
            StorageError: What `serve` allowed is lost to another program; the sentence says so. Once that has ended,
                claims go on.
        """
        with self._database.read() as tx:
            if not queue.something_waits(tx):
                return None
        self._presence.keep_serving()
        if able is None or not self._presence.has_company():
            return self._database.write_in_turn(queue.claim, owner, lease_seconds, warm)
        with self._database.read() as tx:
            if not queue.something_fits(tx, able):
                return None
        return self._database.write_in_turn(queue.claim, owner, lease_seconds, warm, able)

    def claim_alike(
        self, owner: str, lease_seconds: float, like: Callable[[Mapping[str, Any]], bool], most: int
    ) -> list[Job]:
        """Take further jobs that are made in one pass with one that was claimed; none where none fits.

        They come from all sessions, in the order in which they would be served. A job that was tried before is left
        for `claim`: if it is what ended its worker, it must not do that to others.

        Args:
            owner, lease_seconds: As for `claim`.
            like: Whether the job of a recipe goes along; it may be asked twice.
            most: At most so many.

        Raises:
            StorageError: As by `claim`.
        """
        with self._database.read() as tx:
            if not queue.alike(tx, like, most):
                return []
        self._presence.keep_serving()
        return self._database.write_in_turn(queue.claim_alike, owner, lease_seconds, like, most)

    def wanted_presets(self) -> list[str]:
        """Names of the presets that waiting jobs want, the one that is wanted first in front."""
        with self._database.read() as tx:
            return queue.wanted(tx)

    def report(
        self,
        job_id: str,
        attempt: int,
        progress: float,
        text: str,
        preview: bytes | None = None,
        lease_seconds: float = 30,
    ) -> bool:
        """Say how far a job is, and renew its lease from now.

        Args:
            job_id: Which job.
            attempt: The claim's token.
            progress: 0 to 1.
            text: In plain words.
            preview: A small JPEG or PNG, judged already; None leaves the last one.
            lease_seconds: How long the worker may now be silent.

        Returns:
            True when the worker should stop: the person asked for it, or the turn has ended.

        Raises:
            LostLease: Another attempt has the job, or it has ended.
        """
        return self._database.write(queue.report, job_id, attempt, progress, text, preview, lease_seconds)

    def preview(self, job_id: str) -> bytes | None:
        """The last preview of a running job, or None."""
        with self._database.read() as tx:
            return queue.preview(tx, job_id)

    def complete(self, job_id: str, attempt: int, new: NewPicture) -> int:
        """End a job with its picture, in one transaction. The parents are the job's, whatever `new` says.

        Returns:
            The picture's handle in the job's session.

        Raises:
            LostLease: Another attempt has the job, or it was stopped, or its turn has ended; the picture is not
                saved. After `request_stop` or `finish_turn` no picture of the job appears.
        """
        handle = self._database.write(queue.complete, job_id, attempt, new)
        if handle is None:
            raise LostLease(f"Job {job_id} was stopped before its picture was saved.")
        return handle

    def answer(self, job_id: str, attempt: int, text: str) -> None:
        """End a job that looks at a picture with what was seen, as its `progress_text`. `LostLease` as above."""
        self._database.write(queue.answer, job_id, attempt, text)

    def block(self, job_id: str, attempt: int, verdict: Verdict) -> None:
        """End a job whose picture may not be shown: the verdict is kept, the pixels are not. `LostLease` as above."""
        self._database.write(queue.block, job_id, attempt, verdict)

    def fail(self, job_id: str, attempt: int, error: str, fixable: bool = False) -> None:
        """End a job with the reason why there is no picture. `LostLease` as above."""
        self._database.write(queue.fail, job_id, attempt, error, fixable)

    def stopped(self, job_id: str, attempt: int) -> None:
        """End a job that stopped because it was asked to. `LostLease` as above."""
        self._database.write(queue.stopped, job_id, attempt)

    def request_stop(self, job_id: str) -> None:
        """Stop a queued job at once, and tell the worker of a running one (by `report`). An ended one stays so.

        A running one whose lease has run out has no worker to tell: it is stopped at once too.
        """
        self._database.write(queue.request_stop, job_id)

    def release(self, owner: str) -> None:
        """Take back the jobs of a worker that died: each may be claimed again at once, or has had its two attempts.

        An owner `name/part` belongs to `name`: with `name` the jobs of all its parts are taken back.
        """
        self._database.write_in_turn(queue.release, owner)

    # Feedback

    def upsert_feedback(self, feedback: Feedback) -> Feedback:
        """Store a thumb, or change the one that is on the same target in the session. The id is filled in."""
        return self._database.write(chats.upsert_feedback, feedback)

    def delete_feedback(self, session_id: str, target_id: str) -> None:
        self._database.write(chats.delete_feedback, session_id, target_id)

    def feedback(self, session_id: str) -> list[Feedback]:
        with self._database.read() as tx:
            return chats.feedback_of(tx, session_id)

    # The whole

    def verify(self) -> VerifyReport:
        """Read everything, bytes included, and tell every fault. Takes as long as reading it all; changes nothing."""
        with self._database.read() as tx:
            return audit.verify(tx, self._database)

    def backup(self, path: Path) -> None:
        """Write a complete, consistent copy while others go on working. (Copying the file itself is no backup.)

        Raises:
            NotWritable: There is a file of that name already, or the place may not be written.
            StorageError: The library is on a server, which has its own tools for that; the sentence names them.
        """
        if path.exists():
            raise NotWritable(f"{path} exists already; give the backup another name.")
        self._database.copy_to(path)

    def fill_from(self, place: Place) -> Mapping[str, int]:
        """Copy everything of another library into this one, which must be empty: all of it, or nothing.

        Both are compared before the copy is kept. What others add to the other library meanwhile is not copied. It
        stays as it is, also where its tables are older ones, and may be on a medium that cannot be written.

        Returns:
            How many rows each table has.

        Raises:
            NotFound: There is no such file.
            NotALibrary, NewerSchema: What is there cannot be read.
            NotEmpty: There is something in this library already.
            Damaged: The copy is not like the original, or the original is damaged; nothing was copied.
        """
        with opened_to_read(place, busy_timeout=10.0) as other, migrate.as_of_today(other) as original:
            return self._database.write_alone(transfer.copy, original)

    def export_session(self, user_id: str, session_id: str) -> SessionExport:
        """A session as values for `session.json`, and the files that belong beside it (see `storage.export`)."""
        with self._database.read() as tx:
            return export.export_session(tx, user_id, session_id)
