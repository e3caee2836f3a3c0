"""The exchange as a picture: page, front door, function, and the arrows between them."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.cell import Exchange
from corsmith.live.layers import Fingerprint

NAMES = {
    "rest_api": "REST API",
    "http_api": "HTTP API",
    "function_url": "Function URL",
    "alb": "Load balancer",
    "cloudfront": "CloudFront",
    "unknown": "Server",
}
_TOP, _ROW = 74, 52
_LEFT, _MIDDLE, _RIGHT = 90, 330, 570


class Arrow(Struct, frozen=True):
    """One exchange: down at `y`, as far to the right as whoever answered stands. `stops`: here the call ended."""

    y: int
    to: int
    label: str
    answer: str
    stops: bool


class Picture(Struct, frozen=True):
    """What the template draws. `alt` says the same in words."""

    height: int
    front_door: str
    has_function: bool
    arrows: tuple[Arrow, ...]
    alt: str


def picture(exchanges: tuple[Exchange, ...], seen: tuple[Fingerprint, ...], verdict: str) -> Picture:
    """Return the picture of a call's exchanges; `seen` are the layers that answered them."""
    doors = [each.front_door for each in seen if each.front_door != "unknown"]
    front_door = NAMES.get(doors[-1] if doors else "unknown", "Server")
    reached = [each.made_by == "handler" for each in seen]
    arrows = []
    for at, exchange in enumerate(exchanges):
        last = at == len(exchanges) - 1
        arrows.append(
            Arrow(
                _TOP + at * _ROW,
                _RIGHT if reached[at] else _MIDDLE,
                exchange.request.method,
                str(exchange.response.status),
                last and verdict == "blocked",
            )
        )
    words = [
        f"{each.label} is answered {each.answer} by the {'function' if each.to == _RIGHT else front_door}"
        + (", and there the browser stops" if each.stops else "")
        for each in arrows
    ]
    alt = "; ".join(words) or "Nothing was answered"
    return Picture(_TOP + max(1, len(arrows)) * _ROW, front_door, any(reached), tuple(arrows), f"{alt}.")
