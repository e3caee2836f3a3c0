"""The compiled part of awslambdaric in plain Python, for interpreters it was not compiled for."""

import http.client
import os

_BASE = "/2018-06-01/runtime/"
_connections: list[http.client.HTTPConnection] = []


def initialize_client(user_agent: str) -> None:
    """Connect to the Runtime API that the environment names."""
    del user_agent
    _connections[:] = [http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])]


def next() -> tuple[bytes, dict[str, str | int]]:  # noqa: A001 - the compiled part's name
    """Wait for the next event: its body, and the headers that tell about it; the deadline is a number."""
    response, body = _call("GET", "invocation/next", None, {})
    headers: dict[str, str | int] = dict(response.getheaders())
    headers["Lambda-Runtime-Deadline-Ms"] = int(headers["Lambda-Runtime-Deadline-Ms"])
    return body, headers


def post_invocation_result(
    invoke_id: str, result_data: bytes, content_type: str, invocation_id: str | None = None
) -> None:
    """Post what the handler returned."""
    del invocation_id
    _post(f"invocation/{invoke_id}/response", result_data, content_type)


def post_error(invoke_id: str, error_response_data: str, xray_fault: str, invocation_id: str | None = None) -> None:
    """Post the exception that the handler raised."""
    del xray_fault, invocation_id
    _post(f"invocation/{invoke_id}/error", error_response_data.encode(), "application/json")


def _post(path: str, body: bytes, content_type: str) -> None:
    response, text = _call("POST", path, body, {"Content-Type": content_type})
    if response.status != 202:
        raise RuntimeError(f"the Runtime API answered {response.status}: {text!r}")


def _call(
    method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> tuple[http.client.HTTPResponse, bytes]:
    (connection,) = _connections
    connection.request(method, _BASE + path, body, headers)
    response = connection.getresponse()
    return response, response.read()
