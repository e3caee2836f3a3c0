"""The fetch itself: it asks for exchanges, is given answers, and returns the verdict (Fetch Standard, "Fetching")."""

from __future__ import annotations

from collections.abc import Generator

from msgspec import Struct, field

from corsmith.api.exchange import Headers, NetworkFailure, Request

from .ask import Answer, Ask, Asking
from .cache import Key, PreflightCache, entries_of
from .cors_check import ALLOW_CREDENTIALS, ALLOW_ORIGIN, cors_check
from .failure import OF_CORS_CHECK, Failure, Kind
from .fields import COUNTED, Fields, read
from .filtering import exposed_names, without_repeated_challenges
from .methods import SAFELISTED, normalise
from .network import before_network
from .origin import same_origin
from .page import Page, PageRequest
from .preflight import ALLOW_HEADERS, ALLOW_METHODS, REDIRECTS, Consent, preflight_request, refusal
from .profile import Profile
from .redirect import Redirect, gives_up_on, judge_target, location_url, redirect_mode, stripped
from .request_headers import page_headers, unsafe_names, without_client_hints
from .resource_policy import resource_policy
from .script_rules import refused
from .url import Url, parse_url
from .verdict import Judged, Rival, Verdict

_HEADER_OF = {
    Kind.INVALID_ALLOW_CREDENTIALS: ALLOW_CREDENTIALS,
    Kind.ALLOW_METHODS_SYNTAX: ALLOW_METHODS,
    Kind.METHOD_NOT_ALLOWED: ALLOW_METHODS,
    Kind.ALLOW_HEADERS_SYNTAX: ALLOW_HEADERS,
    Kind.HEADER_NOT_ALLOWED: ALLOW_HEADERS,
    Kind.REDIRECT_HAS_CREDENTIALS: "location",
    **dict.fromkeys(OF_CORS_CHECK - {Kind.INVALID_ALLOW_CREDENTIALS}, ALLOW_ORIGIN),
}
_SHOWN = frozenset(
    (
        Kind.INVALID_ALLOW_ORIGIN,
        Kind.ORIGIN_MISMATCH,
        Kind.SEVERAL_ORIGINS,
        Kind.INVALID_ALLOW_CREDENTIALS,
    )
)
"""The errors that name the value of their header."""


def fetch_as(
    page: Page,
    asked: PageRequest,
    profile: Profile,
    cache: PreflightCache | None = None,
    now: float = 0.0,
    rival: Rival | None = None,
) -> Asking:
    """Return a fetch as one browser does it. `rival` is kept in the verdict, see there."""
    failure = refused(asked, profile)
    url = parse_url(asked.url)
    if failure is not None or url is None:
        return _refusal(Verdict(profile.name, page, asked, (), failure, "basic", asked.url, (), cache, rival))
    headers = page_headers(asked, profile)
    unsafe = unsafe_names(headers, profile)
    method = normalise(asked.method)
    body = _body(asked, method)
    forced = asked.via != "fetch" or asked.stream
    if forced:
        forced = _forces_preflight(asked, body, profile)
    return _Call(
        page, asked, profile, cache, rival, url, method, headers, body, page.origin, unsafe, unsafe, forced
    ).run(now)


def _refusal(verdict: Verdict) -> Asking:
    """Ask for nothing."""
    yield from ()
    return verdict


