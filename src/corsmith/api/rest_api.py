"""An API Gateway REST API (v1) as the project defines it."""

from __future__ import annotations

from msgspec import Struct

from .front_door import Authorizer, Guard, HttpProxy, LambdaProxy, Stage
from .span import Span
from .value import Known, Text, Texts, Unknown, Value

Parameters = tuple[tuple[str, Text], ...]
"""Header or parameter name to mapping expression, as AWS takes it: literals keep their inner single quotes."""


class IntegrationResponse(Struct, frozen=True):
    """How an integration's answer becomes a response. `parameters` holds the header's name alone, not
    `method.response.header.Name`."""

    status: Text
    selection_pattern: Text = Known("")
    parameters: Parameters = ()
    templates: tuple[tuple[str, Text], ...] = ()
    content_handling: Text | None = None
    span: Span | None = None


class MethodResponse(Struct, frozen=True):
    """A declared status with the headers that integration responses may set."""

    status: Text
    headers: tuple[str, ...] = ()
    span: Span | None = None


class Mock(Struct, frozen=True):
    """A MOCK integration: the request template chooses the status, the integration response the headers."""

    request_templates: tuple[tuple[str, Text], ...] = ()
    responses: tuple[IntegrationResponse, ...] = ()
    passthrough: Text = Known("WHEN_NO_MATCH")
    content_handling: Text | None = None
    span: Span | None = None


class Mapped(Struct, frozen=True):
    """A non-proxy integration (AWS or HTTP): only mapped headers leave. `function` where it is a Lambda function."""

    responses: tuple[IntegrationResponse, ...] = ()
    function: Text = Unknown("the integration is no Lambda function")
    timeout_ms: Value[int] = Known(29_000)
    span: Span | None = None
    request_templates: tuple[tuple[str, Text], ...] = ()
    passthrough: Text = Known("WHEN_NO_MATCH")


Integration = LambdaProxy | HttpProxy | Mock | Mapped


class RestMethod(Struct, frozen=True):
    """A method of a resource: `path` as in the API ("/items/{id}", "/{proxy+}"), `verb` or "ANY".

    `authorizer` None: authorization NONE. `declared_by_tool` True: written by the tool's shorthand (SAM's `Cors`, CDK,
    Serverless), not by a person.
    """

    path: str
    verb: str
    integration: Integration | None
    span: Span
    authorizer: Value[Authorizer | None] = Known(None)
    api_key_required: Value[bool] = Known(False)
    responses: tuple[MethodResponse, ...] = ()
    validates: tuple[str, ...] = ()
    """What a request validator checks: "body", or names such as "header x-tenant" and "querystring page"."""
    declared_by_tool: bool = False


class GatewayResponse(Struct, frozen=True):
    """A customised gateway response. `parameters` holds the header's name alone, not `gatewayresponse.header.Name`."""

    type: str
    parameters: Parameters = ()
    status: Text | None = None
    templates: tuple[tuple[str, Text], ...] = ()
    span: Span | None = None


class PolicyRefusal(Struct, frozen=True):
    """What a resource policy refuses: verbs ("*" for all) on path patterns. `because` says which statement."""

    verbs: tuple[str, ...]
    paths: tuple[str, ...]
    because: str
    span: Span | None = None


class Deployment(Struct, frozen=True):
    """A deployment that the template writes out and a stage serves: a snapshot of the API, taken when it is made.

    `holds` has the spans of those methods and gateway responses that are in the snapshot for certain: what stands in the
    API's own definition, and what the deployment references or depends on, directly or through other resources. What it
    does not hold may be made after it. `renewed` says whether a change of the API makes a new snapshot (Terraform's
    `triggers`, CDK's hash in the logical id); False for a fixed deployment, which stays as it was first made.
    """

    name: str
    span: Span
    holds: tuple[Span, ...] = ()
    renewed: Value[bool] = Known(False)


class RestApi(Struct, frozen=True):
    """A REST API. `refusals` is what its resource policy denies to anonymous callers."""

    name: str
    span: Span
    methods: tuple[RestMethod, ...] = ()
    gateway_responses: tuple[GatewayResponse, ...] = ()
    binary_media_types: Texts = Known(())
    stages: tuple[Stage, ...] = (Stage(Known("Prod")),)
    refusals: tuple[PolicyRefusal, ...] = ()
    api_keys: Texts = Known(())
    cors_span: Span | None = None
    """The tool's shorthand that makes the OPTIONS methods (SAM's `Cors`), where there is one."""
    gateway_responses_span: Span | None = None
    """The key under which gateway responses stand together (SAM's `GatewayResponses`), where there is one."""
    deployments: tuple[Deployment, ...] = ()
    """Deployments that the template writes out; none where the tool makes a new one for each change (SAM, Serverless)."""
    guards: tuple[Guard, ...] = ()
    private: Value[bool] = Known(False)
    """Only callers inside a private network reach it (endpoint type PRIVATE)."""
    kind: str = "rest_api"
