"""The calls that a project's pages make, as a list: each route for each of its callers, at an address where it is deployed."""

from __future__ import annotations

import json
from typing import Any

import click

from corsmith.api.caller import Caller, CallerFlags
from corsmith.api.tree import Tree
from corsmith.live.many import listed
from corsmith.project.check import Question, check
from corsmith.project.configuration import caller_of, values_of
from corsmith.project.disk import Disk
from corsmith.project.routes import example_path

from .caller import joined
from .options import fail, settings_for, template_values


def route_list(base: str, project: str, flags: CallerFlags, options: dict[str, Any]) -> tuple[str, ...]:
    """Return the lines of a list: the routes of `project` (a template, an OpenAPI document, a folder) below `base`.

    Where nothing can be read, say why and end with 2.
    """
    place = listed(base)
    if place is None or place.wrong:
        raise click.UsageError(f"{base} is no address below which routes are called.")
    configuration = settings_for(project)
    values = values_of(template_values(options), configuration)
    found = check(Tree(Disk()), Question((project,), caller_of(flags, configuration.policy), values))
    for problem in found.problems:
        click.echo(f"corsmith: {problem.file}:{problem.line}:{problem.column}: {problem.message}", err=True)
    lines = [
        _line(joined(base, example_path(label.partition(" ")[2])), caller)
        for (_, _, label), callers in found.plan.items()
        for caller in callers
    ]
    if not lines:
        fail(f"--urls {project}: no route that a page could call")
    return tuple(dict.fromkeys(lines))


def _line(url: str, caller: Caller) -> str:
    call: dict[str, Any] = {
        "url": url,
        "origin": caller.origin,
        "method": caller.method,
        "headers": [list(pair) for pair in caller.headers],
        "credentials": caller.credentials,
    }
    if caller.body is not None:
        call["body"] = caller.body.decode("utf-8", "replace")
    return json.dumps(call)
