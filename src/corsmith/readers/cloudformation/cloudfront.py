"""AWS::CloudFront::Distribution: the distributions in front of an API, a Function URL or a load balancer of the template.

Source: the CloudFormation reference, AWS::CloudFront::Distribution; the CloudFront developer guide, "Cache behavior settings".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corsmith.api.alb import Alb
from corsmith.api.cloudfront import CacheBehavior, CloudFront, ErrorPage
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.value import Known, Text, Texts, Unknown, known_texts
from corsmith.readers.intrinsics import logical_id
from corsmith.readers.nodes import Mapping, Sequence
from corsmith.readers.reading import Reading, mentioned
from corsmith.readers.template import Resource
from corsmith.readers.web_acls import guard

from .alb_conditions import items
from .cloudfront_policies import added, passing

Target = HttpApi | RestApi | FunctionUrl | Alb


def distributions(reading: Reading, doors: Iterable[FrontDoor]) -> Iterator[CloudFront]:
    """Yield the distributions of which a behavior leads to one of `doors`."""
    targets = {door.name: door for door in doors if not isinstance(door, CloudFront)}
    for resource in reading.of_type("AWS::CloudFront::Distribution"):
        config = reading.mapping(resource.properties.get("DistributionConfig"))
        if config is not None:
            made = _distribution(reading, resource, config, targets)
            if any(behavior.target is not None for behavior in made.behaviors):
                yield made


def _distribution(reading: Reading, resource: Resource, config: Mapping, targets: dict[str, Target]) -> CloudFront:
    origins: dict[str, Mapping] = {}
    for own in items(reading, config.get("Origins")):
        name = reading.text(own.get("Id"))
        origins[name.value if isinstance(name, Known) else ""] = own
    behaviors = [_behavior(reading, own, origins, targets) for own in items(reading, config.get("CacheBehaviors"))]
    default = reading.mapping(config.get("DefaultCacheBehavior"))
    if default is not None:
        behaviors.append(_behavior(reading, default, origins, targets, Known("*")))
    return CloudFront(
        resource.name,
        resource.span,
        tuple(behaviors),
        tuple(_error_pages(reading, config)),
        guards=tuple(guard(reading, config.get("WebACLId"))),
        aliases=reading.texts(config.get("Aliases")) or Known(()),
    )


def _behavior(
    reading: Reading, own: Mapping, origins: dict[str, Mapping], targets: dict[str, Target], pattern: Text | None = None
) -> CacheBehavior:
    named = reading.text(own.get("TargetOriginId"))
    origin = origins.get(named.value) if isinstance(named, Known) else None
    target = _target(reading, origin, targets) if origin is not None else None
    path = reading.text(origin.get("OriginPath")) if origin is not None else None
    let = passing(reading, own)
    more = added(reading, own.get("ResponseHeadersPolicyId"))
    return CacheBehavior(
        pattern or reading.text(own.get("PathPattern")) or Unknown("the behavior has no PathPattern", own.span),
        target,
        own.span,
        stage=_stage(path),
        elsewhere=Unknown("the origin server is not defined in the template", own.span),
        allowed_methods=_methods(reading, own, "AllowedMethods"),
        cached_methods=_methods(reading, own, "CachedMethods"),
        forwarded=let.forwarded,
        cache_key=let.key,
        caches=let.caches,
        cors=more.cors,
        headers=more.headers,
        code=_code(own),
        signs=origin is not None and origin.get("OriginAccessControlId") is not None,
    )


def _target(reading: Reading, origin: Mapping, targets: dict[str, Target]) -> Target | None:
    """Return the front door that an origin's domain name stands for."""
    domain = origin.get("DomainName")
    for name in mentioned(domain) if domain is not None else ():
        if name in targets:
            return targets[name]
        for door in targets.values():
            if isinstance(door, Alb) and _balancer(reading, door) == name:
                return door
    return None


def _balancer(reading: Reading, listener: Alb) -> str | None:
    resource = reading.template.resources.get(listener.name)
    return logical_id(resource.properties.get("LoadBalancerArn")) if resource is not None else None


def _stage(path: Text | None) -> Text:
    """An origin path's first segment is the stage; what follows it is not modelled, and seldom there."""
    if path is None:
        return Known("")
    if isinstance(path, Known):
        return Known(path.value.strip("/"), path.span, path.via)
    return Unknown("OriginPath names a stage that is not known", path.span)


def _methods(reading: Reading, own: Mapping, key: str) -> Texts:
    return reading.texts(own.get(key)) or known_texts("GET", "HEAD")


def _code(own: Mapping) -> Unknown | None:
    """What runs at the viewer's response, or at the origin's, may set headers; code at the request may answer itself."""
    for key in ("FunctionAssociations", "LambdaFunctionAssociations"):
        node = own.get(key)
        if node is not None and not (isinstance(node, Sequence) and not node.items):
            return Unknown("code at CloudFront may change the answer", node.span)
    return None


def _error_pages(reading: Reading, config: Mapping) -> Iterator[ErrorPage]:
    for own in items(reading, config.get("CustomErrorResponses")):
        status = reading.number(own.get("ErrorCode"))
        if status is not None:
            page, shown = reading.text(own.get("ResponsePagePath")), reading.number(own.get("ResponseCode"))
            yield ErrorPage(status, page or Known(""), shown, own.span)
