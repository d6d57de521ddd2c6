"""What came from outside, told to Dagster without a run: messages on topics, workbooks in the landing store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import dagster as dg

from te_assets.delivery.positions import topic_version

if TYPE_CHECKING:
    from te_assets.contracts.layout import Model
    from te_assets.delivery.positions import ShardLag
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
