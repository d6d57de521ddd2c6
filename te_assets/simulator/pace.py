"""Delivers what a simulated company has to deliver, at the pace of its clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from te_assets.simulator.live import Due, EventsDue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from te_assets.simulator.exports import Model


class Gateway(Protocol):
    """What is delivered to, as the gateway's client is."""

    def send_events(self, model: Model, events: Sequence[Mapping[str, Any]], *, key: str) -> int:
        """Deliver events under an idempotency key; how many were taken."""

    def send_file(self, path: Path) -> object:
        """Deliver a workbook."""


@dataclass
class Delivered:
    """How much was delivered."""

    events: int = 0
    files: int = 0


def deliver(
    pieces: Sequence[Due],
    gateway: Gateway,
    *,
    begins: int,
    speed: float,
    say: Callable[[str], None] = lambda _: None,
    now: Callable[[], float] = time.time,
    pause: Callable[[float], None] = time.sleep,
) -> Delivered:
    """Deliver each piece when it is due, but never before it really happens; what is late, at once.

    Args:
        pieces: In order of time.
        gateway: Repeats what does not get through.
        begins: Where the simulated clock begins, milliseconds UTC.
        speed: Simulated seconds per second; at 1 the simulated clock is the one on the wall.
        say: Takes a line per workbook, with the simulated time.
        now: The clock on the wall, seconds UTC.
        pause: Waits for seconds.
    """
    done, wall = Delivered(), now()
    for piece in pieces:
        due = piece.due / 1000
        if speed != 1:
            due = max(due, wall + (due - begins / 1000) / speed)
        if (wait := due - now()) > 0:
            pause(wait)
        if isinstance(piece, EventsDue):
            done.events += gateway.send_events(piece.model, piece.events, key=piece.key)
        else:
            gateway.send_file(piece.path)
            done.files += 1
            clock = datetime.fromtimestamp(piece.due / 1000, UTC)
            say(f"{clock:%Y-%m-%d %H:%M} UTC: {piece.path.name}; {done.events:,} events so far")
    return done
