"""AWS::ApiGateway::Deployment: which parts of an API its snapshot holds for certain.

CloudFormation makes a deployment once, after what it references and depends on; a later change of the API does not reach it
(CloudFormation reference, AWS::ApiGateway::Deployment).
"""

from __future__ import annotations

from corsmith.api.rest_api import Deployment
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.readers.intrinsics import logical_id
from corsmith.readers.nodes import Node, Scalar, Sequence
from corsmith.readers.reading import Reading, mentioned
from corsmith.readers.template import Resource

_PARTS = ("AWS::ApiGateway::Method", "AWS::ApiGateway::GatewayResponse")


def deployments(reading: Reading, api: str, parts: tuple[Span, ...]) -> tuple[Deployment, ...]:
    """Return the deployments of `api` that a stage serves; `parts` are the spans of its methods and gateway responses."""
    made = [
        each
        for each in reading.of_type("AWS::ApiGateway::Deployment")
        if logical_id(each.properties.get("RestApiId")) == api
    ]
    if not made:
        return ()
    staged = {logical_id(each.properties.get("DeploymentId")) for each in reading.of_type("AWS::ApiGateway::Stage")}
    apart = {each.span: each.name for each in reading.of_type(*_PARTS)}
    found: list[Deployment] = []
    for each in made:
        if each.name in staged or each.properties.get("StageName") is not None:
            before = _before(reading, each)
            holds = tuple(span for span in parts if span not in apart or apart[span] in before)
            found.append(Deployment(each.name, each.span, holds, Known(_is_hashed(reading, each))))
    return tuple(found)


def _before(reading: Reading, deployment: Resource) -> set[str]:
    """Return the names of the resources that are made before a deployment."""
    found: set[str] = set()
    pending = [deployment]
    while pending:
        resource = pending.pop()
        for name in (*_named(resource.body.get("DependsOn")), *mentioned(resource.properties)):
            other = reading.template.resources.get(name)
            if other is not None and name not in found:
                found.add(name)
                pending.append(other)
    return found


def _named(node: Node | None) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else (node,) if node is not None else ()
    return tuple(item.text for item in items if isinstance(item, Scalar))


def _is_hashed(reading: Reading, deployment: Resource) -> bool:
    """CDK puts a hash of the API into the deployment's logical id: a change makes a new one."""
    return reading.at(deployment.body, "Metadata", "aws:cdk:path") is not None
