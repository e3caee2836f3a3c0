"""CloudFront's policies: what reaches the origin server, what tells cached answers apart, what is added to responses.

Source: the CloudFront developer guide, "Use managed cache policies", "Use managed origin request policies" and "Use managed
response headers policies"; the CloudFormation reference, AWS::CloudFront::CachePolicy and its neighbours.
"""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.cloudfront import PolicyCors, PolicyHeader
from corsmith.api.value import Known, Text, Texts, Unknown, Value, known_texts
from corsmith.readers.intrinsics import logical_id
from corsmith.readers.nodes import Mapping, Node
from corsmith.readers.reading import Reading

_ORIGIN = ("origin",)
_CORS = ("origin", "access-control-request-headers", "access-control-request-method")
_KEYS = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": (True, ()),  # CachingOptimized
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": (True, ()),  # CachingOptimizedForUncompressedObjects
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": (False, ()),  # CachingDisabled
    "83da9c7e-98b4-4e11-a168-04f0df8e2c65": (True, _ORIGIN),  # UseOriginCacheControlHeaders
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe": (True, _ORIGIN),  # UseOriginCacheControlHeaders-QueryStrings
    "08627262-05a9-4f76-9ded-b50ca2e3a84f": (True, _ORIGIN),  # Elemental-MediaPackage
    "2e54312d-136d-493c-8eb9-b001f22f67d2": (True, ("authorization",)),  # Amplify
}
"""A managed cache policy's id to whether answers are kept, and the headers in the key."""
_FORWARDED = {
    "216adef6-5c7f-47e4-b989-5492eafa07d3": ("*", "host"),  # AllViewer
    "b689b0a8-53d0-40ab-baf2-68738e2966ac": ("*",),  # AllViewerExceptHostHeader
    "33f36d7e-f396-46d9-90e0-52428a34d9dc": ("*", "host"),  # AllViewerAndCloudFrontHeaders-2022-06
    "59781a5b-3903-41f3-afcb-af62929ccde1": _ORIGIN,  # CORS-CustomOrigin
    "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": _CORS,  # CORS-S3Origin
    "acba4595-bd28-49b8-b9fe-13317c0390fa": ("user-agent", "referer"),  # UserAgentRefererHeaders
}
_VERBS = ("GET", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_SIMPLE = PolicyCors(known_texts("*"), override=Known(False))
_PREFLIGHT = PolicyCors(known_texts("*"), known_texts(*_VERBS), expose_headers=known_texts("*"), override=Known(False))
_ADDED: dict[str, PolicyCors | None] = {
    "60669652-455b-4ae9-85a4-c4c02393f86c": _SIMPLE,  # SimpleCORS
    "e61eb60c-9c35-4d20-a928-2b84e02af89c": _SIMPLE,  # CORS-and-SecurityHeadersPolicy
    "5cc3b908-e619-4b99-88e5-2cf7f45965bd": _PREFLIGHT,  # CORS-With-Preflight
    "eaab4381-ed33-4a86-88ca-d9558dc6cd63": _PREFLIGHT,  # CORS-with-preflight-and-SecurityHeadersPolicy
    "67f7725c-6f97-4210-82d7-5512b31e9d03": None,  # SecurityHeadersPolicy
}
_ALL = known_texts("*")
MANAGED = frozenset((*_KEYS, *_FORWARDED, *_ADDED))
"""Ids of AWS's own policies that need no reading: what they do is known."""


class Passing(Struct, frozen=True):
    """What a behavior lets through and keeps: the headers for the origin server, those in the cache key, and whether."""

    forwarded: Texts
    key: Texts
    caches: Value[bool]


class Added(Struct, frozen=True):
    """What a response headers policy adds."""

    cors: Value[PolicyCors | None] = Known(None)
    headers: tuple[PolicyHeader, ...] = ()


def passing(reading: Reading, own: Mapping) -> Passing:
    """Return what the cache behavior `own` lets through. The headers of a cache key are forwarded too."""
    values = reading.mapping(own.get("ForwardedValues"))
    if values is not None:
        return _legacy(reading, own, values)
    caches, key = _cache(reading, own.get("CachePolicyId"))
    forwarded = _request(reading, own.get("OriginRequestPolicyId"))
    return Passing(_both(key, forwarded), key, caches)


def _legacy(reading: Reading, own: Mapping, values: Mapping) -> Passing:
    listed = _lower(reading.texts(values.get("Headers")) or Known(()))
    longest = reading.number(own.get("MaxTTL"))
    default = reading.number(own.get("DefaultTTL"))
    none = _is_zero(longest) or (_is_zero(default) and longest is None)
    # A whitelist of `*` turns caching off, and passes Host on.
    every = isinstance(listed, Known) and any(isinstance(item, Known) and item.value == "*" for item in listed.value)
    if every:
        return Passing(known_texts("*", "host"), known_texts("*"), Known(False))
    return Passing(listed, listed, Known(not none))


def _cache(reading: Reading, node: Node | None) -> tuple[Value[bool], Texts]:
    named = reading.text(node)
    if isinstance(named, Known) and named.value in _KEYS:
        caches, key = _KEYS[named.value]
        return Known(caches), known_texts(*key)
    config = _config(reading, node, "AWS::CloudFront::CachePolicy", "CachePolicyConfig")
    if config is None:
        why = Unknown("the cache policy is not defined in the template", node.span if node is not None else None)
        return why, why
    longest = reading.number(config.get("MaxTTL"))
    parameters = reading.mapping(config.get("ParametersInCacheKeyAndForwardedToOrigin"))
    headers = reading.mapping(reading.at(parameters, "HeadersConfig"))
    listed = reading.texts(headers.get("Headers")) if headers is not None else None
    return Known(not _is_zero(longest)), _lower(listed or Known(()))


def _request(reading: Reading, node: Node | None) -> Texts:
    if node is None:
        return Known(())
    named = reading.text(node)
    if isinstance(named, Known) and named.value in _FORWARDED:
        return known_texts(*_FORWARDED[named.value])
    config = _config(reading, node, "AWS::CloudFront::OriginRequestPolicy", "OriginRequestPolicyConfig")
    headers = reading.mapping(reading.at(config, "HeadersConfig"))
    if config is None or headers is None:
        return Unknown("the origin request policy is not defined in the template", node.span)
    behavior = reading.text(headers.get("HeaderBehavior"))
    listed = _lower(reading.texts(headers.get("Headers")) or Known(()))
    kind = behavior.value if isinstance(behavior, Known) else ""
    if kind in ("allViewer", "allViewerAndWhitelistCloudFront"):
        return known_texts("*", "host")
    if kind == "allExcept":
        return _all_except(listed)
    return Known(()) if kind == "none" else listed


def _all_except(listed: Texts) -> Texts:
    """All but some headers: the ones of the CORS protocol are told one by one, as the model has no exceptions."""
    if not isinstance(listed, Known):
        return listed
    left_out = {item.value for item in listed.value if isinstance(item, Known)}
    if not left_out & set(_CORS):
        return _ALL if "host" in left_out else known_texts("*", "host")
    return known_texts(*(name for name in _CORS if name not in left_out))


def added(reading: Reading, node: Node | None) -> Added:
    """Return what the response headers policy that `node` names adds."""
    if node is None:
        return Added()
    named = reading.text(node)
    if isinstance(named, Known) and named.value in _ADDED:
        return Added(Known(_ADDED[named.value], named.span))
    config = _config(reading, node, "AWS::CloudFront::ResponseHeadersPolicy", "ResponseHeadersPolicyConfig")
    if config is None:
        return Added(Unknown("the response headers policy is not defined in the template", node.span))
    return Added(Known(_cors(reading, reading.mapping(config.get("CorsConfig")))), _headers(reading, config))


def _cors(reading: Reading, own: Mapping | None) -> PolicyCors | None:
    if own is None:
        return None

    def items(name: str) -> Texts:
        return reading.texts(reading.at(own, name, "Items")) or Known(())

    return PolicyCors(
        items("AccessControlAllowOrigins"),
        items("AccessControlAllowMethods"),
        items("AccessControlAllowHeaders"),
        items("AccessControlExposeHeaders"),
        reading.number(own.get("AccessControlMaxAgeSec")),
        reading.switch(own.get("AccessControlAllowCredentials")) or Known(False),
        reading.switch(own.get("OriginOverride")) or Known(True),
        own.span,
    )


def _headers(reading: Reading, config: Mapping) -> tuple[PolicyHeader, ...]:
    listed = reading.value(reading.at(config, "CustomHeadersConfig", "Items"))
    found: list[PolicyHeader] = []
    for item in listed.value if isinstance(listed, Known) and isinstance(listed.value, tuple) else ():
        own = item.value if isinstance(item, Known) and isinstance(item.value, Mapping) else None
        name: Text | None = reading.text(own.get("Header")) if own is not None else None
        value = reading.text(own.get("Value")) if own is not None else None
        if own is not None and isinstance(name, Known) and value is not None:
            override = reading.switch(own.get("Override")) or Known(True)
            found.append(PolicyHeader(name.value, value, override, own.span))
    return tuple(found)


def _config(reading: Reading, node: Node | None, kind: str, key: str) -> Mapping | None:
    name = logical_id(node) if node is not None else None
    resource = reading.template.resources.get(name) if name is not None else None
    if resource is None or resource.type != kind:
        return None
    return reading.mapping(resource.properties.get(key))


def _lower(listed: Texts) -> Texts:
    if not isinstance(listed, Known):
        return listed
    items = (Known(i.value.lower(), i.span, i.via) if isinstance(i, Known) else i for i in listed.value)
    return Known(tuple(items), listed.span, listed.via)


def _both(key: Texts, forwarded: Texts) -> Texts:
    """Return the headers of two lists; one that is not known leaves the other's, then what is undecided."""
    if isinstance(key, Known) and isinstance(forwarded, Known):
        return Known(key.value + forwarded.value, forwarded.span or key.span)
    return forwarded if isinstance(key, Known) else key


def _is_zero(value: Value[int] | None) -> bool:
    return isinstance(value, Known) and value.value == 0
