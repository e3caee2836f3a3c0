"""httpapi-handler-headers-ignored: the HTTP API's configuration replaces the code's CORS headers, which say otherwise."""

from __future__ import annotations

from corsmith.api.cell import Cell
from corsmith.api.exchange import values
from corsmith.api.finding import Category, Severity
from corsmith.api.http_api import HttpApi, HttpApiCors
from corsmith.api.outcome import Echo, Node
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known, Texts

from .answers import headers, leaves
from .passed import answer, settings
from .rule import Diagnosis, Rule, no_fix

_LISTS = {"access-control-allow-methods": "allow_methods", "access-control-allow-headers": "allow_headers"}
_SAFELISTED = frozenset(("get", "head", "post", "options"))


def advise(cell: Cell, tree: Tree) -> Diagnosis | None:
    """Remark on CORS headers of the code that differ from what the gateway sends in their place."""
    del tree
    cors, outcome = settings(cell), cell.outcome
    if not isinstance(cell.route.last.front_door, HttpApi) or not isinstance(cors, HttpApiCors) or outcome is None:
        return None
    for name, node, _ in headers(outcome):
        lower = name.lower()
        if lower.startswith("access-control-"):
            for leaf in leaves(node):
                if _differs(cell, cors, lower, leaf):
                    return _diagnosis(cell, cors, name, leaf, outcome.span)
    return None


def _differs(cell: Cell, cors: HttpApiCors, name: str, leaf: Node) -> bool:
    """Say whether the code's value would have another effect than what is sent."""
    if name in _LISTS:
        return isinstance(leaf, Known) and not _within(str(leaf.value), getattr(cors, _LISTS[name]))
    sent = values(answer(cell).headers, name)
    if name == "access-control-allow-origin":
        if isinstance(leaf, Echo):
            return sent == ("*",)
        return isinstance(leaf, Known) and isinstance(leaf.value, str) and (leaf.value,) != sent
    if name == "access-control-allow-credentials":
        return isinstance(leaf, Known) and str(leaf.value).lower() == "true" and not sent
    if name == "access-control-expose-headers":
        return isinstance(leaf, Known) and not _within(str(leaf.value), cors.expose_headers)
    return False


def _within(written: str, setting: Texts | None) -> bool:
    """Say whether the settings allow all that the code lists."""
    if setting is not None and not isinstance(setting, Known):
        return True
    items = setting.value if setting is not None else ()
    if not all(isinstance(item, Known) for item in items):
        return True
    allowed = {item.value.lower() for item in items if isinstance(item, Known)}
    wanted = {item.strip().lower() for item in written.split(",")} - {""}
    return "*" in allowed or wanted <= (allowed | _SAFELISTED)


def _diagnosis(cell: Cell, cors: HttpApiCors, name: str, leaf: Node, whole: Span) -> Diagnosis:
    span = getattr(leaf, "span", None) or whole
    return Diagnosis(
        f"The code sets {name}, but HTTP API {cell.route.last.front_door.name} has a CORS configuration: the gateway takes the "
        "function's CORS headers out and sends its own, which say something else. Say it in the configuration, and take the "
        "headers out of the code.",
        tuple(each for each in (span, cors.span) if each is not None),
        no_fix,
        severity=Severity.INFO,
    )


RULE = Rule(
    "httpapi-handler-headers-ignored",
    Category.ADVICE,
    "CORS headers in the function have no effect: the HTTP API's configuration replaces them, and they differ from it",
    advise=advise,
)
