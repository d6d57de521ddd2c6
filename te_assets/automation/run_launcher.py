"""Launches runs by forking a process that has imported everything already: by the daemon, or by the code server.

Dagster's own launcher starts a new Python for each run, which imports for longer than a small run works. Python's fork
server does it once; each run is still a process of its own, made when it is launched.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, LaunchRunContext, WorkerStatus
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._serdes.config_class import ConfigurableClassData

from te_assets.automation.run_process import AT_ONCE_TAG, YIELDING, execute, forget, interrupt, process_of

PRELOADED: Final = "te_assets.automation.warmed"


class ForkingRunLauncher(DefaultRunLauncher):
    """Runs as children of the daemon; configured in dagster.yaml under `run_launcher`.

    Runs of a code location with another Python than this one are left to Dagster's launcher.
    """

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        """Nothing is started before the first run."""
        super().__init__(inst_data)
        self._imported: float | None = None

    def launch_run(self, context: LaunchRunContext) -> None:
        """Start the run's process, and watch that it does not end before the run has."""
        from dagster._grpc.types import ExecuteRunArgs
        from dagster._serdes import serialize_value

        run = context.dagster_run
        origin = context.job_code_origin
        if origin is None or origin.repository_origin.executable_path != sys.executable:
            super().launch_run(context)
            return
        arguments = serialize_value(ExecuteRunArgs(origin, run.run_id, self._instance.get_ref()))
        process = self._start(arguments, self._folder, run.run_id, 0 if AT_ONCE_TAG in run.tags else YIELDING)
        watch = (process, self._folder, run.run_id)
        threading.Thread(target=self._watch, args=watch, name=f"run {run.run_id[:8]}", daemon=True).start()

    def terminate(self, run_id: str) -> bool:
        """Interrupt the run's process; also from the webserver, which did not start it."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        if GRPC_INFO_TAG in run.tags:
            return bool(super().terminate(run_id))  # type: ignore[no-untyped-call]
        self._instance.report_run_canceling(run)
        if interrupt(self._folder, run_id):
            return True
        self._instance.report_engine_event(
            "No process of this run lives on this machine, so there is nothing to interrupt. Terminate it again with "
            "“force” to mark it as canceled.",
            run,
            cls=self.__class__,
        )
        return False

    @property
    def supports_check_run_worker_health(self) -> bool:
        """It does: run monitoring finds runs that a kill of the daemon took along."""
        return True

    def check_run_worker_health(self, run: Any) -> CheckRunHealthResult:
        """Whether the run's process lives; what Dagster's launcher started is taken to, as it cannot tell."""
        if GRPC_INFO_TAG in run.tags:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        process = process_of(self._folder, run.run_id)
        if process is None:
            forget(self._folder, run.run_id)
            return CheckRunHealthResult(WorkerStatus.NOT_FOUND, "its process is gone: it was killed, or the machine")
        return CheckRunHealthResult(WorkerStatus.RUNNING, run_worker_id=str(process))

    @property
    def _folder(self) -> Path:
        return Path(self._instance.root_directory) / "run_processes"

    def _start(self, arguments: str, folder: Path, run_id: str, nice: int) -> BaseProcess:
        newest = _newest_change()
        if self._imported is None:
            self._imported = newest
            multiprocessing.get_context("forkserver").set_forkserver_preload([PRELOADED])
        # What the fork server imported cannot be imported again: after a change of the code runs start the slow way.
        forking, spawning = multiprocessing.get_context("forkserver"), multiprocessing.get_context("spawn")
        new_process = forking.Process if newest == self._imported else spawning.Process
        process = new_process(target=execute, args=(arguments, folder, run_id, nice), name=f"run {run_id}")
        process.start()
        return process

    def _watch(self, process: BaseProcess, folder: Path, run_id: str) -> None:
        process.join()
        forget(folder, run_id)
        if not self.has_instance:
            return  # the daemon ends, and its runs with it: run monitoring of the next one reports them
        run = self._instance.get_run_by_id(run_id)
        if run is not None and not run.is_finished:
            self._instance.report_run_failed(
                run, f"The process of the run ended before the run did, with exit status {process.exitcode}."
            )


def _newest_change() -> float:
    package = Path(__file__).parents[1]
    return max(file.stat().st_mtime for file in package.rglob("*.py"))


class CodeServerRunLauncher(DefaultRunLauncher):
    """Runs in the code server's container; configured in dagster.yaml under `run_launcher`.

    Dagster's own, which cannot tell whether a run lives: one whose container was killed would stay for two hours.
    """

    @property
    def supports_check_run_worker_health(self) -> bool:
        """It does: the code server knows its runs."""
        return True

    def check_run_worker_health(self, run: Any) -> CheckRunHealthResult:
        """Whether the code server has a process for the run; one that does not answer is asked again later."""
        from dagster._core.errors import DagsterUserCodeUnreachableError
        from dagster._grpc.types import GetCurrentRunsResult
        from dagster._serdes import deserialize_value

        client = self._get_grpc_client_for_termination(run.run_id)  # type: ignore[no-untyped-call]
        if client is None:
            return CheckRunHealthResult(WorkerStatus.NOT_FOUND, "no code server was asked for it")
        try:
            current = deserialize_value(client.get_current_runs(), GetCurrentRunsResult).current_runs
        except DagsterUserCodeUnreachableError:
            return CheckRunHealthResult(WorkerStatus.RUNNING, "the code server does not answer")
        if run.run_id in current:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(
            WorkerStatus.NOT_FOUND, "the code server has no process for it: it was started again meanwhile"
        )
