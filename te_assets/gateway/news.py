"""What te.file-events.v1 tells the gateway: received files are put on record, and whoever waits for a file is woken."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeVar

from anyio import to_thread

from te_assets.delivery.file_events import FileEvent, FileReceived
from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from te_assets.settings import Settings

LONGEST_WAIT: Final = 10
"""Seconds that a request may wait: less than a gateway that is being stopped gives it."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 3.0  # seconds between two looks: no event tells that the marts are there
_AGAIN_AFTER: Final = 5.0  # seconds until ClickHouse is asked again
Seen = TypeVar("Seen")
log = logging.getLogger(__name__)


class News:
    """Requests that wait for files; not thread-safe, as the event loop is one thread."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._waiting: dict[str, asyncio.Event] = {}
        self._waiters: Counter[str] = Counter()

    async def tell(self, event: FileEvent) -> None:
        """Something happened to a file."""
        if (woken := self._waiting.get(event.sha256)) is not None:
            woken.set()

    async def wait_for(
        self, sha256: str, look: Callable[[], Awaitable[Seen]], is_enough: Callable[[Seen], bool], seconds: float
    ) -> Seen:
        """What is seen of a file, once it is enough or the time is over.

        Args:
            sha256: Of the file.
            look: Looks; done anew when something happens to the file, and now and then.
            is_enough: Whether what was seen needs no further look.
            seconds: For which to wait.
        """
        until, pause = time.monotonic() + seconds, _FIRST_PAUSE
        with self._of(sha256) as woken:
            while True:
                woken.clear()
                seen = await look()
                left = until - time.monotonic()
                if left <= 0 or is_enough(seen):
                    return seen
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left, pause)):
                        await woken.wait()
                pause = min(1.5 * pause, _LONGEST_PAUSE)

    @contextmanager
    def _of(self, sha256: str) -> Iterator[asyncio.Event]:
        self._waiters[sha256] += 1
        try:
            yield self._waiting.setdefault(sha256, asyncio.Event())
        finally:
            self._waiters[sha256] -= 1
            if not self._waiters[sha256]:
                del self._waiting[sha256], self._waiters[sha256]


class Register:
    """Puts received files on record in te_ops.files, before Dagster looks at them and also while it is away."""

    def __init__(self, settings: Settings, write: Callable[[Settings, FileReceived], None] | None = None) -> None:
        """Nothing is written yet."""
        from te_assets.gateway.lake import put_on_record

        self._settings = settings
        self._write = write or put_on_record

    async def note(self, event: FileEvent) -> None:
        """Write it down; returns when it is, so that Kafka keeps it until then."""
        if not isinstance(event, FileReceived):
            return
        said = False
        while True:
            try:
                await to_thread.run_sync(self._write, self._settings, event)
            except Problem as problem:
                if not said:
                    log.warning("%s is not on record yet: %s", event.name, problem.detail)
                said = True
                await asyncio.sleep(_AGAIN_AFTER)
            else:
                return
