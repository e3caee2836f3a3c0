"""Runs handlers for real, and says whether what they did is among the outcomes that were read."""

from __future__ import annotations

import copy
import importlib.util
import os
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

from corsmith.api.outcome import (
    ABSENT,
    AnyText,
    Array,
    Choice,
    Echo,
    HandlerSummary,
    Mirror,
    Object,
    Outcome,
    Raised,
    Returned,
    Unserialisable,
    WhenOrigin,
    materialise,
)
from corsmith.api.value import Known, OneOf, Unknown


class Loaded:
    """The modules of one project, imported from a folder."""

    def __init__(self, folder: Path, module: str, environment: dict[str, str]) -> None:
        self.environment = environment
        self._names = [path.stem for path in folder.glob("*.py")] + [
            path.name for path in folder.iterdir() if path.is_dir()
        ]
        self._folder = folder
        self._module = module
        self.failure: BaseException | None = None
        with self._world():
            try:
                spec = importlib.util.spec_from_file_location(module, folder / f"{module}.py")
                assert spec is not None
                assert spec.loader is not None
                self.loaded = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(self.loaded)
            except BaseException as error:  # noqa: BLE001 - what the module raises is the observation
                self.failure = error

    def _world(self) -> Any:
        for name in list(sys.modules):
            if name.split(".")[0] in self._names:
                del sys.modules[name]
        return _Both(
            patch.dict(os.environ, self.environment), patch.object(sys, "path", [str(self._folder), *sys.path])
        )

    def invoke(self, entry: str, sent: dict[str, Any]) -> tuple[str, Any]:
        """Return ("returned", JSON), ("raised", name) or ("unsendable", message)."""
        if self.failure is not None:
            return "raised", type(self.failure).__name__
        with self._world():
            try:
                result = getattr(self.loaded, entry)(copy.deepcopy(sent), None)
            except BaseException as error:  # noqa: BLE001 - what the handler raises is the observation
                return "raised", type(error).__name__
        try:
            text, kind = LambdaMarshaller().marshal_response(result)
        except BaseException as error:  # noqa: BLE001 - what the runtime cannot send
            return "unsendable", str(error)
        if kind != "application/json":
            return "unsendable", kind
        import json

        return "returned", json.loads(text)


class _Both:
    def __init__(self, *managers: Any) -> None:
        self._managers = managers

    def __enter__(self) -> None:
        for manager in self._managers:
            manager.start()

    def __exit__(self, *_: object) -> None:
        for manager in reversed(self._managers):
            manager.stop()


def contained(summary: HandlerSummary, sent: dict[str, Any], observed: tuple[str, Any]) -> bool:
    """Say whether `observed` is among the outcomes that `sent` can reach."""
    return any(
        outcome.reached_by(sent) is not False and _allows_path(outcome, sent) and matches(outcome, sent, observed)
        for outcome in summary.outcomes
    )


def _allows_path(outcome: Outcome, sent: dict[str, Any]) -> bool:
    path = sent.get("rawPath") or sent.get("path")
    return outcome.paths is None or path in outcome.paths


def matches(outcome: Outcome, sent: dict[str, Any], observed: tuple[str, Any]) -> bool:
    """Say whether an outcome is what was observed."""
    kind, value = observed
    if isinstance(outcome.result, Raised):
        return kind == "raised"
    if isinstance(outcome.result, Unserialisable):
        return kind == "unsendable"
    assert isinstance(outcome.result, Returned)
    return kind == "returned" and fits(outcome.result.result, value, sent)


def fits(node: Any, value: Any, sent: dict[str, Any]) -> bool:
    """Say whether a JSON value is what `node` stands for."""
    if isinstance(node, Unknown):
        return True
    if isinstance(node, AnyText):
        return isinstance(value, str)
    if isinstance(node, OneOf):
        return any(option.value == value for option in node.options)
    if isinstance(node, Choice):
        return any(fits(option, value, sent) for option in node.options)
    if isinstance(node, Known):
        return type(node.value) is type(value) and node.value == value
    if isinstance(node, Mirror):
        sent_value = {name.lower(): text for name, text in sent["headers"].items()}.get(node.name.lower(), ABSENT)
        return fits(node.otherwise, value, sent) if sent_value is ABSENT else value == sent_value
    if isinstance(node, (Echo, WhenOrigin)):
        return _by_origin(node, value, sent)
    if isinstance(node, Array):
        return (
            isinstance(value, list)
            and len(value) == len(node.items)
            and all(map(fits, node.items, value, [sent] * len(value)))
        )
    if isinstance(node, Object):
        return _is_object(node, value, sent)
    return value is ABSENT


def _by_origin(node: Echo | WhenOrigin, value: Any, sent: dict[str, Any]) -> bool:
    probe = Echo(node.test, Known("\0refused"), node.looked_up, node.ignores_case)
    if node.test.kind == "unknown":
        then = value == sent["headers"].get("origin") if isinstance(node, Echo) else fits(node.then, value, sent)
        return then or fits(node.otherwise, value, sent)
    answer = materialise(probe, sent)
    if answer == "\0refused":
        return fits(node.otherwise, value, sent)
    return value == answer if isinstance(node, Echo) else fits(node.then, value, sent)


def _is_object(node: Object, value: Any, sent: dict[str, Any]) -> bool:
    if not isinstance(value, dict):
        return False
    names = [name for name, _ in node.entries]
    if node.rest is not None:
        return True
    if set(value) - set(names):
        return False
    return all(fits(entry, value.get(name, ABSENT), sent) for name, entry in node.entries)
