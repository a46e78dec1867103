"""Which language model talks, and what its failures mean in plain words.

`embedded` is the small network that ships with Easel. Every other name goes to LangChain's `init_chat_model`, such as
`openai:gpt-5.5`, `anthropic:claude-…`, `google_genai:…` or `ollama:qwen3`.
"""

from __future__ import annotations

from langchain_core.language_models.chat_models import BaseChatModel

from tools.errors import LanguageModelFailed
from tools.settings import Settings

EXTRAS = {"openai": "openai", "anthropic": "anthropic", "ollama": "ollama", "google_genai": "google"}


def chat_model(settings: Settings) -> BaseChatModel:
    """The chat model that the settings name.

    Raises:
        LanguageModelFailed: The provider is unknown, its package is not installed or its key is missing.
    """
    if settings.llm == "embedded":
        from models.language import EmbeddedChat

        return EmbeddedChat()
    from langchain.chat_models import init_chat_model

    provider = settings.llm.partition(":")[0]
    try:
        return init_chat_model(settings.llm, timeout=settings.llm_timeout, max_retries=1)
    except ImportError as error:
        extra = EXTRAS.get(provider, provider)
        raise LanguageModelFailed(
            f"EASEL_LLM={settings.llm} needs a package that is not installed; run `pip install 'easel[{extra}]'`."
        ) from error
    except Exception as error:  # providers raise what they like for a missing key or an unknown name
        raise LanguageModelFailed(explain(error, settings)) from error


def explain(error: Exception, settings: Settings) -> str:
    """One sentence for a provider's failure: what, which model, what to do. Providers share no exception classes, so
    the HTTP status and the class's name decide."""
    model = settings.llm
    status = getattr(error, "status_code", None)
    name = type(error).__name__.lower()
    text = str(error).strip().split("\n")[0][:200]
    if status in (401, 403) or "api_key" in text or "api key" in text.lower() or "credential" in name:
        return f"The language model {model} wants an API key that is missing or wrong; set it, or EASEL_LLM=embedded."
    if status == 429:
        return f"The language model {model} takes no more requests for now (429); wait a little and say it again."
    if isinstance(error, TimeoutError) or "timeout" in name:
        return (
            f"The language model {model} did not answer within {settings.llm_timeout:g} seconds; say it again, or set "
            "EASEL_LLM=embedded."
        )
    if "connect" in name or "connection" in text.lower():
        return f"The language model {model} cannot be reached; check the connection, or set EASEL_LLM=embedded."
    return f"The language model {model} failed ({text or type(error).__name__}); say it again, or choose another."
