"""Reads the SQL files of the package and renders them; values are always bound by the client, never rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

_STATEMENT_END = re.compile(r";[ \t]*(?:\n|$)")


@cache
def read(folder: str, name: str) -> str:
    """Text of `te_assets/lake/<folder>/<name>.sql`."""
    return resources.files("te_assets.lake").joinpath(folder, f"{name}.sql").read_text(encoding="utf-8")


def render(folder: str, name: str, **identifiers: Any) -> str:
    """The file rendered by Jinja with identifiers (table names, field lists); an unknown one raises.

    Raises:
        jinja2.UndefinedError: The file names an identifier that was not given.
    """
    return rendered(read(folder, name), **identifiers)


def rendered(text: str, **identifiers: Any) -> str:
    """A text rendered by Jinja with identifiers; see `render`."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - SQL, not HTML
    return environment.from_string(text).render(**identifiers)


def statements(text: str) -> Iterator[str]:
    """The statements of a file; each ends with a semicolon at the end of a line."""
    for part in _STATEMENT_END.split(text):
        body = "\n".join(line for line in part.splitlines() if not line.startswith("--")).strip()
        if body:
            yield body
