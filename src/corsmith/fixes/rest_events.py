"""Events for OPTIONS that bring preflights of a REST API to the function: where a mock's one literal cannot serve all pages."""

from __future__ import annotations

from corsmith.api.fix import Edit
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.tree import Tree
from corsmith.readers.nodes import Mapping, Sequence

from .rest import without_options
from .sam import settings_of_api
from .yaml_edit import add_entries, append_items
from .yaml_source import Source, at, entry_of, load, parent_of, scalar_text
from .yaml_written import Content, Verbatim


def options_events(tree: Tree, door: RestApi) -> tuple[Edit, ...]:
    """Return the edits that give each path without OPTIONS an event for it, beside one of its others; none where one cannot."""
    edits: list[Edit] = []
    for path in without_options(door):
        method = next(each for each in door.methods if each.path == path)
        source = load(tree, method.span.file)
        made = _event(source, door, method) if source is not None else ()
        if not made:
            return ()
        edits += made
    return tuple(edits)


def _event(source: Source, door: RestApi, method: RestMethod) -> tuple[Edit, ...]:
    held = entry_of(source.root, method.span)
    if held is None:
        return ()
    event, around = held
    if scalar_text(at(event.value, "Type")) == "Api":
        return _of_sam(source, door, method, event.key.text, event.value, around)
    listed = parent_of(source.root, around)
    if event.key.text == "http" and isinstance(listed, Sequence):
        http: Content = {"path": method.path.lstrip("/") or "/", "method": "options"}
        return (append_items(source, listed, [{"http": http}]),)
    return ()


def _of_sam(
    source: Source, door: RestApi, method: RestMethod, name: str, event: object, events: Mapping
) -> tuple[Edit, ...]:
    api = at(event, "Properties", "RestApiId") if isinstance(event, Mapping) else None
    written = source.cut(api.span) if api is not None else ""
    if "\n" in written or events.get(f"{name}Options") is not None:
        return ()
    named: dict[str, Content] = {"RestApiId": Verbatim(written)} if written else {}
    auth = at(settings_of_api(source, door.name), "Auth")
    free: dict[str, Content] = {}
    # NONE is a word against the API's default authorizer alone.
    if at(auth, "DefaultAuthorizer") is not None:
        free["Authorizer"] = "NONE"
    if at(auth, "ApiKeyRequired") is not None:
        free["ApiKeyRequired"] = False
    own: dict[str, Content] = {**named, "Path": method.path, "Method": "OPTIONS", **({"Auth": free} if free else {})}
    return (add_entries(source, events, {f"{name}Options": {"Type": "Api", "Properties": own}}),)
