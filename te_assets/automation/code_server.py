"""The code location as a server of its own: `python -m te_assets.automation.code_server PORT [HOST]`.

What `dagster api grpc -m te_assets.definitions` does, and three things more: runs are forked from a process that has
imported everything already, a site folder that was edited is taken up, and sensors that wait for news let go when the
server is told to stop. Runs that are at work then are waited for.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from hashlib import sha256
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

import grpc
from dagster._grpc.server import DagsterApiServer, DagsterGrpcServer

from te_assets.automation.run_launcher import PRELOADED
from te_assets.automation.run_process import execute_for_server
from te_assets.errors import TeAssetsError
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.home import Home

MODULE: Final = "te_assets.definitions"
LOCATION: Final = "te_assets"
_THREADS: Final = 24
"""Four sensors wait for what comes, most of their time; gRPC's own default is six on two processors."""
LOOK_SECONDS: Final = 5.0
"""Between two looks at the site folder."""
log: Final = logging.getLogger("dagster.code_server")


class ForkingContext:
    """What a code server asks of multiprocessing; the process of a run is forked from one that is warm."""

    def __init__(self) -> None:
        """No process is started."""
        self._fork_server = multiprocessing.get_context("forkserver")
        self._fork_server.set_forkserver_preload([PRELOADED])

    def Queue(self) -> Any:  # noqa: N802 (as multiprocessing calls it)
        """Queue between processes."""
        return self._fork_server.Queue()

    def Event(self) -> Any:  # noqa: N802 (as multiprocessing calls it)
        """Event between processes."""
        return self._fork_server.Event()

    def Process(self, target: Callable[..., None], args: Sequence[Any]) -> BaseProcess:  # noqa: N802 (as above)
        """Process of a run, not started."""
        return self._fork_server.Process(target=execute_for_server, args=(target, *args))

    def warm_up(self) -> None:
        """Start what runs are forked from: the first run need not wait for its imports."""
        process = self._fork_server.Process(target=os.getpid)
        process.start()
        process.join()


class CodeServer(DagsterApiServer):
    """Dagster's own, whose runs are forked."""

    def __init__(self, home: Home, **given: Any) -> None:
        """Load the definitions; `given` is what DagsterApiServer takes."""
        super().__init__(**given)
        self._home = home
        forking = ForkingContext()
        self._mp_ctx: Any = forking
        threading.Thread(target=forking.warm_up, name="warm-up", daemon=True).start()

    @property
    def is_idle(self) -> bool:
        """Whether no run is at work."""
        with self._execution_lock:
            return not self._executions

    def StartRun(self, request: Any, _context: grpc.ServicerContext) -> Any:  # noqa: N802 (the service's name)
        """Start a run; a server that is about to stop is unavailable: the run waits for the next one."""
        if self._shutdown_once_executions_finish_event.is_set():
            _context.abort(grpc.StatusCode.UNAVAILABLE, "The code server is about to stop.")
        return super().StartRun(request, _context)

    def cleanup(self) -> None:
        """Wait for runs that are at work, then end."""
        running.announce_stop(self._home)
        super().cleanup()


def serve(port: int, host: str = "127.0.0.1", module: str = MODULE) -> None:
    """Serve definitions until SIGTERM, or until the site folder has changed and no run is at work.

    Whoever started it starts it again then, as restart policies of containers do.
    """
    from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
    from dagster._core.utils import FuturesAwareThreadPoolExecutor
    from dagster._utils.log import configure_loggers

    # Not what SIGINT is set to, as Dagster has it: who starts a process in the background has it ignored.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    configure_loggers()
    settings = Settings()
    home = Home(settings.home_dir).create()
    running.withdraw_stop(home)
    ending = threading.Event()
    threads = FuturesAwareThreadPoolExecutor(max_workers=_THREADS)
    servicer = CodeServer(
        home,
        server_termination_event=ending,
        logger=log,
        server_threadpool_executor=threads,
        loadable_target_origin=LoadableTargetOrigin(
            executable_path=sys.executable, module_name=module, working_directory=str(Path.cwd())
        ),
        location_name=LOCATION,
        container_image=os.environ.get("DAGSTER_CURRENT_IMAGE"),
        inject_env_vars_from_instance=False,
    )
    server = DagsterGrpcServer(
        server_termination_event=ending,
        dagster_api_servicer=servicer,
        port=port,
        host=host,
        logger=log,
        threadpool_executor=threads,
    )
    watch = threading.Thread(target=_watch, args=(settings, servicer, ending), name="site", daemon=True)
    watch.start()
    log.info("te_assets is served on %s:%d", host, port)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve()  # type: ignore[no-untyped-call]
    log.info("te_assets is served no more")


def _watch(settings: Settings, servicer: CodeServer, ending: threading.Event) -> None:
    """End the server once the site folder is another than when it began, and can be used."""
    before, refused = _fingerprint(settings.site_dir), ""
    while not ending.wait(LOOK_SECONDS):
        now = _fingerprint(settings.site_dir)
        if now in {before, refused} or not servicer.is_idle:
            continue
        try:
            Profile.of(settings).site()
        except TeAssetsError as error:
            refused = now
            log.warning("The site folder has changed and cannot be used; what was loaded before counts. %s", error)
        else:
            log.info("The site folder has changed: the server ends, to be started again with it")
            ending.set()


def _fingerprint(folder: Path) -> str:
    """Of the YAML files below a folder: their names and what is in them."""
    digest = sha256()
    for file in sorted(folder.rglob("*.yaml")):
        with contextlib.suppress(OSError):  # it is being replaced
            digest.update(f"{file}\0{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    serve(int(sys.argv[1]), *sys.argv[2:])
