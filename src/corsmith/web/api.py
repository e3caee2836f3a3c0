"""The HTTP API: check, explain, simulate; JSON in, the command line's JSON out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from corsmith.api.model import Problem
from corsmith.api.report import Report
from corsmith.api.tree import Memory, Tree
from corsmith.browser import MODEL, PROFILES, BadCase, Verdict, simulate
from corsmith.explain import Explained, explain
from corsmith.live.secrets import masked_text
from corsmith.report.json import as_dict
from corsmith.report.saying import explained_as_json, verdict_as_json

from .curl import is_curl, read_curl
from .limits import TooMuch
from .openapi import OPENAPI
from .question import BadQuestion, Question, checked, from_form, read_headers
from .tester import Tester, body_of

LONGEST_TEXT = 200_000


def read(fields: Mapping[str, str]) -> tuple[Question | None, tuple[Explained, ...]]:
    """Return the question in a form: its fields, or the curl command or message pasted into it. Raises `BadQuestion`."""
    pasted = fields.get("paste", "").strip()
    if is_curl(pasted):
        return read_curl(pasted), ()
    if is_curl(fields.get("url", "")):
        return read_curl(fields["url"]), ()
    if pasted and not fields.get("url", "").strip():
        return None, explained_of(pasted, None)
    return from_form(fields), ()


def explained_of(text: str, status: int | None) -> tuple[Explained, ...]:
    """Return what a pasted text says. Raises `BadQuestion` where it says nothing that is known."""
    if len(text) > LONGEST_TEXT:
        raise BadQuestion("paste", f"The text is longer than {LONGEST_TEXT:,} characters.")
    found = explain(masked_text(text), status)
    if not found:
        raise BadQuestion(
            "paste", "This is no CORS message that is known. Paste the whole line from the browser's console."
        )
    return found


def simulated_form(fields: Mapping[str, str]) -> Verdict:
    """Judge the call of the form *simulate*. Raises `BadQuestion`."""
    question = from_form({**fields, "url": fields.get("url", "").strip() or "https://api.example.net/"})
    case = {
        "origin": question.origin,
        "request": {
            "url": question.url,
            "method": question.method,
            "headers": [list(pair) for pair in question.headers],
            "credentials": "include" if question.credentials else "same-origin",
            **({"body": question.data} if question.data else {}),
        },
        "preflight": _answer(fields, "preflight_status", "preflight_headers", 204),
        "response": _answer(fields, "status", "response_headers", 200),
    }
    return judged(case, fields.get("browser", MODEL))


def judged(case: Any, profile: str) -> Verdict:
    """Judge one case. Raises `BadQuestion`."""
    if profile not in (MODEL, *PROFILES):
        raise BadQuestion("browser", f"There is no browser “{profile[:40]}”: {', '.join((MODEL, *PROFILES))}.")
    try:
        return simulate(case, profile)
    except BadCase as error:
        raise BadQuestion("case", str(error)) from None


def _answer(fields: Mapping[str, str], status: str, headers: str, default: int) -> dict[str, Any]:
    written = fields.get(status, "").strip() or str(default)
    if not (written.isascii() and written.isdigit() and 200 <= int(written) <= 599):
        raise BadQuestion(status, f"“{written[:20]}” is no status: a number from 200 to 599.")
    pairs = read_headers(fields.get(headers, "").splitlines())
    return {"status": int(written), "headers": [list(pair) for pair in pairs]}


def routes(tester: Tester) -> Starlette:
    """Return the API's application."""

    async def check(request: Request) -> JSONResponse:
        return await _answered(request, lambda body: _check(tester, request, body))

    async def explained(request: Request) -> JSONResponse:
        return await _answered(request, _explain)

    async def simulated(request: Request) -> JSONResponse:
        return await _answered(request, _simulate)

    return Starlette(
        routes=[
            Route("/check", check, methods=["POST"]),
            Route("/explain", explained, methods=["POST"]),
            Route("/simulate", simulated, methods=["POST"]),
        ]
    )


async def document(request: Request) -> JSONResponse:
    """Return the OpenAPI document."""
    del request
    return JSONResponse(OPENAPI)


async def _answered(request: Request, answer: Any) -> JSONResponse:
    try:
        body = json.loads(await body_of(request))
        if not isinstance(body, dict):
            raise BadQuestion("body", "The body must be a JSON object.")
        return JSONResponse(await answer(body))
    except (ValueError, RecursionError) as error:
        field = error.field if isinstance(error, BadQuestion) else "body"
        words = str(error) if isinstance(error, BadQuestion) else "The body is not JSON."
        return JSONResponse({"error": words, "field": field}, status_code=400)
    except TooMuch as error:
        retry = {"retry-after": str(max(1, round(error.wait)))}
        return JSONResponse({"error": str(error)}, status_code=429, headers=retry)


async def _check(tester: Tester, request: Request, body: dict[str, Any]) -> dict[str, Any]:
    question = checked(
        Question(
            _text(body, "url").strip(),
            _text(body, "origin").strip() or Question("").origin,
            _text(body, "method").strip() or "GET",
            _headers(body.get("headers", [])),
            body.get("credentials") in (True, "include"),
            _text(body, "data"),
        )
    )
    report = await tester.ask(request, question)
    problems = tuple(Problem(question.url, 1, 1, each) for each in report.problems)
    return as_dict(Report(Tree(Memory({})), findings=report.findings, problems=problems, calls=(report.call,)))


async def _explain(body: dict[str, Any]) -> dict[str, Any]:
    status = body.get("status")
    if status is not None and not (isinstance(status, int) and 100 <= status <= 599):
        raise BadQuestion("status", "status must be a number from 100 to 599.")
    return {"messages": [explained_as_json(each) for each in explained_of(_text(body, "text"), status)]}


async def _simulate(body: dict[str, Any]) -> dict[str, Any]:
    browser = body.pop("browser", MODEL)
    return verdict_as_json(str(body.get("name", "")), judged(body, str(browser)))


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadQuestion(name, f"{name} must be text.")
    return value


def _headers(given: Any) -> tuple[tuple[str, str], ...]:
    pairs = list(given.items()) if isinstance(given, dict) else given
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
        for pair in pairs
    ):
        raise BadQuestion("headers", 'headers must be an object, or a list of pairs: [["X-Name", "value"]].')
    return tuple((name.strip(), value.strip()) for name, value in pairs)
