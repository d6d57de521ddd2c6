"""Twenty nights at a portal with every kind of bad day, on the whole stack: each row arrives, and arrives once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random

import pytest

from te_assets.gateway.client import GatewayClient, Sent
from te_assets.robot.fetching import Surroundings
from te_assets.robot.ledger import opened
from te_assets.robot.periods import Period, of_days
from te_assets.robot.portal.moods import BAD, Moods
from te_assets.robot.portal.records import PlantRecords
from te_assets.robot.run import portal_folder, run_portal
from te_assets.simulator.calendar import milliseconds
from te_assets_tests.gateway.test_whole_way import Everything
from te_assets_tests.gateway.test_whole_way import everything as everything
from te_assets_tests.robot.conftest import FIRST, DemoPortal, Opening

pytestmark = [pytest.mark.long, pytest.mark.stack]

NIGHTS, SEED, SHARE, KILLED = 20, 20261129, 0.4, 0.1
SECONDS = 300.0
KEYS = {
    "interactions": "JSONExtractString(payload, 'interaction_id')",
    "confirmations": "(JSONExtractString(payload, 'confirmation'), JSONExtractString(payload, 'counter'))",
}


class Killed(BaseException):
    """The process ends here."""


class Unlucky:
    """The real gateway; by chance the robot is killed before or after a post."""

    def __init__(self, client: GatewayClient, chance: Random) -> None:
        self._client, self._chance = client, chance
        self.kills = 0
        self.sha256s: set[str] = set()

    def send_file(self, path: Path, *, name: str = "", source: str = "") -> Sent:
        self._perhaps()
        sent = self._client.send_file(path, name=name, source=source)
        self.sha256s.add(sent.sha256)
        self._perhaps()
        return sent

    def _perhaps(self) -> None:
        if self._chance.random() < KILLED:
            self.kills += 1
            raise Killed


def is_missing(portal: DemoPortal, home: Path, days: Sequence[Period]) -> Iterator[bool]:
    """Per export and period, whether the gateway lacks it."""
    with opened(portal_folder(home, portal.file), portal.file.zone) as ledger:
        for export, period in product(portal.file.exports, days):
            found = ledger.of(export.name, period)
            yield found is None or found.state != "delivered"


@pytest.mark.timeout(1800)
def test_twenty_nights_with_moods_and_kills_bring_each_row_once(
    everything: Everything, portal_of: Opening, records: PlantRecords, chromium: Path, tmp_path: Path
) -> None:
    lake, client = everything.lake, everything.client
    portal = portal_of(moods=Moods(share=SHARE, seed=SEED), seconds=0.05)
    first = FIRST + timedelta(days=1)  # nothing of it lies before the portal's records
    days = list(of_days(first, first + timedelta(days=NIGHTS), 24, records.zone))
    unlucky, failed = Unlucky(client, Random(SEED)), 0

    def night(last: Period) -> int:
        """A run after a period; how many exports failed."""
        outcome = run_portal(
            portal.file,
            portal.access,
            unlucky,
            home=tmp_path / "home",
            chromium=lambda: chromium,
            days=(first, last.starts.date()),
            around=Surroundings(now=lambda: last.ends, pause=lambda _: None),
        )
        return len(outcome.failed)

    for day in days[:NIGHTS]:
        with suppress(Killed):
            failed += night(day)
    met = [mood for *_, mood in portal.asked() if mood != "fine"]
    portal.desk.moods = Moods()
    while any(is_missing(portal, tmp_path / "home", days)):  # the portal is well again, the robot still unlucky
        with suppress(Killed):
            assert night(days[-1]) == 0
    print(f"{len(portal.asked())} exports, moods {len(met)}, kills {unlucky.kills}, failed {failed}")

    assert set(met) == set(BAD)
    assert unlucky.kills > 0
    assert len(unlucky.sha256s) == 2 * len(days)
    for sha256 in unlucky.sha256s:
        (publication,) = client.wait(sha256, SECONDS)["publications"]
        assert (publication["stage"], publication["rejected"]) == ("in marts", 0)
    starts, ends = milliseconds(days[0].starts), milliseconds(days[-1].ends)
    now = days[-1].ends + timedelta(days=1)
    true = {
        "interactions": len(records.stops(starts, ends, now)),
        "confirmations": len(records.confirmations(starts, ends, now)),
    }
    for model, key in KEYS.items():
        read = f"SELECT count(), uniqExact({key}), uniqExact(file_sha256) FROM te_raw.{model}"
        assert tuple(lake.query(read).result_rows[0]) == (true[model], true[model], len(days)), model
