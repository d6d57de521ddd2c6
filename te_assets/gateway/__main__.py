"""`python -m te_assets.gateway PORT [HOST]`: the gateway, on loopback by default, until SIGTERM.

What was accepted is finished.
"""

from __future__ import annotations

import sys
from typing import Final

_GRACE: Final = 15  # seconds for requests that are being answered


def main(port: int, *host: str) -> None:
    """Serve."""
    from te_assets.gateway.app import create_app
    from te_assets.web.serving import serve

    serve(create_app, _GRACE, port, *host)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
