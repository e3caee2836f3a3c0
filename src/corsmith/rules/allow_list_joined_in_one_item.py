"""allow-list-joined-in-one-item: one item of a list setting holds several values, joined by commas."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from corsmith.api.cloudfront import CacheBehavior
from corsmith.api.finding import Category
from corsmith.api.fix import Edit, Fix
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, FrontDoor
from corsmith.api.origin_test import OriginTest
from corsmith.api.tree import Tree
from corsmith.api.value import Known, Texts
from corsmith.fixes.code_lists import literals_of
from corsmith.fixes.literals import replace_item

from .answers import headers, origin_tests, places
from .blocked import ALLOW_ORIGIN, Blocked
from .refused import refused_header, refused_method, refused_origin
from .rule import Diagnosis, Found, Rule

_LISTS = {"allow_origins": "AllowOrigins", "allow_methods": "AllowMethods", "allow_headers": "AllowHeaders"}
_LONGEST_METHOD = 6


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain calls that would pass if the item were several."""
    wanted = _refused(blocked)
    if wanted is not None:
        name, value = wanted
        for item in joined(blocked.front_door, name, blocked.cell.route.behavior):
            if value.lower() in _parts(item.value):
                return _diagnosis(blocked.tree, blocked.front_door, name, item)
    return _in_code(blocked)


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find methods of a Function URL that are refused for their length, because they are several."""
    del origins
    for door in api.front_doors:
        if isinstance(door, FunctionUrl):
            for item in joined(door, "allow_methods"):
                if len(item.value) > _LONGEST_METHOD:
                    yield door, _diagnosis(tree, door, "allow_methods", item)


def joined(door: FrontDoor, name: str, behavior: CacheBehavior | None = None) -> Iterator[Known[str]]:
    """Yield the items of a front door's list setting that hold a comma."""
    cors: object = None
    if isinstance(door, HttpApi | FunctionUrl) and isinstance(door.cors, Known):
        cors = door.cors.value
    if cors is None and behavior is not None and isinstance(behavior.cors, Known):
        cors = behavior.cors.value
    setting: Texts | None = getattr(cors, name) if cors is not None else None
    for item in setting.value if isinstance(setting, Known) else ():
        if isinstance(item, Known) and "," in item.value:
            yield item


def _refused(blocked: Blocked) -> tuple[str, str] | None:
    if refused_origin(blocked):
        return "allow_origins", blocked.cell.caller.origin
    method = refused_method(blocked)
    if method is not None:
        return "allow_methods", method
    header = refused_header(blocked)
    return None if header is None else ("allow_headers", header)


def _parts(text: str) -> set[str]:
    return {part.strip().lower() for part in text.split(",")}


def _diagnosis(tree: Tree, door: FrontDoor, name: str, item: Known[str]) -> Diagnosis:
    setting = _LISTS[name]
    return Diagnosis(
        f"{setting} of {door.name} has one item, {item.value!r}, where each value needs an item of its own: joined they "
        "match nothing. Write them as separate items.",
        tuple(each for each in (item.span, door.span) if each is not None),
        partial(_split, tree, item),
    )


def _split(tree: Tree, item: Known[str]) -> Iterator[Fix]:
    """Write a plain item of a list as several, with its own quotes, each on its line where it has one."""
    span = item.span
    text = tree.read(span.file) if span is not None else ""
    written = text[span.start : span.end] if span is not None else ""
    quote = written[:1] if written[:1] in ("'", '"') else ""
    if span is None or written != quote + item.value + quote:
        return
    line = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    between = f"\n{line}" if line.strip() == "-" else ", "
    parts = (quote + part.strip() + quote for part in item.value.split(",") if part.strip())
    edit = Edit(span.file, span.start, span.end, between.join(parts))
    yield Fix("Write separate items", safe=True, edits=(edit,))


def _in_code(blocked: Blocked) -> Diagnosis | None:
    """Explain a list in the code, of one item that holds the page's origin among others."""
    outcome, origin = blocked.outcome, blocked.cell.caller.origin
    if blocked.values(ALLOW_ORIGIN) or blocked.summary is None:
        return None
    for each in blocked.summary.outcomes:
        tests: list[OriginTest] = [guard.test for guard in each.origins]
        for name, node, _ in headers(each):
            if name.lower() == ALLOW_ORIGIN:
                tests += origin_tests(node)
        place = next(places(each, ALLOW_ORIGIN), None)
        for test in tests:
            for text in test.items if test.kind == "list" else ():
                if "," in text and origin in _parts(text):
                    span = place or (outcome.span if outcome is not None else each.span)
                    return Diagnosis(
                        f"The code compares the Origin with {text!r}, which is several origins in one text. Split it at the "
                        "commas before comparing.",
                        (span, blocked.front_door.span),
                        partial(_split_in_code, blocked, text),
                    )
    return None


def _split_in_code(blocked: Blocked, text: str) -> Iterator[Fix]:
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    for file in blocked.summary.files if blocked.summary is not None else ():
        for span in literals_of(blocked.tree, file, (text,)):
            edits = replace_item(blocked.tree, span, parts)
            if edits:
                yield Fix("Write separate items", safe=True, edits=edits)


RULE = Rule(
    "allow-list-joined-in-one-item",
    Category.BLOCKED,
    "a list setting holds one comma-joined string instead of separate items",
    explain,
    inspect,
)
