"""The page that describes a service's interface; everything it needs comes with the package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.staticfiles import StaticFiles

from te_assets.web.security import POLICY, new_nonce

_NO_ICON: Final = "data:,"
# Swagger UI writes styles into its elements.
_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def install(app: FastAPI, document: Callable[[], dict[str, Any]]) -> None:
    """Serve /docs and /openapi.json; addresses in them are relative, so that they hold below a path, too."""
    import fastapi_offline

    app.mount(
        "/docs/assets", StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static"), name="docs-assets"
    )

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi_json(request: Request) -> JSONResponse:
        below = request.scope.get("root_path", "")
        return JSONResponse({**document(), **({"servers": [{"url": below}]} if below else {})})

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url="openapi.json",
            title=app.title,
            swagger_js_url="docs/assets/swagger-ui-bundle.js",
            swagger_css_url="docs/assets/swagger-ui.css",
            swagger_favicon_url=_NO_ICON,
        )
        nonce = new_nonce()
        marked = bytes(page.body).replace(b"<script>", f'<script nonce="{nonce}">'.encode())
        return HTMLResponse(marked, headers={POLICY: _POLICY.format(nonce=nonce)})
