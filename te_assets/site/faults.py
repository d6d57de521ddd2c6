"""A fault of a site profile and where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place; `path` leads there through keys and list indexes."""

    path: tuple[str | int, ...]
    message: str
