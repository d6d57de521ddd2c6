"""The documents of the interface: OpenAPI of HTTP, AsyncAPI of Kafka. `python -m te_assets.gateway.documents DIR`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from te_assets import __version__
from te_assets.contracts.catalog import load_contracts
from te_assets.gateway.events import MOST_EVENTS, SOURCES, event_model
from te_assets.web.documents import openapi as openapi_of
from te_assets.web.documents import write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from faststream.kafka import KafkaBroker

    from te_assets.contracts.layout import Model

OPENAPI, ASYNCAPI = "openapi.json", "asyncapi.json"
EVENTS: Final = "/v1/events/{model}"
"""The route that the document shows once per model."""
_TITLE: Final = "te_assets gateway"


def openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the schemas that routes refer to by name; events as shipped contracts read them."""
    document = openapi_of(app, "Workbooks and single events, on their way in.")
    schemas: dict[str, Any] = document["components"]["schemas"]
    route = document["paths"].pop(EVENTS)["post"]
    for model, source in SOURCES.items():
        event = event_model(load_contracts(None).of_source(source))
        schemas[event.__name__] = event.model_json_schema()
        document["paths"][EVENTS.format(model=model)] = {"post": _of_model(route, model, event.__name__)}
    return document


def _of_model(route: Mapping[str, Any], model: Model, event: str) -> dict[str, Any]:
    """The operation of one model out of that of both: a client that is generated from it must know which fields go."""
    one = {"$ref": f"#/components/schemas/{event}"}
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_EVENTS}
    schema = {"description": f"One event, or up to {MOST_EVENTS:,}.", "anyOf": [one, many]}
    return {
        **route,
        "operationId": f"post_{model}",
        "summary": f"Post {model}",
        "parameters": [each for each in route["parameters"] if each["in"] != "path"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
    }


def asyncapi(broker: KafkaBroker) -> dict[str, Any]:
    """The AsyncAPI document; without the address of the broker, which is another one at each plant."""
    from faststream.specification import AsyncAPI

    document: dict[str, Any] = json.loads(
        AsyncAPI(broker, title=_TITLE, version=__version__).to_specification().to_json()
    )
    for server in document.get("servers", {}).values():
        server["host"] = "kafka.example:9092"
    # FastStream keeps what it was given in sets.
    components = document["components"]
    for part in (document["channels"], document["operations"], components["messages"], components["schemas"]):
        ordered = dict(sorted(part.items()))
        part.clear()
        part.update(ordered)
    return document


def documents() -> dict[str, dict[str, Any]]:
    """Both documents by file name, of a gateway that is not connected."""
    from te_assets.gateway.app import create_app
    from te_assets.gateway.broker import Broker
    from te_assets.gateway.news import News, Register
    from te_assets.settings import Settings
    from te_assets.stack.connect import kafka_endpoint

    settings = Settings(kafka_bootstrap_servers="kafka.example:9092")
    subscribed = Broker(kafka_endpoint(settings))
    subscribed.subscribe(Register(settings).note, News().tell)
    return {OPENAPI: openapi(create_app(settings)), ASYNCAPI: asyncapi(subscribed.broker)}


if __name__ == "__main__":
    write(Path(sys.argv[1]), documents())
