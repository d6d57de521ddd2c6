"""Data quality: what does not add up, is old, was rejected, has no reason, is late or stale is told, and only that."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.files import FileState, record
from te_assets_tests.dashboard.delivered import DAYS, LIST, LOG, MATRIX, TOPIC, Delivered
from te_assets_tests.dashboard.delivered import delivered as delivered
from te_assets_tests.lake.marts_workbench import Row, Workbench

pytestmark = pytest.mark.stack

OLD = "d" * 64


def reject(client: Client, line: int, **other: Any) -> None:
    row: Row = {
        "model": "confirmations",
        "contract": "sap@1",
        "file_sha256": LIST,
        "sheet": "COOIS",
        "row": line,
        "column": "scrap_qty",
        "rule": "not_a_number",
        "message": "'zwölf' is no number",
        "value": "zwölf",
        "payload": "{}",
        "resolved_by_file": "",
        "topic_id": TOPIC,
        "offset": 3,
        "line": line,
        **other,
    }
    Workbench(client).insert("te_staging.rejected_rows", [row])


def test_quality_tells_what_is_wrong(delivered: Delivered) -> None:
    """41 rows were read of the list, 40 became lines that count and one was rejected for two reasons."""
    client, dashboard = delivered.stack.clickhouse, delivered.dashboard
    reject(client, 99)
    reject(client, 99, column="unit", rule="required")
    reject(client, 98, file_sha256=LOG, contract="log@1", model="interactions", resolved_by_file=MATRIX)
    # A line that was written twice after a kill, one that was superseded, and a row that left its snapshot.
    first = "FROM te_staging.confirmations_history WHERE offset = 3 AND line = 1 LIMIT 1"
    for what in ("*", "* REPLACE (true AS is_superseded)"):
        client.command(f"INSERT INTO te_staging.confirmations_history SELECT {what} {first}")
    key = "INSERT INTO te_staging.confirmations_keys (business_key, version, production_days, publication) SELECT"
    client.command(
        f"{key} concat(business_key, 'x'), version, [production_day], concat(file_sha256, '@', contract) {first}"
    )
    client.command(f"{key} 'gone', version, [], concat('{MATRIX}', '@matrix@1') {first}")
    record(
        client,
        [
            FileState(
                OLD, "PUBLISHED", "Lost.xlsx", 1, contract="sap@1", model="confirmations", rows_read=5, rows_published=5
            )
        ],
    )
    days = [
        ["confirmations", "1000", date(2026, 3, day), "policies", ["te_marts.scrap_rate"], "0" * 64]
        for day in (2, 3, 5)
    ]
    client.insert(
        "te_ops.stale_days", days, column_names=["model", "plant", "production_day", "why", "tables", "site_hash"]
    )

    answer = dashboard.answer("quality", DAYS)

    files = {row["file_name"]: row for row in answer["files"]["rows"]}
    counted = ("rows_read", "accepted", "rejected", "skipped", "duplicates", "difference")
    assert {name: tuple(row[key] for key in counted) for name, row in files.items()} == {
        "Log.xlsx": (24, 24, 1, 0, 0, 1),
        "Matrix.xlsx": (24, 24, 0, 0, 0, 0),
        "List.xlsx": (41, 40, 1, 0, 0, 0),
        "Lost.xlsx": (5, 0, 0, 0, 0, 5),
    }
    assert answer["files"]["total"] == 4
    assert answer["files"]["differing"] == 0, "published a moment ago: they may be under way"

    (fresh,) = [row for row in answer["freshness"]["rows"] if row["model"] == "interactions"]
    age = (datetime.now(UTC) - datetime(2026, 3, 9, 5, tzinfo=UTC)) / timedelta(hours=1)
    assert (fresh["data_until"], fresh["is_fresh"]) == ("2026-03-09T05:00:00.000Z", False)
    assert fresh["age_hours"] == pytest.approx(age, abs=0.1)

    assert answer["rules"]["total"] == 1
    assert [(row["rule"], row["column"], row["rows"]) for row in answer["rules"]["rows"]] == [
        ("not_a_number", "scrap_qty", 1),
        ("required", "unit", 1),
    ]

    shares = {row["work_center"]: row for row in answer["shares"]["rows"]}
    expected = client.query(
        "SELECT sum(attributed_seconds) FROM te_marts.downtime_reasons "
        "WHERE reason_class = 'unclassified' AND work_center = 'M1'"
    ).result_rows[0][0]
    assert shares["M1"]["unclassified_seconds"] == float(expected) > 0
    assert shares["M1"]["unclassified_share"] == pytest.approx(float(expected) / shares["M1"]["planned_busy_seconds"])
    assert set(shares) == {"M1", "M2", "M3"}

    late = {row["work_center"]: (row["confirmations"], row["latest_days"]) for row in answer["late"]["rows"]}
    assert late == {
        place: (count, latest)
        for place, count, latest in client.query(
            "SELECT work_center, count(), max(dateDiff('day', production_day, posted_at)) "
            "FROM te_staging.confirmations WHERE posted_at > production_day GROUP BY work_center"
        ).result_rows
    }
    assert [(row["first_day"], row["last_day"], row["days"]) for row in answer["stale"]["rows"]] == [
        ("2026-03-05", "2026-03-05", 1),
        ("2026-03-02", "2026-03-03", 2),
    ]
    assert [note["code"] for note in answer["about"]["notes"]] == ["stale_days"]

    narrowed = dashboard.answer("quality", {**DAYS, "work_center": "M2"})
    assert [row["work_center"] for row in narrowed["shares"]["rows"]] == ["M2"]

    rows = dashboard.answer("rejected-rows", {"sort": "column"})
    assert [(row["cell"], row["column"], row["file_name"]) for row in rows["rows"]] == [
        ("COOIS!I99", "scrap_qty", "List.xlsx"),
        ("COOIS, row 99", "unit", "List.xlsx"),
    ]
    assert [row["column"] for row in dashboard.answer("rejected-rows", {"sort": "-column"})["rows"]] == [
        "unit",
        "scrap_qty",
    ]
    assert dashboard.answer("rejected-rows", {"is_open": "false"})["total"] == 3
    assert dashboard.answer("rejected-rows", {"file": LOG, "is_open": "false"})["total"] == 1
    (one,) = dashboard.answer("rejected-rows", {"rule": "required", "limit": 1})["rows"]
    assert one["value"] == "zwölf"
    nothing = dashboard.answer("rejected-rows", {"rule": "no such", "plant": "1000"})
    assert {note["code"] for note in nothing["about"]["notes"]} == {"whole_site", "no_rejected_rows"}
    wrong = dashboard.get("/api/v1/rejected-rows", {"sort": "payload"})
    assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:te-assets:problem:unknown-sort")
