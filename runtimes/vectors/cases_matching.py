"""Origins, methods and header names: where they are found, and which are allowed."""

from cases_requests import APP, DENIED, EVIL, OK, REST, VARY_ALL, allowed, asks, case, event, preflight

# Origins, one byte off and right.
for origin, right in (
    ("https://admin.example.com", True), ("https://a.example.org", True), ("https://a.b.c.example.org", True),
    ("http://localhost", True), ("http://localhost:5173", True), ("https://example.org", False),
    ("https://aexample.org", False), ("https://a.example.org.evil.test", False), ("https://a.example.org:8443", False),
    ("https://evil.test/.example.org", False), ("https://.example.org", False), ("https://a..example.org", False),
    ("https://a@b.example.org", False), ("https://A.example.org", False), ("http://a.example.org", False),
    ("https://app.example.com.", False), ("https://app.example.com:443", False), ("https://app.example.com/", False),
    ("https://app.example.comx", False), ("xhttps://app.example.com", False), ("https://xapp.example.com", False),
    ("HTTPS://APP.EXAMPLE.COM", False), ("https://app.example.comhttps://admin.example.com", False),
    ("https://app.example.com,https://admin.example.com", False), ("https://app.example.com https://admin.example.com", False),
    ("http://localhost:0", False), ("http://localhost:65536", False), ("http://localhost:", False),
    ("http://localhost:08", False), ("http://localhost:1:2", False), ("http://localhost.evil.test:80", False),
    ("https://localhost:3000", False), ("null", False), ("", False), ("*", False), ("https://*.example.org", False),
    ("https://a\u0000.example.org", False), ("https://a\r\nx: y.example.org", False), ("https://é.example.org", False),
    ("https://" + "a." * 2000 + "example.org", False),
):  # fmt: skip
    expect = allowed(origin, **{"x-own": "1"}) if right else {"vary": "Origin", "x-own": "1"}
    case(
        f"origin {origin[:60]!a} is {'allowed' if right else 'denied'}",
        event("http_api", headers={"Origin": origin}),
        OK,
        {"status": 200, "headers": expect},
    )

# Where the Origin is, whatever its case and map.
for name, change in {
    "upper case": {"headers": {"ORIGIN": APP}, "multiValueHeaders": None},
    "only in multiValueHeaders": {"headers": None, "multiValueHeaders": {"oRigin": [APP]}},
    "null maps": {"headers": None, "multiValueHeaders": None},
    "no maps": {},
    "odd values": {"headers": {"origin": None, "x-origin": APP}, "multiValueHeaders": {"origin": [None, 7]}},
}.items():
    bare = {key: value for key, value in REST.items() if key not in ("headers", "multiValueHeaders")}
    found = name in ("upper case", "only in multiValueHeaders")
    case(
        f"Origin: {name}",
        {**bare, **change},
        OK,
        {"status": 200, "headers": allowed(**{"x-own": "1"}) if found else {"vary": "Origin", "x-own": "1"}},
    )

for name, odd in {"null": None, "a number": 7}.items():
    said = asks()
    said["Access-Control-Request-Method"] = odd
    case(
        f"Access-Control-Request-Method: {name}",
        {**REST, "httpMethod": "OPTIONS", "headers": said, "multiValueHeaders": None},
        OK,
        {"status": 200, "headers": allowed(**{"x-own": "1"})},
    )
both = {**asks(names="x-evil"), "ACCESS-CONTROL-REQUEST-HEADERS": "authorization"}
case(
    "Access-Control-Request-Headers: in two spellings",
    {**REST, "httpMethod": "OPTIONS", "headers": both, "multiValueHeaders": None},
    OK,
    DENIED,
)

