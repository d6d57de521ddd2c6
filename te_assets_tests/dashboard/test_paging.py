"""Which days a page is read from, and what a table can be sorted by."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.paging import Days, ordered
from te_assets.web.problems import Problem

SPECS = (ColumnSpec("plant", is_sortable=True), ColumnSpec("name"), ColumnSpec("shift", is_sortable=True))
NEWEST = date(2026, 3, 31)


@given(
    counts=st.lists(st.integers(1, 40), max_size=12),
    sort=st.sampled_from(("production_day", "-production_day", "plant")),
    offset=st.integers(0, 500),
    limit=st.integers(1, 60),
)
def test_the_days_of_a_page_hold_just_the_rows_that_it_would_have_of_all_days(
    counts: list[int], sort: str, offset: int, limit: int
) -> None:
    days = [{"production_day": NEWEST - timedelta(days=n), "rows": rows} for n, rows in enumerate(counts)]
    in_order = days if sort == "-production_day" else list(reversed(days))
    rows = [(day["production_day"], n) for day in in_order for n in range(int(str(day["rows"])))]

    page = Days.of(days, sort, offset, limit)

    assert page.total == len(rows)
    assert page.any == bool(rows[offset : offset + limit])
    if page.any:
        first, last = page.bound.get("first_day", date.min), page.bound.get("last_day", date.max)
        read = [row for row in rows if first <= date.fromisoformat(str(row[0])) <= last]
        begin = page.bound["offset"]
        assert read[begin : begin + page.bound["limit"]] == rows[offset : offset + limit]
        if sort == "-production_day":
            assert begin < rows.count(rows[offset]) + int(str(in_order[0]["rows"])) + max(counts)


def test_what_a_table_cannot_be_sorted_by_is_refused_with_what_it_can_be_sorted_by() -> None:
    for sort in ("name", "-name", "no_column"):
        with pytest.raises(Problem) as refused:
            ordered(sort, SPECS, "m.key")
        assert refused.value.status == 422
        assert "plant, shift" in refused.value.detail


def test_an_order_is_a_total_one_and_what_has_no_value_comes_last_either_way() -> None:
    assert ordered("shift", SPECS, "m.key") == "m.shift ASC NULLS LAST, m.key"
    assert ordered("-shift", SPECS, "m.key") == "m.shift DESC NULLS LAST, m.key"
