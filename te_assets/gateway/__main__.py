"""`python -m te_assets.gateway PORT`: the gateway on loopback, until SIGTERM; what was accepted is finished."""

from __future__ import annotations

import sys
from typing import Final

_GRACE: Final = 15  # seconds for requests that are being answered


def main(port: int) -> None:
    """Serve."""
    from te_assets.gateway.app import create_app
    from te_assets.web.serving import serve

    serve(create_app, port, _GRACE)


if __name__ == "__main__":
    main(int(sys.argv[1]))
