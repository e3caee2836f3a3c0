"""What browsers make of exchanges, and why: judged once for equal ones, in a thread beside the gateway's."""

from __future__ import annotations

import logging
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from corsmith.api.exchange import Headers, Request, Response
from corsmith.api.model import FrontDoor
from corsmith.readers import Settings

if TYPE_CHECKING:
    from .verdict import Opinion

REMEMBERED = 512
"""Opinions that are kept; most exchanges are alike."""

WAITING = 1000
"""Exchanges that wait to be judged; more are left out."""

LAST = 5.0
"""Seconds for which causes are still looked for when it ends."""

_LOG = logging.getLogger(__name__)
_DECIDING = ("access-control-request-method", "access-control-request-headers", "cookie", "origin")

Key = tuple[str, str, int, Headers, Headers]
"""What an opinion depends on."""

Job = Callable[[], None]


def key_of(request: Request, response: Response) -> Key:
    """Return what is equal for exchanges that are judged alike."""
    asked = tuple(pair for pair in request.headers if pair[0].lower() in _DECIDING)
    told = tuple(pair for pair in response.headers if pair[0].lower().startswith("access-control-"))
    return request.method, request.url, response.status, asked, told


class Opinions:
    """Judges exchanges. `settings` are the values that the templates are read with."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: OrderedDict[Key, Opinion | None] = OrderedDict()
        self._jobs: queue.Queue[Job | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._hurries = False

    def known(self, request: Request, response: Response) -> Opinion | None:
        """Return the opinion where there is one by now."""
        return self._known.get(key_of(request, response))

    def ask(self, front_door: FrontDoor, request: Request, response: Response, then: Callable[[Opinion], None]) -> None:
        """Have the exchange judged, and `then` told from the other thread; an exchange without Origin is not judged."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="corsmith opinions", daemon=True)
            self._thread.start()
        try:
            self._jobs.put_nowait(lambda: self._judge(front_door, request, response, then))
        except queue.Full:
            _LOG.debug("too many exchanges to judge")

    def forget(self) -> None:
        """Judge anew what comes from now on: the project has changed."""
        self._known.clear()

    def close(self) -> None:
        """Judge what is waiting, and end; after `LAST` seconds without looking for causes."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(LAST)
            self._hurries = True
            self._thread.join()
            self._thread = None
            self._hurries = False

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:  # noqa: BLE001 - whatever goes wrong here, the next exchange is judged
                _LOG.exception("an exchange could not be judged")

    def _judge(
        self, front_door: FrontDoor, request: Request, response: Response, then: Callable[[Opinion], None]
    ) -> None:
        # Loads the model of the browser, which serving does not need.
        from .verdict import opinion

        key = key_of(request, response)
        if key not in self._known:
            judged = opinion(request, response)
            if judged is not None and not judged.allowed and not self._hurries:
                # Loads the whole of `check`, which serving does not need.
                from .cause import cause

                why = cause(front_door, request, response, judged.error, self._settings)
                judged = replace(judged, cause=why)
            self._known[key] = judged
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        found = self._known.get(key)
        if found is not None:
            then(found)