class _Call(Struct):
    """A call under way. The fields after `asked` and `profile` change with each redirect."""

    page: Page
    asked: PageRequest
    profile: Profile
    cache: PreflightCache | None
    rival: Rival | None
    url: Url
    method: str
    headers: Headers
    body: bytes | None
    origin: str
    unsafe: tuple[str, ...]
    first_unsafe: tuple[str, ...]
    forced: bool
    tainting: str = "basic"
    hop: int = 0
    judged: list[Judged] = field(default_factory=list)

    def run(self, now: float) -> Asking:
        while True:
            failure = self._enter()
            if failure is None and self.tainting == "cors" and self._needs_preflight():
                failure = yield from self._preflight(now)
            if failure is not None:
                return self._verdict(failure)
            answer = yield from self._send()
            if isinstance(answer, NetworkFailure):
                return self._verdict(_unreachable(answer, "request"))
            fields = read(answer.headers, empty_counts=self.profile.joins_empty_values)
            location = self._location(answer.status, fields)
            step = self._judge(answer.status, fields, location)
            if isinstance(step, Redirect):
                self._follow(step)
                continue
            if step is not None:
                return self._verdict(step)
            if "location" in fields and answer.status in REDIRECTS and redirect_mode(self.asked) == "manual":
                return self._verdict(None, "opaqueredirect")
            early = self.profile.exposes_all_by_early_star and self.asked.via == "fetch"
            exposed = exposed_names(fields, self.tainting, self.asked.credentials, early_star_counts=early)
            if self.profile.hides_repeated_challenges and self.asked.via == "fetch":
                exposed = without_repeated_challenges(exposed, answer.headers)
            return self._verdict(None, self.tainting, exposed)

    def _enter(self) -> Failure | None:
        """Set the response tainting for this URL, or say why no request leaves (Fetch Standard, "Main fetch")."""
        if self.profile.checks_mode_first:
            kind = self._taint() or before_network(self.url, self.page, self.profile)
        else:
            kind = before_network(self.url, self.page, self.profile) or self._taint()
        return None if kind is None else Failure(kind)

    def _taint(self) -> Kind | None:
        asked = self.asked
        if self.tainting == "basic" and same_origin(self.url.origin, self.page.origin):
            return None
        if asked.mode != "cors" and asked.via == "fetch" and not (self.forced and self.profile.streams_with_cors):
            if asked.mode == "same-origin":
                return self._leaves_origin()
            if asked.mode == "no-cors":
                self.tainting = "opaque"
                return None if asked.redirect == "follow" else Kind.MODE_NO_CORS_REDIRECT
        self.tainting = "cors"
        return None

    def _leaves_origin(self) -> Kind:
        """Return how Chromium calls a call to another origin in mode same-origin."""
        apart = self.asked.keepalive and self.profile.keeps_keepalive_apart
        if self.hop == 0 or (apart and before_network(self.url, self.page, self.profile) is None):
            return Kind.MODE_SAME_ORIGIN
        return Kind.MODE_SAME_ORIGIN_LEFT

    def _preflight(self, now: float) -> Generator[Ask, Answer, Failure | None]:
        profile = self.profile
        origin = self.page.origin if profile.preflight_keeps_page_origin else self.origin
        consent = Consent(origin, self.method, self.unsafe, self.asked.credentials)
        key = Key(origin, self.url.text, self.asked.credentials == "include")
        if self.cache is not None and self.cache.covers(key, consent, profile, now):
            return None
        request = preflight_request(self.url.text, consent)
        answer = yield Ask("preflight", request, self.hop)
        self.judged.append(Judged("preflight", request, answer, self.hop, origin, "cors"))
        if isinstance(answer, NetworkFailure):
            return _unreachable(answer, "preflight")
        fields = read(answer.headers, empty_counts=profile.joins_empty_values)
        if _has_nul(fields):
            return Failure(Kind.INVALID_RESPONSE, "preflight", status=answer.status)
        found = self._refusal(answer.status, fields, consent)
        if self.cache is not None:
            self.cache = self.cache.without(key)
            if found is None:
                self.cache = self.cache.with_entries(entries_of(fields, key, consent, profile, now))
        return None if found is None else self._failure(found[0], "preflight", answer.status, fields, found[1])

    def _refusal(self, status: int, fields: Fields, consent: Consent) -> tuple[Kind, str | None] | None:
        """Return why a preflight's answer forbids the call; where it redirects, the address may be at fault before."""
        if status == 407 and self.profile.fails_on_proxy_authentication:
            return Kind.PROXY_AUTHENTICATION, None
        location = self._location(status, fields)
        if self.profile.gives_up_only_to_follow and redirect_mode(self.asked) != "follow":
            location = None  # such a preflight has a status that is not ok, and no more (measured)
        if location is None:
            fields = (
                {name: value for name, value in fields.items() if name != "location"}
                if "location" in fields
                else fields
            )
        target = None if location is None else location_url(location, self.url, self.profile)
        if location is not None and gives_up_on(target, self.page, self.asked, "cors", self.profile) is not None:
            return (Kind.REDIRECT_INVALID if target is None else Kind.PREFLIGHT_REDIRECT_LOST), None
        same = same_origin(self.url.origin, consent.origin)
        found = refusal(status, fields, consent, self.profile, same=same)
        if found is not None and found[0] is Kind.PREFLIGHT_REDIRECT and (target is None or not _may_enter(target)):
            return Kind.PREFLIGHT_REDIRECT_LOST, None
        return found

    def _location(self, status: int, fields: Fields) -> str | None:
        """Return the Location of a response that redirects, None where it does not."""
        location = fields.get("location") if status in REDIRECTS else None
        return None if location == "" and self.profile.ignores_empty_location else location

    def _needs_preflight(self) -> bool:
        if self.unsafe or self.forced or self.method not in SAFELISTED:
            return True
        if not self.profile.preflights_again or self.hop == 0:
            return False
        return bool(self.first_unsafe) or any(each.kind == "preflight" for each in self.judged)

    def _send(self) -> Generator[Ask, Answer, Answer]:
        headers = self.headers
        if self.body is not None and not any(name.lower() == "content-type" for name, _ in headers):
            headers = (*headers, ("Content-Type", "text/plain;charset=UTF-8"))
        if self.tainting == "cors" or self.method not in ("GET", "HEAD"):
            headers = (*headers, ("Origin", self.origin))
        request = Request(self.method, self.url.text, headers, self.body)
        streamed = self.asked.stream and self.profile.streams_uploads and self.body is not None
        answer = yield Ask("request", request, self.hop, streamed)
        self.judged.append(Judged("request", request, answer, self.hop, self.origin, self.tainting))
        return answer

    def _judge(self, status: int, fields: Fields, location: str | None) -> Failure | Redirect | None:
        """Judge a response: why it stops the call, where it redirects to, or None where the script gets it."""
        if _has_nul(fields):
            return Failure(Kind.INVALID_RESPONSE, "request", status=status)
        if status == 407 and self.profile.fails_on_proxy_authentication:
            return Failure(Kind.PROXY_AUTHENTICATION, "request", status=status)
        found: Redirect | Kind | None = None
        if location is not None:
            target = location_url(location, self.url, self.profile)
            found = gives_up_on(target, self.page, self.asked, self.tainting, self.profile)
            if found is not None:
                return self._failure(found, "request", status, fields)
            found = judge_target(target, status, self.page, self.tainting, self.asked, self.profile)
        kind = None
        if self.tainting == "cors":
            kind = cors_check(fields, self.origin, self.asked.credentials)
        elif self.tainting == "opaque":
            kind = resource_policy(fields, self.url, self.page.origin)
        if kind is not None:
            return self._failure(kind, "request", status, fields)
        if isinstance(found, Kind):
            return self._failure(found, "request", status, fields)
        if found is not None and self.hop == Redirect.MOST:
            return self._failure(Kind.TOO_MANY_REDIRECTS, "request", status, fields)
        return found

    def _follow(self, redirect: Redirect) -> None:
        """Go on to the next URL (Fetch Standard, "HTTP-redirect fetch")."""
        before = self.url.origin
        crosses = redirect.url.origin != before
        if crosses and not same_origin(before, self.page.origin):
            self.origin = "null"
        self.url = redirect.url
        self.hop += 1
        method, headers = stripped(redirect.status, self.method, self.headers, crosses=crosses)
        if method != self.method:
            self.method, self.body = method, None
        apart = self.asked.keepalive and self.asked.via == "fetch" and self.profile.keeps_keepalive_apart
        if self.profile.drops_client_hints and not apart and not same_origin(self.url.origin, self.page.origin):
            headers = without_client_hints(headers)
        if headers is not self.headers:
            self.headers = headers
            self.unsafe = unsafe_names(headers, self.profile)

    def _failure(self, kind: Kind, at: str, status: int, fields: Fields, parameter: str | None = None) -> Failure:
        header = _HEADER_OF.get(kind)
        lines = 0
        if kind in _SHOWN and header is not None:
            parameter = fields.get(header, "")
            answer = self.judged[-1].response
            assert not isinstance(answer, NetworkFailure), "a header is at fault"
            lines = sum(name == COUNTED for name, _ in answer.headers)
        return Failure(kind, at, parameter, header, lines, status)

    def _verdict(self, failure: Failure | None, tainting: str = "", exposed: tuple[str, ...] = ()) -> Verdict:
        return Verdict(
            self.profile.name,
            self.page,
            self.asked,
            tuple(self.judged),
            failure,
            tainting or self.tainting,
            self.url.text,
            exposed,
            self.cache,
            self.rival,
        )


def _forces_preflight(asked: PageRequest, body: bytes | None, profile: Profile) -> bool:
    """Say whether a call is preflighted whatever its method and headers are (Fetch, "use-CORS-preflight flag")."""
    if asked.via == "xhr-upload":
        return body is not None or not profile.upload_listener_needs_body
    return asked.via == "fetch" and asked.stream and profile.streams_uploads


def _body(asked: PageRequest, method: str) -> bytes | None:
    """Return the body that is sent: XMLHttpRequest drops one that the method does not take."""
    if method in ("GET", "HEAD"):
        return None
    return b"" if asked.body is None and asked.stream else asked.body


def _may_enter(target: Url) -> bool:
    return target.is_http and not target.has_userinfo


def _unreachable(answer: NetworkFailure, at: str) -> Failure:
    return Failure(Kind.NETWORK, at, answer.reason)


def _has_nul(fields: Fields) -> bool:
    return "\x00" in "".join(fields.values())
