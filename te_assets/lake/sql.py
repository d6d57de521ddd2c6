"""Reads the SQL files of the package and renders them; values are always bound by the client, never rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jinja2 import Environment, Template

# What counts of te_staging.<model>_history and of te_staging.<model>_keys AS k: not what was retracted or read again.
_RETRACTED = "SELECT file_sha256 FROM te_ops.retracted_files"
_SUPERSEDED = "SELECT {} FROM te_ops.superseded_publications"
_PUBLICATION = "concat(file_sha256, '@', contract)"
_SHARED: Final = {
    "counting": (
        f"file_sha256 NOT IN ({_RETRACTED}) "
        f"AND (file_sha256, contract) NOT IN ({_SUPERSEDED.format('file_sha256, contract')})"
    ),
    "counting_keys": (
        f"k.version.origin NOT IN ({_RETRACTED}) AND k.publication NOT IN ({_SUPERSEDED.format(_PUBLICATION)})"
    ),
    # A line that was superseded when it was written may stand again without the mark: lake/corrections.py.
    "newest_first": "version DESC, content_hash DESC, contract DESC, is_superseded",
}
_STATEMENT_END = re.compile(r";[ \t]*(?:\n|$)")


def outside(positions: str) -> str:
    """Condition on a batch `b`, beginning with AND, that leaves out the raw lines of a table of positions."""
    place = "topic_id, partition, offset, line"
    mine = ", ".join(f"b.{part}" for part in place.split(", "))
    return f"AND ({mine}) NOT IN (SELECT {place} FROM {positions})"


@cache
def read(folder: str, name: str) -> str:
    """Text of `te_assets/lake/<folder>/<name>.sql`."""
    return resources.files("te_assets.lake").joinpath(folder, f"{name}.sql").read_text(encoding="utf-8")


def render(folder: str, name: str, **identifiers: Any) -> str:
    """The file rendered by Jinja with identifiers (table names, field lists); an unknown one raises.

    A file includes another by its path in te_assets/lake: `{% include 'marts/parts/breaks.sql' %}`.

    Raises:
        jinja2.UndefinedError: The file names an identifier that was not given.
    """
    return rendered(read(folder, name), **_SHARED, **identifiers)


def rendered(text: str, **identifiers: Any) -> str:
    """A text rendered by Jinja with identifiers; see `render`."""
    return _template(text).render(**identifiers)


@lru_cache(maxsize=500)  # compiling a template takes longer than many a statement
def _template(text: str) -> Template:
    return templates("lake").from_string(text)


@cache
def templates(folder: str) -> Environment:
    """The SQL files of a folder of te_assets as templates; a file includes another by its path in that folder."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("te_assets", folder),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - SQL, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )


def compile_all() -> None:
    """Compile every file now, for processes that are forked from this one."""
    for file in Path(__file__).parent.rglob("*.sql"):
        if file.parent.name != "migrations":
            _template(read(str(file.parent.relative_to(Path(__file__).parent)), file.stem))


def statements(text: str) -> Iterator[str]:
    """The statements of a file; each ends with a semicolon at the end of a line."""
    for part in _STATEMENT_END.split(text):
        body = "\n".join(line for line in part.splitlines() if not line.startswith("--")).strip()
        if body:
            yield body
