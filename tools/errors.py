"""Every failure that a person or the language model can meet, drawn once.

Three roots, one for each layer, because `storage` and `models` know nothing of each other; all carry `fixable`:
a *fixable* error goes back to the language model, which may try once more; a *final* one goes to the person.

    ToolError                      (here)
    ├── BadArgument                fixable: an argument is out of range or makes no sense for this picture
    ├── BadUpload                  final: the uploaded bytes are no picture that is accepted
    ├── Refusal                    final: the safety filter said no; carries the verdict
    ├── JobFailed                  fixable as the job says: the worker could not make the picture
    ├── JobStopped                 final: the person pressed Stop
    ├── NoWorker                   final: the worker process does not start
    └── LanguageModelFailed        final: the language model is missing, unreachable or failed
    ModelError                     (models/errors.py)
    StorageError                   (storage/errors.py)

`EXPECTED` is the tuple to catch at the edges. Anything else is a bug and propagates.
"""

from __future__ import annotations

from models.errors import ModelError
from storage.errors import StorageError
from storage.records import Verdict


class ToolError(Exception):
    """Base of every expected failure in `tools`; `str(error)` is one sentence for people.

    Attributes:
        made: Handles of the pictures that were made all the same.
    """

    fixable = False
    made: tuple[int, ...] = ()


class BadArgument(ToolError):
    """An argument is out of range; the sentence says which, its value and what would do."""

    fixable = True


class BadUpload(ToolError):
    """The bytes are no picture that Easel accepts; nothing was stored."""


class Refusal(ToolError):
    """The safety filter said no. `verdict` holds category, reason and a rewording that would pass."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class JobFailed(ToolError):
    """The worker could not make the picture."""

    def __init__(self, reason: str, fixable: bool = False) -> None:
        super().__init__(reason)
        self.fixable = fixable


class JobStopped(ToolError):
    """The person pressed Stop before the picture was made."""


class NoWorker(ToolError):
    """The worker process does not start or does not stay up."""


class LanguageModelFailed(ToolError):
    """The language model is missing, unreachable, slow or failed; the sentence says which and what to do."""


EXPECTED = (ToolError, ModelError, StorageError)
