"""What those who listen are told: one look a second at the marts' version, for all of them together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextvars import Context
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, Field

from te_assets.dashboard.answers import Instant
from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from te_assets.dashboard.known import Known, Watch
    from te_assets.dashboard.lake import Lake

log = logging.getLogger(__name__)
MOST_LISTENERS: Final = 200
LOOK_SECONDS: Final = 1.0
HEARTBEAT_SECONDS: Final = 15.0
RETRY_MILLISECONDS: Final = 2000
_MICROSECONDS: Final = "%Y-%m-%d %H:%M:%S.%f"


class MartRefreshed(BaseModel):
    """Data of the event `mart`; its id is the version."""

    version: str = Field(description="As in `about.version` of the answers.")
    refreshed_at: Instant | None = Field(description="When a mart was refreshed last.")
    tables: list[str] = Field(
        description="Marts and tables of current rows of which days were replaced since the event before; empty where "
        "other things changed (site, files, rejected rows), and in the first event of a connection."
    )
    days: tuple[date, date] | None = Field(description="First and last of these production days.")
    missed: bool = Field(description="Whether there were versions of which this listener was told nothing.")


class Away(BaseModel):
    """Data of the event `away`: ClickHouse does not answer. `mart` comes when it does again."""

    detail: str


@dataclass(frozen=True)
class _Told:
    """The newest event; numbers count events from the first on."""

    number: int
    content: MartRefreshed | Away

    def bytes(self, seen: _Told | None, last_id: str | None) -> bytes:
        """As it goes over the wire, to one who has `seen` another, or had `last_id` before the connection."""
        content = self.content
        if isinstance(content, Away):
            return f"event: away\ndata: {content.model_dump_json()}\n\n".encode()
        if seen is None:
            missed = bool(last_id) and last_id != content.version
            content = content.model_copy(update={"tables": [], "days": None, "missed": missed})
        elif self.number != seen.number + 1:
            content = content.model_copy(update={"missed": True})
        return f"event: mart\nid: {content.version}\ndata: {content.model_dump_json()}\n\n".encode()


class News:
    """Looks at the version while anybody listens. All of it happens on the event loop."""

    def __init__(self, watch: Watch, lake: Lake) -> None:
        """Nobody listens yet."""
        self.listeners = 0
        self._watch = watch
        self._lake = lake
        self._known: Known | None = None
        self._told: _Told | None = None
        self._changed = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._has_ended = False

    def join(self) -> None:
        """One more listens; `leave` is due.

        Raises:
            Problem: There are as many as there may be.
        """
        if self.listeners >= MOST_LISTENERS:
            detail = f"{MOST_LISTENERS} pages listen already. Figures are up to date whenever they are asked for."
            raise Problem(503, "too-many-listeners", detail, headers={"Retry-After": "30"})
        self.listeners += 1
        if self._looking is None or self._looking.done():
            self._told = None  # nobody looked meanwhile
            # In a context of its own: in that of the request, its queries would bear the id of that.
            self._looking = asyncio.get_running_loop().create_task(self._look(), context=Context())

    def leave(self) -> None:
        """One less listens."""
        self.listeners -= 1

    async def listen(self, last_id: str | None) -> AsyncIterator[bytes]:
        """Server-sent events, until the dashboard ends.

        Args:
            last_id: Version that the listener was told of before.
        """
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        seen: _Told | None = None
        while True:
            changed, told = self._changed, self._told
            if told is not None and told is not seen:
                yield told.bytes(seen, last_id)
                seen = told
            if self._has_ended:
                return
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await changed.wait()
            except TimeoutError:
                yield b": still here\n\n"

    def end(self) -> None:
        """Let all go: a server that stops waits for them."""
        self._has_ended = True
        self._changed.set()
        if self._looking is not None:
            self._looking.cancel()

    async def _look(self) -> None:
        while self.listeners:
            try:
                await self._look_once()
            except Problem as problem:
                self._tell_away(problem.detail)
            except Exception as error:
                # Whatever it is: those who listen must not believe that nothing changes.
                if self._told is None or not isinstance(self._told.content, Away):
                    log.exception("the version of the marts cannot be read", exc_info=error)
                self._tell_away("The version of the figures cannot be read; the log of the dashboard says why.")
            await asyncio.sleep(LOOK_SECONDS)

    async def _look_once(self) -> None:
        known, before = await self._watch.known(), self._known
        told = self._told.content if self._told else None
        if isinstance(told, MartRefreshed) and told.version == known.version:
            return
        tables, days = await self._swapped(before, known) if before else ([], None)
        self._known = known
        self._tell(
            MartRefreshed(
                version=known.version, refreshed_at=known.refreshed_at, tables=tables, days=days, missed=False
            )
        )

    async def _swapped(self, before: Known, known: Known) -> tuple[list[str], tuple[date, date] | None]:
        """Marts and days that were replaced between two versions."""
        if known.refreshed_at is None or known.refreshed_at == before.refreshed_at:
            return [], None
        since = f"{before.refreshed_at:{_MICROSECONDS}}" if before.refreshed_at else "1970-01-01 00:00:00.000000"
        until = f"{known.refreshed_at:{_MICROSECONDS}}"
        found = await self._lake.row("swapped", {"since": since, "until": until})
        return found["tables"], (found["first_day"], found["last_day"]) if found["tables"] else None

    def _tell_away(self, detail: str) -> None:
        if self._told is None or not isinstance(self._told.content, Away):
            self._tell(Away(detail=detail))

    def _tell(self, content: MartRefreshed | Away) -> None:
        self._told = _Told(self._told.number + 1 if self._told else 0, content)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