# Access-Control-Request-Headers: split lines, blanks, bounds.
for name, names, right in (
    ("absent", None, True), ("empty", "", True), ("blanks", " authorization ,\tcontent-type", True),
    ("empty elements", ",,authorization,,", True), ("capitals", "Authorization", True),
    ("several lines", ["authorization", "content-type,x-trace"], True),
    ("a denied name in the first line", ["x-evil", "content-type"], False),
    ("VT around a name", "x-trace\u000b", False), ("8,000 commas", "," * 8000, False), ("8,000 blanks", " " * 8000, False), ("70 names", ",".join(["x-trace"] * 70), False),
    ("64 names", ",".join(["x-trace"] * 64), True), ("no token", "x trace", False), ("star", "*", False),
    ("CRLF", "x-trace\r\nx: y", False), ("NUL", "x-trace\u0000", False),
):  # fmt: skip
    case(
        f"request headers: {name}",
        event("rest_api", "OPTIONS", asks(names=names)),
        OK,
        preflight() if right else DENIED,
    )
for name, lines, right in (
    ("one line", ["x-trace"], True),
    ("two lines", ["x-trace", "content-type"], True),
    ("a denied name in the second line", ["x-trace", "x-evil"], False),
    ("a denied name in the first line", ["x-evil", "x-trace"], False),
    ("no text", [None], True),
    ("no line", [], True),
):
    asked = {"origin": [APP], "access-control-request-method": ["PUT"], "access-control-request-headers": lines}
    case(
        f"request headers in small letters: {name}",
        {**event("rest_api", "OPTIONS"), "headers": None, "multiValueHeaders": asked},
        OK,
        preflight() if right else DENIED,
    )
case(
    "request headers beside a map that is a list",
    {**event("http_api", "OPTIONS", asks()), "multiValueHeaders": ["x"]},
    OK,
    preflight(),
)
for method, right in (
    ("GET", True),
    ("HEAD", True),
    ("POST", True),
    ("PATCH", True),
    ("patch", False),
    ("", False),
    ("*", False),
):
    case(f"request method {method!r}", event("http_api", "OPTIONS", asks(method)), OK, preflight() if right else DENIED)
case(
    "the method is compared as it is",
    {**event("http_api", "options", asks())},
    OK,
    {"status": 200, "headers": allowed(**{"x-own": "1"})},
)
for names, right, policy in (
    ("x-a", True, "open"), ("authorization", False, "open"), ("x-a,Authorization", False, "open"),
    ("authorization,x-a", True, "open with authorization"),
):  # fmt: skip
    headers = {"access-control-allow-origin": "*"}
    if policy == "open":
        headers |= {
            "access-control-allow-methods": "*",
            "access-control-allow-headers": "*",
            "access-control-max-age": "0",
        }
    else:
        headers["access-control-allow-headers"] = "*,authorization"
    case(
        f"star and {names} ({policy})",
        event("http_api", "OPTIONS", asks("POST", names, EVIL)),
        OK,
        {"status": 204, "headers": headers if right else {}},
        policy=policy,
    )
case(
    "a bare policy answers with a bare preflight",
    event("http_api", "OPTIONS", asks("POST", None)),
    OK,
    {"status": 204, "headers": {"access-control-allow-origin": APP, "vary": VARY_ALL}},
    policy="bare",
)
case(
    "max_age -1 is sent",
    event("http_api", "OPTIONS", asks("POST", None, "https://other.example.com")),
    OK,
    {
        "status": 204,
        "headers": {
            "access-control-allow-origin": "https://other.example.com",
            "access-control-max-age": "-1",
            "vary": VARY_ALL,
        },
    },
    policy="other",
)

bare_lattice = {
    key: value for key, value in event("vpc_lattice_2", headers={"Origin": APP}).items() if key != "requestContext"
}
case("VPC Lattice 2 without a context", bare_lattice, OK, {"status": 200, "headers": allowed(**{"x-own": "1"})})
case(
    "REST, a method that is no text",
    {**event("rest_api", headers={"Origin": APP}), "httpMethod": None},
    OK,
    {"status": 200, "headers": allowed(**{"x-own": "1"})},
)
