"""The functions of a service. Source: the guide "Functions"."""

from __future__ import annotations

from corsmith.readers.nodes import Node

from .defaults import RUNTIME, TIMEOUT
from .parts import (
    get,
    is_on,
    made,
    record,
    text_of,
    unresolved,
    word,
)
from .service import Function, Service, Stack, setting, variables
from .url import add_url

_GENERATED = {"wsgi_handler": "serverless-wsgi", "rack_adapter": "serverless-rack"}
"""Modules that a plugin writes, by name."""


def add_functions(service: Service, stack: Stack) -> None:
    """Add the functions and their URLs to the template."""
    for function in service.functions:
        _function(service, function, stack)
        url = function.settings.get("url")
        if url is not None and is_on(url):
            add_url(function, url, stack)


def _function(service: Service, function: Function, stack: Stack) -> None:
    given, span = function.settings, function.span
    image = given.get("image")
    own = variables(function, service)
    condition = given.get("condition")
    runtime = setting(function, service, "runtime") or made(RUNTIME, span, "no runtime")
    stack.add(
        function.id,
        "AWS::Lambda::Function",
        span,
        [
            ("Code", _code(service, function)),
            ("Handler", given.get("handler")),
            ("Runtime", runtime if image is None else None),
            ("Timeout", setting(function, service, "timeout") or made(TIMEOUT, span, "no timeout")),
            ("Environment", record(own.span, [("Variables", own)]) if own is not None else None),
            ("Layers", setting(function, service, "layers")),
        ],
        **({"Condition": condition} if condition is not None else {}),
    )  # fmt: skip


def _code(service: Service, function: Function) -> Node:
    """Return where a function's code is: the service's folder, the module of serverless-python-requirements, or elsewhere."""
    image = function.settings.get("image")
    if image is not None:
        return record(function.span, [("ImageUri", image)])
    handler = function.settings.get("handler")
    plugin = _GENERATED.get((text_of(handler) or "").partition(".")[0])
    if handler is not None and plugin is not None:
        return unresolved(f"the plugin {plugin} makes the handler's module when the service is packaged", handler.span)
    artifact = get(function.settings.get("package"), "artifact")
    artifact = artifact if artifact is not None else get(service.root, "package", "artifact")
    if artifact is not None:
        what = text_of(artifact) or "an artifact"
        return unresolved(f"the code is packaged elsewhere, as {what}", artifact.span)
    module = function.settings.get("module")
    return module if text_of(module) and module is not None else word(".", function.span)
