"""Auth of REST APIs in SAM: authorizers, the default, API keys, and what each puts on the OPTIONS methods.

Source: the SAM developer guide, "ApiAuth"; aws-sam-translator's behaviour, measured.
"""

from __future__ import annotations

from corsmith.api.front_door import Authorizer
from corsmith.api.span import Span
from corsmith.api.value import Known, Text, Texts, Unknown
from corsmith.readers.nodes import Entry, Mapping, Scalar
from corsmith.readers.operations import API_KEY, Operation, Paths, Security
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals

from .events import Event

Schemes = dict[str, Authorizer]
IAM = "AWS_IAM"
NONE = "NONE"
NO_KEY = "api_key_false"
"""Marks a method that waives the API's key; no scheme of that name exists."""

_IDENTITY = (
    ("Headers", "method.request.header."),
    ("QueryStrings", "method.request.querystring."),
    ("StageVariables", "stageVariables."),
    ("Context", "context."),
)
_KEYS = frozenset(
    {
        "Authorizers", "DefaultAuthorizer", "InvokeRole", "AddDefaultAuthorizerToCorsPreflight", "ApiKeyRequired",
        "AddApiKeyRequiredToCorsPreflight", "ResourcePolicy", "UsagePlan",
    }
)  # fmt: skip


def authorizers(reading: Reading, auth: Mapping | None) -> dict[str, Authorizer]:
    """Return the authorizers that Auth defines, by name; AWS_IAM is always there."""
    schemes = {IAM: Authorizer(IAM, "iam")}
    defined = reading.mapping(auth.get("Authorizers")) if auth is not None else None
    for entry in defined.entries if defined is not None else ():
        schemes[entry.key.text] = _authorizer(reading, entry)
    return schemes


def _authorizer(reading: Reading, entry: Entry) -> Authorizer:
    body = reading.mapping(entry.value) or Mapping((), entry.span)
    identity = reading.mapping(body.get("Identity"))
    header = reading.text(identity.get("Header")) if identity is not None else None
    validation = reading.text(identity.get("ValidationExpression")) if identity is not None else None
    name, span = entry.key.text, entry.span
    if body.get("UserPoolArn") is not None:
        return Authorizer(name, "cognito", span, _one_header(header), token_validation=validation or Known(""))
    function = reading.function(body.get("FunctionArn"))
    kind = reading.text(body.get("FunctionPayloadType"))
    if isinstance(kind, Known) and kind.value == "REQUEST":
        return Authorizer(name, "lambda_request", span, identity_sources(reading, identity, _IDENTITY), function)
    return Authorizer(
        name, "lambda_token", span, _one_header(header), function, token_validation=validation or Known("")
    )


def _one_header(header: Text | None) -> Texts:
    if header is None:
        return Known((Known("method.request.header.Authorization"),))
    if isinstance(header, Known):
        source = Known("method.request.header." + header.value, header.span, header.via)
        return Known((source,), header.span)
    return Unknown(header.because, header.span)


def identity_sources(reading: Reading, identity: Mapping | None, prefixes: tuple[tuple[str, str], ...]) -> Texts:
    """Return what an authorizer looks at, as AWS spells it."""
    found: list[Text] = []
    for key, prefix in prefixes:
        listed = reading.texts(identity.get(key)) if identity is not None else None
        if isinstance(listed, Known):
            found += (
                Known(prefix + item.value, item.span, item.via) if isinstance(item, Known) else item
                for item in listed.value
            )
    return Known(tuple(found), identity.span if identity is not None else None)


def check_keys(reading: Reading, auth: Mapping | None, api: str, refusals: Refusals) -> None:
    """Note keys that Auth of a REST API does not have."""
    for entry in auth.entries if auth is not None else ():
        if entry.key.text not in _KEYS:
            refusals.add("unknown-key", entry.key.span, f"Auth of {api} has no setting {entry.key.text}.", api=api)


def check_authorizers(reading: Reading, auth: Mapping | None, api: str, refusals: Refusals) -> None:
    """Note REQUEST authorizers that look at nothing while their answers are cached."""
    defined = reading.mapping(auth.get("Authorizers")) if auth is not None else None
    for entry in defined.entries if defined is not None else ():
        body = reading.mapping(entry.value)
        kind = reading.text(body.get("FunctionPayloadType")) if body is not None else None
        if body is None or not isinstance(kind, Known) or kind.value != "REQUEST":
            continue
        identity = reading.mapping(body.get("Identity"))
        cached = reading.number(identity.get("ReauthorizeEvery")) if identity is not None else None
        named = identity is not None and any(identity.get(key) is not None for key, _ in _IDENTITY)
        if not named and not (isinstance(cached, Known) and cached.value == 0):
            message = f"The authorizer {entry.key.text} of {api} needs an Identity: Headers, QueryStrings or others."
            refusals.add("authorizer", entry.key.span, message, api=api, key="Identity")


