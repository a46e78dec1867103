"""What can go wrong with what is kept, in sentences a person can act on.

    StorageError               final
    ├── NotFound               final: no such session, turn, picture or job for this user
    │   └── UnknownHandle      fixable: the session has no picture of that number (the sentence lists the known ones)
    ├── TurnRunning            final: the session is busy with a turn, or the turn has not ended yet
    ├── TurnEnded              final: the turn has ended; nothing more is added to it
    ├── LostLease              final: another worker has taken the job over, or it was stopped; the result is not saved
    ├── Damaged                final: stored bytes no longer have their SHA-256, or the database is damaged
    ├── NoAddress              final: what should be a database's address is none
    ├── NotALibrary            final: the file or database is not one that Easel wrote
    ├── NewerSchema            final: the library was written by a newer program
    ├── Busy                   final: another program holds the database
    ├── NotEmpty               final: only an empty library can be filled from another
    ├── DiskFull               final: nothing could be written; nothing was changed
    ├── NotWritable            final: the data folder, file or database may not be written
    └── Unreachable            final: the database's server does not answer, or does not let Easel in

Anything else is a bug and propagates.
"""

from __future__ import annotations


class StorageError(Exception):
    """Base of every expected failure in `storage`; `str(error)` is one sentence for people."""

    fixable = False


class NotFound(StorageError):
    """No such row, or it belongs to someone else (the two are not told apart)."""


class UnknownHandle(NotFound):
    """The session has no picture of that number."""

    fixable = True


class TurnRunning(StorageError):
    """The session is busy with a turn: it can take no other one, and that turn cannot be branched from yet."""


class TurnEnded(StorageError):
    """The turn has ended; nothing more is added to it."""


class LostLease(StorageError):
    """The job's attempt is no longer the current one, or its turn ended or was stopped meanwhile."""


class Damaged(StorageError):
    """Stored bytes no longer have their SHA-256, or the database is damaged."""


class NoAddress(StorageError):
    """What should be the address of a database is not understood. It is not repeated: it may hold a password."""


class NotALibrary(StorageError):
    """The file or database is not one that Easel wrote."""


class NewerSchema(StorageError):
    """The library was written by a newer program."""


class Busy(StorageError):
    """Another program holds the database longer than the busy timeout."""


class NotEmpty(StorageError):
    """Only an empty library can be filled from another."""


class DiskFull(StorageError):
    """The disk is full; nothing was changed."""


class NotWritable(StorageError):
    """The data folder, the database file or the server's database may not be written."""


class Unreachable(StorageError):
    """There is no connection to the database's server, or it broke; the sentence says which and what to do."""
