"""Front doors of a place that differ in names and ids alone are judged once.

Accounts hold the same API many times: for each step of a pipeline, for each customer. A unit is written with marks in the
place of its names; units that are the same then share one judgement, in which each finds its own names again. What may
depend on a name (a stage variable that a URI takes in, a pattern in a policy) is judged for itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct, field

from .judge import Judged
from .snapshot import FunctionState, Json, RestApiState
from .unit import Unit

_MARK = "corsmith0q"
_MARKED = re.compile(rf"{_MARK}([0-9]+)q")
_PLAIN_ID = re.compile(r"[a-z0-9]{8,}")
"""An id that stands in a text for nothing else."""
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_. -]*")
"""A name that a document takes over as it is."""
_FUNCTION = re.compile(r":function:([A-Za-z0-9_-]+)")
_URL = re.compile(r"https://([a-z0-9]{8,})\.lambda-url\.")
_PATTERN = re.compile(r"execute-api:[^:\"]*:[^:\"]*:(?!\*[/\"])[^/\"]*[*?]")
"""A policy that names APIs by a pattern of their ids."""
_SOURCE = re.compile(r"arn:[a-z-]+:execute-api:[^:]*:[^:]*:([a-z0-9]+)/")
_IDS = frozenset(("id", "parentId", "rootResourceId", "cacheNamespace", "authorizerId", "requestValidatorId", "deploymentId",
                  "RouteId", "IntegrationId", "AuthorizerId", "DeploymentId", "Target"))  # fmt: skip
"""Members that hold what AWS made up itself."""
_OPAQUE = frozenset(("Variables", "variables", "StageVariables", "exports", "responseParameters", "requestParameters",
                     "requestTemplates", "responseTemplates", "methodSettings", "RouteSettings"))  # fmt: skip
"""Members whose own members are named by people."""
_LEFT_OUT = frozenset(("createdDate", "lastUpdatedDate", "CreatedDate", "LastUpdatedDate", "tags", "Tags", "description",
                       "Description", "LastModified", "LastModifiedTime", "CreationTime", "CodeSha256", "CodeSize", "Sid",
                       "LastDeploymentStatusMessage", "read_at", "failures", "info", "servers"))  # fmt: skip
"""Members that no verdict rests on."""


class Alike(Struct, eq=False):
    """The judgements of one place, by what decided them."""

    _judged: dict[bytes, Judged] = field(default_factory=dict)

    def judged(self, unit: Unit, judge: Callable[[Unit], Judged]) -> Judged:
        """Return the judgement of a unit: that of one which is alike, with the unit's own names, else what `judge` gives."""
        marked = _marked(unit)
        if marked is None:
            return judge(unit)
        bare, names, key = marked
        known = self._judged.get(key)
        if known is None:
            known = self._judged[key] = judge(bare)
        judged: Judged = _named(known, names)
        return judged


def _marked(unit: Unit) -> tuple[Unit, list[str], bytes] | None:
    """Return a unit with marks for its names, the names, and a digest of what is left; None where names may decide."""
    door = unit.door
    if unit.domains or unit.distributions or unit.code or (isinstance(door, RestApiState) and door.web_acls):
        return None
    if any(_MARK.encode() in msgspec.json.encode(each) for each in (door, *unit.functions)):
        return None
    marking = _Marking()
    states = (msgspec.to_builtins(door), *(_for_one(msgspec.to_builtins(each), door.id) for each in unit.functions))
    text = msgspec.json.encode([marking.state(each) for each in states]).decode()
    if not isinstance(door, FunctionState):
        if _PLAIN_ID.fullmatch(door.id) is None:
            return None
        text = text.replace(door.id, marking.mark("id", door.id))
    text = _URL.sub(lambda url: f"https://{marking.mark('url', url.group(1))}.lambda-url.", text)
    text = _FUNCTION.sub(lambda arn: f":function:{marking.mark('function', arn.group(1))}", text)
    if "stageVariables" in text or _PATTERN.search(text):
        return None
    first, *others = msgspec.json.decode(text)
    bare = Unit(msgspec.convert(first, type(door)), tuple(msgspec.convert(each, FunctionState) for each in others))
    return bare, marking.names, hashlib.sha256(text.encode()).digest()


def _for_one(function: Json, api: str) -> Json:
    """Return a function without the permissions that are for other APIs: those behind many have one for each."""
    kept = {alias: _without_others(policy, api) for alias, policy in function["policies"].items()}
    return {**function, "policies": kept}


def _without_others(policy: Json, api: str) -> Json:
    statements = policy.get("Statement")
    if not isinstance(statements, list | tuple):
        return policy
    return {**policy, "Statement": [each for each in statements if not _is_anothers(each, api)]}


def _is_anothers(statement: Any, api: str) -> bool:
    condition = statement.get("Condition") if isinstance(statement, dict) else None
    tests = [each for each in condition.values() if isinstance(each, dict)] if isinstance(condition, dict) else []
    sources = [value for each in tests for name, value in each.items() if str(name).lower() == "aws:sourcearn"]
    found = [_SOURCE.match(each) if isinstance(each, str) else None for each in sources]
    return bool(found) and all(each is not None and each.group(1) != api for each in found)


class _Marking(Struct, eq=False):
    names: list[str] = field(default_factory=list)
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    def mark(self, kind: str, name: str) -> str:
        """Return what stands for a name of that kind."""
        if name.startswith(_MARK):
            return name  # it is a mark already
        if (kind, name) not in self._known:
            self._known[kind, name] = f"{_MARK}{len(self.names)}q"
            self.names.append(name)
        return self._known[kind, name]

    def state(self, own: Json) -> Json:
        """Return a state with marks for the ids in it, for its name if that is plain, and without what does not count."""
        bare: Json = {
            "place": own["place"],
            **self._members({key: each for key, each in own.items() if key != "place"}),
        }
        bare["read_at"] = 0
        for key in ("name", "Name"):
            name = str((bare.get("api") or {}).get(key) or "")
            if _PLAIN_NAME.fullmatch(name) is not None:
                bare["api"][key] = self.mark("name", name)
        if "configuration" in bare:
            bare["configuration"]["FunctionName"] = self.mark("function", own["configuration"]["FunctionName"])
        return bare

    def _members(self, own: Json) -> Json:
        return {key: self._value(key, each) for key, each in own.items() if key not in _LEFT_OUT}

    def _value(self, key: str, value: Any) -> Any:
        if key == "exports":
            return {stage: {k: v for k, v in each.items() if k not in _LEFT_OUT} for stage, each in value.items()}
        if key in _OPAQUE:
            return value
        if isinstance(value, dict):
            return self._members(value)
        if isinstance(value, list | tuple):
            return [self._value(key, each) for each in value]
        if key in _IDS and isinstance(value, str) and value:
            before, slash, id_ = value.rpartition("/")
            return f"{before}{slash}{self.mark('id', id_)}"
        return value


def _named(node: Any, names: list[str]) -> Any:
    """Return what a judgement says of marks, said of names."""
    if isinstance(node, Enum):
        return node
    if isinstance(node, str):
        return _MARKED.sub(lambda found: names[int(found.group(1))], node) if _MARK in node else node
    if isinstance(node, tuple):
        return tuple([_named(each, names) for each in node])
    if isinstance(node, Struct):
        return type(node)(**{each: _named(getattr(node, each), names) for each in node.__struct_fields__})
    if isinstance(node, dict):
        return {_named(key, names): _named(each, names) for key, each in node.items()}
    return [_named(each, names) for each in node] if isinstance(node, list) else node
