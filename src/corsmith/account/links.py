"""Where something stands in an account: its ARN, and the page of AWS's console that shows it.

Sources: the API Gateway developer guide, "Amazon Resource Name (ARN) reference"; the consoles' own addresses.
"""

from __future__ import annotations

from urllib.parse import quote

from msgspec import Struct

from .snapshot import DistributionState, FunctionState, HttpApiState, Json, Place, RestApiState

_CONSOLE = "console.aws.amazon.com"
_CONSOLES = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}


class Deployed(Struct, frozen=True):
    """A thing in an account where one can act. `label` is what people call it: "OPTIONS /items", "stage prod"."""

    arn: str
    console: str
    label: str


def rest_api(state: RestApiState) -> Deployed:
    """Return a REST API as a whole."""
    return Deployed(state.arn, _rest(state, "resources"), f"REST API {state.name}")


def rest_method(state: RestApiState, resource: str, path: str, verb: str) -> Deployed:
    """Return a method of a REST API. `resource` is its resource's id."""
    arn = f"{state.arn}/resources/{resource}/methods/{verb}"
    return Deployed(arn, _rest(state, "resources") + f"&path={quote(path, safe='')}", f"{verb} {path}")


def gateway_response(state: RestApiState, type_: str) -> Deployed:
    """Return a gateway response of a REST API."""
    return Deployed(
        f"{state.arn}/gatewayresponses/{type_}", _rest(state, "gateway-responses"), f"gateway response {type_}"
    )


def rest_stage(state: RestApiState, stage: str) -> Deployed:
    """Return a stage of a REST API."""
    return Deployed(f"{state.arn}/stages/{stage}", _rest(state, "stages"), f"stage {stage}")


def http_api(state: HttpApiState) -> Deployed:
    """Return an HTTP API: its CORS settings are the API's own."""
    return Deployed(state.arn, _http(state, "develop/cors"), f"HTTP API {state.name}")


def http_route(state: HttpApiState, route: str, key: str) -> Deployed:
    """Return a route of an HTTP API. `route` is its id, `key` "POST /items"."""
    return Deployed(f"{state.arn}/routes/{route}", _http(state, "develop/routes"), f"route {key}")


def http_stage(state: HttpApiState, stage: str) -> Deployed:
    """Return a stage of an HTTP API."""
    return Deployed(f"{state.arn}/stages/{stage}", _http(state, "deploy/stages"), f"stage {stage}")


def function(state: FunctionState, alias: str = "") -> Deployed:
    """Return a function, or one of its aliases."""
    arn = f"{state.arn}:{alias}" if alias else state.arn
    return Deployed(arn, _lambda(state, "code"), f"function {state.name}" + (f":{alias}" if alias else ""))


def function_url(state: FunctionState, alias: str) -> Deployed:
    """Return a Function URL; Lambda gives it no ARN but the function's."""
    arn = f"{state.arn}:{alias}" if alias else state.arn
    return Deployed(arn, _lambda(state, "configure"), f"Function URL of {state.name}" + (f":{alias}" if alias else ""))


def distribution(state: DistributionState) -> Deployed:
    """Return a CloudFront distribution."""
    host = _CONSOLES.get(state.place.partition, _CONSOLE)
    return Deployed(
        state.arn, f"https://{host}/cloudfront/v4/home#/distributions/{state.id}/behaviors", f"distribution {state.id}"
    )


def web_acl(place: Place, acl: Json) -> Deployed:
    """Return a web ACL in front of a stage."""
    name, id_ = str(acl.get("Name")), str(acl.get("Id") or "")
    # Those before distributions have no Region; the console shows them in one.
    host, region = (
        _host(place) if place.region else f"us-east-1.{_CONSOLES.get(place.partition, _CONSOLE)}",
        place.region,
    )
    page = f"https://{host}/wafv2/homev2/web-acl/{quote(name, safe='')}/{id_}/rules?region={region or 'global'}"
    return Deployed(str(acl.get("ARN") or ""), page, f"web ACL {name}")


def _host(place: Place) -> str:
    return f"{place.region}.{_CONSOLES.get(place.partition, _CONSOLE)}"


def _rest(state: RestApiState, page: str) -> str:
    host, region = _host(state.place), state.place.region
    return f"https://{host}/apigateway/main/apis/{state.id}/{page}?api={state.id}&region={region}"


def _http(state: HttpApiState, page: str) -> str:
    host, region = _host(state.place), state.place.region
    return f"https://{host}/apigateway/main/{page}?api={state.id}&region={region}"


def _lambda(state: FunctionState, tab: str) -> str:
    host, region = _host(state.place), state.place.region
    return f"https://{host}/lambda/home?region={region}#/functions/{quote(state.name, safe='')}?tab={tab}"
