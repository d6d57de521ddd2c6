"""`judge` says what delivering lines would bring, and keeps nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.compilation import compile_typing
from te_assets.lake.faults import Fault, address
from te_assets.lake.history import type_history
from te_assets.lake.judging import Judgement, judge
from te_assets.lake.models import INTERACTIONS
from te_assets.lake.typing_ledger import Verdicts
from te_assets.site.profile import parse_site
from te_assets.site.tables import apply_site
from te_assets_tests.lake.raw_rows import RawLog
from te_assets_tests.lake.test_history import SITE, at, stop

EXPORTED = datetime(2026, 3, 9, 6, 15, tzinfo=UTC)
CONTRACT = "operator_log@2"
TYPING = compile_typing(load_contracts(None).get(CONTRACT), parse_site(SITE).places())


def rows(*given: dict[str, Any] | str) -> bytes:
    """Lines as the reader writes them, numbered from row 2 on."""
    return "\n".join(
        row if isinstance(row, str) else json.dumps({"_row": number, **row}) for number, row in enumerate(given, 2)
    ).encode()


def judged(client: Client, *payloads: bytes, typing: str = TYPING, limit: int = 20) -> Judgement:
    apply_site(client, parse_site(SITE), today=date(2026, 3, 31))
    return judge(
        client,
        INTERACTIONS,
        typing,
        contract=CONTRACT,
        sha256="a" * 64,
        sheet="Log",
        exported_at=EXPORTED,
        payloads=payloads,
        limit=limit,
    )


def tables(client: Client) -> dict[str, int]:
    """Rows per table of all databases of the lake."""
    found = client.query(
        "SELECT concat(database, '.', name), total_rows FROM system.tables WHERE startsWith(database, 'te_') "
        "AND engine LIKE '%MergeTree%' OR engine = 'Memory' AND startsWith(database, 'te_')"
    ).result_rows
    return {name: int(count or 0) for name, count in found}


GOOD = stop(1, "2026-03-05T07:00:00", "2026-03-05T08:00:00")
BACKWARDS = stop(2, "2026-03-05T09:00:00", "2026-03-05T08:00:00")
LONG = stop(3, "2026-03-02T07:00:00", "2026-03-06T08:00:00")


def test_a_cell_is_named_as_excel_does_or_by_its_row() -> None:
    fault = Fault(118, "scrap_qty", "not_a_number", "no number", "x")

    assert address(fault, "Confirmations", {"scrap_qty": "H"}) == "Confirmations!H118"
    assert address(fault, "Confirmations", {}) == "Confirmations, row 118"


@pytest.mark.stack
def test_every_line_gets_a_verdict_and_nothing_is_kept(clickhouse: Client) -> None:
    apply_site(clickhouse, parse_site(SITE), today=date(2026, 3, 31))
    before = tables(clickhouse)
    total = {"plant": "Total", "work_center": "", "interaction_id": ""}
    found = judged(clickhouse, rows(GOOD, BACKWARDS, LONG, total), rows("no json"))

    assert found.verdicts == Verdicts(accepted=2, rejected=2, skipped=1, duplicates=0)
    assert [(f.row, f.column, f.rule) for f in found.faults if f.row == 3] == [(3, "ended_at", "end_before_start")]
    assert "not_json" in {f.rule for f in found.faults}
    assert [(n.row, n.rule) for n in found.notes] == [(4, "longer_than_72_hours")]
    assert found.sums["stops"] == 2
    assert tables(clickhouse) == before


@pytest.mark.stack
def test_no_line_is_no_failure(clickhouse: Client) -> None:
    assert judged(clickhouse) == Judgement(Verdicts(), (), (), {})


@pytest.mark.stack
def test_equal_rows_of_the_file_are_duplicates_over_the_bounds_of_batches(clickhouse: Client) -> None:
    first, again = rows(GOOD, GOOD), json.dumps({"_row": 4, **GOOD}).encode()

    assert judged(clickhouse, first, again).verdicts == Verdicts(accepted=1, duplicates=2)


@pytest.mark.stack
def test_what_was_delivered_before_does_not_matter(clickhouse: Client) -> None:
    apply_site(clickhouse, parse_site(SITE), today=date(2026, 3, 31))
    RawLog(clickhouse, INTERACTIONS, CONTRACT).file("a.xlsx", at(6), [GOOD])
    type_history(clickhouse, INTERACTIONS, {CONTRACT: TYPING}, run_id="test")

    assert judged(clickhouse, rows(GOOD)).verdicts == Verdicts(accepted=1)


@pytest.mark.stack
def test_faults_are_the_first_in_row_order_and_at_most_as_many_as_asked(clickhouse: Client) -> None:
    found = judged(clickhouse, rows(*[BACKWARDS] * 30), limit=3)

    assert found.verdicts.rejected == 30
    assert [fault.row for fault in found.faults] == [2, 3, 4]


@pytest.mark.stack
def test_delivering_the_lines_gives_the_same_verdicts(clickhouse: Client) -> None:
    """`check` said a file was good; `ingest` then rejected rows of it."""
    lines: list[dict[str, Any] | str] = [GOOD, BACKWARDS, LONG, GOOD, LONG, "no json", stop(4, "31.02.2026 07:00")]
    found = judged(clickhouse, rows(*lines))
    RawLog(clickhouse, INTERACTIONS, CONTRACT).file("a.xlsx", EXPORTED, lines)
    typed = type_history(clickhouse, INTERACTIONS, {CONTRACT: TYPING}, run_id="test")

    assert found.verdicts == typed.verdicts
    recorded = clickhouse.query(
        "SELECT row, column, rule, message, value FROM te_staging.rejected_rows FINAL ORDER BY row, column"
    ).result_rows
    with_rows = {fault for fault in found.faults if fault.rule != "not_json"}
    assert with_rows == {Fault(*row) for row in recorded if row[2] != "not_json"}


@pytest.mark.stack
def test_tables_are_dropped_when_the_typing_fails(clickhouse: Client) -> None:
    from clickhouse_connect.driver.exceptions import ClickHouseError

    apply_site(clickhouse, parse_site(SITE), today=date(2026, 3, 31))
    before = tables(clickhouse)
    with pytest.raises(ClickHouseError):
        judged(clickhouse, rows(GOOD), typing="SELECT nonsense FROM lines")

    assert tables(clickhouse) == before
