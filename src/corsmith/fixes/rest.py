"""What the fixes of REST APIs have in common, whatever the dialect."""

from __future__ import annotations

from corsmith.api.rest_api import RestApi


def without_options(api: RestApi) -> tuple[str, ...]:
    """Return the paths with no method that takes OPTIONS, in the order in which they are declared."""
    taken = {method.path for method in api.methods if method.verb in ("OPTIONS", "ANY")}
    return tuple(dict.fromkeys(method.path for method in api.methods if method.path not in taken))
