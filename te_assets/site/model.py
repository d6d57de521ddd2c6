"""The model of a site profile; what each part means is in docs/kpi.md."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator

from te_assets.contracts.places import Places
from te_assets.site import consistency
from te_assets.site.units import DECIMALS, DIGITS

ReasonClass = Literal["planned", "setup", "technical", "organisational", "other", "unclassified"]
"""Classes of reasons; a code that the site does not list is `unclassified`."""


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not in the time zone database; write an IANA name such as Europe/Berlin")
    return name


def _minute_of_day(text: Any) -> int:
    match = re.fullmatch(r"([01]?\d|2[0-4]):([0-5]\d)", text) if isinstance(text, str) else None
    minute = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minute <= 24 * 60:
        raise ValueError(f'{text!r} is not a time of day; write it as "06:00"')
    return minute % (24 * 60)


class _Part(BaseModel):
    """Base of all parts: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_given(cls, data: Any) -> Any:
        """A key whose lines are all commented out is as good as none, where it may be missing."""
        if not isinstance(data, Mapping):
            return data
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {key: value for key, value in data.items() if value is not None or key not in optional}


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
TimeOfDay = Annotated[
    str,
    AfterValidator(lambda text: f"{_minute_of_day(text) // 60:02d}:{_minute_of_day(text) % 60:02d}"),
    WithJsonSchema({"type": "string", "pattern": r"^([01]?\d|2[0-4]):[0-5]\d$", "examples": ["06:00"]}),
]
"""Local wall time `HH:MM`; `24:00` is the midnight that ends a day."""


def minute_of_day(time: str) -> int:
    """Minutes since local midnight of a `TimeOfDay`, 0 … 1439."""
    return _minute_of_day(time)


class Span(_Part):
    """A piece of a local day; an end that is not after its start lies on the next calendar day."""

    starts: TimeOfDay
    ends: TimeOfDay


class Shift(Span):
    """A shift and its scheduled breaks, which are planned down time."""

    breaks: tuple[Span, ...] = ()


class Week(_Part):
    """Names of the shifts that are worked on each day of the week."""

    monday: tuple[Name, ...] = ()
    tuesday: tuple[Name, ...] = ()
    wednesday: tuple[Name, ...] = ()
    thursday: tuple[Name, ...] = ()
    friday: tuple[Name, ...] = ()
    saturday: tuple[Name, ...] = ()
    sunday: tuple[Name, ...] = ()

    def on(self, day: date) -> tuple[str, ...]:
        """Shifts of the production day `day`."""
        days = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)
        return days[day.weekday()]


class CalendarPeriod(_Part):
    """A weekly shift pattern from a production day on, until the period with the next `valid_from`."""

    valid_from: date
    shifts: Mapping[Name, Shift] = Field(min_length=1)
    week: Week


class Calendar(_Part):
    """When work is scheduled: effective-dated weekly patterns, or always."""

    always: bool = Field(default=False, description="every hour of every day; one window 'always' per production day")
    periods: tuple[CalendarPeriod, ...] = ()
    holidays: tuple[date, ...] = Field(default=(), description="production days without any shift")
    exceptions: Mapping[date, tuple[Name, ...]] = Field(
        {}, description="shifts of single production days; win over all"
    )

    def period_of(self, day: date) -> CalendarPeriod | None:
        """The pattern that holds on a production day, or None before the first one."""
        valid = [period for period in self.periods if period.valid_from <= day]
        return max(valid, key=lambda period: period.valid_from, default=None)

    def shifts_of(self, day: date) -> tuple[str, ...]:
        """Names of the shifts that are worked on a production day."""
        if day in self.exceptions:
            return self.exceptions[day]
        period = self.period_of(day)
        return () if period is None or day in self.holidays else period.week.on(day)


class Line(_Part):
    """A line of work centers; `series`: one station's stop stops the line."""

    id: Name
    name: str = ""
    topology: Literal["series", "parallel"]


