"""Web ACLs: whether one refuses preflights for what they are, or for what they cannot carry.

A preflight is an OPTIONS request without cookies and without headers of the page's own (Fetch Standard, "CORS-preflight
fetch"). Only rules that look at the method or at such headers are decided; managed rule groups, rates and addresses are taken
for rules that let it pass. Source: the AWS WAF developer guide, "Rule statements list".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corsmith.api.front_door import Guard
from corsmith.api.value import Known, OneOf, Unknown

from .nodes import Mapping, Node
from .reading import Reading, mentioned
from .template import Resource

_CARRIED = frozenset(
    ("accept", "accept-encoding", "accept-language", "access-control-request-headers", "access-control-request-method",
     "connection", "host", "origin", "referer", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "user-agent")
)  # fmt: skip
_METHOD = "OPTIONS"


def guards_of(reading: Reading, *names: str | None) -> tuple[Guard, ...]:
    """Return the web ACLs that are associated with one of these resources, where they refuse preflights."""
    found: list[Guard] = []
    for association in reading.of_type("AWS::WAFv2::WebACLAssociation"):
        target = association.properties.get("ResourceArn")
        if target is not None and set(mentioned(target)) & set(names):
            found += guard(reading, association.properties.get("WebACLArn"))
    return tuple(found)


def guard(reading: Reading, node: Node | None) -> Iterator[Guard]:
    """Yield the guard that the web ACL under `node` is, where it refuses preflights."""
    for name in mentioned(node) if node is not None else ():
        resource = reading.template.resources.get(name)
        if resource is not None and resource.type == "AWS::WAFv2::WebACL":
            why = _Acl(reading).refuses(resource)
            if why:
                yield Guard("waf", (_METHOD,), f"the web ACL {name} {why}", resource.span)


class _Acl:
    """Decides about one template's web ACLs."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.added = frozenset(self._added())

    def refuses(self, acl: Resource) -> str:
        """Return by what a web ACL refuses preflights; "" where it does not, or where that is not known."""
        rules = sorted(self._rules(acl.properties.get("Rules")), key=self._priority)
        for rule in rules:
            action = self.reading.mapping(rule.get("Action"))
            if action is None:
                continue
            holds = self._holds(self.reading.mapping(rule.get("Statement")))
            if action.get("Block") is not None and holds:
                name = self.reading.text(rule.get("Name"))
                return f"blocks it by its rule {name.value if isinstance(name, Known) else ''}".rstrip()
            if action.get("Allow") is not None and holds is not False:
                return ""
        default = self.reading.mapping(acl.properties.get("DefaultAction"))
        return (
            "blocks what none of its rules allows" if default is not None and default.get("Block") is not None else ""
        )

    def _rules(self, node: Node | None) -> Iterator[Mapping]:
        value = self.reading.value(node)
        for item in value.value if isinstance(value, Known) and isinstance(value.value, tuple) else ():
            if isinstance(item, Known) and isinstance(item.value, Mapping):
                yield item.value

    def _priority(self, rule: Mapping) -> int:
        number = self.reading.number(rule.get("Priority"))
        return number.value if isinstance(number, Known) else 0

    def _holds(self, statement: Mapping | None) -> bool | None:
        """Say whether a statement is true of a preflight; None where that is not known."""
        for entry in statement.entries if statement is not None else ():
            own = self.reading.mapping(entry.value)
            kind = entry.key.text
            if own is None:
                return None
            if kind == "NotStatement":
                inner = self._holds(self.reading.mapping(own.get("Statement")))
                return None if inner is None else not inner
            if kind in ("AndStatement", "OrStatement"):
                held = [self._holds(each) for each in self._rules(own.get("Statements"))]
                settles = kind == "OrStatement"
                return settles if settles in held else None if None in held else not settles
            return self._matches(kind, own)
        return None

    def _matches(self, kind: str, own: Mapping) -> bool | None:
        field = self.reading.mapping(own.get("FieldToMatch"))
        if field is None:
            return (
                False
                if kind in ("ManagedRuleGroupStatement", "RateBasedStatement", "RuleGroupReferenceStatement")
                else None
            )
        header = self.reading.mapping(field.get("SingleHeader"))
        if header is not None:
            name = self.reading.text(header.get("Name"))
            absent = isinstance(name, Known) and name.value.lower() not in _CARRIED | self.added
            return False if absent else None
        return self._method(kind, own) if field.get("Method") is not None else None

    def _method(self, kind: str, own: Mapping) -> bool | None:
        if kind == "RegexMatchStatement":
            pattern = self.reading.text(own.get("RegexString"))
            try:
                return re.search(pattern.value, _METHOD, re.I) is not None if isinstance(pattern, Known) else None
            except re.error:
                return None
        text = self.reading.text(own.get("SearchString"))
        how = self.reading.text(own.get("PositionalConstraint"))
        if kind != "ByteMatchStatement" or isinstance(text, Unknown | OneOf | None) or not isinstance(how, Known):
            return None
        wanted = text.value.upper()
        held = {
            "EXACTLY": wanted == _METHOD,
            "STARTS_WITH": _METHOD.startswith(wanted),
            "ENDS_WITH": _METHOD.endswith(wanted),
            "CONTAINS": wanted in _METHOD,
            "CONTAINS_WORD": wanted == _METHOD,
        }
        return held.get(how.value)

    def _added(self) -> Iterator[str]:
        """Yield the headers that distributions of the template add on the way to their origin servers."""
        for resource in self.reading.of_type("AWS::CloudFront::Distribution"):
            for origin in self._rules(self.reading.at(resource.properties, "DistributionConfig", "Origins")):
                for own in self._rules(origin.get("OriginCustomHeaders")):
                    name = self.reading.text(own.get("HeaderName"))
                    if isinstance(name, Known):
                        yield name.value.lower()


def mutual_tls(reading: Reading, api: str, own: Mapping) -> tuple[Guard, ...]:
    """Return the guard of an API that answers only under a domain with mutual TLS.

    An API that keeps its own address is reached there without a certificate.
    """
    if not reading.is_on(own.get("DisableExecuteApiEndpoint")):
        return ()
    for node in (reading.at(own, "Domain", "MutualTlsAuthentication"), *_of_domains(reading, api)):
        if node is not None and reading.value(node) is not None:
            return (Guard("mutual-tls", ("*",), "its domain asks callers for a certificate (mutual TLS)", node.span),)
    return ()


def _of_domains(reading: Reading, api: str) -> Iterator[Node | None]:
    for mapping in reading.of_type("AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping"):
        named = mapping.properties.get("RestApiId") or mapping.properties.get("ApiId")
        domain = mapping.properties.get("DomainName")
        if named is None or domain is None or api not in mentioned(named):
            continue
        for name in mentioned(domain):
            resource = reading.template.resources.get(name)
            if resource is not None and resource.type.endswith("::DomainName"):
                yield resource.properties.get("MutualTlsAuthentication")
