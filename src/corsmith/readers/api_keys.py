"""The API keys that a REST API takes: those of a usage plan that covers one of its stages."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.value import Known, Text, Texts, Unknown

from .intrinsics import logical_id
from .nodes import Node, Sequence
from .reading import Reading
from .template import Resource

_MADE_UP = "API Gateway makes up the key's value"


def api_keys(reading: Reading, api: str, created: Node | None = None) -> Texts:
    """Return the values of the API's keys; `created` is SAM's CreateUsagePlan, which makes a plan and a key of its own.

    A key that no plan admits opens nothing (API Gateway developer guide, "Usage plans and API keys for REST APIs").
    """
    wanted = reading.text(created)
    own_plan = isinstance(wanted, Known) and wanted.value in ("PER_API", "SHARED")
    plans = {plan.name for plan in reading.of_type("AWS::ApiGateway::UsagePlan") if api in _apis(reading, plan)}
    if own_plan:
        plans |= {f"{api}UsagePlan", "ServerlessUsagePlan"}
    admitted = {
        logical_id(each.properties.get("KeyId"))
        for each in reading.of_type("AWS::ApiGateway::UsagePlanKey")
        if logical_id(each.properties.get("UsagePlanId")) in plans
    }
    keys: list[Text] = [
        reading.text(key.properties.get("Value")) or Unknown(_MADE_UP, key.span)
        for key in reading.of_type("AWS::ApiGateway::ApiKey")
        if key.name in admitted
    ]
    if own_plan:
        keys.append(Unknown(_MADE_UP, created.span if created is not None else None))
    return Known(tuple(keys))


def _apis(reading: Reading, plan: Resource) -> Iterator[str | None]:
    stages = plan.properties.get("ApiStages")
    for item in stages.items if isinstance(stages, Sequence) else ():
        stage = reading.mapping(item)
        if stage is not None:
            yield logical_id(stage.get("ApiId"))
