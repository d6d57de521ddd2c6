"""The site profile and the contracts as a Dagster resource."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field

from te_assets.contracts.layout import Model
from te_assets.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.contracts.catalog import Catalog
    from te_assets.site.model import Site
    from te_assets.workbook.reading import OperatorPolicy


class ProfileResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """What is data about this site: plants, calendars, reasons, layouts."""

    folder: str = Field("", description="Folder with site.yaml and sources/*.yaml; empty: TE_SITE or the simulator's site")

    def site(self) -> Site:
        """The site profile.

        Raises:
            SiteError: site.yaml is missing or faulty.
        """
        from te_assets.site.profile import load_site

        return load_site(self.path())

    def contracts(self) -> Catalog:
        """Shipped contracts and those of the site.

        Raises:
            ContractError: One of them is faulty.
        """
        from te_assets.contracts.catalog import load_contracts

        return load_contracts(self.path())

    def operator_policy(self) -> OperatorPolicy:
        """What happens to operators' names before lines are built."""
        from te_assets.resources.operators import operator_policy

        return operator_policy(self.site(), Settings())

    def path(self) -> Path:
        """Folder of the profile."""
        return Path(self.folder) if self.folder else Settings().site_dir

    def apply(self, client: Client, model: Model) -> Mapping[str, str]:
        """Make the profile the one that counts and register the contracts; cheap when nothing changed.

        Returns:
            The compiled typing SQL of the model's contracts, by contract id.
        """
        from te_assets.contracts.compilation import compile_typing
        from te_assets.lake.contracts import register
        from te_assets.site.tables import apply_site

        site = self.site()
        apply_site(client, site, today=datetime.now(UTC).date())
        contracts = [contract for contract in self.contracts() if contract.feeds == model]
        register(client, contracts)
        places = site.places()
        return {contract.contract_id: compile_typing(contract, places) for contract in contracts}
