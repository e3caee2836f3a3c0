"""FunctionUrlConfig of SAM functions. Source: the SAM developer guide, "FunctionUrlConfig"."""

from __future__ import annotations

from corsmith.api.function_url import FunctionUrl, FunctionUrlCors
from corsmith.api.value import Known, Unknown, Value
from corsmith.readers.nodes import Mapping
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals
from corsmith.readers.template import Resource

KEYS = ("AllowOrigins", "AllowMethods", "AllowCredentials", "AllowHeaders", "ExposeHeaders", "MaxAge")


def function_url(reading: Reading, resource: Resource, properties: Mapping, refusals: Refusals) -> FunctionUrl | None:
    """Return the Function URL of a SAM function, None where it has none."""
    entry = properties.entry("FunctionUrlConfig")
    config = reading.mapping(entry.value) if entry is not None else None
    if entry is None or config is None:
        return None
    name = resource.name + "Url"
    auth = reading.text(config.get("AuthType"))
    if auth is None or (isinstance(auth, Known) and auth.value not in ("NONE", "AWS_IAM")):
        message = f"FunctionUrlConfig of {resource.name} needs an AuthType of NONE or AWS_IAM."
        node = config.get("AuthType")
        refusals.add("missing", node.span if node is not None else entry.span, message, api=name)
    return FunctionUrl(
        name,
        entry.span,
        Known(resource.name, resource.span),
        auth or Unknown("AuthType is not set", entry.span),
        reading.text(config.get("InvokeMode")) or Known("BUFFERED"),
        cors_of(reading, config, name, refusals),
    )


def cors_of(reading: Reading, config: Mapping, name: str, refusals: Refusals) -> Value[FunctionUrlCors | None]:
    """Return the Cors settings of a Function URL."""
    node = config.get("Cors")
    value = reading.value(node)
    if node is None or value is None:
        return Known(None)
    if not isinstance(value, Known):
        return Unknown(value.because, node.span)
    if not isinstance(value.value, Mapping):
        refusals.add("wrong-type", node.span, f"Cors of {name} must be a mapping with AllowOrigins.", api=name)
        return Known(None)
    own = value.value
    if not own.entries:
        return Known(None)
    for entry in own.entries:
        if entry.key.text not in KEYS:
            message = f"Cors of {name} has no setting {entry.key.text}; it has {', '.join(KEYS)}."
            refusals.add("unknown-key", entry.key.span, message, api=name)
    return Known(
        FunctionUrlCors(
            own.span,
            reading.texts(own.get("AllowOrigins")),
            reading.texts(own.get("AllowMethods")),
            reading.texts(own.get("AllowHeaders")),
            reading.texts(own.get("ExposeHeaders")),
            reading.number(own.get("MaxAge")),
            reading.switch(own.get("AllowCredentials")),
        )
    )
