"""What came from outside, told to Dagster without a run: messages on topics, workbooks in the landing store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

import dagster as dg
from pydantic import BaseModel, ConfigDict, ValidationError

from te_assets.delivery.positions import topic_version
from te_assets.delivery.received_files import Place
from te_assets.errors import DeliveryError

if TYPE_CHECKING:
    from te_assets.contracts.layout import Model
    from te_assets.delivery.file_events import FileReceived
    from te_assets.delivery.positions import ShardLag
    from te_assets.delivery.received_files import ReceivedFiles
    from te_assets.lake.files import FileState

QUIET: Final = timedelta(seconds=30)
"""Least time between two reports of one asset: a report is an event in Dagster's storage, which is never purged."""
_VERSION = "dagster/data_version"


class Reported:
    """Cursor of a sensor: which version of each asset was reported last, and when. It may be thrown away."""

    def __init__(self, cursor: str | None) -> None:
        """Read the cursor; one that cannot be read counts as none."""
        try:
            stored = json.loads(cursor or "{}").items()
            self._last = {name: (str(version), datetime.fromisoformat(at)) for name, (version, at) in stored}
        except (ValueError, TypeError, AttributeError):
            self._last = {}

    @property
    def cursor(self) -> str:
        """For the next tick."""
        return json.dumps({name: [version, at.isoformat()] for name, (version, at) in self._last.items()})

    def is_due(self, name: str, version: str, now: datetime) -> bool:
        """Whether a version is new and may be reported now; it counts as reported from then on."""
        last = self._last.get(name)
        if last is not None and (last[0] == version or now - last[1] < QUIET):
            return False
        self._last[name] = (version, now)
        return True


class Arrived(BaseModel):
    """Cursor of the landing sensor; it may be thrown away.

    Attributes:
        inbox: As `receive_inbox` takes it.
        posted: How far te.file-events.v1 was read.
        restored: Of which restore the lake is; what was read before it, the restored lake may not know.
    """

    model_config = ConfigDict(frozen=True)

    inbox: str | None = None
    posted: Place = Place()
    restored: str = ""

    @classmethod
    def of(cls, cursor: str | None, restored: str) -> Self:
        """Read the cursor; one that cannot be read, or of the lake before its restore, counts as none."""
        try:
            found = cls.model_validate_json(cursor or "{}")
        except ValidationError:
            return cls(restored=restored)
        return found if found.restored == restored else cls(restored=restored)


class Posted:
    """What the gateway has received, read while Kafka answers: an inbox is watched without it too."""

    def __init__(self, files: ReceivedFiles | None, place: Place, trouble: str = "") -> None:
        self._files = files
        self.place = place
        self.trouble = trouble

    def read(self) -> list[FileReceived]:
        """What has come since."""
        if self._files is None:
            return []
        try:
            found = self._files.read(0.0)
        except DeliveryError as error:
            self._files, self.trouble = None, f"; posted workbooks wait: {error}"
            return []
        self.place = self._files.place
        return found


@contextmanager
def posted_files(kafka: Mapping[str, Any], place: Place) -> Iterator[Posted]:
    """Reads on from a place."""
    from te_assets.delivery.received_files import ReceivedFiles

    try:
        files = ReceivedFiles(kafka, place)
    except DeliveryError as error:
        yield Posted(None, place, f"; posted workbooks wait: {error}")
        return
    with files:
        yield Posted(files, place)


def topic_event(model: Model, lags: Sequence[ShardLag]) -> dg.AssetMaterialization:
    """Where the topic of a model ends now."""
    offsets = [
        dg.TableRecord({"partition": lag.shard.partition, "end": lag.end, "not loaded": lag.offsets}) for lag in lags
    ]
    return dg.AssetMaterialization(
        ["kafka", model],
        metadata={"offsets": dg.MetadataValue.table(offsets), "lag": sum(lag.offsets for lag in lags)},
        tags={_VERSION: topic_version(lags)},
    )


def workbooks_event(model: Model, waiting: Sequence[FileState]) -> dg.AssetMaterialization:
    """Landed workbooks that wait to be published."""
    files = [
        dg.TableRecord({"file": state.name, "contract": state.contract, "sha256": state.sha256}) for state in waiting
    ]
    version = ",".join(sorted(f"{state.sha256[:12]}@{state.contract}" for state in waiting))
    return dg.AssetMaterialization(
        ["excel", model],
        metadata={"files": len(files), "workbooks": dg.MetadataValue.table(files)},
        tags={_VERSION: hashlib.sha256(version.encode()).hexdigest()[:16]},
    )
