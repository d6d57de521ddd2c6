"""Errors as a client gets them: `application/problem+json` (RFC 9457), each with what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from te_assets.errors import TeAssetsError

log = logging.getLogger(__name__)
MEDIA_TYPE: Final = "application/problem+json"
_RETRY_AFTER: Final = {
    "Retry-After": {"required": True, "description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}
}
_HEADERS: Final[Mapping[int, Mapping[str, Any]]] = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    **dict.fromkeys((409, 429, 503, 507), _RETRY_AFTER),
}


class Problem(Exception):
    """An answer other than success.

    Attributes:
        status: HTTP status.
        kind: What it is, for programs: the end of `type`.
        detail: What happened and what to do, for people.
        headers: Of the answer, e.g. Retry-After.
        members: Further members of the document.
    """

    def __init__(
        self, status: int, kind: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    def document(self, request_id: str) -> dict[str, Any]:
        """The body of the answer."""
        return {
            "type": f"urn:te-assets:problem:{self.kind}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "request_id": request_id,
            **self.members,
        }


class Document(BaseModel):
    """A problem (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="What it is, for programs.")
    title: str
    status: int
    detail: str = Field(description="What happened and what to do, for people.")
    request_id: str = Field(description="As in the log of the service.")


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How a route documents the problems that it may answer; a defect (500) any route may."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Document"}}},
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        }
        for status in (*statuses, 500)
    }


def install(app: FastAPI) -> None:
    """Have every error of the application answered as a problem."""

    @app.exception_handler(Problem)
    async def ours(request: Request, problem: Problem) -> JSONResponse:
        return respond(request, problem)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [
            {"where": "/".join(str(part) for part in fault["loc"]), "what": fault["msg"]} for fault in error.errors()
        ]
        detail = "The request does not fit the interface: " + "; ".join(f"{f['where']}: {f['what']}" for f in faults)
        return respond(request, Problem(422, "invalid-request", detail[:2000], faults=faults))

    @app.exception_handler(HTTPException)
    async def other(request: Request, error: HTTPException) -> JSONResponse:
        kind = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
        detail = f"{request.method} {request.url.path}: {error.detail}. The interface is described at /docs."
        return respond(request, Problem(error.status_code, kind, detail, headers=error.headers))

    @app.exception_handler(TeAssetsError)
    async def set_up_wrong(request: Request, error: TeAssetsError) -> JSONResponse:
        """The site profile, or a contract of the site."""
        log.error("request %s failed", request.state.request_id, exc_info=error)
        detail = (
            f"The {app.title} cannot work as it is set up; whoever runs it finds why in its log. Send it again later."
        )
        return respond(request, Problem(503, "not-available", detail, headers={"Retry-After": "60"}))

    @app.exception_handler(Exception)
    async def ours_to_mend(request: Request, error: Exception) -> JSONResponse:
        log.error("request %s failed", request.state.request_id, exc_info=error)
        return respond(request, defect())


def defect() -> Problem:
    """Something that is ours to mend."""
    detail = "This is a defect of te_assets. Report it with the request id; the log of the service has the rest."
    return Problem(500, "defect", detail)


def respond(request: Request, problem: Problem) -> JSONResponse:
    """The answer; for handlers of further errors."""
    request.state.problem = problem.kind
    request_id = request.state.request_id
    headers = {**problem.headers, "X-Request-Id": request_id}
    return JSONResponse(problem.document(request_id), problem.status, headers, MEDIA_TYPE)
