"""What a Lambda function is called with: which front door, which method, and where the headers are."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Door:
    """A front door, as far as its events and responses differ from the others'.

    more: what a response may hold beside the four common keys. infers: whether a result without statusCode is the body of
    a 200. multi: whether headers travel in multiValueHeaders alone. lists: whether a header's value may be a list.
    """

    __slots__ = ("infers", "keys", "lists", "multi", "name")

    def __init__(self, name: str, *more: str, infers: bool = False, multi: bool = False, lists: bool = False) -> None:
        self.name = name
        self.keys = frozenset(("statusCode", "headers", "body", "isBase64Encoded", *more))
        self.infers = infers
        self.multi = multi
        self.lists = lists


# Payload format 2.0 ignores multiValueHeaders and statusDescription, and adapters send them all the same.
PAYLOAD_2 = ("cookies", "multiValueHeaders", "statusDescription")
FUNCTION_URL = Door("function_url", *PAYLOAD_2, infers=True)
HTTP_API = Door("http_api", *PAYLOAD_2, infers=True)
HTTP_API_1 = Door("http_api", "multiValueHeaders")
REST_API = Door("rest_api", "multiValueHeaders")
ALB = Door("alb", *PAYLOAD_2[1:])
ALB_MULTI = Door("alb", *PAYLOAD_2[1:], multi=True)
LATTICE_1 = Door("vpc_lattice", "statusDescription", "is_base64_encoded")
LATTICE_2 = Door("vpc_lattice", "statusDescription", lists=True)


def read_event(event: "Any") -> tuple[Door, object] | None:
    """The front door that sent the event and the request's method; None where the event is no HTTP request.

    Queue messages, WebSocket routes, authorizers' requests and edge events are none: their results have other shapes.
    """
    if not isinstance(event, dict) or "methodArn" in event or "routeArn" in event:
        return None
    context = event.get("requestContext")
    if isinstance(context, dict):
        http = context.get("http")
        if isinstance(http, dict):
            domain = context.get("domainName")
            is_url = isinstance(domain, str) and ".lambda-url." in domain
            return FUNCTION_URL if is_url else HTTP_API, http.get("method")
        if "elb" in context:
            multi = "multiValueHeaders" in event and "headers" not in event
            return ALB_MULTI if multi else ALB, event.get("httpMethod")
        if "serviceNetworkArn" in context:
            return LATTICE_2, event.get("method")
    if "httpMethod" in event:
        return HTTP_API_1 if event.get("version") == "1.0" else REST_API, event["httpMethod"]
    if "method" in event and "raw_path" in event:
        return LATTICE_1, event["method"]
    if "method" in event and "path" in event and event.get("version") == "2.0":
        return LATTICE_2, event["method"]
    return None


def header(event: "dict[str, Any]", name: str) -> str | None:
    """The header's value, whatever its case and map; None: it is not there. name is in lower case."""
    single = event.get("headers")
    if isinstance(single, dict):
        value = single.get(name)
        if type(value) is str:
            return value
        value = _find(single, name)
        if value is not None:
            return value
    return _find(event.get("multiValueHeaders"), name)


def header_lines(event: "dict[str, Any]", name: str) -> str | None:
    """The value with all its lines joined: API Gateway splits long lists, and only multiValueHeaders holds them all."""
    several = event.get("multiValueHeaders")
    if several and isinstance(several, dict):
        lines = several.get(name)
        if type(lines) is list and len(lines) == 1 and type(lines[0]) is str:
            return lines[0]
        value = _find(several, name)
        if value is not None:
            return value
    return header(event, name)


def _find(headers: "Any", name: str) -> str | None:
    # Most requests do not have the header: that is found out in C.
    if not isinstance(headers, dict) or name not in ",".join(headers).lower():
        return None
    lines: list[str] = []
    for key, value in headers.items():
        if key.lower() == name:
            lines += [line for line in (value if isinstance(value, list) else (value,)) if isinstance(line, str)]
    return ",".join(lines) if lines else None


def routes(event: "dict[str, Any]", method: str) -> list[str]:
    """The keys under which a table of policies may hold this request, the closest first."""
    key = event.get("routeKey")
    paths = [key.partition(" ")[2] if isinstance(key, str) else None]
    paths += [event.get(name) for name in ("resource", "rawPath", "path", "raw_path")]
    found = [path.partition("?")[0] for path in paths if isinstance(path, str) and path]
    return [f"{verb} {path}" for path in found for verb in (method, "ANY")]
