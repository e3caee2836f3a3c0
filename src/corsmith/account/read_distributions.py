"""Reading CloudFront: the distributions that may stand in front of an API or a function, and the policies they use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from .asking import Asking, Gone
from .snapshot import DistributionState, Json

_AWS_HOST = re.compile(r"\.(execute-api|lambda-url)\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)$")
WEB_ACL = re.compile(r"arn:[a-z-]+:wafv2:[a-z0-9-]+:[0-9]+:global/webacl/([^/]+)/([^/]+)")
_POLICIES = (
    ("CachePolicyId", "GetCachePolicy", "CachePolicy", "CachePolicyConfig"),
    ("OriginRequestPolicyId", "GetOriginRequestPolicy", "OriginRequestPolicy", "OriginRequestPolicyConfig"),
    ("ResponseHeadersPolicyId", "GetResponseHeadersPolicy", "ResponseHeadersPolicy", "ResponseHeadersPolicyConfig"),
)


def list_distributions(asking: Asking, domains: frozenset[str]) -> Iterator[Json]:
    """Yield the distributions of which an origin server is an API, a Function URL, or one of the custom `domains`."""
    for each in _listed(asking):
        origins = ((each.get("Origins") or {}).get("Items")) or ()
        hosts = [str(origin.get("DomainName")) for origin in origins]
        if any(_AWS_HOST.search(host) or host in domains for host in hosts):
            yield each


def read_distribution(asking: Asking, distribution: Json, policies: Policies, now: float) -> DistributionState:
    """Return a distribution with what it uses: one call for each policy that is not AWS's own and was not read before."""
    before = len(asking.failures)
    found = [policies.of(distribution, row) for row in _POLICIES]
    return DistributionState(
        place=asking.place,
        read_at=now,
        distribution=distribution,
        cache_policies=found[0],
        origin_request_policies=found[1],
        response_headers_policies=found[2],
        web_acl=policies.web_acl(distribution),
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


class Policies(Struct, eq=False):
    """Reads the policies of distributions, each once. `managed`: ids of those that are AWS's own, and known."""

    asking: Asking
    managed: frozenset[str]
    _known: dict[tuple[str, str], Json | None] = field(default_factory=dict)

    def of(self, distribution: Json, row: tuple[str, str, str, str]) -> dict[str, Json]:
        """Return the policies of one kind that a distribution uses, by id. Raises `Stopped`."""
        key, operation, outer, config = row
        behaviors = [distribution.get("DefaultCacheBehavior") or {}]
        behaviors += ((distribution.get("CacheBehaviors") or {}).get("Items")) or ()
        found: dict[str, Json] = {}
        for id_ in dict.fromkeys(str(each[key]) for each in behaviors if each.get(key)):
            own = None if id_ in self.managed else self._read(operation, id_, outer, config)
            if own is not None:
                found[id_] = own
        return found

    def web_acl(self, distribution: Json) -> Json | None:
        """Return the web ACL before a distribution. Raises `Stopped`."""
        match = WEB_ACL.fullmatch(str(distribution.get("WebACLId") or ""))
        if match is None:
            return None
        name, id_ = match.groups()
        if ("GetWebACL", id_) not in self._known:
            try:
                answer = self.asking.one("wafv2", "GetWebACL", match.group(), Name=name, Id=id_, Scope="CLOUDFRONT")
            except Gone:
                answer = None
            self._known["GetWebACL", id_] = (answer or {}).get("WebACL")
        return self._known["GetWebACL", id_]

    def _read(self, operation: str, id_: str, outer: str, config: str) -> Json | None:
        if (operation, id_) not in self._known:
            try:
                answer = self.asking.one("cloudfront", operation, f"policy {id_}", Id=id_)
            except Gone:
                answer = None
            self._known[operation, id_] = ((answer or {}).get(outer) or {}).get(config)
        return self._known[operation, id_]
