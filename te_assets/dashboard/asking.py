"""What a view is given: ClickHouse, the resolved scope, and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from te_assets.dashboard.columns import Column, ColumnSpec
from te_assets.dashboard.lake import Lake
from te_assets.dashboard.scope import Scope


@dataclass(frozen=True)
class Asking:
    """One request."""

    lake: Lake
    scope: Scope

    async def rows(
        self, query: str, given: Iterable[str] | None = None, bound: dict[str, Any] | None = None, **identifiers: Any
    ) -> list[dict[str, Any]]:
        """Rows of a query under the filters.

        Args:
            query: Name of the file.
            given: Names of the filters that count; all that are given unless said.
            bound: Further values, or others.
            identifiers: What the template asks for.
        """
        conditions = self.scope.conditions() if given is None else frozenset(given)
        return await self.lake.rows(
            query, {**self.scope.parameters(), **(bound or {})}, given=conditions, **identifiers
        )

    def columns(self, specs: Sequence[ColumnSpec]) -> list[Column]:
        """Columns with their headings."""
        return [self.scope.texts.column(spec) for spec in specs]
