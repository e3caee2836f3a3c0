"""A small AWS on loopback for what no emulator has: pages with tokens, refusals, throttling, snapshots of deployments.

Requests are understood, and answers written, by botocore's own service models, so that both are what the real client sends and
takes. It validates nothing: it holds what a test puts in and hands it out.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel

ACCOUNT = "123456789012"
Json = dict[str, Any]
_SERVICES = ("apigatewayv2", "apigateway", "lambda", "cloudfront")


class Refused(Exception):  # noqa: N818 - it is an answer
    """An error that AWS gives."""

    def __init__(self, code: str, status: int, message: str = "") -> None:
        super().__init__(code)
        self.code, self.status, self.message = code, status, message


def denied() -> Refused:
    return Refused("AccessDeniedException", 403, "User is not authorized to perform this action")


class FakeAws:
    """What an account holds, by Region where `regions` says so; `answers` has a function for each operation."""

    def __init__(self, page: int = 500) -> None:
        self.page = page
        self.rest: list[Json] = []
        self.http: list[Json] = []
        self.functions: list[Json] = []
        self.domains: list[Json] = []
        self.distributions: list[Json] = []
        self.usage_plans: list[Json] = []
        self.acls: list[Json] = []
        """Web ACLs before distributions."""
        self.regions = ("eu-west-1",)
        self.disabled: frozenset[str] = frozenset()
        self.accounts: list[Json] = []
        self.closed: frozenset[str] = frozenset()
        """Accounts whose roles nobody may assume."""
        self.expired = False
        """Whether nobody's credentials are good any more."""
        self.calls: list[tuple[str, Json]] = []
        self.refuse: dict[str, list[Refused | None]] = {}
        """Operation to the refusals of its next calls (None: answered); the last one stays."""
        self.before: Callable[[str, Json], None] | None = None
        self._lock = threading.Lock()
        self._encoded: dict[tuple[str, int], bytes] = {}

    def answer(self, region: str, operation: str, given: Json) -> Any:
        with self._lock:
            self.calls.append((operation, given))
        if self.before is not None:
            self.before(operation, given)
        if region in self.disabled:
            raise Refused("UnrecognizedClientException", 403, "The security token included in the request is invalid.")
        waiting = self.refuse.get(operation)
        if waiting:
            with self._lock:
                refusal = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if refusal is not None:
                raise refusal
        return getattr(self, f"do_{xform_name(operation)}")(given)

    def encoded(self, operation: Any, answer: Json) -> bytes:
        """Return an answer as JSON; a list that many things share is encoded once."""
        shared = next((each for each in answer.values() if isinstance(each, list) and len(each) > 10), None)
        key = (operation.name, id(shared))
        if shared is None or len(answer) > 1:
            return json.dumps(written(operation.output_shape, answer)).encode()
        if key not in self._encoded:
            self._encoded[key] = json.dumps(written(operation.output_shape, answer)).encode()
        return self._encoded[key]

    def count(self, operation: str) -> int:
        return sum(name == operation for name, _ in self.calls)

    # What follows answers the operations, in boto3's spelling.

    def do_get_rest_apis(self, given: Json) -> Json:
        return self._positioned([each["api"] for each in self.rest], given)

    def do_get_resources(self, given: Json) -> Json:
        return self._positioned(self._rest(given)["resources"], given)

    def do_get_stages(self, given: Json) -> Json:
        if "ApiId" in given:
            return self._tokened(self._http(given)["stages"], given)
        return {"item": self._rest(given)["stages"]}

    def do_get_gateway_responses(self, given: Json) -> Json:
        return self._positioned(self._rest(given).get("gateway_responses", []), given)

    def do_get_authorizers(self, given: Json) -> Json:
        if "ApiId" in given:
            return self._tokened(self._http(given).get("authorizers", []), given)
        return self._positioned(self._rest(given).get("authorizers", []), given)

    def do_get_request_validators(self, given: Json) -> Json:
        return self._positioned(self._rest(given).get("validators", []), given)

    def do_get_export(self, given: Json) -> Json:
        export = self._rest(given)["exports"][given["stageName"]]
        return {"body": export if isinstance(export, bytes) else json.dumps(export).encode()}

    def do_get_usage_plans(self, given: Json) -> Json:
        return self._positioned(self.usage_plans, given)

    def do_get_deployment(self, given: Json) -> Json:
        stages = self._rest(given)["stages"]
        name = next(
            each["stageName"] for each in stages if each["canarySettings"]["deploymentId"] == given["deploymentId"]
        )
        return {"id": given["deploymentId"], "apiSummary": self._rest(given).get("canaries", {}).get(name, {})}

    def do_get_apis(self, given: Json) -> Json:
        return self._tokened([each["api"] for each in self.http], given)

    def do_get_routes(self, given: Json) -> Json:
        return self._tokened(self._http(given)["routes"], given)

    def do_get_integrations(self, given: Json) -> Json:
        return self._tokened(self._http(given)["integrations"], given)

    def do_export_api(self, given: Json) -> Json:
        return {"body": json.dumps(self._http(given)["exports"][given["StageName"]]).encode()}

    def do_get_domain_names(self, given: Json) -> Json:
        return self._tokened([each["domain"] for each in self.domains], given)

    def do_get_api_mappings(self, given: Json) -> Json:
        mine = next(each for each in self.domains if each["domain"]["DomainName"] == given["DomainName"])
        return self._tokened(mine["mappings"], given)

    def do_get_base_path_mappings(self, given: Json) -> Json:
        mine = next(each for each in self.domains if each["domain"]["DomainName"] == given["domainName"])
        return self._positioned(mine["mappings"], given)

    def do_get_web_acl(self, given: Json) -> Json:
        before_stages = [acl for each in self.rest for acl in each.get("web_acls", {}).values()]
        for acl in self.acls if given["Scope"] == "CLOUDFRONT" else before_stages:
            if (acl["Name"], acl["Id"]) == (given["Name"], given["Id"]):
                return {"WebACL": acl, "LockToken": "x"}
        raise Refused("WAFNonexistentItemException", 400, "AWS WAF couldn't perform the operation")

    def do_list_accounts(self, given: Json) -> Json:
        return self._tokened(self.accounts, {**given, "MaxResults": 500}, "Accounts")

    def do_list_functions(self, given: Json) -> Json:
        return self._marked([each["configuration"] for each in self.functions], given, "Functions")

    def do_list_function_url_configs(self, given: Json) -> Json:
        return self._marked(self._function(given).get("urls", []), given, "FunctionUrlConfigs")

    def do_get_policy(self, given: Json) -> Json:
        policy = self._function(given).get("policies", {}).get(given.get("Qualifier", ""))
        if policy is None:
            raise Refused("ResourceNotFoundException", 404, "The resource you requested does not exist.")
        return {"Policy": json.dumps(policy)}

    def do_list_tags(self, given: Json) -> Json:
        name = given["Resource"].rpartition(":")[2]
        return {"Tags": self._function({"FunctionName": name}).get("tags", {})}

    def do_get_function(self, given: Json) -> Json:
        mine = self._function(given)
        return {"Configuration": mine["configuration"], "Code": {"Location": mine["code"]}}

    def do_list_distributions(self, given: Json) -> Json:
        start = int(given.get("Marker") or 0)
        end = start + self.page
        listed: Json = {"Marker": str(start), "MaxItems": self.page, "Quantity": len(self.distributions[start:end])}
        listed |= {"IsTruncated": end < len(self.distributions), "Items": self.distributions[start:end]}
        if end < len(self.distributions):
            listed["NextMarker"] = str(end)
        return {"DistributionList": listed}

    def do_get_cache_policy(self, given: Json) -> Json:
        return {"CachePolicy": {"Id": given["Id"], "CachePolicyConfig": {"Name": "own", "MinTTL": 0}}}

    def do_get_origin_request_policy(self, given: Json) -> Json:
        none = {"QueryStringBehavior": "all"}
        config = {
            "Name": "own",
            "HeadersConfig": {"HeaderBehavior": "none"},
            "CookiesConfig": {"CookieBehavior": "none"},
        }
        return {
            "OriginRequestPolicy": {
                "Id": given["Id"],
                "OriginRequestPolicyConfig": {**config, "QueryStringsConfig": none},
            }
        }

    def do_get_response_headers_policy(self, given: Json) -> Json:
        return {"ResponseHeadersPolicy": {"Id": given["Id"], "ResponseHeadersPolicyConfig": {"Name": "own"}}}

    def _rest(self, given: Json) -> Json:
        return self._one(self.rest, lambda each: each["api"]["id"] == given["restApiId"])

    def _http(self, given: Json) -> Json:
        return self._one(self.http, lambda each: each["api"]["ApiId"] == given["ApiId"])

    def _function(self, given: Json) -> Json:
        return self._one(self.functions, lambda each: each["configuration"]["FunctionName"] == given["FunctionName"])

    def _one(self, things: list[Json], fits: Callable[[Json], bool]) -> Json:
        for each in things:
            if fits(each):
                return each
        raise Refused("NotFoundException", 404, "Invalid identifier specified")

    def _positioned(self, items: list[Json], given: Json) -> Json:
        return self._paged(items, given.get("position"), int(given.get("limit") or 25), "items", "position")

    def _tokened(self, items: list[Json], given: Json, key: str = "Items") -> Json:
        return self._paged(items, given.get("NextToken"), int(given.get("MaxResults") or 25), key, "NextToken")

    def _marked(self, items: list[Json], given: Json, key: str) -> Json:
        return self._paged(items, given.get("Marker"), int(given.get("MaxItems") or 50), key, "NextMarker")

    def _paged(self, items: list[Json], token: str | None, limit: int, key: str, next_key: str) -> Json:
        start = int(token.removeprefix("after ")) if token else 0
        end = start + min(limit, self.page)
        page: Json = {key: items if start == 0 and end >= len(items) else items[start:end]}
        if end < len(items):
            page[next_key] = f"after {end}"
        return page


