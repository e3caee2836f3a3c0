"""Random cases in the recorded format: what a page does, and what a server answers, near the edges of the protocol."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Case = dict[str, Any]

ORIGINS = (
    "https://yourapp.com",
    "https://yourapp.com",
    "https://yourapp.com",
    "null",
    "http://yourapp.com",
    "https://yourapp.com:8443",
    "http://localhost:3000",
    "https://app.example.net",
    "http://[::1]:3000",
)
BASES = (
    *(None,) * 9,
    "https://yourapp.com",
    "https://yourapp.com:8443",
    "https://www1.yourapp.com",
    "https://b.example.org",
    "http://api.example.net",
    "http://localhost:8000",
    "http://127.0.0.1:5173",
)
TCHARS = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

tokens = st.one_of(st.sampled_from(("x-a", "X-B", "x-custom-header")), st.text(TCHARS, min_size=1, max_size=8))
# What an HTTP/1.1 message can carry in a field: every byte but NUL, CR and LF.
odd_text = st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=12)

METHODS = (
    *("GET", "GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"),
    *("patch", "get", "post", "Put", "delete", "head", "QUERY", "X-!#$", "*", "TRACE", "connect"),
)
methods = st.one_of(st.sampled_from(METHODS), st.sampled_from(METHODS), tokens)

CONTENT_TYPES = (
    *("text/plain", "application/json", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded"),
    *(
        "multipart/form-data; boundary=x",
        "TEXT/Plain",
        'text/plain; charset="utf-8"',
        "text/plain,text/plain",
        "text",
        "",
    ),
    *(
        "application/json; charset=utf-8",
        "text /plain",
        "text/plain;",
        "text/plain;a=b;c",
        "text/plain; x=" + "a" * 120,
    ),
)
LANGUAGES = ("en", "en-US,en;q=0.5", "en_US", "en/us", "*", "", "e" * 128, "e" * 129, "é")
ACCEPTS = (
    "*/*",
    "application/json",
    'text/html;x="1"',
    "a(b)",
    "a" * 128,
    "a" * 129,
    "",
    "a\tb",
    "é",
    "{}",
    "a:b",
    "\x7f",
)
RANGES = (
    "bytes=0-",
    "bytes=0-99",
    "bytes=-5",
    "bytes=9-0",
    "bytes=0-1,3-4",
    "BYTES=0-1",
    "bytes= 0-1",
    "bytes=5",
    "items=0-1",
)
CLIENT_HINTS = (
    *(("DPR", "1"), ("dpr", "2.5"), ("DPR", "abc"), ("Width", "100"), ("Width", "1.5"), ("Viewport-Width", "640")),
    *(
        ("Device-Memory", "0.5"),
        ("Save-Data", "on"),
        ("Save-Data", "On"),
        ("Save-Data", "off"),
        ("RTT", "50"),
        ("ECT", "4g"),
    ),
    *(("Downlink", "1.0"), ("DPR", ""), ("Lang", "en"), ("Sec-CH-DPR", "1")),
)
DROPPED = (
    *(
        ("Origin", "https://evil.example"),
        ("Cookie", "a=b"),
        ("Host", "h"),
        ("Sec-Fetch-Mode", "cors"),
        ("Proxy-X", "1"),
    ),
    *(
        ("X-HTTP-Method-Override", "TRACE"),
        ("X-Method-Override", "GET, track"),
        ("Referer", "x"),
        ("Date", "x"),
        ("Via", "1"),
    ),
    *(
        ("Access-Control-Request-Method", "PUT"),
        ("DNT", "1"),
        ("TE", "trailers"),
        ("Set-Cookie", "a=b"),
        ("Expect", "x"),
    ),
)
PLAIN = (
    *(
        ("X-A", "1"),
        ("x-a", "2"),
        ("Authorization", "Bearer t"),
        ("authorization", ""),
        ("X-Requested-With", "XMLHttpRequest"),
    ),
    *(
        ("Cache-Control", "no-cache"),
        ("If-None-Match", '"x"'),
        ("X-HTTP-Method-Override", "PUT"),
        ("User-Agent", "zzz"),
    ),
    *(("Last-Event-ID", "1"), ("traceparent", "00-0-0-00"), ("X-Api-Key", "k"), ("Access-Control-Allow-Origin", "*")),
    *(("Content-Encoding", "gzip"), ("Content-Location", "/x"), ("Pragma", "no-cache"), ("Priority", "u=1")),
)


def _named(name: str, values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, str]]:
    cased = st.sampled_from((name, name.lower(), name.upper()))
    return st.tuples(cased, st.one_of(st.sampled_from(values), st.sampled_from(values), odd_text))


request_header = st.one_of(
    st.sampled_from(PLAIN),
    st.sampled_from(PLAIN),
    _named("Content-Type", CONTENT_TYPES),
    _named("Accept", ACCEPTS),
    _named("Accept-Language", LANGUAGES),
    _named("Content-Language", LANGUAGES),
    _named("Range", RANGES),
    st.sampled_from(CLIENT_HINTS),
    st.sampled_from(DROPPED),
    st.tuples(tokens, odd_text),
)
repeated = st.builds(
    lambda name, value, times: [(name, value)] * times,
    st.sampled_from(("Accept", "Accept-Language", "Content-Type", "X-A")),
    st.sampled_from(("a" * 60, "a" * 100, "a" * 128, "text/plain", "1")),
    st.integers(2, 12),
)
request_headers = st.one_of(
    st.just([]),
    st.lists(request_header, min_size=1, max_size=4),
    st.lists(request_header, min_size=1, max_size=4),
    st.builds(lambda some, more: [*some, *more], repeated, st.lists(request_header, max_size=2)),
)

STATUSES = (
    200,
    200,
    200,
    201,
    204,
    206,
    299,
    400,
    401,
    403,
    404,
    418,
    429,
    500,
    502,
    503,
    504,
    599,
    600,
    300,
    304,
    305,
)
PREFLIGHT_STATUSES = (
    200,
    200,
    204,
    204,
    204,
    204,
    201,
    299,
    300,
    301,
    302,
    304,
    307,
    308,
    400,
    401,
    403,
    404,
    500,
    502,
    503,
)
REDIRECT_STATUSES = (301, 302, 303, 307, 308)


# "{o}" stands for the origin of the page, "{O}" for the same in upper case, "{-}" for it without its last character.
EXACT = ("{o}", "{o}", "{o}", "*", " {o}\t")
NEAR = (
    *(
        "{o}/",
        "{O}",
        "{o},",
        "{o}:443",
        "{o}\x0b",
        "{o}\xa0",
        "x{o}",
        "{-}",
        "{o}, *",
        "{o} https://b.example",
        "'{o}'",
        '"{o}"',
    ),
    *(
        "{o}/app",
        "{o}?",
        "{o}#",
        "null",
        "Null",
        "",
        "*",
        "**",
        "*.yourapp.com",
        "https://*.yourapp.com",
        "yourapp.com",
    ),
    *("//yourapp.com", "'*'", "true", "https:/yourapp.com", "https:yourapp.com", "https://", "http://yourapp.com"),
    *("https://other.com", "chrome-extension://abc", "https://yourapp.com:99999", "https://[::1", "https://1.2.3.4.5"),
    *(
        "https://0x7f.1",
        "https://a b",
        "https://yourapp.com%23",
        "ftp://yourapp.com",
        "file:///x",
        "data:x",
        "about:blank",
        "a:",
    ),
    *("https://yourapp..com", "https://-", "https://xn--a", "-", "https://u:p@yourapp.com", "https://%79ourapp.com"),
    *(
        "https://yourapp.com\\",
        "HTTPS://YOURAPP.COM:443",
        "https://\xc3\xa9.com",
        "https://yourapp.com:",
        "https://yourapp.com:0",
    ),
)
_near = st.one_of(st.sampled_from(NEAR), st.sampled_from(NEAR), odd_text)
_origin_name = st.sampled_from(
    (
        "Access-Control-Allow-Origin",
        "access-control-allow-origin",
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Origins",
    )
)
exact_origin = st.builds(lambda value: [("Access-Control-Allow-Origin", value)], st.sampled_from(EXACT))
near_origin = st.one_of(
    st.just([]),
    st.lists(st.tuples(_origin_name, _near), min_size=1, max_size=1),
    st.lists(st.tuples(_origin_name, _near), min_size=1, max_size=1),
    st.just([("Access-Control-Allow-Origin", "{o}"), ("access-control-allow-origin", "{o}")]),
    st.lists(st.tuples(_origin_name, st.one_of(_near, st.sampled_from(EXACT))), min_size=2, max_size=3),
)

credentials_allowed = st.one_of(
    st.just([]),
    st.just([("Access-Control-Allow-Credentials", "true")]),
    st.just([("Access-Control-Allow-Credentials", "true")]),
    st.builds(
        lambda value, times: [("Access-Control-Allow-Credentials", value)] * times,
        st.one_of(
            st.sampled_from(("True", "TRUE", "1", "", " true ", "false", "true,", "true\x0b", "'true'")), odd_text
        ),
        st.integers(1, 2),
    ),
)


# "{l}" stands for the list that the request needs.
LISTS = (
    *(
        "{l}",
        "{l}",
        "{l}, *",
        "*",
        "*",
        "",
        "'{l}'",
        '"{l}"',
        "[{l}]",
        ",, {l} ,",
        "{l}, a b",
        "{l}, \xe9",
        "{l}\x0b",
        "\t{l}\t",
    ),
    *("{l};", "{l} {l}", "{l}\t,\tx", "{l}=1", "{l}, {l}", "{l},\x0c", "(x)", "a/b", "GET", "x-a", "authorization, *"),
)
_list = st.one_of(st.sampled_from(LISTS), st.sampled_from(LISTS), tokens, odd_text)
a_list = st.one_of(st.just(["{l}"]), st.just(["{l}"]), st.lists(_list, max_size=2))

exposing = st.one_of(
    st.just([]),
    st.builds(
        lambda values: [("Access-Control-Expose-Headers", value) for value in values],
        st.lists(
            st.one_of(
                st.sampled_from(
                    (
                        "*",
                        "x-one",
                        "X-One, etag",
                        "x-one, *",
                        "set-cookie",
                        "",
                        "x one",
                        '"x-one"',
                        ",x-one",
                        "x-one\x0c",
                    )
                ),
                odd_text,
            ),
            min_size=1,
            max_size=2,
        ),
    ),
)
extras = st.lists(
    st.sampled_from(
        (
            *(
                ("X-One", "1"),
                ("ETag", '"e"'),
                ("Content-Type", "text/plain"),
                ("Cache-Control", "no-store"),
                ("Set-Cookie", "a=b"),
            ),
            *(
                ("x-one", "2"),
                ("Expires", "0"),
                ("Pragma", "no-cache"),
                ("Vary", "Origin"),
                ("Access-Control-Max-Age", "5"),
            ),
            *(
                ("Cross-Origin-Resource-Policy", "same-origin"),
                ("Cross-Origin-Resource-Policy", "same-site"),
                ("X-Odd", "\xff\x01"),
            ),
            *(
                ("Cross-Origin-Resource-Policy", "cross-origin"),
                ("WWW-Authenticate", "Bearer"),
                ("Content-Language", "en"),
            ),
        )
    ),
    max_size=3,
)
# The judges know a case by the path of its URLs, so that what is followed must lead there.
LOCATIONS = (*("{next}",) * 8, "{self}", "?again", "data:,x", "https://")
MORE_LOCATIONS = (
    "https://u:p@api.example.net/x",
    "https://u:p@yourapp.com/x",
    "foo:bar",
    "",
    "#x",
    "https://a:b/",
    "about:x",
)


@st.composite
def answers(draw: st.DrawFn, origin: str, *, credentials: bool, exact: int, redirects: bool) -> dict[str, Any]:
    """A response; when it `redirects`, to the next hop mostly."""
    if draw(st.integers(0, 39)) == 0:
        return {"close": True}
    headers = filled(draw(exact_origin if draw(st.integers(0, 9)) < exact else near_origin), origin)
    if exact == 10 and credentials:
        headers.append(("Access-Control-Allow-Credentials", "true"))
    elif credentials or draw(st.booleans()):
        headers += draw(credentials_allowed)
    headers += draw(exposing) + draw(extras)
    if not redirects:
        return {"status": draw(st.sampled_from(STATUSES)), "headers": _pairs(headers)}
    location = draw(st.one_of(st.sampled_from(LOCATIONS), st.sampled_from(LOCATIONS + MORE_LOCATIONS)))
    return {"status": draw(st.sampled_from(REDIRECT_STATUSES)), "headers": _pairs([*headers, ("Location", location)])}


@st.composite
def preflights(draw: st.DrawFn, origin: str, request: dict[str, Any], exact: int) -> dict[str, Any] | None:
    """An answer to OPTIONS that allows the request mostly."""
    if draw(st.integers(0, 19)) == 0:
        return draw(st.sampled_from((None, None, {"close": True})))
    status = draw(st.sampled_from(PREFLIGHT_STATUSES)) if draw(st.integers(0, 9)) >= exact else 204
    headers = filled(draw(exact_origin if draw(st.integers(0, 9)) < exact else near_origin), origin)
    headers += draw(credentials_allowed)
    if request["credentials"] == "include" and draw(st.integers(0, 9)) < exact:
        headers = [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true")]
    method = request["method"]
    wanted = method.upper() if method.upper() in ("PUT", "DELETE", "OPTIONS") else method
    names = ", ".join(name for name, _ in request["headers"])
    for header, needed in (("Access-Control-Allow-Methods", f"GET, {wanted}"), ("Access-Control-Allow-Headers", names)):
        values = draw(a_list)
        needed = draw(st.sampled_from((needed, needed, needed.lower(), needed.upper(), needed.replace(", ", ","))))
        headers += [(header, value.replace("{l}", needed)) for value in values]
    if status in REDIRECT_STATUSES and draw(st.booleans()):
        headers.append(("Location", draw(st.sampled_from(("/x", "{self}", "https://b.example.org/", "data:,x")))))
    return {"status": status, "headers": _pairs(headers)}


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """What the page's script does."""
    request: dict[str, Any] = {
        "method": draw(methods),
        "headers": _pairs(draw(request_headers)),
        "credentials": draw(st.sampled_from(("omit", "same-origin", "include", "include"))),
        "mode": draw(st.sampled_from(("cors",) * 12 + ("no-cors", "same-origin"))),
    }
    if request["method"].upper() not in ("GET", "HEAD") or draw(st.integers(0, 19)) == 0:
        body = draw(st.sampled_from((None, "x", "{}", "a=b")))
        request |= {} if body is None else {"body": body}
    way = draw(st.integers(0, 19))
    if way < 4:
        request |= {"via": ("xhr", "xhr-upload")[way % 2], "mode": "cors"}
    elif way == 4:
        request["redirect"] = draw(st.sampled_from(("error", "manual")))
    elif way == 5:
        request["keepalive"] = True
    elif way == 6 and request.get("body"):
        request["stream"] = True
    return request


