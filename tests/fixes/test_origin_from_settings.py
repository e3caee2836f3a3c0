"""Headers that a fix adds take the origin from where the file's other responses take it, where that holds at the place."""

from __future__ import annotations

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.outcome import Object, Outcome, Returned
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.api.wanted import Wanted
from corsmith.fixes import code
from corsmith.fixes.settings_given import Given
from corsmith.project.check import Question, check
from corsmith.project.repair import repair

ORIGIN = "https://desk.example.com"
TEMPLATE = f"""\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Cors: {{AllowOrigin: "'{ORIGIN}'", AllowMethods: "'GET,POST'", AllowHeaders: "'content-type'"}}
      GatewayResponses:
        DEFAULT_4XX: {{ResponseParameters: {{Headers: {{Access-Control-Allow-Origin: "'{ORIGIN}'"}}}}}}
        DEFAULT_5XX: {{ResponseParameters: {{Headers: {{Access-Control-Allow-Origin: "'{ORIGIN}'"}}}}}}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: @runtime
      Handler: app.handler
      CodeUri: .
      Environment: {{Variables: {{FRONTEND: '{ORIGIN}'}}}}
      Events: {{Call: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: /items, Method: GET}}}}}}
"""
DEV = "http://localhost:5173"
ENVIRONMENT = Given((("FRONTEND", Known(ORIGIN)),))
SENT = Given(ENVIRONMENT.environment, frozenset((ORIGIN,)))
ALONE = Given(sent=frozenset((ORIGIN,)))
NO = Given()
LITERAL = f'"{ORIGIN}"'


def template_of(file: str) -> str:
    return TEMPLATE.replace("@runtime", "python3.13" if file.endswith(".py") else "nodejs22.x")


def asked(origin: str) -> Question:
    return Question((".",), CallerFlags(origins=(origin,), methods=("GET",)))


