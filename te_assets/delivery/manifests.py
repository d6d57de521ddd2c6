"""Reads te.files.v1: which publications are committed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from te_assets.delivery.envelope import Manifest, add_hashes
from te_assets.delivery.log_reader import committed_records
from te_assets.delivery.topics import FILES


def read_manifests(kafka: Mapping[str, Any], publication: str | None = None) -> list[Manifest]:
    """Committed manifests in the order of the topic, the newest per key.

    Args:
        kafka: Keyword arguments of a kafka-python client.
        publication: Only those of `<sha256>@<contract>@<version>`; its chunks have keys `…#2` and so on.

    Raises:
        EnvelopeError: A record is no manifest.
        DeliveryError: The topic is missing or the broker silent.
    """
    newest: dict[bytes, bytes | None] = {}
    for record in committed_records(kafka, FILES):
        key = record.key or b""
        if publication is None or key.partition(b"#")[0] == publication.encode():
            newest.pop(key, None)
            newest[key] = record.value
    return [Manifest.from_json(value) for value in newest.values() if value is not None]


def is_whole(manifests: Iterable[Manifest]) -> bool:
    """Whether the chunks of one publication are all there; the last one tells how many they are."""
    chunks = {manifest.chunk: manifest.chunks for manifest in manifests}
    count = max(chunks.values(), default=0)
    return count > 0 and set(chunks) == set(range(1, count + 1))


def summed(manifests: Iterable[Manifest]) -> Manifest:
    """One manifest for all chunks of a publication: rows, records and hash added up."""
    ordered = sorted(manifests, key=lambda manifest: manifest.chunk)
    records: dict[int, int] = {}
    for manifest in ordered:
        for partition, count in manifest.records.items():
            records[partition] = records.get(partition, 0) + count
    return ordered[-1].model_copy(
        update={
            "rows": sum(manifest.rows for manifest in ordered),
            "records": records,
            "lines_hash": add_hashes(manifest.lines_hash for manifest in ordered),
        }
    )
