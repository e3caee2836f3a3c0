"""This project's own wrapper for Node.js: `cors(new Policy({…}))(handler)`.

The policy's options mean what the Python wrapper's arguments mean, and are judged by it.
"""

from __future__ import annotations

from typing import Any

from lambda_cors import Policy, PolicyError

from corsmith.api.span import Span

from ...decisions import Value
from ...machine import Machine
from ...python.frameworks.lambda_cors import governed
from ...summing import distinct, raised_way
from ...values import Const, Made, Ref
from ...ways import Way
from ..copies import own_keys
from ..values import UNDEFINED
from . import Behave, inside
from .options import options_of, texts

MIDDLEWARE = ("lambda-cors.middleware", "lambda-cors.default.middleware")
_LISTS = {
    "origins": "origins",
    "methods": "methods",
    "requestHeaders": "request_headers",
    "responseHeaders": "response_headers",
}
_OTHERS = {
    "credentials": "credentials",
    "maxAge": "max_age",
    "dangerouslyTolerateInsecureOrigins": "dangerously_tolerate_insecure_origins",
    "dangerouslyToleratePublicSuffixes": "dangerously_tolerate_public_suffixes",
}


def ways(machine: Machine, made: Made, condition: Value, span: Span, behave: Behave) -> list[Way] | None:
    """Return the ways out of a wrapped handler; None where the policy is not known."""
    if len(made.arguments) != 2 or not isinstance(made.arguments[0], Made):
        return None
    wrapper, handler = made.arguments
    assert isinstance(wrapper, Made)
    policy = policy_of(machine, wrapper)
    ran = None if policy is None else inside(machine, handler, span, behave)
    if policy is None or ran is None:
        return None
    returned, failures = ran
    inner = returned + [raised_way(failure) for failure in distinct(machine, failures)]
    return governed(machine, policy, condition, span, inner, "lambda-cors")


def policy_of(machine: Machine, wrapper: Made) -> Policy | PolicyError | None:
    """Return the policy of `cors(policy)` or `middleware(policy)`, or what is wrong with it; None where it is not known."""
    owner = options_of(machine, wrapper, 1).get("owner")
    if owner is not UNDEFINED and not (isinstance(owner, Const) and owner.value == "function"):
        return None
    given = wrapper.arguments[0] if wrapper.arguments else UNDEFINED
    if not isinstance(given, Made) or given.name.rpartition(".")[2] != "Policy":
        return None
    options = options_of(machine, given)
    if not options.known or not isinstance(options.value, Ref):
        return None
    settings: dict[str, Any] = {}
    for name in own_keys(machine.record(options.value)):
        value = options.get(str(name))
        if name in _LISTS:
            settings[_LISTS[name]] = texts(machine, value) if not isinstance(value, Const) else value.value
        elif name in _OTHERS and isinstance(value, Const):
            settings[_OTHERS[name]] = value.value
        else:
            return None
    if None in settings.values():
        return None
    try:
        return Policy(**settings)
    except PolicyError as error:
        return error
    except TypeError:
        return None
