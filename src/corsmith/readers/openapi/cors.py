"""x-amazon-apigateway-cors: the CORS configuration of an HTTP API in its definition."""

from __future__ import annotations

from corsmith.api.http_api import HttpApiCors
from corsmith.readers.nodes import Node
from corsmith.readers.reading import Reading


def cors_of(reading: Reading, node: Node | None) -> HttpApiCors | None:
    """Return the configuration under `node`; names are those of the extension (allowOrigins)."""
    own = reading.mapping(node)
    if own is None or not own.entries:
        return None
    return HttpApiCors(
        own.span,
        reading.texts(own.get("allowOrigins")),
        reading.texts(own.get("allowMethods")),
        reading.texts(own.get("allowHeaders")),
        reading.texts(own.get("exposeHeaders")),
        reading.number(own.get("maxAge")),
        reading.switch(own.get("allowCredentials")),
    )
