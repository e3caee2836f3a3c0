"""Mapping expressions: what a REST API sets response headers to.

A literal stands in single quotes; the rest names a part of the request or of its context (API Gateway developer guide,
"API Gateway API request and response data mapping reference"). A text that is neither is refused when the API is
deployed, so nothing can be said of what it would answer. Header names of requests are case-sensitive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from msgspec import Struct

from corsmith.api.exchange import Headers
from corsmith.api.rest_api import Parameters
from corsmith.api.value import Known, Text, Undecided, Unknown

from .call import Call
from .header_values import on_the_wire
from .remembered import Remembered

_SOURCE = re.compile(
    r"(?P<request>(?:method|integration)\.request|integration\.response)\."
    r"(?P<place>header|multivalueheader|querystring|multivaluequerystring|path)\.(?P<name>[^\s']+)"
    r"|(?P<context>context|stageVariables)\.(?P<variable>[^\s']+)"
    r"|integration\.response\.body(?:\.\S+)?"
)
_UNDECISIVE = frozenset(("access-control-max-age", "access-control-expose-headers"))
"""An unknown value of these leaves the header out: no call is blocked by it."""


@lru_cache(maxsize=1024)
def literal(expression: str) -> str | None:
    """Return the text of a literal, None where `expression` is none: `'https://a.example'` is one, `*` is not."""
    if len(expression) >= 2 and expression[0] == "'" and expression[-1] == "'":
        return on_the_wire(expression[1:-1])
    return None


def is_expression(text: str) -> bool:
    """Say whether API Gateway takes `text` as a mapping expression, so that it deploys."""
    return literal(text) is not None or _SOURCE.fullmatch(text) is not None


class RequestScope(Struct, frozen=True):
    """What expressions can name. `returned` holds the headers of the integration's answer, None: nobody can read them."""

    call: Call
    path_parameters: Mapping[str, str]
    context: Callable[[], Mapping[str, str]]
    returned: Headers | None = ()

    def value(self, expression: str) -> str | None:
        """Return what an expression that is no literal stands for, None where the request has no such part.

        Raises `Undecided`.
        """
        source = _SOURCE.fullmatch(expression)
        if source is None:
            raise Undecided(Unknown(f"AWS refuses to deploy {expression}: it is no mapping expression"))
        if source["context"] == "context":
            return self.context().get(source["variable"])
        if source["place"] is None:
            raise Undecided(Unknown(f"{expression} is not known before the API runs"))
        if source["request"] == "integration.response":
            return self._returned(expression, source["name"])
        return self._part(source["place"].removeprefix("multivalue"), source["name"])

    def _returned(self, expression: str, name: str) -> str | None:
        if self.returned is None:
            raise Undecided(Unknown(f"{expression} is not known before the API runs"))
        return _last(self.returned, name)

    def _part(self, place: str, name: str) -> str | None:
        if place == "header":
            return _last(self.call.request.headers, name)
        if place == "path":
            return self.path_parameters.get(name)
        return next(iter(self.call.queries().get(name, ())), None)


def _last(headers: Headers, name: str) -> str | None:
    return next((value for key, value in reversed(headers) if key == name), None)


def header_lines(parameters: Parameters, scope: RequestScope) -> Headers:
    """Return the header lines that `parameters` set, in order. Raises `Undecided`."""
    return _literals(parameters) or _lines(parameters, scope)


def _all_literal(parameters: Parameters) -> Headers:
    """Return the lines of parameters that are all known literals, () where one is not: most projects have only those."""
    lines = []
    for name, expression in parameters:
        value = literal(expression.value) if isinstance(expression, Known) else None
        if value is None:
            return ()
        lines.append((name, value))
    return tuple(lines)


_literals = Remembered(_all_literal, 4096)


def _lines(parameters: Parameters, scope: RequestScope) -> Headers:
    lines = []
    for name, expression in parameters:
        if not isinstance(expression, Known) and name.lower() in _UNDECISIVE:
            continue
        value = _evaluated(expression, scope)
        if value is not None:
            lines.append((name, value))
    return tuple(lines)


def _evaluated(expression: Text, scope: RequestScope) -> str | None:
    text = expression.get()
    value = literal(text)
    if value is not None:
        return value
    try:
        return scope.value(text)
    except Undecided as undecided:
        raise Undecided(Unknown(undecided.because, expression.span)) from None
