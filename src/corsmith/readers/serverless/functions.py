"""The functions of a service, and their Function URLs. Source: the guides "Functions" and "Lambda Function URLs"."""

from __future__ import annotations

from corsmith.readers.nodes import Mapping, Node, Sequence

from . import naming
from .parts import (
    Unresolved,
    attribute,
    get,
    is_on,
    items_of,
    listed,
    made,
    record,
    text_of,
    unresolved,
    word,
)
from .service import Function, Service, Stack, setting, variables

RUNTIME = "nodejs16.x"
TIMEOUT = "6"
"""What Serverless 3 sets where the service says nothing; seconds."""
HEADERS = (
    "Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
)  # fmt: skip
"""The request headers that `cors: true` allows; those of a Function URL lack X-Amz-User-Agent."""
_GENERATED = {"wsgi_handler": "serverless-wsgi", "rack_adapter": "serverless-rack"}
"""Modules that a plugin writes, by name."""
_URL_LISTS = (
    ("AllowOrigins", "allowedOrigins", ("*",)),
    ("AllowHeaders", "allowedHeaders", tuple(name for name in HEADERS if name != "X-Amz-User-Agent")),
    ("AllowMethods", "allowedMethods", ("*",)),
    ("ExposeHeaders", "exposedResponseHeaders", ()),
)


def add_functions(service: Service, stack: Stack) -> None:
    """Add the functions and their URLs to the template."""
    for function in service.functions:
        _function(service, function, stack)
        url = get(function.body, "url")
        if url is not None and is_on(url):
            _url(function, url, stack)


def _function(service: Service, function: Function, stack: Stack) -> None:
    body, span = function.body, function.span
    image = get(body, "image")
    own = variables(function, service)
    condition = get(body, "condition")
    runtime = setting(function, service, "runtime") or made(RUNTIME, span, "no runtime")
    stack.add(
        function.id,
        "AWS::Lambda::Function",
        span,
        [
            ("Code", _code(service, function)),
            ("Handler", get(body, "handler")),
            ("Runtime", runtime if image is None else None),
            ("Timeout", setting(function, service, "timeout") or made(TIMEOUT, span, "no timeout")),
            ("Environment", record(own.span, [("Variables", own)]) if own is not None else None),
            ("Layers", setting(function, service, "layers")),
        ],
        **({"Condition": condition} if condition is not None else {}),
    )  # fmt: skip


def _code(service: Service, function: Function) -> Node:
    """Return where a function's code is: the service's folder, the module of serverless-python-requirements, or elsewhere."""
    image = get(function.body, "image")
    if image is not None:
        return record(function.span, [("ImageUri", image)])
    handler = get(function.body, "handler")
    plugin = _GENERATED.get((text_of(handler) or "").partition(".")[0])
    if handler is not None and plugin is not None:
        return unresolved(f"the plugin {plugin} makes the handler's module when the service is packaged", handler.span)
    artifact = get(function.body, "package", "artifact")
    artifact = artifact if artifact is not None else get(service.root, "package", "artifact")
    if artifact is not None:
        what = text_of(artifact) or "an artifact"
        return unresolved(f"the code is packaged elsewhere, as {what}", artifact.span)
    module = get(function.body, "module")
    return module if text_of(module) and module is not None else word(".", function.span)


def _url(function: Function, url: Node, stack: Stack) -> None:
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
    entries.append(("AllowCredentials", credentials if is_on(credentials) else None))
    entries.append(("MaxAge", get(cors, "maxAge")))
    made_of = record(cors.span, entries)
    return Mapping(made_of.entries, cors.span, getattr(cors, "style", "made"), getattr(cors, "indent", 0))


def as_list(node: Node) -> Node:
    """Return a list; a single value becomes a list of one."""
    return node if isinstance(node, Sequence | Unresolved) else listed(node.span, items_of(node))
