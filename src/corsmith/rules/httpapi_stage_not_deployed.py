"""httpapi-stage-not-deployed: a stage without auto-deploy serves an older CORS configuration."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category, Severity
from corsmith.api.fix import Fix
from corsmith.api.front_door import Stage
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.fixes import templates

from .rule import Diagnosis, Found, Rule


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find stages of HTTP APIs with a CORS configuration that changes of it do not reach."""
    del origins
    for door in api.front_doors:
        if isinstance(door, HttpApi) and isinstance(door.cors, Known) and door.cors.value is not None:
            for stage in door.stages:
                if stage.auto_deploy == Known(False, stage.auto_deploy.span) and stage.deployed != "renewed":
                    yield door, _diagnosis(door, stage, api, tree)


def _diagnosis(door: HttpApi, stage: Stage, api: Api, tree: Tree) -> Diagnosis:
    name = stage.name.value if isinstance(stage.name, Known) else "of this API"
    bare = stage.deployed == "nothing"
    what = (
        "names no deployment: what it serves was deployed by hand, or nothing was"
        if bare
        else "serves a deployment that stays as it was made"
    )
    return Diagnosis(
        f"The stage {name} of HTTP API {door.name} has no auto-deploy and {what}, so the CORS configuration of the template "
        "does not reach it. Set AutoDeploy to true.",
        tuple(each for each in (stage.auto_deploy.span, stage.span, door.span) if each is not None),
        lambda: _deploy(stage, api, tree),
        severity=Severity.ERROR if bare else Severity.INFO,
    )


def _deploy(stage: Stage, api: Api, tree: Tree) -> Iterator[Fix]:
    edits = templates.set_property(tree, api, stage.span, "AutoDeploy", content=True) if stage.span is not None else ()
    if edits and stage.deployed == "nothing":
        yield Fix("Deploy every change by itself", safe=True, edits=edits)


RULE = Rule(
    "httpapi-stage-not-deployed",
    Category.BLOCKED,
    "a stage without auto-deploy serves an older CORS configuration",
    inspect=inspect,
)
