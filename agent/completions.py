"""OpenAI's chat completions, with the words in which a model refuses: LangChain leaves them out of streams."""

from __future__ import annotations

from typing import Any

from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI


class ChatCompletions(ChatOpenAI):
    """As `ChatOpenAI`; what a model refuses with stands in its pieces' `additional_kwargs`, as in a whole answer's."""

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        for choice in chunk.get("choices") or ():
            refusal = (choice.get("delta") or {}).get("refusal")
            if made and refusal:
                made.message.additional_kwargs["refusal"] = refusal
        return made
