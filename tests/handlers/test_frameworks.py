"""Applications of frameworks: what is read is what they answered when they were run (`measured/measure.py`)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from corsmith.api.outcome import Outcome, Raised, Returned, materialise
from corsmith.api.value import Undecided

from .events import event, is_idle
from .measured.measure import probes
from .reading import line, read

HERE = Path(__file__).parent / "measured"
NAMES = sorted(file.stem for file in (HERE / "apps").glob("*.py"))
EVENTS = probes(event)


def _takes(outcome: Outcome, sent: dict[str, Any], known: set[str]) -> bool:
    if outcome.reached_by(sent) is False:
        return False
    path = sent.get("rawPath") or sent.get("path")
    if outcome.paths is None:
        return True
    if outcome.paths == ():
        return path not in known
    return any(re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", pattern), str(path)) for pattern in outcome.paths)


def _answer(outcome: Outcome, sent: dict[str, Any]) -> list[Any] | None:
    if isinstance(outcome.result, Raised):
        return ["raised", outcome.result.what]
    assert isinstance(outcome.result, Returned)
    try:
        answer = materialise(outcome.result.result, sent)
    except Undecided:
        return None
    listed = {name: ", ".join(values) for name, values in answer.get("multiValueHeaders", {}).items() if values}
    headers = {name.lower(): value for name, value in {**listed, **answer.get("headers", {})}.items()}
    kept = {
        name: value
        for name, value in sorted(headers.items())
        if name.startswith("access-control") or name in {"vary", "x-a"}
    }
    return [answer["statusCode"], _as_asked(kept, sent)]


def _as_asked(headers: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """Of the header names that are allowed, flask-cors sends those that were asked for: to a browser that is the same."""
    allowed = headers.get("access-control-allow-headers")
    if allowed is None:
        return headers
    asked = sent["headers"].get("access-control-request-headers", "").lower()
    named = [name for name in re.split(r",\s*", allowed) if name.lower() in re.split(r",\s*", asked)]
    return {name: value for name, value in headers.items() if name != "access-control-allow-headers"} | (
        {"access-control-allow-headers": ", ".join(named)} if named else {}
    )


def _alike(answer: list[Any] | None, observed: list[Any]) -> bool:
    return answer is None or [_sorted(part) for part in answer] == [_sorted(part) for part in observed]


def _sorted(part: Any) -> Any:
    """Lists in header values are in no particular order."""
    if not isinstance(part, dict):
        return part
    return {name: sorted(re.split(r",\s*", value)) for name, value in part.items()}


def _compared(sent: dict[str, Any], answer: list[Any]) -> list[Any]:
    return [answer[0], _as_asked(answer[1], sent)] if isinstance(answer[1], dict) else answer


@pytest.mark.parametrize("name", NAMES)
def test_what_was_measured_is_read(name: str) -> None:
    source = (HERE / "apps" / f"{name}.py").read_text()
    summary = read(source, "app" if name.startswith("chalice") else "handler")
    observed = json.loads((HERE / f"{name}.json").read_text())
    assert summary.unread == ()
    assert summary.frameworks
    known = {path for outcome in summary.outcomes for path in outcome.paths or ()}
    missed = [
        (sent, answer, [line(outcome) for outcome in summary.outcomes if _takes(outcome, sent, known)])
        for sent, answer in zip(EVENTS, (_compared(*pair) for pair in zip(EVENTS, observed, strict=True)), strict=True)
        if not ("lambda_cors" in source and is_idle(sent))
        and not any(
            _alike(_answer(outcome, sent), answer) for outcome in summary.outcomes if _takes(outcome, sent, known)
        )
    ]
    assert not missed, (len(missed), missed[0])


def test_every_measurement_has_its_application() -> None:
    assert sorted(file.stem for file in HERE.glob("*.json")) == NAMES


HOOKED = {
    "FastAPI": """
        from fastapi import FastAPI
        from mangum import Mangum
        app = FastAPI()
        @app.middleware("http")
        async def add(request, call_next):
            response = await call_next(request)
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response
        @app.get("/x")
        def x(): return {}
        handler = Mangum(app)
    """,
    "FastAPI, a response that is given": """
        from fastapi import FastAPI, Response
        from mangum import Mangum
        app = FastAPI()
        @app.get("/x")
        def x(response: Response):
            response.headers["Access-Control-Allow-Origin"] = "*"
            return {}
        handler = Mangum(app)
    """,
    "Powertools": """
        from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver
        app = LambdaFunctionUrlResolver()
        def add(app, following): return following(app)
        app.use(middlewares=[add])
        @app.get("/x")
        def x(): return {}
        def handler(event, context): return app.resolve(event, context)
    """,
    "Chalice": """
        from chalice import Chalice
        handler = Chalice(app_name="x")
        @handler.middleware("http")
        def add(event, following): return following(event)
        @handler.route("/x")
        def x(): return {}
    """,
}


@pytest.mark.parametrize("name", HOOKED)
def test_headers_are_open_where_something_else_sees_the_response(name: str) -> None:
    (outcome,) = [
        outcome for outcome in read(HOOKED[name]).outcomes if outcome.methods == {"GET"} and outcome.paths == ("/x",)
    ]
    with pytest.raises(Undecided):
        materialise(outcome.result.result, EVENTS[0])  # type: ignore[union-attr]


DJANGO = {
    "app.py": """
        import os
        from apig_wsgi import make_lambda_handler
        from shop.wsgi import application
        handler = make_lambda_handler(application, binary_support=True)
    """,
    "shop/__init__.py": "",
    "shop/wsgi.py": """
        import os
        from django.core.wsgi import get_wsgi_application
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
        application = get_wsgi_application()
    """,
    "shop/settings.py": """
        from pathlib import Path
        BASE_DIR = Path(__file__).resolve().parent.parent
        MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "corsheaders.middleware.CorsMiddleware"]
        ROOT_URLCONF = "shop.urls"
        CORS_ALLOWED_ORIGINS = ["https://a.example"]
    """,
    "shop/urls.py": """
        from django.contrib import admin
        from django.urls import include, path
        urlpatterns = [path("admin/", admin.site.urls), path("api/", include("shop.items.urls"))]
    """,
    "shop/items/__init__.py": "",
    "shop/items/urls.py": """
        from django.urls import path
        from . import views
        urlpatterns = [path("items/<int:id>/", views.item), path("all/", views.All.as_view())]
    """,
    "shop/items/views.py": """
        from django.http import Http404, JsonResponse
        from rest_framework.views import APIView
        def item(request, id):
            if id > 3:
                raise Http404()
            return JsonResponse({})
        class All(APIView):
            def get(self, request): return None
    """,
}


def test_a_django_project_of_several_files() -> None:
    summary = read(DJANGO)
    assert summary.unread == ()
    assert summary.frameworks == ("Django",)
    items = [line(outcome) for outcome in summary.outcomes if outcome.paths == ("/api/items/{id}",)]
    preflights = [
        line(each)
        for each in summary.outcomes
        if "/api/items/{id}" in (each.paths or ()) and each.methods == {"OPTIONS"}
    ]
    assert any(each.endswith("200 echo:list['https://a.example']") for each in preflights)
    assert any(each.endswith(" 404 echo:list['https://a.example']") for each in items)
    assert any(each.endswith(" 200 echo:list['https://a.example']") for each in items)


def test_a_django_project_without_its_settings_is_undecided() -> None:
    summary = read({name: text for name, text in DJANGO.items() if name != "shop/settings.py"})
    assert next(unread.because for unread in summary.unread) == "the settings of the Django project are not found"