PYTHON = """\
import os

@top

def handler(event, context):
    @first
    if event.get("queryStringParameters"):
        @local
        return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": @sent@more}, "body": "{}"}
    return {"statusCode": 404,@added "body": "{}"}
"""
READ = 'os.environ["FRONTEND"]'
OTHER = (("FRONTEND", Known("https://other.example.com")),)
PYTHON_CASES: dict[str, tuple[dict[str, str], Given, tuple[str, ...]]] = {
    "the environment": ({"sent": READ}, ENVIRONMENT, (READ,)),
    "the environment, by a method": ({"sent": READ + '.rstrip("/")'}, SENT, (READ + '.rstrip("/")', READ)),
    "with a default": ({"sent": 'os.getenv("FRONTEND", "*")'}, ENVIRONMENT, ('os.getenv("FRONTEND", "*")', READ)),
    "a default in the code": (
        {"sent": f'os.environ.get("OF", "{ORIGIN}")'},
        NO,
        (f'os.environ.get("OF", "{ORIGIN}")',),
    ),
    "a name of the module": ({"top": f'WEB = "{ORIGIN}"', "sent": "WEB"}, NO, ("WEB",)),
    "a name of the module, read": ({"top": f"WEB = {READ}", "sent": "WEB"}, ENVIRONMENT, ("WEB",)),
    "a name that is imported": ({"top": "from settings import WEB", "sent": "WEB"}, SENT, ("WEB", READ)),
    "what a module holds": ({"top": "import settings", "sent": "settings.WEB"}, SENT, ("settings.WEB", READ)),
    "a local of the whole function": ({"first": f"web = {READ}", "sent": "web"}, ENVIRONMENT, ("web", READ)),
    "a local of another branch": ({"local": f"web = {READ}", "sent": "web"}, ENVIRONMENT, (READ,)),
    "an import of the function": ({"first": "import settings", "sent": "settings.WEB"}, ALONE, ("settings.WEB",)),
    "an import of another branch": ({"local": "import settings", "sent": "settings.WEB"}, ALONE, ()),
    "put together": ({"top": 'H = "desk.example.com"', "sent": 'f"https://{H}"'}, NO, ('f"https://{H}"',)),
    "no response: the environment alone": ({"sent": LITERAL}, ENVIRONMENT, (READ,)),
    "the module's own name for it": ({"top": f"WEB = {READ}", "sent": LITERAL}, ENVIRONMENT, ("WEB",)),
    "with what stands beside it": (
        {"sent": READ, "more": ', "Vary": "Origin", "Access-Control-Allow-Credentials": "true"'},
        ENVIRONMENT,
        (READ + ', "Vary": "Origin"',),
    ),
    "a text": ({"sent": LITERAL}, NO, ()),
    "another value": ({"sent": READ}, Given(OTHER), ()),
    "another value of a name": ({"top": 'WEB = "https://www.example.com"', "sent": "WEB"}, NO, ()),
    "a value that nobody knows": ({"sent": READ}, Given(sent=frozenset((None,))), ()),
    "responses that differ": (
        {"top": "import settings", "sent": "settings.WEB"},
        Given(sent=frozenset((ORIGIN, "x"))),
        (),
    ),
    "a name bound anew in the function": ({"top": f'W = "{ORIGIN}"', "local": f'W = "{ORIGIN}"', "sent": "W"}, NO, ()),
    "the module shadowed": ({"first": 'os = event["os"]', "sent": LITERAL}, ENVIRONMENT, ()),
    "a call that is given the event": ({"sent": "allowed(event)"}, ALONE, ()),
    "a call of the file": ({"top": "def allowed(): return log()", "sent": "allowed()"}, ALONE, ()),
    "what the event says": ({"sent": 'event["headers"]["origin"]'}, ALONE, ()),
    "a local that the event decides": ({"first": 'web = event["headers"]["origin"]', "sent": "web"}, ALONE, ()),
    "a name that is written to": (
        {"top": "STATE = {}", "first": 'STATE["web"] = event["headers"]["origin"]', "sent": 'STATE["web"]'},
        ALONE,
        (),
    ),
    "a name made from itself": ({"top": "WEB = WEB or 1", "sent": "WEB"}, NO, ()),
    "a local made from itself": ({"first": "web = web or 1", "sent": "web"}, ALONE, ()),
    "locals made from each other": ({"first": "a = b; b = a", "sent": "a"}, ALONE, ()),
    "a local of one branch, then of the other": ({"first": "web = 1", "local": "web = 2", "sent": "web"}, ALONE, ()),
    "a parameter's default": (
        {"top": 'def respond(web=1): return {"Access-Control-Allow-Origin": web}', "sent": LITERAL},
        ALONE,
        (),
    ),
    "a global of the function": (
        {"top": f'WEB = "{ORIGIN}"', "first": 'global WEB; WEB = event["origin"]', "sent": "WEB"},
        NO,
        (),
    ),
}


