"""The actions of listeners and listener rules, and the target groups they forward to.

Source: the Elastic Load Balancing guides, "Lambda functions as targets" and "Listener rules".
"""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.alb import AlbAction, AlbRedirect, AlbTarget, Elsewhere, FixedResponse
from corsmith.api.span import Span
from corsmith.api.value import Known, OneOf, Text, Unknown, Value, mapped
from corsmith.readers.nodes import Mapping, Node
from corsmith.readers.permissions import INVOKES
from corsmith.readers.reading import Reading, mentioned
from corsmith.readers.template import Resource
from corsmith.readers.values import merged

from .alb_conditions import items, listed

_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
_FINAL = ("forward", "redirect", "fixed-response")
_PARTS = (("Protocol", "#{protocol}"), ("Host", "#{host}"), ("Port", "#{port}"), ("Path", "/#{path}"))


class Actions(Struct, frozen=True):
    """Reads the actions of one template."""

    reading: Reading

    def action(self, node: Node | None, span: Span) -> AlbAction:
        """Return what the list of actions under `node` comes to; `span` is the rule's or listener's."""
        final: AlbAction | None = None
        asks = ""
        for own in listed(self.reading, node):
            kind = self.reading.text(own.get("Type")) if isinstance(own, Mapping) else None
            if isinstance(own, Mapping) and isinstance(kind, Known) and kind.value in _FINAL:
                final = self._final(kind.value, own)
            else:
                asks = f"the action {kind.value}" if isinstance(kind, Known) else "an action that is not known"
        if final is None:
            return Elsewhere("what the action does is not known", span)
        if asks and isinstance(final, AlbTarget):
            unknown = Unknown(f"{asks} stands before the function and may answer in its place", span)
            return AlbTarget(unknown, final.span, final.multi_value, final.permitted)
        return Elsewhere(f"{asks} comes first", span) if asks else final

    def _final(self, kind: str, own: Mapping) -> AlbAction:
        if kind == "forward":
            return self._forward(own)
        if kind == "redirect":
            return self._redirect(own)
        config = self.reading.supposed(own.get("FixedResponseConfig"))
        code, content, body = (
            self.reading.text(config.get(name)) if config is not None else None
            for name in ("StatusCode", "ContentType", "MessageBody")
        )
        status = code or Unknown("the fixed response states no StatusCode", own.span)
        return FixedResponse(status, content or Known("text/plain"), body or Known(""), own.span)

    def _redirect(self, own: Mapping) -> AlbAction:
        config = self.reading.supposed(own.get("RedirectConfig"))
        given = [self._part(config, name, default) for name, default in (*_PARTS, ("Query", "#{query}"))]
        status = self.reading.text(self.reading.at(config, "StatusCode"))
        return AlbRedirect(status or Unknown("the redirect states no StatusCode", own.span), _joined(given), own.span)

    def _part(self, config: Mapping | None, name: str, default: str) -> Text:
        value = self.reading.text(self.reading.at(config, name))
        if value is None:
            return Known(default)
        return mapped(value, str.lower) if name == "Protocol" else value

    def _forward(self, own: Mapping) -> AlbAction:
        config = self.reading.supposed(own.get("ForwardConfig"))
        groups = [] if config is None else [
            (group.get("TargetGroupArn"), self.reading.number(group.get("Weight")))
            for group in items(self.reading, config.get("TargetGroups"))
        ]  # fmt: skip
        used = [node for node, weight in groups if not (isinstance(weight, Known) and weight.value == 0)]
        if not groups:
            used = [own.get("TargetGroupArn")]
        targets = [self._target(node, own.span) for node in used]
        if len(targets) == 1:
            return targets[0]
        if not any(isinstance(target, AlbTarget) for target in targets):
            return Elsewhere("the target groups lead to no function", own.span)
        unknown = Unknown("the rule shares its requests out among several target groups", own.span)
        return AlbTarget(unknown, own.span)

    def _target(self, node: Node | None, span: Span) -> AlbAction:
        groups = self._groups(node)
        if len(groups) > 1:
            return AlbTarget(Unknown("which target group the requests go to depends on a condition", span), span)
        if not groups:
            return Elsewhere("the target group is not one of this template", node.span if node is not None else span)
        (group,) = groups
        kind = self.reading.text(group.properties.get("TargetType"))
        if not isinstance(kind, Known) or kind.value != "lambda":
            return Elsewhere(f"the target group {group.name} leads to servers", group.span)
        function = self._function(group)
        return AlbTarget(function, group.span, self._multi_value(group), self._permitted(group, function))

    def _groups(self, node: Node | None) -> list[Resource]:
        named = mentioned(node) if node is not None else ()
        found = (self.reading.template.resources.get(name) for name in dict.fromkeys(named))
        return [resource for resource in found if resource is not None and resource.type == _GROUP]

    def _function(self, group: Resource) -> Text:
        named = [self.reading.function(own.get("Id")) for own in items(self.reading, group.properties.get("Targets"))]
        missing = f"the target group {group.name} names no function"
        return merged(named, missing, group.span) if named else Unknown(missing, group.span)

    def _multi_value(self, group: Resource) -> Value[bool]:
        for own in items(self.reading, group.properties.get("TargetGroupAttributes")):
            key = self.reading.text(own.get("Key"))
            if isinstance(key, Known) and key.value == "lambda.multi_value_headers.enabled":
                return self.reading.switch(own.get("Value")) or Known(False)
        return Known(False)

    def _permitted(self, group: Resource, function: Text) -> Value[bool]:
        """Say whether Elastic Load Balancing may invoke the function for a target group."""
        if not isinstance(function, Known):
            return Known(True)
        unsure = ""
        for resource in self.reading.of_type("AWS::Lambda::Permission"):
            own = resource.properties
            action = self.reading.text(own.get("Action"))
            principal = self.reading.symbolic(own.get("Principal"))
            if not principal.startswith(("elasticloadbalancing.", "*")):
                continue
            if isinstance(action, Known) and action.value not in INVOKES:
                continue
            granted = self.reading.function(own.get("FunctionName"))
            covers = self._covers(own.get("SourceArn"), group)
            mine = granted.value == function.value if isinstance(granted, Known) else None
            if mine and covers:
                return Known(True, resource.span)
            if mine is not False and covers is not False:
                unsure = (
                    f"whether the permission {resource.name} is for {function.value} and its target group is unknown"
                )
        return Unknown(unsure, group.span) if unsure else Known(False, group.span)

    def _covers(self, source: Node | None, group: Resource) -> bool | None:
        """Say whether a permission's SourceArn takes the target group in; None where that is not known."""
        if source is None:
            return True
        names = [name for name in mentioned(source) if name in self.reading.template.resources]
        if names:
            return group.name in names
        return True if self.reading.symbolic(source).endswith("*") else None


def _joined(parts: list[Text]) -> Text:
    """Return where a redirect leads, put together of protocol, host, port, path and query."""
    for part in parts:
        if isinstance(part, Unknown | OneOf):
            return Unknown(f"where the redirect leads is undecided: {part.because}", part.span)
    protocol, host, port, path, query = (part.get() for part in parts)
    spans = [part.span for part in parts if part.span is not None]
    return Known(f"{protocol}://{host}:{port}{path}?{query}", spans[0] if spans else None)
