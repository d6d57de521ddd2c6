"""Many small requests a second, each at its time whatever became of those before, and repeated until it is taken.

`python -m te_assets_tests.gateway.load URL TOKEN RATE SECONDS` prints what became of them as JSON.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlsplit

CONNECTIONS = 64
ACCEPTED = 202
PATIENCE = 60.0  # seconds for which a request is repeated
PLANTS = ("1000", "2000")
WORK_CENTERS = ("PRS01", "PRS02", "MIL01", "MIL02", "ASM01", "PCK01")


@dataclass(frozen=True)
class Taken:
    """A request that was taken.

    Attributes:
        due: When it was to be sent, seconds of the clock on the wall.
        seconds: From then until its answer.
        tries: How often it was sent.
    """

    due: float
    seconds: float
    tries: int


@dataclass
class Load:
    """What became of the requests.

    Attributes:
        taken: In no order.
        answers: How often each status was answered; 0: the connection broke.
        lost: Requests that were not taken in time.
    """

    taken: list[Taken]
    answers: Counter[int]
    lost: int


def event(number: int, run: str, now: datetime) -> tuple[str, dict[str, Any]]:
    """A stop of ten seconds, or a confirmation of nine good pieces and one bad, in turns."""
    place = {"plant": PLANTS[number // 2 % 2], "work_center": WORK_CENTERS[number // 4 % len(WORK_CENTERS)]}
    begin = now - timedelta(minutes=5, milliseconds=number % 60_000)
    started, ended = begin.isoformat(), (begin + timedelta(seconds=10)).isoformat()
    if number % 2:
        return "interactions", {
            **place,
            "interaction_id": f"{run}-{number}",
            "started_at": started,
            "ended_at": ended,
            "reason_code": "110",
        }
    return "confirmations", {
        **place,
        "order_id": f"{number % 500:06d}",
        "operation": "0010",
        "confirmation": f"{run}{number:09d}",
        "counter": "00000001",
        "material": "M-1",
        "unit": "PC",
        "good_qty": 9,
        "scrap_qty": 1,
        "started_at": started,
        "finished_at": ended,
    }


@dataclass
class Sender:
    """Sends the events of a run over many connections, each event when it is due."""

    url: str
    token: str
    rate: float
    numbers: Iterator[int]
    run: str
    begin: float = field(default_factory=lambda: time.time() + 0.2)
    load: Load = field(default_factory=lambda: Load([], Counter(), 0))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self) -> None:
        """Send one after the other over one connection."""
        with closing(http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)) as connection:
            while True:
                with self.lock:
                    number = next(self.numbers, None)
                if number is None:
                    return
                due = self.begin + number / self.rate
                if (wait := due - time.time()) > 0:
                    time.sleep(wait)
                self._deliver(connection, number, due)

    def _deliver(self, connection: http.client.HTTPConnection, number: int, due: float) -> None:
        model, fields = event(number, self.run, datetime.fromtimestamp(due, UTC))
        for tries in count(1):
            status, again = self._post(connection, model, json.dumps(fields), f"{self.run}-{number}")
            late = time.time() - due
            with self.lock:
                self.load.answers[status] += 1
                if status == ACCEPTED:
                    self.load.taken.append(Taken(due, late, tries))
                elif late > PATIENCE:
                    self.load.lost += 1
            if status == ACCEPTED or late > PATIENCE:
                return
            time.sleep(again)

    def _post(self, connection: http.client.HTTPConnection, model: str, body: str, key: str) -> tuple[int, float]:
        """Status, and seconds until it may be sent again."""
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            connection.request("POST", f"/v1/events/{model}", body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0, 0.5
        return answer.status, float(answer.headers.get("Retry-After", 0.5))


def run_load(url: str, token: str, rate: float, seconds: float, run: str = "L") -> Load:
    """Send `rate` events a second for `seconds`, one a request, and wait until each is taken or its time is over."""
    sender = Sender(url, token, rate, iter(range(int(rate * seconds))), run)
    threads = [threading.Thread(target=sender.work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sender.load


def percentile(values: list[float], share: float) -> float:
    """Value that so many of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    found = run_load(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]), *sys.argv[5:6])
    taken = [asdict(each) for each in found.taken]
    json.dump({"taken": taken, "answers": found.answers, "lost": found.lost}, sys.stdout)
