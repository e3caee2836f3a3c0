"""function-url-permission-missing: a Function URL needs two permissions, and the template lacks one, or both."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category, Confidence, Severity
from corsmith.api.fix import Fix
from corsmith.api.function_url import FunctionUrl
from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.api.value import Known, Value
from corsmith.fixes import templates
from corsmith.fixes.yaml_written import Content

from .blocked import Blocked
from .rule import Diagnosis, Found, Rule, no_fix

_ADDING = ("serverless",)
"""Dialects whose tool adds permissions to every URL that it makes."""


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain 403s of a URL for which one of the two permissions is written and the other is not."""
    url = blocked.front_door
    if not isinstance(url, FunctionUrl) or blocked.status != 403 or blocked.made_by != "gateway":
        return None
    lacking = [name for name, may in _both(url) if isinstance(may, Known) and not may.value]
    if not lacking:
        return None
    written = next((may.span for _, may in _both(url) if isinstance(may, Known) and may.span is not None), None)
    return Diagnosis(
        f"Function URL {url.name} may be called only with both lambda:InvokeFunctionUrl and lambda:InvokeFunction (with "
        f"InvokedViaFunctionUrl) allowed to its callers, since October 2025. {' and '.join(lacking)} is not, so Lambda answers "
        "403 without CORS headers.",
        tuple(each for each in (written, url.span) if each is not None),
        lambda: _permit(blocked, url, lacking),
    )


def _permit(blocked: Blocked, url: FunctionUrl, lacking: list[str]) -> Iterator[Fix]:
    if len(lacking) != 1 or not isinstance(url.function, Known) or not _is_open(url):
        return
    how: dict[str, Content] = {"Action": lacking[0], "Principal": "*"}
    how |= {"FunctionUrlAuthType": "NONE"} if lacking[0].endswith("Url") else {"InvokedViaFunctionUrl": True}
    edits = templates.add_permission(blocked.tree, blocked.cell.api, url.function.value, how)
    if edits:
        yield Fix(f"Allow everyone {lacking[0]} on {url.function.value}", safe=True, edits=edits)


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find public URLs of whose permissions the template says nothing: the tool that deploys it may add them."""
    del tree, origins
    for door in api.front_doors if api.dialect not in _ADDING else ():
        if isinstance(door, FunctionUrl) and _is_open(door) and all(may == Known(True) for _, may in _both(door)):
            yield door, _told(door)


def _is_open(url: FunctionUrl) -> bool:
    return isinstance(url.auth_type, Known) and url.auth_type.value == "NONE"


def _told(url: FunctionUrl) -> Diagnosis:
    return Diagnosis(
        f"The template gives nobody the right to call Function URL {url.name}. If the tool that deploys it does not add "
        "them, it needs two permissions: lambda:InvokeFunctionUrl, and lambda:InvokeFunction with InvokedViaFunctionUrl. "
        "Without them every call gets a bare 403.",
        (url.span,),
        no_fix,
        severity=Severity.INFO,
        confidence=Confidence.MEDIUM,
    )


def _both(url: FunctionUrl) -> tuple[tuple[str, Value[bool]], ...]:
    return ("lambda:InvokeFunctionUrl", url.may_invoke_url), ("lambda:InvokeFunction", url.may_invoke)


RULE = Rule(
    "function-url-permission-missing",
    Category.BLOCKED,
    "the URL needs both lambda:InvokeFunctionUrl and lambda:InvokeFunction since October 2025; without them a bare 403",
    explain,
    inspect,
)
