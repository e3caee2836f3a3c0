"""The policy around an ASGI application, outermost, so that even the application's 500 keeps its headers."""

from lambda_cors.responses import CRASH, replaced, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeAlias

    from lambda_cors.policy import Policy

    App: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]


def cors(policy: "Policy") -> "Callable[[App], App]":
    """A decorator for ASGI applications: `app = cors(policy)(app)`. Only HTTP is touched."""

    def decorate(app: "App") -> "App":
        async def wrapped(scope: "Any", receive: "Any", send: "Any") -> None:
            if scope["type"] != "http":
                return await app(scope, receive, send)
            origin = _header(scope, b"origin")
            method = _header(scope, b"access-control-request-method")
            started = False

            async def answer(message: "Any") -> None:
                nonlocal started
                if message["type"] == "http.response.start":
                    started = True
                    lines = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in message.get("headers", ())]
                    headers = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in replaced(lines, add)]
                    message = {**message, "headers": headers}
                await send(message)

            async def answer_whole(status: int, headers: "Any", body: bytes) -> None:
                await answer({"type": "http.response.start", "status": status, "headers": headers})
                await answer({"type": "http.response.body", "body": body})

            if scope["method"] == "OPTIONS" and origin is not None and method is not None:
                add = policy.preflight_headers_for(origin, method, _header(scope, b"access-control-request-headers"))
                return await answer_whole(204, (), b"")
            add = policy.headers_for(origin)
            try:
                await app(scope, receive, answer)
            except Exception as error:
                if started:
                    raise
                report("the application failed", error)
                length = b"%d" % len(CRASH)
                await answer_whole(
                    500, [(b"content-type", b"application/json"), (b"content-length", length)], CRASH.encode()
                )

        return wrapped

    return decorate


def _header(scope: "Any", name: bytes) -> str | None:
    lines = [value for key, value in scope["headers"] if key.lower() == name]
    return b",".join(lines).decode("latin-1") if lines else None
