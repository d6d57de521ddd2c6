"""Several ways to group the same rows, which one query answers by reading them once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Key:
    """A column that rows are grouped by.

    Attributes:
        order: SQL to order by it; by its name unless given.
    """

    name: str
    sql: str
    order: str = ""

    @property
    def ordering(self) -> str:
        """SQL to order by it."""
        return self.order or self.name


@dataclass(frozen=True)
class Sets:
    """Groupings by name; two that have the same keys are one.

    Attributes:
        of: Name → keys of the grouping.
    """

    of: Mapping[str, tuple[Key, ...]]

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """All keys, each once."""
        return tuple(dict.fromkeys(key for keys in self.of.values() for key in keys))

    @cached_property
    def distinct(self) -> tuple[tuple[Key, ...], ...]:
        """The groupings, each once."""
        return tuple(dict.fromkeys(self.of.values()))

    def mask(self, name: str) -> int:
        """What `grouping(keys…)` yields in rows of a grouping: a bit per key that is not of it, the last one lowest."""
        mine = self.of[name]
        return sum(1 << place for place, key in enumerate(reversed(self.keys)) if key not in mine)

    def rows(self, name: str, found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Rows of a grouping, without the keys that are not of it."""
        mask, others = self.mask(name), self._others(self.of[name])
        return [
            {column: value for column, value in row.items() if column not in others}
            for row in found
            if row["mask"] == mask
        ]

    def _others(self, mine: Sequence[Key]) -> frozenset[str]:
        return frozenset({key.name for key in self.keys if key not in mine} | {"mask"})
