"""function-url-requires-iam: the URL asks for a signature, and the call or its preflight carries none."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.function_url import FunctionUrl
from corsmith.api.value import Known

from .blocked import Blocked
from .proposals import configure_cors
from .rule import Diagnosis, Rule


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
        lambda: configure_cors(blocked),
    )


RULE = Rule(
    "function-url-requires-iam",
    Category.BLOCKED,
    "the URL's AuthType is AWS_IAM, and the call or its preflight carries no signature: 403 without CORS headers",
    explain,
)
