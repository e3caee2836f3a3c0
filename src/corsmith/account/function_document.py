"""Functions as a document has them: one resource for each alias that is called, with its own permissions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from . import links
from .snapshot import FunctionState, Json
from .writing import Writer, attribute, joined, ref

_ARN = re.compile(r"arn:[a-z-]+:lambda:[a-z0-9-]*:[0-9]*:function:([A-Za-z0-9_-]+)(?::([A-Za-z0-9$_-]+))?")
_NOT_READ = "corsmith::NotRead"
"""What nothing in a document is called: a reference to it is a value that is not known."""


class Functions(Struct):
    """The functions of a document. `api`: id and logical name of the API that calls them, "" where none does."""

    writer: Writer
    known: dict[str, FunctionState]
    """ARN, without alias, to state."""
    code: dict[str, dict[str, str]] = field(default_factory=dict)
    api: tuple[str, str] = ("", "")
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def called(self, uri: str) -> str | None:
        """Return the logical name of the function that an ARN or an invocation URI names; None where it was not read."""
        found = _ARN.search(uri)
        if found is None:
            return None
        arn, alias = found.group(0), found.group(2) or ""
        state = self.known.get(arn.removesuffix(f":{alias}") if alias else arn)
        if state is None:
            return None
        # An alias that only a stage variable tells has a policy that is not known.
        return self.add(state, "" if alias == "$LATEST" else "?" if alias.startswith("$") else alias)

    def uri(self, uri: str | None, variables: dict[str, str]) -> Any:
        """Return an integration's URI with a reference to the function in place of its ARN.

        `variables`: those of the stage, which a URI may name.
        """
        if uri is None:
            return None
        text = with_variables(uri, variables)
        name = self.called(text)
        found = _ARN.search(text)
        if name is None or found is None:
            return text
        return joined(text[: found.start()], attribute(name), text[found.end() :])

    def add(self, state: FunctionState, alias: str) -> str:
        """Return the logical name of a function, or of its alias."""
        key = (state.arn, alias)
        if key not in self._names:
            name = self._names[key] = self.writer.named(state.name + (f" {alias}" if alias else ""))
            self._write(name, state, alias)
        return self._names[key]

    def _write(self, name: str, state: FunctionState, alias: str) -> None:
        configuration = state.configuration
        code = self.code.get(state.arn)
        properties = {
            "Runtime": configuration.get("Runtime"),
            "Handler": configuration.get("Handler"),
            "Timeout": configuration.get("Timeout"),
            "Code": folder_of(state) if code else {"S3Bucket": "unread"},
            "Environment": _environment(configuration),
        }
        deployed = links.function(state, alias.strip("?"))
        self.writer.add(name, "AWS::Lambda::Function", properties, deployed)
        for number, statement in enumerate(self._permissions(name, state, alias)):
            own = self.writer.named(f"{name} permission {number + 1}")
            self.writer.add(own, "AWS::Lambda::Permission", statement, deployed)

    def _permissions(self, name: str, state: FunctionState, alias: str) -> Iterator[Json]:
        policy = state.policies.get(alias)
        function = attribute(name)
        if policy is None:
            unknown = {"FunctionName": function, "Principal": "*", "Action": "lambda:*", "SourceArn": ref(_NOT_READ)}
            yield unknown
            return
        for statement in _listed(policy.get("Statement")):
            if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
                continue
            conditions = _conditions(statement.get("Condition"))
            for action in _listed(statement.get("Action")):
                yield {
                    "FunctionName": function,
                    "Action": action,
                    "Principal": _principal(statement.get("Principal")),
                    "SourceArn": self._source(conditions.get("aws:sourcearn")),
                    "FunctionUrlAuthType": conditions.get("lambda:functionurlauthtype"),
                    "InvokedViaFunctionUrl": conditions.get("lambda:invokedviafunctionurl"),
                }

    def _source(self, arn: str | None) -> Any:
        api, name = self.api
        before, found, after = (arn or "").partition(f":{api}/")
        return joined(before + ":", ref(name), "/" + after) if api and found else arn


def folder_of(state: FunctionState) -> str:
    """Return the folder of a function's downloaded code, relative to the folder of the documents' account and Region."""
    return f"code/{state.name}"


def with_variables(uri: str, variables: dict[str, str]) -> str:
    """Return a URI with its stage variables put in; those that are not known stay as they are written."""
    return re.sub(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}", lambda m: variables.get(m.group(1), m.group(0)), uri)


def common_variables(stages: tuple[Json, ...], key: str) -> dict[str, str]:
    """Return the stage variables that have one value in all stages that set them."""
    found: dict[str, set[str]] = {}
    for stage in stages:
        for name, value in (stage.get(key) or {}).items():
            found.setdefault(name, set()).add(value)
    return {name: values.pop() for name, values in found.items() if len(values) == 1}


def _environment(configuration: Json) -> Json | None:
    variables = (configuration.get("Environment") or {}).get("Variables")
    if not variables:
        return None
    # A variable whose value was left out of the snapshot is there: its default in the code does not hold.
    return {"Variables": {name: ref(_NOT_READ) if value is None else value for name, value in variables.items()}}


def _listed(node: Any) -> list[Any]:
    return node if isinstance(node, list) else [] if node is None else [node]


def _principal(node: Any) -> str | None:
    if isinstance(node, dict):
        for kind in ("Service", "AWS"):
            for each in _listed(node.get(kind)):
                return str(each)
        return None
    return node if isinstance(node, str) else None


def _conditions(node: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for tests in node.values() if isinstance(node, dict) else ():
        for name, value in tests.items() if isinstance(tests, dict) else ():
            values = _listed(value)
            if values:
                found[name.lower()] = str(values[0])
    return found