def on_event(reading: Reading, event: Event, operation: Operation) -> None:
    """Put the Auth of an event on its operation."""
    auth = reading.mapping(event.properties.get("Auth"))
    if auth is None:
        return
    wanted: list[Security] = []
    authorizer = reading.text(auth.get("Authorizer"))
    node = auth.get("Authorizer")
    if isinstance(authorizer, Known):
        wanted.append(Security(authorizer.value, node.span if node is not None else None))
    key = reading.switch(auth.get("ApiKeyRequired"))
    if isinstance(key, Known):
        wanted.append(Security(API_KEY if key.value else NO_KEY, key.span))
    if wanted:
        operation.security = (*(operation.security or ()), *wanted)


def by_role(reading: Reading, event: Event, api: Mapping) -> bool:
    """Say whether the integration of an event assumes a role: so it does with IAM, unless InvokeRole is NONE."""
    own, auth = reading.mapping(event.properties.get("Auth")), reading.mapping(api.get("Auth"))
    wanted = reading.text(own.get("Authorizer")) if own is not None else None
    default = reading.text(auth.get("DefaultAuthorizer")) if auth is not None else None
    asked = wanted if own is not None and own.entries else default
    role = next(
        (r for m in (own, auth) if m is not None and (r := reading.text(m.get("InvokeRole"))) is not None), None
    )
    waived = isinstance(role, Known) and role.value == "NONE"
    return isinstance(asked, Known) and asked.value == IAM and not waived


def defaults(reading: Reading, auth: Mapping | None, paths: Paths, schemes: dict[str, Authorizer]) -> None:
    """Apply DefaultAuthorizer and ApiKeyRequired to every operation, the generated OPTIONS methods too."""
    if auth is None:
        return
    default = reading.text(auth.get("DefaultAuthorizer"))
    if isinstance(default, Known) and (default.value == IAM or auth.get("Authorizers") is not None):
        on_preflight = _kept(reading, auth, "AddDefaultAuthorizerToCorsPreflight")
        for operation in paths:
            if operation.integration is not None and (on_preflight or operation.method != "options"):
                operation.security = _with_default(operation.security, default.value, default.span, schemes)
    key = reading.switch(auth.get("ApiKeyRequired"))
    if isinstance(key, Known) and key.value:
        on_preflight = _kept(reading, auth, "AddApiKeyRequiredToCorsPreflight")
        for operation in paths:
            if operation.integration is not None:
                kept = on_preflight or operation.method != "options"
                operation.security = _with_key(operation, key.span) if kept else _without_key(operation)


def check_waivers(reading: Reading, auth: Mapping | None, paths: Paths, api: str, refusals: Refusals) -> None:
    """Note events that waive an API key which their API does not ask for, and leave the waivers out."""
    node = auth.get("ApiKeyRequired") if auth is not None else None
    key = reading.switch(node)
    if isinstance(key, Known) and key.value:
        return
    # Any text is true to SAM, "false" too.
    asked = node is not None and not (isinstance(node, Scalar) and node.kind == "bool")
    for operation in paths:
        waived = [each for each in operation.security or () if each.name == NO_KEY]
        if waived:
            kept = tuple(each for each in operation.security or () if each.name != NO_KEY)
            operation.security = kept or None
        for each in () if asked else waived:
            message = f"{api} asks for no API key (ApiKeyRequired), so {operation.path} cannot do without it."
            refusals.add("conflict", each.span or operation.span, message, api=api, key="ApiKeyRequired")


def _kept(reading: Reading, auth: Mapping, name: str) -> bool:
    value = reading.switch(auth.get(name))
    return not (isinstance(value, Known) and not value.value)


def _with_default(
    before: tuple[Security, ...] | None, name: str, span: Span | None, schemes: dict[str, Authorizer]
) -> tuple[Security, ...]:
    others = tuple(s for s in before or () if s.name not in schemes)
    own = tuple(s for s in before or () if s.name in schemes)
    if any(s.name == NONE for s in others):
        return tuple(s for s in others if s.name != NONE)
    return others + (own or (Security(name, span),))


def _with_key(operation: Operation, span: Span | None) -> tuple[Security, ...]:
    others = _without_key(operation)
    waived = any(s.name == NO_KEY for s in operation.security or ())
    return others if waived else (*others, Security(API_KEY, span))


def _without_key(operation: Operation) -> tuple[Security, ...]:
    return tuple(s for s in operation.security or () if s.name not in (API_KEY, NO_KEY))
