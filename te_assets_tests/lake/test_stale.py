"""Which production days a changed site profile makes stale, and what makes them fresh again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake import marts, stale
from te_assets.lake.days import drop_shadow, swap_days
from te_assets.site.model import Site
from te_assets.site.tables import apply_site
from te_assets_tests.lake.emptying import Kept
from te_assets_tests.lake.marts_workbench import TODAY, Workbench, site, utc

pytestmark = pytest.mark.stack

MONDAY = date(2026, 3, 2)
DAYS = [MONDAY + timedelta(days=n) for n in range(5)]


def changed(base: Site, **parts: Any) -> Site:
    return Site.model_validate({**base.model_dump(by_alias=True), **parts})


@pytest.fixture
def bench(clickhouse: Client, kept: list[Kept]) -> Workbench:
    """A computed week of two machines: a stop on Tuesday, a set-up from Wednesday to Thursday, scrap on Friday."""
    workbench = Workbench(clickhouse)
    if kept:
        kept[0].put_back(clickhouse)
        return workbench
    workbench.apply(site(["M1", "M2"]))
    workbench.stop("1", utc("2026-03-03 06:00"), utc("2026-03-03 07:00"), "T")
    workbench.stop("2", utc("2026-03-04 12:00"), utc("2026-03-05 06:00"), "S")
    workbench.confirm("1", finished_at=utc("2026-03-06 08:00"), scrap_qty=Decimal(1), shift="early")
    workbench.cover(utc("2026-03-02 05:00"), utc("2026-03-07 05:00"))
    workbench.store()
    restate(clickhouse, "first")
    kept.append(Kept(clickhouse))
    return workbench


def restate(client: Client, run_id: str, days: list[date] = DAYS, *, knows: bool = True) -> None:
    """What a run does: it notes the profile, then swaps in current rows and every mart."""
    if knows:
        stale.note_use(client, run_id)
    swaps = [[f"te_staging.{model}", day, 0, 0, run_id] for model in marts.MARTS_OF for day in days]
    client.insert("te_ops.swaps", swaps, column_names=["table", "production_day", "rows", "sequence", "run_id"])
    marts.compute(client, marts.MARTS, DAYS[0], DAYS[-1], run_id=run_id)
    for mart in marts.MARTS:
        swap_days(client, f"te_marts.{mart}", run_id, days)
        drop_shadow(client, f"te_marts.{mart}", run_id)


def apply(client: Client, profile: Site) -> list[stale.AffectedDay]:
    found: list[stale.AffectedDay] = []

    def mark(shadows: Any) -> None:
        found.extend(stale.affected_days(client, shadows.suffix))
        stale.mark(client, found, profile.hash)

    apply_site(client, profile, today=TODAY, before_it_counts=mark)
    return found


def days_of(found: list[stale.AffectedDay], model: str) -> dict[date, tuple[str, ...]]:
    return {day.production_day: day.why for day in found if day.model == model}


def test_the_same_profile_makes_nothing_stale(bench: Workbench) -> None:
    base = site(["M1", "M2"])

    assert apply(bench.client, base) == []
    assert apply(bench.client, changed(base, name="Other", reasons={**base.model_dump(by_alias=True)["reasons"]})) == []


def test_a_reason_of_another_class_touches_the_days_that_its_stops_reach(bench: Workbench) -> None:
    base = site(["M1", "M2"])
    reasons = base.model_dump(by_alias=True)["reasons"]

    found = apply(bench.client, changed(base, reasons={**reasons, "S": {"class": "other"}}))

    assert days_of(found, "interactions") == dict.fromkeys(DAYS[2:4], ("class of reason S",))
    assert days_of(found, "confirmations") == {}


def test_text_and_group_of_a_reason_alter_no_figure(bench: Workbench) -> None:
    base = site(["M1", "M2"])
    reasons = base.model_dump(by_alias=True)["reasons"]
    spelled = {
        **reasons,
        "T": {"class": "technical", "text": "Jam", "group": "Mechanics"},
        "N": {"class": "unclassified"},
    }

    assert apply(bench.client, changed(base, reasons=spelled, targets=[{"plant": "1000", "availability": 85}])) == []


def test_a_holiday_touches_its_day_and_confirmations_only_where_there_are_some(bench: Workbench) -> None:
    base = site(["M1", "M2"])
    calendars = base.model_dump(by_alias=True)["calendars"]
    holidays = {**calendars["day"], "holidays": [DAYS[1], DAYS[4], date(2026, 4, 1)]}

    found = apply(bench.client, changed(base, calendars={**calendars, "day": holidays}))

    assert days_of(found, "interactions") == dict.fromkeys((DAYS[1], DAYS[4]), ("calendar of M1", "calendar of M2"))
    assert days_of(found, "confirmations") == {DAYS[4]: ("calendar of M1",)}


def test_a_longer_break_touches_availability_alone(bench: Workbench) -> None:
    base = site(["M1", "M2"])
    calendars = base.model_dump(by_alias=True)["calendars"]
    (period,) = calendars["day"]["periods"]
    longer = {
        **period,
        "shifts": {"early": {**period["shifts"]["early"], "breaks": [{"starts": "10:00", "ends": "11:30"}]}},
    }

    found = apply(bench.client, changed(base, calendars={**calendars, "day": {"periods": [longer]}}))

    assert list(days_of(found, "interactions")) == DAYS
    assert days_of(found, "confirmations") == {}


@pytest.mark.parametrize(
    ("policy", "interactions", "confirmations"),
    [
        ({"short_stop_minutes": 7}, DAYS[1:4], []),
        ({"short_stops": "performance"}, DAYS[1:4], []),
        ({"rework_in_produced": False}, [], [DAYS[4]]),
        ({"operator": "drop", "headline_availability": "total", "headline_scrap_basis": "order"}, [], []),
        ({"keep_runs_days": 7}, [], []),
    ],
)
def test_policies_touch_the_days_with_rows_of_their_model(
    bench: Workbench, policy: dict[str, Any], interactions: list[date], confirmations: list[date]
) -> None:
    found = apply(bench.client, site(["M1", "M2"], **policy))

    assert list(days_of(found, "interactions")) == interactions
    assert list(days_of(found, "confirmations")) == confirmations


def test_another_clock_touches_every_day(bench: Workbench) -> None:
    base = site(["M1", "M2"])
    (plant,) = base.model_dump(by_alias=True)["plants"]
    same = apply(bench.client, changed(base, plants=[{**plant, "time_zone": "Europe/Amsterdam"}]))

    found = apply(bench.client, changed(base, plants=[{**plant, "time_zone": "Europe/London"}]))

    assert same == []  # the same hours by another name
    assert list(days_of(found, "interactions")) == list(days_of(found, "confirmations")) == DAYS


def test_stale_days_are_fresh_once_a_run_that_knows_the_profile_swapped_all_of_the_model(bench: Workbench) -> None:
    client = bench.client
    stale.note_use(client, "early bird")
    apply(client, site(["M1", "M2"], short_stop_minutes=7))
    (waiting,) = stale.stale(client)

    assert (waiting.model, waiting.days, waiting.first, waiting.last) == ("interactions", 3, DAYS[1], DAYS[3])
    assert str(waiting).startswith(
        "3 production days of interactions, 2026-03-03 … 2026-03-05, have figures of an earlier"
    )
    assert stale.stale(client, "te_marts.stops") == [waiting]
    assert stale.stale(client, "te_marts.scrap_rate") == []

    restate(client, "early bird", knows=False)  # it began before the profile was changed
    assert stale.stale(client) == [waiting]
    restate(client, "late", [DAYS[1]])

    (left,) = stale.stale(client)
    assert (left.days, left.first) == (2, DAYS[2])
    restate(client, "last")
    assert stale.stale(client) == []


def test_marts_of_old_current_rows_stay_stale(bench: Workbench) -> None:
    """Marts alone do not help where the rows below were classified by the profile before."""
    client = bench.client
    apply(client, site(["M1", "M2"], rework_in_produced=False))
    stale.note_use(client, "marts")
    columns = ["table", "production_day", "rows", "sequence", "run_id"]
    swaps = {table: [table, DAYS[4], 1, 0, "marts"] for table in stale.tables_of("confirmations")}
    tables = [table for table in swaps if table != "te_staging.confirmations"]
    client.insert("te_ops.swaps", [swaps[table] for table in tables], column_names=columns)

    assert remaining(client) == ["te_staging.confirmations"]
    client.insert("te_ops.swaps", [swaps["te_staging.confirmations"]], column_names=columns)
    assert remaining(client) == sorted(tables)
    client.insert("te_ops.swaps", [swaps[table] for table in tables], column_names=columns)
    assert remaining(client) == []


def remaining(client: Client) -> list[str]:
    rows = client.query("SELECT arrayJoin(tables) FROM te_ops.stale ORDER BY 1").result_rows
    return [table for (table,) in rows]


@pytest.mark.parametrize("kill", ["before the exchange", "after it"])
def test_a_kill_while_the_profile_is_applied_forgets_no_day(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, kill: str
) -> None:
    client = bench.client
    insert, command = client.insert, client.command

    def die_at_the_version(table: str, *arguments: Any, **options: Any) -> Any:
        if table == "te_ops.site_versions":
            raise KeyboardInterrupt
        return insert(table, *arguments, **options)

    def die_at_the_exchange(statement: str, *arguments: Any, **options: Any) -> Any:
        if statement.startswith("EXCHANGE"):
            raise KeyboardInterrupt
        return command(statement, *arguments, **options)

    with monkeypatch.context() as patched:
        if kill == "after it":
            patched.setattr(client, "insert", die_at_the_version)
        else:
            patched.setattr(client, "command", die_at_the_exchange)
        with pytest.raises(KeyboardInterrupt):
            apply(client, site(["M1", "M2"], short_stop_minutes=7))
    assert client.query("SELECT count() FROM te_ops.site_versions").result_rows == [(1,)]

    apply(client, site(["M1", "M2"], short_stop_minutes=7))

    (waiting,) = stale.stale(client)
    assert (waiting.days, waiting.why) == (3, ("policy short_stop_minutes",))
    restate(client, "after")
    assert stale.stale(client) == []
