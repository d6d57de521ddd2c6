"""Columns of the tables as the migrations define them, without asking ClickHouse."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_TABLE = re.compile(r"CREATE TABLE IF NOT EXISTS (te_\w+\.\w+)\n\((.*?)\n\)\n", re.DOTALL)
_ADDED = re.compile(
    r"^ALTER TABLE (te_\w+\.\w+) ADD COLUMN IF NOT EXISTS (\w+) (.+?) COMMENT '(.*?)'(?: AFTER (\w+))?;$", re.MULTILINE
)
_COLUMN = re.compile(r"^    (\w+) (.+?)(?: DEFAULT .+?)? COMMENT '(.*?)',?$", re.MULTILINE)


@dataclass(frozen=True)
class Column:
    """Name, ClickHouse type and meaning of a column."""

    name: str
    type: str
    comment: str


@cache
def tables() -> dict[str, tuple[Column, ...]]:
    """Every table of the migrations with its columns."""
    # Imported here: the migrations are read only by who asks for them.
    from te_assets.lake.migrate import shipped

    found: dict[str, list[Column]] = {}
    for migration in shipped():
        for table, body in _TABLE.findall(migration.text):
            found[table] = [Column(*match) for match in _COLUMN.findall(body)]
        for table, name, kind, comment, after in _ADDED.findall(migration.text):
            if table in found:
                names = [column.name for column in found[table]]
                found[table].insert(names.index(after) + 1 if after else len(names), Column(name, kind, comment))
    return {table: tuple(columns) for table, columns in found.items()}
