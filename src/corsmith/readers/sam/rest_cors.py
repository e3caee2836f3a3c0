"""Cors of REST APIs in SAM: an OPTIONS method with a mock for each path that has none.

Source: the SAM developer guide, "CorsConfiguration" of AWS::Serverless::Api; what the translator emits, measured.
"""

from __future__ import annotations

from corsmith.api.rest_api import IntegrationResponse, MethodResponse, Mock, Parameters
from corsmith.api.span import Span
from corsmith.api.value import Known, Text, Unknown
from corsmith.readers.intrinsics import intrinsic
from corsmith.readers.made import made
from corsmith.readers.nodes import Mapping, Node, Scalar
from corsmith.readers.operations import ANY, Operation, Paths
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals

KEYS = ("AllowMethods", "AllowHeaders", "AllowOrigin", "MaxAge", "AllowCredentials")
ALL_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_HEADERS = (
    ("AllowOrigin", "Access-Control-Allow-Origin"),
    ("AllowHeaders", "Access-Control-Allow-Headers"),
    ("AllowMethods", "Access-Control-Allow-Methods"),
    ("MaxAge", "Access-Control-Max-Age"),
    ("AllowCredentials", "Access-Control-Allow-Credentials"),
)
WILDCARD = "'*'"


def add_options(reading: Reading, api: str, cors: Node, paths: Paths, refusals: Refusals) -> Span | None:
    """Add the OPTIONS methods that `cors` asks for. Returns the setting's span, None where it is switched off."""
    settings = _settings(reading, api, cors, refusals)
    if settings is None:
        return None
    seen: set[str] = set()
    for path, methods in paths.items.items():
        bare = path.rstrip("/") if path != "/" else path
        if bare in seen:
            continue
        seen.add(bare)
        if "options" not in methods:
            listed = settings.get("AllowMethods") or _listed(paths, path, methods, cors.span)
            methods["options"] = _options(path, {**settings, "AllowMethods": listed}, cors.span)
    return cors.span


def _settings(reading: Reading, api: str, cors: Node, refusals: Refusals) -> dict[str, Text] | None:
    if isinstance(cors, Scalar) or intrinsic(cors) is not None:
        value = reading.value(cors)
        if value is None or (isinstance(value, Known) and value.value in ("", False)):
            return None
        if isinstance(value, Known) and not isinstance(value.value, str):
            refusals.add(
                "wrong-type", cors.span, f"Cors of {api} must be a text such as \"'*'\" or a mapping.", api=api
            )
            return None
        return {"AllowOrigin": reading.text(cors) or Unknown("Cors is empty", cors.span)}
    if not isinstance(cors, Mapping):
        refusals.add("wrong-type", cors.span, f"Cors of {api} must be a text such as \"'*'\" or a mapping.", api=api)
        return None
    if not cors.entries:
        return None
    for entry in cors.entries:
        if entry.key.text not in KEYS:
            message = f"Cors of {api} has no setting {entry.key.text}; it has {', '.join(KEYS)}."
            refusals.add("unknown-key", entry.key.span, message, api=api, key=entry.key.text)
    found: dict[str, Text] = {}
    for key in ("AllowOrigin", "AllowHeaders", "AllowMethods", "MaxAge"):
        value = reading.text(cors.get(key))
        if value is not None and not (isinstance(value, Known) and value.value == "" and key != "MaxAge"):
            found[key] = value
    found.setdefault("AllowOrigin", made(WILDCARD, cors.span, "Cors"))
    credentials = cors.get("AllowCredentials")
    if (
        isinstance(credentials, Scalar)
        and credentials.kind == "bool"
        and reading.value(credentials) == Known(True, credentials.span)
    ):
        found["AllowCredentials"] = made("'true'", credentials.span, "AllowCredentials")
        origin = found["AllowOrigin"]
        if isinstance(origin, Known) and origin.value == WILDCARD:
            message = f"AllowCredentials of {api} cannot be true while AllowOrigin is \"'*'\" or not set."
            refusals.add("wildcard-with-credentials", credentials.span, message, api=api, key="AllowCredentials")
    return found


def _listed(paths: Paths, path: str, methods: dict[str, Operation], span: Span) -> Text:
    if ANY in methods:
        names: set[str] = set(ALL_METHODS)
    else:
        names = {method.upper() for method in (*methods, *paths.extra.get(path, ()), "options")}
    return made("'" + ",".join(sorted(names)) + "'", span, "Cors and the methods of the path")


def _options(path: str, settings: dict[str, Text], span: Span) -> Operation:
    parameters: Parameters = tuple((header, settings[key]) for key, header in _HEADERS if key in settings)
    response = IntegrationResponse(
        Known("200"), parameters=parameters, templates=(("application/json", Known("{}\n")),), span=span
    )
    mock = Mock((("application/json", Known('{\n  "statusCode" : 200\n}\n')),), (response,), span=span)
    declared = MethodResponse(Known("200"), tuple(header for header, _ in parameters), span)
    return Operation(path, "options", span, mock, responses=(declared,), by_tool=True)
