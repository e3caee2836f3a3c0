"""CloudFront distributions as a document has them: in front of the unit's front door, with the policies they use."""

from __future__ import annotations

from typing import Any

from . import links
from .snapshot import DistributionState, Json
from .unit import Unit
from .writing import Writer, attribute, joined, ref

_POLICIES = (
    ("CachePolicyId", "AWS::CloudFront::CachePolicy", "CachePolicyConfig", "cache_policies"),
    (
        "OriginRequestPolicyId",
        "AWS::CloudFront::OriginRequestPolicy",
        "OriginRequestPolicyConfig",
        "origin_request_policies",
    ),
    (
        "ResponseHeadersPolicyId",
        "AWS::CloudFront::ResponseHeadersPolicy",
        "ResponseHeadersPolicyConfig",
        "response_headers_policies",
    ),
)
_KEPT = frozenset(
    {f"AccessControl{name}" for name in ("AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders")}
    | {"CustomHeadersConfig"}
)
"""Lists that CloudFormation, too, writes with Items."""


def write_distributions(writer: Writer, unit: Unit, names: dict[str, str]) -> None:
    """Write the unit's distributions. `names`: API id, or host of a Function URL, to the logical name of the front door."""
    for state in unit.distributions:
        deployed = links.distribution(state)
        policies: dict[str, str] = {}
        for _, kind, key, member in _POLICIES:
            for id_, each in getattr(state, member).items():
                policies[id_] = writer.named(f"policy {id_}")
                writer.add(policies[id_], kind, {key: flat(each)}, deployed)
        config = _config(state, unit, names, policies)
        if state.web_acl is not None:
            guard = writer.named(str(state.web_acl.get("Name")))
            rules = {name: state.web_acl.get(name) for name in ("Rules", "DefaultAction")}
            writer.add(
                guard, "AWS::WAFv2::WebACL", {**rules, "Scope": "CLOUDFRONT"}, links.web_acl(state.place, state.web_acl)
            )
            config["DistributionConfig"]["WebACLId"] = attribute(guard)
        name = writer.named(f"distribution {state.id}")
        if not config["DistributionConfig"].get("Aliases"):
            writer.addresses[name] = f"https://{state.distribution.get('DomainName')}"
        writer.add(name, "AWS::CloudFront::Distribution", config, deployed)


def target_of(host: str, unit: Unit, names: dict[str, str]) -> str | None:
    """Return the front door that an origin server's host stands for, None where it is another."""
    if host in names:
        return names[host]
    first, _, rest = host.partition(".")
    if rest.startswith("execute-api.") and first in names:
        return names[first]
    for domain in unit.domains:
        if domain.id == host:
            return next((names[m["ApiId"]] for m in domain.mappings if m.get("ApiId") in names), None)
    return None


def _config(state: DistributionState, unit: Unit, names: dict[str, str], policies: dict[str, str]) -> Json:
    own = flat(state.distribution)
    for origin in own.get("Origins") or ():
        host = str(origin.get("DomainName"))
        target = target_of(host, unit, names)
        if target is not None:
            origin["DomainName"] = joined(ref(target), "." + host)
    for behavior in (own.get("DefaultCacheBehavior"), *(own.get("CacheBehaviors") or ())):
        for key, *_ in _POLICIES:
            if behavior and behavior.get(key) in policies:
                behavior[key] = ref(policies[behavior[key]])
    kept = ("Origins", "DefaultCacheBehavior", "CacheBehaviors", "CustomErrorResponses", "Aliases", "WebACLId")
    return {"DistributionConfig": {key: own[key] for key in kept if own.get(key)}}


def flat(node: Any) -> Any:
    """Return CloudFront's JSON as CloudFormation spells it: lists without their Quantity and Items."""
    if isinstance(node, list):
        return [flat(each) for each in node]
    if not isinstance(node, dict):
        return node
    if "Quantity" in node and set(node) <= {"Quantity", "Items", "CachedMethods", "Enabled"}:
        return flat(node.get("Items") or [])
    made: Json = {}
    for key, each in node.items():
        if key in _KEPT and isinstance(each, dict):
            made[key] = {**each, "Items": flat(each.get("Items") or [])}
        else:
            made[key] = flat(each)
        if key == "AllowedMethods" and isinstance(each, dict) and "CachedMethods" in each:
            made["CachedMethods"] = flat(each["CachedMethods"])
    return made
