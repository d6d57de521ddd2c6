"""Which ClickHouse errors pass by themselves, and waiting for that."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from te_assets.delivery.errors import LOAD_AGAIN, LakeUnavailable

T = TypeVar("T")

# Codes after which the same statement may succeed: time-outs, network, "still running" (216), memory, disk, too many
# parts, read-only, cancelled. Everything else is refused for good.
PASSING: Final = frozenset({159, 164, 202, 209, 210, 216, 236, 241, 242, 243, 252, 319, 394, 425, 439, 745})


def passes(error: Exception) -> bool:
    """Whether the statement may be tried again. A lost connection has no code: its outcome is unknown, not failure."""
    from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

    if isinstance(error, DatabaseError) and error.code is not None:
        return error.code in PASSING
    return isinstance(error, OperationalError)


@dataclass(frozen=True)
class Patience:
    """How long to go on trying, in seconds, and the pauses in between."""

    seconds: float = 30.0
    first_pause: float = 0.05
    longest_pause: float = 1.0

    def keep_trying(self, what: str, call: Callable[[], T]) -> T:
        """The result of a call that may be made again without harm.

        Raises:
            LakeUnavailable: It kept failing for passing reasons.
            clickhouse_connect.driver.exceptions.Error: It failed for good.
        """
        from clickhouse_connect.driver.exceptions import Error

        deadline, pause = time.monotonic() + self.seconds, self.first_pause
        while True:
            try:
                return call()
            except Error as error:
                if not passes(error):
                    raise
                if time.monotonic() + pause > deadline:
                    raise LakeUnavailable(
                        f"{what}: not done within {self.seconds:.0f} s; ClickHouse said: {error}. {LOAD_AGAIN}"
                    ) from error
            time.sleep(pause)
            pause = min(pause * 2, self.longest_pause)
