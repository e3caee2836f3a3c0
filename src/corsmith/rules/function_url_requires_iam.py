"""function-url-requires-iam: the URL asks for a signature, and the call or its preflight carries none."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.function_url import FunctionUrl
from corsmith.api.value import Known

from .blocked import Blocked
from .proposals import configure_cors
from .rule import Diagnosis, Rule, by_hand


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain 403s of Function URLs whose AuthType is AWS_IAM."""
    url = blocked.front_door
    if not isinstance(url, FunctionUrl) or blocked.status != 403 or blocked.made_by not in ("gateway", "authorizer"):
        return None
    if not isinstance(url.auth_type, Known) or url.auth_type.value != "AWS_IAM":
        return None
    what, then = ("call", "Sign it (SigV4), or set AuthType to NONE.")
    if blocked.at_preflight:
        what, then = (
            "preflight, which never carries one",
            "Configure Cors on the URL: then Lambda answers preflights itself.",
        )
    return Diagnosis(
        f"Function URL {url.name} has AuthType AWS_IAM and wants a signature with each request: it answers the {what}, with "
        f"403 and without CORS headers. {then}",
        tuple(each for each in (url.auth_type.span, url.span) if each is not None),
        lambda: _mended(blocked),
    )


def _mended(blocked: Blocked) -> Iterator[Fix]:
    """Let Lambda answer preflights. Whether strangers may call the function is for its owner to say."""
    yield from configure_cors(blocked)
    if not blocked.at_preflight:
        yield from by_hand(
            "Sign the call, or let everybody call the function",
            f"Let the page sign {blocked.call} with SigV4 (AWS Amplify and aws4fetch do it, with credentials of a Cognito "
            "identity pool). Only if everybody may call the function: set AuthType to NONE, and check who calls in its code.",
        )


RULE = Rule(
    "function-url-requires-iam",
    Category.BLOCKED,
    "the URL's AuthType is AWS_IAM, and the call or its preflight carries no signature: 403 without CORS headers",
    explain,
)
