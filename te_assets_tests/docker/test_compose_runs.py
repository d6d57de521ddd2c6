"""A container for each run, as docs/containers.md says how."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from te_assets_tests.docker.client import Client
from te_assets_tests.docker.composed import COMPOSE, PROJECT, Composition, make_secrets, settled, sha256
from te_assets_tests.docker.conftest import Plant, build_image

pytestmark = [pytest.mark.docker, pytest.mark.long, pytest.mark.timeout(900)]

OVERLAY = PROJECT / "docker/compose.run-containers.yaml"


def test_each_run_is_in_a_container_of_its_own_that_goes_with_it(engine: Client, plant: Plant, tmp_path: Path) -> None:
    known = {"DOCKER_HOST": "unix:///var/run/docker.sock", **os.environ, **engine.environment}
    socket = Path(known["DOCKER_HOST"].removeprefix("unix://"))
    image = build_image(engine, "containers")
    composed = Composition(engine, "te-runs", image, tmp_path, plant.site, (COMPOSE, OVERLAY))
    composed.settings |= {"TE_DOCKER_SOCKET": str(socket), "TE_DOCKER_GROUP": str(socket.stat().st_gid)}
    make_secrets(composed.secrets)
    try:
        composed.up()
        gateway = composed.gateway()
        posted, dropped = plant.take(2)
        composed.drop(dropped)
        settled(gateway, [gateway.send_file(posted).sha256, sha256(dropped)])

        launched = composed.run("postgres", "psql", "-U", "dagster", "-tA", "-c", LAUNCHED)
        assert int(launched) >= 4
        assert composed.run("postgres", "psql", "-U", "dagster", "-tA", "-c", STATUSES).split() == ["SUCCESS"]
        composed.verify()
        names = engine.docker("ps", "--all", "--filter", f"network={composed.name}_inside", "--format", "{{.Names}}")
        assert [name for name in names.split() if not name.startswith("te-runs-")] == []
    finally:
        composed.down(volumes=True)


LAUNCHED = "SELECT count(DISTINCT run_id) FROM event_logs WHERE event LIKE '%Launching run in a new container%'"
STATUSES = "SELECT DISTINCT status FROM runs WHERE status NOT IN ('STARTED', 'STARTING', 'QUEUED')"
