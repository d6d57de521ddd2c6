"""Workbooks: post one, see how far it has come, get its rejected rows."""

from __future__ import annotations

import shutil
from tempfile import mkdtemp
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask

from te_assets.gateway.files import Receipt
from te_assets.gateway.lake import rejects, stages
from te_assets.gateway.news import LONGEST_WAIT
from te_assets.gateway.parts import Key, MayPostFiles, MayRead, parts_of
from te_assets.lake.deliveries import SETTLED, Stage
from te_assets.web.problems import Problem, answers

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MULTIPART: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "The workbook."},
                        "source": {"type": "string", "description": "The only source whose contract is tried."},
                    },
                }
            }
        },
    }
}
_LOCATION: Final = {"Location": {"required": True, "description": "Path of its status.", "schema": {"type": "string"}}}
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="Of the workbook's bytes, lower-case hex.")]
router = APIRouter(prefix="/v1/files", tags=["files"])


class PublicationStatus(BaseModel):
    """How far a file has come under one contract."""

    contract: str
    model: str
    stage: Stage
    reason: str
    rows: int
    accepted: int
    rejected: int
    skipped: int
    duplicates: int
    waiting_days: int


class FileStatus(BaseModel):
    """How far a file has come; without a receipt it came another way.

    Attributes:
        is_settled: Each publication is in the marts, rejected or retracted: nothing more will happen by itself.
    """

    sha256: str
    receipt: Receipt | None
    publications: list[PublicationStatus]
    is_settled: bool


@router.post(
    "",
    status_code=202,
    responses={
        200: {"model": Receipt, "description": "The same bytes were received before.", "headers": _LOCATION},
        202: {"description": "It is on disk, and fits a contract.", "headers": _LOCATION},
        **answers(400, 401, 403, 413, 415, 422, 429, 503, 507),
    },
    openapi_extra=_MULTIPART,
)
async def post_file(request: Request, response: Response, bearer: MayPostFiles, key: Key = None) -> Receipt:
    """Post a workbook; the same bytes again get the same receipt."""
    parts = parts_of(request)
    limit = parts.settings.gateway_largest_file_mb * 1_000_000
    receipt, is_new = await parts.files.take(request, bearer.name, key, limit)
    if is_new:
        parts.measures.took_file(receipt.size)
    response.status_code = 202 if is_new else 200
    response.headers["Location"] = receipt.status_url
    return receipt


@router.get("/{sha256}", responses=answers(401, 403, 404, 422, 429, 503))
async def get_file(
    sha256: Sha256,
    request: Request,
    bearer: MayRead,  # noqa: ARG001
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for an answer that is settled.")
    ] = 0,
) -> FileStatus:
    """How far a workbook has come: received, published, loaded, in marts; and how many of its rows were rejected."""
    parts = parts_of(request)
    given = parts.receipts.receipt(sha256)
    receipt = Receipt.model_validate_json(given) if given else None

    async def look() -> FileStatus:
        found = await to_thread.run_sync(stages, parts.settings, sha256)
        if receipt is None and not found:
            raise Problem(404, "unknown-file", f"No file with SHA-256 {sha256} was received.")
        publications = [PublicationStatus(**each) for each in found]
        is_settled = bool(publications) and all(each.stage in SETTLED for each in publications)
        return FileStatus(sha256=sha256, receipt=receipt, publications=publications, is_settled=is_settled)

    return await parts.news.wait_for(sha256, look, lambda status: status.is_settled, wait)


@router.get(
    "/{sha256}/rejects.xlsx",
    response_class=FileResponse,
    responses={200: {"content": {XLSX: {}}}, **answers(401, 403, 404, 410, 422, 429, 503)},
)
async def get_rejects(
    sha256: Sha256,
    request: Request,
    bearer: MayRead,  # noqa: ARG001
    number: Annotated[int, Query(ge=1, le=1000, description="Which one, where several sheets have rejected rows.")] = 1,
) -> FileResponse:
    """The rejected rows of a workbook as a workbook to repair and to post again."""
    folder = await to_thread.run_sync(mkdtemp)
    tidy = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    try:
        written = await to_thread.run_sync(rejects, parts_of(request).settings, sha256, folder, number)
    except BaseException:
        await tidy()
        raise
    return FileResponse(written, media_type=XLSX, filename=written.name, background=tidy)
