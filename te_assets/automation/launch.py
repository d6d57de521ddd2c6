"""Launches a job on the home's instance: through the daemon where one is up, else in this process."""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from te_assets.automation.causes import failure_text
from te_assets.errors import TeAssetsError
from te_assets.settings import Settings, export

if TYPE_CHECKING:
    from dagster import DagsterInstance

LOCATION: Final = "te_assets"
_POLL_SECONDS: Final = 0.2


class RunFailed(TeAssetsError):
    """A Dagster run did not succeed."""


@dataclass(frozen=True)
class Ran:
    """A run that succeeded."""

    run_id: str
    job: str
    seconds: float


class Launcher:
    """Runs jobs one after the other on the instance of a home.

    Use as a context manager: without a daemon it holds the home's lock, so that two commands never load at once.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._url = daemon_url(settings)

    @property
    def through_daemon(self) -> bool:
        """Whether runs are handed to a daemon, whose sensors also do the rest."""
        return self._url is not None

    @contextmanager
    def session(self) -> Iterator[DagsterInstance]:
        """The instance, with the lock where no daemon is up.

        Raises:
            StorageFailed: Its storage cannot be reached.
        """
        import dagster as dg

        from te_assets.stack.dagster_storage import storage_of, write_instance

        folder = self._settings.dagster_home
        folder.mkdir(parents=True, exist_ok=True)
        storage_of(self._settings).revisions()  # says in a sentence what Dagster would say in a traceback
        export(self._settings)
        if self.through_daemon:
            with dg.DagsterInstance.get() as instance:
                yield instance
            return
        with (folder / "commands.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            write_instance(self._settings)
            with dg.DagsterInstance.get() as instance:
                yield instance

    def run(
        self,
        instance: DagsterInstance,
        job: str,
        tags: Mapping[str, str] | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> Ran:
        """Run a job to its end.

        Args:
            instance: As `session` gives it.
            job: Its name.
            tags: Of the run.
            config: Of the run.

        Raises:
            RunFailed: It failed; the message carries the cause that the run gives.
        """
        begin = time.perf_counter()
        start = self._submit if self._url else _execute
        run_id = start(instance, job, dict(tags or {}), dict(config or {}))
        return Ran(run_id, job, time.perf_counter() - begin)

    def _submit(self, instance: DagsterInstance, job: str, tags: dict[str, str], config: dict[str, Any]) -> str:
        from dagster_graphql import DagsterGraphQLClient, DagsterGraphQLClientError

        assert self._url is not None
        address = urlsplit(self._url)
        client = DagsterGraphQLClient(address.hostname or "127.0.0.1", port_number=address.port)
        try:
            run_id = client.submit_job_execution(job, repository_location_name=LOCATION, tags=tags, run_config=config)
        except DagsterGraphQLClientError as error:
            raise RunFailed(
                f"Dagster at {self._url} did not take job {job}: {error}. Look at its Deployment page."
            ) from error
        while (run := instance.get_run_by_id(run_id)) is None or not run.is_finished:
            time.sleep(_POLL_SECONDS)
        if not run.is_success:
            raise RunFailed(failure_text(instance, run_id, job))
        return run_id


def _execute(instance: DagsterInstance, job: str, tags: dict[str, str], config: dict[str, Any]) -> str:
    from te_assets.definitions import defs

    # The command prints its own progress; what the run logged stands in the instance, for the UI.
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    job_def = defs.resolve_job_def(job)
    result = job_def.execute_in_process(
        run_config={**config, **quiet}, instance=instance, tags=tags, raise_on_error=False
    )
    if not result.success:
        raise RunFailed(failure_text(instance, result.run_id, job))
    return result.run_id


def daemon_url(settings: Settings) -> str | None:
    """Address of the home's webserver, where the supervisor runs one."""
    from te_assets.stack import running
    from te_assets.stack.home import Home

    found = running.record(Home(settings.home_dir))
    return str(found.services["dagster"]["url"]) if found and "dagster" in found.services else None


def quiet_dagster() -> None:
    """Let only warnings of Dagster reach the terminal: a command prints its own progress."""
    logging.getLogger("dagster").setLevel(logging.WARNING)
