"""A CORS policy: judged when it is written, compiled once, and never changed."""

from lambda_cors.lists import read_headers, read_methods, read_settings
from lambda_cors.names import SAFELISTED_METHODS
from lambda_cors.origins import LONGEST, Pattern, read_origin
from lambda_cors.problems import PolicyError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Final, Literal

# Browsers send a handful of names; what is longer is not a preflight that a policy could have been written for.
MOST_BYTES: "Final" = 4096
MOST_NAMES: "Final" = 64
FIELDS: "Final" = (
    "origins",
    "methods",
    "request_headers",
    "response_headers",
    "credentials",
    "max_age",
    "dangerously_tolerate_insecure_origins",
    "dangerously_tolerate_public_suffixes",
)


class Policy:
    """Which pages may read a function's responses, and what they may send.

    origins: exact (`https://app.example.com`), sub-domains of any depth (`https://*.example.com`), any port
    (`http://localhost:*`), or `*` alone. methods: beside GET, HEAD and POST, which the Fetch Standard always lets through.
    request_headers: names a page may send. response_headers: names a page may read beside the safelisted ones. Each of the
    four takes `*` where there are no credentials; as a request header it leaves out Authorization, which is to be named.
    credentials: whether cookies, client certificates and HTTP authentication may travel.
    max_age: seconds a browser may remember a preflight; None leaves it to the browser (five seconds), 0 is sent as 0, and
    -1 is the front doors' way of writing "never remember".

    Raises PolicyError with everything that is broken or insecure. Nothing is allowed unless it is written.
    """

    __slots__ = (*FIELDS, "_any_request_header", "_exact", "_listed", "_patterns", "_preflight", "_response", "_vary")

    origins: "tuple[str, ...]"
    methods: "tuple[str, ...]"
    request_headers: "tuple[str, ...]"
    response_headers: "tuple[str, ...]"
    credentials: bool
    max_age: "int | None"
    dangerously_tolerate_insecure_origins: bool
    dangerously_tolerate_public_suffixes: bool
    _exact: "frozenset[str]"
    _patterns: "tuple[Pattern, ...]"
    _listed: "frozenset[str]"
    _any_request_header: bool
    _response: "dict[str, str]"
    _preflight: "dict[str, str]"
    _vary: "dict[str, str]"

    def __init__(
        self,
        *,
        origins: "Iterable[str] | Literal['*']" = (),
        methods: "Iterable[str] | Literal['*']" = (),
        request_headers: "Iterable[str] | Literal['*']" = (),
        response_headers: "Iterable[str] | Literal['*']" = (),
        credentials: bool = False,
        max_age: "int | None" = None,
        dangerously_tolerate_insecure_origins: bool = False,
        dangerously_tolerate_public_suffixes: bool = False,
    ) -> None:
        found: list[Problem] = []
        given: dict[str, Any] = {
            "origins": _items("origins", origins, found),
            "methods": _items("methods", methods, found),
            "request_headers": _items("request_headers", request_headers, found),
            "response_headers": _items("response_headers", response_headers, found),
            "credentials": credentials,
            "max_age": max_age,
            "dangerously_tolerate_insecure_origins": dangerously_tolerate_insecure_origins,
            "dangerously_tolerate_public_suffixes": dangerously_tolerate_public_suffixes,
        }
        found += read_settings(given)
        found += read_methods(given["methods"])
        found += read_headers("request_headers", given["request_headers"])
        found += read_headers("response_headers", given["response_headers"])
        patterns = []
        for origin in given["origins"]:
            if origin == "*":
                continue
            pattern, problems = read_origin(
                origin,
                credentials=credentials is True,
                insecure=dangerously_tolerate_insecure_origins is True,
                public_suffixes=dangerously_tolerate_public_suffixes is True,
            )
            found += problems
            if pattern:
                patterns.append(pattern)
        if found:
            raise PolicyError(tuple(found))
        for name in ("request_headers", "response_headers"):
            given[name] = tuple(dict.fromkeys(item.lower() for item in given[name]))
        put = object.__setattr__
        for name, value in given.items():
            put(self, name, value)
        put(self, "_patterns", tuple(patterns))
        put(self, "_exact", frozenset(o for o in given["origins"] if "*" not in o))
        put(self, "_listed", frozenset(given["request_headers"]))
        put(self, "_any_request_header", "*" in given["request_headers"])
        self._compile()

    def _compile(self) -> None:
        everybody = "*" in self.origins
        shared = {"Access-Control-Allow-Origin": "*"} if everybody else {}
        if self.credentials:
            shared["Access-Control-Allow-Credentials"] = "true"
        response = dict(shared)
        if self.response_headers:
            response["Access-Control-Expose-Headers"] = ",".join(self.response_headers)
        preflight = dict(shared)
        if self.methods:
            preflight["Access-Control-Allow-Methods"] = ",".join(self.methods)
        if self.request_headers:
            preflight["Access-Control-Allow-Headers"] = ",".join(self.request_headers)
        if self.max_age is not None:
            preflight["Access-Control-Max-Age"] = str(self.max_age)
        vary = {}
        if not everybody:
            response["Vary"] = "Origin"
            vary["Vary"] = "Origin"
            preflight["Vary"] = PREFLIGHT_VARY
        put = object.__setattr__
        put(self, "_response", response)
        put(self, "_preflight", preflight)
        put(self, "_vary", vary)

    def allows(self, origin: "str | None") -> bool:
        """Whether pages of this origin, as browsers serialise it, may read the responses."""
        if origin in self._exact:
            return True
        if "*" in self.origins:
            return True
        if not origin or len(origin) > LONGEST:
            return False
        return any(pattern.matches(origin) for pattern in self._patterns)

    def response_headers_for(self, origin: "str | None") -> "dict[str, str]":
        """The CORS headers of a response, `Vary` included: all there are for an allowed origin, else `Vary` alone."""
        if origin in self._exact:
            return {"Access-Control-Allow-Origin": origin, **self._response}
        if "*" in self.origins:
            return self._response.copy()
        if origin and self.allows(origin):
            return {"Access-Control-Allow-Origin": origin, **self._response}
        return self._vary.copy()

    def preflight_headers_for(self, origin: str, method: str, names: "str | None") -> "dict[str, str]":
        """The headers that answer a preflight: all the policy has to say when it is allowed, else `Vary` alone.

        method and names are the values of Access-Control-Request-Method and Access-Control-Request-Headers.
        """
        if self.refuses(origin, method, names):
            return {"Vary": PREFLIGHT_VARY} if self._vary else {}
        if "*" in self.origins:
            return self._preflight.copy()
        return {"Access-Control-Allow-Origin": origin, **self._preflight}

    def refuses(self, origin: str, method: str, names: "str | None") -> "Literal['origin', 'method', 'headers', None]":
        """The first step of the CORS-preflight fetch (Fetch Standard, 4.9) that a preflight fails at; None: it passes."""
        if origin not in self._exact and not self.allows(origin):
            return "origin"
        if method not in self.methods and method not in SAFELISTED_METHODS and "*" not in self.methods:
            return "method"
        if names and self.unlisted(names) is not None:
            return "headers"
        return None

    def unlisted(self, names: str) -> "str | None":
        """The first name of an Access-Control-Request-Headers value that is not allowed; None: all are."""
        if len(names) > MOST_BYTES or names.count(",") >= MOST_NAMES:
            return names[:64]
        for part in names.split(","):
            if part in self._listed:
                continue
            name = part.strip(" \t").lower()
            if name not in self._listed and name and (not self._any_request_header or name == "authorization"):
                return name
        return None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Policy cannot be changed; make another")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a Policy cannot be changed; make another")

    def _parts(self) -> "tuple[object, ...]":
        return tuple(getattr(self, name) for name in FIELDS)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        said = zip(FIELDS, self._parts(), strict=True)
        return (
            f"Policy({', '.join(f'{name}={v!r}' for name, v in said if v != () and v is not False and v is not None)})"
        )

    def __reduce__(self) -> "tuple[Any, ...]":
        return _make, self._parts()


PREFLIGHT_VARY: "Final" = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


def _make(*parts: "Any") -> Policy:
    return Policy(**dict(zip(FIELDS, parts, strict=True)))


def _items(field: str, given: object, found: "list[Problem]") -> "tuple[Any, ...]":
    if given == "*":
        return ("*",)
    if isinstance(given, str):
        split = tuple(part.strip() for part in given.split(","))
        found.append(
            Problem("not-a-list", field, given, "is one string where a list belongs", f"write {field}={split!r}")
        )
        return ()
    try:
        items = tuple(given)  # type: ignore[arg-type]
    except TypeError:
        found.append(Problem("not-a-list", field, given, "is not a list", f"write {field}=('…', '…')"))
        return ()
    return tuple(dict.fromkeys(items)) if all(isinstance(item, str) for item in items) else items
