"""What the gateway asks of ClickHouse; each is a problem where it does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from te_assets.errors import StackError, TeAssetsError, WorkbookError
from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.delivery.file_events import FileReceived
    from te_assets.settings import Settings


@contextmanager
def reader(settings: Settings) -> Iterator[Client]:
    """A client that may read; as te_reader where its password is known.

    Raises:
        Problem: ClickHouse does not answer.
    """
    with _client(settings, may_write=False) as client:
        yield client


@contextmanager
def _client(settings: Settings, *, may_write: bool = True) -> Iterator[Client]:
    from clickhouse_connect.driver.exceptions import ClickHouseError

    from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint

    try:
        where = clickhouse_endpoint(settings)
        client = clickhouse_client(where, reader=not may_write and where.reader_password is not None)
        try:
            yield client
        finally:
            client.close()
    except (StackError, ClickHouseError) as error:
        raise Problem(
            503,
            "clickhouse-away",
            "ClickHouse does not answer, and it knows how far a file has come. What was received is safe; ask again.",
            headers={"Retry-After": "5"},
        ) from error


def put_on_record(settings: Settings, event: FileReceived) -> None:
    """Write into te_ops.files that a file was received, unless it stands there.

    Raises:
        Problem: ClickHouse does not answer.
    """
    from te_assets.lake.files import FileState, of_file, record
    from te_assets.stack.standstill import steady

    with steady(settings), _client(settings) as client:
        if not of_file(client, event.sha256):
            record(client, [FileState(event.sha256, "SEEN", event.name, event.size)])


def lake_answers(settings: Settings) -> bool:
    """Whether ClickHouse answers now."""
    try:
        with reader(settings):
            return True
    except (Problem, TeAssetsError):
        return False


def stages(settings: Settings, sha256: str) -> list[dict[str, Any]]:
    """How far a file has come, per publication; empty for one that the lake does not know.

    Raises:
        Problem: ClickHouse does not answer.
    """
    from te_assets.lake.deliveries import progress

    with reader(settings) as client:
        return [asdict(each) for each in progress(client, sha256)]


def rejects(settings: Settings, sha256: str, folder: str, number: int) -> Path:
    """A workbook of rejected rows of a file, written into a folder; `number` counts from 1.

    Raises:
        Problem: ClickHouse does not answer or does not know the file, its copy is gone, or there are fewer workbooks.
    """
    from te_assets.automation.repairing import write_rejects_of_file
    from te_assets.lake.files import UnknownFile

    try:
        with reader(settings) as client:
            written = write_rejects_of_file(settings, client, sha256, Path(folder) / f"rejected-{sha256[:12]}.xlsx")
    except UnknownFile as error:
        raise Problem(404, "unknown-file", str(error)) from error
    except WorkbookError as error:
        raise Problem(410, "copy-gone", str(error)) from error
    if number > len(written):
        raise Problem(404, "no-rejects", f"{len(written)} workbooks of rejected rows wait to be repaired.")
    return written[number - 1].path
