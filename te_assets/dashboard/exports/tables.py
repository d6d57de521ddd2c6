"""The table of a view over all its pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from te_assets.dashboard.answers import About, Answer, Overview, Page, Quality, Table
from te_assets.dashboard.exports.cells import Sheet, sheet
from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from te_assets.dashboard.asking import Asking
    from te_assets.dashboard.catalog import View
    from te_assets.dashboard.columns import Column
    from te_assets.dashboard.filters import Filters

BLOCK_ROWS = 20_000


@dataclass(frozen=True)
class Exported:
    """A table that is exported.

    Attributes:
        about: Of the answer.
        total: Rows.
        sheet: What rows become.
        blocks: Rows of the answer, block by block; they can be gone through once.
    """

    about: About
    total: int
    sheet: Sheet
    blocks: AsyncIterator[Sequence[Any]]


async def exported(
    asking: Asking, view: View, query: Filters, columns: Sequence[str], *, most: int, instead: str
) -> Exported:
    """The rows of a view under its filters.

    Args:
        asking: The request.
        view: Whose table.
        query: What it is asked; which page does not matter.
        columns: Names, in their order; none: those that are shown unless somebody chooses.
        most: Rows that the file may have.
        instead: What to do where there are more.

    Raises:
        Problem: 422: a column that the table does not have, or too many rows.
    """
    is_paged = issubclass(view.answer, Page)
    first = await view.show(asking, query.model_copy(update={"offset": 0, "limit": 1}) if is_paged else query)
    there, rows = _table(first)
    total = first.total if isinstance(first, Page) else len(rows)
    if total > most:
        detail = f"The table has {total:,} rows, and the file may have {most:,}. {instead}"
        raise Problem(422, "too-many-rows", detail, rows=total, most=most)
    row_type = _row_type(view.answer)
    made = sheet(_chosen(there, columns), first.about, asking.scope.known, asking.scope.texts, row_type)
    return Exported(first.about, total, made, _pages(asking, view, query, total) if is_paged else _once(rows))


def _table(answer: Answer) -> tuple[Sequence[Column], Sequence[Any]]:
    if isinstance(answer, Quality):
        return answer.files.columns, answer.files.rows
    if isinstance(answer, Overview):
        return answer.columns, answer.availability_trend
    assert isinstance(answer, Table)
    rows: Sequence[Any] = answer.rows  # type: ignore[attr-defined]  # all other tables are those of `rows`
    return answer.columns, rows


def _row_type(answer: type[Answer]) -> type[Any]:
    """Type of the rows of the table, which may be empty."""
    if issubclass(answer, Quality):
        answer, name = answer.model_fields["files"].annotation, "rows"  # type: ignore[assignment]
    else:
        name = "availability_trend" if issubclass(answer, Overview) else "rows"
    (row_type,) = answer.model_fields[name].annotation.__args__  # type: ignore[union-attr]
    found: type[Any] = row_type
    return found


def _chosen(there: Sequence[Column], names: Sequence[str]) -> list[Column]:
    if not names:
        return [column for column in there if not column.is_hidden]
    by_name = {column.name: column for column in there}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        detail = f"columns: the table has no {', '.join(unknown)[:500]}. It has: {', '.join(by_name)}."
        raise Problem(422, "unknown-column", detail)
    return [by_name[name] for name in dict.fromkeys(names)]


async def _once(rows: Sequence[Any]) -> AsyncIterator[Sequence[Any]]:
    yield rows


async def _pages(asking: Asking, view: View, query: Filters, total: int) -> AsyncIterator[Sequence[Any]]:
    """Pages one after the other.

    Raises:
        Problem: 503: the table became another one meanwhile; half of each would be neither.
    """
    for offset in range(0, total, BLOCK_ROWS):
        page = await view.show(asking, query.model_copy(update={"offset": offset, "limit": BLOCK_ROWS}))
        _, rows = _table(page)
        if page.total != total or len(rows) != min(BLOCK_ROWS, total - offset):
            detail = "The table changed while it was exported. Export it once more."
            raise Problem(503, "changed-meanwhile", detail, headers={"Retry-After": "2"})
        yield rows
