"""What makes a row a fault, a note or nothing at all; typed by the real engine."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from te_assets.contracts.model import Contract
from te_assets_tests.contracts.conftest import PLACES, Typist, confirmation, rules, stop, utc

pytestmark = pytest.mark.stack

PROVENANCE = [
    *("topic_id", "partition", "offset", "line", "kafka_time", "file_sha256", "sheet", "row", "contract"),
    *("exported_at", "event_id", "payload", "business_key"),
]
VERDICTS = ["production_day", "production_days", "faults", "notes", "skip"]


def test_columns_of_interactions_come_in_the_agreed_order_and_types(typist: Typist, log: Contract) -> None:
    result = typist.client.query(f"DESCRIBE ({typist.sql(log, [stop()], PLACES)})")
    types = {row[0]: row[1] for row in result.result_rows}

    assert list(types) == [*PROVENANCE, *log.fields, *VERDICTS]
    assert types["started_at"] == types["ended_at"] == types["changed_at"] == "Nullable(DateTime64(3, 'UTC'))"
    assert types["exported_duration_seconds"] == "Nullable(Decimal(18, 3))"
    assert {types[name] for name in ("business_key", "plant", "work_center", "reason_code", "operator")} == {"String"}
    assert (types["production_day"], types["production_days"]) == ("Nullable(Date)", "Array(Date)")
    assert types["faults"].split() == types["notes"].split()
    assert (types["row"], types["file_sha256"], types["kafka_time"]) == (
        "UInt32",
        "LowCardinality(String)",
        "DateTime64(3, 'UTC')",
    )


def test_columns_of_confirmations_come_in_the_agreed_order_and_types(typist: Typist, sap: Contract) -> None:
    result = typist.client.query(f"DESCRIBE ({typist.sql(sap, [confirmation()], PLACES)})")
    types = {row[0]: row[1] for row in result.result_rows}

    assert list(types) == [*PROVENANCE, *sap.fields, *VERDICTS]
    assert {types[name] for name in ("good_qty", "scrap_qty", "rework_qty")} == {"Decimal(18, 3)"}
    assert {types[name] for name in ("order_unit_good_qty", "order_unit_scrap_qty")} == {"Nullable(Decimal(18, 3))"}
    assert (types["is_reversed"], types["is_final"]) == ("Bool", "Bool")
    assert (types["posted_at"], types["finished_at"]) == ("Nullable(Date32)", "Nullable(DateTime64(3, 'UTC'))")
    assert types["cancelled_counter"] == "String"


def test_a_sound_stop_is_typed_in_utc_with_its_day_and_key(typist: Typist, log: Contract) -> None:
    (row,) = typist(log, [stop(reason_text="Stau", operator="a1b2", duration=30, changed_at="2026-03-07T09:00:00")])

    assert (row["faults"], row["notes"], row["skip"]) == ([], [], "")
    assert (row["started_at"], row["ended_at"]) == (utc("2026-03-06T17:00"), utc("2026-03-06T17:30"))
    assert row["changed_at"] == utc("2026-03-07T08:00")
    assert row["business_key"] == "operator_log|1000|PRS01|S1"
    assert row["exported_duration_seconds"] == Decimal(1800)
    assert (row["production_day"], row["production_days"]) == (date(2026, 3, 6), [date(2026, 3, 6)])
    assert (row["reason_code"], row["reason_text"], row["operator"]) == ("110", "Stau", "a1b2")
    assert (row["row"], row["offset"], row["sheet"]) == (2, 7, "COOIS")


def test_a_sound_confirmation_is_typed_with_leading_zeros_and_quantities(typist: Typist, sap: Contract) -> None:
    (row,) = typist(
        sap,
        [confirmation(order_id=4711, operation=10, rework_qty=0.5, is_final="X", order_unit="KG", scrap_reason_code=1)],
    )

    assert (row["faults"], row["notes"]) == ([], [])
    assert (row["order_id"], row["operation"], row["confirmation"]) == ("000000004711", "0010", "0000000123")
    assert row["business_key"] == "sap_confirmations|1000|0000000123|00000001"
    assert (row["good_qty"], row["scrap_qty"], row["rework_qty"]) == (Decimal(100), Decimal(2), Decimal("0.5"))
    assert row["order_unit_good_qty"] is None
    assert (row["is_final"], row["is_reversed"], row["cancelled_counter"]) == (True, False, "")
    assert (row["started_at"], row["finished_at"]) == (utc("2026-03-06T07:00"), utc("2026-03-06T13:00"))
    assert (row["posted_at"], row["scrap_reason_code"]) == (date(2026, 3, 6), "0001")


def test_a_faulty_stop_names_its_column_and_rule(typist: Typist, log: Contract) -> None:
    cases: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"interaction_id": None}, ("interaction_id", "required")),
        ({"interaction_id": "  "}, ("interaction_id", "required")),
        ({"work_center": None}, ("work_center", "required")),
        ({"started_at": None}, ("started_at", "required")),
        ({"started_at": None, "start_date": "2026-03-06T00:00:00"}, ("start_time", "required")),
        ({"started_at": None, "start_time": "12:00:00"}, ("start_date", "required")),
        ({"started_at": "gestern"}, ("started_at", "not_a_date_time")),
        ({"started_at": "2026-02-30T12:00:00"}, ("started_at", "not_a_date_time")),
        ({"started_at": "2026-03-06T12:61:00"}, ("started_at", "not_a_date_time")),
        ({"started_at": 46087.75}, ("started_at", "not_a_date_time")),
        ({"ended_at": "#N/A"}, ("ended_at", "not_a_date_time")),
        ({"ended_at": "2026-03-06T17:59:59"}, ("ended_at", "end_before_start")),
        ({"reason_code": "#REF!"}, ("reason_code", "excel_error")),
        ({"duration": "zwölf"}, ("duration", "not_a_number")),
        ({"duration": -3}, ("exported_duration_seconds", "negative_duration")),
        ({"plant": "9"}, ("plant", "unknown_plant")),
        ({"started_at": "2025-12-31T12:00:00"}, ("started_at", "day_out_of_range")),
        ({"started_at": "2019-03-06T18:00:00", "ended_at": None}, ("started_at", "day_out_of_range")),
        ({"ended_at": "2062-03-06T18:00:00"}, ("started_at", "day_out_of_range")),
        ({"ended_at": "1906-03-06T18:00:00"}, ("ended_at", "day_out_of_range")),
    ]
    rows = typist(log, [stop(**change) for change, _ in cases])

    assert [(change, rules(row)) for row, (change, _) in zip(rows, cases, strict=True)] == [
        (change, [fault]) for change, fault in cases
    ]


def test_a_faulty_confirmation_names_its_column_and_rule(typist: Typist, sap: Contract) -> None:
    cases: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"good_qty": "zwölf"}, ("good_qty", "not_a_number")),
        ({"good_qty": 1.2345}, ("good_qty", "precision")),
        ({"good_qty": "1.234"}, ("good_qty", "ambiguous_number")),
        ({"scrap_qty": 1e15}, ("scrap_qty", "number_out_of_range")),
        ({"scrap_qty": -1}, ("scrap_qty", "negative_scrap")),
        ({"is_final": "vielleicht"}, ("is_final", "not_a_boolean")),
        ({"finish_time": "25h"}, ("finish_time", "not_a_time")),
        ({"finish_time": "50:00:00"}, ("finish_time", "not_a_time")),
        ({"start_date": "31.02.2026"}, ("start_date", "not_a_date")),
        ({"finish_date": "2026-03-05T00:00:00"}, ("finish_time", "end_before_start")),
        ({"order_id": None}, ("order_id", "required")),
        ({"counter": None}, ("counter", "required")),
        (
            {"finish_date": None, "finish_time": None, "posted_at": None},
            ("finished_at", "no_production_day"),
        ),
        ({"posted_at": "bald"}, ("posted_at", "not_a_date")),
    ]
    rows = typist(sap, [confirmation(**change) for change, _ in cases])

    assert [(change, rules(row)) for row, (change, _) in zip(rows, cases, strict=True)] == [
        (change, [fault]) for change, fault in cases
    ]


def test_a_row_with_three_faults_lists_three_and_keeps_its_best_values(typist: Typist, sap: Contract) -> None:
    (row,) = typist(sap, [confirmation(good_qty="zwölf", plant="9", is_final="?", scrap_qty=7)])

    assert rules(row) == [("good_qty", "not_a_number"), ("is_final", "not_a_boolean"), ("plant", "unknown_plant")]
    assert [fault["message"] for fault in row["faults"]] == [
        "'zwölf' is no number",
        "'?' is neither a word for true nor one for false",
        "plant '9' is not in the site profile; add it to site.yaml",
    ]
    assert [fault["value"] for fault in row["faults"]] == ["zwölf", "?", "9"]
    assert (row["scrap_qty"], row["good_qty"]) == (Decimal(7), Decimal(0))


def test_an_empty_quantity_is_zero_and_an_empty_order_quantity_unknown(typist: Typist, sap: Contract) -> None:
    """Scrap-only rows leave the yield empty; that is no fault."""
    (row,) = typist(sap, [confirmation(good_qty=None, scrap_qty=3)])

    assert (row["faults"], row["good_qty"], row["order_unit_good_qty"]) == ([], Decimal(0), None)


def test_negative_quantities_are_allowed_in_reversals_alone(typist: Typist, sap: Contract) -> None:
    reversed_, cancelling, plain = typist(
        sap,
        [
            confirmation(good_qty=-5, is_reversed="X"),
            confirmation(good_qty=-5, cancelled_counter="3"),
            confirmation(good_qty=-5),
        ],
    )

    assert (reversed_["faults"], cancelling["faults"]) == ([], [])
    assert cancelling["cancelled_counter"] == "00000003"
    assert rules(plain) == [("good_qty", "negative_good")]


def test_a_cancelled_counter_of_zero_cancels_nothing(typist: Typist, sap: Contract) -> None:
    zeros: list[object] = ["0", "00000000", 0, "", None]
    rows = typist(sap, [confirmation(cancelled_counter=value) for value in zeros])

    assert [row["cancelled_counter"] for row in rows] == [""] * len(zeros)


def test_subtotals_and_repeated_headers_are_skipped_by_name_and_are_no_faults(typist: Typist, sap: Contract) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"order_id": "Summe"}, "subtotal"),
        ({"plant": "Total 4711", "order_id": None}, "subtotal"),
        ({"order_id": "Σ", "confirmation": None}, "subtotal"),
        ({"work_center": "* Gesamtsumme"}, "subtotal"),
        (
            dict.fromkeys(["plant", "work_center", "order_id", "operation", "confirmation", "counter"]),
            "total_without_text",
        ),
        (
            {
                "plant": "Werk",
                "work_center": "Arbeitsplatz",
                "order_id": "Auftrag",
                "operation": "Vorgang",
                "confirmation": "Rückmeldung",
                "counter": "Zähler",
                "good_qty": "Rückgem. Gutmenge",
                "scrap_qty": "Ausschuß",
            },
            "repeated_header",
        ),
        ({"plant": "Werk / Plant", "good_qty": "Gutmenge\nYield", "order_id": "ORDER"}, "repeated_header"),
    ]
    rows = typist(sap, [confirmation(**change) for change, _ in cases])

    assert [(row["skip"], row["faults"], row["notes"]) for row in rows] == [(rule, [], []) for _, rule in cases]


def test_a_material_called_total_care_is_no_subtotal_of_another_column(typist: Typist, sap: Contract) -> None:
    (row,) = typist(sap, [confirmation(scrap_reason_text="Total loss", order_id="SUMMER-1")])

    assert (row["skip"], row["faults"]) == ("", [])


def test_unknown_work_centers_are_noted_and_names_become_ids(typist: Typist, log: Contract) -> None:
    known, folded, unknown = typist(
        log, [stop(work_center="Presse 1"), stop(work_center="presse 1"), stop(work_center="X9")]
    )

    assert (known["work_center"], folded["work_center"], unknown["work_center"]) == ("PRS01", "PRS01", "X9")
    assert rules(unknown, "notes") == [("work_center", "unknown_work_center")]
    assert (known["notes"], unknown["faults"]) == ([], [])


def test_the_plant_of_a_layout_without_plant_comes_from_its_work_center(typist: Typist, log: Contract) -> None:
    found, unknown = typist(log, [stop(plant=None), stop(plant=None, work_center="X9")])

    assert (found["plant"], found["faults"]) == ("1000", [])
    assert rules(unknown) == [("plant", "required")]


def test_a_separator_within_a_key_cannot_make_two_keys_equal(typist: Typist, log: Contract) -> None:
    one, other = typist(
        log, [stop(work_center="CUT|1", interaction_id="2"), stop(work_center="CUT", interaction_id="1|2")]
    )

    assert one["business_key"] == r"operator_log|1000|CUT\|1|2"
    assert one["business_key"] != other["business_key"]


def test_a_stop_longer_than_72_hours_is_noted_and_kept(typist: Typist, log: Contract) -> None:
    (row,) = typist(log, [stop(ended_at="2026-03-10T00:00:00")])

    assert (row["faults"], rules(row, "notes")) == ([], [("logged_seconds", "longer_than_72_hours")])
    assert row["production_days"] == [date(2026, 3, day) for day in (6, 7, 8, 9)]


def test_constants_defaults_and_value_maps_fill_in(typist: Typist, log: Contract) -> None:
    settings = {
        "columns": dict(log.columns)
        | {"reason_code": log.columns["reason_code"].model_copy(update={"values": {"P": "110"}, "default": "999"})},
        "constants": {"plant": "3000"},
    }
    mapped, empty, other = typist(
        log.model_copy(update=settings),
        [stop(plant=None, reason_code="P"), stop(reason_code=None), stop(reason_code="7")],
    )

    assert (mapped["plant"], mapped["reason_code"], mapped["started_at"]) == ("3000", "110", utc("2026-03-06T09:00"))
    assert (empty["reason_code"], other["reason_code"]) == ("999", "7")
