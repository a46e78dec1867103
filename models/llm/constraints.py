"""Tool calls that cannot be malformed: while a model writes a call, only what fits the tool's schema may follow.

Needs xgrammar (the extra `constrained`) and a model that writes calls as Hermes and Qwen do, as JSON between
`<tool_call>` and `</tool_call>`; how a model writes is read from its chat template. Outside of the marks nothing is
constrained: whether to call, and what to say, stays the model's own. Where it does not apply, `for_model` gives None
and calls are only checked afterwards, like everybody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any


class Constraint:
    """What holds a model to the schemas of its tools; one for a loaded model, since it knows the vocabulary."""

    def __init__(self, compiler: Any) -> None:
        self._compiler = compiler

    @classmethod
    def for_model(cls, tokenizer: Any, vocabulary: int) -> Constraint | None:
        """The constraint for a tokenizer, or None where it does not apply.

        Args:
            tokenizer: Of transformers, with a chat template.
            vocabulary: The width of the model's logits, which may be more than the tokenizer's tokens.
        """
        template = str(tokenizer.chat_template)
        if find_spec("xgrammar") is None or "<tool_call>" not in template or "<function=" in template:
            return None
        xgrammar: Any = import_module("xgrammar")
        try:
            info = xgrammar.TokenizerInfo.from_huggingface(tokenizer, vocab_size=vocabulary)
        except ValueError:  # a kind of tokenizer that xgrammar does not know
            return None
        return cls(xgrammar.GrammarCompiler(info))

    def compiled(self, tools: Sequence[dict[str, Any]]) -> Any:
        """The grammar: free text, and within the marks one call of one of these tools. The compiler remembers it."""
        form = {
            "type": "triggered_tags",
            "triggers": ["<tool_call>"],
            "tags": [_tag(tool["function"]) for tool in tools],
        }
        return self._compiler.compile_structural_tag({"type": "structural_tag", "format": form})

    def processors(self, tools: Sequence[dict[str, Any]]) -> list[Any]:
        """What `generate` takes as `logits_processor` for one answer; none where there are no tools."""
        masks: Any = import_module("xgrammar.contrib.hf")
        return [masks.LogitsProcessor(self.compiled(tools))] if tools else []


def _tag(function: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "tag",
        "begin": f'<tool_call>\n{{"name": "{function["name"]}", "arguments": ',
        "content": {"type": "json_schema", "json_schema": function["parameters"]},
        "end": "}\n</tool_call>",
    }
