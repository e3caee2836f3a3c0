"""A Lambda Function URL as the project defines it."""

from __future__ import annotations

from msgspec import Struct

from .span import Span
from .value import Known, Text, Texts, Value


class FunctionUrlCors(Struct, frozen=True):
    """The Cors settings of a Function URL. None: not set."""

    span: Span | None = None
    allow_origins: Texts | None = None
    allow_methods: Texts | None = None
    allow_headers: Texts | None = None
    expose_headers: Texts | None = None
    max_age: Value[int] | None = None
    allow_credentials: Value[bool] | None = None


class FunctionUrl(Struct, frozen=True):
    """A Function URL. `name` is its logical id; `may_invoke_url` and `may_invoke` are its two permissions."""

    name: str
    span: Span
    function: Text
    auth_type: Text = Known("NONE")
    invoke_mode: Text = Known("BUFFERED")
    cors: Value[FunctionUrlCors | None] = Known(None)
    may_invoke_url: Value[bool] = Known(True)
    may_invoke: Value[bool] = Known(True)
    kind: str = "function_url"
