"""A listener of an Application Load Balancer as the project defines it."""

from __future__ import annotations

from msgspec import Struct

from .front_door import Guard
from .span import Span
from .value import Known, Text, Texts, Unknown, Value


class AlbTarget(Struct, frozen=True):
    """A target group whose target is a Lambda function. `multi_value`: its lambda.multi_value_headers attribute."""

    function: Text
    span: Span | None = None
    multi_value: Value[bool] = Known(False)
    permitted: Value[bool] = Known(True)


class FixedResponse(Struct, frozen=True):
    """A fixed-response action."""

    status: Text
    content_type: Text = Known("text/plain")
    body: Text = Known("")
    span: Span | None = None


class AlbRedirect(Struct, frozen=True):
    """A redirect action. `location` may hold `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}`."""

    status: Text = Known("HTTP_302")
    location: Text = Known("#{protocol}://#{host}:#{port}/#{path}?#{query}")
    span: Span | None = None


class Elsewhere(Struct, frozen=True):
    """An action that leads to servers, or to a sign-in, of which no template tells the answers."""

    what: str
    span: Span | None = None


AlbAction = AlbTarget | FixedResponse | AlbRedirect | Elsewhere


class AlbRule(Struct, frozen=True):
    """A listener rule: it applies when every condition that is not None has a value that fits.

    Patterns take `*` and `?`. `headers` pairs a header's name with the patterns of its value. `others` says of each
    further condition why nothing here decides it: the sender's address, a secret between servers.
    """

    priority: Value[int]
    action: AlbAction
    span: Span
    paths: Texts | None = None
    methods: Texts | None = None
    hosts: Texts | None = None
    headers: tuple[tuple[str, Texts], ...] = ()
    others: tuple[Unknown, ...] = ()


class Alb(Struct, frozen=True):
    """A listener with its rules. `name` is the listener's logical id; `default` what its default action does.

    `inserts` are the response headers that the listener's attributes set, such as
    routing.http.response.access_control_allow_origin.header_value, under the headers' own names.
    """

    name: str
    span: Span
    rules: tuple[AlbRule, ...] = ()
    default: AlbAction = Elsewhere("the listener has no default action")
    inserts: tuple[tuple[str, Text], ...] = ()
    guards: tuple[Guard, ...] = ()
    private: Value[bool] = Known(False)
    """Its addresses are private (the load balancer's scheme is "internal")."""
    kind: str = "alb"
