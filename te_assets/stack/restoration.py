"""Which backup stands in the place of a home's lake: what Dagster remembers of an earlier lake does not hold for it.

Dagster drops a request whose key it has seen, for ever. After a restore the ledger stands where it stood before, so the
sensors ask for what was done then, and is not done now.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from te_assets.settings import Settings
from te_assets.stack.home import Home, write_private

_FILE: Final = "restored"


def mark(settings: Settings, lake_name: str) -> None:
    """Note that a backup was put in the place of the lake now."""
    write_private(Home(settings.home_dir).run / _FILE, f"{lake_name} restored {datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")


def last(settings: Settings) -> str:
    """The last restore of the home; empty where there was none."""
    try:
        return (Home(settings.home_dir).run / _FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
