"""The demo portal's door: its login, and who comes through it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Cookie, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from te_assets.robot.portal.desk import Desk
from te_assets.robot.portal.pages import page

_COOKIE: Final = "session"
Session = Annotated[str | None, Cookie(alias=_COOKIE)]
router = APIRouter()


class SignInFirst(Exception):
    """Nobody is signed in."""


def desk_of(request: Request) -> Desk:
    """The portal's desk."""
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]


def user_of(desk: AtDesk, session: Session = None) -> str:
    """Who is signed in.

    Raises:
        SignInFirst: Nobody is.
    """
    if (user := desk.user(session)) is None:
        raise SignInFirst
    return user


User = Annotated[str, Depends(user_of)]


@router.get("/login")
def login() -> Response:
    """The form."""
    return page("login")


@router.post("/login")
def enter(desk: AtDesk, user: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "") -> Response:
    """Sign in."""
    session = desk.sign_in(user, password)
    if session is None:
        return page("login", 401, error="User or password is wrong")
    answer = RedirectResponse("/", 303)
    answer.set_cookie(_COOKIE, session, httponly=True, samesite="strict")
    return answer


@router.post("/logout")
def leave(desk: AtDesk, session: Session = None) -> Response:
    """Sign out."""
    desk.sign_out(session)
    return RedirectResponse("/login", 303)


async def ask_to_sign_in(_: Request, __: Exception) -> Response:
    """What becomes of a request of somebody who is not signed in."""
    return RedirectResponse("/login", 303)
