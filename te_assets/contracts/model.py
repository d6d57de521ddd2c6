"""The contract of a layout: which column means what, and what makes a row acceptable."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from te_assets.contracts.completion import ConstantFrom, Derivation, Unpivot
from te_assets.contracts.fields import MODELS, ModelField
from te_assets.contracts.layout import Model
from te_assets.contracts.model_parts import (
    Column,
    Combination,
    ExportTime,
    ExportTimeFromName,
    ExportTimeFromWorkbook,
    Header,
    Locale,
    Match,
    Name,
    Part,
    Period,
    Rule,
    SkipRule,
    StandIn,
    Text,
    TextExport,
)

__all__ = ["Contract", "ExportTimeFromName", "ExportTimeFromWorkbook"]


class Contract(Part):
    """One layout under one version. A published version is never changed: a change gets the next number."""

    source: Name
    feeds: Model
    version: int = Field(ge=1, le=999_999)
    title: str = ""
    match: Match = Match()
    text: TextExport | None = Field(None, description="Lets text files in, as tab-separated exports named .xls")
    header: Header = Header()
    locale: Locale = Locale()
    timezone: str = Field("plant", description="plant, or an IANA time zone that all stamps of the layout are in")
    columns: Mapping[Name, Column]
    combine: Mapping[Name, Combination] = {}
    derive: Mapping[Name, Derivation] = Field({}, description="Field → how it is computed where its cell is empty")
    make: Mapping[Name, tuple[Name, ...]] = Field(
        {},
        description="Text field that the layout lacks → fields and columns that make it up. A corrected start then "
        "makes another id: such a layout should deliver snapshots",
    )
    stand_in: tuple[StandIn, ...] = ()
    constants: Mapping[Name, Text] = Field({}, description="Fields that the layout has no column for, as text")
    constants_from: Mapping[Name, ConstantFrom] = Field(
        {}, description="Fields and columns whose value stands outside of the table; used where the sheet has no column"
    )
    unpivot: Unpivot | None = Field(None, description="Matrix with a column per reason, minutes in its cells")
    business_key: tuple[Name, ...] = Field(min_length=1)
    changed_at: Name | None = Field(None, description="Column with the change time of a row")
    skip_rows_where: tuple[SkipRule, ...] = ()
    delivers: Literal["changes", "snapshot"] = Field(
        "changes",
        description="changes: absent rows mean nothing; snapshot: a file is complete for its period and scope, and "
        "rows of the layout that it no longer has are gone",
    )
    scope: Literal["plant", "work_center"] | None = Field(
        None, description="What a snapshot is complete for: each work center in it (default), or each plant in it"
    )
    period: Period | None = None
    export_time: tuple[ExportTime, ...] = ("first_seen",)
    rules: tuple[Rule, ...] = ()
    on_unknown_column: Literal["keep", "warn", "reject"] = "keep"

    @property
    def contract_id(self) -> str:
        """`<source>@<version>`."""
        return f"{self.source}@{self.version}"

    @property
    def fields(self) -> Mapping[str, ModelField]:
        """Fields of the model that the contract feeds."""
        return MODELS[self.feeds]

    @property
    def required_fields(self) -> tuple[str, ...]:
        """Fields that the sheet must have, as a column or through a combination."""
        return tuple(name for name, column in self.columns.items() if column.required)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a contract from a YAML file.

        Raises:
            ContractError: The file cannot be read or is no contract; the message names file and line.
        """
        from te_assets.contracts.yaml_source import read_contract_file

        return cls._from_source(read_contract_file(path), str(path))

    @classmethod
    def from_yaml(cls, text: str, origin: str) -> Self:
        """Read a contract from YAML text; `origin` is what errors call it.

        Raises:
            ContractError: The text is no contract; the message names `origin` and the line.
        """
        return cls._from_source(text, origin)

    @classmethod
    def _from_source(cls, text: str, origin: str) -> Self:
        from te_assets.contracts.yaml_source import validate

        return validate(cls, text, origin)

    @cached_property
    def yaml(self) -> str:
        """The contract as YAML without comments and defaults; `from_yaml` gives an equal contract."""
        import yaml

        settings = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone != "plant":
            try:
                ZoneInfo(zone)
            except (ZoneInfoNotFoundError, ValueError) as error:
                msg = f"{zone!r} is neither 'plant' nor an IANA time zone; write plant or a name such as Europe/Berlin"
                raise ValueError(msg) from error
        return zone

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        from te_assets.contracts.consistency import faults_of

        faults = faults_of(self)
        if faults:
            raise ValueError("\n".join(dict.fromkeys(faults)))
        return self
