"""The CORS protocol of the Fetch Standard as a pure function, with what today's browsers do differently.

Theory of operation. `fetch(page, request, profile)` is a generator. It yields an `Ask` for each exchange that the browser
needs: a "preflight", the "request", and both again after each redirect. Whoever drives it sends back the `Response`, or a
`NetworkFailure`; the generator returns the `Verdict`. Nothing is sent by this package, so the same code judges a model of
AWS, a live server, a recording and a local gateway. `drive` does the loop where a function can answer; `simulate` judges
one case given as data. Reasons and console texts are rendered when they are asked for.
"""

from .case import BadCase, simulate
from .failure import Failure, Kind
from .fetch import Ask, Page, PageRequest, drive
from .model import MODEL, fetch
from .profile import PROFILES, Profile
from .verdict import Judged, Step, Verdict

__all__ = [
    "MODEL",
    "PROFILES",
    "Ask",
    "BadCase",
    "Failure",
    "Judged",
    "Kind",
    "Page",
    "PageRequest",
    "Profile",
    "Step",
    "Verdict",
    "drive",
    "fetch",
    "simulate",
]
