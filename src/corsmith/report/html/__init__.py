"""The report as one page that needs nothing else: the matrix of routes × outcomes, and behind each cell its exchange.

The page holds no script and asks no server for anything; its policy forbids both. What opens are popovers of the browser
itself. All text goes through `element`, which escapes it: names come from templates, and those from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from corsmith import __version__
from corsmith.api.finding import Severity
from corsmith.api.report import Report

from .element import Markup, element, text
from .finding import call, finding_article
from .matrix import matrix

_STYLE = files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def render(report: Report) -> str:
    """Return the page, ending in a line feed."""
    places = {id(finding): f"finding-{number}" for number, finding in enumerate(report.findings, 1)}
    return page(
        _summary(report),
        matrix(report, places),
        section("Calls", [call(each) for each in report.calls]),
        section("Findings", [finding_article(report, each, places[id(each)]) for each in report.findings]),
        section("Unexplained", [_line(f"{c.route.label}: {c.verdict.error}") for c in report.unexplained]),
        section("Undecided", _undecided(report)),
        section("Not done", [_line(f"{p.file}:{p.line}:{p.column}: {p.message}") for p in report.problems]),
        section("Notes", [_line(f"{p.file}:{p.line}:{p.column}: {p.message}") for p in report.remarks]),
        section("Ignored", [_line(f"{i.finding.rule} {i.finding.route}: {i.reason}") for i in report.ignored]),
        section("Passed over", [_line(each) for each in report.passed_over]),
    )


def page(summary: Markup, *sections: Markup) -> str:
    """Return a page with a summary at its head, ending in a line feed."""
    body = element(
        "body",
        {},
        element("header", {}, element("h1", {}, "corsmith"), summary),
        element("main", {}, *sections),
        element("footer", {}, f"corsmith {__version__}"),
    )
    return f"<!DOCTYPE html>\n{element('html', {'lang': 'en'}, _head(), body)}\n"


def _head() -> Markup:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "referrer", "content": "no-referrer"}),
        element("title", {}, "corsmith report"),
        element("link", {"rel": "icon", "href": "data:,"}),
        element("style", {}, Markup(_STYLE)),
    )


def _summary(report: Report) -> Markup:
    undecided = sum(cell.undecided is not None for cell in report.cells)
    allowed = sum(cell.verdict is not None and cell.verdict.allowed for cell in report.cells)
    counts = (
        (report.count(Severity.ERROR), "errors"),
        (report.count(Severity.WARNING), "warnings"),
        (report.count(Severity.INFO), "infos"),
        (allowed, "cells allowed"),
        (len(report.cells) - allowed - undecided, "blocked"),
        (undecided, "undecided"),
    )
    items = [element("li", {}, element("b", {}, str(number)), f" {what}") for number, what in counts]
    return element("ul", {"class": "counts"}, *items)


def _undecided(report: Report) -> list[Markup]:
    reasons: dict[str, dict[str, None]] = {}
    for cell in report.cells:
        if cell.undecided is not None:
            reasons.setdefault(cell.undecided.because, {}).setdefault(cell.route.label)
    return [_line(f"{', '.join(routes)}: {because}") for because, routes in reasons.items()]


def section(title: str, entries: list[Markup]) -> Markup:
    """Return a part of the page; nothing where it has no entries."""
    if not entries:
        return text("")
    return element("section", {}, element("h2", {}, title), *entries)


def _line(said: str) -> Markup:
    return element("p", {}, element("bdi", {}, said))
