"""AWS::ElasticLoadBalancingV2::* resources: the listeners that lead to functions, with their rules.

Source: the CloudFormation reference, AWS::ElasticLoadBalancingV2::Listener and ListenerRule.
"""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.alb import Alb, AlbRule, AlbTarget, Elsewhere
from corsmith.api.value import Known, Text, Unknown
from corsmith.readers.intrinsics import intrinsic, logical_id
from corsmith.readers.nodes import Node, Scalar
from corsmith.readers.reading import Reading
from corsmith.readers.template import Resource
from corsmith.readers.web_acls import guards_of

from .alb_actions import Actions
from .alb_conditions import conditions_of, items

_HEADER, _VALUE = "routing.http.response.", ".header_value"


def listeners(reading: Reading) -> Iterator[Alb]:
    """Yield the listeners of Application Load Balancers that lead to a function, those of other stacks last."""
    actions = Actions(reading)
    rules: dict[str, list[AlbRule]] = {}
    names: dict[str, str] = {}
    for resource in reading.of_type("AWS::ElasticLoadBalancingV2::ListenerRule"):
        named = _named(reading, resource.properties.get("ListenerArn"))
        # A parameter's name says which listener it is; an ARN or an import does not.
        names.setdefault(named, named if named in reading.template.parameters else resource.name)
        rules.setdefault(named, []).append(_rule(reading, resource, actions))
    for resource in reading.of_type("AWS::ElasticLoadBalancingV2::Listener"):
        mine = tuple(rules.pop(resource.name, ()))
        if _is_http(reading, resource):
            default = actions.action(resource.properties.get("DefaultActions"), resource.span)
            inserts, inside = _inserts(reading, resource), _is_inside(reading, resource)
            balancer = logical_id(resource.properties.get("LoadBalancerArn"))
            guards = guards_of(reading, balancer)
            yield from _leading(
                Alb(resource.name, resource.span, mine, default, inserts, guards=guards, private=inside)
            )
    for named, others in rules.items():
        if named not in reading.template.resources:
            default = Elsewhere("the listener's default action is part of another stack", others[0].span)
            yield from _leading(Alb(names[named], others[0].span, tuple(others), default))


def _leading(listener: Alb) -> Iterator[Alb]:
    """A listener that leads to servers or redirects only is no front door of a function."""
    if any(isinstance(action, AlbTarget) for action in (listener.default, *(rule.action for rule in listener.rules))):
        yield listener


def _rule(reading: Reading, resource: Resource, actions: Actions) -> AlbRule:
    own = resource.properties
    conditions = conditions_of(reading, own.get("Conditions"), resource.span)
    rewritten = own.entry("Transforms")
    others = conditions.others
    if rewritten is not None and items(reading, rewritten.value):
        others += (Unknown("the rule rewrites the request's address", rewritten.key.span),)
    return AlbRule(
        reading.number(own.get("Priority")) or Unknown("the rule states no Priority", resource.span),
        actions.action(own.get("Actions"), resource.span),
        resource.span,
        conditions.paths,
        conditions.methods,
        conditions.hosts,
        others=others,
    )


def _named(reading: Reading, node: Node | None) -> str:
    """Return what a rule's listener is named by: a logical id, a parameter, an ARN, an import."""
    named = logical_id(node) or reading.symbolic(node)
    used = intrinsic(node) if not named and node is not None else None
    return used[1].text if used is not None and isinstance(used[1], Scalar) else named


def _is_http(reading: Reading, listener: Resource) -> bool:
    """Say whether a listener is an Application Load Balancer's: those of other kinds speak TCP, TLS, UDP or GENEVE."""
    protocol = reading.text(listener.properties.get("Protocol"))
    if isinstance(protocol, Known) and protocol.value.upper() not in ("HTTP", "HTTPS"):
        return False
    balancer = reading.template.resources.get(logical_id(listener.properties.get("LoadBalancerArn")) or "")
    kind = reading.text(balancer.properties.get("Type")) if balancer is not None else None
    return not isinstance(kind, Known) or kind.value == "application"


def _is_inside(reading: Reading, listener: Resource) -> Known[bool]:
    """Say whether the listener's load balancer has private addresses only."""
    balancer = reading.template.resources.get(logical_id(listener.properties.get("LoadBalancerArn")) or "")
    scheme = reading.text(balancer.properties.get("Scheme")) if balancer is not None else None
    return Known(isinstance(scheme, Known) and scheme.value == "internal")


def _inserts(reading: Reading, listener: Resource) -> tuple[tuple[str, Text], ...]:
    """Return the response headers that a listener's attributes set."""
    found: list[tuple[str, Text]] = []
    for own in items(reading, listener.properties.get("ListenerAttributes")):
        key, value = reading.text(own.get("Key")), reading.text(own.get("Value"))
        name = key.value if isinstance(key, Known) else ""
        # An empty value is how one writes that the header is not set.
        if value is None or (isinstance(value, Known) and not value.value):
            continue
        if name.startswith(_HEADER) and name.endswith(_VALUE):
            words = name.removeprefix(_HEADER).removesuffix(_VALUE).split("_")
            found.append(("-".join(word.capitalize() for word in words), value))
    return tuple(found)