class WorkCenter(_Part):
    """A machine or work place, by its id and by the other names that exports give it."""

    id: Name
    name: str = ""
    aliases: tuple[Name, ...] = ()
    line: Name | None = None
    calendar: Name | None = Field(default=None, description="name in calendars; without one nothing is scheduled")

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that an export may call the work center."""
        return tuple(dict.fromkeys(name for name in (self.id, self.name, *self.aliases) if name))


class Plant(_Part):
    """A plant: its clock, its lines and its work centers."""

    id: Name
    name: str = ""
    time_zone: ZoneName
    production_day_starts: TimeOfDay = "00:00"
    lines: tuple[Line, ...] = ()
    work_centers: tuple[WorkCenter, ...] = Field(min_length=1)

    @property
    def day_start_minute(self) -> int:
        """Minute of the local day at which a production day starts, 0 … 1439."""
        return minute_of_day(self.production_day_starts)


class Reason(_Part):
    """What a reason code of the log means."""

    text: str = ""
    reason_class: ReasonClass = Field(alias="class")
    group: str = ""


class ScrapReason(_Part):
    """What a reason for variance means."""

    text: str = ""


FactorValue = Annotated[Decimal, Field(gt=0, max_digits=DIGITS, decimal_places=DECIMALS)]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)]


class Conversion(_Part):
    """What a unit is converted to: one of it is `by` of the other; exact, never rounded."""

    to: Name
    by: FactorValue | None = Field(default=None, description="may be missing where every material has its own")


class Unit(_Part):
    """A unit of quantities as exports write it; without a factor it is never converted."""

    name: str = ""
    factor: Conversion | None = None


class Target(_Part):
    """What a plant, a line or a work center shall reach, from a production day on."""

    plant: Name
    line: Name | None = None
    work_center: Name | None = None
    valid_from: date | None = Field(default=None, description="first production day; without it since the beginning")
    availability: Percent | None = Field(default=None, description="at least, in per cent")
    scrap_rate: Percent | None = Field(default=None, description="at most, in per cent")


class Policies(_Part):
    """Choices that sites make differently; each is explained in docs/kpi.md."""

    short_stop_minutes: Annotated[Decimal, Field(ge=0, le=1440, decimal_places=3)] = Field(
        default=Decimal(5), description="a stop shorter than this is short; strictly"
    )
    short_stops: Literal["availability", "performance"] = Field(
        default="availability", description="which loss short stops are; performance: they are not in DOWN"
    )
    rework_in_produced: bool = Field(default=True, description="whether rework counts in the produced quantity")
    operator: Literal["drop", "pseudonym", "keep"] = Field(
        default="pseudonym", description="what becomes of operators' names"
    )
    headline_availability: Literal["availability", "technical", "total"] = Field(
        default="availability",
        description="figure that is shown first: APT / PBT; technical: (PBT - technical down) / PBT; total: APT / POT",
    )
    headline_scrap_basis: Literal["operation", "last_operation", "order"] = Field(
        default="operation", description="basis of the scrap rate that is shown first"
    )
    keep_runs_days: int = Field(
        default=90, ge=1, le=36_500, description="days that Dagster's finished runs are kept, with their logs"
    )

    fresh_within_hours: Annotated[Decimal, Field(gt=0, le=8784)] = Field(
        default=Decimal(26), description="how old the newest data of a plant may be, and the last load of raw rows"
    )
    figures_due: TimeOfDay = Field(
        default="08:00", description="wall time of the first plant by which the marts of the day before are restated"
    )

    reconciled_days: Annotated[int, Field(ge=1, le=400)] = Field(
        default=7, description="how many of the last production days are computed once more every night and compared"
    )

    def as_text(self) -> Mapping[str, str]:
        """Name and value of each policy, as `te_ops.policies` holds them."""
        return {
            "short_stop_minutes": format(self.short_stop_minutes.normalize(), "f"),
            "short_stops": self.short_stops,
            "rework_in_produced": "true" if self.rework_in_produced else "false",
            "operator": self.operator,
            "headline_availability": self.headline_availability,
            "headline_scrap_basis": self.headline_scrap_basis,
            "keep_runs_days": str(self.keep_runs_days),
        }


class Site(_Part):
    """A site profile.

    Raises:
        pydantic.ValidationError: when a part is malformed or parts contradict each other.
    """

    name: Name
    since: date = Field(description="first production day; earlier rows are rejected")
    plants: tuple[Plant, ...] = Field(min_length=1)
    calendars: Mapping[Name, Calendar] = {}
    reasons: Mapping[Name, Reason] = {}
    scrap_reasons: Mapping[Name, ScrapReason] = {}
    units: Mapping[Name, Unit] = {}
    material_units: Mapping[Name, Mapping[Name, FactorValue]] = Field(
        {}, description="material → unit → factor that the material has of its own, to the same target"
    )
    targets: tuple[Target, ...] = ()
    policies: Policies = Policies()

    @model_validator(mode="after")
    def _consistent(self) -> Site:
        consistency.ensure(self)
        return self

    @property
    def canonical(self) -> str:
        """The profile as JSON (which is YAML too): the same for profiles that mean the same."""
        return self.model_dump_json(by_alias=True)

    @property
    def hash(self) -> str:
        """SHA-256 of `canonical`, lower-case hex."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    def places(self) -> Places:
        """What the typing of rows needs to know of the site: zones, day starts, work centers by any of their names."""
        plants_by_name: dict[str, set[str]] = {}
        for plant in self.plants:
            for work_center in plant.work_centers:
                for name in work_center.names:
                    plants_by_name.setdefault(name, set()).add(plant.id)
        return Places(
            zones={plant.id: plant.time_zone for plant in self.plants},
            day_start_minutes={plant.id: plant.day_start_minute for plant in self.plants},
            since={plant.id: self.since for plant in self.plants},
            plant_of_work_center={name: min(plants) for name, plants in plants_by_name.items() if len(plants) == 1},
            work_center_ids={
                (plant.id, name): work_center.id
                for plant in self.plants
                for work_center in plant.work_centers
                for name in work_center.names
            },
        )
