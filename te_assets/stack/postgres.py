"""A connection to Dagster's PostgreSQL, beside Dagster: before it opens the storage, and for health checks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from psycopg2.extensions import cursor

CONNECT_SECONDS: Final = 10


@contextmanager
def reading(
    host: str, port: int, database: str, user: str, password: str, connect_seconds: int = CONNECT_SECONDS
) -> Iterator[cursor]:
    """A cursor, closed with its connection at the end.

    Raises:
        psycopg2.Error: The server does not answer, or does not let the user in.
    """
    import psycopg2

    with (
        closing(
            psycopg2.connect(
                host=host,
                port=port,
                dbname=database,
                user=user,
                password=password or None,
                connect_timeout=connect_seconds,
            )
        ) as connection,
        connection.cursor() as opened,
    ):
        yield opened
