"""cookie-not-sent: the credentialed call passes CORS, but the cookie will not travel."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.cell import Cell
from corsmith.api.finding import Category, Severity
from corsmith.api.outcome import Node, Object, Outcome, Returned
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known, OneOf

from .answers import headers, leaves
from .passed import remarks, settings_place, stages
from .rule import Diagnosis, Rule, no_fix


def advise(cell: Cell, tree: Tree) -> Diagnosis | None:
    """Remark on credentialed calls to another site, unless its cookies are made for that.

    With a domain of its own the API may well be on the page's site: then only a cookie that the code sets is looked at.
    """
    del tree
    text = remarks(cell).get("cookie-not-sent")
    if text is None:
        return None
    set_here = tuple(_cookies(cell.outcome)) if cell.outcome is not None else ()
    refused = next((each for each in set_here if not _travels(each.value)), None)
    if refused is None and (set_here or _has_domain(cell)):
        return None
    place = (refused.span,) if refused is not None and refused.span is not None else ()
    start = "The cookie that is set here will not be sent: its attributes keep it on its own site. " if refused else ""
    return Diagnosis(
        start + text,
        (*place, settings_place(cell)),
        no_fix,
        severity=Severity.INFO,
    )


def _has_domain(cell: Cell) -> bool:
    return any(stage.base_paths for stage in stages(cell))


def _travels(cookie: str) -> bool:
    attributes = [part.strip().lower() for part in cookie.split(";")[1:]]
    return "secure" in attributes and "samesite=none" in attributes


def _cookies(outcome: Outcome) -> Iterator[Known[str]]:
    """Yield the cookies that a way out sets, as far as they are known."""
    nodes: list[Node] = [node for name, node, _ in headers(outcome) if name.lower() == "set-cookie"]
    if isinstance(outcome.result, Returned):
        for top in leaves(outcome.result.result):
            if isinstance(top, Object):
                nodes += (node for name, node in top.entries if name == "cookies")
    for node in nodes:
        for leaf in leaves(node):
            for option in leaf.options if isinstance(leaf, OneOf) else (leaf,):
                if isinstance(option, Known):
                    several = option.value if isinstance(option.value, list | tuple) else (option.value,)
                    yield from (Known(each, _span(option)) for each in several if isinstance(each, str))


def _span(known: Known[object]) -> Span | None:
    return known.span


RULE = Rule(
    "cookie-not-sent",
    Category.ADVICE,
    "the credentialed call passes CORS, but the cookie will not travel (SameSite, third-party cookies)",
    advise=advise,
)
