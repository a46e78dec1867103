"""What Easel's models and the product around them can do, in figures. Everything here is run as `python -m bench.…`."""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # both as in the product's worker, before torch is imported
os.environ.setdefault("GOMP_SPINCOUNT", "2000")
