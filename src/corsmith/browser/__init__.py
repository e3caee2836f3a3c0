"""The CORS protocol of the Fetch Standard as a pure function, with what today's browsers do differently.

Theory of operation. `fetch(page, request, profile)` is a generator. It yields an `Ask` for each exchange that the browser
needs: a "preflight", the "request", and both again after each redirect. Whoever drives it sends back the `Response`, or a
`NetworkFailure`; the generator returns the `Verdict`. Nothing is sent by this package, so the same code judges a model of
AWS, a live server, a recording and a local gateway. `drive` does the loop where a function can answer; `simulate` judges
one case given as data.

The algorithm is written once. What browsers do differently is data (`profile.py`), which the algorithm reads at the few
places where they differ. Header values are text, one character a byte (latin-1), joined as the standard's "get" joins
them (`fields.py`). Origins are handled as the text that is sent, because that is what servers are compared with. Reasons,
console texts, advice and other browsers' opinions are rendered from the verdict only when they are asked for.
"""

from .advice import Advice
from .ask import Answer, Ask, Asking, drive
from .cache import PreflightCache
from .case import BadCase, simulate
from .failure import Failure, Kind
from .model import MODEL, fetch
from .origin import Origin, parse_origin
from .page import Page, PageRequest
from .profile import BROWSERS, PROFILES, Profile
from .steps import Step
from .verdict import Judged, Verdict

__all__ = [
    "BROWSERS",
    "MODEL",
    "PROFILES",
    "Advice",
    "Answer",
    "Ask",
    "Asking",
    "BadCase",
    "Failure",
    "Judged",
    "Kind",
    "Origin",
    "Page",
    "PageRequest",
    "PreflightCache",
    "Profile",
    "Step",
    "Verdict",
    "drive",
    "fetch",
    "parse_origin",
    "simulate",
]
