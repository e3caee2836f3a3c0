"""The preflight of a call that was stopped, sent once more: what Playwright does not tell of Firefox and WebKit.

A preflight has no effects, and carries neither cookies nor a body, so the answer is the one that the browser got.
"""

from __future__ import annotations

from corsmith.api.exchange import NetworkFailure, Request, Response
from corsmith.browser import Page, PageRequest, fetch
from corsmith.live.dial import Dialer
from corsmith.live.exchange import Client
from corsmith.live.pool import Pool

WITHIN = 5.0
"""Seconds for the connection and the head of the answer each."""


async def preflight_again(origin: str, call: PageRequest, profile: str) -> tuple[Request, Response] | None:
    """Send the preflight that a browser sends before `call` from a page at `origin`, and return it with its answer.

    None where the browser sends none, or the network fails.
    """
    asking = fetch(Page(origin), call, profile)
    try:
        ask = next(asking)
    except StopIteration:
        return None
    if ask.kind != "preflight":
        return None
    pool = Pool(Dialer())
    try:
        answer = await Client(origin, pool, WITHIN).exchange(ask)
    finally:
        pool.close()
    return None if isinstance(answer, NetworkFailure) else (ask.request, answer)
