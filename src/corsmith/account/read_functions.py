"""Reading functions: those behind front doors, and those with URLs. AWS lists URLs only function by function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corsmith.readers.declared import is_telling

from .asking import Asking, Gone, parsed
from .function_document import common_variables, with_variables
from .snapshot import FunctionState, HttpApiState, Json, RestApiState

_ARN = re.compile(r"(arn:[a-z-]+:lambda:[a-z0-9-]*:[0-9]*:function:[A-Za-z0-9_-]+)(?::([A-Za-z0-9$_-]+))?")
_TELLING = re.compile(r"cors|origin|allow|header|method|credential|domain|host|url|stage|env|debug|vary|max_?age", re.I)
_KEPT = ("FunctionName", "FunctionArn", "Runtime", "Handler", "Timeout", "PackageType", "CodeSha256", "CodeSize",
         "LastModified", "Layers", "Architectures")  # fmt: skip

Called = dict[str, set[str]]
"""ARN of a function, without alias, to the aliases ("" for none) that front doors call."""


def list_functions(asking: Asking) -> Iterator[Json]:
    """Yield the functions of a Region with the settings that are kept of them."""
    here = f"account {asking.place.account}, {asking.place.region}"
    for each in asking.every("lambda", "ListFunctions", here, "Functions", MaxItems=50):
        yield without_secrets(each)


def list_urls(asking: Asking, configuration: Json) -> tuple[Json, ...]:
    """Return the URLs of a function and of its aliases; none where it was deleted meanwhile."""
    arn, name = str(configuration["FunctionArn"]), str(configuration["FunctionName"])
    try:
        return tuple(
            asking.every("lambda", "ListFunctionUrlConfigs", arn, "FunctionUrlConfigs", FunctionName=name, MaxItems=50)
        )
    except Gone:
        return ()


def read_function(
    asking: Asking, configuration: Json, urls: tuple[Json, ...], aliases: set[str], now: float
) -> FunctionState | None:
    """Return a function that is called from outside; None for one that is not.

    `aliases` are what APIs call. One call for the policy of each alias; one more for the tags where there are URLs.
    """
    before = len(asking.failures)
    arn, name = str(configuration["FunctionArn"]), str(configuration["FunctionName"])
    aliases = aliases | {str(url.get("FunctionArn") or arn).removeprefix(arn).lstrip(":") for url in urls}
    if not aliases:
        return None
    policies: dict[str, Json] = {}
    for alias in sorted(aliases):
        policy = _policy(asking, arn, name, alias)
        if policy is not None:
            policies[alias] = policy
    return FunctionState(
        place=asking.place,
        read_at=now,
        configuration=configuration,
        urls=urls,
        policies=policies,
        tags=_tags(asking, arn) if urls else {},
        failures=tuple(asking.failures[before:]),
    )


def _policy(asking: Asking, arn: str, name: str, alias: str) -> Json | None:
    subject = f"{arn}:{alias}" if alias else arn
    try:
        qualifier = {"Qualifier": alias} if alias else {}
        answer = asking.one("lambda", "GetPolicy", subject, FunctionName=name, **qualifier)
    except Gone:
        return {}
    return (parsed(answer.get("Policy")) or {}) if answer is not None else None


def _tags(asking: Asking, arn: str) -> dict[str, str]:
    try:
        answer = asking.one("lambda", "ListTags", arn, Resource=arn)
    except Gone:
        return {}
    return dict((answer or {}).get("Tags") or {})


def without_secrets(configuration: Json) -> Json:
    """Return what is kept of a function's settings. Of variables that cannot be about origins, the names only."""
    kept = {key: configuration[key] for key in _KEPT if key in configuration}
    variables = (configuration.get("Environment") or {}).get("Variables") or {}
    if variables:
        shown = {name: value if _harmless(name, str(value)) else None for name, value in variables.items()}
        kept["Environment"] = {"Variables": shown}
    return kept


def _harmless(name: str, value: str) -> bool:
    if re.search(r"secret|token|passw|passphrase|private|credential_?(?!s?$)|api_?key|auth(?!or)", name, re.I):
        return False
    if "@" in value or len(value) > 2000:
        return False
    return bool(is_telling(name) or _TELLING.search(name))


def called_by(states: Iterable[RestApiState | HttpApiState]) -> Called:
    """Return the functions that APIs call, as integrations or as authorizers."""
    found: Called = {}
    for state in states:
        for uri in uris_of(state):
            match = _ARN.search(uri)
            if match is not None:
                alias = match.group(2) or ""
                found.setdefault(match.group(1), set()).add("" if alias.startswith("$") else alias)
    return found


def uris_of(state: RestApiState | HttpApiState) -> Iterator[str]:
    """Yield the URIs that an API calls, its stage variables put in where they have one value."""
    if isinstance(state, RestApiState):
        variables = common_variables(state.stages, "variables")
        for resource in state.resources:
            for method in (resource.get("resourceMethods") or {}).values():
                uri = (method.get("methodIntegration") or {}).get("uri")
                if uri:
                    yield with_variables(str(uri), variables)
        yield from (str(each["authorizerUri"]) for each in state.authorizers if each.get("authorizerUri"))
        return
    variables = common_variables(state.stages, "StageVariables")
    for each in state.integrations:
        if each.get("IntegrationUri"):
            yield with_variables(str(each["IntegrationUri"]), variables)
    yield from (str(each["AuthorizerUri"]) for each in state.authorizers if each.get("AuthorizerUri"))
