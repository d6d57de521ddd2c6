"""Tables that a killed run left behind."""

from __future__ import annotations

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.days import create_shadow
from te_assets.lake.leftovers import sweep

pytestmark = pytest.mark.stack

RUN = "0b9f6f0e-7f0a-4a0e-9a53-0c1d2e3f4a5b"


def test_a_forgotten_shadow_is_dropped_and_its_table_stays(clickhouse: Client) -> None:
    shadow = create_shadow(clickhouse, "te_marts.availability", RUN)

    assert sweep(clickhouse, older_than_seconds=0) == (shadow,)
    assert clickhouse.command("EXISTS TABLE te_marts.availability") == 1


def test_a_shadow_of_a_run_that_may_live_stays(clickhouse: Client) -> None:
    shadow = create_shadow(clickhouse, "te_marts.availability", RUN)

    assert sweep(clickhouse) == ()
    assert clickhouse.command(f"EXISTS TABLE {shadow}") == 1
