"""The site profile as the gateway sees it: read anew every few seconds, so that an edit counts without a restart."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic import BaseModel

    from te_assets.contracts.catalog import Catalog
    from te_assets.contracts.model import Contract
    from te_assets.settings import Settings
    from te_assets.site.model import Site
    from te_assets.workbook.request import OperatorPolicy

_SECONDS: Final = 2.0


@dataclass(frozen=True)
class Known:
    """What is known of the site while a request is worked on."""

    site: Site
    contracts: Catalog
    operator: OperatorPolicy
    _models: dict[str, type[BaseModel]] = field(default_factory=dict)

    def event_model(self, contract: Contract) -> type[BaseModel]:
        """What an event of a contract may hold; made once, which takes longer than an event."""
        from te_assets.gateway.events import event_model

        if contract.contract_id not in self._models:
            self._models[contract.contract_id] = event_model(contract)
        return self._models[contract.contract_id]


class SiteReader:
    """Gives what is known now."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is read yet."""
        self._settings = settings
        self._read: tuple[float, Known] | None = None

    def __call__(self) -> Known:
        """What is known now.

        Raises:
            SiteError: site.yaml is faulty.
            ContractError: A contract is.
        """
        from te_assets.profile import Profile

        now = time.monotonic()
        if self._read is None or now - self._read[0] > _SECONDS:
            profile = Profile.of(self._settings)
            self._read = now, Known(profile.site(), profile.contracts(), profile.operator_policy(self._settings))
        return self._read[1]
