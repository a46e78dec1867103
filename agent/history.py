"""What is kept of a conversation: what an unanswered call came to."""

from __future__ import annotations

import json

UNANSWERED = "stopped before it finished"
STOPPED = json.dumps({"error": UNANSWERED, "fixable": False})
