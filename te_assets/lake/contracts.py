"""te_ops.contracts: which contracts were used. A version is immutable from its first use on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from te_assets.errors import ContractError

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


class Registrable(Protocol):
    """What the register needs of a contract."""

    @property
    def source(self) -> str:
        """Name of the layout."""

    @property
    def version(self) -> int:
        """Version."""

    @property
    def feeds(self) -> str:
        """Model."""

    @property
    def yaml(self) -> str:
        """The contract as text."""


def register(client: Client, contracts: Iterable[Registrable]) -> None:
    """Record contracts that are used for the first time.

    Raises:
        ContractError: A recorded version has another text now.
    """
    known = {
        (source, version): text
        for source, version, text in client.query(
            "SELECT source, version, any(yaml) FROM te_ops.contracts GROUP BY ALL"
        ).result_rows
    }
    fresh = []
    for contract in contracts:
        text = known.get((contract.source, contract.version))
        if text is None:
            fresh.append([contract.source, contract.version, contract.feeds, contract.yaml])
        elif text != contract.yaml:
            raise ContractError(
                f"{contract.source}@{contract.version} was used with another text (te_ops.contracts). A "
                "used version never changes: "
                f"restore the file, write the change as version {contract.version + 1}, and reprocess "
                f"what version {contract.version} read."
            )
    if fresh:
        client.insert("te_ops.contracts", fresh, column_names=["source", "version", "model", "yaml"])
