"""The portal file of the demo portal, as it comes with the package."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parents[1] / "demo_portal.yaml"
_ADDRESS: Final = "http://127.0.0.1:8300"


def example(address: str) -> str:
    """Its text, for a portal at an address."""
    return FILE.read_text(encoding="utf-8").replace(_ADDRESS, address)
