"""Pages that describe the interface; everything they need comes with the package."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse

from te_assets.web import pages

if TYPE_CHECKING:
    from te_assets.gateway.broker import Broker


def install(app: FastAPI, broker: Broker) -> None:
    """Serve /docs, /openapi.json, /asyncapi and /asyncapi.json."""
    from te_assets.gateway.documents import asyncapi, openapi

    pages.install(app, lambda: openapi(app))

    @app.get("/asyncapi.json", include_in_schema=False)
    async def asyncapi_json() -> JSONResponse:
        return JSONResponse(asyncapi(broker.broker))

    @app.get("/asyncapi", include_in_schema=False)
    async def asyncapi_page() -> HTMLResponse:
        return HTMLResponse(page_of(asyncapi(broker.broker)))


def page_of(document: dict[str, Any]) -> str:
    """The AsyncAPI document as a plain page: channels, then the schemas of their messages."""
    title = html.escape(f"{document['info']['title']} {document['info']['version']}: topics")
    channels = "".join(
        f"<h2><code>{html.escape(str(channel.get('address', name)))}</code></h2>"
        f"<p>{html.escape(str(channel.get('description', '')))}</p>"
        for name, channel in document.get("channels", {}).items()
    )
    schemas = "".join(
        f"<h3>{html.escape(name)}</h3><pre>{html.escape(json.dumps(schema, indent=2, ensure_ascii=False))}</pre>"
        for name, schema in document.get("components", {}).get("schemas", {}).items()
    )
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "pre{overflow:auto;padding:1rem;border:1px solid #ccc}</style>"
        f'<h1>{title}</h1><p>The whole document: <a href="/asyncapi.json">asyncapi.json</a>. HTTP: '
        f'<a href="/docs">docs</a>.</p>{channels}<h2>Schemas</h2>{schemas}</html>'
    )
