"""`python -m te_assets.dashboard PORT [HOST]`: the dashboard, on loopback by default, until SIGTERM."""

from __future__ import annotations

import sys
from typing import Final

_GRACE: Final = 12  # seconds for requests that are being answered: no query takes longer than ten


def main(port: int, *host: str) -> None:
    """Serve."""
    from te_assets.dashboard.app import create_app
    from te_assets.web.serving import serve

    serve(create_app, _GRACE, port, *host)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
