"""Migrations: each once, in order, safe to repeat."""

from __future__ import annotations

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.errors import LakeError
from te_assets.lake.migrate import Migration, migrate, shipped
from te_assets.lake.schema import tables


def test_numbers_are_contiguous_and_names_say_what_they_do() -> None:
    numbers = [int(m.name.split("_")[0]) for m in shipped()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_every_column_of_every_table_has_a_comment() -> None:
    found = tables()

    assert {"te_raw.interactions", "te_staging.confirmations", "te_marts.availability", "te_ops.load_ledger"} <= set(
        found
    )
    assert [c.name for c in found["te_ops.policies"]] == ["name", "value"]
    assert all(column.comment for columns in found.values() for column in columns)


@pytest.mark.stack
def test_migrating_again_applies_nothing(clickhouse: Client) -> None:
    assert migrate(clickhouse) == ()


@pytest.mark.stack
def test_definitions_and_clickhouse_agree_on_columns(clickhouse: Client) -> None:
    rows = clickhouse.query(
        "SELECT database || '.' || table, name, comment FROM system.columns WHERE database LIKE 'te_%' ORDER BY ALL"
    ).result_rows
    in_clickhouse = {(table, name, comment) for table, name, comment in rows}

    assert {(table, c.name, c.comment) for table, columns in tables().items() for c in columns} <= in_clickhouse


@pytest.mark.stack
def test_a_new_migration_is_applied_once_and_recorded(clickhouse: Client) -> None:
    fresh = Migration(
        "9999_note.sql", "-- A note.\nCREATE TABLE IF NOT EXISTS te_ops.note (x UInt8) ENGINE = Memory;\n"
    )

    assert migrate(clickhouse, (*shipped(), fresh)) == ("9999_note.sql",)
    assert migrate(clickhouse, (*shipped(), fresh)) == ()
    assert clickhouse.command("SELECT count() FROM system.tables WHERE database = 'te_ops' AND name = 'note'") == 1


@pytest.mark.stack
def test_an_edited_migration_is_refused_by_name(clickhouse: Client) -> None:
    first, *others = shipped()
    edited = Migration(first.name, first.text + "-- edited\n")

    with pytest.raises(LakeError, match=r"0001_databases.sql was applied with another content.*new numbered file"):
        migrate(clickhouse, (edited, *others))
