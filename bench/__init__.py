"""What Easel's models and the product around them can do, in figures. Everything here is run as `python -m bench.…`."""

import os

from models.waiting import WAITING

os.environ |= WAITING | os.environ  # as in the product's worker, before torch is imported
