"""The demo portal's pages: plain HTML from Jinja templates, shipped beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), undefined=StrictUndefined, autoescape=True
)


def page(name: str, status: int = 200, *, user: str | None = None, error: str = "", **values: object) -> HTMLResponse:
    """A page.

    Args:
        name: Of its template.
        status: Of the answer.
        user: Who is signed in.
        error: Shown as an alert.
        values: What else its template asks for.
    """
    return HTMLResponse(_TEMPLATES.get_template(f"{name}.html.jinja").render(user=user, error=error, **values), status)
