"""When a file was exported decides which of two exports wins, so its origin is never guessed in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from te_assets.contracts.model import Contract
from te_assets.errors import ContractError
from te_assets.intake.provenance import export_time, period
from te_assets.workbook.guard import Guarded

FIRST_SEEN = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
MODIFIED = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
CREATED = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
FULL = Guarded(False, MODIFIED, CREATED, 1000)
BARE = Guarded(False, None, None, 1000)

CONTRACT = r"""
source: stops
feeds: interactions
version: 1
columns:
  plant: {type: text, required: true, aliases: [Plant]}
  work_center: {type: text, required: true, aliases: [Work Center]}
  interaction_id: {type: text, required: true, aliases: [ID]}
  started_at: {type: datetime, required: true, aliases: [Start]}
  ended_at: {type: datetime, aliases: [End]}
business_key: [plant, work_center, interaction_id]
period: {file_name: '(?P<from>\d{4}-\d{2}-\d{2})_(?P<to>\d{4}-\d{2}-\d{2})'}
"""


def contract(export: str) -> Contract:
    return Contract.from_yaml(f"{CONTRACT}export_time: {export}\n", "test")


ALL = contract(r"[{file_name: 'exported-(?P<at>[0-9T]+(?:[+-]\d{4})?)'}, {workbook: modified}, first_seen]")


def test_file_name_wins_and_is_utc() -> None:
    found = export_time(ALL, "stops_exported-20260309T061500.xlsx", FULL, FIRST_SEEN)
    assert (found.at, found.origin) == (datetime(2026, 3, 9, 6, 15, tzinfo=UTC), "file_name")
    assert found.warnings == ()


def test_offset_in_the_file_name_counts() -> None:
    found = export_time(ALL, "stops_exported-20260309T061500+0100.xlsx", FULL, FIRST_SEEN)
    assert found.at == datetime(2026, 3, 9, 5, 15, tzinfo=UTC)


def test_workbook_properties_come_next() -> None:
    found = export_time(ALL, "stops.xlsx", FULL, FIRST_SEEN)
    assert (found.at, found.origin, found.warnings) == (MODIFIED, "workbook", ())
    assert export_time(contract("[{workbook: created}]"), "stops.xlsx", FULL, FIRST_SEEN).at == CREATED


@pytest.mark.parametrize("chosen", [ALL, contract("[first_seen]"), contract("[{workbook: modified}]")])
def test_first_seen_comes_last_and_with_a_warning(chosen: Contract) -> None:
    found = export_time(chosen, "stops.xlsx", BARE, FIRST_SEEN)
    assert (found.at, found.origin) == (FIRST_SEEN, "first_seen")
    assert "first seen" in found.warnings[0]
    assert "2026-03-09 07:00 UTC" in found.warnings[0]


def test_time_in_the_future_is_warned_about() -> None:
    """A portal's clock was a year ahead: its exports won over every correction."""
    found = export_time(ALL, "stops_exported-20270309T061500.xlsx", FULL, FIRST_SEEN)
    assert found.at.year == 2027
    assert "later than it was seen" in found.warnings[0]


def test_unreadable_time_in_the_file_name_is_an_error() -> None:
    with pytest.raises(
        ContractError, match=r"'20269999T0615' in the file name cannot be read by stops@1.*Name the file"
    ):
        export_time(ALL, "stops_exported-20269999T0615.xlsx", FULL, FIRST_SEEN)


def test_period_is_what_the_file_name_declares() -> None:
    assert period(ALL, "stops_2026-03-02_2026-03-08.xlsx") == (date(2026, 3, 2), date(2026, 3, 8))
    assert period(ALL, "stops.xlsx") is None


def test_impossible_periods_are_errors() -> None:
    with pytest.raises(ContractError, match=r"ends \(2026-03-02\) before it begins \(2026-03-08\)"):
        period(ALL, "stops_2026-03-08_2026-03-02.xlsx")
    with pytest.raises(ContractError, match="period in the file name cannot be read"):
        period(ALL, "stops_2026-02-30_2026-03-02.xlsx")
