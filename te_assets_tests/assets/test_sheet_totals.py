"""A total that a sheet holds and its rows do not add up to is shown in Dagster, and holds up nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg
import pytest

from te_assets.definitions import defs
from te_assets.lake.corrections import correct, retraction
from te_assets.lake.models import CONFIRMATIONS
from te_assets_tests.conftest import Stack
from te_assets_tests.lake.confirmations import CONTRACT, confirmed
from te_assets_tests.lake.raw_rows import RawLog

pytestmark = pytest.mark.stack

HISTORY = dg.AssetKey(["staging", "confirmations_history"])


def check(instance: dg.DagsterInstance) -> dg.AssetCheckEvaluation:
    done = defs.resolve_job_def("deliver_confirmations").execute_in_process(
        instance=instance, asset_selection=[HISTORY]
    )
    assert done.success
    (found,) = [one for one in done.get_asset_check_evaluations() if one.check_name == "sheet_totals_agree"]
    return found


def test_a_total_that_differs_is_a_warning_until_its_file_is_retracted(plant: Stack) -> None:
    log = RawLog(plant.clickhouse, CONFIRMATIONS, CONTRACT)
    rows = [confirmed("2026-03-02", "1", work_center="PRS01"), {"order_id": "Total", "good_qty": 120, "scrap_qty": 4}]
    sha256 = log.file("a.xlsx", datetime(2026, 3, 9, tzinfo=UTC), rows)
    with dg.DagsterInstance.ephemeral() as instance:
        differing = check(instance)
        correct(plant.clickhouse, retraction(plant.clickhouse, sha256, "edited by hand", undo=False), run_id="test")
        agreeing = check(instance)

    assert (differing.passed, differing.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert differing.description == (
        "Log, row 3: the total says 120, the accepted rows above it add up to 100; "
        "look for rows that the export lacks or that were edited"
    )
    assert agreeing.passed
