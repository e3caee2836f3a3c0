"""`alb` events: listener rules of a load balancer that belongs to another stack, or to `resources`.

Source: the guide "Application Load Balancer".
"""

from __future__ import annotations

import re

from corsmith.readers.nodes import Mapping, Node

from . import naming
from .parts import Unresolved, as_list, attribute, entries_of, get, is_on, items_of, listed, record, ref, text_of, word
from .service import Event, Service, Stack

_ARN = re.compile(r"arn:aws[\w-]*:elasticloadbalancing:.+:listener/app/[\w-]+/([\w-]+)/[\w-]+$")
_KINDS = (
    ("host", "host-header", "HostHeaderConfig"),
    ("method", "http-request-method", "HttpRequestMethodConfig"),
    ("ip", "source-ip", "SourceIpConfig"),
)


def add_load_balancers(service: Service, stack: Stack) -> None:
    """Add the listener rules and target groups of a service."""
    for event in service.events("alb", stack):
        if isinstance(event.value, Mapping):
            _rule(service, event, stack)


def _rule(service: Service, event: Event, stack: Stack) -> None:
    own, span, function = event.value, event.span, event.function
    arn, priority = get(own, "listenerArn"), get(own, "priority")
    if arn is None or get(own, "conditions") is None:
        missing = "listenerArn" if arn is None else "conditions"
        stack.refuse("missing", span, f"An alb event of {function.name} has no {missing}.", key=missing)
        return
    several = get(own, "multiValueHeaders")
    group = f"{naming.normal(function.name)}Alb{'MultiValue' if is_on(several) else ''}TargetGroup{_balancer(arn)}"
    stack.add(
        group,
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        span,
        [
            ("TargetType", word("lambda", span)),
            ("Targets", listed(span, (record(span, [("Id", attribute(function.id, "Arn", span))]),))),
            ("TargetGroupAttributes", listed(span, (_several(several, event),))),
        ],
    )
    name = f"{naming.normal(function.name)}AlbListenerRule{text_of(priority) or ''}"
    stack.add(
        name,
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        span,
        [
            ("Actions", listed(span, (*_sign_ins(service, event), _forward(group, event)))),
            ("Conditions", listed(span, _conditions(event))),
            ("ListenerArn", arn),
            ("Priority", priority),
        ],
    )
    stack.add(
        naming.normal(function.name) + "LambdaPermissionRegisterTarget",
        "AWS::Lambda::Permission",
        span,
        [
            ("FunctionName", attribute(function.id, "Arn", span)),
            ("Action", word("lambda:InvokeFunction", span)),
            ("Principal", word("elasticloadbalancing.amazonaws.com", span)),
        ],
    )


def _balancer(arn: Node) -> str:
    named = text_of(get(arn, "Ref"))
    match = _ARN.match(text_of(arn) or "")
    return named or (match.group(1) if match is not None else "")


def _several(node: Node | None, event: Event) -> Node:
    value = node if node is not None else word("false", event.span)
    key = word("lambda.multi_value_headers.enabled", event.span)
    return record(event.span, [("Key", key), ("Value", value)])


def _forward(group: str, event: Event) -> Node:
    return record(event.span, [("Type", word("forward", event.span)), ("TargetGroupArn", ref(group, event.span))])


def _sign_ins(service: Service, event: Event) -> list[Node]:
    found: list[Node] = []
    for item in items_of(get(event.value, "authorizer")):
        config = service.provider("alb", "authorizers", text_of(item) or "")
        kind = text_of(get(config, "type")) or "oidc"
        found.append(record(item.span, [("Type", word(f"authenticate-{kind}", item.span))]))
    return found


def _conditions(event: Event) -> list[Node]:
    given = get(event.value, "conditions")
    if isinstance(given, Unresolved) or given is None:
        return [given] if given is not None else []
    found: list[Node] = []
    path = get(given, "path")
    if path is not None:
        found.append(record(path.span, [("Field", word("path-pattern", path.span)), ("Values", as_list(path))]))
    for key, field, config in _KINDS:
        node = get(given, key)
        if node is not None:
            values = record(node.span, [("Values", as_list(node))])
            found.append(record(node.span, [("Field", word(field, node.span)), (config, values)]))
    for node in items_of(get(given, "header")):
        values = record(node.span, [("HttpHeaderName", get(node, "name")), ("Values", get(node, "values"))])
        found.append(record(node.span, [("Field", word("http-header", node.span)), ("HttpHeaderConfig", values)]))
    query = get(given, "query")
    if query is not None:
        pairs = (record(e.span, [("Key", e.key), ("Value", e.value)]) for e in entries_of(query))
        values = record(query.span, [("Values", listed(query.span, pairs))])
        found.append(record(query.span, [("Field", word("query-string", query.span)), ("QueryStringConfig", values)]))
    return found
