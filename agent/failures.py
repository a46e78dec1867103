"""What a language model's provider can do wrong, in plain words, and whether asking again may help.

Providers share no exception classes, so the HTTP status, the class's name and a few of their words decide. `Failure` is
one sentence in parts (what happened; what the provider said; what to do), because they are not for the same people: the
first alone may be told to everybody, what the provider said only to the person whose words it may quote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.errors import LanguageModelFailed

RETRY_SECONDS = 1.0
MOST_RETRY_SECONDS = 20.0
"""The longest `Retry-After` that is waited for; a person is sitting there."""

_NO_COMPLETION = (json.JSONDecodeError, AttributeError, LookupError, TypeError)
"""What providers' packages raise where a server answers with a web page, or JSON of another shape."""

_NOTHING = "generation chunks"
"""What LangChain says of a stream without an answer: a web page, or Ollama that has only loaded the model."""

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


_REFUSED = re.compile(
    r"content_filter|(?:usage|content|safety|management) polic|invalid_prompt|moderation|\bflagged\b", re.IGNORECASE
)
_TOO_LONG = re.compile(
    r"context[_ ](?:length|limit|size|window)|(?:input|prompt) is too long|input length should be|reduce the length|"
    r"too many (?:input )?tokens|token limit|maximum (?:number of tokens|(?:model|prompt) length)|max_new_tokens",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(r"insufficient[_ ](?:quota|credit|balance)|credit balance", re.IGNORECASE)
_NO_KEY = re.compile(
    r"(?:incorrect|invalid|missing|expired|no) api.?key|api.?key (?:is |was )?(?:not|invalid|missing|required|expired)",
    re.IGNORECASE,
)
_NO_TOOLS = re.compile(r"support\w* (?:\w+ )?(?:tool|function)", re.IGNORECASE)
_TOOLS_OFF = re.compile(r"tool choice requires|requires --jinja", re.IGNORECASE)
_NO_PICTURES = re.compile(
    r"image_url|image input|\d+ image\(s\)|support\w* (?:\w+ )?(?:image|vision)|multimodal", re.IGNORECASE
)
_STREAMED: Mapping[object, int] = {
    "overloaded_error": 529,
    "api_error": 500,
    "server_error": 500,
    "rate_limit_error": 429,
}
"""The status that an error within a stream would have had, by its type: the stream's own is 200."""
MOST_QUOTED = 300
"""Characters of a provider's own sentence that a person is told."""


class AnswerCut(Exception):
    """The provider's stream ended before its answer did."""


class AnswerTooLong(Exception):
    """The provider ended the answer at the most words that it may have."""


class AnswerTooSlow(Exception):
    """The answer went on and on, and was ended here."""


class AnswerFiltered(Exception):
    """The provider's content filter ended the answer."""


class AnswerRefused(Exception):
    """The model refused, in words of its own that are no answer."""


class CallsAsWords(Exception):
    """The provider passed a tool call on as words."""


class EmptyAnswer(Exception):
    """The provider answered a person's sentence with neither words nor a call."""


class CutShort(LanguageModelFailed):
    """The provider failed when a part of its answer had been shown already."""


@dataclass(frozen=True)
class Failure:
    """A failure; `str` is the sentence for the person whom it met.

    Attributes:
        what: What happened, naming the model; never in the provider's words.
        do: What to do, if that is not said yet.
        quoted: The provider's own sentence, which may quote what the person wrote.
        everyone: Others who ask now will meet it as well; else it is about this request.
        refused: The provider will not have this request served; nor should another model.
    """

    what: str
    do: str = ""
    quoted: str = ""
    everyone: bool = False
    refused: bool = False

    @property
    def told(self) -> str:
        """What happened, for the person whom it met."""
        return f"{self.what}: “{self.quoted}”" if self.quoted else self.what

    def __str__(self) -> str:
        return f"{self.told}; {self.do}." if self.do else f"{self.told}."


def explain(
    error: Exception, model: str, timeout: float | None = None, *, begun: bool = False, again: str = "say it again"
) -> Failure:
    """What failed and what to do.

    Args:
        error: What the provider's package raised.
        model: The model as the settings name it.
        timeout: The seconds of silence that it was given, if there was a limit.
        begun: Some of its answer was shown.
        again: How a person gets what is missing, where the same request may do.
    """
    who, status, name = f"The language model {model}", status_of(error), type(error).__name__.lower()
    whole, quoted = str(error), _sentence(error)
    code = f" ({status})" if status else ""
    if isinstance(error, AnswerFiltered):
        return Failure(f"{who} ended its answer at its content filter", "say it in other words", refused=True)
    if isinstance(error, AnswerTooLong):
        return Failure(f"{who} came to the end of what it may write in one answer", "ask for less at once")
    if isinstance(error, CallsAsWords):
        do = "start its server for tool calls, or choose another"
        return Failure(f"{who} writes its tool calls as words", do, everyone=True)
    if isinstance(error, AnswerTooSlow):
        return Failure(f"{who} did not come to the end of its answer", again)
    declined = status in (None, 400, 403, 422) and _REFUSED.search(whole)
    if declined or isinstance(error, AnswerRefused):
        return Failure(f"{who} refused to answer this{code}", "say it in other words", quoted, refused=True)
    if too_long(error):
        return Failure(f"{who} cannot read so much at once", "begin a new session, or choose another", quoted)
    if status == 402 or _NO_CREDIT.search(whole):
        do = "top it up at its provider, or set EASEL_LLM=embedded"
        return Failure(f"{who} has no credit left{code}", do, quoted, everyone=True)
    provider, _, its_name = model.partition(":")
    key, mentioned = KEYS.get(provider, "it"), re.search("api[_ ]key", whole, re.IGNORECASE)
    if status == 401 or "credential" in name or (_NO_KEY.search(whole) if status else mentioned):
        do = f"set {key}, or EASEL_LLM=embedded"
        return Failure(f"{who} wants an API key that is missing or wrong", do, everyone=True)
    if status == 403:
        do = "check what the key is good for, or set EASEL_LLM=embedded"
        return Failure(f"{who} may not be used with this API key (403)", do, quoted, everyone=True)
    if status and _TOOLS_OFF.search(whole):
        do = "start its server for them (vLLM: --enable-auto-tool-choice --tool-call-parser …; llama.cpp: --jinja)"
        return Failure(f"{who} is served without tool calls{code}", do, quoted, everyone=True)
    if status and _NO_TOOLS.search(whole):
        return Failure(f"{who} cannot call tools{code}", "choose one that can", quoted, everyone=True)
    if status == 404:
        do = f"fetch it with `ollama pull {its_name}`" if provider == "ollama" else "check the name in EASEL_LLM"
        return Failure(f"{who} is not known at that address (404)", do, everyone=True)
    if status == 429:
        do = f"wait a little and {again}"
        return Failure(f"{who} takes no more requests for now (429)", do, quoted, everyone=True)
    if isinstance(error, TimeoutError) or "timeout" in name:
        within = "in time" if timeout is None else f"within {timeout:g} seconds"
        did = "did not go on with its answer" if begun else "did not answer"
        return Failure(f"{who} {did} {within}", f"{again}, or set EASEL_LLM=embedded", everyone=True)
    if isinstance(error, AnswerCut) or cut(error):
        return Failure(f"{who} broke off in the middle of its answer", again, everyone=True)
    if isinstance(error, EmptyAnswer) or (provider == "ollama" and _NOTHING in whole):
        return Failure(f"{who} gave an empty answer", "say it in other words, or choose another")
    if isinstance(error, _NO_COMPLETION) or _NOTHING in whole or "for ChatResponse" in whole:
        do = "check the address"
        return Failure(f"{who} answered with something that is no chat completion", do, everyone=True)
    if "connect" in name or (not status and "connection" in quoted.lower()):
        do = "check the connection, or set EASEL_LLM=embedded"
        return Failure(f"{who} cannot be reached", do, everyone=True)
    if status and _NO_PICTURES.search(whole):
        return Failure(f"{who} takes no pictures{code}", "set EASEL_LLM_SEES=false", quoted, everyone=True)
    if status and 400 <= status < 500 and status != 408:
        return Failure(f"{who} refused the request{code}", "say it in other words, or choose another", quoted)
    return Failure(f"{who} failed{code}", f"{again}, or choose another", quoted, everyone=status is not None)


def too_long(error: Exception) -> bool:
    """Whether the conversation is more than the model reads at once, so that less of it would do."""
    status = status_of(error)
    if status == 413 or "contextoverflow" in type(error).__name__.lower():
        return True
    if status == 429:  # one request of more tokens than it takes in a minute
        return "request too large" in str(error).lower()
    return status in (None, 400, 422, 500) and _TOO_LONG.search(str(error)) is not None


def passing(error: Exception) -> bool:
    """Whether the same request may well succeed in a moment: too many requests, a fault of the server, a lost line.

    A timeout is none: the person has waited long enough.
    """
    status, name, whole = status_of(error), type(error).__name__.lower(), str(error)
    if status is not None and status >= 500:
        return not any(lasting.search(whole) for lasting in (_TOOLS_OFF, _NO_TOOLS, _NO_PICTURES))
    if status is not None:
        return status in (408, 409, 429) and not _NO_CREDIT.search(whole)
    if isinstance(error, TimeoutError) or "timeout" in name:
        return False
    lost = isinstance(error, AnswerCut | EmptyAnswer | ConnectionError) or "connect" in name or cut(error)
    return lost or _NOTHING in whole


def _sentence(error: Exception) -> str:
    """The provider's own sentence, on one line and not too long."""
    holders = [(each, name) for each in (error, error.__cause__) for name in ("body", "error", "message")]
    body: Any = next((part for each, name in holders if (part := getattr(each, name, None))), None)
    while isinstance(body, dict):
        body = body.get("message") or body.get("error")
    text = " ".join(str(body or str(error).strip().split("\n")[0] or type(error).__name__).split())
    return text if len(text) <= MOST_QUOTED else text[:MOST_QUOTED] + "…"


def cut(error: BaseException) -> bool:
    """Whether a stream broke off, as HTTP packages name it, or what a provider's package raised because of it."""
    name = type(error).__name__.lower()
    if any(part in name for part in ("protocolerror", "readerror", "incompleteread", "chunkedencoding")):
        return True
    return error.__cause__ is not None and cut(error.__cause__)


def status_of(error: Exception) -> int | None:
    """The HTTP status that a provider's exception, the answer in it or what caused it carries; None for none."""
    for holder in (error, getattr(error, "response", None), error.__cause__):
        for name in ("status_code", "code"):
            status: Any = getattr(holder, name, None)
            if isinstance(status, int) and status >= 400:
                return status
            if status == -1:  # Ollama's, of what its stream tells
                return 500
    body: Any = getattr(error, "body", None)
    while isinstance(body, dict) and isinstance(body.get("error"), dict):
        body = body["error"]
    return _STREAMED.get(body.get("type")) if isinstance(body, dict) else None


def pause(error: Exception) -> float:
    """Seconds to wait before the second try: what the provider asks for with `Retry-After`, within bounds."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        asked = float(headers.get("retry-after", RETRY_SECONDS))
    except ValueError:  # a date: no provider of language models is known to send one
        asked = RETRY_SECONDS
    return min(max(asked, 0.0), MOST_RETRY_SECONDS)
