"""The servers' configuration files: Jinja templates, shipped beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

FOLDER: Final = Path(__file__).with_name("templates")


def render(name: str, **values: object) -> str:
    """Text of a template; values are escaped where it is XML.

    Raises:
        jinja2.UndefinedError: A value is missing.
    """
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("xml.jinja",), default=False),
        keep_trailing_newline=True,
    )
    return environment.get_template(name).render(**values)
