"""A Lambda Function URL as the project defines it."""

from __future__ import annotations

from dataclasses import dataclass

from .span import Span
from .value import Known, Text, Texts, Value


@dataclass(frozen=True, slots=True)
class FunctionUrlCors:
    """The Cors settings of a Function URL. None: not set."""

    span: Span | None = None
    allow_origins: Texts | None = None
    allow_methods: Texts | None = None
    allow_headers: Texts | None = None
    expose_headers: Texts | None = None
    max_age: Value[int] | None = None
    allow_credentials: Value[bool] | None = None


@dataclass(frozen=True, slots=True)
class FunctionUrl:
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
