"""What an export is about, for someone who opens it a year later: filters, days, zone, basis, version, definitions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from te_assets import __version__
from te_assets.dashboard.terms import terms_of

if TYPE_CHECKING:
    from te_assets.dashboard.answers import About
    from te_assets.dashboard.filters import Filters
    from te_assets.dashboard.texts import Texts

Line = tuple[str, str]
_SAID = frozenset({"first_day", "last_day", "period", "grain", "basis", "as_of", "offset", "limit"})


def lines(
    title: str, about: About, filters: Filters, texts: Texts, fields: Collection[str], *, zone: str | None
) -> Iterator[Line]:
    """Pairs of what and how; an empty pair parts the definitions from the rest.

    Args:
        title: Of the view.
        about: Of the answer.
        filters: As asked.
        texts: Words of the language.
        fields: Of the columns, whose terms are explained.
        zone: Of the instants.
    """
    words = texts.words
    yield words["view"], title
    yield words["days"], f"{about.first_day} – {about.last_day}"
    yield words["grain"], words[f"grain_{about.grain}"]
    yield words["basis"], words[f"basis_{about.basis}"]
    yield from given(filters, texts)
    yield words["zone"], zone or about.time_zone or words["zone_of_plant"]
    if about.data_until:
        yield words["data_until"], instant(about.data_until, about.time_zone)
    yield words["as_of"], instant(about.as_of, about.time_zone) if about.as_of else words["as_of_now"]
    if about.refreshed_at:
        yield words["refreshed_at"], instant(about.refreshed_at, about.time_zone)
    yield words["made_at"], instant(datetime.now(UTC), about.time_zone)
    yield words["version"], f"te_assets {__version__}, {about.version}"
    for note in about.notes:
        yield words["note"], note.text
    if terms := terms_of(fields):
        yield "", ""
        yield words["definitions"], ""
        for key in terms:
            term = texts.terms[key]
            yield (
                term.term,
                ". ".join(part.rstrip(".") for part in (f"{term.formula} [{term.unit}]", term.note) if part),
            )


def given(filters: Filters, texts: Texts) -> Iterator[Line]:
    """Filters that narrow, and choices of the view."""
    for name, value in filters:
        if name not in _SAID and value not in (None, [], False):
            label = texts.words.get(f"filter_{name}") or texts.columns.get(name, name)
            yield label, ", ".join(said(each, texts) for each in (value if isinstance(value, list) else [value]))


def said(value: Any, texts: Texts) -> str:
    """A value of a filter for people."""
    if value is True:
        return texts.words["yes"]
    return texts.words.get(f"choice_{value}") or str(value) or '""'


def instant(at: datetime, zone: str | None) -> str:
    """An instant with the zone that it is shown in."""
    name = zone or "UTC"
    return f"{at.astimezone(ZoneInfo(name)):%Y-%m-%d %H:%M:%S} {name}"
