"""Cross-Origin-Resource-Policy, which only calls without CORS are subject to (Fetch, "Cross-Origin-Resource-Policy")."""

from __future__ import annotations

from .failure import Kind
from .fields import Fields
from .origin import same_origin
from .site import same_site
from .url import Url


def resource_policy(fields: Fields, url: Url, page_origin: str) -> Kind | None:
    """Return why an opaque response is kept from the page, None where it is not."""
    policy = fields.get("cross-origin-resource-policy")
    if policy == "same-origin" and not same_origin(url.origin, page_origin):
        return Kind.RESOURCE_POLICY
    if policy == "same-site" and not same_site(url.origin, page_origin):
        return Kind.RESOURCE_POLICY_SITE
    return None
