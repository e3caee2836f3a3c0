"""An audit as one page that needs nothing else: what was found, with links into AWS's console, and what stayed open."""

from __future__ import annotations

from corsmith.api.cell import Exchange
from corsmith.api.exchange import Response
from corsmith.api.finding import Severity
from corsmith.report.html import page, section
from corsmith.report.html.element import Markup, element
from corsmith.report.html.exchange import exchanges

from .as_report import undecided
from .audit import Audit
from .found import Found
from .links import Deployed


def render(audit: Audit) -> str:
    """Return the page, ending in a line feed."""
    places = {each.place for each in audit.readings.places}
    read = [f"{each.account} {each.region}" for each in sorted(places)]
    return page(
        _counts(audit),
        section("Findings", [_finding(each) for each in audit.found]),
        section("Undecided", [_line(f"{', '.join(routes)}: {why}") for why, routes in undecided(audit).items()]),
        section("Not read", [_line(each.message) for each in audit.failures]),
        section("Notes", [_line(each) for each in audit.remarks]),
        section("Read", [_line(each) for each in read]),
    )


def _counts(audit: Audit) -> Markup:
    counts = (
        *((sum(each.finding.severity is level for each in audit.found), f"{level}s") for level in Severity),
        (audit.allowed, "cells allowed"),
        (audit.blocked, "blocked"),
        (len(audit.undecided), "undecided"),
        (audit.units, "front doors"),
    )
    items = [element("li", {}, element("b", {}, str(number)), f" {what}") for number, what in counts]
    return element("ul", {"class": "counts"}, *items)


def _finding(found: Found) -> Markup:
    finding = found.finding
    level = element("span", {"class": f"level {finding.severity}"}, str(finding.severity))
    title = f" {', '.join(part for part in (finding.api, finding.route) if part)}: {finding.rule}"
    parts = [element("h3", {}, level, title), element("p", {}, element("bdi", {}, finding.message))]
    if finding.affects:
        parts.append(element("p", {}, "Also: ", element("bdi", {}, ", ".join(finding.affects))))
    parts += [_place(each) for each in found.deployed]
    evidence = finding.evidence
    if evidence is not None:
        if evidence.console:
            parts += [element("p", {}, "The browser prints:"), element("pre", {"class": "console"}, evidence.console)]
        kind = "preflight" if evidence.stage == "preflight" else "request"
        shown = exchanges((Exchange(kind, evidence.request, evidence.response or Response(0)),))
        parts.append(element("details", {}, element("summary", {}, "The exchange"), shown))
    return element("article", {}, *parts)


def _place(deployed: Deployed) -> Markup:
    shown = element("bdi", {}, f"{deployed.label}: {deployed.arn}")
    return element("p", {}, shown, " ", element("a", {"href": deployed.console, "rel": "noreferrer"}, "console"))


def _line(said: str) -> Markup:
    return element("p", {}, element("bdi", {}, said))
