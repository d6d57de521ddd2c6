"""What docs/containers.md tells an administrator to do: back up, restore, rotate secrets, edit the site, upgrade."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from te_assets_tests.docker.composed import OURS, PAUSE, Composition, make_secrets, settled
from te_assets_tests.docker.conftest import Plant
from te_assets_tests.docker.waiting import eventually

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

VOLUMES = ("kafka_data", "clickhouse_data", "postgres_data", "state", "dagster", "inbox", "landing", "backups")
FIGURES = (
    "SELECT plant, sum(planned_busy_seconds), sum(production_seconds) FROM te_marts.availability GROUP BY 1 ORDER BY 1"
)


def test_a_backup_is_made_while_all_runs(composed: Composition) -> None:
    said = composed.run("code", "te-assets", "backup", "/var/lib/te-assets/backups/first", timeout=300)

    held = composed.run("code", "ls", "/var/lib/te-assets/backups/first").split()
    assert {"backup.json", "landing"} <= set(held), said


def test_a_site_that_is_edited_counts_without_a_word(composed: Composition) -> None:
    """The code server ends by itself and comes back with it; one that cannot be used changes nothing."""
    file = Path(composed.settings["TE_SITE_DIR"]) / "site.yaml"
    site = yaml.safe_load(file.read_text(encoding="utf-8"))
    began = composed.inspect("code")["State"]["StartedAt"]

    file.write_text("plants: 7\n", encoding="utf-8")
    eventually(lambda: "cannot be used" in composed.compose("logs", "--no-color", "code"), 60, PAUSE)
    assert composed.inspect("code")["State"]["StartedAt"] == began

    site["policies"] = {**site.get("policies", {}), "keep_runs_days": 91}
    file.write_text(yaml.safe_dump(site, allow_unicode=True, sort_keys=False), encoding="utf-8")
    eventually(lambda: composed.inspect("code")["State"]["StartedAt"] != began, 90, PAUSE)
    composed.wait_healthy("code")


def test_backup_restore_upgrade_and_rotated_secrets_and_the_truth_comes_out(
    composed: Composition, plant: Plant, tmp_path: Path
) -> None:
    """What an administrator does to move to another machine and version at once; then the last workbooks are delivered.

    The volumes are copied while all is stopped, since a database that is copied while it writes is none; what is in
    them is all that there is. Those with the servers' configuration stay, as in an upgrade in place: the passwords in
    them are replaced. The next image has one migration more. The operators' key stays: with another one operators get
    other names.
    """
    gateway = composed.gateway()
    before = composed.query(FIGURES)
    assert before
    composed.compose("stop", *OURS, timeout=240)
    old, new = rotate(composed)
    composed.compose("stop", timeout=240)
    for name in VOLUMES:
        tar(composed, name, tmp_path, "-czf", f"/backup/{name}.tgz", "-C", "/volume", ".")

    composed.down()
    composed.engine.docker("volume", "rm", *(f"{composed.name}_{name}" for name in VOLUMES))
    composed.settings["TE_IMAGE"] = next_image(composed, tmp_path)
    composed.compose("create")
    for name in VOLUMES:
        tar(composed, name, tmp_path, "-xzpf", f"/backup/{name}.tgz", "-C", "/volume")
    composed.up()

    assert composed.query(FIGURES) == before
    assert composed.query("SELECT count() FROM te_ops.schema_migrations WHERE name LIKE '9999%'") == [[1]]
    for name, user in (("clickhouse_writer_password", "te_writer"), ("clickhouse_reader_password", "te_reader")):
        assert logs_in(composed, user, new[name])
        assert not logs_in(composed, user, old[name])
    hashes = [gateway.send_file(book).sha256 for book in plant.take(len(plant.books))]
    settled(gateway, hashes)
    composed.verify(plant.truth)


ROTATED = ("clickhouse_writer_password", "clickhouse_reader_password", "postgres_password")


def rotate(composed: Composition) -> tuple[dict[str, str], dict[str, str]]:
    """Give all users of the servers new passwords, which count from the next start; the old ones and the new ones."""
    old = {name: (composed.secrets / name).read_text() for name in ROTATED}
    for name in ROTATED:
        (composed.secrets / name).unlink()
    make_secrets(composed.secrets)
    new = {name: (composed.secrets / name).read_text() for name in ROTATED}
    assert all(old[name] != new[name] for name in ROTATED)
    sql = f"ALTER USER dagster PASSWORD '{new['postgres_password']}'"
    composed.run("postgres", "psql", "-U", "dagster", "-q", input=sql)
    return old, new


def next_image(composed: Composition, folder: Path) -> str:
    """Tag of an image of a version to come, with a migration of its own."""
    (folder / "9999_upgrade.sql").write_text("CREATE TABLE te_ops.upgraded (x Int8) ENGINE = Memory;\n")
    (folder / "Dockerfile").write_text(
        f"FROM {composed.settings['TE_IMAGE']}\n"
        "COPY 9999_upgrade.sql /opt/te-assets/lib/python3.11/site-packages/te_assets/lake/migrations/\n"
    )
    composed.engine.docker("build", "--quiet", "--tag", "te-assets:next", folder)
    return "te-assets:next"


def tar(composed: Composition, volume: str, folder: Path, *arguments: str) -> None:
    """Run tar as root in a container with a volume, and a folder of this machine at /backup."""
    composed.engine.docker(
        *("run", "--rm", "--user", "0", "--volume", f"{composed.name}_{volume}:/volume"),
        *("--volume", f"{folder}:/backup"),
        *(composed.settings["TE_IMAGE"], "tar", *arguments),
    )


def logs_in(composed: Composition, user: str, password: str) -> bool:
    """Whether ClickHouse lets a user in."""
    asks = (
        "import sys, requests\n"
        f"user = '{user}', sys.stdin.read()\n"
        "print(requests.get('http://clickhouse:8123/', {'query': 'SELECT 1'}, auth=user).status_code)\n"
    )
    return composed.run("code", "python", "-c", asks, input=password).strip() == "200"
