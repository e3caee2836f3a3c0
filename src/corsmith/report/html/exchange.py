"""A request and its answer, as they are on the wire."""

from __future__ import annotations

from collections.abc import Iterable

from corsmith.api.cell import Exchange
from corsmith.api.exchange import Headers

from .element import Markup, element

TELLING = ("access-control-", "origin", "vary", "location", "allow")
"""Beginnings of the names of headers that the browser decides by."""


def exchanges(shown: Iterable[Exchange]) -> Markup:
    """Return the exchanges, one below the other."""
    parts = []
    for number, each in enumerate(shown, 1):
        title = f"{number}. {'Preflight' if each.kind == 'preflight' else 'Request'}"
        asked = f"{each.request.method} {each.request.url}"
        answered = f"{each.response.status}, made by {each.response.made_by}"
        parts += [
            element("h4", {}, title),
            element("pre", {}, asked, _lines(each.request.headers)),
            element("pre", {}, answered, _lines(each.response.headers)),
        ]
    return element("div", {"class": "exchanges"}, *parts)


def _lines(headers: Headers) -> Markup:
    said = []
    for name, value in headers:
        line = f"\n{name}: {value}"
        said.append(element("b", {}, line) if name.lower().startswith(TELLING) else element("span", {}, line))
    return Markup("".join(said))