@lru_cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@lru_cache
def _routes(service: str) -> tuple[tuple[str, re.Pattern[str], Any], ...]:
    found = []
    for name in _model(service).operation_names:
        operation = _model(service).operation_model(name)
        uri = operation.http["requestUri"].partition("?")[0].rstrip("/") or "/"
        pattern = re.sub(r"\{([A-Za-z_]+)\+?\}", r"(?P<\1>[^/]+)", re.sub(r"([.])", r"\\\1", uri))
        found.append((operation.http["method"], re.compile(pattern + "/?"), operation))
    return tuple(found)


def understood(service: str, method: str, target: str) -> tuple[Any, Json]:
    """Return the operation that a request is, and its arguments in boto3's spelling."""
    parts = urlsplit(target)
    query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    fitting = [
        (operation, match)
        for verb, pattern, operation in _routes(service)
        if verb == method and (match := pattern.fullmatch(parts.path))
    ]
    operation, match = max(fitting, key=lambda each: -len(each[1].groups()))
    given: Json = {}
    for name, shape in (operation.input_shape.members if operation.input_shape else {}).items():
        place, wire = shape.serialization.get("location"), shape.serialization.get("name", name)
        if place == "uri" and wire in match.groupdict():
            given[name] = unquote(match.group(wire))
        elif place == "querystring" and wire in query:
            given[name] = query[wire]
    return operation, given