NODE = """\
@top

exports.handler = async (event) => {
  @first
  if (event.queryStringParameters) {
    @local
    return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': @sent@more }, body: '{}' };
  }
  return { statusCode: 404,@added body: '{}' };
};
"""
PROCESS = "process.env.FRONTEND"
TEXT = f"'{ORIGIN}'"
NODE_CASES: dict[str, tuple[dict[str, str], Given, tuple[str, ...]]] = {
    "the environment": ({"sent": PROCESS}, ENVIRONMENT, (PROCESS,)),
    "the environment, by its name in quotes": (
        {"sent": "process.env['FRONTEND']"},
        ENVIRONMENT,
        ("process.env['FRONTEND']", PROCESS),
    ),
    "with a default": ({"sent": f"{PROCESS} || '*'"}, ENVIRONMENT, (f"{PROCESS} || '*'", PROCESS)),
    "a default in the code": ({"sent": f"process.env.OF ?? {TEXT}"}, NO, (f"process.env.OF ?? {TEXT}",)),
    "put together": ({"top": "const H = 'desk.example.com';", "sent": "`https://${H}`"}, NO, ("`https://${H}`",)),
    "a name of the module": ({"top": f"const WEB = {TEXT};", "sent": "WEB"}, NO, ("WEB",)),
    "a name of the module, read": ({"top": f"const WEB = {PROCESS};", "sent": "WEB"}, ENVIRONMENT, ("WEB",)),
    "a name taken from the environment": (
        {"top": "const { FRONTEND } = process.env;", "sent": "FRONTEND"},
        ENVIRONMENT,
        ("FRONTEND", PROCESS),
    ),
    "a name that is required": (
        {"top": "const { WEB } = require('./settings');", "sent": "WEB"},
        ALONE,
        ("WEB",),
    ),
    "what a module holds": ({"top": "const it = require('./settings');", "sent": "it.web"}, ALONE, ("it.web",)),
    "a local of the whole function": (
        {"first": f"const web = {PROCESS};", "sent": "web"},
        ENVIRONMENT,
        ("web", PROCESS),
    ),
    "a local of another branch": ({"local": f"const web = {PROCESS};", "sent": "web"}, ENVIRONMENT, (PROCESS,)),
    "no response: the environment alone": ({"sent": TEXT}, ENVIRONMENT, (PROCESS,)),
    "the module's own name for it": ({"top": f"const WEB = {PROCESS};", "sent": TEXT}, ENVIRONMENT, ("WEB",)),
    "with what stands beside it": (
        {"sent": PROCESS, "more": ", Vary: 'Origin', 'Access-Control-Allow-Credentials': 'true'"},
        ENVIRONMENT,
        (f"{PROCESS}, 'Vary': 'Origin'",),
    ),
    "a text": ({"sent": TEXT}, NO, ()),
    "another value": ({"sent": PROCESS}, Given(OTHER), ()),
    "another value of a name": ({"top": "const WEB = 'https://www.example.com';", "sent": "WEB"}, NO, ()),
    "a value that nobody knows": ({"sent": PROCESS}, Given(sent=frozenset((None,))), ()),
    "responses that differ": (
        {"top": "const it = require('./settings');", "sent": "it.web"},
        Given(sent=frozenset((ORIGIN, "x"))),
        (),
    ),
    "a name bound anew around the response": (
        {"top": f"const W = {TEXT};", "first": "const { W } = event;", "sent": "W"},
        ALONE,
        (),
    ),
    "a name that another branch binds anew": (
        {"top": "const W = 'x';", "local": "const W = event.web;", "sent": "W"},
        ALONE,
        (),
    ),
    "process shadowed": ({"first": "const process = event.process;", "sent": TEXT}, ENVIRONMENT, ()),
    "a call that is given the event": ({"sent": "allowed(event)"}, ALONE, ()),
    "a call of the file": ({"top": "const allowed = () => log();", "sent": "allowed()"}, ALONE, ()),
    "what the event says": ({"sent": "event.headers.origin"}, ALONE, ()),
    "a local that the event decides": ({"first": "const web = event.headers.origin;", "sent": "web"}, ALONE, ()),
    "a name that is written to": (
        {"top": "const state = {};", "first": "state.web = event.headers.origin;", "sent": "state.web"},
        ALONE,
        (),
    ),
    "a name that is bound again": (
        {"top": "let web;", "first": "web = event.headers.origin;", "sent": "web"},
        ALONE,
        (),
    ),
    "a local made from itself": ({"first": "const web = web || 1;", "sent": "web"}, ALONE, ()),
    "what another function is given": (
        {"top": "const respond = (web) => ({ 'Access-Control-Allow-Origin': web });", "sent": TEXT},
        ALONE,
        (),
    ),
    "a helper's own reading of the environment": (
        {"top": f"const respond = (code) => ({{ 'Access-Control-Allow-Origin': {PROCESS} }});", "sent": TEXT},
        ENVIRONMENT,
        (PROCESS,),
    ),
}


def ways(file: str, text: str, given: Given, *, credentials: bool = False) -> list[str]:
    """Return what each way to add headers puts in the gap of `text`."""
    head, tail = text.split("@added")
    before, end = head + tail, tail.index("}\n" if file.endswith(".py") else "};\n") + 1
    span = Span(file, head.rindex("{"), len(head) + end)
    outcome = Outcome(Returned(Object((("statusCode", Known(404)),), span)), span)
    tree = Tree(Memory({file: before}))
    wanted = Wanted((ORIGIN,), ("GET",), (), credentials)
    found = []
    for edits in code.add_headers(tree, outcome, wanted, given):
        changed = tree.with_edits(edits).read(file)
        assert changed.startswith(head)
        assert changed.endswith(tail)
        found.append(changed[len(head) : len(changed) - len(tail)])
    return found


