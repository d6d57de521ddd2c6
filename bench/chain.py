"""The product's own path, called without Dagster: landed, guarded, read, published, loaded, typed, restated."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.files import BulkFile, require_figures
from bench.isolation import preload
from bench.measurement import Clock, Timed
from bench.memory import largest_child_peak, own_peak
from te_assets.contracts.layout import Model
from te_assets.intake.landing import Landed, LandingStore
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.stack.connect import clickhouse_client, endpoints, kafka_config

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.assets.receiving import Received
    from te_assets.lake.touched import DayRange

MODEL: Model = "confirmations"
RUN_ID = "bench"
MODULES = (
    "te_assets.assets.graph",
    "te_assets.assets.publishing",
    "te_assets.assets.receiving",
    "te_assets.automation.jobs",
    "te_assets.contracts.compilation",
    "te_assets.delivery.loader",
    "te_assets.delivery.publisher",
    "te_assets.intake.opening",
    "te_assets.lake.current",
    "te_assets.lake.history",
    "te_assets.lake.marts",
    "kafka",
    "clickhouse_connect",
)


def run_chain(file: BulkFile) -> Timed:
    """Take a workbook to the marts of its model, step by step; the servers must be empty.

    Raises:
        WrongFigures: The marts do not show what the workbook holds.
    """
    preload(*MODULES)
    settings, clock = Settings(), Clock()
    profile = Profile.of(settings)
    client = clickhouse_client(endpoints(settings), send_receive_timeout=600)
    try:
        profile.apply(client)
        begin = time.perf_counter()
        receive_timed(client, settings, profile, file.path, clock)
        _publish(client, settings, profile, clock)
        details = _load_and_type(client, settings, profile, clock)
        for days in touched(client, MODEL):
            _restate(client, MODEL, days, clock)
        seconds = time.perf_counter() - begin
        require_figures(client, file.expected)
        details |= _availability_follows(client)
    finally:
        client.close()
    peaks = {"publisher and loader": own_peak(), "reader": largest_child_peak()}
    return Timed(seconds, clock.steps, details, peaks)


class _TimedStore(LandingStore):
    """The landing store, with its time as a step."""

    def __init__(self, root: Path, clock: Clock) -> None:
        super().__init__(root)
        self._clock = clock

    def land(self, path: Path, name: str | None = None) -> Landed:
        """As the landing store does."""
        with self._clock.step("land"):
            return super().land(path, name)


def receive_timed(client: Client, settings: Settings, profile: Profile, path: Path, clock: Clock) -> Received:
    """Land a workbook, and guard it: sniffed, its package checked, header found, contract matched, put on record."""
    from te_assets.assets.receiving import receive

    store = _TimedStore(settings.landing_dir, clock)
    with clock.step("contracts"):
        contracts, operator = profile.contracts(), profile.operator_policy(settings)
    begin = time.perf_counter()
    received = receive(client, store, path, contracts.newest, operator)
    clock.add("guard", time.perf_counter() - begin - clock.steps["land"])
    return received


def _publish(client: Client, settings: Settings, profile: Profile, clock: Clock) -> None:
    """Read and publish.

    The reader parses the whole sheet, then makes lines of one slice while the publisher sends another: `publish` is
    what is left of the wall time, so hidden work costs nothing.
    """
    from te_assets.assets.publishing import publish_waiting

    with clock.step("contracts"):
        contracts, operator = profile.contracts(), profile.operator_policy(settings)
    kafka, store = kafka_config(endpoints(settings)), LandingStore(settings.landing_dir)
    begin = time.perf_counter()
    published = publish_waiting(client, kafka, store, contracts, operator, model=MODEL, run_id=RUN_ID)
    wall = time.perf_counter() - begin
    if published.rejected:
        raise RuntimeError(f"the workbook was rejected: {published.rejected[0].reason}")
    read = published.seconds["spawn"] + published.seconds["read"]
    clock.add("read", read)
    clock.add("lines", published.seconds["lines"])
    clock.add("publish", wall - read - published.seconds["lines"])


def _load_and_type(client: Client, settings: Settings, profile: Profile, clock: Clock) -> dict[str, float]:
    """Topic → te_raw → history; returns seconds by step within both."""
    from te_assets.delivery.loader import load_topic
    from te_assets.lake.history import type_history
    from te_assets.lake.models import CONFIRMATIONS

    kafka = kafka_config(endpoints(settings))
    with clock.step("load"):
        loaded = load_topic(kafka, client, CONFIRMATIONS.topic, run_id=RUN_ID)
    with clock.step("history"):
        begin = time.perf_counter()
        profile.apply(client)
        compiled = profile.typing(MODEL)
        compiled_after = time.perf_counter() - begin
        typed = type_history(client, CONFIRMATIONS, compiled, run_id=RUN_ID)
    return {
        **{f"load: {step}": seconds for step, seconds in loaded.seconds.items()},
        "history: contracts compiled": compiled_after,
        **{f"history: {step}": seconds for step, seconds in typed.seconds.items()},
    }


def touched(client: Client, model: Model) -> Sequence[DayRange]:
    """Ranges of production days that wait, each for one restatement."""
    from te_assets.automation.jobs import LONGEST_PIECE
    from te_assets.lake.touched import contiguous_pieces, waiting_days

    return contiguous_pieces(waiting_days(client, model), LONGEST_PIECE)


def _restate(client: Client, model: Model, days: DayRange, clock: Clock) -> None:
    """Current rows and marts of a range of production days, as the restate job does."""
    from te_assets.assets.graph import MARTS
    from te_assets.lake.current import restate_current
    from te_assets.lake.days import drop_shadow
    from te_assets.lake.marts import MARTS as ALL_MARTS
    from te_assets.lake.marts import checks, compute, swap, table_of
    from te_assets.lake.models import MODELS
    from te_assets.lake.touched import clear

    names = [mart for mart in ALL_MARTS if mart in MARTS[model]]
    with clock.step("current rows"):
        restate_current(client, MODELS[model], days, run_id=RUN_ID)
    with clock.step("marts"):
        compute(client, names, days.first, days.last, run_id=RUN_ID)
        if findings := checks(client, names, days.first, days.last, shadow_suffix=RUN_ID):
            raise RuntimeError(f"a check of the marts failed: {findings[0]}")
        for name in names:
            swap(client, name, RUN_ID, days.days)
            drop_shadow(client, table_of(name), RUN_ID)
        clear(client, model, RUN_ID, days.days)


def _availability_follows(client: Client) -> dict[str, float]:
    """Seconds for the marts of the other KPI: executions explain busy time, so the same days are restated there too."""
    clock = Clock()
    for days in touched(client, "interactions"):
        _restate(client, "interactions", days, clock)
    return {"marts of availability, restated after it": clock.total}
