"""HTTP APIs in SAM: AWS::Serverless::HttpApi and the implicit ServerlessHttpApi."""

from __future__ import annotations

from msgspec.structs import replace

from corsmith.api.front_door import Authorizer, LambdaProxy, Stage
from corsmith.api.http_api import HttpApi, HttpApiCors
from corsmith.api.span import Span
from corsmith.api.value import Known, Text, Texts, Unknown, Value
from corsmith.readers.cloudformation.http import add_routes
from corsmith.readers.made import made
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar
from corsmith.readers.operations import Operation, Paths, Security, http_routes
from corsmith.readers.permissions import permit
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals
from corsmith.readers.stage_settings import base_paths, http_throttled
from corsmith.readers.web_acls import mutual_tls

from .events import Event
from .naming import check_default, check_event
from .rest import Definition
from .rest_auth import IAM, identity_sources

CORS_KEYS = ("AllowMethods", "AllowHeaders", "AllowOrigins", "MaxAge", "ExposeHeaders", "AllowCredentials")
_IDENTITY = (
    ("Headers", "$request.header."),
    ("QueryStrings", "$request.querystring."),
    ("StageVariables", "$stageVariables."),
    ("Context", "$context."),
)
_NEEDED = (("IdentitySource", "JwtConfiguration"), ("AuthorizerPayloadFormatVersion", "FunctionArn"))
"""What an authorizer needs, by what makes it one of its kind."""
_AUTH_KEYS = frozenset({"Authorizers", "DefaultAuthorizer", "EnableIamAuthorizer"})


def http_api(reading: Reading, definition: Definition, refusals: Refusals) -> HttpApi:
    """Return the HTTP API that SAM makes of a definition."""
    properties, name, body = definition.properties, definition.name, definition.body
    paths = body.paths if body is not None else Paths()
    auth = reading.mapping(properties.get("Auth"))
    schemes = dict(body.schemes) if body is not None else {}
    if body is None or body.inline:
        for event in definition.events:
            _add(reading, definition, event, paths, auth, refusals)
        schemes.update(_authorizers(reading, auth, name, refusals))
        for event in definition.events:
            _check_event(reading, event, auth, schemes, name, refusals)
        check_default(reading, auth, schemes, name, refusals)
        _default(reading, auth, paths, schemes)
    add_routes(reading, name, paths, schemes)
    permit(paths, name, definition.given)
    cors: Value[HttpApiCors | None] = Known(body.cors if body is not None else None)
    node = properties.get("CorsConfiguration")
    if node is not None:
        if body is not None and not body.inline:
            message = f"CorsConfiguration of {name} works only with a definition that is given inline."
            refusals.add("misplaced", node.span, message, api=name)
        else:
            cors = _cors(reading, name, node, body.cors if body is not None else None, refusals)
    stage = reading.text(properties.get("StageName")) or Known("$default")
    made_stage = Stage(
        stage, throttled=http_throttled(reading, properties), base_paths=base_paths(reading, name, properties)
    )
    return HttpApi(
        name, definition.span, http_routes(paths, schemes), cors, (made_stage,), mutual_tls(reading, name, properties)
    )


def _add(
    reading: Reading, definition: Definition, event: Event, paths: Paths, auth: Mapping | None, refusals: Refusals
) -> None:
    before = paths.get(event.path, event.method)
    if before is not None and before.by_event:
        message = f"{event.method.upper()} {event.path} of {definition.name} is declared by two events."
        refusals.add("conflict", event.span, message, api=definition.name)
        return
    if before is None or before.integration is None:
        integration = LambdaProxy(
            made(event.function, event.span, "the event"),
            event.span,
            reading.text(event.properties.get("PayloadFormatVersion")) or Known("2.0"),
            reading.number(event.properties.get("TimeoutInMillis")) or Known(30_000),
        )
        kept = before.security if before is not None else None
        paths.add(Operation(event.path, event.method, event.span, integration, kept, by_event=True))
    elif isinstance(before.integration, LambdaProxy):
        # What the event says of an integration that the definition has already is put over it.
        version = reading.text(event.properties.get("PayloadFormatVersion"))
        limit = reading.number(event.properties.get("TimeoutInMillis"))
        before.integration = replace(
            before.integration,
            payload_format=version or before.integration.payload_format,
            timeout_ms=limit or before.integration.timeout_ms,
        )
    operation = paths.get(event.path, event.method)
    own = reading.mapping(event.properties.get("Auth"))
    if operation is None or own is None:
        return
    authorizer = reading.text(own.get("Authorizer"))
    node = own.get("Authorizer")
    if authorizer is None and auth is not None:
        node = auth.get("DefaultAuthorizer")
        authorizer = reading.text(node)
    if isinstance(authorizer, Known):
        asked = Security(authorizer.value, node.span if node is not None else None)
        operation.security = (*(operation.security or ()), asked)


def _default(reading: Reading, auth: Mapping | None, paths: Paths, schemes: dict[str, Authorizer]) -> None:
    default = reading.text(auth.get("DefaultAuthorizer")) if auth is not None else None
    if not isinstance(default, Known):
        return
    for operation in paths:
        if operation.method != "options" and operation.integration is not None and not operation.security:
            operation.security = (Security(default.value, default.span),)


