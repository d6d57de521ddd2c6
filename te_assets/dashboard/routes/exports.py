"""The table of any view as a file: what the screen shows, over all pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final, get_origin

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import StreamingResponse

from te_assets.dashboard.asking import Asking
from te_assets.dashboard.catalog import VIEWS
from te_assets.dashboard.exports import about, text
from te_assets.dashboard.exports.tables import Exported, exported
from te_assets.dashboard.exports.workbook import Table, workbook
from te_assets.dashboard.filters import Filters, Language
from te_assets.dashboard.parts import parts_of
from te_assets.dashboard.routes.answering import PROBLEMS
from te_assets.dashboard.scope import resolve
from te_assets.dashboard.texts import accepted, texts
from te_assets.web.problems import Problem, answers

MOST_XLSX: Final = 50_000
MOST_CSV: Final = 1_000_000
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OWN: Final = ("view", "columns", "language")
_DESCRIPTION: Final = (
    "Takes all parameters of the view that it is of, with the same meaning. Rows and columns are those of the screen, "
    "over all pages, in the same zone and with the same rounding."
)
router = APIRouter(prefix="/api/v1", tags=["exports"])
ViewName = Annotated[str, Query(description="Name of the view, as in its address: " + ", ".join(VIEWS) + ".")]
Columns = Annotated[
    str | None,
    Query(max_length=2_000, description="Names of columns, parted by commas; those that are shown if not given."),
]
Spoken = Annotated[Language | None, Query(description="Of headings and numbers; that of the browser if not given.")]
Accepted = Annotated[str | None, Header(alias="Accept-Language")]


@dataclass(frozen=True)
class _Wanted:
    """An export that was asked for."""

    asking: Asking
    query: Filters
    view: str
    language: Language
    table: Exported

    @property
    def name(self) -> str:
        """Of the file, without its ending."""
        days = self.table.about
        return f"te_assets_{self.view}_{days.first_day}_{days.last_day}"


@router.get(
    "/export.csv",
    operation_id="export_csv",
    summary="The table of a view as CSV",
    description=f"{_DESCRIPTION} UTF-8 with byte order mark; in German and French with semicolons and decimal commas.",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **answers(*PROBLEMS)},
)
async def export_csv(
    request: Request, view: ViewName, columns: Columns = None, language: Spoken = None, languages: Accepted = None
) -> Response:
    """Streamed: the first lines are there before the last ones are read."""
    narrow = "Narrow the filters."
    wanted = await _wanted(request, view, columns, language or accepted(languages), most=MOST_CSV, instead=narrow)
    sheet = wanted.table.sheet

    async def parts() -> AsyncIterator[str]:
        yield text.BYTE_ORDER_MARK + text.lines([sheet.headings(percent_sign=True)], wanted.language)
        async for rows in wanted.table.blocks:
            yield await to_thread.run_sync(text.lines, [sheet.cells(row) for row in rows], wanted.language)

    return StreamingResponse(parts(), media_type=CSV, headers=_headers(f"{wanted.name}.csv"))


@router.get(
    "/export.xlsx",
    operation_id="export_xlsx",
    summary="The table of a view as an Excel workbook",
    description=f"{_DESCRIPTION} A second sheet names filters and definitions. At most {MOST_XLSX:,} rows.",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}, **answers(*PROBLEMS)},
)
async def export_xlsx(
    request: Request, view: ViewName, columns: Columns = None, language: Spoken = None, languages: Accepted = None
) -> Response:
    """The whole workbook at once."""
    narrow = "Narrow the filters, or take the CSV."
    wanted = await _wanted(request, view, columns, language or accepted(languages), most=MOST_XLSX, instead=narrow)
    rows = [row async for block in wanted.table.blocks for row in block]
    content = await to_thread.run_sync(partial(_workbook, wanted, rows))
    return Response(content, media_type=XLSX, headers=_headers(f"{wanted.name}.xlsx"))


def _workbook(wanted: _Wanted, rows: list[Any]) -> bytes:
    sheet, words = wanted.table.sheet, wanted.asking.scope.texts
    title = words.words[f"view_{wanted.view}"]
    lines = about.lines(
        title,
        wanted.table.about,
        wanted.query,
        words,
        [column.name for column in sheet.columns],
        zone=sheet.zone if sheet.has_instants else None,
    )
    return workbook(
        [
            Table(
                title,
                sheet.headings(percent_sign=False),
                [column.kind for column in sheet.columns],
                [sheet.cells(row) for row in rows],
            ),
            Table(words.words["about"], (), (), list(lines)),
        ]
    )


async def _wanted(
    request: Request, name: str, columns: str | None, language: Language, *, most: int, instead: str
) -> _Wanted:
    view = VIEWS.get(name)
    if view is None:
        raise Problem(422, "unknown-view", f"view: there is no {name[:100]}. There are: {', '.join(VIEWS)}.")
    query = _query(request, view.query)
    scope = resolve(query, await parts_of(request).watch.known(), texts(language))
    asking = Asking(parts_of(request).lake, scope)
    names = [each.strip() for each in columns.split(",") if each.strip()] if columns else []
    table = await exported(asking, view, query, names, most=most, instead=instead)
    return _Wanted(asking, query, name, language, table)


def _query(request: Request, model: type[Filters]) -> Filters:
    """Parameters of the view, judged as its own route judges them.

    Raises:
        RequestValidationError: They do not fit.
    """
    asked = request.query_params
    lists = {field.alias or name for name, field in model.model_fields.items() if _is_list(field.annotation)}
    given: Mapping[str, Any] = {
        name: asked.getlist(name) if name in lists else asked[name] for name in asked if name not in _OWN
    }
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(
            [{**fault, "loc": ("query", *fault["loc"])} for fault in error.errors(include_url=False)]
        ) from error


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "Vary": "Accept-Language",
    }
