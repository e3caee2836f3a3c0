"""One policy as paste-ready configuration: for a tool, and for the front door that the function is behind.

`generate(target, front_door, policy)` returns text. What a front door cannot say is refused with the reason, never bent:
a REST API's mock can say one origin, so several are answered by the function, which `python` and `node` write.
"""

from __future__ import annotations

from collections.abc import Callable

from lambda_cors import Policy, PolicyError

from . import aws_cli, cdk, cloudformation, console, node, openapi, python, sam, serverless, terraform
from .cannot import CannotSay, said

_WRITERS: dict[str, Callable[[str, Policy], str]] = {
    "sam": sam.write,
    "cloudformation": cloudformation.write,
    "cdk": cdk.write,
    "serverless": serverless.write,
    "terraform": terraform.write,
    "openapi": openapi.write,
    "aws-cli": aws_cli.write,
    "console": console.write,
    "python": python.write,
    "node": node.write,
}
TARGETS = tuple(_WRITERS)
FRONT_DOORS = ("rest_api", "http_api", "function_url", "alb", "cloudfront")
WRITTEN = ("rest_api", "http_api", "function_url")
"""The front doors that every target is written for, but for a Function URL's definition in OpenAPI: there is none."""
DISTRIBUTED = ("sam", "cloudformation", "terraform")
"""The targets that a distribution of CloudFront is written for."""

__all__ = ["FRONT_DOORS", "TARGETS", "WRITTEN", "CannotSay", "generate", "said"]

_ALONE = {
    "alb": "a load balancer adds no CORS headers for one response and not another, so the function is to answer",
    "cloudfront": f"a distribution is written for {', '.join(DISTRIBUTED)}; elsewhere let what is behind it answer",
}


def generate(target: str, front_door: str, policy: Policy) -> str:
    """Return the configuration, ending in a line feed. Raises `CannotSay` where there is no such configuration."""
    distributed = front_door == "cloudfront" and target in DISTRIBUTED
    if front_door in _ALONE and not distributed and target not in ("python", "node"):
        raise CannotSay(f"{_ALONE[front_door]}; `--for python` and `--for node` write that")
    if front_door in ("http_api", "function_url") and target not in ("python", "node"):
        try:
            policy.settings_for(front_door)
        except PolicyError as error:
            why = "; ".join(said(each) for each in error.problems)
            raise CannotSay(f"{why}: let the function answer, with `--for python` or `--for node`") from None
    return _WRITERS[target](front_door, policy)
