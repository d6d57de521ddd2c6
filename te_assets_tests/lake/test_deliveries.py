"""How far a file has come, told from what the lake holds, and never further than it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from te_assets.delivery.loader import load_topic
from te_assets.delivery.topics import CONFIRMATIONS
from te_assets.lake.corrections import plan, retraction
from te_assets.lake.deliveries import Progress, progress
from te_assets.lake.history import type_history
from te_assets.lake.models import MODELS
from te_assets.profile import Profile
from te_assets_tests.assets.test_publishing import Outbox
from te_assets_tests.conftest import Stack

pytestmark = pytest.mark.stack

MODEL = MODELS["confirmations"]


@pytest.fixture
def outbox(stack: Stack, tmp_path: Path) -> Outbox:
    return Outbox(stack, tmp_path)


def far(outbox: Outbox, sha256: str) -> tuple[str, int, int]:
    """Stage, accepted rows, waiting days of the one publication."""
    (found,) = progress(outbox.client, sha256)
    return found.stage, found.accepted, found.waiting_days


def test_a_file_goes_from_stage_to_stage_and_lines_that_are_being_typed_do_not_count(
    outbox: Outbox, stack: Stack
) -> None:
    """A robot was told “in marts” between the rows and the days that they touch, and then read yesterday's figure."""
    file = outbox.receive(1)
    seen = [far(outbox, file.sha256)]
    outbox.publish()
    seen.append(far(outbox, file.sha256))
    load_topic(outbox.kafka, outbox.client, CONFIRMATIONS, run_id="run")
    while_typing: dict[str, tuple[str, int, int]] = {}

    def look(step: str) -> None:
        while_typing[step] = far(outbox, file.sha256)

    type_history(outbox.client, MODEL, Profile.of(stack.settings).typing("confirmations"), run_id="run", on_step=look)
    seen.append(far(outbox, file.sha256))

    assert seen == [("received", 0, 0), ("published", 0, 0), ("loaded", 3, 1)]
    assert while_typing == dict.fromkeys(("plan", "type", "write", "read_back", "done"), ("published", 0, 0))


def test_a_retracted_file_is_told_as_such_when_its_days_are_restated(outbox: Outbox, stack: Stack) -> None:
    file = outbox.receive(1)
    outbox.publish()
    load_topic(outbox.kafka, outbox.client, CONFIRMATIONS, run_id="run")
    type_history(outbox.client, MODEL, Profile.of(stack.settings).typing("confirmations"), run_id="run")
    plan(outbox.client, retraction(outbox.client, file.sha256, "of the wrong plant"), "run")

    assert far(outbox, file.sha256) == ("loaded", 3, 1)
    outbox.client.command("TRUNCATE TABLE te_ops.touched_days")  # as if its day had been restated
    (found,) = progress(outbox.client, file.sha256)
    assert (found.stage, found.reason) == ("retracted", "of the wrong plant")


def test_a_file_that_nobody_delivered_has_come_nowhere(outbox: Outbox) -> None:
    assert progress(outbox.client, "0" * 64) == list[Progress]()