def _authorizers(reading: Reading, auth: Mapping | None, api: str, refusals: Refusals) -> dict[str, Authorizer]:
    schemes: dict[str, Authorizer] = {}
    for entry in auth.entries if auth is not None else ():
        if entry.key.text not in _AUTH_KEYS:
            message = f"Auth of {api} has no setting {entry.key.text}."
            refusals.add("unknown-key", entry.key.span, message, api=api, key=entry.key.text)
    iam = reading.switch(auth.get("EnableIamAuthorizer")) if auth is not None else None
    if isinstance(iam, Known) and iam.value:
        schemes[IAM] = Authorizer(IAM, "iam", iam.span)
    defined = reading.mapping(auth.get("Authorizers")) if auth is not None else None
    for entry in defined.entries if defined is not None else ():
        schemes[entry.key.text] = _authorizer(reading, entry)
        body = reading.mapping(entry.value)
        for key, other in _NEEDED:
            if body is not None and body.get(other) is not None and body.get(key) is None:
                message = f"The authorizer {entry.key.text} of {api} needs {key}."
                refusals.add("authorizer", entry.key.span, message, api=api, key=key)
    return schemes


def _check_event(
    reading: Reading,
    event: Event,
    auth: Mapping | None,
    schemes: dict[str, Authorizer],
    api: str,
    refusals: Refusals,
) -> None:
    check_event(reading, event.properties, auth, schemes, api, refusals)
    own = reading.mapping(event.properties.get("Auth"))
    if own is None or own.get("Authorizer") is not None or not own.entries:
        return
    if auth is None or reading.text(auth.get("DefaultAuthorizer")) is None:
        message = f"Auth of the event {event.name} names no Authorizer, and {api} has no DefaultAuthorizer."
        refusals.add("authorizer", own.span, message, api=api, key="Authorizer")


def _authorizer(reading: Reading, entry: Entry) -> Authorizer:
    body = reading.mapping(entry.value) or Mapping((), entry.span)
    jwt = reading.mapping(body.get("JwtConfiguration"))
    if jwt is not None:
        keys = {each.key.text.lower(): each.value for each in jwt.entries}
        source = reading.texts(body.get("IdentitySource"))
        return Authorizer(
            entry.key.text,
            "jwt",
            entry.span,
            source or Known(()),
            issuer=reading.text(keys.get("issuer")) or Unknown("the authorizer names no issuer", entry.span),
            audience=reading.texts(keys.get("audience")) or Known(()),
        )
    return Authorizer(
        entry.key.text,
        "lambda_request",
        entry.span,
        identity_sources(reading, reading.mapping(body.get("Identity")), _IDENTITY),
        reading.function(body.get("FunctionArn")),
        payload_format=reading.text(body.get("AuthorizerPayloadFormatVersion")) or Known("1.0"),
        simple_responses=reading.switch(body.get("EnableSimpleResponses")) or Known(False),
    )


def _cors(
    reading: Reading, api: str, node: Node, before: HttpApiCors | None, refusals: Refusals
) -> Value[HttpApiCors | None]:
    start = before or HttpApiCors()

    def settings(own: object, span: Span) -> HttpApiCors | None:
        if own is True:
            star: Text = made("*", span, "CorsConfiguration")
            return replace(start, span=span, allow_origins=made((star,), span, "CorsConfiguration"))
        if own is False:
            return before
        if isinstance(own, Mapping):
            return _settings(reading, api, own, start, refusals) if own.entries else before
        message = f"CorsConfiguration of {api} must be true or a mapping with AllowOrigins."
        refusals.add("wrong-type", span, message, api=api, key="CorsConfiguration")
        return before

    return reading.built(node, settings)


def _settings(reading: Reading, api: str, own: Mapping, start: HttpApiCors, refusals: Refusals) -> HttpApiCors:
    for entry in own.entries:
        if entry.key.text not in CORS_KEYS:
            message = f"CorsConfiguration of {api} has no setting {entry.key.text}; it has {', '.join(CORS_KEYS)}."
            refusals.add("unknown-key", entry.key.span, message, api=api, key=entry.key.text)
    made = replace(start, span=own.span)
    made = replace(
        made,
        allow_origins=_listed(reading, own, "AllowOrigins") or made.allow_origins,
        allow_methods=_listed(reading, own, "AllowMethods") or made.allow_methods,
        allow_headers=_listed(reading, own, "AllowHeaders") or made.allow_headers,
        expose_headers=_listed(reading, own, "ExposeHeaders") or made.expose_headers,
        max_age=reading.number(own.get("MaxAge")) or made.max_age,
    )
    node = own.get("AllowCredentials")
    credentials = reading.switch(node)
    if isinstance(node, Scalar) and node.kind == "bool" and credentials == Known(True, node.span):
        made = replace(made, allow_credentials=credentials)
        origins = made.allow_origins
        if isinstance(origins, Known) and [i.value for i in origins.value if isinstance(i, Known)] == ["*"]:
            message = f'AllowCredentials of {api} cannot be true while AllowOrigins is "*".'
            refusals.add("wildcard-with-credentials", node.span, message, api=api, key="AllowCredentials")
    elif credentials is not None and isinstance(node, Scalar) and node.kind != "bool":
        message = f"AllowCredentials of {api} must be true or false, not a text; SAM leaves it out."
        refusals.add("wrong-type", node.span, message, api=api)
    return made


def _listed(reading: Reading, own: Mapping, key: str) -> Texts | None:
    """A list setting; an empty one counts as not set, as the translator has it."""
    listed = reading.texts(own.get(key))
    return None if isinstance(listed, Known) and not listed.value else listed
