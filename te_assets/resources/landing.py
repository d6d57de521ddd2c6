"""The inbox and the landing store as a Dagster resource."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field

from te_assets.settings import Settings

if TYPE_CHECKING:
    from te_assets.intake.landing import LandingStore


class LandingResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Where workbooks arrive and where they are kept by SHA-256."""

    inbox: str = Field(
        default="", description="Folder that people drop workbooks into; empty: TE_INBOX or $TE_HOME/inbox"
    )
    store_folder: str = Field(default="", description="Landing store; empty: TE_LANDING or $TE_HOME/landing")

    def inbox_folder(self) -> Path:
        """The inbox."""
        return Path(self.inbox) if self.inbox else Settings().inbox_dir

    def store(self) -> LandingStore:
        """The landing store."""
        from te_assets.intake.landing import LandingStore

        return LandingStore(Path(self.store_folder) if self.store_folder else Settings().landing_dir)
