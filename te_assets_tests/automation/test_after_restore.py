"""Dagster, whose memory outlives the lake, and a lake that was put back."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import dagster as dg
import pytest

from te_assets.assets import receiving
from te_assets.assets.receiving import receive_inbox
from te_assets.automation.backing_up import back_up, restore
from te_assets.automation.sensors import _request
from te_assets.intake.landing import LandingStore
from te_assets.lake.files import waiting_publications
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.stack import restoration
from te_assets.stack.home import Home
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, enter
from te_assets_tests.automation.test_backing_up import DAY
from te_assets_tests.conftest import Stack

pytestmark = pytest.mark.long


def test_a_request_of_before_the_restore_is_asked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restored to yesterday's position, the sensor asked for the same offsets; Dagster knew the key and dropped it."""
    monkeypatch.setenv("TE_HOME", str(tmp_path))
    Home(tmp_path).create()
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance)
        keys = [next(_request(context, "load_interactions", "0-5")).run_key]
        for _ in range(2):
            restoration.mark(Settings(), "te_1")
            keys += [next(_request(context, "load_interactions", "0-5")).run_key for _ in range(2)]

    assert keys[0] == "load_interactions:0-5"
    assert keys[1] == keys[2] != keys[3] == keys[4]
    assert len(set(keys)) == 3


@pytest.mark.stack
def test_a_workbook_of_after_the_backup_is_received_again_from_the_inbox(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cursor said that it had been received, and the restored lake had never heard of it."""
    enter(stack, monkeypatch)
    settings, inbox = stack.settings, tmp_path / "inbox"
    inbox.mkdir()
    monkeypatch.setattr(receiving, "QUIET_SECONDS", 0.0)
    profile = Profile.of(settings)
    contracts, operator = profile.contracts().newest, profile.operator_policy(settings)

    def look(cursor: str | None) -> str:
        """As often as the sensor needs to see that the workbook has settled."""
        for _ in range(2):
            cursor = receive_inbox(
                stack.clickhouse, LandingStore(settings.landing_dir), inbox, contracts, operator, cursor
            ).cursor
        assert cursor is not None
        return cursor

    back_up(settings, tmp_path / "backup")
    book = confirmation_book(inbox / "confirmations.xlsx", [confirmation(1, DAY)])
    old = time.time() - 60
    os.utime(book, (old, old))
    cursor = look(None)
    assert len(waiting_publications(stack.clickhouse, "confirmations")) == 1
    shutil.rmtree(settings.landing_dir)
    settings.landing_dir.mkdir()

    restore(settings, tmp_path / "backup", replace=True)
    assert waiting_publications(stack.clickhouse, "confirmations") == []
    cursor = look(cursor)

    assert [state.state for state in waiting_publications(stack.clickhouse, "confirmations")] == ["STORED"]
    assert look(cursor) == cursor
