"""allow-headers-wildcard-authorization: Allow-Headers is `*`, which does not cover Authorization."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.cell import Cell
from corsmith.api.finding import Category, Severity
from corsmith.api.fix import Fix
from corsmith.api.rest_api import Mock, RestMethod
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.fixes.lists import add_to_list
from corsmith.gateways import match

from .answers import headers, leaves
from .blocked import Blocked
from .passed import listed, preflight_answer, remarks, settings, settings_place
from .proposals import add_to_allowed
from .rule import Diagnosis, Rule
from .settings import cors_settings, set_at

_NAME = "access-control-allow-headers"
_MESSAGE = (
    "Access-Control-Allow-Headers is `*`, and by the Fetch Standard that does not cover Authorization. Today's browsers let "
    "it pass, and Firefox says that it will stop. List Authorization by name."
)


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain what the letter of the standard refuses; browsers still allow it."""
    if blocked.error != "HeaderDisallowedByPreflightResponse" or blocked.cell.caller.credentials == "include":
        return None
    if str(blocked.cell.verdict.failed_parameter).lower() != "authorization":
        return None
    if "*" not in listed(blocked.deciding.response, _NAME):
        return None
    near = cors_settings(blocked)
    return Diagnosis(
        _MESSAGE,
        set_at(blocked, _NAME) or (near or blocked.front_door.span,),
        lambda: add_to_allowed(blocked, _NAME, "authorization"),
        severity=Severity.WARNING,
    )


def advise(cell: Cell, tree: Tree) -> Diagnosis | None:
    """Remark on calls that only the letter of the standard refuses."""
    if preflight_answer(cell) is None or "authorization-under-wildcard" not in remarks(cell):
        return None
    place = _place(cell)
    return Diagnosis(_MESSAGE, (place,), lambda: _name_it(tree, place), severity=Severity.WARNING)


def _name_it(tree: Tree, place: Span) -> Iterator[Fix]:
    edits = add_to_list(tree, (place,), ("authorization",))
    if edits:
        yield Fix("Add authorization to Access-Control-Allow-Headers", safe=True, edits=edits)


def _place(cell: Cell) -> Span:
    """Return where the wildcard stands: in the settings, in the mock, in the code; else where the settings are."""
    return next(
        (value.span for value in _values(cell) if value.value in ("*", "'*'") and value.span), settings_place(cell)
    )


def _values(cell: Cell) -> Iterator[Known[str]]:
    own, last = settings(cell), cell.route.last
    for item in own.allow_headers.value if own is not None and isinstance(own.allow_headers, Known) else ():
        if isinstance(item, Known):
            yield item
    takes = match(last.front_door, "OPTIONS", last.path)
    integration = takes.integration if isinstance(takes, RestMethod) else None
    for response in integration.responses if isinstance(integration, Mock) else ():
        yield from (each for name, each in response.parameters if name.lower() == _NAME and isinstance(each, Known))
    for name, node, _ in headers(cell.preflight_outcome) if cell.preflight_outcome is not None else ():
        if name.lower() == _NAME:
            yield from (leaf for leaf in leaves(node) if isinstance(leaf, Known))


RULE = Rule(
    "allow-headers-wildcard-authorization",
    Category.BLOCKED,
    "Allow-Headers is `*`, which does not cover Authorization",
    explain,
    advise=advise,
)
