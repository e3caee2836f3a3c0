"""A CloudFront distribution in front of other front doors, as the project defines it."""

from __future__ import annotations

from msgspec import Struct

from .alb import Alb
from .front_door import Guard
from .function_url import FunctionUrl
from .http_api import HttpApi
from .rest_api import RestApi
from .span import Span
from .value import Known, Text, Texts, Unknown, Value, known_texts


class PolicyCors(Struct, frozen=True):
    """The CORS part of a response headers policy. `override`: it replaces what the origin server sent."""

    allow_origins: Texts
    allow_methods: Texts = Known(())
    allow_headers: Texts = Known(())
    expose_headers: Texts = Known(())
    max_age: Value[int] | None = None
    allow_credentials: Value[bool] = Known(False)
    override: Value[bool] = Known(True)
    span: Span | None = None


class PolicyHeader(Struct, frozen=True):
    """A custom header of a response headers policy."""

    name: str
    value: Text
    override: Value[bool] = Known(True)
    span: Span | None = None


class CacheBehavior(Struct, frozen=True):
    """A cache behavior. `path_pattern` is "*" for the default one.

    `target` is the front door of this project that it leads to, None where it leads elsewhere: `elsewhere` says where.
    `stage` is the target's stage that the origin path names, "" for none. `forwarded` holds the request headers that
    reach the origin server, `cache_key` those that tell cached answers apart, both in lower case; "*" stands for all
    but Host. `caches` is False where answers are not kept. `code` says that a CloudFront function or Lambda@Edge may
    change the answer.
    """

    path_pattern: Text
    target: HttpApi | RestApi | FunctionUrl | Alb | None
    span: Span
    stage: Text = Known("")
    elsewhere: Unknown = Unknown("the origin server is not defined in the project")
    allowed_methods: Texts = known_texts("GET", "HEAD")
    cached_methods: Texts = known_texts("GET", "HEAD")
    forwarded: Texts = Known(())
    cache_key: Texts = Known(())
    caches: Value[bool] = Known(True)
    cors: Value[PolicyCors | None] = Known(None)
    headers: tuple[PolicyHeader, ...] = ()
    code: Unknown | None = None
    signs: bool = False
    """Requests are signed on the way (origin access control)."""


class ErrorPage(Struct, frozen=True):
    """A custom error response: answers with `status` become a page, with `shown` as their status when it is set."""

    status: Value[int]
    page: Text = Known("")
    shown: Value[int] | None = None
    span: Span | None = None


class CloudFront(Struct, frozen=True):
    """A distribution. `behaviors` are in order of precedence, the default one last."""

    name: str
    span: Span
    behaviors: tuple[CacheBehavior, ...] = ()
    error_pages: tuple[ErrorPage, ...] = ()
    kind: str = "cloudfront"
    aliases: Texts = Known(())
    """The distribution's own domain names."""
    guards: tuple[Guard, ...] = ()
