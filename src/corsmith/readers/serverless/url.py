"""The Function URLs of a service. Source: the guide "Lambda Function URLs"."""

from __future__ import annotations

from corsmith.readers.nodes import Mapping, Node

from . import naming
from .defaults import HEADERS
from .parts import Unresolved, as_list, attribute, get, is_on, listed, made, record, text_of, turned_on
from .service import Function, Stack

_URL_LISTS = (
    ("AllowOrigins", "allowedOrigins", ("*",)),
    ("AllowHeaders", "allowedHeaders", tuple(name for name in HEADERS if name != "X-Amz-User-Agent")),
    ("AllowMethods", "allowedMethods", ("*",)),
    ("ExposeHeaders", "exposedResponseHeaders", ()),
)


def add_url(function: Function, url: Node, stack: Stack) -> None:
    """Add the URL of a function to the template."""
    entry = function.body.entry("url")
    span = entry.span if entry is not None else url.span
    if isinstance(url, Unresolved):
        stack.unread(url, f"the url of {function.name}")
        return
    authorizer = get(url, "authorizer")
    auth: Node = made("NONE", span, "url")
    if isinstance(authorizer, Unresolved):
        auth = authorizer
    elif text_of(authorizer) == "aws_iam" and authorizer is not None:
        auth = made("AWS_IAM", authorizer.span, "authorizer")
    mode = get(url, "invokeMode")
    stack.add(
        naming.normal(function.name) + "LambdaFunctionUrl",
        "AWS::Lambda::Url",
        span,
        [
            ("AuthType", auth),
            ("TargetFunctionArn", attribute(function.id, "Arn", span)),
            ("Cors", _url_cors(get(url, "cors"))),
            ("InvokeMode", mode if isinstance(mode, Unresolved) or text_of(mode) == "RESPONSE_STREAM" else None),
        ],
    )


def _url_cors(cors: Node | None) -> Node | None:
    if cors is None or not is_on(cors):
        return None
    if isinstance(cors, Unresolved):
        return cors
    entries: list[tuple[str, Node | None]] = []
    for name, key, default in _URL_LISTS:
        written = cors.get(key) if isinstance(cors, Mapping) else None
        waived = written is not None and get(cors, key) is None
        value: Node | None = as_list(written) if written is not None and not waived else None
        if value is None and default and not waived:
            value = listed(cors.span, (made(item, cors.span, "cors") for item in default))
        entries.append((name, value))
    credentials = get(cors, "allowCredentials")
    entries.append(("AllowCredentials", turned_on(credentials)))
    entries.append(("MaxAge", get(cors, "maxAge")))
    made_of = record(cors.span, entries)
    return Mapping(made_of.entries, cors.span, getattr(cors, "style", "made"), getattr(cors, "indent", 0))
