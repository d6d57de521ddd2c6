"""How the dashboard asks ClickHouse: read-only, with bound values, never longer than ten seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from anyio import CapacityLimiter, to_thread

from te_assets.errors import StackError
from te_assets.lake.sql import templates
from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.settings import Settings

LONGEST_SECONDS: Final = 10
MOST_QUERIES: Final = 16  # at a time; te_reader may have 60
_CONNECT_SECONDS: Final = 3
_AS_READER: Final = {"readonly": "2", "cancel_http_readonly_queries_on_client_close": "1"}
"""What makes the writer read alone; of te_reader its profile says so."""
_TOO_SLOW: Final = frozenset({159, 160, 394})  # codes of ClickHouse: over the time, estimated so, or cancelled
_TOO_MUCH: Final = frozenset({158, 241, 307, 396})  # rows or bytes to read, memory, rows of the answer
_NOT_SET_UP: Final = frozenset({60, 81})  # no such table or database
_TOO_BUSY: Final = 202
_GONE: Final = (
    *("Connection refused", "NewConnectionError", "RemoteDisconnected", "Connection aborted", "ConnectTimeout"),
    *("Connection reset", "Connection broken", "IncompleteRead", "NameResolutionError"),
)
"""What errors of the connection say."""


@dataclass
class Asked:
    """What one request has asked of ClickHouse.

    Attributes:
        request_id: Id of its queries; those after the first have a number behind it.
    """

    request_id: str
    queries: int = 0
    seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_id(self) -> str:
        """Id of the next query."""
        with self.lock:
            self.queries += 1
            return self.request_id if self.queries == 1 else f"{self.request_id}-{self.queries}"


asked: ContextVar[Asked | None] = ContextVar("asked", default=None)
"""Of the request that is being answered."""


class Lake:
    """The marts, staging tables and te_ops, as te_reader; without its password as the writer, read-only."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is connected yet."""
        self._settings = settings
        self._client: Client | None = None
        self._lock = threading.Lock()
        self._limiter: CapacityLimiter | None = None

    async def rows(self, name: str, parameters: Mapping[str, Any], **identifiers: Any) -> list[dict[str, Any]]:
        """Rows of the query `te_assets/dashboard/sql/<name>.sql`.

        Args:
            name: Of the file, without its ending.
            parameters: Values, bound by ClickHouse.
            identifiers: What the template asks for: tables, columns, which conditions there are.

        Raises:
            Problem: ClickHouse does not answer (503), or not within ten seconds (504).
        """
        return await self.ask(statement(name, **identifiers), parameters)

    async def ask(self, text: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Rows of a statement of another room, such as those of `te_assets.lake.sql.render`; see `rows`."""
        if self._limiter is None:
            self._limiter = CapacityLimiter(MOST_QUERIES)
        return await to_thread.run_sync(self._ask, text, parameters, asked.get(), limiter=self._limiter)

    async def row(self, name: str, parameters: Mapping[str, Any], **identifiers: Any) -> dict[str, Any]:
        """The one row of a query; see `rows`."""
        (row,) = await self.rows(name, parameters, **identifiers)
        return row

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _ask(self, text: str, parameters: Mapping[str, Any], request: Asked | None) -> list[dict[str, Any]]:
        from clickhouse_connect.driver.exceptions import ClickHouseError

        begin = time.perf_counter()
        try:
            client = self._connected()
            settings = {"query_id": request.next_id()} if request else {}
            if not self._is_reader:
                settings |= _AS_READER
            result = client.query(text, parameters=dict(parameters), settings=settings)
            names: Sequence[str] = result.column_names
            return [dict(zip(names, row, strict=True)) for row in result.result_rows]
        except (StackError, ClickHouseError, OSError) as error:
            raise self._problem(error) from error
        finally:
            if request:
                with request.lock:
                    request.seconds += time.perf_counter() - begin

    def _connected(self) -> Client:
        from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint

        with self._lock:
            if self._client is None:
                where = clickhouse_endpoint(self._settings)
                self._is_reader = where.reader_password is not None
                self._client = clickhouse_client(
                    where,
                    reader=self._is_reader,
                    connect_timeout=_CONNECT_SECONDS,
                    # ClickHouse stops the query when its reader has gone: profile te_reader.
                    send_receive_timeout=LONGEST_SECONDS,
                    query_retries=0,
                )
            return self._client

    def _problem(self, error: Exception) -> Problem:
        said, code = str(error), getattr(error, "code", None)
        if isinstance(error, StackError) or any(sign in said for sign in _GONE):
            self.close()  # a server that was started anew may have another port
            detail = "ClickHouse does not answer. The page tries again by itself; te-assets status says what runs."
            return Problem(503, "clickhouse-away", detail, headers={"Retry-After": "2"})
        if code in _TOO_SLOW or (code is None and "timed out" in said):
            detail = f"ClickHouse did not answer within {LONGEST_SECONDS} s. Ask for fewer days or machines."
            return Problem(504, "too-slow", detail)
        if code in _TOO_MUCH:
            return Problem(422, "too-much", "The answer is too large. Ask for fewer days or machines.")
        if code in _NOT_SET_UP:
            detail = "ClickHouse has not all tables of this version. Whoever runs it makes them: te-assets migrate."
            return Problem(503, "not-migrated", detail, headers={"Retry-After": "10"})
        if code == _TOO_BUSY:
            detail = "ClickHouse answers as many questions as it may. The page tries again by itself."
            return Problem(503, "clickhouse-busy", detail, headers={"Retry-After": "1"})
        raise error


def statement(name: str, **identifiers: Any) -> str:
    """Text of a query; see `Lake.rows`."""
    return templates("dashboard/sql").get_template(f"{name}.sql").render(**identifiers)
