from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake import marts
from te_assets.lake.days import drop_shadow, swap_days
from te_assets_tests.lake.marts_workbench import Workbench, site, utc

pytestmark = pytest.mark.stack

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def bench(clickhouse: Client) -> Workbench:
    """Two days with a stop and a confirmation each."""
    workbench = Workbench(clickhouse)
    workbench.apply(site(lines={"L": ("series", ["M1"])}))
    for number, day in enumerate((MONDAY, TUESDAY)):
        start, end = utc(f"{day} 06:00"), utc(f"{day} 07:00")
        workbench.stop(f"{number}", start, end, "T")
        workbench.confirm(
            f"{number}",
            good_qty=Decimal(9),
            scrap_qty=Decimal(1),
            scrap_reason_code="0001",
            shift="early",
            started_at=start,
            finished_at=end,
        )
    workbench.cover(utc("2026-03-01 05:00"), utc("2026-03-04 05:00"))
    workbench.store()
    return workbench


ROWS: dict[marts.Mart, int] = {
    "availability": 2,
    "availability_line": 2,
    "downtime_reasons": 4,
    "stops": 2,
    # per day: before the shift nothing, running, the break, the stop and what lies between, after the shift
    "states": 12,
    "scrap_rate": 2,
    "scrap_reasons": 2,
}


def compute_all(client: Client, suffix: str) -> None:
    marts.compute(client, marts.MARTS, MONDAY, TUESDAY, run_id=f"run {suffix}", shadow_suffix=suffix)


def tables(client: Client) -> set[str]:
    return {name for (name,) in client.query("SHOW TABLES FROM te_marts").result_rows}


def test_only_refreshed_at_and_run_id_differ_between_two_computations(bench: Workbench) -> None:
    for mart in marts.MARTS:
        contents = []
        for suffix in ("one", "two"):
            (shadow,) = marts.compute(
                bench.client, [mart], MONDAY, TUESDAY, run_id=suffix, shadow_suffix=suffix
            ).values()
            result = bench.client.query(
                f"SELECT * EXCEPT (refreshed_at, run_id), run_id = '{suffix}' FROM {shadow} ORDER BY ALL"
            )
            contents.append(result.result_rows)
        assert contents[0] == contents[1]
        assert len(contents[0]) == ROWS[mart]
        assert all(row[-1] for row in contents[0])


def test_swapped_days_are_readable_and_shadows_gone(bench: Workbench) -> None:
    before = tables(bench.client)
    compute_all(bench.client, "r")

    rows = {mart: swap_days(bench.client, f"te_marts.{mart}", "r", [MONDAY, TUESDAY]) for mart in marts.MARTS}
    for mart in marts.MARTS:
        drop_shadow(bench.client, f"te_marts.{mart}", "r")

    assert rows["availability"] == {MONDAY: 1, TUESDAY: 1}
    assert bench.client.query("SELECT count(), any(run_id) FROM te_marts.scrap_rate").result_rows == [(2, "run r")]
    assert tables(bench.client) == before


def test_day_that_became_empty_is_emptied_and_its_neighbour_stays(bench: Workbench) -> None:
    compute_all(bench.client, "r")
    swap_days(bench.client, "te_marts.stops", "r", [MONDAY, TUESDAY])
    bench.client.command("TRUNCATE TABLE te_staging.interactions")

    marts.compute(bench.client, ["stops"], MONDAY, MONDAY, run_id="again", shadow_suffix="r")
    swap_days(bench.client, "te_marts.stops", "r", [MONDAY])

    assert bench.client.query("SELECT production_day, count() FROM te_marts.stops GROUP BY ALL").result_rows == [
        (TUESDAY, 1)
    ]


def test_sound_shadows_have_no_findings(bench: Workbench) -> None:
    compute_all(bench.client, "r")

    assert marts.checks(bench.client, marts.MARTS, MONDAY, TUESDAY, shadow_suffix="r") == ()


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("availability UPDATE availability = 1.5", "availability_between_0_and_1"),
        ("availability UPDATE coverage = 'none'", "availability_between_0_and_1"),
        ("availability UPDATE production_seconds = 0", "parts_add_up"),
        ("availability UPDATE unexplained_seconds = 30000", "parts_add_up"),
        ("downtime_reasons UPDATE attributed_seconds = attributed_seconds + 1", "reasons_add_up"),
        ("stops UPDATE starts_here = false", "stops_add_up"),
        ("availability_line UPDATE production_seconds = 0", "line_parts_add_up"),
        ("states UPDATE ended_at = ended_at - 1", "states_without_gaps"),
        ("states UPDATE state = 'technical'", "states_without_gaps"),
        ("scrap_rate UPDATE scrap_qty = 2", "scrap_as_in_staging"),
        ("scrap_reasons DELETE", "scrap_reasons_add_up"),
    ],
)
def test_damaged_day_is_found(bench: Workbench, damage: str, check: str) -> None:
    compute_all(bench.client, "r")
    mart, action = damage.split(" ", 1)
    bench.client.command(
        f"ALTER TABLE te_marts.{mart}__r {action} WHERE production_day = '{TUESDAY}'", settings={"mutations_sync": 2}
    )

    findings = marts.checks(bench.client, marts.MARTS, MONDAY, TUESDAY, shadow_suffix="r")

    assert {(finding.check, finding.production_day) for finding in findings} >= {(check, TUESDAY)}
    assert all(finding.production_day == TUESDAY for finding in findings)
    assert f"{TUESDAY}: {check}: " in "\n".join(map(str, findings))


def test_checks_look_only_at_marts_that_were_computed(bench: Workbench) -> None:
    marts.compute(bench.client, ["availability"], MONDAY, TUESDAY, run_id="r")

    assert marts.checks(bench.client, ["availability"], MONDAY, TUESDAY, shadow_suffix="r") == ()


def test_range_longer_than_a_hundred_days_is_one_computation(bench: Workbench) -> None:
    (shadow,) = marts.compute(bench.client, ["availability"], date(2026, 1, 1), date(2026, 6, 30), run_id="r").values()

    assert bench.client.query(f"SELECT uniqExact(production_day) FROM {shadow}").result_rows == [(129,)]
