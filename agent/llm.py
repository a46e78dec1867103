"""Which language model talks: the one that the settings name, in one of four ways.

    embedded                            the small network that ships with Easel
    local:Qwen/Qwen3-4B, local:folder   a model with open weights that is on this machine (`models/llm/local_chat.py`)
    http://127.0.0.1:8080/v1#qwen3      any server that speaks OpenAI's protocol: vLLM, llama.cpp, LM Studio
    openai:…, anthropic:…, ollama:…     everything else that LangChain's `init_chat_model` knows

All but the first come wrapped in `agent.patient`, which asks again and lets `EASEL_LLM_FALLBACK` stand in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import SecretStr

from agent.failures import explain
from agent.patient import PatientChat, Voice
from tools.errors import EXPECTED, LanguageModelFailed
from tools.settings import Settings

if TYPE_CHECKING:
    from urllib.parse import SplitResult

EXTRAS = {"openai": "openai", "anthropic": "anthropic", "ollama": "ollama", "google_genai": "google"}
MARKING = frozenset({"openai", "anthropic", "ollama"})
"""Providers whose packages always tell why an answer ended: one that does not say was cut."""
LLM, FALLBACK = "EASEL_LLM", "EASEL_LLM_FALLBACK"
"""The variables that name a language model, for sentences about what one of them says."""
ASK_SECONDS = 10.0
"""How long a server may take to say which models it has."""


def chat_model(settings: Settings) -> BaseChatModel:
    """The chat model that the settings name. Asks no server and loads no weights.

    Where another stands in, one that cannot answer is no error: the other says why when it answers.

    Raises:
        LanguageModelFailed: The provider is unknown, its package is not installed, its key is missing, or the setting
            makes no sense.
        ModelError: A local model is not on this machine.
    """
    if settings.llm == "embedded":
        return _embedded()
    if not settings.llm_fallback:
        return PatientChat(voices=(voice(settings.llm, settings),))
    trouble = ""
    try:
        first = voice(settings.llm, settings)
    except EXPECTED as error:
        first, trouble = Voice(settings.llm, _raising(error)), str(error)
    try:
        return PatientChat(voices=(first, voice(settings.llm_fallback, settings, FALLBACK)))
    except EXPECTED as error:
        if not trouble:
            raise
        raise LanguageModelFailed(f"{trouble} {error}") from error


def _raising(error: Exception) -> Callable[[], BaseChatModel]:
    def make() -> BaseChatModel:
        raise error

    return make


def stays_here(name: str) -> bool:
    """Whether a model of that name reads what people write on this machine, in this process."""
    return name == "embedded" or name.startswith("local:")


def voice(name: str, settings: Settings, variable: str = LLM) -> Voice:
    """One language model, by the name that `variable` has; raises as `chat_model`."""
    sees = settings.llm_sees if variable == LLM else None
    if stays_here(name):
        if sees:
            raise LanguageModelFailed(
                f"EASEL_LLM_SEES=true does not fit {variable}={name}, which reads words only; leave it out."
            )
        model = _embedded() if name == "embedded" else _local(name, settings, variable)
        return Voice(name, lambda: model)
    try:
        if name.startswith(("http://", "https://")):
            return Voice(
                name, _served(name, settings, variable), settings.llm_timeout, marks_its_end=True, sees=bool(sees)
            )
        model = _provided(name, settings)
    except ImportError as error:
        provider = name.partition(":")[0]
        extra = "openai" if provider.startswith("http") else EXTRAS.get(provider, provider)
        raise LanguageModelFailed(
            f"{variable}={name} needs a package that is not installed; run `pip install '.[{extra}]'`."
        ) from error
    except EXPECTED:
        raise
    except Exception as error:  # providers raise what they like for a missing key or an unknown name
        if "model provider" in str(error) or "Unsupported provider" in str(error):
            raise LanguageModelFailed(
                f"{variable}={name} is no model that is known; write it like openai:gpt-4.1, ollama:qwen3, "
                "http://127.0.0.1:8080/v1 or local:FOLDER."
            ) from error
        raise LanguageModelFailed(str(explain(error, name))) from error
    profile = model.profile or {}
    return Voice(
        name,
        lambda: model,
        settings.llm_timeout,
        marks_its_end=name.partition(":")[0] in MARKING,
        sees=profile.get("image_inputs", False) if sees is None else sees,
    )


def _embedded() -> BaseChatModel:
    from models.language import EmbeddedChat

    return EmbeddedChat()


def _local(name: str, settings: Settings, variable: str) -> BaseChatModel:
    from models.llm.local_chat import LocalChat

    place = name.removeprefix("local:").strip()
    if not place:
        raise LanguageModelFailed(f"{variable}={name} names no model; write a folder or hub id behind it.")
    return LocalChat.find(place, settings.device)


def _provided(name: str, settings: Settings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    # `agent.patient` asks again, so that a provider's package that does so too would make it four requests.
    options: dict[str, Any] = {"timeout": settings.llm_timeout, "max_retries": 0}
    provider, _, model = name.partition(":")
    if provider == "openai":
        from agent.completions import ChatCompletions

        return ChatCompletions(model=model, **options)
    if provider == "ollama" and settings.llm_context:
        options["num_ctx"] = settings.llm_context
    return init_chat_model(name, **options)


def _served(name: str, settings: Settings, variable: str) -> Callable[[], BaseChatModel]:
    """What makes the model behind an address; the server is asked when somebody first talks to it."""
    from openai import OpenAI

    from agent.completions import ChatCompletions

    address, key = read_address(name, variable), _key(name, settings)

    def make() -> BaseChatModel:
        base = address._replace(fragment="").geturl()
        model = address.fragment
        if not model:
            with OpenAI(base_url=base, api_key=key, timeout=ASK_SECONDS, max_retries=0) as client:
                model = only_one(name, [each.id for each in client.models.list()], variable)
        return ChatCompletions(
            model=model,
            base_url=base,
            api_key=SecretStr(key),
            timeout=settings.llm_timeout,
            max_retries=0,
            use_responses_api=False,
        )

    return make


def read_address(name: str, variable: str = LLM) -> SplitResult:
    """An address such as `http://127.0.0.1:8080/v1#qwen3`; `/v1` is added where there is no path.

    Raises:
        LanguageModelFailed: It names no host, has a port out of range or a query, or carries a password.
    """
    try:
        address = urlsplit(name)
        wrong = not address.hostname or (address.port is not None and not address.port)
    except ValueError:
        wrong, address = True, urlsplit("")
    if wrong:
        raise LanguageModelFailed(f"{variable}={name} is no address; write it like http://127.0.0.1:8080/v1#name.")
    if "@" in address.netloc:
        raise LanguageModelFailed(
            f"{variable} carries a password for {address.hostname}; put it into EASEL_LLM_KEY instead."
        )
    if address.query:
        raise LanguageModelFailed(
            f"{variable}={name} has a question mark in it, which no such server takes; leave it out."
        )
    return address._replace(path=address.path.rstrip("/") or "/v1")


def only_one(name: str, served: list[str], variable: str = LLM) -> str:
    """The name of the one model that a server has.

    Raises:
        LanguageModelFailed: It has none, or several.
    """
    if len(served) == 1:
        return served[0]
    if not served:
        raise LanguageModelFailed(f"The server {name} has no model loaded; load one there and say it again.")
    names = ", ".join(served[:8]) + (", …" if len(served) > 8 else "")
    raise LanguageModelFailed(
        f"The server {name} has several models ({names}); name one, such as {variable}={name}#{served[0]}."
    )


def _key(name: str, settings: Settings) -> str:
    """The key for an address, sent to the host of `EASEL_LLM` and to no other; servers without keys take any."""
    first, asked = urlsplit(settings.llm), urlsplit(name)
    foreign = (first.scheme, first.netloc) != (asked.scheme, asked.netloc)
    return "none" if foreign or settings.llm_key is None else settings.llm_key.get_secret_value()
