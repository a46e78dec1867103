"""What Easel's models and the product around them can do, in figures. Everything here is run as `python -m bench.…`."""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as in the product, before torch is imported
