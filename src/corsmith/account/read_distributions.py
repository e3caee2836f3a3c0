"""Reading CloudFront: the distributions that may stand in front of an API or a function, and the policies they use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .asking import Asking, Gone
from .snapshot import DistributionState, Json

_AWS_HOST = re.compile(r"\.(execute-api|lambda-url)\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)$")
_POLICIES = (
    ("CachePolicyId", "GetCachePolicy", "CachePolicy", "CachePolicyConfig"),
    ("OriginRequestPolicyId", "GetOriginRequestPolicy", "OriginRequestPolicy", "OriginRequestPolicyConfig"),
    ("ResponseHeadersPolicyId", "GetResponseHeadersPolicy", "ResponseHeadersPolicy", "ResponseHeadersPolicyConfig"),
)


def read_distributions(
    asking: Asking, domains: frozenset[str], managed: frozenset[str], now: float
) -> Iterator[DistributionState]:
    """Yield the distributions of which an origin server is an API, a Function URL, or one of the custom `domains`.

    One call for each hundred distributions, and one for each policy in use that is not `managed` by AWS.
    """
    known: dict[tuple[str, str], Json | None] = {}
    for each in _listed(asking):
        origins = ((each.get("Origins") or {}).get("Items")) or ()
        hosts = [str(origin.get("DomainName")) for origin in origins]
        if any(_AWS_HOST.search(host) or host in domains for host in hosts):
            before = len(asking.failures)
            policies = [_policies(asking, each, row, managed, known) for row in _POLICIES]
            yield DistributionState(
                place=asking.place,
                read_at=now,
                distribution=each,
                cache_policies=policies[0],
                origin_request_policies=policies[1],
                response_headers_policies=policies[2],
                failures=tuple(asking.failures[before:]),
            )


def _listed(asking: Asking) -> Iterator[Json]:
    marker: dict[str, Any] = {}
    while True:
        page = asking.one(
            "cloudfront", "ListDistributions", f"account {asking.place.account}", MaxItems="100", **marker
        )
        listed = (page or {}).get("DistributionList") or {}
        yield from listed.get("Items") or ()
        following = listed.get("NextMarker")
        if not listed.get("IsTruncated") or not following or following == marker.get("Marker"):
            return
        marker = {"Marker": str(following)}


def _policies(
    asking: Asking,
    distribution: Json,
    row: tuple[str, str, str, str],
    managed: frozenset[str],
    known: dict[tuple[str, str], Json | None],
) -> dict[str, Json]:
    key, operation, outer, config = row
    behaviors = [distribution.get("DefaultCacheBehavior") or {}]
    behaviors += ((distribution.get("CacheBehaviors") or {}).get("Items")) or ()
    found: dict[str, Json] = {}
    for id_ in dict.fromkeys(str(each[key]) for each in behaviors if each.get(key)):
        if id_ in managed:
            continue
        if (operation, id_) not in known:
            try:
                answer = asking.one("cloudfront", operation, f"policy {id_}", Id=id_)
            except Gone:
                answer = None
            known[operation, id_] = ((answer or {}).get(outer) or {}).get(config)
        own = known[operation, id_]
        if own is not None:
            found[id_] = own
    return found