def written(shape: Any, value: Any) -> Any:
    """Return a value in the spelling of the wire, as JSON."""
    if value is None:
        return None
    if shape.type_name == "structure":
        return {
            member.serialization.get("name", name): written(member, value[name])
            for name, member in shape.members.items()
            if name in value
        }
    if shape.type_name == "list":
        return [written(shape.member, each) for each in value]
    if shape.type_name == "map":
        return {key: written(shape.value, each) for key, each in value.items()}
    if shape.type_name == "blob":
        return base64.b64encode(value.encode()).decode()
    return value


def xml(shape: Any, name: str, value: Any) -> str:
    """Return a value as CloudFront writes it."""
    if shape.type_name == "structure":
        members = "".join(
            xml(member, member.serialization.get("name", key), value[key])
            for key, member in shape.members.items()
            if key in value
        )
        return f"<{name}>{members}</{name}>"
    if shape.type_name == "list":
        item = shape.member.serialization.get("name", "member")
        return f"<{name}>{''.join(xml(shape.member, item, each) for each in value)}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{text}</{name}>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one packet: else each waits for the acknowledgement of its head
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        scope = re.search(r"Credential=([^/]+)/[0-9]+/([^/]+)/([^/]+)/", self.headers.get("authorization", ""))
        key, region, service = scope.groups() if scope else ("", "", "")
        aws = self.server.aws
        if service in ("sts", "ec2"):
            try:
                self._send(200, _told(aws, key, parse_qs(body)), "text/xml")
            except Refused as error:
                self._refuse("sts", error)
            return
        if service in ("wafv2", "organizations"):
            self._serve_target(service, region, self.headers["x-amz-target"].rpartition(".")[2], json.loads(body))
            return
        if service == "apigateway" and self.path.startswith("/v2/"):
            service = "apigatewayv2"
        operation, given = understood(service, self.command, self.path)
        try:
            answer = aws.answer(region, operation.name, given)
        except Refused as error:
            self._refuse(service, error)
            return
        except (KeyError, TypeError, AttributeError) as error:
            # A fault of the fake itself: nobody should try again.
            self._refuse(service, Refused("FaultOfTheFake", 400, f"{operation.name}: {error!r}"))
            return
        shape = operation.output_shape
        payload = shape.serialization.get("payload")
        if service == "cloudfront":
            member = shape.members[payload]
            self._send(200, xml(member, payload, answer[payload]).encode(), "text/xml")
        elif payload is not None:
            self._send(200, answer[payload], "application/json")
        else:
            self._send(200, aws.encoded(operation, answer), "application/json")

    def _serve_target(self, service: str, region: str, name: str, given: Json) -> None:
        try:
            answer = self.server.aws.answer(region, name, given)
        except Refused as error:
            data = json.dumps({"__type": error.code, "message": error.message}).encode()
            self._send(error.status, data, "application/x-amz-json-1.1")
            return
        shape = _model(service).operation_model(name).output_shape
        self._send(200, json.dumps(written(shape, answer)).encode(), "application/x-amz-json-1.1")

    def _refuse(self, service: str, error: Refused) -> None:
        if service in ("cloudfront", "sts"):
            text = f"<ErrorResponse><Error><Code>{error.code}</Code><Message>{error.message}</Message></Error></ErrorResponse>"
            self._send(error.status, text.encode(), "text/xml")
            return
        data = json.dumps({"message": error.message}).encode()
        self._send(error.status, data, "application/json", {"x-amzn-ErrorType": error.code})

    def _send(self, status: int, data: bytes, media: str, more: Json | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": media, "content-length": str(len(data)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _told(aws: FakeAws, key: str, given: Json) -> bytes:
    """Return what STS and EC2 answer. An access key that a role gave names the role's account. Raises `Refused`."""
    action = given["Action"][0]
    own = key.removeprefix("ASIA") if key.startswith("ASIA") else ACCOUNT
    aws.calls.append((action, given))
    if aws.expired:
        raise Refused("ExpiredToken", 403, "The security token included in the request is expired")
    if action == "GetCallerIdentity":
        inner = f"<Arn>arn:aws:iam::{own}:user/tester</Arn><UserId>x</UserId><Account>{own}</Account>"
    elif action == "AssumeRole":
        account = given["RoleArn"][0].split(":")[4]
        if account in aws.closed:
            raise Refused("AccessDenied", 403, "not authorized to perform: sts:AssumeRole")
        keys = f"<AccessKeyId>ASIA{account}</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken>"
        inner = f"<Credentials>{keys}<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>"
    else:
        items = "".join(f"<item><regionName>{each}</regionName></item>" for each in aws.regions)
        return f"<{action}Response><regionInfo>{items}</regionInfo></{action}Response>".encode()
    return f"<{action}Response><{action}Result>{inner}</{action}Result></{action}Response>".encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, aws: FakeAws) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.aws = aws


@contextmanager
def serving(aws: FakeAws) -> Iterator[str]:
    """Serve until the block ends; the address is given."""
    server = _Server(aws)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
