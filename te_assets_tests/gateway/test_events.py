"""Events: what fits a contract, and the message that it becomes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.model import Contract
from te_assets.gateway.events import MOST_EVENTS, Event, event_model, messages, parse, touched_days
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.site.model import Site
from te_assets.web.problems import Problem
from te_assets.workbook.request import OperatorMode, OperatorPolicy

AT = datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=UTC)
STOP: dict[str, Any] = {
    "plant": "1000",
    "work_center": "PRS01",
    "interaction_id": "I-1",
    "started_at": "2026-03-02T10:00:00+00:00",
}
CONFIRMATION: dict[str, Any] = {
    "plant": "1000",
    "work_center": "PRS01",
    "order_id": 10001,
    "operation": "0010",
    "confirmation": "7",
    "counter": 1,
    "material": "M-1",
    "unit": "ST",
    "good_qty": 90.5,
    "scrap_qty": "10",
    "finished_at": "2026-03-02T10:00:00",
}


@pytest.fixture(scope="module")
def site() -> Site:
    return Profile.of(Settings()).site()


def contract(source: str) -> Contract:
    return load_contracts(None).of_source(source)


def stops() -> type[BaseModel]:
    return event_model(contract("operator_log"))


def refused(sent: object, model: type[BaseModel] | None = None) -> Problem:
    with pytest.raises(Problem) as caught:
        parse(model or stops(), sent)
    return caught.value


# --- what fits


def test_an_event_is_taken_as_it_was_sent_without_its_nulls() -> None:
    (event,) = parse(stops(), {**STOP, "reason_code": "110", "ended_at": None})

    assert event == Event({**STOP, "reason_code": "110"}, 0)
    assert event.machine == "1000/PRS01"


def test_a_confirmation_may_have_numbers_where_excel_has_them() -> None:
    (event,) = parse(event_model(contract("sap_confirmations")), [CONFIRMATION])

    assert event.fields == CONFIRMATION


@pytest.mark.parametrize("missing", ["plant", "work_center", "interaction_id", "started_at"])
def test_what_the_model_requires_is_required(missing: str) -> None:
    problem = refused({name: value for name, value in STOP.items() if name != missing})

    assert problem.status == 422
    assert problem.members["faults"] == [{"event": 0, "field": missing, "what": "Field required"}]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("started_at", "yesterday"),
        ("started_at", "02.03.2026 10:00"),
        ("started_at", 1_772_445_600),
        ("plant", ""),
        ("plant", None),
        ("plant", ["1000"]),
        ("interaction_id", True),
        ("machine", "PRS01"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(field: str, value: object) -> None:
    problem = refused([STOP, {**STOP, field: value}])

    assert problem.kind == "event-faulty"
    assert [(fault["event"], fault["field"]) for fault in problem.members["faults"]] == [(1, field)]
    assert problem.detail.startswith(f"event 1, field {field}: ")
    assert "None of the 2 events was taken" in problem.detail


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("finished_at", "2026-W10-1"),
        ("finished_at", "20260302T100000"),
        ("finished_at", "2026-03-02T10"),
        ("finished_at", "2026-03-02x10:00"),
        ("finished_at", "2026-03-02T10:00:00+01"),
        ("finished_at", "2026-02-30T10:00:00"),
        ("finished_at", "0001-01-01T00:00:00+14:00"),  # no production day can be told before the first day there is
        ("finished_at", "9999-12-31T23:59:59-12:00"),
        ("posted_at", 0),
        ("posted_at", "2026-03-02T00:00:00"),
        ("posted_at", "2026-02-30"),
        ("is_final", "f"),
        ("is_final", 1),
        ("good_qty", "1_000"),
        ("good_qty", ".5"),
        ("good_qty", " 10 "),
    ],
)
def test_what_the_lake_would_not_read_is_refused_here(field: str, value: object) -> None:
    """It was acknowledged with 202 and rejected minutes later, where no machine looks; two of these were a 500."""
    problem = refused({**CONFIRMATION, field: value}, event_model(contract("sap_confirmations")))

    assert [fault["field"] for fault in problem.members["faults"]] == [field]


@pytest.mark.parametrize(
    "stamp",
    [
        *("2026-03-02T10:00", "2026-03-02 10:00:00", "2026-03-02T10:00:00,5", "2026-03-02T10:00:00.1234567+01:00"),
        *("2026-03-02T10:00:00Z", "2026-03-02T10:00:00+0100", "2026-03-02T10:00:00-05:30", "2026-03-02"),
    ],
)
def test_instants_as_machines_write_them_are_taken(stamp: str) -> None:
    assert parse(stops(), {**STOP, "started_at": stamp})[0].fields["started_at"] == stamp


@pytest.mark.parametrize("sent", [None, "stop", 1, [[]], [None]])
def test_what_is_no_object_is_refused(sent: object) -> None:
    assert refused(sent).status == 422


def test_many_faults_are_counted_and_the_first_shown() -> None:
    problem = refused([{}] * 30)

    assert problem.members["faults_in_all"] == 120
    assert len(problem.members["faults"]) == 20


@pytest.mark.parametrize("number", [0, MOST_EVENTS + 1])
def test_a_request_has_a_number_of_events(number: int) -> None:
    assert refused([STOP] * number).kind == "number-of-events"


@pytest.mark.parametrize(("value", "fits"), [(0.125, True), ("0.125", True), (0.1255, False), ("ten", False)])
def test_quantities_have_three_decimals_as_in_the_lake(value: object, fits: bool) -> None:
    model = event_model(contract("sap_confirmations"))
    sent = {**CONFIRMATION, "good_qty": value}

    if fits:
        assert parse(model, sent)[0].fields["good_qty"] == value
    else:
        assert refused(sent, model).members["faults"][0]["field"] == "good_qty"


# --- the message


def sent(
    event: dict[str, Any], site: Site, mode: OperatorMode = "drop", key: bytes = b""
) -> tuple[Any, dict[str, Any]]:
    (message,) = messages(
        parse(stops(), event),
        contract("operator_log"),
        site,
        OperatorPolicy(mode, key),
        event_id="key-1",
        source="/gateway/mes",
        at=AT,
    )
    return message, json.loads(message.value)


def test_an_event_becomes_one_line_in_the_envelope_of_workbooks(site: Site) -> None:
    message, line = sent(STOP, site)

    assert (message.topic, message.key) == ("te.interactions.v1", b"1000/PRS01")
    assert line == {"_row": 0, **STOP}
    headers = dict(message.headers)
    assert headers == {
        "ce_specversion": b"1.0",
        "content-type": b"application/x-ndjson",
        "ce_id": b"key-1/0000",
        "ce_source": b"/gateway/mes",
        "ce_type": b"te.interactions.rows.v1",
        "ce_time": b"2026-03-02T12:00:00.250Z",
        "ce_dataschema": contract("operator_log").contract_id.encode(),
        "te_rows": b"1",
        "te_days": b"2026-03-02",
    }


def test_the_same_request_gives_the_same_bytes(site: Site) -> None:
    """What is repeated after a timeout must be an exact duplicate of what Kafka may have."""
    assert sent(STOP, site) == sent(dict(STOP), site)


@pytest.mark.parametrize("mode", ["pseudonym", "keep", "drop"])
def test_names_of_operators_are_treated_as_in_workbooks(site: Site, mode: OperatorMode) -> None:
    message, line = sent({**STOP, "operator": "Erika Muster"}, site, mode, b"key")

    assert line.get("operator") == {"pseudonym": "8cab8e67ce53a864", "keep": "Erika Muster", "drop": None}[mode]
    assert (b"Muster" in message.value) is (mode == "keep")


# --- the hint


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"started_at": "2026-03-01T10:00:00+00:00"}, ("2026-03-01", "2026-03-02")),  # open: until now
        ({"started_at": "2026-03-01T10:00:00+00:00", "ended_at": "2026-03-01T10:05:00+00:00"}, ("2026-03-01",)),
        ({"started_at": "2026-03-01T23:00:00", "ended_at": "2026-03-02T07:00:00"}, ("2026-03-01", "2026-03-02")),
        ({"finished_at": "2026-03-02T04:00:00+00:00"}, ("2026-03-01",)),  # five o'clock on the wall: the day before
        ({"started_at": "2026-02-01T10:00:00+00:00"}, ()),  # too long to name
        ({"posted_at": "2026-03-02"}, ()),
    ],
)
def test_days_are_those_that_the_event_reaches(site: Site, fields: dict[str, str], days: tuple[str, ...]) -> None:
    plant = next(plant for plant in site.plants if plant.id == "1000")

    assert touched_days(fields, plant, AT) == days


def test_of_an_unknown_plant_no_days_are_named() -> None:
    assert touched_days(STOP, None, AT + timedelta(days=1)) == ()