def filled(text: str, gaps: dict[str, str]) -> str:
    for gap in ("top", "first", "local", "sent", "more"):
        text = text.replace(
            f"@{gap}", gaps.get(gap, ("pass" if "def " in text else ";") if gap in ("first", "local") else "")
        )
    return text


@pytest.mark.parametrize(("gaps", "given", "expected"), PYTHON_CASES.values(), ids=PYTHON_CASES)
def test_python_takes_the_origin_from_where_it_has_it(
    gaps: dict[str, str], given: Given, expected: tuple[str, ...]
) -> None:
    found = ways("app.py", filled(PYTHON, gaps), given)
    assert found == [f' "headers": {{"Access-Control-Allow-Origin": {each}}},' for each in (*expected, LITERAL)]


@pytest.mark.parametrize(("gaps", "given", "expected"), NODE_CASES.values(), ids=NODE_CASES)
def test_javascript_takes_the_origin_from_where_it_has_it(
    gaps: dict[str, str], given: Given, expected: tuple[str, ...]
) -> None:
    for file in ("app.js", "app.ts"):
        found = [each.replace("FRONTEND!", "FRONTEND") for each in ways(file, filled(NODE, gaps), given)]
        assert found == [f" headers: {{ 'Access-Control-Allow-Origin': {each} }}," for each in (*expected, TEXT)]


def test_python_imports_what_it_reads_the_environment_with() -> None:
    text = 'def handler(event, context):\n    return {"statusCode": 404,@added "body": "{}"}\n'
    tree = Tree(Memory({"app.py": text.replace("@added", "")}))
    span = Span("app.py", text.index("{"), text.rindex("}") + 1 - len("@added"))
    outcome = Outcome(Returned(Object((("statusCode", Known(404)),), span)), span)
    wanted = Wanted((ORIGIN,), ("GET",), (), credentials=False)
    edits = next(code.add_headers(tree, outcome, wanted, ENVIRONMENT))
    expected = text.replace("@added", f' "headers": {{"Access-Control-Allow-Origin": {READ}}},')
    assert tree.with_edits(edits).read("app.py") == f"import os\n\n{expected}"


def test_credentials_are_allowed_as_the_other_response_allows_them() -> None:
    text = filled(PYTHON, {"top": 'YES = "true"', "sent": READ, "more": ', "Access-Control-Allow-Credentials": YES'})
    first = ways("app.py", text, ENVIRONMENT, credentials=True)[0]
    assert f'"Access-Control-Allow-Origin": {READ}, "Access-Control-Allow-Credentials": YES' in first


REPAIRED = {
    "app.py": (filled(PYTHON, {"sent": READ}), f' "headers": {{"Access-Control-Allow-Origin": {READ}}},'),
    "app.js": (filled(NODE, {"sent": PROCESS}), f" headers: {{ 'Access-Control-Allow-Origin': {PROCESS} }},"),
    "app.ts": (filled(NODE, {"sent": f"{PROCESS}!"}), f" headers: {{ 'Access-Control-Allow-Origin': {PROCESS}! }},"),
}


@pytest.mark.parametrize(("file", "text", "added"), [(file, *case) for file, case in REPAIRED.items()], ids=REPAIRED)
def test_the_repair_holds_for_each_stage(file: str, text: str, added: str) -> None:
    question, tree = asked(ORIGIN), Tree(Memory({"template.yaml": template_of(file), file: text.replace("@added", "")}))
    after = repair(question, check(tree, question), lambda _, fix: fix.safe).after.tree.read(file)
    assert after == text.replace("@added", added)
    for origin in (ORIGIN, DEV):
        stage = Tree(Memory({"template.yaml": template_of(file).replace(ORIGIN, origin), file: after}))
        assert [
            each.finding.rule for each in check(stage, asked(origin)).groups if each.finding.severity != "info"
        ] == []
