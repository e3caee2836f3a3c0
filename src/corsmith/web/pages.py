"""The pages, rendered from templates. Everything is escaped by the templates' own rule."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from starlette.requests import Request
from starlette.responses import HTMLResponse

from corsmith import __version__
from corsmith.api.cell import Exchange
from corsmith.browser import MODEL, PROFILES, Verdict
from corsmith.explain import Explained
from corsmith.live.check import UrlReport
from corsmith.live.har import Har, Judgement
from corsmith.live.layers import Fingerprint
from corsmith.report.pages import page
from corsmith.rules import CATALOGUE

from .limits import TooMuch
from .picture import NAMES
from .question import STAND_IN, Question, lines
from .serving import Serving
from .shown import exchange_shown, recording_shown, shown

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_FIELDS = ("url", "origin", "method", "headers", "credentials", "data", "paste")
_SIMULATED = ("preflight_status", "preflight_headers", "status", "response_headers", "browser")
_KNOWN = {rule.id: rule for rule in CATALOGUE}


class Pages:
    """Renders pages for one way of serving."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {
            "version": __version__,
            "methods": METHODS,
            "door_names": NAMES,
            "browsers": (MODEL, *PROFILES),
            "allow_private": serving.allow_private,
            "sends": serving.send,
            "known_rules": frozenset(_KNOWN),
        }
        # Raw HTML in the rules' pages is shown as text: nothing of theirs needs it.
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")

    def home(self, request: Request) -> HTMLResponse:
        """The form, filled with what a link holds. Nothing is sent before a visitor says so."""
        return self._html("home.html", form=_form(request.query_params))

    def checked(self, request: Request, question: Question, report: UrlReport) -> HTMLResponse:
        """The answer, under the form that asked."""
        return self._result(request, "checked.html", form=_of(question), shown=shown(question, report))

    def step(self, exchange: Exchange, seen: Fingerprint) -> str:
        """One exchange, as soon as it was answered: a part of the page."""
        return self._environment.get_template("step.html").render(each=exchange_shown(exchange, seen))

    def recorded(self, har: Har, judgement: Judgement) -> str:
        """What came of the calls of a HAR file: a part of the page."""
        return self._environment.get_template("recorded.html").render(shown=recording_shown(har, judgement))

    def explained(self, request: Request, fields: Mapping[str, str], found: tuple[Explained, ...]) -> HTMLResponse:
        """What a pasted message says."""
        return self._result(request, "explained.html", form=_form(fields), found=found)

    def refused(
        self, request: Request, fields: Mapping[str, str], field: str, message: str, status: int
    ) -> HTMLResponse:
        """What is wrong with a form, under that form."""
        form = _form(fields)
        simulated = request.url.path == "/simulate"
        answer = self._result(
            request, "refused.html", form=form, field=field, message=message, whole="simulate" if simulated else "home"
        )
        answer.status_code = status
        return answer

    def turned_away(self, request: Request, fields: Mapping[str, str], error: TooMuch) -> HTMLResponse:
        """A question too many, and when the next one may come."""
        answer = self.refused(request, fields, "", str(error), 429)
        answer.headers["retry-after"] = str(max(1, round(error.wait)))
        return answer

    def simulate_form(self, request: Request) -> HTMLResponse:
        """The form that sends nothing."""
        return self._html("simulate.html", form=_form(request.query_params))

    def simulated(self, request: Request, fields: Mapping[str, str], verdict: Verdict) -> HTMLResponse:
        """The verdict on a call given by hand."""
        return self._result(request, "simulated.html", form=_form(fields), verdict=verdict, whole="simulate")

    def rules(self, request: Request) -> HTMLResponse:
        """The catalogue."""
        del request
        return self._html("rules.html", rules=sorted(CATALOGUE, key=lambda rule: rule.id))

    def rule(self, request: Request) -> HTMLResponse:
        """One rule's page."""
        name = str(request.path_params["rule"])
        text = page(name) if name in _KNOWN else None
        if text is None:
            return self.missing(request, None)
        return self._html("rule.html", rule=name, body=self._markdown.render(text))

    def missing(self, request: Request, error: Exception | None) -> HTMLResponse:
        """There is no such page."""
        del request, error
        answer = self._html("missing.html")
        answer.status_code = 404
        return answer

    def _result(self, request: Request, template: str, *, whole: str = "home", **values: Any) -> HTMLResponse:
        """The result alone where the page's script asks for it, else the whole page with it."""
        if "x-part" in request.headers:
            return self._html(template, **values)
        return self._html(f"{whole}.html", result=template, **values)

    def _html(self, template: str, **values: Any) -> HTMLResponse:
        return HTMLResponse(self._environment.get_template(template).render({"result": None, **values}))


def _form(fields: Mapping[str, str]) -> dict[str, str]:
    form = {name: str(fields.get(name, ""))[:20_000] for name in (*_FIELDS, *_SIMULATED)}
    form["origin"] = form["origin"] or STAND_IN
    form["method"] = form["method"] or "GET"
    return form


def _of(question: Question) -> dict[str, str]:
    return _form(
        {
            "url": question.url,
            "origin": question.origin,
            "method": question.method,
            "headers": lines(question.headers),
            "credentials": "on" if question.credentials else "",
            "data": question.data,
        }
    )
