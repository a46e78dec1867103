"""Ask the person; the turn ends and the answer is the next turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from tools.errors import BadArgument
from tools.verb import Args, Context, Doing, Outcome, Verb, short


class AskUser(Args):
    """Ask the person back when the request names nothing to draw, could mean two things, or names a picture that does
    not exist. Offer choices where there are few."""

    question: str = Field(description="One short question.")
    choices: list[str] = Field(default_factory=list, description="Answers to offer, at most six; may be empty.")

    def offered(self) -> tuple[str, ...]:
        """The choices as they are shown."""
        return tuple(choice.strip() for choice in self.choices if choice.strip())[:6]


async def ask_user(context: Context, args: AskUser) -> Outcome:
    question = args.question.strip()
    if not question:
        raise BadArgument("The question is empty; ask one short question.")
    context.report.question(question, args.offered())
    return Outcome({"asked": True}, "asked", ends_turn=True)


def doing(call: Mapping[str, Any]) -> Doing:
    return Doing("Asking", "Asked", f"“{short(call.get('question', ''))}”")


VERB = Verb("ask_user", AskUser, ask_user, doing, makes=False)
