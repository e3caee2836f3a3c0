"""An API Gateway HTTP API (v2) as the project defines it."""

from __future__ import annotations

from msgspec import Struct

from .front_door import Authorizer, Guard, HttpProxy, LambdaProxy, Stage
from .span import Span
from .value import Known, Texts, Value


class HttpApiCors(Struct, frozen=True):
    """The CORS configuration of an HTTP API. None: not set. Names are AWS's, in this code's spelling."""

    span: Span | None = None
    allow_origins: Texts | None = None
    allow_methods: Texts | None = None
    allow_headers: Texts | None = None
    expose_headers: Texts | None = None
    max_age: Value[int] | None = None
    allow_credentials: Value[bool] | None = None


class HttpRoute(Struct, frozen=True):
    """A route: `method` is a verb or "ANY"; `path` begins with "/" or is "$default" (then `method` is "ANY")."""

    method: str
    path: str
    integration: LambdaProxy | HttpProxy | None
    span: Span
    authorizer: Authorizer | None = None
    authorized: Span | None = None
    """Where the route's authorization is written."""


class HttpApi(Struct, frozen=True):
    """An HTTP API. `cors` Known(None): no CORS configuration."""

    name: str
    span: Span
    routes: tuple[HttpRoute, ...] = ()
    cors: Value[HttpApiCors | None] = Known(None)
    stages: tuple[Stage, ...] = (Stage(Known("$default")),)
    guards: tuple[Guard, ...] = ()
    kind: str = "http_api"
