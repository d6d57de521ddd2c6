"""The contracts that are in force: those shipped, and those of the site."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from te_assets.contracts.model import Contract
from te_assets.errors import ContractError

SHIPPED = Path(__file__).parent / "shipped"


class ContractUnknown(ContractError):
    """No contract has this name or version."""


class ContractConflict(ContractError):
    """Two files give different contents under one source and version."""


@dataclass(frozen=True)
class Catalog:
    """Contracts by source and version; iterating gives all of them, by source, oldest version first."""

    contracts: tuple[Contract, ...]

    def __iter__(self) -> Iterator[Contract]:
        return iter(self.contracts)

    def __len__(self) -> int:
        return len(self.contracts)

    @property
    def newest(self) -> tuple[Contract, ...]:
        """The highest version of each source."""
        return tuple({contract.source: contract for contract in self.contracts}.values())

    def of_source(self, source: str) -> Contract:
        """Newest version of a source.

        Raises:
            ContractUnknown: There is no such source.
        """
        found = [contract for contract in self.newest if contract.source == source]
        if not found:
            raise ContractUnknown(_unknown(source, [contract.source for contract in self.newest]))
        return found[0]

    def get(self, contract_id: str) -> Contract:
        """The contract `<source>@<version>`.

        Raises:
            ContractUnknown: There is no such source or version.
        """
        found = [contract for contract in self.contracts if contract.contract_id == contract_id]
        if not found:
            raise ContractUnknown(_unknown(contract_id, [contract.contract_id for contract in self.contracts]))
        return found[0]


def load_contracts(site_dir: Path | None) -> Catalog:
    """Read the shipped contracts and those in `<site_dir>/sources/*.yaml`.

    Raises:
        ContractError: A file is no contract, or two files differ under one source and version.
    """
    files = sorted(SHIPPED.glob("*.yaml"))
    if site_dir is not None:
        files += sorted((site_dir / "sources").glob("*.yaml"))
    return catalog_of((str(path), Contract.load(path)) for path in files)


def catalog_of(loaded: Iterable[tuple[str, Contract]]) -> Catalog:
    """A catalog of contracts with the origin of each, which errors name.

    Raises:
        ContractConflict: Two differ under one source and version.
    """
    origins: dict[str, tuple[str, Contract]] = {}
    for origin, contract in loaded:
        earlier = origins.setdefault(contract.contract_id, (origin, contract))
        if earlier[1] != contract:
            msg = (
                f"{origin}: {contract.contract_id} has other contents in {earlier[0]}. "
                f"A version is never changed: give the newer one version: {contract.version + 1}."
            )
            raise ContractConflict(msg)
    contracts = [contract for _, contract in origins.values()]
    return Catalog(tuple(sorted(contracts, key=lambda contract: (contract.source, contract.version))))


def _unknown(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Close: {close[0]}." if close else ""
    return f"no contract is called {name!r}.{hint} There are: {', '.join(known)}. Own ones belong into sources/*.yaml."
