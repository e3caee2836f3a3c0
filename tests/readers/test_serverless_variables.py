"""Variables of services: their syntax, what they stand for, and what is said of those that stand for nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corsmith.api.function import Function
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, Text, Unknown
from corsmith.readers import Settings, read
from corsmith.readers.serverless.syntax import Literal, Lookup, Malformed, Parts, Variable, parse

from .serverless_fixtures import api_of

SYNTAX: dict[str, Parts] = {
    "plain": ("plain",),
    "": ("",),
    "${AWS::Region}": ("${AWS::Region}",),
    "${aws::x}": ("${aws::x}",),
    "${Name}": ("${Name}",),
    "${name}": ("${name}",),
    "\\${self:a}": ("${self:a}",),
    "a\\b": ("a\\b",),
    "${self:a.b}": (Variable((Lookup("self", (), ("a.b",)),), "${self:a.b}"),),
    "x-${self:a}-y": ("x-", Variable((Lookup("self", (), ("a",)),), "${self:a}"), "-y"),
    "${self:}": (Variable((Lookup("self"),), "${self:}"),),
    "${sls:stage, 'dev'}": (Variable((Lookup("sls", (), ("stage",)), Literal("dev")), "${sls:stage, 'dev'}"),),
    "${opt:a, 3}": (Variable((Lookup("opt", (), ("a",)), Literal(3)), "${opt:a, 3}"),),
    "${opt:a, 1.5}": (Variable((Lookup("opt", (), ("a",)), Literal(1.5)), "${opt:a, 1.5}"),),
    "${opt:a, true}": (Variable((Lookup("opt", (), ("a",)), Literal(True)), "${opt:a, true}"),),
    "${opt:a, null}": (Variable((Lookup("opt", (), ("a",)), Literal(None)), "${opt:a, null}"),),
    "${opt:a, ''}": (Variable((Lookup("opt", (), ("a",)), Literal("")), "${opt:a, ''}"),),
    '${opt:a, "x\\"y, }"}': (Variable((Lookup("opt", (), ("a",)), Literal('x"y, }')), '${opt:a, "x\\"y, }"}'),),
    "${opt:a, self:b, 'c'}": (
        Variable((Lookup("opt", (), ("a",)), Lookup("self", (), ("b",)), Literal("c")), "${opt:a, self:b, 'c'}"),
    ),
    "${opt:a, ${self:b}}": (
        Variable((Lookup("opt", (), ("a",)), Lookup("self", (), ("b",))), "${opt:a, ${self:b}}"),
    ),
    "${file(./a.yml)}": (Variable((Lookup("file", (("./a.yml",),)),), "${file(./a.yml)}"),),
    "${file('./a b.yml'):x.y}": (
        Variable((Lookup("file", (("./a b.yml",),), ("x.y",)),), "${file('./a b.yml'):x.y}"),
    ),
    "${ssm(us-east-1, raw):/a/b}": (
        Variable((Lookup("ssm", (("us-east-1",), ("raw",)), ("/a/b",)),), "${ssm(us-east-1, raw):/a/b}"),
    ),
    "${self:a.${sls:stage}.b}": (
        Variable(
            (Lookup("self", (), ("a.", Variable((Lookup("sls", (), ("stage",)),), "${sls:stage}"), ".b")),),
            "${self:a.${sls:stage}.b}",
        ),
    ),
    "${self:a}${self:b}": (
        Variable((Lookup("self", (), ("a",)),), "${self:a}"),
        Variable((Lookup("self", (), ("b",)),), "${self:b}"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", SYNTAX)
def test_texts_part_into_pieces(text: str) -> None:
    assert parse(text) == SYNTAX[text]


MALFORMED = (
    "${self:a",
    "${file(./a.yml",
    "${opt:a, dev}",
    "${opt:a, 'dev}",
    "${file(a)b}",
    "${opt:a,}",
    "${self:" * 40,
)


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_variables_are_said_to_be_so(text: str) -> None:
    with pytest.raises(Malformed):
        parse(text)


@settings(deadline=None)
@given(st.text(alphabet="${}:(),'\"\\ abfilesfoptself.1", max_size=40))
def test_any_text_parts_or_is_malformed(text: str) -> None:
    try:
        parts = parse(text)
    except Malformed:
        return
    if "\\" not in text:
        assert "".join(part if isinstance(part, str) else part.text for part in parts) == text


SERVICE = """
service: shop
custom:
  word: one
  words: [a, two]
  number: 7
  nothing: null
  chain: ${self:custom.word}
  by_stage: { dev: in-dev, prod: in-prod }
  loop: ${self:custom.pool}
  pool: ${self:custom.loop}
  whole: ${self:custom}
  bad: ${self:custom.word
params:
  default: { page: everywhere, only: default }
  prod: { page: live }
stages:
  prod: { params: { newer: of-version-4 } }
provider: { name: aws, runtime: python3.12, region: eu-west-1 }
functions:
  f:
    handler: app.f
    environment:
      X: VALUE
"""
FILES = {
    "config_yml": "a: { b: from-yaml }\nself: ${self:custom.word}\nlist: [x, y]\n",
    "config_json": '{"a": "from-json"}',
    "note_txt": "text",
    "dev_yml": "a: of-dev\n",
    "code_js": "module.exports = {}",
    "broken_yml": "a: [\n",
}
KNOWN: dict[str, str] = {
    "${self:custom.word}": "one",
    "${self:custom.chain}": "one",
    "a-${self:custom.word}-b": "a-one-b",
    "${self:custom.words.1}": "two",
    "${self:custom.number}": "7",
    "n${self:custom.number}": "n7",
    "${self:custom.nothing, 'fallback'}": "fallback",
    "${self:custom.missing, self:custom.word}": "one",
    "${self:custom.missing, ${self:custom.word}}": "one",
    "${self:custom.by_stage.${sls:stage}}": "in-dev",
    "${self:custom.by_stage.${opt:stage, 'prod'}}": "in-prod",
    "${opt:stage, self:provider.stage, 'dev'}": "dev",
    "${opt:stage}": "dev",
    "${self:custom.by_stage.${opt:stage}}": "in-dev",
    "${opt:verbose, 'no'}": "no",
    "${env:NOBODY_SETS_THIS, 'default'}": "default",
    "${env:NOBODY_SETS_THIS, ''}": "",
    "${param:page}": "everywhere",
    "${param:only}": "default",
    "${param:none, 'x'}": "x",
    "${file(config.yml):a.b}": "from-yaml",
    "${file(./config.yml):self}": "one",
    "${file(./config.yml):list.1}": "y",
    "${file(config.json):a}": "from-json",
    "${file(./note.txt)}": "text",
    "${file(./${sls:stage}.yml):a}": "of-dev",
    "${file(missing.yml):a, 'x'}": "x",
    "${file(config.yml):zzz, 'x'}": "x",
    "${strToBool(false)}": "false",
    "${strToBool(${self:custom.missing, 'true'})}": "true",
    "${aws:region}": "eu-west-1",
    "${AWS::Region}": "${AWS::Region}",
    "\\${self:custom.word}": "${self:custom.word}",
    "${self:service}": "shop",
}
LAZILY: dict[str, dict[str, str]] = {
    "files that lead to each other's parts": {
        "serverless.yml": "service: s\nparams: { default: '${file(p.yml):dev}' }\nprovider: aws\ncustom: ${file(c.yml)}\n"
        "functions: { f: { handler: a.b, environment: { X: '${self:custom.word}' } } }\n",
        "p.yml": "dev: { page: one, other: '${self:custom.word}' }\n",
        "c.yml": "word: ${param:page}\nwords: ['${param:other}']\n",
    },
    "a mapping that names itself": {
        "serverless.yml": "service: s\nprovider: aws\ncustom: { word: one, whole: '${self:custom}' }\n"
        "functions: { f: { handler: a.b, environment: { X: '${self:custom.word}' } } }\n",
    },
    "a variable behind a variable": {
        "serverless.yml": "service: s\nprovider: aws\ncustom: { a: '${self:custom.b, 1}', b: '${file(c.yml)}' }\n"
        "functions: { f: { handler: a.b, environment: { X: '${self:custom.a.c}' } } }\n",
        "c.yml": "c: one\nd: ${self:custom.a.c}\n",
    },
}


@pytest.mark.parametrize("name", LAZILY)
def test_only_what_an_address_leads_to_is_looked_at(name: str) -> None:
    api = read(Tree(Memory(LAZILY[name])), "serverless.yml")
    assert api is not None
    assert dict(api.functions[0].environment)["X"].get() == "one"


UNKNOWN: dict[str, str] = {
    "${opt:other}": "give it with --parameter other=…",
    "${env:NOBODY_SETS_THIS}": "give it with --parameter NOBODY_SETS_THIS=…",
    "https://${env:NOBODY_SETS_THIS}": "NOBODY_SETS_THIS",
    "${param:none}": "the parameter none has no value for this stage",
    "${self:custom.missing}": "${self:custom.missing} has no value",
    "x${self:custom.words}": "is no text",
    "${cf:other.Output}": "the outputs of another stack",
    "${cf(eu-west-1):other.Output, 'x'}": "the outputs of another stack",
    "${ssm:/path}": "/path is read from the parameter store",
    "${aws:accountId}": "accountId is read from",
    "${plugin:thing}": "the source plugin, which a plugin may add",
    "${file(code.js):a}": "code.js is a program, and none is run",
    "${file(missing.yml):a}": "missing.yml has no a",
    "${file(missing.yml)}": "missing.yml is not in the project",
}
BROKEN: dict[str, str] = {
    "${self:custom.loop}": "refers to itself",
    "${self:functions.f.environment.X}": "refers to itself",
    "${file(../secret.yml):a}": "not within the folder",
    "${file(/etc/hosts)}": "not within the folder",
    "${file(~/x.yml):a}": "not within the folder",
    "${file(broken.yml):a}": "broken.yml cannot be read",
    "${strToBool(perhaps)}": "strToBool",
    "${opt:a, dev}": "needs quotes",
    "${self:custom.word": "closing brace",
}


def variable(text: str, settings: Settings | None = None) -> Text:
    """What a function's variable of that text comes to."""
    quoted = "'" + text.replace("'", "''") + "'"
    api = api_of(SERVICE.replace("VALUE", quoted), settings, **FILES)
    function: Function = api.functions[0]
    return dict(function.environment)["X"]


@pytest.mark.parametrize("text", KNOWN)
def test_variables_with_a_value(text: str) -> None:
    value = variable(text)
    assert isinstance(value, Known), value
    assert value.value == KNOWN[text]


@pytest.mark.parametrize("text", UNKNOWN)
def test_variables_that_only_a_deployment_knows(text: str) -> None:
    value = variable(text)
    assert isinstance(value, Unknown), value
    assert UNKNOWN[text] in value.because


@pytest.mark.parametrize("text", BROKEN)
def test_variables_that_cannot_be_read_are_problems_with_a_place(text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    api = api_of(SERVICE.replace("VALUE", quoted), **FILES)
    value = dict(api.functions[0].environment)["X"]
    assert isinstance(value, Unknown), value
    assert BROKEN[text] in value.because
    assert all(problem.line > 0 and problem.column > 0 for problem in api.problems)
    assert any(BROKEN[text].removeprefix("broken.yml ") in problem.message for problem in api.problems)


GIVEN: dict[str, tuple[Settings, str]] = {
    "${opt:stage}": (Settings(stage="prod"), "prod"),
    "${sls:stage}": (Settings(stage="prod"), "prod"),
    "${self:custom.by_stage.${opt:stage, 'dev'}}": (Settings(stage="prod"), "in-prod"),
    "${param:page}": (Settings(stage="prod"), "live"),
    "${param:newer}": (Settings(stage="prod"), "of-version-4"),
    "${param:only}": (Settings(parameters={"only": "given"}), "given"),
    "${env:NAME}": (Settings(parameters={"NAME": "given"}), "given"),
    "${opt:name, 'x'}": (Settings(parameters={"name": "given"}), "given"),
    "${aws:region}": (Settings(parameters={"AWS::Region": "us-west-2"}), "us-west-2"),
    "${aws:accountId}": (Settings(parameters={"AWS::AccountId": "123456789012"}), "123456789012"),
}


@pytest.mark.parametrize("text", GIVEN)
def test_values_that_the_user_gives(text: str) -> None:
    settings, wanted = GIVEN[text]
    value = variable(text, settings)
    assert isinstance(value, Known), value
    assert value.value == wanted


def test_the_process_environment_is_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOBODY_SETS_THIS", "secret")
    assert isinstance(variable("${env:NOBODY_SETS_THIS}"), Unknown)


def test_a_value_stands_where_it_is_written_and_tells_the_way() -> None:
    files = {
        "a/serverless.yml": SERVICE.replace("VALUE", "${file(c.yml):one}"),
        "a/c.yml": "one: two\n",
    }
    api = read(Tree(Memory(files)), "a/serverless.yml")
    assert api is not None
    value = dict(api.functions[0].environment)["X"]
    assert isinstance(value, Known)
    assert value.span == Span("a/c.yml", 5, 8)
    assert [step.what for step in value.via] == ["the variable ${file(c.yml):one}"]
    way = value.via[0].span
    assert way is not None
    assert files[way.file][way.start : way.end] == "${file(c.yml):one}"


STAGES: dict[str, str | None] = {
    "": "dev",
    "live": "live",
    "${opt:stage, 'qa'}": "qa",
    "${self:custom.word}": "one",
    "${opt:stage}": None,
    "${env:STAGE}": None,
    "${param:stage}": None,
}


@pytest.mark.parametrize("written", STAGES)
@pytest.mark.parametrize("used", ["${sls:stage}", "${opt:stage}", "x-${opt:stage}"])
def test_the_stage_that_is_checked(written: str, used: str) -> None:
    stage = f', stage: "{written}"' if written else ""
    text = SERVICE.replace("region: eu-west-1 }", f"region: eu-west-1{stage} }}").replace("VALUE", used)
    api = api_of(text, **FILES)
    value = dict(api.functions[0].environment)["X"]
    wanted = STAGES[written]
    if wanted is None:
        assert isinstance(value, Unknown)
        assert "refers to itself" not in value.because or "param" in written
    else:
        assert isinstance(value, Known)
        assert value.value == ("x-" if used.startswith("x") else "") + wanted
    given = api_of(text, Settings(stage="prod"), **FILES)
    assert dict(given.functions[0].environment)["X"].get() == ("x-" if used.startswith("x") else "") + "prod"
