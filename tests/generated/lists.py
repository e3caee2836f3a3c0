"""The CORS settings of HTTP APIs and Function URLs, in the words of CloudFormation, Serverless and Terraform."""

from __future__ import annotations

from typing import Any

from .plan import Lists

NAMES = {
    "origins": ("AllowOrigins", "allowedOrigins", "allow_origins"),
    "methods": ("AllowMethods", "allowedMethods", "allow_methods"),
    "headers": ("AllowHeaders", "allowedHeaders", "allow_headers"),
    "expose": ("ExposeHeaders", "exposedResponseHeaders", "expose_headers"),
    "credentials": ("AllowCredentials", "allowCredentials", "allow_credentials"),
    "max_age": ("MaxAge", "maxAge", "max_age"),
}
CLOUDFORMATION, SERVERLESS, TERRAFORM = 0, 1, 2


def members(lists: Lists, words: int) -> dict[str, Any]:
    """Return the settings as a map; what is not set is left out."""
    spelt = dict(lists.spelt)
    found: dict[str, Any] = {}
    for name, called in NAMES.items():
        value = getattr(lists, name)
        if value not in ((), False, None):
            found[spelt.get(called[words], called[words])] = list(value) if isinstance(value, tuple) else value
    return found


def extension(lists: Lists) -> dict[str, Any]:
    """Return the settings as OpenAPI's extension has them."""
    named = members(lists, CLOUDFORMATION)
    return {name[0].lower() + name[1:]: value for name, value in named.items()}
