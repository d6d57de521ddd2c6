"""Dagster's daemon as a process that ends at once: `python -m te_assets.automation.daemon ARGUMENT…`.

The daemon waits for the ticks of its sensors before it ends, and these wait for news, twenty seconds at the longest. So
that it need not, they are told, also in another container. The arguments are those of `dagster-daemon`.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.home import Home


def main(arguments: Sequence[str]) -> int:
    """Run the daemon until SIGTERM; its exit status."""
    home = Home(Settings().home_dir).create()
    running.withdraw_stop(home)
    daemon = subprocess.Popen([sys.executable, "-m", "dagster._daemon", *arguments])

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (as handlers are called)
        running.announce_stop(home)
        daemon.terminate()

    signal.signal(signal.SIGTERM, end)
    return daemon.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
