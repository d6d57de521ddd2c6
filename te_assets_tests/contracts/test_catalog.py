"""Shipped and own contracts, all versions of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from te_assets.contracts.catalog import SHIPPED, ContractConflict, ContractUnknown, load_contracts

LOG = (SHIPPED / "operator_log.yaml").read_text(encoding="utf-8")


def site(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "sources").mkdir()
    for name, text in files.items():
        (tmp_path / "sources" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_site_without_sources_has_the_shipped_contracts(tmp_path: Path) -> None:
    assert len(load_contracts(tmp_path)) == 4


def test_the_highest_version_is_the_newest_and_all_are_kept(tmp_path: Path) -> None:
    """Ten comes after nine, not after one."""
    versions = {f"v{number}": LOG.replace("version: 2", f"version: {number}") for number in (9, 10)}

    catalog = load_contracts(site(tmp_path, **versions))

    assert [c.contract_id for c in catalog if c.source == "operator_log"] == [
        "operator_log@1",
        "operator_log@2",
        "operator_log@9",
        "operator_log@10",
    ]
    assert catalog.of_source("operator_log").version == 10
    assert [c.contract_id for c in catalog.newest] == ["operator_log@10", "sap_confirmations@2"]
    assert catalog.get("operator_log@9").version == 9


def test_other_contents_under_a_used_version_are_refused(tmp_path: Path) -> None:
    changed = LOG.replace("minimum_score: 0.5", "minimum_score: 0.9")

    with pytest.raises(ContractConflict, match=r"own\.yaml: operator_log@2 has other contents in .*version: 3"):
        load_contracts(site(tmp_path, own=changed))


def test_the_same_contents_twice_are_one_contract(tmp_path: Path) -> None:
    assert len(load_contracts(site(tmp_path, copy="# a copy\n" + LOG))) == 4


def test_an_unknown_name_is_answered_with_the_close_ones() -> None:
    catalog = load_contracts(None)

    with pytest.raises(ContractUnknown, match=r"no contract is called 'sap_confirmation'\. Close: sap_confirmations\."):
        catalog.of_source("sap_confirmation")
    with pytest.raises(
        ContractUnknown, match="There are: operator_log@1, operator_log@2, sap_confirmations@1, sap_confirmations@2"
    ):
        catalog.get("x@1")
