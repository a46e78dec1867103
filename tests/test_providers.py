"""Providers with protocols of their own: their packages over real sockets, and what their servers send."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from langchain_core.language_models.chat_models import BaseChatModel

from agent.failures import CutShort
from agent.llm import chat_model
from tools.errors import LanguageModelFailed
from tools.settings import Settings

OLLAMA, CLAUDE, GEMINI = "ollama:qwen3", "anthropic:claude-opus-4-8", "google_genai:gemini-2.5-flash"
PACKAGES = {OLLAMA: "langchain_ollama", CLAUDE: "langchain_anthropic", GEMINI: "langchain_google_genai"}

Lines = list[dict[str, Any]]
Script = list[tuple[int, Lines]]


@dataclass
class Provider:
    """A server that answers each request with a status and lines of JSON, which it streams where the status is 200."""

    script: Script = field(default_factory=Script)
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def model(self, name: str, *script: tuple[int, Lines], **more: Any) -> BaseChatModel:
        pytest.importorskip(PACKAGES[name])
        self.script += script
        return chat_model(Settings(llm=name, **more))


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, format: str, *args: Any) -> None:
        del format, args

    def do_POST(self) -> None:
        self.provider.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status, lines = self.provider.script.pop(0)
        self.send_response(status)
        streamed = status == 200 and self.path != "/api/chat"
        self.send_header("Content-Type", "text/event-stream" if streamed else "application/json")
        self.end_headers()
        for line in lines:
            event = f"event: {line['type']}\n" if "type" in line else ""
            data = json.dumps(line)
            self.wfile.write((f"{event}data: {data}\n\n" if streamed else f"{data}\n").encode())


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    state = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": state}))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    for name in ("OLLAMA_HOST", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_URL", "GOOGLE_GEMINI_BASE_URL"):
        monkeypatch.setenv(name, url)
    for name in ("ANTHROPIC_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setattr("agent.failures.RETRY_SECONDS", 0.01)
    yield state
    server.shutdown()
    server.server_close()


def said(text: str = "", calls: Any = (), **end: Any) -> dict[str, Any]:
    """A line of Ollama's; `end` makes it the last one."""
    message = {"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}
    return {"model": "qwen3", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": bool(end), **end}


def painting(arguments: Any) -> dict[str, Any]:
    return said(calls=[{"function": {"name": "generate_image", "arguments": arguments}}])


HELLO, END = said("Hello."), said(done_reason="stop")
FOX = painting({"prompt": "a red fox"})
ONLY_LOADED = said(done_reason="load")
BEGUN = {"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "content": []}}
BEGUN["message"] |= {"model": "claude", "usage": {"input_tokens": 1, "output_tokens": 1}}
TOO_FAST = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Too fast."}}
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


@pytest.mark.parametrize(("more", "sent"), [({}, 16384), ({"llm_context": 32768}, 32768), ({"llm_context": 0}, None)])
async def test_ollama_is_told_how_much_to_read_at_once(provider: Provider, more: dict[str, int], sent: int) -> None:
    await provider.model(OLLAMA, (200, [HELLO, END]), **more).ainvoke("hello")
    assert provider.asked[0]["options"].get("num_ctx") == sent


async def test_ollamas_words_without_their_end_were_cut(provider: Provider) -> None:
    with pytest.raises(CutShort, match="broke off"):
        await provider.model(OLLAMA, (200, [HELLO])).ainvoke("hello")


@pytest.mark.parametrize("first", [[FOX], [ONLY_LOADED]])
async def test_ollamas_half_answer_and_one_that_only_loads_are_asked_again(provider: Provider, first: Lines) -> None:
    answer: Any = await provider.model(OLLAMA, (200, first), (200, [FOX, END])).ainvoke("a red fox")
    assert len(provider.asked) == 2 and [call["args"] for call in answer.tool_calls] == [{"prompt": "a red fox"}]


@pytest.mark.parametrize(
    ("name", "answer", "sentence", "requests"),
    [
        (OLLAMA, (404, [{"error": "model 'qwen3' not found"}]), "(404); fetch it with `ollama pull qwen3`.", 1),
        (OLLAMA, (200, [{"error": "CUDA error"}]), "failed (500): “CUDA error”; say", 2),
        (OLLAMA, (200, [ONLY_LOADED]), "gave an empty answer", 2),
        (OLLAMA, (200, [painting('{"prompt": "a red')]), "is no chat completion", 1),
        (CLAUDE, (200, [BEGUN, OVERLOADED]), "failed (529): “Overloaded”", 2),
        (GEMINI, (200, [{"promptFeedback": {"blockReason": "SAFETY"}}]), "content filter; say it in other words", 1),
        (GEMINI, (429, [TOO_FAST]), "takes no more requests for now (429): “Too fast.”", 2),
    ],
)
async def test_what_a_provider_tells_in_its_own_way_is_one_sentence(
    provider: Provider, name: str, answer: tuple[int, Lines], sentence: str, requests: int
) -> None:
    with pytest.raises(LanguageModelFailed) as caught:
        await provider.model(name, *[answer] * requests).ainvoke("a red fox")
    assert sentence in str(caught.value) and len(provider.asked) == requests
