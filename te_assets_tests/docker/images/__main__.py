"""`python -m te_assets_tests.docker.images` makes the stand-ins in the engine that DOCKER_HOST names."""

from __future__ import annotations

import os
import sys
import time

from te_assets_tests.docker.client import Client
from te_assets_tests.docker.images.build import make_stand_ins


def main() -> None:
    """Make them and say how long each step took."""
    if not os.environ.get("DOCKER_HOST", "").startswith("unix://"):
        sys.exit("Set DOCKER_HOST=unix://… to an engine of the tests' own: the stand-ins would replace real images.")
    begun = time.monotonic()
    make_stand_ins(Client(), lambda step, seconds: print(f"{seconds:6.1f} s  {step}", flush=True))
    print(f"{time.monotonic() - begun:6.1f} s  together")


if __name__ == "__main__":
    main()
