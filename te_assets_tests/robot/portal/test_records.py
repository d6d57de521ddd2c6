"""Periods partition the records, and no two exports are the same file."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from te_assets.robot.periods import of_days
from te_assets.robot.portal.records import PlantRecords
from te_assets.simulator.calendar import milliseconds
from te_assets_tests.robot.conftest import DAYS, FIRST

LATER = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("hours", [1, 6, 24])
def test_each_record_lies_in_exactly_one_period(records: PlantRecords, hours: int) -> None:
    """Over a change of the clock too: the records end on 30 March."""
    periods = list(of_days(FIRST, date(2026, 3, 31), hours, records.zone))
    stops, confirmations = Counter[object](), Counter[object]()
    for period in periods:
        bounds = [records.instant(wall.replace(tzinfo=None)) for wall in (period.starts, period.ends)]
        stops.update(stop.key for stop in records.stops(bounds[0], bounds[1], LATER))
        confirmations.update(each.key for each in records.confirmations(bounds[0], bounds[1], LATER))
    whole = milliseconds(periods[0].starts), milliseconds(periods[-1].ends)

    assert DAYS == 29
    assert set(stops.values()) == set(confirmations.values()) == {1}
    assert stops.total() == len(records.stops(*whole, LATER)) > 1000
    assert confirmations.total() == len(records.confirmations(*whole, LATER)) > 1000


def test_a_workbook_holds_the_rows_of_its_period_and_is_like_no_other(records: PlantRecords, tmp_path: Path) -> None:
    (day,) = of_days(date(2026, 3, 3), date(2026, 3, 3), 24, records.zone)
    bounds = milliseconds(day.starts), milliseconds(day.ends)
    hashes = set()
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = records.write("interactions", *bounds, folder)
        hashes.add(hashlib.sha256(path.read_bytes()).hexdigest())
        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None
        begun = [row[3] for row in sheet.iter_rows(min_row=4, values_only=True)]
        assert len(begun) == len(records.stops(*bounds, LATER))
        assert {each.date() for each in begun if isinstance(each, datetime)} == {date(2026, 3, 3)}
    assert len(hashes) == 3


def test_what_lies_ahead_is_not_exported(records: PlantRecords) -> None:
    now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    starts, ends = milliseconds(datetime(2026, 3, 3, tzinfo=UTC)), milliseconds(datetime(2026, 3, 4, tzinfo=UTC))
    known = records.stops(starts, ends, now)

    assert 0 < len(known) < len(records.stops(starts, ends, LATER))
    assert all(stop.started < milliseconds(now) for stop in known)
    assert all(stop.ended is None or stop.ended <= milliseconds(now) for stop in known)
