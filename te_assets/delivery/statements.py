"""Reads the SQL files of this package; all values are bound as ClickHouse parameters."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def statement(name: str) -> str:
    """Text of `te_assets/delivery/sql/<name>.sql` without its comment lines, which the driver need not send."""
    text = resources.files("te_assets.delivery").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
