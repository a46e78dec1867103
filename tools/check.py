"""Tell what the safety filter would say of a text or a stored picture. It changes nothing; the filter also wraps
every tool in code, whether or not the language model asks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from tools.errors import BadArgument
from tools.verb import Args, Context, Doing, Outcome, Verb, short


class CheckSafety(Args):
    """Tell whether a text or a picture passes the safety filter, and why not."""

    target: str = Field(description="A handle such as #3, or the text to check.")


async def check_safety(context: Context, args: CheckSafety) -> Outcome:
    target = args.target.strip()
    if not target:
        raise BadArgument("There is nothing to check; name a handle such as #3 or give a text.")
    handle = re.fullmatch(r"#?(\d{1,9})", target)
    if handle:
        picture = await context.picture(int(handle[1]))
        verdict = await context.studio.judge(picture)
        what = f"#{picture.handle}"
    else:
        verdict = await asyncio.to_thread(context.studio.words.check, target, ())
        what = f"“{target}”"
    if verdict.action == "allow":
        return Outcome({"action": "allow"}, f"{what} passes the safety filter.")
    facts = {"action": verdict.action, "category": verdict.category, "reason": verdict.reason}
    return Outcome(facts, f"{what} does not pass the safety filter ({verdict.category}): {verdict.reason}")


def doing(call: Mapping[str, Any]) -> Doing:
    return Doing("Checking", "Checked", f"whether “{short(call.get('target', ''))}” may be shown")


VERB = Verb("check_safety", CheckSafety, check_safety, doing, makes=False)
