"""What is data about a site: its profile, its contracts, what becomes of operators' names."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from te_assets.errors import ContractError, SiteError
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.workbook.request import OperatorPolicy
from te_assets_tests.conftest import Stack

SHIPPED_SITE = Settings().site_dir


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the simulator's site, without contracts of its own."""
    made = tmp_path / "site"
    (made / "sources").mkdir(parents=True)
    (made / "site.yaml").write_text((SHIPPED_SITE / "site.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    return made


def own_contract(folder: Path, version: int = 3) -> None:
    """The shipped confirmations contract under a later version."""
    shipped = Profile(folder).contracts().get("sap_confirmations@2").yaml
    text = shipped.replace("version: 2", f"version: {version}")
    (folder / "sources" / f"sap_confirmations_{version}.yaml").write_text(text, encoding="utf-8")


def with_operator(folder: Path, mode: str) -> Profile:
    text = (folder / "site.yaml").read_text(encoding="utf-8")
    (folder / "site.yaml").write_text(text.replace("operator: pseudonym", f"operator: {mode}"), encoding="utf-8")
    return Profile(folder)


def test_the_settings_name_the_folder(folder: Path) -> None:
    assert Profile.of(Settings(site=folder)) == Profile(folder)
    assert Profile.of(Settings()).folder == SHIPPED_SITE


def test_a_folder_without_a_profile_is_named(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"site\.yaml"):
        Profile(tmp_path).site()


def test_contracts_of_the_site_join_the_shipped_ones(folder: Path) -> None:
    own_contract(folder)
    contracts = Profile(folder).contracts()

    assert [c.contract_id for c in contracts] == [
        "operator_log@1",
        "operator_log@2",
        "sap_confirmations@1",
        "sap_confirmations@2",
        "sap_confirmations@3",
    ]
    assert [c.contract_id for c in contracts.newest] == ["operator_log@2", "sap_confirmations@3"]


def test_typing_covers_every_version_of_the_model_and_nothing_else(folder: Path) -> None:
    """Raw keeps lines of old versions for ever: their SQL must still be there."""
    own_contract(folder)
    profile = Profile(folder)

    assert set(profile.typing("interactions")) == {"operator_log@1", "operator_log@2"}
    assert set(profile.typing("confirmations")) == {f"sap_confirmations@{version}" for version in (1, 2, 3)}


@pytest.mark.parametrize("mode", ["keep", "drop"])
def test_names_that_are_kept_or_dropped_need_no_key_and_no_home(folder: Path, mode: str, tmp_path: Path) -> None:
    policy = with_operator(folder, mode).operator_policy(Settings(home=tmp_path / "none"))

    assert (policy.mode, policy.key) == (mode, b"")
    assert not (tmp_path / "none").exists()


def test_the_key_of_pseudonyms_is_made_once_per_home(folder: Path, tmp_path: Path) -> None:
    """With another key at every start the same operator would be a new person every day."""
    profile = Profile(folder)
    first, again, other = (profile.operator_policy(Settings(home=tmp_path / home)) for home in ("a", "a", "b"))

    assert first == again
    assert first.mode == "pseudonym"
    assert len(first.key) >= 16
    assert first.key != other.key
    assert first.key.decode() not in repr(first)


def test_a_key_of_ones_own_wins_and_needs_no_home(folder: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "none", operator_key=SecretStr("schlüssel"))

    assert Profile(folder).operator_policy(settings) == OperatorPolicy("pseudonym", "schlüssel".encode())
    assert not (tmp_path / "none").exists()


@pytest.mark.stack
def test_applying_makes_profile_and_contracts_count_and_repeating_it_changes_nothing(
    stack: Stack, folder: Path
) -> None:
    own_contract(folder)
    counts = []
    for _ in range(2):
        Profile(folder).apply(stack.clickhouse)
        counts.append(
            [
                stack.clickhouse.command(f"SELECT count() FROM {table}")
                for table in ("te_ops.contracts", "te_ops.work_centers", "te_ops.touched_days")
            ]
        )

    assert counts[0] == counts[1]
    assert counts[0][:2] == [5, 12]


@pytest.mark.stack
def test_a_used_contract_that_was_edited_stops_the_site(stack: Stack, folder: Path) -> None:
    own_contract(folder)
    Profile(folder).apply(stack.clickhouse)
    path = folder / "sources" / "sap_confirmations_3.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("the scrap is negative", "the scrap is below zero"), encoding="utf-8")

    with pytest.raises(ContractError, match="sap_confirmations@3 was used with another text"):
        Profile(folder).apply(stack.clickhouse)
