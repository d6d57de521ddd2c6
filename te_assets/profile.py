"""What is data about a site: its profile and its contracts, read from a folder and made to count in ClickHouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from te_assets.contracts.layout import Model
from te_assets.settings import Settings
from te_assets.site.model import Site
from te_assets.site.profile import load_site

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.contracts.catalog import Catalog
    from te_assets.lake.stale import AffectedDay
    from te_assets.site.tables import SiteChange
    from te_assets.workbook.request import OperatorPolicy


@dataclass(frozen=True)
class Applied:
    """What applying a profile did: the change, and the production days that it made stale."""

    change: SiteChange
    stale: tuple[AffectedDay, ...]


@dataclass(frozen=True)
class Profile:
    """A folder with site.yaml, sources/*.yaml and portals/*.yaml."""

    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> Profile:
        """The folder that the settings name."""
        return cls(settings.site_dir)

    def site(self) -> Site:
        """The site profile.

        Raises:
            SiteError: site.yaml is missing or faulty.
        """
        return load_site(self.folder)

    def contracts(self) -> Catalog:
        """Shipped contracts and those of the site.

        Raises:
            ContractError: One of them is faulty.
        """
        from te_assets.contracts.catalog import load_contracts

        return load_contracts(self.folder)

    def faults(self) -> Iterator[str]:
        """Everything that is wrong with site.yaml, contracts in sources/ and portals in portals/, a line per fault."""
        from te_assets.contracts.model import Contract
        from te_assets.errors import ContractError, SiteError
        from te_assets.robot.at_home import portals_of

        try:
            self.site()
        except SiteError as error:
            yield from str(error).splitlines()
        sound = True
        for path in sorted(file for file in (self.folder / "sources").glob("*") if not file.name.startswith(".")):
            if path.suffix != ".yaml":
                yield f"{path}: is not read, because contracts end in .yaml. Rename it, or move it elsewhere."
                continue
            try:
                Contract.load(path)
            except ContractError as error:
                sound = False
                yield from str(error).splitlines()
        if sound:
            try:
                self.contracts()
            except ContractError as error:
                yield from str(error).splitlines()
        said: list[str] = []
        portals_of(self.folder, said.append)
        for text in said:
            yield from text.splitlines()

    def typing(self, model: Model) -> Mapping[str, str]:
        """The compiled typing SQL of the model's contracts, by contract id."""
        from te_assets.contracts.compilation import compile_typing

        places = self.site().places()
        return {c.contract_id: compile_typing(c, places) for c in self.contracts() if c.feeds == model}

    def snapshots(self, model: Model) -> Mapping[str, Literal["plant", "work_center"]]:
        """What a file is complete for, of the model's contracts that deliver snapshots, by contract id."""
        return {
            c.contract_id: c.scope or "work_center"
            for c in self.contracts()
            if c.feeds == model and c.delivers == "snapshot"
        }

    def apply(self, client: Client, *, run_id: str = "") -> Applied:
        """Make the profile the one that counts and register the contracts; two small queries when nothing changed.

        Production days that have figures which the change can alter are marked stale, not restated.

        Args:
            client: Writer.
            run_id: Run that computes with the profile from here on; what it swaps in is no longer stale.

        Raises:
            SiteError: site.yaml is faulty; nothing was changed.
            ContractError: A contract is faulty, or a used version was edited; the site was not changed.
        """
        from te_assets.lake import stale
        from te_assets.lake.contracts import register
        from te_assets.site.tables import Shadows, apply_site

        site = self.site()
        days: list[AffectedDay] = []

        def mark(shadows: Shadows) -> None:
            days.extend(stale.affected_days(client, shadows.suffix))
            stale.mark(client, days, site.hash)

        register(client, self.contracts())
        change = apply_site(client, site, today=datetime.now(UTC).date(), before_it_counts=mark)
        if run_id:
            stale.note_use(client, run_id)
        return Applied(change, tuple(days))

    def operator_policy(self, settings: Settings) -> OperatorPolicy:
        """What happens to operators' names before lines are built; the key is TE_OPERATOR_KEY or the home's own."""
        from te_assets.stack.home import Home
        from te_assets.workbook.request import OperatorPolicy

        mode = self.site().policies.operator
        if mode != "pseudonym":
            return OperatorPolicy(mode)
        own = settings.operator_key
        key = own.get_secret_value() if own else Home(settings.home_dir).create().secrets().operator_key
        return OperatorPolicy(mode, key.encode())
