"""The one way from a value to a ClickHouse literal."""

from __future__ import annotations

from collections.abc import Iterable

_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"})


def literal(value: str) -> str:
    """A text as ClickHouse string literal, whatever it holds."""
    return f"'{value.translate(_ESCAPES)}'"


def literals(values: Iterable[str]) -> str:
    """Texts as ClickHouse array literal."""
    return f"[{', '.join(literal(value) for value in values)}]"
