"""The site profile and the contracts as a Dagster resource."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field

from te_assets.settings import Settings

if TYPE_CHECKING:
    from te_assets.profile import Profile
    from te_assets.workbook.request import OperatorPolicy


class ProfileResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """What is data about this site: plants, calendars, reasons, layouts."""

    folder: str = Field(
        default="", description="Folder with site.yaml and sources/*.yaml; empty: TE_SITE or the simulator's site"
    )

    def profile(self) -> Profile:
        """The profile of the folder."""
        from te_assets.profile import Profile

        return Profile(Path(self.folder)) if self.folder else Profile.of(Settings())

    def operator_policy(self) -> OperatorPolicy:
        """What happens to operators' names before lines are built."""
        return self.profile().operator_policy(Settings())
