"""--browser real-chromium and real-firefox: a real browser judges, beside our model of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.live.check import Sending

from .options import fail

if TYPE_CHECKING:
    from corsmith.live.browsers import RealBrowser

    from .ask_url import Asked

REAL = {"real-chromium": "chromium", "real-firefox": "firefox"}
"""The name of each real browser to that of its model."""


class Judge:
    """A browser that runs. It takes one call at a time."""

    def __init__(self, browser: RealBrowser, name: str) -> None:
        self._browser = browser
        self._name = name.capitalize()
        self._turn = asyncio.Lock()

    async def beside(self, asked: Asked, caller: Caller, sending: Sending) -> Asked:
        """Return what was asked with the browser's verdict, and what the model says otherwise."""
        from corsmith.live.browsers import BrowserError
        from corsmith.live.real import differs, judge_real

        report = asked.call
        try:
            async with self._turn:
                real = await judge_real(self._browser, report, caller, sending)
        except BrowserError as error:
            return replace(asked, problems=(*asked.problems, f"{self._name} did not judge: {error}"))
        decided = "allowed" if real.allowed else f"blocked ({real.error})"
        if real.replayed:
            decided += ", on the answers as they came: the call was not made again"
        remark = f"{self._name} itself decides: {decided}."
        if not differs(report, real):
            return replace(asked, remarks=(*asked.remarks, remark))
        remark += f" corsmith's model of it says {report.call.verdict}: that is a defect of corsmith, please report it."
        error_name = None if real.allowed else real.error
        call = replace(
            report.call,
            verdict="allowed" if real.allowed else "blocked",
            error=error_name,
            console=None if real.allowed else next(iter(real.console), None),
        )
        findings = () if real.allowed else asked.findings
        return replace(asked, call=replace(report, call=call), findings=findings, remarks=(*asked.remarks, remark))


@contextmanager
def judging(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the flags with the browser that they name, running, under "real"; "profile" is then its model."""
    name = REAL.get(options["profile"])
    if name is None:
        yield {**options, "real": None}
        return
    try:
        from corsmith.live import browsers
    except ImportError as error:
        fail(f"--browser {options['profile']} needs pip install 'corsmith[browsers]' ({error})")
    browser: RealBrowser = browsers.Chromium() if name == "chromium" else browsers.Firefox()
    try:
        browser.__enter__()
    except browsers.BrowserError as error:
        fail(f"--browser {options['profile']}: {error}")
    try:
        yield {**options, "profile": name, "real": Judge(browser, name)}
    finally:
        browser.close()
