"""The server: an address on loopback that boto3 calls as it would call AWS, and that can be told to fail."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore import xform_name

from .functions import ACCOUNT, REGION, Functions
from .http_apis import HttpApis
from .refusing import Refusal
from .rest_apis import RestApis
from .shapes import Operation, read, to_wire

Json = dict[str, Any]
_READING = ("Get", "List", "Export", "Describe")
_IDENTITY = f"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::{ACCOUNT}:user/someone</Arn><UserId>AIDA</UserId><Account>{ACCOUNT}</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
_DISTRIBUTIONS = """<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker>
<MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>0</Quantity></DistributionList>"""


class FakeAws:
    """An account in one Region.

    `made` lists what changed something, "apigateway:PutMethod", as it arrived; `asked` all that was asked. `fault` is told
    of each changing request with its number from 0, and may name what goes wrong with it: "throttled", "conflict",
    "denied" or "broken" (refused, nothing done), "lost" (done, but no answer), "late" (done, and answered with an error).
    `blind` is asked the same of each reading request.
    """

    def __init__(self) -> None:
        self.rest = RestApis()
        self.http = HttpApis()
        self.functions = Functions()
        self.made: list[str] = []
        self.asked: list[str] = []
        self.sent: set[tuple[str, str, str, str]] = set()
        """Service, operation, HTTP method and path of all that was asked."""
        self.fault: Callable[[int, str], str | None] = _no_fault
        self.blind: Callable[[int, str], str | None] = _no_fault
        self.read = 0
        self.url = ""
        self._lock = threading.Lock()

    def answer(self, operation: Operation, given: Json) -> tuple[int, Json]:
        """Return status and body. Raises `ConnectionError` where the answer is to be lost."""
        home = {"apigateway": self.rest, "apigatewayv2": self.http, "lambda": self.functions}[operation.service]
        name = f"{operation.service}:{operation.name}"
        with self._lock:
            self.asked.append(name)
            if operation.name.startswith(_READING):
                fault = self.blind(self.read, name)
                self.read += 1
            else:
                fault = self.fault(len(self.made), name)
                self.made.append(name)
            if fault in _REFUSALS:
                raise _REFUSALS[fault]
            act = getattr(home, xform_name(operation.name), None)
            if act is None:
                raise Refusal("NotImplemented", f"the fake has no {name}", 501)
            body = copy.deepcopy(act(given))
        if fault == "lost":
            raise ConnectionError
        if fault == "late":
            raise Refusal("InternalServerErrorException", "something went wrong", 500)
        return 200, body

    def lax(self) -> _Lax:
        """Take what AWS refuses, for as long as the context lasts."""
        return _Lax(self)

    def settled(self) -> None:
        """Wait until what was asked is done."""
        with self._lock:
            pass

    def keep(self) -> Json:
        """Return all of the account, to be put back by `restore`."""
        return copy.deepcopy({name: vars(getattr(self, name)) for name in ("rest", "http", "functions")})

    def restore(self, kept: Json) -> None:
        """Put the account back as it was kept, and forget what was asked."""
        for name, own in copy.deepcopy(kept).items():
            vars(getattr(self, name)).update(own)
        self.made, self.asked, self.sent, self.read = [], [], set(), 0
        self.fault = self.blind = _no_fault

    def state(self) -> Json:
        """Return all that the account's APIs say, without ids of deployments; what is empty is not said."""
        rest = {
            id_: {**api, "deployments": None, "stages": _served(api, "deploymentId")}
            for id_, api in self.rest.apis.items()
        }
        http = {
            id_: {**api, "deployments": None, "stages": _served(api, "DeploymentId")}
            for id_, api in self.http.apis.items()
        }
        functions = {
            name: {**each, "policies": {key: own for key, own in each["policies"].items() if own}}
            for name, each in self.functions.functions.items()
        }
        return copy.deepcopy(_without_nothing({"rest": rest, "http": http, "functions": functions}))

    def orphans(self) -> list[str]:
        """Return the deployments of corsmith's that no stage serves."""
        found = []
        for api in (*self.rest.apis.values(), *self.http.apis.values()):
            served = {each.get("deploymentId") or each.get("DeploymentId") for each in api["stages"].values()}
            for id_, each in api["deployments"].items():
                said = each.get("description") or each.get("Description") or ""
                if id_ not in served and said.startswith("corsmith"):
                    found.append(id_)
        return found


def _no_fault(number: int, operation: str) -> None:
    del number, operation


class _Lax:
    def __init__(self, aws: FakeAws) -> None:
        self._homes = (aws.rest, aws.http, aws.functions)

    def __enter__(self) -> None:
        for home in self._homes:
            home.strict = False

    def __exit__(self, *exception: object) -> None:
        for home in self._homes:
            home.strict = True


def _served(api: Json, key: str) -> Json:
    """Return the stages with what they serve in place of the deployment's id."""
    return {
        name: {**stage, key: (api["deployments"].get(stage.get(key)) or {}).get("snapshot")}
        for name, stage in api["stages"].items()
    }


def _without_nothing(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    read = {key: _without_nothing(each) for key, each in node.items()}
    return {key: each for key, each in read.items() if each not in (None, {}, [])}


_REFUSALS = {
    "throttled": Refusal("TooManyRequestsException", "Too Many Requests", 429),
    "conflict": Refusal("ConflictException", "Unable to complete operation due to concurrent modification.", 409),
    "denied": Refusal("AccessDeniedException", "User is not authorized to perform this", 403),
    "broken": Refusal("InternalServerErrorException", "something went wrong", 500),
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: a client that waits for the second would wait 40 ms.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    aws: FakeAws

    def _act(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path == "/" and b"GetCallerIdentity" in body:
            self._send(200, _IDENTITY.encode(), "text/xml")
            return
        if "/distribution" in self.path:
            self._send(200, _DISTRIBUTIONS.encode(), "text/xml")
            return
        found = read(self.command, self.path, dict(self.headers.items()), body)
        if found is None:
            self._send(404, b'{"message": "no such operation"}')
            return
        operation, given = found
        self.aws.sent.add((operation.service, operation.name, self.command, self.path.partition("?")[0]))
        try:
            status, answer = self.aws.answer(operation, given)
        except Refusal as refusal:
            text = json.dumps({"message": str(refusal), "Message": str(refusal)}).encode()
            self._send(refusal.status, text, headers={"x-amzn-ErrorType": refusal.code})
            return
        except ConnectionError:
            self.close_connection = True
            return
        shape = operation.model.output_shape
        payload = shape.serialization.get("payload") if shape is not None else None
        told = answer if payload else to_wire(shape, answer)
        self._send(status, json.dumps(told).encode(), headers={"content-disposition": "x"} if payload else {})

    def _send(
        self, status: int, body: bytes, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _act  # noqa: N815

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(aws: FakeAws) -> Iterator[FakeAws]:
    """Serve `aws` at `aws.url` as long as the context lasts."""
    handler = type("Handler", (_Handler,), {"aws": aws})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    aws.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield aws
    finally:
        server.shutdown()
        thread.join()
        server.socket.close()


__all__ = ["ACCOUNT", "REGION", "FakeAws", "serving"]
