"""Several queries of one answer at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(**asked: Coroutine[Any, Any, Any]) -> dict[str, Any]:
    """What each yields, by name; the first that fails ends the others, and its error is raised as it is."""
    tasks: dict[str, asyncio.Task[Any]] = {}
    try:
        async with asyncio.TaskGroup() as group:
            tasks |= {name: group.create_task(each) for name, each in asked.items()}
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    return {name: task.result() for name, task in tasks.items()}
