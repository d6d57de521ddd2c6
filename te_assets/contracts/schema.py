"""The JSON Schema of a contract, for editors; `schema.json` beside this module is its committed form."""

from __future__ import annotations

import json

from te_assets.contracts.model import Contract


def json_schema() -> str:
    """The schema as it must stand in `schema.json`."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Contract.model_json_schema(by_alias=True)}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
