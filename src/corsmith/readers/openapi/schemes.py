"""Security schemes of a definition: which are authorizers, which are API keys."""

from __future__ import annotations

from msgspec import Struct, field

from corsmith.api.front_door import Authorizer
from corsmith.api.value import Known, Text, Texts, Unknown, Value
from corsmith.readers.nodes import Entry, Mapping
from corsmith.readers.operations import API_KEY
from corsmith.readers.reading import Reading

_KINDS = {"token": "lambda_token", "request": "lambda_request", "cognito_user_pools": "cognito", "jwt": "jwt"}


class Schemes(Struct):
    """The authorizers by name, and the names of the API key schemes."""

    authorizers: dict[str, Authorizer] = field(default_factory=dict)
    keys: set[str] = field(default_factory=lambda: {API_KEY})


def schemes_of(reading: Reading, root: Mapping) -> Schemes:
    """Return the schemes of a definition, Swagger 2's and OpenAPI 3's."""
    found = Schemes()
    for node in (root.get("securityDefinitions"), reading.at(root, "components", "securitySchemes")):
        declared = reading.mapping(node)
        for entry in declared.entries if declared is not None else ():
            own = reading.mapping(entry.value)
            if own is not None:
                _scheme(reading, entry, own, found)
    return found


def _scheme(reading: Reading, entry: Entry, own: Mapping, found: Schemes) -> None:
    name = entry.key.text
    header = reading.text(own.get("name"))
    authorizer = reading.mapping(own.get("x-amazon-apigateway-authorizer"))
    kind = reading.text(own.get("x-amazon-apigateway-authtype"))
    if authorizer is not None:
        made = _authorizer(reading, entry, authorizer, header)
        if made is not None:
            found.authorizers[name] = made
    elif isinstance(kind, Known) and kind.value.lower() == "awssigv4":
        found.authorizers[name] = Authorizer(name, "iam", entry.span)
    elif isinstance(header, Known) and header.value.lower() == "x-api-key":
        found.keys.add(name)


def _authorizer(reading: Reading, entry: Entry, own: Mapping, header: Text | None) -> Authorizer | None:
    type_ = reading.text(own.get("type"))
    kind = _KINDS.get(type_.value.lower()) if isinstance(type_, Known) else None
    if kind is None:
        return None
    if kind == "jwt":
        jwt = reading.mapping(own.get("jwtConfiguration"))
        return Authorizer(
            entry.key.text,
            "jwt",
            entry.span,
            reading.texts(own.get("identitySource")) or Known(()),
            issuer=reading.text(reading.at(jwt, "issuer")) or Unknown("the authorizer names no issuer", entry.span),
            audience=reading.texts(reading.at(jwt, "audience")) or Known(()),
        )
    return Authorizer(
        entry.key.text,
        kind,
        entry.span,
        _sources(reading, own, kind, header),
        reading.function(own.get("authorizerUri")),
        payload_format=reading.text(own.get("authorizerPayloadFormatVersion")) or Known("1.0"),
        simple_responses=reading.switch(own.get("enableSimpleResponses")) or Known(False),
        token_validation=reading.text(own.get("identityValidationExpression")) or Known(""),
    )


def _sources(reading: Reading, own: Mapping, kind: str, header: Text | None) -> Texts:
    given = own.get("identitySource")
    if given is not None:
        return split(reading.texts(given))
    if kind == "lambda_request" or header is None:
        return Known(())
    if not isinstance(header, Known):
        return Unknown(header.because, header.span)
    return Known((Known("method.request.header." + header.value, header.span),), header.span)


def split(listed: Value[tuple[Text, ...]] | None) -> Texts:
    """Return identity sources one by one: they may be given as a list or as one text with commas."""
    if listed is None:
        return Known(())
    if not isinstance(listed, Known):
        return listed
    found: list[Text] = []
    for item in listed.value:
        if isinstance(item, Known):
            found += (Known(part.strip(), item.span) for part in item.value.split(",") if part.strip())
        else:
            found.append(item)
    return Known(tuple(found), listed.span)
