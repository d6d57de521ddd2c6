"""Single events: a contract as an interface, and the message that an event becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    create_model,
)

from te_assets.delivery.envelope import Message, event_message
from te_assets.site.calendar import days_between, production_day_at
from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from te_assets.contracts.fields import FieldType
    from te_assets.contracts.layout import Model
    from te_assets.contracts.model import Contract
    from te_assets.site.model import Plant, Site
    from te_assets.workbook.request import OperatorPolicy

MOST_EVENTS: Final = 1_000
"""Events of one request."""
SOURCES: Final[Mapping[Model, str]] = {"interactions": "operator_log", "confirmations": "sap_confirmations"}
"""Source whose newest contract an event is read by, unless the request names another."""
_MOST_FAULTS: Final = 20
_MOST_DAYS: Final = 7  # days of a hint
_LONGEST: Final = 10_000  # characters of a text


# Forms are those that the lake reads, no wider: what it cannot read would be acknowledged here and rejected there.
_DATE: Final = r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME: Final = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?"
_INSTANT: Final = rf"^{_DATE}([T ]{_TIME}(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])?)?$"
_NUMBER: Final = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$"


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _text_of(least: int) -> Any:
    written = Annotated[str, Field(min_length=least or None, max_length=_LONGEST)]
    return Annotated[written, BeforeValidator(_text, json_schema_input_type=written | int)]


def _instant(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(_INSTANT, value):
            raise ValueError("an instant is written 2026-03-02T10:00:00+01:00, or without its offset")
        datetime.fromisoformat(value)
    return value


def _day(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(_DATE, value):
            raise ValueError("a date is written 2026-03-02")
        date.fromisoformat(value)
    return value


def _number(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(_NUMBER, value):
        raise ValueError("a number as text is written 90.5")
    return value


_TYPES: Final[Mapping[FieldType, Any]] = {
    "text": _text_of(0),
    "decimal": Annotated[
        Decimal,
        Field(max_digits=18, decimal_places=3),
        BeforeValidator(_number, json_schema_input_type=float | Annotated[str, Field(pattern=_NUMBER)]),
    ],
    "integer": StrictInt,
    "boolean": StrictBool,
    "date": Annotated[
        str, BeforeValidator(_day, json_schema_input_type=Annotated[str, Field(json_schema_extra={"format": "date"})])
    ],
    "time": Annotated[str, Field(pattern=r"^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$")],
    "datetime": Annotated[
        str,
        BeforeValidator(
            _instant,
            json_schema_input_type=Annotated[
                str, Field(pattern=_INSTANT, description="ISO 8601; without offset: the plant's clock")
            ],
        ),
    ],
}


@dataclass(frozen=True)
class Event:
    """An event that fits its contract.

    Attributes:
        fields: As they were sent, without those that are null.
        row: Index in the request.
    """

    fields: Mapping[str, Any]
    row: int

    @property
    def machine(self) -> str:
        """Machine part of the business key: events of one machine stay in order."""
        return f"{self.fields['plant']}/{self.fields['work_center']}"


def event_model(contract: Contract) -> type[BaseModel]:
    """What an event that a contract reads may hold: fields of its model, required where model or contract say so."""
    from te_assets.contracts.fields import MODELS

    fields: dict[str, Any] = {}
    for name, field in MODELS[contract.feeds].items():
        column = contract.columns.get(name)
        kind = _TYPES[field.type]
        description = column.description if column else ""
        if not (field.is_required or (column is not None and column.required)):
            fields[name] = (kind | None, Field(None, description=description))
        elif field.type == "text":
            fields[name] = (_text_of(1), Field(description=description))
        else:
            fields[name] = (kind, Field(description=description))
    return create_model(
        f"{contract.feeds.capitalize()[:-1]}Event",
        __config__=ConfigDict(extra="forbid", title=contract.contract_id),
        __doc__=f"One of the {contract.feeds}, as {contract.contract_id} reads it.",
        **fields,
    )


def parse(model: type[BaseModel], sent: object) -> list[Event]:
    """The events of a request: one JSON object, or an array of them; all fit, or none is taken.

    Raises:
        Problem: Not all fit; the answer names event, field and fault.
    """
    many = sent if isinstance(sent, list) else [sent]
    if not 1 <= len(many) <= MOST_EVENTS:
        raise Problem(
            422, "number-of-events", f"{len(many):,} events; a request holds 1 to {MOST_EVENTS:,}. Send them in pieces."
        )
    events: list[Event] = []
    faults: list[dict[str, object]] = []
    for row, each in enumerate(many):
        try:
            model.model_validate(each)
        except ValidationError as error:
            faults += [
                {"event": row, "field": ".".join(map(str, fault["loc"])), "what": fault["msg"]}
                for fault in error.errors(include_input=False, include_url=False)
            ]
        else:
            assert isinstance(each, dict)
            events.append(Event({name: value for name, value in each.items() if value is not None}, row))
    if faults:
        first = faults[0]
        raise Problem(
            422,
            "event-faulty",
            f"event {first['event']}, field {first['field'] or '(whole)'}: {first['what']}. None of the {len(many):,} "
            "events was taken; correct them and send them again with a new Idempotency-Key.",
            faults=faults[:_MOST_FAULTS],
            faults_in_all=len(faults),
        )
    return events


def messages(
    events: Sequence[Event],
    contract: Contract,
    site: Site,
    operator: OperatorPolicy,
    *,
    event_id: str,
    source: str,
    at: datetime,
) -> list[Message]:
    """One message per event; the same arguments give the same messages.

    Args:
        events: Of one request.
        contract: Which reads them.
        site: For the production days that they may touch.
        operator: What becomes of operators' names, as in workbooks.
        event_id: Of the request; the index of the event follows it.
        source: CloudEvents source of the sender.
        at: When the request was taken, UTC.
    """
    plants = {plant.id: plant for plant in site.plants}
    return [
        event_message(
            contract.feeds,
            _without_names(event.fields, operator),
            machine=event.machine,
            event_id=f"{event_id}/{event.row:04d}",
            time=at,
            contract=contract.contract_id,
            source=source,
            row=event.row,
            days=touched_days(event.fields, plants.get(str(event.fields["plant"])), at),
        )
        for event in events
    ]


def _without_names(fields: Mapping[str, Any], operator: OperatorPolicy) -> dict[str, Any]:
    from te_assets.workbook.pseudonyms import pseudonym
    from te_assets.workbook.sheet import OPERATOR

    if operator.mode == "keep" or OPERATOR not in fields:
        return dict(fields)
    rest = {name: value for name, value in fields.items() if name != OPERATOR}
    return rest | {OPERATOR: pseudonym(str(fields[OPERATOR]), operator.key)} if operator.mode == "pseudonym" else rest


def touched_days(fields: Mapping[str, Any], plant: Plant | None, now: datetime) -> tuple[str, ...]:
    """Production days that an event may touch, ISO: a hint that saves a run; empty where it cannot be told."""
    stamps = [fields[name] for name in ("started_at", "ended_at", "finished_at") if name in fields]
    if plant is None or not stamps:
        return ()
    zone = ZoneInfo(plant.time_zone)
    instants = [datetime.fromisoformat(str(stamp)) for stamp in stamps]
    instants = [instant if instant.tzinfo else instant.replace(tzinfo=zone) for instant in instants]
    if "started_at" in fields and not fields.keys() & {"ended_at", "finished_at"}:
        instants.append(now)  # it lasts until somebody ends it
    first, last = min(instants), max(instants)
    if last - first > timedelta(days=_MOST_DAYS):
        return ()
    days = days_between(production_day_at(plant, first), production_day_at(plant, last))
    return tuple(day.isoformat() for day in days)
