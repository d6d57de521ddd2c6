"""Computes staging and marts anew from raw, in a fresh engine, and compares: what is shown follows from raw alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from te_assets.delivery.topics import ROW_TOPICS
from te_assets.lake.current import restate_current
from te_assets.lake.days import swap_days
from te_assets.lake.history import type_history
from te_assets.lake.marts import MARTS, compute, table_of
from te_assets.lake.migrate import migrate
from te_assets.lake.models import MODELS
from te_assets.lake.touched import DayRange, contiguous_pieces, waiting_days
from te_assets.profile import Profile
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.connect import ClickHouseEndpoint, clickhouse_client
from te_assets.stack.home import Home

COPIED = ("te_raw.interactions", "te_raw.confirmations", "te_ops.load_ledger", "te_ops.files")
SHOWN = ("te_staging.interactions", "te_staging.confirmations", *(table_of(mart) for mart in MARTS))


@contextmanager
def fresh_lake(folder: Path) -> Iterator[Client]:
    """An empty, migrated engine of its own."""
    server = ClickHouseServer(Home(folder).create())
    server.start()
    where = ClickHouseEndpoint(server.url, "te_writer", SecretStr(server.writer_password), "te_reader", None)
    client = clickhouse_client(where)
    try:
        migrate(client)
        yield client
    finally:
        client.close()
        server.stop()


def recompute(source: Client, target: Client, profile: Profile) -> None:
    """Copy raw and what says what was loaded, then type and restate everything in the target."""
    for table in COPIED:
        target.raw_insert(table, insert_block=source.raw_query(f"SELECT * FROM {table}", fmt="Native"), fmt="Native")
    profile.apply(target)
    for name in ROW_TOPICS:
        model = MODELS[name]
        type_history(target, model, profile.typing(name), run_id="recomputation", max_lines=50_000)
        for piece in contiguous_pieces(waiting_days(target, name), 31):
            restate_current(target, model, piece, run_id=uuid4().hex)
    waiting = {day for name in MODELS for day in waiting_days(target, name)}
    for piece in contiguous_pieces(waiting, 400):
        restate_marts(target, piece)


def restate_marts(client: Client, days: DayRange) -> None:
    """All marts of a range, swapped in."""
    run_id = uuid4().hex
    compute(client, MARTS, days.first, days.last, run_id=run_id)
    for mart in MARTS:
        swap_days(client, table_of(mart), run_id, days.days)


def fingerprint(client: Client, table: str) -> tuple[int, int]:
    """Rows and their content, without when and by which run they were computed."""
    rows = client.query(f"SELECT count(), sum(cityHash64(*)) FROM ({_content(table)})")
    number, content = rows.result_rows[0]
    return number, content


def differences(source: Client, target: Client) -> list[str]:
    """Tables that are not the same, each with a row or two that stand in one of them alone."""
    return [
        f"{table}: {_apart(source, target, table)}"
        for table in SHOWN
        if fingerprint(source, table) != fingerprint(target, table)
    ]


def _content(table: str) -> str:
    stamps = "EXCEPT (refreshed_at, run_id)" if table.startswith("te_marts.") else ""
    return f"SELECT toJSONString(tuple(* {stamps})) AS content FROM {table}"


def _apart(source: Client, target: Client, table: str) -> str:
    here, there = ({content for (content,) in client.query(_content(table)).result_rows} for client in (source, target))
    return f"shown alone: {sorted(here - there)[:2]}, computed alone: {sorted(there - here)[:2]}"
