"""The lake of a test is empty and as the migrations made it, whatever the test before did; and that is quick."""

from __future__ import annotations

from uuid import UUID

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.site.tables import apply_site
from te_assets_tests.lake.emptying import Emptying
from te_assets_tests.lake.marts_workbench import TODAY, site

pytestmark = pytest.mark.stack


def identity(client: Client) -> UUID:
    """Of a table that no test exchanges: another one tells that the databases were made anew."""
    ((found,),) = client.query("SELECT uuid FROM system.tables WHERE name = 'load_ledger'").result_rows
    assert isinstance(found, UUID)
    return found


def test_a_site_that_was_applied_is_emptied_without_making_the_databases_anew(
    clickhouse: Client, emptying: Emptying
) -> None:
    before = identity(clickhouse)
    apply_site(clickhouse, site(), today=TODAY)

    emptying(clickhouse)

    assert identity(clickhouse) == before
    assert clickhouse.query("SELECT * FROM te_ops.plants").result_rows == []


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE te_ops.load_ledger ADD COLUMN more UInt8",
        "ALTER TABLE te_ops.schema_migrations DELETE WHERE name LIKE '0002%'",
    ],
)
def test_a_schema_that_a_test_changed_is_made_anew(clickhouse: Client, emptying: Emptying, change: str) -> None:
    before = identity(clickhouse)
    clickhouse.command(change, settings={"mutations_sync": 2})

    emptying(clickhouse)

    assert identity(clickhouse) != before
