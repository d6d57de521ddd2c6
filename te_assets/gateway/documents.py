"""The documents of the interface: OpenAPI of HTTP, AsyncAPI of Kafka. `python -m te_assets.gateway.documents DIR`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastapi.openapi.utils import get_openapi

from te_assets import __version__
from te_assets.contracts.catalog import load_contracts
from te_assets.gateway.events import MOST_EVENTS, SOURCES, event_model
from te_assets.gateway.problems import Document

if TYPE_CHECKING:
    from fastapi import FastAPI
    from faststream.kafka import KafkaBroker

OPENAPI, ASYNCAPI = "openapi.json", "asyncapi.json"
POSTED: Final = "PostedEvents"
"""Name of the schema of a body of events."""
_TITLE: Final = "te_assets gateway"


def openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the schemas that routes refer to by name; events as shipped contracts read them."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        routes=app.routes,
        description="Workbooks and single events, on their way in.",
    )
    schemas: dict[str, Any] = document["components"]["schemas"]
    schemas["Document"] = Document.model_json_schema()
    events = [event_model(load_contracts(None).of_source(source)) for source in SOURCES.values()]
    schemas.update({event.__name__: event.model_json_schema() for event in events})
    one = {"anyOf": [{"$ref": f"#/components/schemas/{event.__name__}"} for event in events]}
    schemas[POSTED] = {
        "description": "One event, or up to 1,000 of one model.",
        "anyOf": [*one["anyOf"], {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_EVENTS}],
    }
    return document


def asyncapi(broker: KafkaBroker) -> dict[str, Any]:
    """The AsyncAPI document; without the address of the broker, which is another one at each plant."""
    from faststream.specification import AsyncAPI

    document: dict[str, Any] = json.loads(
        AsyncAPI(broker, title=_TITLE, version=__version__).to_specification().to_json()
    )
    for server in document.get("servers", {}).values():
        server["host"] = "kafka.example:9092"
    return document


def documents() -> dict[str, dict[str, Any]]:
    """Both documents by file name, of a gateway that is not connected."""
    from te_assets.gateway.app import create_app
    from te_assets.gateway.broker import Broker
    from te_assets.settings import Settings
    from te_assets.stack.connect import kafka_endpoint

    settings = Settings(kafka_bootstrap_servers="kafka.example:9092")
    return {OPENAPI: openapi(create_app(settings)), ASYNCAPI: asyncapi(Broker(kafka_endpoint(settings)).broker)}


def write(folder: Path) -> None:
    """Write both, as they are committed."""
    for name, document in documents().items():
        (folder / name).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
