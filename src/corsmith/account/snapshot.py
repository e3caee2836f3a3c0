"""What AWS returned, as plain JSON: one record for each API, function, domain and distribution.

The JSON keeps AWS's own names and shapes, as boto3 returns them; dates are ISO texts in UTC, documents that AWS hands over as
text (resource policies, exports) are parsed. Nothing here is interpreted: `corsmith.account.document` does that.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

Json = dict[str, Any]


class Place(Struct, frozen=True, order=True):
    """An account and a Region of it. `partition`: "aws", "aws-cn", "aws-us-gov". `region` is "" for what is global."""

    partition: str
    account: str
    region: str


class Failure(Struct, frozen=True):
    """A call that AWS did not answer. The rest was read.

    `operation` is "apigateway:GetResources"; `subject` the ARN it was about, or "account 123456789012, eu-west-1"; `code`
    AWS's name of the error, or "" where there was no answer at all. `message` is a sentence for people.
    """

    operation: str
    subject: str
    code: str
    message: str


class RestApiState(Struct, frozen=True, kw_only=True):
    """A REST API: its working copy, and what its stages serve."""

    place: Place
    read_at: float
    """Seconds since 1970."""
    api: Json
    """An item of GetRestApis."""
    resources: tuple[Json, ...] = ()
    """Items of GetResources with embed=methods: each has id, path, and resourceMethods by verb."""
    gateway_responses: tuple[Json, ...] = ()
    """Items of GetGatewayResponses; those with defaultResponse true are not set."""
    authorizers: tuple[Json, ...] = ()
    """Items of GetAuthorizers; read only where a method names one."""
    validators: tuple[Json, ...] = ()
    """Items of GetRequestValidators; read only where a method names one."""
    stages: tuple[Json, ...] = ()
    """Items of GetStages."""
    exports: dict[str, Json] = field(default_factory=dict)
    """Stage name to the OpenAPI 3.0 document, with API Gateway's extensions, of the deployment that the stage serves."""
    web_acls: dict[str, Json] = field(default_factory=dict)
    """ARN of a stage's web ACL to its WebACL: Name, Rules, DefaultAction."""
    canaries: dict[str, Json] = field(default_factory=dict)
    """Stage name to the summary of its canary's deployment: path to verb to authorizationType and apiKeyRequired."""
    usage_plans: tuple[Json, ...] | None = None
    """The apiStages of each usage plan that holds a stage of the API; None where they were not read."""
    failures: tuple[Failure, ...] = ()

    @property
    def id(self) -> str:
        """The API's id."""
        return str(self.api["id"])

    @property
    def name(self) -> str:
        """The API's name, which need not be unique."""
        return str(self.api.get("name") or self.id)

    @property
    def arn(self) -> str:
        """The API's ARN."""
        return f"arn:{self.place.partition}:apigateway:{self.place.region}::/restapis/{self.id}"

    @property
    def tags(self) -> dict[str, str]:
        """The API's tags."""
        return dict(self.api.get("tags") or {})


class HttpApiState(Struct, frozen=True, kw_only=True):
    """An HTTP API: its working copy, and what its stages without auto-deploy serve."""

    place: Place
    read_at: float
    api: Json
    """An item of GetApis: ApiId, Name, CorsConfiguration, Tags …"""
    routes: tuple[Json, ...] = ()
    integrations: tuple[Json, ...] = ()
    authorizers: tuple[Json, ...] = ()
    """Items of GetAuthorizers; read only where a route names one."""
    stages: tuple[Json, ...] = ()
    exports: dict[str, Json] = field(default_factory=dict)
    """Name of a stage without auto-deploy to the OpenAPI 3.0 document of the deployment that it serves."""
    failures: tuple[Failure, ...] = ()

    @property
    def id(self) -> str:
        """The API's id."""
        return str(self.api["ApiId"])

    @property
    def name(self) -> str:
        """The API's name, which need not be unique."""
        return str(self.api.get("Name") or self.id)

    @property
    def arn(self) -> str:
        """The API's ARN."""
        return f"arn:{self.place.partition}:apigateway:{self.place.region}::/apis/{self.id}"

    @property
    def tags(self) -> dict[str, str]:
        """The API's tags."""
        return dict(self.api.get("Tags") or {})


class FunctionState(Struct, frozen=True, kw_only=True):
    """A function that is behind a front door, or has a URL of its own."""

    place: Place
    read_at: float
    configuration: Json
    """An item of ListFunctions: FunctionName, FunctionArn, Runtime, Handler, Timeout, Layers, Environment …

    Variables of the environment that say nothing of origins are left out: they may hold secrets.
    """
    urls: tuple[Json, ...] = ()
    """Items of ListFunctionUrlConfigs: FunctionUrl, FunctionArn (with the alias, where it is one's), AuthType, Cors …"""
    policies: dict[str, Json] = field(default_factory=dict)
    """Alias or version ("" for the function itself) to its resource policy; {} where it has none."""
    tags: dict[str, str] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()

    @property
    def id(self) -> str:
        """The function's name, which is unique in its account and Region."""
        return str(self.configuration["FunctionName"])

    @property
    def name(self) -> str:
        """The function's name."""
        return self.id

    @property
    def arn(self) -> str:
        """The function's ARN, without version or alias."""
        return str(self.configuration["FunctionArn"])


class DomainState(Struct, frozen=True, kw_only=True):
    """A custom domain of API Gateway, and the APIs it leads to."""

    place: Place
    read_at: float
    domain: Json
    """An item of GetDomainNames (v2)."""
    mappings: tuple[Json, ...] = ()
    """Items of GetApiMappings (v2): ApiId, ApiMappingKey, Stage; those of GetBasePathMappings in the same spelling."""
    failures: tuple[Failure, ...] = ()

    @property
    def id(self) -> str:
        """The domain's name."""
        return str(self.domain["DomainName"])

    @property
    def arn(self) -> str:
        """The domain's ARN."""
        return f"arn:{self.place.partition}:apigateway:{self.place.region}::/domainnames/{self.id}"


class DistributionState(Struct, frozen=True, kw_only=True):
    """A CloudFront distribution in front of an API or a function, with the policies of its own that it uses."""

    place: Place
    read_at: float
    distribution: Json
    """An item of ListDistributions."""
    cache_policies: dict[str, Json] = field(default_factory=dict)
    """Id to CachePolicyConfig, of policies that are not AWS's own."""
    origin_request_policies: dict[str, Json] = field(default_factory=dict)
    response_headers_policies: dict[str, Json] = field(default_factory=dict)
    web_acl: Json | None = None
    """The web ACL before it: Name, Rules, DefaultAction; None where there is none, or where it was not read."""
    failures: tuple[Failure, ...] = ()

    @property
    def id(self) -> str:
        """The distribution's id."""
        return str(self.distribution["Id"])

    @property
    def arn(self) -> str:
        """The distribution's ARN."""
        return str(self.distribution["ARN"])


State = RestApiState | HttpApiState | FunctionState | DomainState | DistributionState
