"""Random files and events of a plant, and what must be in the lake when all of it has arrived."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from te_assets.contracts.layout import Model
from te_assets.delivery.envelope import event_message
from te_assets.delivery.publisher import publish_events
from te_assets.site.calendar import production_day_at
from te_assets.site.model import Plant, Site

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

CONTRACTS: Final[Mapping[Model, str]] = {"interactions": "operator_log@2", "confirmations": "sap_confirmations@2"}
HOURS: Final = 60  # how far back people log
HEADERS: Final[Mapping[Model, Sequence[str]]] = {
    "interactions": ("Plant", "Work Center", "Interaction ID", "Start", "End", "Reason Code"),
    "confirmations": (
        *("Plant", "Work Center", "Order", "Operation", "Confirmation", "Counter", "Unit", "Confirmed Yield"),
        *("Confirmed scrap", "Finish date", "Finish time"),
    ),
}


@dataclass(frozen=True)
class Stop:
    """An interaction as it was logged last; instants are UTC, whole minutes."""

    plant: str
    work_center: str
    id: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Confirmation:
    """Pieces of an order; the instant is UTC, whole minutes."""

    plant: str
    work_center: str
    number: int
    finished_at: datetime
    good: int
    scrap: int

    @property
    def key(self) -> str:
        """Confirmation number as SAP pads it."""
        return f"{self.number:010}"


@dataclass
class Traffic:
    """Sends at random and remembers what was sent."""

    site: Site
    inbox: Path
    kafka: Mapping[str, Any]
    chance: random.Random
    sent: Counter[str] = field(default_factory=Counter)
    stops: dict[str, Stop] = field(default_factory=dict)
    confirmations: dict[str, Confirmation] = field(default_factory=dict)
    _open: list[Stop] = field(default_factory=list)

    @property
    def files(self) -> int:
        """Workbooks that were dropped; no two are the same."""
        return sum(number for what, number in self.sent.items() if what.endswith(": files"))

    def send(self) -> None:
        """One file, or a few events."""
        model: Model = self.chance.choice(("interactions", "confirmations"))
        if self.chance.random() < 0.3:
            self._drop(model)
        else:
            self._publish(model)

    def close_open_stops(self) -> None:
        """End what is still open, so that no figure depends on the clock."""
        self._send_events("interactions", [self._closed(stop) for stop in self._open])
        self._open.clear()

    def missing(self, client: Client) -> Iterator[str]:
        """What is not in the lake as it was sent, or is there twice."""
        shown = client.query(
            "SELECT plant, work_center, interaction_id, started_at, ended_at FROM te_staging.interactions"
        ).result_rows
        for name, times in Counter(row[2] for row in shown).items():
            if times > 1:
                yield f"interaction {name} is there {times} times"
        found = {row[2]: Stop(*row[:3], *(at and at.replace(tzinfo=UTC) for at in row[3:])) for row in shown}
        for name in self.stops.keys() | found.keys():
            if self.stops.get(name) != found.get(name):
                yield f"interaction {name}: sent {self.stops.get(name)}, shown {found.get(name)}"
        pieces = client.query("SELECT sum(good_qty), sum(scrap_qty), sum(confirmations) FROM te_marts.scrap_rate")
        sums = tuple(int(number) for number in pieces.result_rows[0])
        ours = self.confirmations.values()
        if sums != (expected := (sum(c.good for c in ours), sum(c.scrap for c in ours), len(ours))):
            yield f"good, scrap and confirmations: sent {expected}, shown {sums}"

    def _drop(self, model: Model) -> None:
        """A workbook; a third of them repeat rows of before, as exports overlap."""
        from openpyxl import Workbook

        rows = [self._new(model) for _ in range(self.chance.randint(1, 40))]
        before: list[Any] = list((self.stops if model == "interactions" else self.confirmations).values())
        if before and self.chance.random() < 0.35:
            # An open stop that an event closes later must not come back by an export of an earlier state.
            again = [row for row in self.chance.sample(before, min(len(before), 15)) if row not in self._open]
            rows = again + rows
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(HEADERS[model])
        for row in rows:
            sheet.append(self._cells(row))
        name = f"{model}-{self.sent.total():05}.xlsx"
        book.save(self.inbox / f".{name}")
        (self.inbox / f".{name}").rename(self.inbox / name)
        self.sent[f"{model}: files"] += 1
        self.sent[f"{model}: rows in files"] += len(rows)
        self._remember(rows)

    def _publish(self, model: Model) -> None:
        rows = [self._new(model) for _ in range(self.chance.choice((1, 1, 1, 2, 5)))]
        if model == "interactions":
            # Of two events of a stop in one millisecond the greater id counts, whichever was meant to be the later.
            ended = [self._closed(self._open.pop(0))] if self._open and self.chance.random() < 0.4 else []
            rows = ended + [self._opened(row) if self.chance.random() < 0.2 else row for row in rows]
        self._send_events(model, rows)

    def _send_events(self, model: Model, rows: Sequence[Any]) -> None:
        if not rows:
            return
        publish_events(self.kafka, [self._message(model, row) for row in rows])
        self.sent[f"{model}: events"] += len(rows)
        self._remember(rows)

    def _remember(self, rows: Sequence[Any]) -> None:
        for row in rows:
            if isinstance(row, Stop):
                self.stops[row.id] = row
            else:
                self.confirmations[row.key] = row

    def _new(self, model: Model) -> Any:
        plant = self.chance.choice(self.site.plants)
        work_center = self.chance.choice(plant.work_centers).id
        ended = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(
            minutes=self.chance.randint(2, HOURS * 60)
        )
        number = self.sent["numbers"]
        self.sent["numbers"] += 1
        if model == "interactions":
            started = ended - timedelta(minutes=self.chance.randint(1, 90))
            return Stop(plant.id, work_center, f"STOP-{number}", started, ended)
        return Confirmation(
            plant.id, work_center, number, ended, self.chance.randint(0, 500), self.chance.randint(0, 20)
        )

    def _opened(self, stop: Stop) -> Stop:
        opened = Stop(stop.plant, stop.work_center, stop.id, stop.started_at, None)
        self._open.append(opened)
        return opened

    def _closed(self, stop: Stop) -> Stop:
        ended = stop.started_at + timedelta(minutes=1)
        return Stop(stop.plant, stop.work_center, stop.id, stop.started_at, ended)

    def _plant(self, name: str) -> Plant:
        return next(plant for plant in self.site.plants if plant.id == name)

    def _local(self, plant: str, instant: datetime | None) -> datetime | None:
        zone = ZoneInfo(str(self._plant(plant).time_zone))
        return None if instant is None else instant.astimezone(zone).replace(tzinfo=None)

    def _cells(self, row: Any) -> list[Any]:
        if isinstance(row, Stop):
            times = (self._local(row.plant, row.started_at), self._local(row.plant, row.ended_at))
            return [row.plant, row.work_center, row.id, *times, "110"]
        finished = self._local(row.plant, row.finished_at)
        assert finished is not None
        ids = [row.plant, row.work_center, f"{row.number:012}", "0010", row.key, "00000001", "ST"]
        return [*ids, row.good, row.scrap, finished.date(), finished.time()]

    def _message(self, model: Model, row: Any) -> Any:
        plant = self._plant(row.plant)
        instants = [row.started_at, row.ended_at] if isinstance(row, Stop) else [row.finished_at]
        event: dict[str, Any] = {"plant": row.plant, "work_center": row.work_center}
        if isinstance(row, Stop):
            event |= {"interaction_id": row.id, "started_at": row.started_at.isoformat(), "reason_code": "110"}
            event |= {"ended_at": None if row.ended_at is None else row.ended_at.isoformat()}
        else:
            event |= {"order_id": f"{row.number:012}", "operation": "0010", "confirmation": row.key}
            event |= {"counter": "00000001", "unit": "ST", "good_qty": row.good, "scrap_qty": row.scrap}
            event |= {"finished_at": row.finished_at.isoformat()}
        days = {production_day_at(plant, instant or datetime.now(UTC)).isoformat() for instant in instants}
        return event_message(
            model,
            event,
            machine=f"{row.plant}/{row.work_center}",
            event_id=f"{self.chance.getrandbits(64):016x}",
            time=datetime.now(UTC),
            contract=CONTRACTS[model],
            days=tuple(sorted(days)),
        )
