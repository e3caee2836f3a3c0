"""What stages say of throttling, caching and custom domains.

Source: the CloudFormation reference, AWS::ApiGateway::Stage MethodSetting and AWS::ApiGatewayV2::Stage RouteSettings; the
SAM developer guide, DomainConfiguration and HttpApiDomainConfiguration.
"""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.value import Known, Text, Value

from .intrinsics import logical_id
from .nodes import Mapping, Node
from .reading import Reading

_LIMITS = ("ThrottlingBurstLimit", "ThrottlingRateLimit")


def rest_throttled(reading: Reading, stage: Mapping) -> Value[bool]:
    """Say whether a stage's method settings let no request for OPTIONS, or for anything, pass."""
    for own in _settings(reading, stage):
        method = reading.text(own.get("HttpMethod"))
        if method is None or (isinstance(method, Known) and method.value.upper() in ("*", "OPTIONS")):
            refused = _nothing(reading, own)
            if refused is not None and _everywhere(reading, own):
                return refused
    return Known(False)


def http_throttled(reading: Reading, stage: Mapping) -> Value[bool]:
    """Say whether a stage's default route settings let no request pass."""
    own = reading.mapping(stage.get("DefaultRouteSettings"))
    return (_nothing(reading, own) if own is not None else None) or Known(False)


def cached(reading: Reading, stage: Mapping) -> Value[bool]:
    """Say whether a REST stage keeps answers: it needs a cache, and a method that uses it."""
    used = any(reading.is_on(own.get("CachingEnabled")) for own in _settings(reading, stage))
    return Known(used and reading.is_on(stage.get("CacheClusterEnabled")))


def base_paths(reading: Reading, api: str, own: Mapping) -> tuple[Text, ...]:
    """Return the paths under custom domains that lead to an API: those of SAM's Domain, and of mappings."""
    found: list[Text] = []
    domain = reading.mapping(own.get("Domain"))
    if domain is not None:
        listed = reading.texts(domain.get("BasePath"))
        found += listed.value if isinstance(listed, Known) and listed.value else (Known(""),)
    for resource in reading.of_type("AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping"):
        mapping = resource.properties
        named = mapping.get("RestApiId") or mapping.get("ApiId")
        if named is not None and logical_id(named) == api:
            found.append(reading.text(mapping.get("BasePath") or mapping.get("ApiMappingKey")) or Known(""))
    return tuple(Known(each.value.strip("/"), each.span) if isinstance(each, Known) else each for each in found)


def _settings(reading: Reading, stage: Mapping) -> Iterator[Mapping]:
    listed = reading.value(stage.get("MethodSettings"))
    for item in listed.value if isinstance(listed, Known) and isinstance(listed.value, tuple) else ():
        if isinstance(item, Known) and isinstance(item.value, Mapping):
            yield item.value


def _everywhere(reading: Reading, own: Mapping) -> bool:
    path = reading.text(own.get("ResourcePath"))
    return path is None or (isinstance(path, Known) and path.value.strip("/") in ("*", ""))


def _nothing(reading: Reading, own: Mapping) -> Known[bool] | None:
    """Return the limit that lets nothing pass, None where there is none."""
    for name in _LIMITS:
        node: Node | None = own.get(name)
        limit = reading.text(node)
        if node is not None and isinstance(limit, Known) and _is_zero(limit.value):
            return Known(True, node.span)
    return None


def _is_zero(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return False
