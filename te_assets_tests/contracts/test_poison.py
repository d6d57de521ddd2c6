"""What no sender should send: it becomes faults of its line, never an exception, and its neighbours go on."""

from __future__ import annotations

from datetime import date

import pytest

from te_assets.contracts.model import Contract
from te_assets_tests.contracts.conftest import PLACES, Typist, rules, stop

pytestmark = pytest.mark.stack


def test_poison_is_a_fault_of_its_line_and_its_neighbours_go_on(typist: Typist, log: Contract) -> None:
    poisons = [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"42",
        b"{",
        b'{"plant": "1000"}}',
        b"not json",
        b'{"plant": NaN}',
        b'{"plant": "\xff\xfe"}',
        b"\x00\x01\x02",
        b"[" * 2000 + b"]" * 2000,
        b'{"plant":' + b"[" * 2000 + b"]" * 2000 + b"}",
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
    ]
    lines = [line for n, poison in enumerate(poisons) for line in (poison, stop(interaction_id=f"after {n}"))]
    before, *rows = typist(log, [stop(interaction_id="before"), *lines])

    assert before["faults"] == []
    assert [rules(row) for row in rows[::2]] == [[("", "not_json")]] * len(poisons)
    assert [(row["faults"], row["interaction_id"]) for row in rows[1::2]] == [
        ([], f"after {n}") for n in range(len(poisons))
    ]


def test_hostile_values_become_faults_and_never_an_exception(typist: Typist, log: Contract) -> None:
    payloads = [
        b"{}",
        b'{"_row": 3}',
        b'{"plant": {"a": 1}, "work_center": [1, 2], "interaction_id": true, "started_at": {"x": []}}',
        b'{"plant": 9223372036854775808, "work_center": 1e308, "interaction_id": -9223372036854775809}',
        b'{"plant":"1000","work_center":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"duration": 1e308, "plant": "1000"}',
        b'{"duration": 9223372036854775808}',
        b'{"duration": 999999999999.999}',
        b'{"exported_duration_seconds": 999999999999999.999}',
        b'{"duration": 170141183460469231731687303715884105727}',
        b'{"started_at": "9999-12-31T23:59:59", "ended_at": "0001-01-01T00:00:00"}',
        b'{"started_at": 9223372036854775807, "changed_at": -1}',
        b'{"plant": "1000\\u0000", "work_center": "\\ud83d\\ude00"}',
    ]
    lines = [line for payload in payloads for line in (payload, stop())]
    rows = typist(log, lines, sha256="")

    assert [payload for payload, row in zip(payloads, rows[::2], strict=True) if not row["faults"]] == []
    assert [row["production_days"] for row in rows[::2]] == [[]] * len(payloads)
    assert [row["faults"] for row in rows[1::2]] == [[]] * len(payloads)


def test_a_line_of_any_size_is_typed(typist: Typist, log: Contract) -> None:
    sizes = [899_999, 900_000, 900_001]
    rows = typist(log, [stop(reason_text="x" * size) for size in sizes])

    assert [(row["faults"], len(row["reason_text"])) for row in rows] == [([], size) for size in sizes]


def test_hostile_texts_in_contract_and_site_stay_data(typist: Typist, log: Contract) -> None:
    evil = "'); DROP TABLE te_raw.interactions; -- \\"
    columns = dict(log.columns) | {
        "reason_code": log.columns["reason_code"].model_copy(update={"values": {evil: evil + "!"}})
    }
    contract = log.model_copy(update={"columns": columns})
    places = PLACES.__class__(
        zones={evil: "UTC"},
        day_start_minutes={evil: 0},
        since={evil: date(2026, 1, 1)},
        work_center_ids={(evil, evil): evil},
    )

    (row,) = typist(contract, [stop(plant=evil, work_center=evil, reason_code=evil)], places=places)

    assert (row["faults"], row["plant"], row["work_center"], row["reason_code"]) == ([], evil, evil, evil + "!")
