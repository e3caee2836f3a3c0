"""What a generated project is to be, before any dialect writes it down.

A plan says what the front door is told and what the code answers. A correct plan lets its page call; a fault is one
change of a plan, which every dialect that can express it then writes in its own words.
"""

from __future__ import annotations

from msgspec import Struct

REST, HTTP, URL, ALB = "rest_api", "http_api", "function_url", "alb"
SAM, CFN, CDK, OPENAPI, SLS, TF = "sam", "cloudformation", "cdk", "openapi", "serverless", "terraform"
PYTHON, JAVASCRIPT, TYPESCRIPT = "python", "javascript", "typescript"

DOORS: dict[str, tuple[str, ...]] = {
    SAM: (REST, HTTP, URL),
    CFN: (REST, HTTP, URL, ALB),
    CDK: (REST, HTTP, URL, ALB),
    OPENAPI: (REST, HTTP),
    SLS: (REST, HTTP, URL, ALB),
    TF: (REST, HTTP, URL, ALB),
}
"""The front doors that a project in each dialect can have; "openapi" is a definition inside a SAM template."""
LANGUAGES = (PYTHON, JAVASCRIPT, TYPESCRIPT)
STYLES = ("literal", "constant", "helper", "module", "wrapper")

ORIGIN, METHODS, HEADERS = "Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"
CREDENTIALS, MAX_AGE, EXPOSE = (
    "Access-Control-Allow-Credentials",
    "Access-Control-Max-Age",
    "Access-Control-Expose-Headers",
)

Pairs = tuple[tuple[str, str], ...]
"""Names and values in order; a header's value is an expression of the language, or of the mapping."""


class Written(Struct, frozen=True):
    """An expression that each language writes in its own way."""

    python: str
    javascript: str


class Lists(Struct, frozen=True):
    """The CORS settings of an HTTP API or a Function URL."""

    origins: tuple[str, ...]
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    expose: tuple[str, ...] = ()
    credentials: bool = False
    max_age: int | None = None
    spelt: Pairs = ()
    """A member's name, and how it is misspelt: ("AllowOrigins", "AllowOrigns")."""


class Preflight(Struct, frozen=True):
    """A REST API's OPTIONS mock: each value as API Gateway gets it, inner quotes included."""

    parameters: Pairs
    template: str | None = '{"statusCode": 200}'
    answers: bool = True
    authorized: bool = False
    keyed: bool = False
    text: bool = False
    """CONVERT_TO_TEXT, for APIs that take every body as binary."""


class Answer(Struct, frozen=True):
    """One `return` of the handler.

    `when`: "options", "bad" (the body is no JSON), "else". `headers` None: no headers at all. `whole` takes the place of the
    returned object. `status` None: the object has no statusCode.
    """

    when: str
    status: int | None
    headers: tuple[tuple[str, str | Written], ...] | None
    whole: Written | None = None
    key: str = "headers"


class Code(Struct, frozen=True):
    """The handler: its answers in order, the last one for everything else.

    `echo`: how the Origin is compared before it is sent back ("list", "any", "suffix", "regex", "null"); "" where the
    header is fixed. `spelling`: "any" looks for the header whatever its case, else the one name. `framework` has its own
    rendering.
    """

    answers: tuple[Answer, ...]
    style: str = "literal"
    echo: str = ""
    allowed: tuple[str, ...] = ()
    spelling: str = "any"
    lookup: int = 0
    """Which of the ways to look for the header, whatever its case."""
    vary: bool = True
    framework: str = ""
    settings: Pairs = ()
    """The framework's settings of CORS, each as (name, expression of the language)."""
    asynchronous: bool = False
    """A Python handler that is a coroutine."""


class Edge(Struct, frozen=True):
    """A CloudFront distribution in front; `members` of its behavior, as CloudFormation names them."""

    methods: bool = True
    cached: bool = False
    forwards: str = "except-host"
    """"except-host", "all", "origin", "nothing"."""
    error_page: bool = False


class Plan(Struct, frozen=True):
    """A whole project.

    `owner`: who answers for CORS, "door" (its settings) or "code". `method`, `path`, `origin`, `sent` (names of headers) and
    `credentials` are the call that its page makes.
    """

    dialect: str
    door: str
    owner: str
    language: str
    origin: str
    method: str
    path: str
    sent: tuple[str, ...]
    json: bool
    credentials: bool
    code: Code
    lists: Lists | None = None
    preflight: Preflight | None = None
    gateway_responses: Pairs = ()
    authorizer: str = ""
    """"" or "tokens": who calls the route must show a token."""
    keyed: bool = False
    binary: tuple[str, ...] = ()
    deployed: bool = True
    """The deployment waits for the CORS resources, and is made anew with them; the HTTP API's stage deploys by itself."""
    permitted: bool = True
    invokes: str = "both"
    """A Function URL's permissions: "both", "one"."""
    signed: bool = False
    """A Function URL that wants signatures."""
    catch_all: bool = False
    """The route takes any method of any path."""
    mapped: str = ""
    """A REST method without proxy integration: "" for none, else what its integration response maps as the origin; "-" for
    nothing."""
    listener_methods: tuple[str, ...] = ()
    multi_value: bool = False
    moved: bool = False
    """A rule of the listener redirects the call, and leaves OPTIONS to the function."""
    throttled: bool = False
    internal: bool = False
    guarded: bool = False
    """A web ACL lets nothing pass without a key."""
    edge: Edge | None = None
    stray: bool = False
    """The CORS settings stand where nothing reads them."""
    page: bool = False
    """The project holds the page that calls."""
    page_sends: tuple[str, ...] = ()
    """Headers that the page sends beside those of its call."""
    extra: Pairs = ()
    """Further settings of the API that its tool does not know; of a service's event the settings that it lacks."""


class Project(Struct, frozen=True, dict=True):
    """A generated project: its files, whom to check it for, the planted fault and what is to be reported of it.

    `rule` None: it is correct. `severity` is the least that counts as reported; `line` the texts of which the reported line
    holds one.
    """

    seed: int
    files: dict[str, str]
    plan: Plan
    arguments: tuple[str, ...] = ()
    rule: str | None = None
    severity: str = "error"
    line: tuple[str, ...] = ()
