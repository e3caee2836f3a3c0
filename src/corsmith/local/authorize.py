"""Who may call: the decisions that AWS makes with an authorizer, made here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Protocol

from corsmith.api.front_door import Authorizer
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.value import Known, texts
from corsmith.gateways import Authorize, AuthorizerDecision, Denied, Granted, Unauthorized
from corsmith.gateways.authorizer_answers import decide

from .functions import Functions
from .jwt import Key, Token, parse, verified

AUTHORIZER_LIMIT = 10.0
"""Seconds that a Lambda authorizer may take (API Gateway quotas)."""


class Judge(Protocol):
    """Decides about callers."""

    async def decide(self, front_door: FrontDoor, ask: Authorize) -> AuthorizerDecision:
        """Return what the authorizer says."""
        ...

    def api_keys(self, front_door: FrontDoor) -> frozenset[str] | None:
        """Return the API keys that `front_door` takes; None: any."""
        ...


class RealJudge:
    """Decides as AWS does: Lambda authorizers run, tokens are verified with `keys`, unknown API keys are refused.

    What cannot be verified here, a signature of AWS's or a token without its issuer's key, is refused.
    """

    def __init__(self, functions: Functions, keys: Sequence[Key] = ()) -> None:
        self._functions = functions
        self._keys = tuple(keys)

    async def decide(self, front_door: FrontDoor, ask: Authorize) -> AuthorizerDecision:
        """Return what the authorizer says."""
        authorizer = ask.authorizer
        if authorizer.kind.startswith("lambda"):
            return await _run(self._functions, ask)
        if authorizer.kind == "iam":
            return Denied()
        token = parse(_bearer(ask.identity))
        if token is None or not verified(token, self._keys) or not _current(token, time.time()):
            return Unauthorized()
        return Granted(token.claims, _subject(token)) if _meant_for(authorizer, token) else Unauthorized()

    def api_keys(self, front_door: FrontDoor) -> frozenset[str]:
        """Return the API keys of the template."""
        return local_keys(front_door)


class FakeJudge:
    """Lets every well-formed token through, without asking who signed it. Lambda authorizers still run."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    async def decide(self, front_door: FrontDoor, ask: Authorize) -> AuthorizerDecision:
        """Return what the authorizer says."""
        if ask.authorizer.kind.startswith("lambda"):
            return await _run(self._functions, ask)
        if ask.authorizer.kind == "iam":
            return Granted()
        token = parse(_bearer(ask.identity))
        return Unauthorized() if token is None else Granted(token.claims, _subject(token))

    def api_keys(self, front_door: FrontDoor) -> None:
        """Any key will do."""
        del front_door


def local_keys(front_door: FrontDoor) -> frozenset[str]:
    """Return the keys that a REST API takes here; a key whose value AWS would make up is `local-key`."""
    if not isinstance(front_door, RestApi) or not isinstance(front_door.api_keys, Known):
        return frozenset({"local-key"})
    return frozenset(key.value if isinstance(key, Known) else "local-key" for key in front_door.api_keys.value)


async def _run(functions: Functions, ask: Authorize) -> AuthorizerDecision:
    event: dict[str, Any] = ask.event or {}
    result = await functions.invoke(ask.authorizer.function.get(), event, AUTHORIZER_LIMIT)
    return decide(ask, result)


def _bearer(identity: tuple[str, ...]) -> str:
    value = identity[0] if identity else ""
    scheme, _, token = value.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else value


def _subject(token: Token) -> str:
    return str(token.claims.get("sub", "user"))


def _current(token: Token, now: float) -> bool:
    expires, begins = token.claims.get("exp"), token.claims.get("nbf", 0)
    return isinstance(expires, int | float) and expires > now and isinstance(begins, int | float) and begins <= now


def _meant_for(authorizer: Authorizer, token: Token) -> bool:
    if authorizer.kind != "jwt":
        # A user pool's tokens name it as their issuer; its address is not in the template.
        return True
    audiences = token.claims.get("aud", token.claims.get("client_id"))
    found = set(audiences) if isinstance(audiences, list) else {audiences}
    return token.claims.get("iss") == authorizer.issuer.get() and bool(found & set(texts(authorizer.audience)))
