"""Texts of a portal file that hold places for the period and for user and password: `{from:%Y-%m-%d}`, `{user}`."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

MOMENTS: Final = ("from", "to", "last")
"""Begin of the period, its end (exclusive), its last day; each with a format as strftime takes it."""
CREDENTIALS: Final = ("user", "password")
"""In the login alone."""
Values = Mapping[str, datetime | str]


def check(text: str) -> str:
    """The text, if each of its placeholders is known.

    Raises:
        ValueError: One is not, or is written wrongly.
    """
    for name, form in _fields(text):
        if name in MOMENTS:
            if "%" not in form:
                raise ValueError(f"{{{name}}} needs a format, such as {{{name}:%Y-%m-%d}}")
        elif name not in CREDENTIALS:
            known = ", ".join([*(f"{{{each}:%Y-%m-%d}}" for each in MOMENTS), *(f"{{{each}}}" for each in CREDENTIALS)])
            raise ValueError(f"{{{name}}} is no placeholder; there are {known}. A brace itself is written {{{{ or }}}}")
        elif form:
            raise ValueError(f"{{{name}}} takes no format; write {{{name}}}")
    return text


def named(text: str) -> set[str]:
    """Names of the placeholders of a checked text."""
    return {name for name, _ in _fields(text)}


def filled(text: str, values: Values) -> str:
    """The text with its values; `values` has every name that it asks for."""
    return string.Formatter().vformat(text, (), values)


def _fields(text: str) -> Iterator[tuple[str, str]]:
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}; a brace itself is written {{{{ or }}}}") from error
    for _, name, form, conversion in parsed:
        if name is None:
            continue
        if conversion or "{" in (form or ""):
            raise ValueError(f"{text!r}: a placeholder is a name, and a format after a colon")
        yield name, form or ""
