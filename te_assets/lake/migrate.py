"""Applies the numbered SQL files of `migrations/`, each once, in order, recorded in te_ops.schema_migrations."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from te_assets.errors import LakeError
from te_assets.lake.sql import rendered, statements

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# The ledger of migrations cannot be a migration itself.
_LEDGER = (
    "CREATE DATABASE IF NOT EXISTS te_ops COMMENT 'Files, contracts, ledgers, touched days, site profile'",
    """CREATE TABLE IF NOT EXISTS te_ops.schema_migrations
    (
        name String COMMENT 'File in te_assets/lake/migrations',
        sha256 FixedString(64) COMMENT 'SHA-256 of the file as applied',
        applied_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'UTC'
    )
    ENGINE = MergeTree ORDER BY name COMMENT 'Migrations that were applied'""",
)


@dataclass(frozen=True)
class Migration:
    """One numbered SQL file."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, lower-case hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def shipped() -> tuple[Migration, ...]:
    """The migrations of the package in the order of their numbers."""
    folder = resources.files("te_assets.lake").joinpath("migrations")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return tuple(Migration(f.name, f.read_text(encoding="utf-8")) for f in files)


def migrate(client: Client, migrations: tuple[Migration, ...] | None = None) -> tuple[str, ...]:
    """Create or upgrade the databases; safe to repeat, and to repeat after a kill at any statement.

    Every statement is written so that it may run twice (`IF NOT EXISTS`, `OR REPLACE`); a file is recorded after
    its last statement.

    Returns:
        Names of the files that were applied now.

    Raises:
        LakeError: A recorded migration has another content than the file of the same name.
    """
    for statement in _LEDGER:
        client.command(statement)
    rows = client.query("SELECT name, toString(any(sha256)) FROM te_ops.schema_migrations GROUP BY name").result_rows
    recorded = {name: sha256 for name, sha256 in rows}
    applied = []
    for migration in shipped() if migrations is None else migrations:
        known = recorded.get(migration.name)
        if known is None:
            for statement in statements(rendered(migration.text)):
                client.command(statement)
            client.insert(
                "te_ops.schema_migrations", [[migration.name, migration.sha256]], column_names=["name", "sha256"]
            )
            applied.append(migration.name)
        elif known != migration.sha256:
            raise LakeError(
                f"te_ops.schema_migrations: {migration.name} was applied with another content. A migration is never "
                "edited once applied: restore the file and write the change as a new numbered file."
            )
    return tuple(applied)
