"""Restates a range of production days through Dagster, in runs of contiguous pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from te_assets.assets.graph import MODELS
from te_assets.automation.jobs import LONGEST_PIECE, job_name, range_tags
from te_assets.automation.launch import Launcher
from te_assets.errors import SettingsError
from te_assets.lake.touched import DayRange, contiguous_pieces
from te_assets.profile import Profile
from te_assets.settings import Settings


@dataclass(frozen=True)
class Restated:
    """One run of a backfill."""

    job: str
    days: DayRange
    run_id: str
    seconds: float


def backfill_days(settings: Settings, days: DayRange, *, layer: str) -> Iterator[Restated]:
    """Run the pieces, newest first, both models.

    Args:
        settings: Whose home.
        days: Production days, both ends inclusive.
        layer: `staging` (current rows and marts) or `marts` (marts alone).

    Raises:
        SettingsError: The range leaves the site's production days.
        RunFailed: A run failed; earlier pieces are in place.
    """
    since, tomorrow = Profile.of(settings).site().since, _tomorrow()
    if days.first < since or days.last > tomorrow:
        raise SettingsError(
            f"backfill: {days} leaves the site's production days, {since} (since in site.yaml) to "
            f"{tomorrow}. Choose days within."
        )
    launcher = Launcher(settings)
    with launcher.session() as instance:
        for piece in contiguous_pieces(days.days, LONGEST_PIECE):
            for model in MODELS:
                job = job_name("restate" if layer == "staging" else "marts", model)
                ran = launcher.run(instance, job, range_tags(piece))
                yield Restated(job, piece, ran.run_id, ran.seconds)


def _tomorrow() -> date:
    return datetime.now(UTC).date() + timedelta(days=1)
