from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from te_assets.stack.home import Home
from te_assets.stack.kafka import KafkaServer, escape_property, list_cluster, new_cluster_id
from te_assets.stack.process import ServiceFailed
from te_assets_tests.stack.processes import nothing_left


def test_a_path_with_an_umlaut_and_a_space_survives_the_properties_file() -> None:
    assert escape_property("/srv/Werk ö\\1/\U0001f600") == "/srv/Werk \\u00f6\\\\1/\\ud83d\\ude00"


def test_a_cluster_id_is_16_bytes_in_22_characters() -> None:
    assert {len(new_cluster_id()) for _ in range(50)} == {22}
    assert len({new_cluster_id() for _ in range(50)}) == 50


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    home = Home(tmp_path_factory.mktemp("Werk ö 1")).create()
    server = KafkaServer(home)
    server.start()
    yield server
    server.stop()


@pytest.mark.stack
def test_a_started_broker_lists_itself(server: KafkaServer) -> None:
    brokers = list_cluster(server.bootstrap_servers)

    assert [(broker["host"], f"{broker['host']}:{broker['port']}") for broker in brokers] == [
        ("127.0.0.1", server.bootstrap_servers)
    ]
    assert server.describe() == {"bootstrap_servers": server.bootstrap_servers, "version": "4.3.1"}


@pytest.mark.stack
@pytest.mark.parametrize("end", [pytest.param("stop", marks=pytest.mark.long), "kill"])
def test_what_was_acknowledged_is_there_after_a_restart(server: KafkaServer, end: str) -> None:
    from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

    topic = f"kept-{end}"
    where = server.bootstrap_servers
    admin = KafkaAdminClient(bootstrap_servers=where)
    admin.create_topics({topic: {"num_partitions": 1, "replication_factor": 1}})
    admin.wait_for_topics([topic])
    admin.close()
    producer = KafkaProducer(bootstrap_servers=where, acks="all")
    for number in range(100):
        producer.send(topic, str(number).encode()).get(10)
    producer.close()
    getattr(server, end)()
    assert not server.is_running
    server.restart()

    assert server.bootstrap_servers == where
    consumer = KafkaConsumer(bootstrap_servers=where, enable_auto_commit=False, consumer_timeout_ms=5000)
    consumer.assign([TopicPartition(topic, 0)])
    consumer.seek_to_beginning()
    values = []
    for message in consumer:
        values.append(int(message.value))
        if len(values) == 100:
            break
    consumer.close()
    assert values == list(range(100))


@pytest.mark.stack
def test_topics_are_not_made_by_asking(server: KafkaServer) -> None:
    from kafka import KafkaConsumer

    consumer = KafkaConsumer("nobody-made-this", bootstrap_servers=server.bootstrap_servers, consumer_timeout_ms=500)
    list(consumer)
    assert "nobody-made-this" not in consumer.topics()
    consumer.close()


@pytest.mark.stack
def test_a_broker_that_cannot_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    server = KafkaServer(Home(tmp_path).create(), overrides={"log.retention.hours": "many"})
    with pytest.raises(ServiceFailed, match=r"(?s)Kafka could not prepare.*log\.retention\.hours"):
        server.start()

    nothing_left(str(tmp_path))


@pytest.mark.long
@pytest.mark.stack
def test_leftovers_of_a_killed_broker_are_cleared(server: KafkaServer, tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    other = KafkaServer(home)
    other.start()
    (home.kafka / "tmp" / "libzstd-jni.so").write_bytes(b"left by kill -9")
    other.kill()
    other.start()

    assert not (home.kafka / "tmp" / "libzstd-jni.so").exists()
    other.stop()
    nothing_left(str(tmp_path))
