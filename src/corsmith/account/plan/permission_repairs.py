"""Repairs of who may invoke a function: the two permissions of a Function URL, and that of an API.

Source: the Lambda developer guide, "Control access to Lambda function URLs"; the API Gateway developer guide, "Lambda
function permissions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corsmith.account.snapshot import FunctionState
from corsmith.api.function_url import FunctionUrl
from corsmith.api.value import Known

from .call import Json, Thing
from .case import Cannot, Case, Change
from .things import qualifier_of, statements

_LAMBDA_ARN = re.compile(r":function:([A-Za-z0-9_-]+)(?::([A-Za-z0-9$_-]+))?")


def open_url(case: Case) -> Iterator[Change | Cannot]:
    """Give a public URL the permission that it lacks."""
    door = case.unit.door
    url = next((each.front_door for each in case.blocked if isinstance(each.front_door, FunctionUrl)), None)
    if not isinstance(door, FunctionState) or url is None:
        return
    at = case.at(url.span)
    alias = at.arn.removeprefix(door.arn).lstrip(":") if at is not None else ""
    own = next((each for each in door.urls if qualifier_of(each) == alias), None)
    if own is None or own.get("AuthType") != "NONE":
        yield Cannot("the URL is not public: who may call it is for a person to decide")
        return
    wanted: list[tuple[Thing, Json | None]] = []
    arn = f"{door.arn}:{alias}" if alias else door.arn
    for may, action, condition in (
        (url.may_invoke_url, "lambda:InvokeFunctionUrl", {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}),
        (url.may_invoke, "lambda:InvokeFunction", {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}),
    ):
        if may == Known(False, may.span):
            sid = _free(door, alias, f"corsmith-{action.partition(':')[2]}")
            statement = _statement(sid, "*", action, arn, condition)
            wanted.append(
                (Thing(door.place, "permission", door.id, (alias, sid), f"{action} on {door.name}"), statement)
            )
    if wanted:
        yield Change("Let everyone call the public URL", tuple(wanted))


def let_api_invoke(case: Case) -> Iterator[Change | Cannot]:
    """Let an API invoke the functions behind the blocked calls, for all its methods and paths."""
    door = case.unit.door
    if isinstance(door, FunctionState):
        return
    place = door.place
    source = f"arn:{place.partition}:execute-api:{place.region}:{place.account}:{door.id}/*/*"
    wanted: dict[Thing, Json | None] = {}
    for each in case.blocked:
        at = case.at(each.function.span) if each.function is not None else None
        named = _LAMBDA_ARN.search(at.arn) if at is not None else None
        state = next((own for own in case.unit.functions if named is not None and own.id == named[1]), None)
        if named is None or state is None:
            continue
        alias = named[2] or ""
        if state.policies.get(alias) is None:
            yield Cannot(f"who may invoke {state.name} was not read")
            return
        sid = _free(state, alias, f"corsmith-{door.id}")
        arn = f"{state.arn}:{alias}" if alias else state.arn
        thing = Thing(place, "permission", state.id, (alias, sid), f"lambda:InvokeFunction on {state.name}")
        condition = {"ArnLike": {"AWS:SourceArn": source}}
        principal = {"Service": "apigateway.amazonaws.com"}
        wanted[thing] = _statement(sid, principal, "lambda:InvokeFunction", arn, condition)
    if wanted:
        yield Change("Let the API invoke the function", tuple(wanted.items()))


def _statement(sid: str, principal: str | Json, action: str, arn: str, condition: Json) -> Json:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": arn,
        "Condition": condition,
    }


def _free(state: FunctionState, alias: str, wanted: str) -> str:
    """Return a statement id like `wanted` that the policy does not have yet."""
    taken = {each.get("Sid") for each in statements(state, alias)}
    sid, number = wanted, 1
    while sid in taken:
        number += 1
        sid = f"{wanted}-{number}"
    return sid
