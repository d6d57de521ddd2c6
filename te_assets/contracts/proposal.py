"""A contract proposed for a sheet that was looked into, as YAML with comments on everything that is unsure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from te_assets.contracts.annotated import notes_of, unmapped_notes, written
from te_assets.contracts.evidence import (
    Evidence,
    Value,
    are_dates,
    are_times,
    date_evidence,
    have_times,
    number_evidence,
    unreadable_numbers,
)
from te_assets.contracts.fields import DURATION
from te_assets.contracts.looked import Looked
from te_assets.contracts.model import Contract
from te_assets.contracts.model_parts import Locale
from te_assets.contracts.narrowing import own_settings
from te_assets.contracts.suggestion import Guess, HeaderGuess, renamed, short


@dataclass(frozen=True)
class Proposal:
    """A proposed contract.

    Attributes:
        yaml: The contract with comments; a draft that does not load where there are `problems`.
        source: Its name.
        sheet: Sheet that was looked into.
        header_row: Number of its header row.
        columns: What each column was taken for.
        unsure: Sentences on what a person has to look at.
        problems: Sentences on what is missing, so that no row could be accepted.
    """

    yaml: str
    source: str
    sheet: str
    header_row: int
    columns: tuple[Guess, ...]
    unsure: tuple[str, ...]
    problems: tuple[str, ...]


def propose(looked: Looked) -> Proposal:
    """Propose a contract.

    A file that a contract reads already gives that contract's next version, with what the values prove added. Else a
    contract of its own is made of the columns that were found.
    """
    looked = _told_by_values(looked)
    guess, base = looked.guess, looked.fitting
    evidence = {
        "dates": date_evidence(v for name in looked.of_type("date", "datetime") for v in looked.values(name)),
        "numbers": number_evidence(v for name in looked.of_type("decimal", "integer") for v in looked.values(name)),
    }
    settings = own_settings(looked) if base is None else _next_version(base, guess)
    locale = _locale(settings.get("locale", {}), evidence)
    settings["locale"] = locale
    changed = base is None or settings != base.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if base is not None and changed:
        settings["version"] = base.version + 1
    problems = tuple(_problems(looked, settings))
    unsure = [doubt for found in evidence.values() for doubt in found.doubts]
    unsure += [
        f'column {each.cell.letter} "{short(each.cell.text)}" was taken for {each.field}: {each.why}'
        for each in guess.guesses
        if each.field in settings["columns"] and not each.is_sure
    ]
    unsure += _lacking(looked, settings)
    unsure += _unreadable(looked, locale)
    notes = notes_of(looked, settings, evidence, is_changed=changed)
    notes[""] = [*notes[""], *(f"UNSURE: {doubt}." for doubt in unsure), *(f"MISSING: {each}." for each in problems)]
    return Proposal(
        yaml=written(settings, notes, unmapped_notes(looked, settings)),
        source=str(settings["source"]),
        sheet=guess.sheet.name,
        header_row=guess.row,
        columns=guess.guesses,
        unsure=tuple(unsure),
        problems=problems,
    )


def _next_version(base: Contract, guess: HeaderGuess) -> dict[str, Any]:
    """The contract that reads the file, with the headers that are like its own as further aliases."""
    settings = base.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for name, found in guess.fields.items():
        if not found.is_sure:
            column = settings["columns"][name]
            column["aliases"] = [*column.get("aliases", ()), short(found.cell.text)]
    return settings


def _told_by_values(looked: Looked) -> Looked:
    """The guess corrected by what the columns hold: a start that is a time of day, with its date in another column."""
    guess, fitting = looked.guess, looked.fitting
    columns = guess.vocabulary.columns
    for target, parts in guess.vocabulary.combine.items():
        found = guess.fields.get(target)
        if found is None or parts.time in guess.fields or not are_times(looked.column(found.cell.column)):
            continue
        why = f"its values are times of day without a date, not {target}"
        guess, fitting = renamed(guess, found.cell.column, parts.time, why), None
    for each in guess.guesses:
        values = looked.column(each.cell.column)
        if each.field is not None and not each.is_sure and values and not _may_be(values, columns[each.field].type):
            why = f"{each.why}, but its values are no {columns[each.field].type}"
            guess = renamed(guess, each.cell.column, None, why)
    for parts in guess.vocabulary.combine.values():
        if parts.time in guess.fields and parts.date not in guess.fields and parts.not_before is None:
            dates = [g for g in guess.guesses if g.field is None and are_dates(looked.column(g.cell.column))]
            if dates:
                why = f"its values are dates, and {parts.time} has no date yet"
                guess = renamed(guess, dates[0].cell.column, parts.date, why)
    return replace(looked, guess=guess, fitting=fitting)


def _may_be(values: Sequence[Value], kind: str) -> bool:
    if kind == "time":
        return are_times(values)
    if kind in ("date", "datetime"):
        return are_dates(values)
    if kind in ("decimal", "integer"):
        return sum(
            not isinstance(v, str) or re.fullmatch(r"[+-]?[\d.,' ]*\d-?", v.strip()) is not None for v in values
        ) > (len(values) / 2)
    return not (are_dates(values) and have_times(values))


def _locale(before: Mapping[str, Any], evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    """The locale with what the values prove; date orders are added to those that were there, unless they contradict."""
    proved = {**evidence["numbers"].settings, **evidence["dates"].settings}
    locale = {**before, **{name: value for name, value in proved.items() if name != "dates"}}
    dates = list(proved.get("dates", ()))  # type: ignore[call-overload]
    shapes = {re.sub("%[md]", "%?", order) for order in dates}
    kept = [order for order in before.get("dates", ()) if re.sub("%[md]", "%?", order) not in shapes]
    missing = [order for order in dates if order not in before.get("dates", ())]
    if missing:
        locale["dates"] = [*dates, *kept]
    return locale


def _problems(looked: Looked, settings: Mapping[str, Any]) -> Iterator[str]:
    """Fields without which no row is accepted."""
    vocabulary = looked.guess.vocabulary
    provided = {*settings["columns"], *settings.get("combine", {}), *settings.get("constants", {})}
    for name, field in vocabulary.fields.items():
        if field.is_required and name not in provided and name != "plant":
            known = ", ".join(vocabulary.columns[name].aliases[:4]) if name in vocabulary.columns else ""
            yield f"{vocabulary.feeds} need {name} and no column was found for it (known headers: {known})"


def _lacking(looked: Looked, settings: Mapping[str, Any]) -> Iterator[str]:
    """What rows will do without."""
    found, vocabulary = looked.guess.fields, looked.guess.vocabulary
    if "plant" not in found and "plant" not in settings.get("constants", {}):
        yield (
            "there is no column for plant: it is taken from the work center of the site profile; or declare "
            "constants: {plant: ...}"
        )
    if vocabulary.feeds == "interactions" and not {"ended_at", "end_time", DURATION} & set(found):
        yield "there is no column for an end or a duration: every stop stays open"
    if looked.fitting is not None:
        return
    for name in vocabulary.required_fields:
        if name not in found and vocabulary.columns[name].type in ("decimal", "integer"):
            yield f"there is no column for {name}: it counts as 0 in every row"
    for target, parts in settings.get("combine", {}).items():
        for name in (parts["date"], parts["time"]):
            if name not in found:
                yield f"there is no column for {name}, half of {target}; its known headers are listed"


def _unreadable(looked: Looked, locale: Mapping[str, Any]) -> Iterator[str]:
    model = Locale.model_validate(locale)
    for name in looked.of_type("decimal", "integer"):
        values = looked.values(name)
        bad = unreadable_numbers(values, model)
        if bad and name != DURATION:
            yield f"{len(bad):,} of {len(values):,} values of {name} are no number under this locale, as {bad[0]!r}"
