"""The document of an HTTP interface, and how documents are committed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from te_assets.web.problems import Document

if TYPE_CHECKING:
    from fastapi import FastAPI


def openapi(app: FastAPI, description: str, *further: type[BaseModel]) -> dict[str, Any]:
    """The OpenAPI document, with the schemas that routes refer to by name: of problems, and `further` ones."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes, description=description)
    models: tuple[type[BaseModel], ...] = (Document, *further)
    for model in models:
        document["components"]["schemas"][model.__name__] = model.model_json_schema()
    return document


def write(folder: Path, documents: Mapping[str, Mapping[str, Any]]) -> None:
    """Write documents by their file names, as they are committed."""
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
