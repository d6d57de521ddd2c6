"""The way it is mostly done: pandas with openpyxl, every value text, one message per row, inserts of 500 rows.

It ends where the rows are in a table as text; typing, versions and marts would come on top.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any, Final

from bench.files import BulkFile
from bench.isolation import preload
from bench.measurement import Clock, Timed
from bench.memory import own_peak
from bench.servers import PANDAS_TOPIC
from te_assets.settings import Settings
from te_assets.stack.connect import endpoints, kafka_admin

ROWS_OF_AN_INSERT: Final = 500
TABLE: Final = "te_bench.confirmations_as_text"


def run_pandas_way(file: BulkFile) -> Timed:
    """Workbook → topic → table, clients with their default settings."""
    preload("pandas", "openpyxl", "kafka", "clickhouse_connect")
    import clickhouse_connect
    import pandas as pd
    from kafka import KafkaConsumer, KafkaProducer

    where = endpoints(Settings())
    servers, lake = where.kafka.bootstrap_servers, where.clickhouse
    with kafka_admin(where) as admin:
        admin.create_topics({PANDAS_TOPIC: {"num_partitions": 1, "replication_factor": 1}})
        admin.wait_for_topics([PANDAS_TOPIC])
    client = clickhouse_connect.get_client(
        host=lake.host, port=lake.port, username=lake.user, password=lake.password.get_secret_value()
    )
    clock, begin = Clock(), time.perf_counter()
    with clock.step("read_excel"):
        frame = pd.read_excel(file.path, dtype=str, engine="openpyxl").fillna("")
        records = frame.to_dict("records")
    names = [str(name) for name in frame.columns]
    with clock.step("produce"):
        producer = KafkaProducer(
            bootstrap_servers=servers, value_serializer=lambda record: json.dumps(record, default=str).encode()
        )
        for record in records:
            producer.send(PANDAS_TOPIC, record)
        producer.flush()
        producer.close()
    with clock.step("consume and insert"):
        _create_table(client, names)
        consumer = KafkaConsumer(
            PANDAS_TOPIC, bootstrap_servers=servers, auto_offset_reset="earliest", value_deserializer=json.loads
        )
        rows: list[Sequence[Any]] = []
        for count, message in enumerate(consumer, start=1):
            rows.append([message.value[name] for name in names])
            if len(rows) == ROWS_OF_AN_INSERT or count == len(records):
                client.insert(TABLE, rows, column_names=names)
                rows = []
            if count == len(records):
                break
    seconds = time.perf_counter() - begin
    consumer.close()
    found = int(str(client.command(f"SELECT count() FROM {TABLE}")))
    client.close()
    if found != file.expected.rows:
        raise RuntimeError(f"{TABLE} has {found} rows, the workbook {file.expected.rows}")
    return Timed(seconds, clock.steps, peaks={"pandas": own_peak()})


def _create_table(client: Any, names: Sequence[str]) -> None:
    columns = ", ".join(f"`{name}` String" for name in names)
    client.command(f"CREATE TABLE {TABLE} ({columns}) ENGINE = MergeTree ORDER BY (`{names[4]}`, `{names[5]}`)")
