"""A CORS policy: judged when it is written, compiled once, and never changed."""

from collections.abc import Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SAFELISTED_METHODS = ("GET", "HEAD", "POST")
LISTS = ("origins", "methods", "request_headers", "response_headers")
FLAGS = ("credentials", "dangerously_tolerate_insecure_origins", "dangerously_tolerate_public_suffixes")
FIELDS = (*LISTS, "max_age", *FLAGS)
VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
# What is longer than this comes from no browser, and is not worth reading.
MOST_CHARACTERS, MOST_NAMES, LONGEST_ORIGIN = 4096, 64, 320


class Problem:
    """One thing that is wrong: a stable code, the argument, the value given, why it fails, and what to write instead."""

    __slots__ = ("code", "field", "fix", "value", "why")

    def __init__(self, code: str, field: str, value: object, why: str, fix: str) -> None:
        self.code, self.field, self.value, self.why, self.fix = code, field, value, why, fix

    def __repr__(self) -> str:
        return f"Problem{(self.code, self.field, self.value, self.why, self.fix)!r}"

    def __str__(self) -> str:
        return f"{self.field}: {self.value!r} {self.why}; {self.fix} [{self.code}]"


class PolicyError(ValueError):
    """The policy is broken or insecure: `problems` holds everything that is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n  ".join(["this CORS policy cannot be used", *map(str, self.problems)])


class Policy:
    """Which pages may read a function's responses, and what they may send.

    origins: exact (`https://app.example.com`), sub-domains of any depth (`https://*.example.com`), any port
    (`http://localhost:*`), or `*` alone. methods: beside GET, HEAD and POST, which browsers always let through.
    request_headers: names a page may send. response_headers: names a page may read beside the safelisted ones. All four
    take `*` where there are no credentials; a request header of `*` leaves out Authorization, which is to be named.
    credentials: whether cookies and client certificates may travel. max_age: seconds a browser may remember a preflight;
    None sends nothing (browsers take five seconds), 0 is sent as 0, and -1 is the front doors' word for "never".

    Raises PolicyError with everything that is broken or insecure. Nothing is allowed that is not written.
    """

    __slots__ = (*FIELDS, "_any_header", "_everybody", "_exact", "_patterns", "_preflight", "_response", "_vary")

    def __init__(
        self,
        *,
        origins: Iterable[str] = (),
        methods: Iterable[str] = (),
        request_headers: Iterable[str] = (),
        response_headers: Iterable[str] = (),
        credentials: bool = False,
        max_age: int | None = None,
        dangerously_tolerate_insecure_origins: bool = False,
        dangerously_tolerate_public_suffixes: bool = False,
    ) -> None:
        # Judging is imported when it is first done: what only passes the policy on need not pay for it.
        from lambda_cors.names import check_headers, check_methods
        from lambda_cors.origins import read_origin

        found: list[Problem] = []
        self.origins = read_items("origins", origins, found)
        self.methods = read_items("methods", methods, found)
        self.request_headers = read_items("request_headers", request_headers, found)
        self.response_headers = read_items("response_headers", response_headers, found)
        self.credentials = credentials
        self.max_age = max_age
        self.dangerously_tolerate_insecure_origins = dangerously_tolerate_insecure_origins
        self.dangerously_tolerate_public_suffixes = dangerously_tolerate_public_suffixes
        patterns = []
        for origin in self.origins:
            if origin != "*":
                pattern, problems = read_origin(
                    origin,
                    credentials=credentials,
                    insecure=dangerously_tolerate_insecure_origins,
                    suffixes=dangerously_tolerate_public_suffixes,
                )
                found += problems
                if pattern:
                    patterns.append(pattern)
        found += check_methods(self.methods)
        found += check_headers("request_headers", self.request_headers)
        found += check_headers("response_headers", self.response_headers)
        self._check_settings(found)
        if found:
            raise PolicyError(*found)
        self.request_headers = tuple(dict.fromkeys(map(str.lower, self.request_headers)))
        self.response_headers = tuple(dict.fromkeys(map(str.lower, self.response_headers)))
        self._exact = frozenset(origin for origin in self.origins if "*" not in origin)
        self._patterns = tuple(patterns)
        self._any_header = "*" in self.request_headers
        self._everybody = "*" in self.origins
        shared = {"Access-Control-Allow-Origin": "*"} if self._everybody else {}
        if credentials:
            shared["Access-Control-Allow-Credentials"] = "true"
        self._response, self._preflight = shared, shared.copy()
        for headers, name, value in (
            (self._response, "Expose-Headers", ",".join(self.response_headers)),
            (self._preflight, "Allow-Methods", ",".join(self.methods)),
            (self._preflight, "Allow-Headers", ",".join(self.request_headers)),
            (self._preflight, "Max-Age", "" if max_age is None else str(max_age)),
        ):
            if value:
                headers[f"Access-Control-{name}"] = value
        vary = {}
        if not self._everybody:
            self._response["Vary"] = "Origin"
            self._preflight["Vary"] = vary["Vary"] = VARY
        self._vary = vary

    def _check_settings(self, found: list[Problem]) -> None:
        def check(right: object, code: str, field: str, why: str, fix: str) -> None:
            if not right:
                found.append(Problem(code, field, getattr(self, field), why, fix))

        check(self.origins or found, "origins-empty", "origins", "allows nobody", "name the origins of your pages")
        alone = "*" not in self.origins or len(self.origins) == 1
        check(alone, "origins-mixed", "origins", "holds '*', which covers the others", "write '*' alone, or without it")
        for name in LISTS:
            right = not self.credentials or "*" not in getattr(self, name)
            why = "holds '*', which is no wildcard when credentials travel"
            check(right, "wildcard-with-credentials", name, why, "name each, or leave credentials out")
        for name in FLAGS:
            check(
                type(getattr(self, name)) is bool,
                "not-a-bool",
                name,
                "is neither True nor False",
                "write True or nothing",
            )
        age = self.max_age
        right = age is None or (type(age) is int and -1 <= age <= 86400)
        check(right, "max-age", "max_age", "is no number of seconds up to a day", "write 0 to 86400, or -1")

    def allows(self, origin: str) -> bool:
        """Whether pages of this origin, as browsers write it, may read the responses."""
        if origin in self._exact or self._everybody:
            return True
        return len(origin) <= LONGEST_ORIGIN and any(pattern.matches(origin) for pattern in self._patterns)

    def headers_for(self, origin: str | None) -> dict[str, str]:
        """The CORS headers of a response: all there are for an allowed origin, else `Vary` alone."""
        if self._everybody:
            return self._response.copy()
        if origin is not None and (origin in self._exact or self.allows(origin)):
            return {"Access-Control-Allow-Origin": origin, **self._response}
        return {"Vary": "Origin"}

    def preflight_headers_for(self, origin: str, method: str, names: str | None) -> dict[str, str]:
        """The headers that answer a preflight: all the policy has to say where it is allowed, else `Vary` alone.

        method and names are the values of Access-Control-Request-Method and Access-Control-Request-Headers.
        """
        if self.refuses(origin, method, names):
            return self._vary.copy()
        if self._everybody:
            return self._preflight.copy()
        return {"Access-Control-Allow-Origin": origin, **self._preflight}

    def refuses(self, origin: str, method: str, names: str | None) -> str | None:
        """The first step of the CORS-preflight fetch (Fetch Standard) that fails: "origin", "method", "headers" or None."""
        if origin not in self._exact and not self.allows(origin):
            return "origin"
        if method not in self.methods and method not in SAFELISTED_METHODS and "*" not in self.methods:
            return "method"
        return "headers" if names and self.unlisted(names) else None

    def unlisted(self, names: str) -> str | None:
        """The first of the names in an Access-Control-Request-Headers value that may not be sent; None: all may."""
        if len(names) > MOST_CHARACTERS or names.count(",") >= MOST_NAMES:
            return names[:MOST_NAMES]
        for part in names.split(","):
            if part not in self.request_headers:
                name = part.strip(" \t").lower()
                if name and name not in self.request_headers and (not self._any_header or name == "authorization"):
                    return name
        return None

    def settings_for(self, front_door: str) -> "dict[str, Any]":
        """The front door's own CORS settings that say the same, in CloudFormation's words.

        front_door: "http_api", "function_url"; "rest_api": the headers of the mock that answers OPTIONS, as constants of
        mapping expressions; "sam_rest_api": the Cors of AWS::Serverless::Api. Raises PolicyError where it cannot say it.
        """
        from lambda_cors.settings import write_settings

        return write_settings(self, front_door)

    @classmethod
    def from_settings(cls, settings: "dict[str, Any]") -> "Policy":
        """The policy that such settings amount to, CloudFormation's or the API's. Raises PolicyError where they are wrong."""
        from lambda_cors.settings import read_settings

        return cls(**read_settings(settings))

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "_vary"):
            raise AttributeError("a Policy cannot be changed: make another")
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        setattr(self, name, None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        said = ((name, getattr(self, name)) for name in FIELDS)
        return f"Policy({', '.join(f'{name}={v!r}' for name, v in said if v not in ((), None) and v is not False)})"


def read_items(field: str, given: "Any", found: list[Problem]) -> tuple[str, ...]:
    """The entries of a list, nothing twice; what is no list is a problem."""
    if given == "*":
        return ("*",)
    if isinstance(given, str) or not isinstance(given, Iterable):
        items = tuple(given.replace(",", " ").split()) if isinstance(given, str) else ()
        found.append(Problem("not-a-list", field, given, "is not a list", f"write {field}={items}"))
        return ()
    items = tuple(given)
    return tuple(dict.fromkeys(items)) if all(isinstance(item, str) for item in items) else items
