"""docs/kpi.md: every worked example has a test that computes its figure, columns exist, and its queries run."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import pytest

from te_assets.stack.connect import clickhouse_client
from te_assets_tests.conftest import Stack
from te_assets_tests.lake.worked_examples import PAGE, Example, examples, table

_QUERY = re.compile(r"^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)


def queries() -> list[str]:
    found = _QUERY.findall(PAGE.read_text(encoding="utf-8"))
    return [query.strip() for block in found for query in block.split(";") if query.strip()]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_an_example_names_a_test_that_compares_with_its_figure(example: Example) -> None:
    module, _, name = example.test.partition(".py::")
    test = getattr(import_module(f"te_assets_tests.lake.{module}"), name)

    assert "page_figure" in inspect.signature(test).parameters
    assert re.search(r"\bpage_figure\b(?!: str)", inspect.getsource(test))
    assert re.search(r"\d", example.figure)
    assert example.by_hand


def test_no_two_examples_share_a_test() -> None:
    tests = [example.test for example in examples()]

    assert len(tests) == len(set(tests)) >= 16


@pytest.mark.stack
def test_columns_of_the_definitions_exist(stack: Stack) -> None:
    found = stack.clickhouse.query("SELECT concat(table, '.', name) FROM system.columns WHERE database = 'te_marts'")
    there = {name for (name,) in found.result_rows}
    named = {column for *_, cell in table("Definitions") for column in re.findall(r"`([^`]+)`", cell)}

    assert len(named) >= 20
    assert named <= there, sorted(named - there)


@pytest.mark.stack
@pytest.mark.parametrize("query", queries())
def test_a_query_of_the_page_runs_for_readers(stack: Stack, query: str) -> None:
    client = clickhouse_client(stack.endpoints, reader=True)
    try:
        client.query(query)
    finally:
        client.close()


def test_the_page_asks_for_everything_that_is_new() -> None:
    asked = "\n".join(queries())
    for name in ("availability_plant_week", "availability_line_month", "scrap_rate_plant_month", "states"):
        assert f"te_marts.{name}" in asked
    for name in ("order_yield", "late_postings", "availability_as_of", "scrap_rate_converted"):
        assert f"te_marts.{name}" in asked
