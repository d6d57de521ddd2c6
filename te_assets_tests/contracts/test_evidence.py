"""What values prove of separators and date orders, and what they leave open."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from te_assets.contracts.evidence import are_dates, are_times, date_evidence, number_evidence, unreadable_numbers
from te_assets.contracts.model_parts import Locale


@pytest.mark.parametrize(
    ("values", "settings"),
    [
        (["1.234,500", "12"], {"decimal": ",", "thousands": "."}),
        (["1,234.5", "7"], {"decimal": ".", "thousands": ","}),
        (["0,125"], {"decimal": ",", "thousands": ""}),
        (["12,5"], {"decimal": ",", "thousands": ""}),
        (["1234,500"], {"decimal": ",", "thousands": ""}),
        (["1.234.567"], {"decimal": ",", "thousands": "."}),
        (["1 234,5"], {"decimal": ",", "thousands": " "}),
        (["155,22-"], {"decimal": ",", "thousands": "", "trailing_minus": True}),
        (["12", "13"], {}),
        ([12.5, 1234], {}),
        (["zwölf"], {}),
    ],
)
def test_separators_are_what_some_number_proves(values: list[str | float], settings: dict[str, object]) -> None:
    found = number_evidence(values)

    assert found.settings == settings
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("values", "words"),
    [(["1.234", "2.500"], "may mean a thousand times as much"), (["1,5", "2.5"], "different decimal separators")],
)
def test_numbers_that_prove_nothing_leave_a_doubt(values: list[str], words: str) -> None:
    found = number_evidence(values)

    assert found.settings == {}
    assert words in found.doubts[0]


@pytest.mark.parametrize(
    ("values", "orders"),
    [
        (["13.03.2026", "02.03.2026"], ("%d.%m.%Y",)),
        (["02/03/2026", "13/03/2026 08:00"], ("%d/%m/%Y",)),
        (["02/03/2026", "03/13/2026"], ("%m/%d/%Y",)),
        (["20260313"], ("%Y%m%d",)),
        (["2026/03/13", "13.03.2026"], ("%Y/%m/%d", "%d.%m.%Y")),
        (["2026-03-13T08:00:00", "2026-03-13"], None),
        (["08:00", "soon"], None),
    ],
)
def test_date_orders_are_what_the_values_fit(values: list[str], orders: tuple[str, ...] | None) -> None:
    assert date_evidence(values).settings == ({} if orders is None else {"dates": orders})


def test_days_up_to_twelve_prove_no_order_of_day_and_month() -> None:
    found = date_evidence(["02/03/2026", "11/12/2026"])

    assert found.settings == {}
    assert "would fit %d/%m/%Y and %m/%d/%Y: declare the right one" in found.doubts[0]


def test_times_and_dates_are_told_apart() -> None:
    assert are_times(["08:00", "23:59:59", 0.5])
    assert not are_times(["08:00", "2026-03-02"])
    assert not are_times([])
    assert are_dates(["2026-03-02T00:00:00", "02.03.2026"])
    assert not are_dates(["4711", "12"])


@given(st.lists(st.decimals(-999_999, 999_999, places=3), min_size=1, max_size=20))
def test_whatever_is_proved_reads_every_number_as_it_was_written(numbers: list[Decimal]) -> None:
    """A wrong separator would make 1.234 pieces of 1,234."""
    written = [f"{number:,.3f}".translate(str.maketrans(",.", ".,")) for number in numbers]

    found = number_evidence(written)

    if "decimal" in found.settings:
        locale = Locale.model_validate(found.settings)
        assert locale.decimal == ","
        assert locale.thousands in (".", "")
        assert unreadable_numbers(written, locale) == []
    else:
        assert all("." not in text and abs(number) >= 1 for text, number in zip(written, numbers, strict=True))


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=20), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_the_order_found_is_the_one_that_was_written(offsets: list[int], order: str) -> None:
    days = [date(1990, 1, 1) + timedelta(days=offset) for offset in offsets]

    found = date_evidence([f"{day:{order}}" for day in days])

    assert found.settings.get("dates", (order,)) == (order,)
