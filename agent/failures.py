"""What a language model's provider can do wrong, in plain words, and whether asking again may help.

Providers share no exception classes, so the HTTP status and the class's name decide. `Failure` is one sentence in two
halves (what happened; what to do), because the first half alone introduces a model that stands in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tools.errors import LanguageModelFailed

RETRY_SECONDS = 1.0
MOST_RETRY_SECONDS = 20.0
"""The longest `Retry-After` that is waited for; a person is sitting there."""

_NO_COMPLETION = (json.JSONDecodeError, AttributeError, LookupError, TypeError)
"""What providers' packages raise where a server answers with a web page, or JSON of another shape."""

KEYS = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
    "groq": "GROQ_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "xai": "XAI_API_KEY",
    "http": "EASEL_LLM_KEY",
    "https": "EASEL_LLM_KEY",
}
"""The variable that holds the key, by what stands before a model's first colon."""


class AnswerCut(Exception):
    """The provider's stream ended before its answer did."""


class EmptyAnswer(Exception):
    """The provider answered a person's sentence with neither words nor a call."""


class CutShort(LanguageModelFailed):
    """The provider failed when a part of its answer had been shown already; `said` is that part."""

    def __init__(self, sentence: str, said: str) -> None:
        super().__init__(sentence)
        self.said = said


@dataclass(frozen=True)
class Failure:
    """A failure: `what` happened, naming the model, and what to `do` if that is not said yet; `str` is the sentence."""

    what: str
    do: str = ""

    def __str__(self) -> str:
        return f"{self.what}; {self.do}." if self.do else f"{self.what}."


def explain(error: Exception, model: str, timeout: float | None = None) -> Failure:
    """What failed and what to do.

    Args:
        error: What the provider's package raised.
        model: The model as the settings name it.
        timeout: The seconds that it was given, if there was a limit.
    """
    who, status, name = f"The language model {model}", status_of(error), type(error).__name__.lower()
    whole = str(error).strip()
    text = whole.split("\n")[0][:200]
    if status in (401, 403) or "api_key" in whole or "api key" in whole.lower() or "credential" in name:
        key = KEYS.get(model.partition(":")[0], "it")
        return Failure(f"{who} wants an API key that is missing or wrong", f"set {key}, or EASEL_LLM=embedded")
    if status == 404:
        return Failure(f"{who} is not known at that address (404)", "check the name in EASEL_LLM")
    if status == 429:
        return Failure(f"{who} takes no more requests for now (429)", "wait a little and say it again")
    if isinstance(error, TimeoutError) or "timeout" in name:
        within = "in time" if timeout is None else f"within {timeout:g} seconds"
        return Failure(f"{who} did not answer {within}", "say it again, or set EASEL_LLM=embedded")
    if isinstance(error, AnswerCut) or cut(error):
        return Failure(f"{who} broke off in the middle of its answer", "say it again")
    if isinstance(error, EmptyAnswer):
        return Failure(f"{who} gave an empty answer", "say it in other words, or choose another")
    if isinstance(error, _NO_COMPLETION) or "generation chunks" in text:
        return Failure(f"{who} answered with something that is no chat completion", "check the address")
    if "connect" in name or "connection" in text.lower():
        return Failure(f"{who} cannot be reached", "check the connection, or set EASEL_LLM=embedded")
    return Failure(f"{who} failed ({text or type(error).__name__})", "say it again, or choose another")


def passing(error: Exception) -> bool:
    """Whether the same request may well succeed in a moment: too many requests, a fault of the server, a lost line.

    A timeout is none: the person has waited long enough.
    """
    status, name = status_of(error), type(error).__name__.lower()
    if status is not None:
        return status in (408, 409, 429) or status >= 500
    if isinstance(error, TimeoutError) or "timeout" in name:
        return False
    return isinstance(error, AnswerCut | EmptyAnswer | ConnectionError) or "connect" in name or cut(error)


def cut(error: BaseException) -> bool:
    """Whether a stream broke off, as HTTP packages name it, or what a provider's package raised because of it."""
    name = type(error).__name__.lower()
    if any(part in name for part in ("protocolerror", "readerror", "incompleteread", "chunkedencoding")):
        return True
    return error.__cause__ is not None and cut(error.__cause__)


def status_of(error: Exception) -> int | None:
    """The HTTP status that a provider's exception carries; None for none."""
    for name in ("status_code", "code"):
        status: Any = getattr(error, name, None)
        if isinstance(status, int):
            return status
    return None


def pause(error: Exception) -> float:
    """Seconds to wait before the second try: what the provider asks for with `Retry-After`, within bounds."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        asked = float(headers.get("retry-after", RETRY_SECONDS))
    except ValueError:  # a date: no provider of language models is known to send one
        asked = RETRY_SECONDS
    return min(max(asked, 0.0), MOST_RETRY_SECONDS)
