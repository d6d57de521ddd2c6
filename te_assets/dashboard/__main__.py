"""`python -m te_assets.dashboard PORT`: the dashboard on loopback, until SIGTERM."""

from __future__ import annotations

import sys
from typing import Final

HOST: Final = "127.0.0.1"
_GRACE: Final = 3  # seconds for requests that are being answered; pages that listen for news are cut off


def main(port: int) -> None:
    """Serve."""
    import uvicorn

    from te_assets.dashboard.app import create_app
    from te_assets.settings import Settings
    from te_assets.web.logs import set_up

    settings = Settings()
    set_up(settings.log_format)
    uvicorn.run(
        create_app(settings),
        host=HOST,
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
