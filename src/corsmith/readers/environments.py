"""The environments that a template knows: it is deployed once for each, with other values.

Those of SAM CLI's configuration file, the values of a parameter that conditions or mappings hang on, the stages of a service,
the variables files of a Terraform module, the stages of a CDK app.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.tree import Tree, Unreadable

from .document import parse
from .nodes import Mapping, Scalar, Sequence
from .parameters import STAGE_NAMES
from .reading import mentioned
from .samconfig import tables
from .serverless.recognise import is_one as is_service
from .settings import Settings
from .terraform.recognise import is_configuration

MOST = 8
"""How many environments of one template are checked."""


class Environment(Struct, frozen=True):
    """An environment: its name, and what it says about the values a template leaves open."""

    name: str
    settings: Settings


def environments(tree: Tree, path: str, settings: Settings) -> tuple[Environment, ...]:
    """Return the environments of the template at `path`, the usual one first; none where it knows one only.

    `settings` narrow them: a stage, a table of the configuration, a variables file, or a parameter's value.
    """
    if settings.stage is not None:
        return ()
    find = _variables_files if is_configuration(path) else _of_document
    found = find(tree, path, settings)
    named = {each.name: each for each in found}
    return tuple(named.values())[:MOST] if len(named) > 1 else ()


def _of_document(tree: Tree, path: str, settings: Settings) -> tuple[Environment, ...]:
    try:
        text = tree.read(path)
    except Unreadable:
        return ()
    if "provider" in text and "service" in text:
        root = parse(text, path).root
        if isinstance(root, Mapping) and is_service(root):
            return tuple(_stages(tree, path, text, root, settings))
    if settings.config_env is None:
        configured = [name for name, given in tables(tree, path).items() if given or name == "default"]
        if configured and configured != ["default"]:
            names = dict.fromkeys(("default", *configured))
            return tuple(Environment(name, replace(settings, config_env=name)) for name in names)
    if "AllowedValues" in text and ("Conditions" in text or "Mappings" in text):
        root = parse(text, path).root
        if isinstance(root, Mapping):
            return tuple(_allowed(root, settings))
    return ()


def _allowed(root: Mapping, settings: Settings) -> Iterator[Environment]:
    """Yield one environment for each value of a parameter that conditions or mappings hang on."""
    parameters, conditions, mappings = (root.get(name) for name in ("Parameters", "Conditions", "Mappings"))
    asked = set(mentioned(conditions)) if conditions is not None else set()
    keys: set[str] = set()
    for entry in mappings.entries if isinstance(mappings, Mapping) else ():
        keys.update(entry.value.keys() if isinstance(entry.value, Mapping) else ())
    for entry in parameters.entries if isinstance(parameters, Mapping) else ():
        name, body = entry.key.text, entry.value
        listed = body.get("AllowedValues") if isinstance(body, Mapping) else None
        values = (
            [item.text for item in listed.items if isinstance(item, Scalar)] if isinstance(listed, Sequence) else []
        )
        by_mapping = name.lower() in STAGE_NAMES and bool(keys & set(values))
        if len(values) < 2 or name in settings.parameters or not (name in asked or by_mapping):
            continue
        default = body.get("Default") if isinstance(body, Mapping) else None
        usual = default.text if isinstance(default, Scalar) else values[0]
        for value in sorted(values, key=lambda each: each != usual):
            called = value if name.lower() in STAGE_NAMES else f"{name}={value}"
            same = isinstance(default, Scalar) and value == usual
            given = settings if same else replace(settings, parameters={**settings.parameters, name: value})
            yield Environment(called, given)
        return


_STAGE = r"\$\{(?:opt:stage|sls:stage|self:provider\.stage|self:custom\.(?:current)?[sS]tage)[^{}]*\}"
_BY_STAGE = re.compile(rf"\$\{{self:([\w.-]*?)\.?{_STAGE}")
_FILE_BY_STAGE = re.compile(rf"file\(\s*([^${{}}()]*){_STAGE}([^${{}}()]*)\)")


def _stages(tree: Tree, path: str, text: str, root: Mapping, settings: Settings) -> Iterator[Environment]:
    """Yield the stages of a service: those with parameters, settings or files of their own."""
    usual = _usual_stage(root)
    found: list[str] = [usual]
    for section in ("params", "stages"):
        found += _keys(root, section)
    for match in _BY_STAGE.finditer(text):
        found += _keys(root, match.group(1))
    for match in _FILE_BY_STAGE.finditer(text):
        folder = posixpath.dirname(path)
        before = posixpath.normpath(posixpath.join(folder, match.group(1) + "\0")).removesuffix("\0")
        after = match.group(2)
        for file in tree.list(posixpath.dirname(before) or "."):
            if (
                file.startswith(before)
                and file.endswith(after)
                and "/" not in file[len(before) : len(file) - len(after)]
            ):
                found.append(file[len(before) : len(file) - len(after)])
    for name in dict.fromkeys(found):
        if name and name != "default":
            yield Environment(name, settings if name == usual else replace(settings, stage=name))


def _usual_stage(root: Mapping) -> str:
    provider = root.get("provider")
    stage = provider.get("stage") if isinstance(provider, Mapping) else None
    written = stage.text if isinstance(stage, Scalar) else ""
    fallback = re.search(r",\s*['\"]([\w-]+)['\"]\s*\}$", written)
    return fallback.group(1) if fallback is not None else written if written and "${" not in written else "dev"


def _keys(root: Mapping, address: str) -> list[str]:
    node: object = root
    for key in address.split(".") if address else ():
        node = node.get(key) if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or node is root:
        return []
    return [entry.key.text for entry in node.entries]


_NO_NAME = frozenset({"terraform.tfvars", "variables.tfvars"})


def _variables_files(tree: Tree, path: str, settings: Settings) -> tuple[Environment, ...]:
    """Return one environment for each variables file that Terraform does not read by itself, near the root module."""
    if settings.var_files:
        return ()
    folder = posixpath.dirname(path)
    found: dict[str, str] = {}
    for file in tree.list(folder or "."):
        inside = file.removeprefix(folder + "/") if folder else file
        parts = inside.split("/")
        if not inside.endswith((".tfvars", ".tfvars.json")) or len(parts) > 3 or parts[-1].count(".auto."):
            continue
        if parts[-1].removesuffix(".json") in _NO_NAME:
            if len(parts) > 1:
                found.setdefault(parts[-2], file)
        else:
            found.setdefault(parts[-1].removesuffix(".json").removesuffix(".tfvars"), file)
    return tuple(Environment(name, replace(settings, var_files=(file,))) for name, file in sorted(found.items()))


_ASSEMBLY = re.compile(r"(?:^|/)assembly-([^/]+)(?=/)")


def stage_of(template: str) -> str:
    """Return the stage of a CDK app that a synthesized template is of, "" for any other template."""
    named: list[str] = _ASSEMBLY.findall(template)
    return named[-1] if named else ""


def of_stage(templates: Iterable[str], stage: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the templates to look at where only one stage counts, and those of other stages of a CDK app."""
    every = tuple(templates)
    if stage is None or not any(_is_of(stage_of(template), stage) for template in every):
        return every, ()
    others = tuple(template for template in every if stage_of(template) and not _is_of(stage_of(template), stage))
    return tuple(template for template in every if template not in others), others


def _is_of(own: str, stage: str) -> bool:
    return own == stage or own.endswith("-" + stage)
