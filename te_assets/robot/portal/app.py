"""The demo portal: a page per export with its form, and the export that is prepared and then downloaded."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, FastAPI, Form, HTTPException
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response

from te_assets.robot.portal import entrance
from te_assets.robot.portal.desk import Desk
from te_assets.robot.portal.entrance import AtDesk, Session, SignInFirst, User
from te_assets.robot.portal.pages import page
from te_assets.robot.portal.records import KINDS, Kind

_FAILED: Final = "Export failed, try later"
_LOOK_MS: Final = 100
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
router = APIRouter()


def create_portal(desk: Desk) -> FastAPI:
    """The portal as an application."""
    app = FastAPI(title="Demo portal", openapi_url=None)
    app.state.desk = desk
    app.add_exception_handler(SignInFirst, entrance.ask_to_sign_in)
    app.include_router(entrance.router)
    app.include_router(router)
    return app


@router.get("/")
def home(user: User) -> Response:
    """What there is."""
    return page("home", user=user, kinds=KINDS)


@router.get("/exports/{kind}")
def form(kind: Kind, user: User) -> Response:
    """Where one asks for an export."""
    return page("export", user=user, kind=kind)


@router.post("/exports/{kind}")
def export(
    kind: Kind,
    starts: Annotated[datetime, Form()],
    ends: Annotated[datetime, Form()],
    desk: AtDesk,
    user: User,
    session: Session = None,
) -> Response:
    """Ask for an export, and meet a mood."""
    mood = desk.next_mood(kind, starts, ends)
    if mood == "error":
        return page("export", user=user, kind=kind, error=_FAILED)
    if mood == "crash":
        raise HTTPException(500, _FAILED)
    if mood == "expired":
        desk.sign_out(session)
        raise SignInFirst
    return RedirectResponse(f"/exports/{kind}/{desk.begin(kind, starts, ends, mood)}", 303)


@router.get("/exports/{kind}/{job}")
def prepare(kind: Kind, job: str, desk: AtDesk, user: User) -> Response:
    """Where one waits for an export."""
    found = desk.job(job)
    if found is None:
        raise HTTPException(404)
    # Both ways that portals have: one download begins by itself, the other waits for a click.
    asks, starts = kind == "confirmations", 2 if found.mood == "twice" else 1
    return page("job", user=user, kind=kind, job=job, starts=starts, asks=asks, look_ms=_LOOK_MS)


@router.get("/jobs/{job}")
def state(job: str, desk: AtDesk, user: User) -> Response:  # noqa: ARG001 - for those who are signed in
    """Whether an export is ready."""
    found = desk.job(job)
    return JSONResponse({"ready": found is not None and found.is_ready})


@router.get("/jobs/{job}/file")
def file(job: str, desk: AtDesk, user: User) -> Response:  # noqa: ARG001 - for those who are signed in
    """The workbook."""
    found = desk.job(job)
    if found is None or not found.is_ready:
        raise HTTPException(404)
    return FileResponse(found.path, filename=found.path.name, media_type=_XLSX)
