"""What stands around an application: this project's own wrappers, those known to be neutral, and any others."""

from __future__ import annotations

import pytest

from .reading import line, read

FLASK = """
    from flask import Flask
    from lambda_cors import Policy
    from lambda_cors.wsgi import cors
    from apig_wsgi import make_lambda_handler
    from werkzeug.middleware.proxy_fix import ProxyFix
    from elsewhere import Other
    POLICY = Policy(origins=["https://a.example"])
    class Mine:
        def __init__(self, app): self.app = app
        def __call__(self, environ, start_response): return self.app(environ, start_response)
    def wrapping(app):
        def inner(environ, start_response): return app(environ, start_response)
        return inner
    app = Flask(__name__)
    @app.get("/x")
    def x(): return {}
    """
ASGI = """
    from fastapi import FastAPI
    from lambda_cors import Policy
    from lambda_cors.asgi import cors
    from mangum import Mangum
    from starlette.middleware import Middleware
    from starlette.middleware.gzip import GZipMiddleware
    from elsewhere import Other
    POLICY = Policy(origins=["https://a.example"])
    class Mine:
        def __init__(self, app): self.app = app
        async def __call__(self, scope, receive, send): await self.app(scope, receive, send)
    app = FastAPI()
    @app.get("/x")
    def x(): return {}
    """
BEHIND = "\n    handler = make_lambda_handler(app)"
MANGUM = "\n    handler = Mangum(app)"

JUDGED = {
    "assigned": FLASK + "app.wsgi_app = cors(POLICY)(app.wsgi_app)" + BEHIND,
    "a wrapper with a name": FLASK + "wrap = cors(POLICY)\n    app.wsgi_app = wrap(app.wsgi_app)" + BEHIND,
    "around the application": FLASK + "app = cors(POLICY)(app)" + BEHIND,
    "inside what is neutral": FLASK + "app.wsgi_app = ProxyFix(cors(POLICY)(app.wsgi_app), x_for=1)" + BEHIND,
    "ASGI": ASGI + "app = cors(POLICY)(app)" + MANGUM,
    "ASGI, added before what is neutral": ASGI
    + "app.add_middleware(cors(POLICY))\n    app.add_middleware(GZipMiddleware)"
    + MANGUM,
    "ASGI, added": ASGI + "app.add_middleware(cors(POLICY))" + MANGUM,
}
UNDECIDED = {
    "a class of elsewhere": (FLASK + "app.wsgi_app = Other(app.wsgi_app)" + BEHIND, "elsewhere.Other"),
    "a class of the project": (FLASK + "app.wsgi_app = Mine(app.wsgi_app)" + BEHIND, "Mine"),
    "a function of the project": (FLASK + "app.wsgi_app = wrapping(app.wsgi_app)" + BEHIND, "inner"),
    "outside the own": (FLASK + "app.wsgi_app = Other(cors(POLICY)(app.wsgi_app))" + BEHIND, "elsewhere.Other"),
    "a policy that is not known": (
        FLASK + "app.wsgi_app = cors(Other())(app.wsgi_app)" + BEHIND,
        "lambda_cors.wsgi.cors",
    ),
    "around FastAPI": (ASGI + "app = Other(app)" + MANGUM, "elsewhere.Other"),
    "a class around FastAPI": (ASGI + "app = Mine(app)" + MANGUM, "Mine"),
}
SEEING = {
    "added": (ASGI + "app.add_middleware(Other)" + MANGUM, "elsewhere.Other"),
    "added, of the project": (ASGI + "app.add_middleware(Mine)" + MANGUM, "Mine"),
    "listed": (ASGI.replace("FastAPI()", "FastAPI(middleware=[Middleware(Other)])") + MANGUM, "elsewhere.Other"),
    "after the own": (
        ASGI + "app.add_middleware(cors(POLICY))\n    app.add_middleware(Other)" + MANGUM,
        "elsewhere.Other",
    ),
}


@pytest.mark.parametrize("name", JUDGED)
def test_the_own_wrapper_is_judged(name: str) -> None:
    summary = read(JUDGED[name])
    lines = [line(outcome) for outcome in summary.outcomes]
    assert summary.unread == ()
    assert summary.frameworks == ("lambda_cors",)
    assert "OPTIONS any: list['https://a.example']: 204 echo:list['https://a.example']" in lines
    with_origin = [each for each in lines if "not " not in each and "v1.0" not in each]
    assert any("/x" in each for each in with_origin)
    assert all("echo:list['https://a.example']" in each or "204 -" in each for each in with_origin)


@pytest.mark.parametrize("name", UNDECIDED)
def test_under_any_other_nothing_is_known(name: str) -> None:
    source, said = UNDECIDED[name]
    summary = read(source)
    assert [each.because for each in summary.unread] == [f"what {said} does around the application is not followed"]
    assert [line(outcome) for outcome in summary.outcomes] == ["unknown"]
    assert summary.frameworks == (said,)


@pytest.mark.parametrize("name", SEEING)
def test_middleware_that_sees_every_request_is_named(name: str) -> None:
    source, said = SEEING[name]
    summary = read(source)
    assert [each.because for each in summary.unread] == [
        f"what the middleware {said} does to responses is not followed"
    ]
    (preflight,) = [line(each) for each in summary.outcomes if each.methods == {"OPTIONS"} and each.paths == ("/x",)]
    assert preflight.endswith("unknown")
    assert all(line(each).endswith(("...", "unknown")) for each in summary.outcomes)


def test_what_is_neutral_changes_nothing() -> None:
    bare = read(FLASK + BEHIND)
    wrapped = read(FLASK + "app.wsgi_app = ProxyFix(app.wsgi_app)" + BEHIND)
    assert {line(each) for each in wrapped.outcomes} == {line(each) for each in bare.outcomes}
    assert wrapped.unread == ()


def test_a_wrapper_under_a_condition_is_decided_by_the_environment() -> None:
    source = (
        FLASK + "import os\n    if os.environ.get('STAGE'):\n        app.wsgi_app = cors(POLICY)(app.wsgi_app)" + BEHIND
    )
    summary = read(source)
    assert [each.because for each in summary.unread] == [
        "what stands around the application is not known: app.wsgi_app is set under a condition"
    ]
    assert [line(outcome) for outcome in summary.outcomes] == ["unknown"]
    assert read(source, environment={"STAGE": "prod"}).frameworks == ("lambda_cors",)
