"""The fetch itself: it asks for exchanges, is given answers, and returns the verdict."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from corsmith.api.exchange import Headers, NetworkFailure, Request, Response

from .api_errors import thrown
from .cors_check import cors_check
from .failure import Failure, Kind
from .origin import Origin, parse_origin, parse_url
from .preflight import REDIRECTS, SAFELISTED_METHODS, covered_by_star_only, judge_preflight, preflight_request
from .profile import Profile
from .request_headers import for_no_cors, is_forbidden, normalise, unsafe_names
from .response_headers import exposed_names
from .syntax import clean, get
from .verdict import Judged, Verdict

_NORMALISED = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"))
_BODY_HEADERS = frozenset(("content-encoding", "content-language", "content-location", "content-type"))
AUTHORIZATION_NOTE = (
    "Access-Control-Allow-Headers: * lets Authorization through in today's browsers, against the Fetch Standard; "
    "list it by name."
)
MOST_REDIRECTS = 20


@dataclass(frozen=True, slots=True)
class Page:
    """The document whose script calls. `origin` is serialised; "null" for an opaque origin."""

    origin: str


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the script asks for, as `fetch()` and `XMLHttpRequest` take it.

    `via`: "fetch", "xhr", or "xhr-upload" (an upload listener is registered). `stream`: the body is a ReadableStream.
    """

    url: str
    method: str = "GET"
    headers: Headers = ()
    credentials: str = "same-origin"
    mode: str = "cors"
    redirect: str = "follow"
    body: bytes | None = None
    via: str = "fetch"
    stream: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """An exchange that the browser needs. `kind` is "preflight" or "request"; `hop` counts redirects from 0."""

    kind: str
    request: Request
    hop: int = 0


Answer = Response | NetworkFailure
Asking = Generator[Ask, Answer, Verdict]


def fetch_as(page: Page, request: PageRequest, profile: Profile) -> Asking:
    """Fetch as one browser does."""
    return _Fetch(page, request, profile).run()


def drive(asking: Asking, answer: Callable[[Ask], Answer]) -> Verdict:
    """Return the verdict, `answer` being called for each exchange that the browser asks for."""
    try:
        ask = next(asking)
        while True:
            ask = asking.send(answer(ask))
    except StopIteration as stop:
        verdict: Verdict = stop.value
        return verdict


