"""Contracts: what is accepted, and what a person reads when one is wrong."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from te_assets.contracts.catalog import SHIPPED, load_contracts
from te_assets.contracts.fields import MODELS
from te_assets.contracts.model import Contract
from te_assets.contracts.schema import json_schema
from te_assets.contracts.yaml_source import ContractInvalid

SHIPPED_FILES = sorted(SHIPPED.glob("*.yaml"))
SAP = (SHIPPED / "sap_confirmations.yaml").read_text(encoding="utf-8")


def test_committed_schema_is_the_model_s() -> None:
    assert resources.files("te_assets.contracts").joinpath("schema.json").read_text(encoding="utf-8") == json_schema()


def test_two_layouts_are_shipped_and_the_versions_that_were_used_before() -> None:
    catalog = load_contracts(None)

    assert [c.contract_id for c in catalog.newest] == ["operator_log@2", "sap_confirmations@2"]
    assert {c.contract_id for c in catalog} - {c.contract_id for c in catalog.newest} == {
        "operator_log@1",
        "sap_confirmations@1",
    }


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.stem)
def test_a_contract_written_out_and_read_again_is_the_same(path: Path) -> None:
    contract = Contract.load(path)

    assert Contract.from_yaml(contract.yaml, "again") == contract


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.stem)
def test_every_field_of_the_model_can_be_filled(path: Path) -> None:
    contract = Contract.load(path)
    provided = {*contract.columns, *contract.combine}
    provided |= {"exported_duration_seconds"} if "duration" in contract.columns else set()

    assert set(MODELS[contract.feeds]) - provided - {"changed_at"} == set()


@pytest.mark.parametrize(
    ("good", "bad", "line", "words"),
    [
        (
            "left: finished_at",
            "left: finishd_at",
            "name: end_before_start",
            "no finishd_at (close: finished_at)",
        ),
        ("business_key: [plant", "business_key: [plnt", "business_key:", "has no field plnt (close: plant)"),
        ("zero_pad: 4", "zero_pad: four", "zero_pad: four", "columns.operation.zero_pad: Input should be a valid"),
        (
            "delivers: changes",
            "delivers: changes\nscope: plant",
            "scope: plant",
            "complete for nothing, so remove scope",
        ),
        ("[Plant, Plnt", "[Order, Plnt", "  order_id:", "the header 'order' already means plant"),
        ("  counter:\n", "  counter:\n    typ: text\n", "typ: text", "columns.counter.typ: is not a key of contracts"),
        ("{date: start_date,", "{date: start_time,", "started_at: {date", "of type time, needed is date"),
        ("matches: '(?i)", "matches: '((?i)", "- name: subtotal", "is no regular expression"),
        ("(?P<from>", "(?P<form>", "period:", "no group named from"),
        ("timezone: plant", "timezone: Mars", "timezone:", "neither 'plant' nor an IANA time zone"),
        (
            "good_qty:\n    type: decimal",
            "good_qty:\n    type: text",
            "  good_qty:",
            "is of type decimal in",
        ),
        ("source: sap_confirmations", "source: SAP", "source:", "match pattern"),
    ],
)
def test_a_fault_names_its_line_and_what_is_wrong(good: str, bad: str, line: str, words: str) -> None:
    assert good in SAP
    text = SAP.replace(good, bad, 1)
    number = next(number for number, content in enumerate(text.splitlines(), 1) if line in content)

    with pytest.raises(ContractInvalid) as caught:
        Contract.from_yaml(text, "sources/x.yaml")

    told = [message for message in str(caught.value).splitlines() if words in message]
    assert [message.partition(": ")[0] for message in told] == [f"sources/x.yaml, line {number}"]


def test_all_faults_are_told_at_once() -> None:
    text = SAP.replace("zero_pad: 4", "zero_pad: four", 1).replace("timezone: plant", "timezone: Mars", 1)

    with pytest.raises(ContractInvalid) as caught:
        Contract.from_yaml(text, "x.yaml")

    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("source: [", "line 1: is no YAML"),
        ("- a\n- b\n", "a contract is a YAML mapping"),
        ("", "a contract is a YAML mapping"),
        ("source: a\nversion: 1\nsource: b\n", "line 3: 'source' stands here and on line 1"),
        ("source: a\nfeeds: machines\n", "line 2: feeds: Input should be 'interactions' or 'confirmations'"),
        ("source: a\n", "columns: is missing; add it"),
    ],
)
def test_what_is_no_contract_is_told_with_its_line(text: str, words: str) -> None:
    with pytest.raises(ContractInvalid) as caught:
        Contract.from_yaml(text, "x.yaml")

    assert words in str(caught.value)


def test_two_date_orders_that_differ_in_day_and_month_alone_are_refused() -> None:
    text = SAP.replace('"%Y%m%d"', '"%d/%m/%Y", "%m/%d/%Y"', 1)

    with pytest.raises(ContractInvalid, match="02/03/2026 would be either"):
        Contract.from_yaml(text, "x.yaml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "x.yaml"
    binary.write_bytes(b"source: \xff\xfe")

    with pytest.raises(ContractInvalid, match=r"x\.yaml: is not UTF-8"):
        Contract.load(binary)
    with pytest.raises(ContractInvalid, match=r"none\.yaml: cannot be read"):
        Contract.load(tmp_path / "none.yaml")
