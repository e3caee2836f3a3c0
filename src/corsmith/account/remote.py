"""An account that is changed: requests are sent once each, at its pace, and things are read again between them.

boto3 does not try a changing request again here: after a lost answer nobody knows whether it took effect, so the thing is
looked at before anything is sent a second time (`corsmith.account.apply`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from corsmith import __version__

from .asking import parsed, plain
from .pace import LIMITS, Clock, Limit, Pace
from .plan.call import Json, Request, Thing
from .plan.same import MARK
from .snapshot import Place

if TYPE_CHECKING:
    from .session import Access

_LIMITS: Mapping[str, Mapping[str, Limit]] = {
    **LIMITS,
    "apigateway": {**LIMITS["apigateway"], "CreateDeployment": Limit(1, 5.0)},
}
"""Source: the API Gateway developer guide, "API Gateway quotas for creating, deploying and managing an API"."""
_GONE = frozenset(("NotFoundException", "ResourceNotFoundException"))
_BUSY = frozenset(
    (
        "TooManyRequestsException",
        "ThrottlingException",
        "Throttling",
        "ConflictException",
        "ResourceConflictException",
        "ServiceUnavailableException",
        "ServiceException",
        "InternalServerErrorException",
        "InternalFailure",
    )
)
"""Codes that may be another's, or the service's, passing trouble. Which requests they answer is looked at before the next."""


class Refused(Exception):  # noqa: N818 - it names what AWS did
    """AWS did not do it, or did not say so. `passing`: it may do it later. The message is a phrase."""

    def __init__(self, code: str, message: str, *, passing: bool) -> None:
        super().__init__(message)
        self.code = code
        self.passing = passing


class Remote(Struct, eq=False):
    """The accounts. `access` says how a place's account is reached (KeyError: it is not); `sent` is told of each request."""

    access: Callable[[Place], Access]
    clock: Clock
    sent: Callable[[str, str], None] | None = None
    _clients: dict[tuple[Place, str], Any] = field(default_factory=dict)
    _paces: dict[Place, Pace] = field(default_factory=dict)

    def send(self, place: Place, request: Request) -> Json:
        """Send a request once. Raises `Refused`."""
        from botocore import xform_name
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
        from botocore.exceptions import ConnectionError as NoConnection

        client = self._client(place, request.service)
        try:
            answer = getattr(client, xform_name(request.operation))(**request.parameters)
        except ClientError as error:
            told = error.response.get("Error", {})
            code = str(told.get("Code", ""))
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            passing = code in _BUSY or status == 429 or status >= 500
            raise Refused(code, f"{code}: {told.get('Message') or 'no reason given'}", passing=passing) from error
        except (HTTPClientError, NoConnection) as error:
            raise Refused("", f"no answer: {error}", passing=True) from error
        except BotoCoreError as error:
            raise Refused("", str(error), passing=False) from error
        except ValueError as error:
            raise Refused("", f"the answer cannot be read: {error}", passing=True) from error
        found: Json = plain({key: each for key, each in answer.items() if key != "ResponseMetadata"})
        return found

    def read(self, thing: Thing) -> Json | None:
        """Return what AWS says of a thing now; None where there is none. Raises `Refused`."""
        try:
            return _READERS[thing.kind](self, thing)
        except Refused as refused:
            if refused.code in _GONE:
                return None
            raise

    def ask(self, thing: Thing, service: str, operation: str, **parameters: Any) -> Json:
        """Return an answer about a thing. Raises `Refused`."""
        return self.send(thing.place, Request(service, operation, parameters))

    def _client(self, place: Place, service: str) -> Any:
        if (place, service) not in self._clients:
            from botocore.config import Config

            config = Config(
                retries={"mode": "standard", "total_max_attempts": 1},
                user_agent_extra=f"corsmith/{__version__}",
                connect_timeout=10,
                read_timeout=60,
            )
            session = self.access(place).session
            made = session.client(service, region_name=place.region, config=config)
            pace = self._paces.setdefault(place, Pace(self.clock, _LIMITS))

            def before(event_name: str, **_: Any) -> None:
                operation = event_name.rpartition(".")[2]
                pace.wait(service, operation)
                if self.sent is not None:
                    self.sent(service, operation)

            made.meta.events.register("before-send", before)
            self._clients[place, service] = made
        return self._clients[place, service]


def _method(remote: Remote, thing: Thing) -> Json | None:
    resource, verb = thing.part
    return remote.ask(thing, "apigateway", "GetMethod", restApiId=thing.owner, resourceId=resource, httpMethod=verb)


def _gateway_response(remote: Remote, thing: Thing) -> Json | None:
    found = remote.ask(thing, "apigateway", "GetGatewayResponse", restApiId=thing.owner, responseType=thing.part[0])
    return None if found.get("defaultResponse") else found


def _stage(remote: Remote, thing: Thing) -> Json | None:
    stage = remote.ask(thing, "apigateway", "GetStage", restApiId=thing.owner, stageName=thing.part[0])
    id_ = stage.get("deploymentId")
    if not id_:
        return stage
    served = remote.ask(thing, "apigateway", "GetDeployment", restApiId=thing.owner, deploymentId=id_)
    return {**stage, MARK: served.get("description")}


def _http_stage(remote: Remote, thing: Thing) -> Json | None:
    stage = remote.ask(thing, "apigatewayv2", "GetStage", ApiId=thing.owner, StageName=thing.part[0])
    id_ = stage.get("DeploymentId")
    if not id_:
        return stage
    served = remote.ask(thing, "apigatewayv2", "GetDeployment", ApiId=thing.owner, DeploymentId=id_)
    return {**stage, MARK: served.get("Description")}


def _http_cors(remote: Remote, thing: Thing) -> Json | None:
    return remote.ask(thing, "apigatewayv2", "GetApi", ApiId=thing.owner).get("CorsConfiguration") or None


def _route(remote: Remote, thing: Thing) -> Json | None:
    return remote.ask(thing, "apigatewayv2", "GetRoute", ApiId=thing.owner, RouteId=thing.part[0])


def _new_route(remote: Remote, thing: Thing) -> Json | None:
    return next((each for each in _routes(remote, thing) if each.get("RouteKey") == thing.part[0]), None)


def _routes(remote: Remote, thing: Thing) -> Iterator[Json]:
    token: Json = {}
    while True:
        page = remote.ask(thing, "apigatewayv2", "GetRoutes", ApiId=thing.owner, **token)
        yield from page.get("Items") or ()
        if not page.get("NextToken") or page["NextToken"] == token.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


def _url_cors(remote: Remote, thing: Thing) -> Json | None:
    named = {"Qualifier": thing.part[0]} if thing.part[0] else {}
    return remote.ask(thing, "lambda", "GetFunctionUrlConfig", FunctionName=thing.owner, **named).get("Cors") or None


def _permission(remote: Remote, thing: Thing) -> Json | None:
    qualifier, sid = thing.part
    named = {"Qualifier": qualifier} if qualifier else {}
    policy = parsed(remote.ask(thing, "lambda", "GetPolicy", FunctionName=thing.owner, **named).get("Policy")) or {}
    listed = policy.get("Statement") or []
    return next((each for each in (listed if isinstance(listed, list) else [listed]) if each.get("Sid") == sid), None)


_READERS: dict[str, Callable[[Remote, Thing], Json | None]] = {
    "method": _method,
    "gateway-response": _gateway_response,
    "stage": _stage,
    "http-cors": _http_cors,
    "route": _route,
    "new-route": _new_route,
    "http-stage": _http_stage,
    "url-cors": _url_cors,
    "permission": _permission,
}
