"""What the servers must hold before anything writes: the ClickHouse databases and the Kafka topics."""

from __future__ import annotations

from dataclasses import dataclass

from te_assets.stack.connect import ClickHouseEndpoint, Endpoints, clickhouse_client, kafka_admin


@dataclass(frozen=True)
class Provisioned:
    """What was missing and is there now."""

    migrations: tuple[str, ...]
    topics: tuple[str, ...]


def provision(where: Endpoints, replication_factor: int = 1) -> Provisioned:
    """Create or upgrade databases and topics; safe to repeat. Not while a backup is restored: `standstill.steady`.

    Raises:
        StackError: A server does not answer.
        LakeError: An applied migration was edited.
    """
    from te_assets.delivery.topics import create_topics

    migrations = provision_clickhouse(where.clickhouse)
    with kafka_admin(where) as admin:
        return Provisioned(migrations, create_topics(admin, replication_factor))


def provision_clickhouse(where: ClickHouseEndpoint) -> tuple[str, ...]:
    """Create or upgrade the databases alone; names of the migrations that were missing. As `provision`."""
    from te_assets.lake.backup import finish_cut_restore
    from te_assets.lake.leftovers import sweep
    from te_assets.lake.migrate import migrate

    client = clickhouse_client(where)
    try:
        # Else work would begin in half a backup, and the next restore would take it away.
        finish_cut_restore(client)
        migrations = migrate(client)
        sweep(client)
    finally:
        client.close()
    return migrations
