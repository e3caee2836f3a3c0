"""rest-stage-not-deployed: the stage serves a snapshot of the API that may lack the CORS resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from corsmith.api.finding import Category, Confidence, Severity
from corsmith.api.fix import Fix
from corsmith.api.model import Api
from corsmith.api.rest_api import Deployment, RestApi
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.fixes.cloudformation import depend_on

from .rule import Diagnosis, Found, Rule, no_fix


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find deployments that are made before the CORS resources, or that no change of these makes anew."""
    del origins
    for door in api.front_doors:
        if isinstance(door, RestApi) and door.deployments:
            parts = tuple(_cors_parts(door))
            best = min(door.deployments, key=lambda each: (len(_lacks(each, parts)), not _is_renewed(each)))
            if parts and (_lacks(best, parts) or not _is_renewed(best)):
                yield door, _diagnosis(door, best, parts, partial(_wait, api, tree, best, _lacks(best, parts)))


def _cors_parts(door: RestApi) -> Iterator[tuple[str, Span]]:
    """Yield what of an API is there for CORS: OPTIONS methods, and errors of its own that carry the headers."""
    for method in door.methods:
        if method.verb.upper() == "OPTIONS":
            yield f"OPTIONS {method.path}", method.span
    for answer in door.gateway_responses:
        if answer.span is not None and any("access-control-" in name.lower() for name, _ in answer.parameters):
            yield f"the gateway response {answer.type}", answer.span


def _lacks(deployment: Deployment, parts: tuple[tuple[str, Span], ...]) -> tuple[tuple[str, Span], ...]:
    return tuple(part for part in parts if part[1] not in deployment.holds)


def _is_renewed(deployment: Deployment) -> bool:
    return not (isinstance(deployment.renewed, Known) and not deployment.renewed.value)


def _wait(api: Api, tree: Tree, deployment: Deployment, lacking: tuple[tuple[str, Span], ...]) -> Iterator[Fix]:
    if api.dialect == "terraform":
        from corsmith.fixes.terraform import renew_deployment

        edits = renew_deployment(tree, deployment.span)
        if edits:
            yield Fix(f"Make {deployment.name} anew when the API changes", safe=True, edits=edits)
        return
    edits = depend_on(tree, api, deployment.span, tuple(span for _, span in lacking))
    if edits:
        yield Fix(f"Let {deployment.name} wait for {lacking[0][0]}", safe=True, edits=edits)


def _diagnosis(
    door: RestApi, deployment: Deployment, parts: tuple[tuple[str, Span], ...], wait: Callable[[], Iterator[Fix]]
) -> Diagnosis:
    lacking = _lacks(deployment, parts)
    if lacking:
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        return Diagnosis(
            f"The deployment {deployment.name} of REST API {door.name} is a snapshot, and nothing makes it wait for "
            f"{lacking[0][0]}{more}: the stage may serve an API without it. Let the deployment depend on the CORS resources, "
            "and be made anew when they change.",
            (deployment.span, lacking[0][1]),
            wait,
            severity=Severity.ERROR if any(name.startswith("OPTIONS") for name, _ in lacking) else Severity.INFO,
            confidence=Confidence.MEDIUM,
        )
    return Diagnosis(
        f"The deployment {deployment.name} of REST API {door.name} is made once: a later change of the CORS resources does "
        "not reach the stage until a new deployment is made.",
        (deployment.span,),
        no_fix,
        severity=Severity.INFO,
    )


RULE = Rule(
    "rest-stage-not-deployed",
    Category.BLOCKED,
    "the definition is right, but the stage serves, or after the next update will serve, an older one",
    inspect=inspect,
)
