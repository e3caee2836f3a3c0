"""credentials-header-missing: a credentialed request without Access-Control-Allow-Credentials: true."""

from __future__ import annotations

from itertools import chain

from corsmith.api.finding import Category
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.rest_api import Mapped, Mock

from .blocked import Blocked
from .code_proposals import wrap
from .rest_proposals import allow_credentials
from .rule import Diagnosis, Rule
from .settings import cors_settings, set_at

_NAME = "access-control-allow-credentials"


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain credentialed calls whose answer does not allow credentials."""
    if not blocked.error.endswith("InvalidAllowCredentials"):
        return None
    given = ", ".join(blocked.values(_NAME))
    says = f"says {given!r}" if given else "is missing"
    near = cors_settings(blocked)
    in_code = blocked.outcome.span if blocked.outcome is not None else None
    # A front door with settings of its own sends the header, and a method that is no proxy; elsewhere the code does.
    mapped = isinstance(getattr(blocked.cell.route.declared, "integration", None), Mapped | Mock)
    own = near is not None and (mapped or isinstance(blocked.front_door, HttpApi | FunctionUrl))
    spans = set_at(blocked, _NAME) or tuple(
        span for span in ((near, in_code) if own else (in_code, near)) if span is not None
    )
    return Diagnosis(
        f"The call includes credentials, but Access-Control-Allow-Credentials {says}; it must be exactly `true` on the "
        "preflight's answer and on the response.",
        spans or (blocked.front_door.span,),
        lambda: chain(allow_credentials(blocked), wrap(blocked)),
    )


RULE = Rule(
    "credentials-header-missing",
    Category.BLOCKED,
    "a credentialed request without Access-Control-Allow-Credentials: true",
    explain,
)