@st.composite
def cases(draw: st.DrawFn, origin: str | None = None) -> Case:
    """A whole case; `origin` is the page's where it is given."""
    page = origin if origin is not None else draw(st.sampled_from(ORIGINS))
    request = draw(requests())
    exact = draw(st.sampled_from((3, 8, 10, 10)))
    length = draw(st.sampled_from((1, 1, 1, 1, 2, 2, 3, 4)))
    hops = []
    for at in range(length):
        sent = draw(st.sampled_from((page, page, "null"))) if at > 0 else page
        hop: dict[str, Any] = {
            "preflight": draw(preflights(sent, request, exact)),
            "response": draw(
                answers(sent, credentials=request["credentials"] == "include", exact=exact, redirects=at < length - 1)
            ),
        }
        base = draw(st.sampled_from(BASES))
        hop |= {} if base is None else {"base": base}
        hops.append(hop)
    case: Case = {"name": "random", "origin": page, "request": request, **hops[0]}
    return case if length == 1 else {**case, "hops": hops}


def filled(headers: list[tuple[str, str]], origin: str) -> list[tuple[str, str]]:
    """Put the page's origin in the places that stand for it."""
    places = {"{o}": origin, "{O}": origin.upper(), "{-}": origin[:-1]}
    for place, text in places.items():
        headers = [(name, value.replace(place, text)) for name, value in headers]
    return headers


def _pairs(headers: list[tuple[str, str]]) -> list[list[str]]:
    return [[name, value] for name, value in headers]