@dataclass(slots=True)
class _Fetch:
    page: Page
    asked: PageRequest
    profile: Profile
    method: str = ""
    url: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | None = None
    tainting: str = "basic"
    tainted: bool = False
    preflighted: bool = False
    judged: list[Judged] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self) -> Asking:
        asked = self.asked
        upper = asked.method.upper()
        self.method = upper if upper in _NORMALISED else asked.method
        self.url, self.body = asked.url, asked.body
        error = thrown(asked, self.method, self.url)
        if error is not None:
            return self._blocked(error)
        self.headers = [(name, normalise(value)) for name, value in asked.headers if not is_forbidden(name, value)]
        if self.profile.drops_user_agent:
            self.headers = [(name, value) for name, value in self.headers if name.lower() != "user-agent"]
        if asked.mode == "no-cors":
            self.headers = list(for_no_cors(tuple(self.headers)))
        own = parse_origin(self.page.origin)
        last: Origin | None = None
        for hop in range(MOST_REDIRECTS + 1):
            outcome = yield from self._hop(hop, own, last)
            if isinstance(outcome, Failure):
                return self._blocked(outcome)
            if isinstance(outcome, Verdict):
                return outcome
            last = outcome
        return self._blocked(Failure(Kind.TOO_MANY_REDIRECTS))

    def _hop(
        self, hop: int, own: Origin | None, last: Origin | None
    ) -> Generator[Ask, Answer, Failure | Verdict | Origin]:
        """Fetch one URL of the chain; return its origin when it redirects."""
        url = parse_url(self.url)
        if url is None or url.origin is None:
            if url is not None and url.scheme == "data":
                return self._allowed(Response(200))
            return Failure(Kind.SCHEME, parameter=url.scheme if url is not None else None)
        there = url.origin
        if last is not None and there != last and own != last:
            self.tainted = True
        failure = self._before(own, there)
        if failure is not None:
            return failure
        origin = "null" if self.tainted else self.page.origin
        include = self.asked.credentials == "include"
        if self.tainting == "cors":
            failure = yield from self._preflight(hop, origin, include=include)
            if failure is not None:
                return failure
            if self.asked.stream and self.profile.streams_uploads:
                # Chromium and the standard stream request bodies over HTTP/2 only, which this model does not speak.
                return Failure(Kind.STREAM_NEEDS_HTTP2)
        response = yield from self._send(hop, origin)
        if isinstance(response, Failure):
            return response
        if self.tainting == "cors":
            failure = cors_check(response, origin, include=include, preflight=False)
            if failure is not None:
                return failure
        elif self.tainting == "opaque" and _policy(response) == "same-origin":
            return Failure(Kind.RESOURCE_POLICY)
        location = get(response.headers, "location") if response.status in REDIRECTS else None
        return self._allowed(response) if location is None else self._redirect(response.status, location, own, there)

    def _before(self, own: Origin | None, there: Origin) -> Failure | None:
        """Set the response tainting for this URL, or say why no request leaves (Fetch, "main fetch")."""
        mixed = own is not None and own.scheme == "https" and there.scheme == "http" and not there.loopback
        if mixed and not (self.profile.asks_before_local_network and there.private):
            return Failure(Kind.MIXED_CONTENT)
        if own is not None and own == there and self.tainting == "basic":
            return None
        if self.asked.mode == "same-origin":
            return Failure(Kind.MODE_SAME_ORIGIN)
        if self.asked.mode == "no-cors":
            self.tainting = "opaque"
        else:
            self.tainting = "cors"
        return None

    def _preflight(self, hop: int, origin: str, *, include: bool) -> Generator[Ask, Answer, Failure | None]:
        unsafe = unsafe_names(tuple(self.headers), self.profile)
        forced = self.asked.via == "xhr-upload" and self.body is not None
        forced = forced or (self.asked.stream and self.profile.streams_uploads)
        forced = forced or (self.preflighted and self.profile.preflights_again)
        if not (forced or unsafe or self.method not in SAFELISTED_METHODS):
            return None
        self.preflighted = True
        shown = self.page.origin if self.profile.preflight_keeps_page_origin else origin
        request = preflight_request(self.url, self.method, unsafe, shown)
        answer = yield Ask("preflight", request, hop)
        response = _received(answer)
        self.judged.append(Judged("preflight", request, response, shown))
        if response is None:
            return _network(answer, preflight=True)
        failure = judge_preflight(response, shown, self.method, unsafe, self.profile, include=include)
        if failure is None and not include and covered_by_star_only(response, unsafe):
            self.notes.append(AUTHORIZATION_NOTE)
        return failure

    def _send(self, hop: int, origin: str) -> Generator[Ask, Answer, Response | Failure]:
        headers = tuple(self.headers)
        if self.tainting == "cors" or self.method not in ("GET", "HEAD"):
            headers += (("Origin", origin),)
        request = Request(self.method, self.url, headers, self.body)
        answer = yield Ask("request", request, hop)
        response = _received(answer)
        self.judged.append(Judged("request", request, response, origin))
        return _network(answer, preflight=False) if response is None else response

    def _redirect(self, status: int, location: str, own: Origin | None, there: Origin) -> Failure | Verdict | Origin:
        """Follow one redirect (Fetch, "HTTP-redirect fetch")."""
        if self.asked.redirect == "error":
            return Failure(Kind.REDIRECT_ERROR)
        if self.asked.redirect == "manual":
            return self._verdict(None, "opaqueredirect")
        target = urljoin(self.url, location)
        url = parse_url(target)
        if url is None:
            return Failure(Kind.REDIRECT_INVALID)
        if url.origin is None:
            return Failure(Kind.REDIRECT_SCHEME)
        cross = own is None or url.origin != own
        if url.has_credentials and self.asked.mode == "cors" and (cross or self.tainting == "cors"):
            return Failure(Kind.REDIRECT_HAS_CREDENTIALS)
        if (status in (301, 302) and self.method == "POST") or (status == 303 and self.method not in ("GET", "HEAD")):
            self.method, self.body = "GET", None
            self.headers = [(name, value) for name, value in self.headers if name.lower() not in _BODY_HEADERS]
        if url.origin != there:
            self.headers = [(name, value) for name, value in self.headers if name.lower() != "authorization"]
        self.url = target
        return there

    def _allowed(self, response: Response) -> Verdict:
        exposed = exposed_names(response, self.tainting, include=self.asked.credentials == "include")
        return self._verdict(None, self.tainting, exposed)

    def _blocked(self, failure: Failure) -> Verdict:
        return self._verdict(failure, self.tainting)

    def _verdict(self, failure: Failure | None, tainting: str, exposed: tuple[str, ...] = ()) -> Verdict:
        return Verdict(
            allowed=failure is None,
            failure=failure,
            profile=self.profile.name,
            vocabulary=self.profile.vocabulary,
            judged=tuple(self.judged),
            tainting=tainting,
            page=self.page.origin,
            url=self.asked.url,
            initiator="fetch" if self.asked.via == "fetch" else "XMLHttpRequest",
            exposed=exposed,
            notes=tuple(self.notes),
        )


def _received(answer: Answer) -> Response | None:
    """Return the response; None for a network failure and for a message that no browser takes."""
    if isinstance(answer, NetworkFailure) or any("\x00" in value for _, value in answer.headers):
        return None
    return answer


def _network(answer: Answer, *, preflight: bool) -> Failure:
    if isinstance(answer, NetworkFailure):
        return Failure(Kind.NETWORK, preflight, answer.reason)
    return Failure(Kind.INVALID_RESPONSE, preflight)


def _policy(response: Response) -> str:
    return clean(get(response.headers, "cross-origin-resource-policy") or "").lower()
