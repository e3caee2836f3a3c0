"""What a Lambda function is called with: which front door, which method, and where the headers are."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Final, TypeAlias

    Event: TypeAlias = Mapping[str, Any]

_COMMON = ("statusCode", "headers", "body", "isBase64Encoded")


class Door:
    """A front door, as far as its events and responses differ from the others'.

    keys: what a response may hold at the top. infers: whether a result without statusCode is taken as the body of a 200.
    multi: whether headers travel in multiValueHeaders alone. lists: whether a header's value may be a list.
    """

    __slots__ = ("infers", "keys", "lists", "multi", "name")

    def __init__(self, name: str, *keys: str, infers: bool = False, multi: bool = False, lists: bool = False) -> None:
        self.name = name
        self.keys = frozenset(_COMMON + keys)
        self.infers = infers
        self.multi = multi
        self.lists = lists


# Payload format 2.0 ignores multiValueHeaders, and adapters send them all the same.
FUNCTION_URL: "Final" = Door("function_url", "cookies", "multiValueHeaders", "statusDescription", infers=True)
HTTP_API: "Final" = Door("http_api", "cookies", "multiValueHeaders", "statusDescription", infers=True)
HTTP_API_1: "Final" = Door("http_api", "multiValueHeaders")
REST_API: "Final" = Door("rest_api", "multiValueHeaders")
ALB: "Final" = Door("alb", "multiValueHeaders", "statusDescription")
ALB_MULTI: "Final" = Door("alb", "multiValueHeaders", "statusDescription", multi=True)
LATTICE_1: "Final" = Door("vpc_lattice", "statusDescription", "is_base64_encoded")
LATTICE_2: "Final" = Door("vpc_lattice", "statusDescription", lists=True)


def read_event(event: "Any") -> "tuple[Door, object] | None":
    """The front door that sent the event and the request's method; None where the event is no HTTP request.

    Queue messages, WebSocket routes, authorizers' requests and edge functions' events are none: their results have
    another shape, so the wrapper leaves them alone.
    """
    if not isinstance(event, dict):
        return None
    context = event.get("requestContext")
    if isinstance(context, dict):
        http = context.get("http")
        if isinstance(http, dict):
            if "routeArn" in event:
                return None
            domain = context.get("domainName")
            url = isinstance(domain, str) and ".lambda-url." in domain
            return FUNCTION_URL if url else HTTP_API, http.get("method")
        if "elb" in context:
            multi = "multiValueHeaders" in event and "headers" not in event
            return ALB_MULTI if multi else ALB, event.get("httpMethod")
        if "serviceNetworkArn" in context:
            return LATTICE_2, event.get("method")
    if "httpMethod" in event:
        if "methodArn" in event:
            return None
        return HTTP_API_1 if event.get("version") == "1.0" else REST_API, event["httpMethod"]
    if "method" in event:
        if "raw_path" in event:
            return LATTICE_1, event["method"]
        if "path" in event and event.get("version") == "2.0":
            return LATTICE_2, event["method"]
    return None


def header(event: "Event", name: str) -> "str | None":
    """The header's value, whatever its case and map; None: it is not there. name is in lower case."""
    single = event.get("headers")
    if isinstance(single, dict):
        value = single.get(name)
        if type(value) is str:
            return value
        value = _find(single, name)
        if value is not None:
            return value
    several = event.get("multiValueHeaders")
    return _find(several, name) if isinstance(several, dict) else None


def header_lines(event: "Event", name: str) -> "str | None":
    """The header's value with all its lines: API Gateway splits long lists, and only multiValueHeaders holds them all."""
    several = event.get("multiValueHeaders")
    value = _find(several, name) if isinstance(several, dict) else None
    return header(event, name) if value is None else value


def _find(headers: "dict[Any, Any]", name: str) -> "str | None":
    lines: list[str] = []
    for key, value in headers.items():
        if isinstance(key, str) and len(key) == len(name) and key.lower() == name:
            lines += [v for v in (value if isinstance(value, list | tuple) else (value,)) if isinstance(v, str)]
    return ",".join(lines) if lines else None


def routes(event: "Event", method: str) -> "tuple[str, ...]":
    """The keys under which a table of policies may hold this request, the closest first."""
    key, paths = event.get("routeKey"), []
    if isinstance(key, str) and " " in key:
        paths.append(key.partition(" ")[2])
    context = event.get("requestContext")
    http = context.get("http") if isinstance(context, dict) else None
    for place, name in ((event, "resource"), (event, "rawPath"), (event, "path"), (event, "raw_path"), (http, "path")):
        path = place.get(name) if isinstance(place, dict) else None
        if isinstance(path, str):
            paths.append(path.partition("?")[0])
    return tuple(f"{verb} {path}" for path in paths for verb in (method, "ANY"))
