"""The register of used contracts: a version never changes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.contracts.catalog import load_contracts
from te_assets.errors import ContractError
from te_assets.lake.contracts import register

pytestmark = pytest.mark.stack


@dataclass(frozen=True)
class Registered:
    source: str = "own_list"
    version: int = 3
    feeds: str = "confirmations"
    yaml: str = "source: own_list\nversion: 3\n"


def known(client: Client) -> list[tuple[str, int, str, str]]:
    return [
        tuple(row)
        for row in client.query("SELECT source, version, model, yaml FROM te_ops.contracts ORDER BY ALL").result_rows
    ]


def test_contracts_are_recorded_at_their_first_use_and_only_then(clickhouse: Client) -> None:
    contracts = load_contracts(None)
    for _ in range(2):
        register(clickhouse, contracts)

    assert [(source, version, model) for source, version, model, _ in known(clickhouse)] == [
        ("operator_log", 1, "interactions"),
        ("operator_log", 2, "interactions"),
        ("sap_confirmations", 1, "confirmations"),
        ("sap_confirmations", 2, "confirmations"),
    ]
    assert [yaml for *_, yaml in known(clickhouse)] == [contract.yaml for contract in contracts]


def test_a_used_version_that_was_edited_is_refused_with_what_to_do(clickhouse: Client) -> None:
    """Someone mended a contract in place: a year of history could not be computed again."""
    register(clickhouse, [Registered()])
    before = known(clickhouse)

    with pytest.raises(ContractError) as caught:
        register(clickhouse, [Registered(source="brand_new"), Registered(yaml="source: own_list # edited\n")])

    assert "own_list@3" in str(caught.value)
    assert "restore the file, write the change as version 4" in str(caught.value)
    assert known(clickhouse) == before


def test_a_new_version_stands_beside_the_old_one(clickhouse: Client) -> None:
    register(clickhouse, [Registered()])
    register(clickhouse, [Registered(), Registered(version=4, yaml="source: own_list\nversion: 4\n")])

    assert [version for _, version, *_ in known(clickhouse)] == [3, 4]


def test_a_version_that_left_the_catalog_stays_on_record(clickhouse: Client) -> None:
    register(clickhouse, [Registered()])
    register(clickhouse, [])

    assert [source for source, *_ in known(clickhouse)] == ["own_list"]
