"""Which calls in a script send a request, and what they send: one function a library."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from .evaluating import Evaluator
from .modules import Module, said
from .request import Request, at, get, is_data, method_of, under
from .shapes import enclosing_function, member_path
from .values import (
    UNKNOWN,
    Arguments,
    Body,
    Client,
    Entry,
    Name,
    Object,
    Parameter,
    Plain,
    Text,
    Unknown,
    Value,
)

VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_WITH_BODY = frozenset({"post", "put", "patch"})
_FETCHES = frozenset(
    {
        "fetch",
        "$fetch",
        "ofetch",
        "useFetch",
        "ofetch.$fetch",
        "ofetch.ofetch",
        "cross-fetch",
        "isomorphic-fetch",
        "node-fetch",
        "whatwg-fetch",
        "unfetch",
        "ky",
        "redaxios",
    }
)
_ANGULAR = frozenset({"http", "httpClient", "_http", "$http", "_httpClient", "httpService"})
_JQUERY = frozenset({"$", "jQuery", "jquery"})
JSON = "application/json"


Recognise = Callable[[Evaluator, Node, Module, Arguments], "Request | None"]


def recognise(evaluator: Evaluator, node: Node, module: Module, given: Arguments) -> Request | None:
    """Return what a call sends; None where it sends nothing."""
    callee = node.child_by_field_name("function")
    if callee is None:
        return None
    if callee.type in {"member_expression", "subscript_expression"}:
        return _of_member(evaluator, node, callee, module, given)
    function = evaluator.value(callee, module, given)
    arguments = evaluator.arguments(node, module, given)
    if isinstance(function, Name):
        if function.name in _FETCHES:
            return _fetch(function.name, node, arguments)
        if function.name in {"axios", "axios.default"}:
            return _axios(node, "request", arguments, Object())
        if function.name.startswith("aws-amplify/api.") and function.name.rpartition(".")[2] in {*VERBS, "del"}:
            return _amplify_6(node, function.name.rpartition(".")[2], arguments)
    if isinstance(function, Client):
        if function.library == "axios":
            return _axios(node, "request", arguments, function.settings)
        if function.library in {"fetch", "ky"}:
            return _ky(node, "", arguments, function.settings)
    if said(callee).lower().endswith("request"):
        return _generated(node, arguments)
    return None


def _of_member(evaluator: Evaluator, node: Node, callee: Node, module: Module, given: Arguments) -> Request | None:
    property_, owner_node = callee.child_by_field_name("property"), callee.child_by_field_name("object")
    name = said(property_) if property_ is not None else ""
    if owner_node is None or not name:
        return None
    if name == "open":
        return _xml(evaluator, node, owner_node, module, given)
    bare = name.lower()
    known = bare in VERBS or name in {
        "request",
        "ajax",
        "getJSON",
        "del",
        "fetch",
        "postForm",
        "putForm",
        "patchForm",
        "default",
    }
    if not known and not bare.endswith("request"):
        return None
    owner = evaluator.value(owner_node, module, given)
    arguments = evaluator.arguments(node, module, given)
    if isinstance(owner, Client):
        return _of_client(owner, name, node, arguments)
    if isinstance(owner, Name):
        if owner.name in {"window", "globalThis", "self"} and name == "fetch":
            return _fetch("fetch", node, arguments)
        if owner.name in {"axios", "axios.default", "redaxios"} and (
            bare in VERBS or name in {"request", "postForm", "putForm", "patchForm"}
        ):
            return _axios(node, name, arguments, Object())
        if owner.name in _JQUERY:
            return _jquery(evaluator, node, name, arguments, module, given)
        if owner.name == "ky" and bare in VERBS:
            return _ky(node, name, arguments, Object())
        if owner.name in {"superagent", "superagent.default"} and (bare in VERBS or name == "del"):
            return _superagent(evaluator, node, name, arguments, module, given)
        if owner.name.startswith("aws-amplify") and owner.name.endswith("API") and (bare in VERBS or name == "del"):
            return _amplify(node, name, arguments)
    last = said(owner_node).rpartition(".")[2].lstrip("#")
    if last in _ANGULAR and (bare in VERBS or name == "request") and isinstance(owner, (Unknown, Name, Parameter)):
        return _angular(node, bare, arguments)
    if bare.endswith("request"):
        return _generated(node, arguments)
    return None


def _of_client(client: Client, name: str, node: Node, arguments: list[Value]) -> Request | None:
    bare = name.lower()
    if client.library == "axios" and (bare in VERBS or name in {"request", "postForm", "putForm", "patchForm"}):
        return _axios(node, name, arguments, client.settings)
    if client.library in {"ky", "fetch"} and bare in VERBS:
        return _ky(node, bare, arguments, client.settings)
    if client.library == "openapi-fetch" and name.isupper():
        return _openapi_fetch(node, bare, arguments, client.settings)
    return None


def _fetch(by: str, node: Node, arguments: list[Value]) -> Request:
    url, options = at(arguments, 0), at(arguments, 1)
    made = Request(by.split(".")[-1], node, url, method_of(get(options, "method")), [get(options, "headers")])
    made.url = under(get(options, "baseURL"), url)
    made.credentials = get(options, "credentials")
    if by in {"$fetch", "ofetch", "useFetch"} and is_data(get(options, "body")):
        made.kind = JSON
    return made


def _axios(node: Node, name: str, arguments: list[Value], settings: Object) -> Request:
    verb = name.lower().removesuffix("form")
    body: Value = UNKNOWN
    if verb == "request":
        first = at(arguments, 0)
        url, options = (first, at(arguments, 1)) if isinstance(first, Text) else (get(first, "url"), first)
        method, body = method_of(get(options, "method")), get(options, "data")
    elif verb in _WITH_BODY:
        url, body, options, method = at(arguments, 0), at(arguments, 1), at(arguments, 2), Text((verb,))
    else:
        url, options, method = at(arguments, 0), at(arguments, 1), Text((verb,))
        body = get(options, "data")
    base = get(options, "baseURL")
    made = Request("axios", node, under(settings.get("baseURL") if base is UNKNOWN else base, url), method)
    made.headers = [*_defaults(settings.get("headers"), method), get(options, "headers")]
    made.credentials = get(options, "withCredentials")
    if made.credentials is UNKNOWN:
        made.credentials = settings.get("withCredentials")
    sends = isinstance(method, Text) and (method.plain or "").lower() in _WITH_BODY
    if not name.endswith("Form") and (isinstance(body, Object) or (sends and is_data(body))):
        made.kind = JSON
    return made


def _defaults(headers: Value, method: Value) -> list[Value]:
    """The headers of an instance: those for all methods, and those for one."""
    if not isinstance(headers, Object):
        return [headers]
    verb = (method.plain or "").lower() if isinstance(method, Text) else ""
    own = Object({name: entry for name, entry in headers.entries.items() if name not in {*VERBS, "common"}})
    return [own, headers.get("common"), headers.get(verb)]


def _ky(node: Node, verb: str, arguments: list[Value], settings: Object) -> Request:
    url, options = at(arguments, 0), at(arguments, 1)
    method = Text((verb,)) if verb else method_of(get(options, "method"))
    base = get(settings, "prefixUrl")
    made = Request("ky", node, under(settings.get("baseURL") if base is UNKNOWN else base, url), method)
    made.headers = [settings.get("headers"), get(options, "headers")]
    own = get(options, "credentials")
    made.credentials = settings.get("credentials") if own is UNKNOWN else own
    if get(options, "json") is not UNKNOWN or isinstance(get(options, "body"), Object):
        made.kind = JSON
    return made


def _openapi_fetch(node: Node, verb: str, arguments: list[Value], settings: Object) -> Request:
    options = at(arguments, 1)
    made = Request("openapi-fetch", node, under(settings.get("baseUrl"), at(arguments, 0)), Text((verb,)))
    made.headers = [settings.get("headers"), get(options, "headers")]
    made.credentials = settings.get("credentials")
    if get(options, "body") is not UNKNOWN:
        made.kind = JSON
    return made


def _jquery(
    evaluator: Evaluator, node: Node, name: str, arguments: list[Value], module: Module, given: Arguments
) -> Request | None:
    if name in {"get", "post", "getJSON"}:
        first = at(arguments, 0)
        if isinstance(first, Object):
            return _ajax(evaluator, node, first.get("url"), first, "POST" if name == "post" else "GET", module, given)
        return Request("jQuery", node, first, Text(("POST" if name == "post" else "GET",)))
    if name != "ajax":
        return None
    first = at(arguments, 0)
    if isinstance(first, Text):
        return _ajax(evaluator, node, first, at(arguments, 1), "GET", module, given)
    return _ajax(evaluator, node, get(first, "url"), first, "GET", module, given)


def _ajax(
    evaluator: Evaluator, node: Node, url: Value, options: Value, verb: str, module: Module, given: Arguments
) -> Request:
    method = get(options, "method")
    method = get(options, "type") if method is UNKNOWN else method
    made = Request("jQuery", node, url, method_of(method, verb), [get(options, "headers")])
    made.headers.append(_set_by(evaluator, node, module, given))
    made.credentials = get(get(options, "xhrFields"), "withCredentials")
    content = get(options, "contentType")
    if isinstance(content, Text) and content.plain:
        made.kind = content.plain
    return made


def _set_by(evaluator: Evaluator, node: Node, module: Module, given: Arguments, owner: str = "") -> Object:
    """The headers that `setRequestHeader` sets within a node, of the object `owner` where one is named."""
    entries: dict[str, Entry] = {}
    for call in module.calls:
        if not node.start_byte <= call.start_byte < node.end_byte:
            continue
        callee = call.child_by_field_name("function")
        path = member_path(callee) if callee is not None else None
        if path is None or path[-1] != "setRequestHeader" or (owner and ".".join(path[:-1]) != owner):
            continue
        arguments = evaluator.arguments(call, module, given)
        name = arguments[0].plain if arguments and isinstance(arguments[0], Text) else None
        if name is not None:
            entries[name] = Entry(at(arguments, 1), module.span(call))
    return Object(entries)


def _xml(evaluator: Evaluator, node: Node, owner: Node, module: Module, given: Arguments) -> Request | None:
    """`xhr.open(method, url)`, with what else is done to `xhr` in the same function."""
    made_by = evaluator.value(owner, module, given)
    arguments = evaluator.arguments(node, module, given)
    is_xml = isinstance(made_by, Unknown) and made_by.name == "XMLHttpRequest"
    if not is_xml or len(arguments) < 2:
        return None
    around = enclosing_function(node) or module.source.tree.root_node
    name = said(owner)
    made = Request("XMLHttpRequest", node, arguments[1], arguments[0])
    made.headers = [_set_by(evaluator, around, module, given, name)]
    for each in module.assignments:
        left = each.child_by_field_name("left")
        if (
            left is not None
            and said(left) == f"{name}.withCredentials"
            and around.start_byte <= each.start_byte < around.end_byte
        ):
            made.credentials = evaluator.value(each.child_by_field_name("right"), module, given)
    return made


def _superagent(
    evaluator: Evaluator, node: Node, name: str, arguments: list[Value], module: Module, given: Arguments
) -> Request:
    """`superagent.post(url).set(name, value).withCredentials().send({…})`."""
    verb = "DELETE" if name == "del" else name.upper()
    made = Request("superagent", node, at(arguments, 0), Text((verb,)))
    link = node
    while link.parent is not None and link.parent.type == "member_expression" and link.parent.parent is not None:
        call = link.parent.parent
        method = link.parent.child_by_field_name("property")
        if call.type != "call_expression" or method is None:
            break
        more = evaluator.arguments(call, module, given)
        first = at(more, 0)
        if said(method) == "set":
            if isinstance(first, Text) and first.plain is not None:
                made.headers.append(Object({first.plain: Entry(at(more, 1), module.span(call))}))
            else:
                made.headers.append(first)
        elif said(method) == "withCredentials":
            made.credentials = Plain("true")
        elif said(method) == "auth":
            made.headers.append(Object({"Authorization": Entry(UNKNOWN, module.span(call))}))
        elif said(method) == "send" and not isinstance(first, (Text, Body)):
            made.kind = made.kind or JSON
        elif said(method) == "type" and isinstance(first, Text):
            made.kind = {"json": JSON, "form": ""}.get(first.plain or "", first.plain or "")
        link = call
    return made


def _angular(node: Node, verb: str, arguments: list[Value]) -> Request | None:
    if verb == "request":
        method, url, options = at(arguments, 0), at(arguments, 1), at(arguments, 2)
        body = get(options, "body")
    elif verb in _WITH_BODY:
        method, url, options, body = Text((verb,)), at(arguments, 0), at(arguments, 2), at(arguments, 1)
    else:
        method, url, options, body = Text((verb,)), at(arguments, 0), at(arguments, 1), UNKNOWN
    if not isinstance(url, (Text, Unknown, Parameter)):
        return None
    made = Request("HttpClient", node, url, method, [get(options, "headers")], get(options, "withCredentials"))
    if is_data(body):
        made.kind = JSON
    return made


def _amplify(node: Node, name: str, arguments: list[Value]) -> Request:
    """`API.post(name, path, init)` of Amplify up to version 5."""
    verb = "DELETE" if name == "del" else name.upper()
    made = Request("Amplify", node, under(Unknown("api"), at(arguments, 1)), Text((verb,)))
    made.headers = [get(at(arguments, 2), "headers")]
    made.credentials = get(at(arguments, 2), "withCredentials")
    if verb.lower() in _WITH_BODY:
        made.kind = JSON
    return made


def _amplify_6(node: Node, name: str, arguments: list[Value]) -> Request:
    """`post({apiName, path, options})` of Amplify from version 6 on."""
    given = at(arguments, 0)
    verb = "DELETE" if name == "del" else name.upper()
    made = Request("Amplify", node, under(Unknown("api"), get(given, "path")), Text((verb,)))
    made.headers = [get(get(given, "options"), "headers")]
    made.credentials = get(get(given, "options"), "withCredentials")
    if verb.lower() in _WITH_BODY:
        made.kind = JSON
    return made


def _generated(node: Node, arguments: list[Value]) -> Request | None:
    """What generators of clients write: `this.request({path: "/items", method: "POST", headers, body})`."""
    for given in arguments:
        if not isinstance(given, Object):
            continue
        path = given.get("path") if given.get("path") is not UNKNOWN else given.get("url")
        method = given.get("method") if given.get("method") is not UNKNOWN else given.get("verb")
        if isinstance(path, Text) and isinstance(method, Text) and (method.plain or "").lower() in VERBS:
            first = path.pieces[0]
            relative = isinstance(first, str) and first.startswith("/")
            made = Request("a generated client", node, under(Unknown("api"), path) if relative else path, method)
            made.headers = [given.get("headers")]
            made.credentials = given.get("credentials")
            kind = given.get("mediaType") if given.get("mediaType") is not UNKNOWN else given.get("contentType")
            made.kind = (kind.plain or "") if isinstance(kind, Text) else ""
            if not made.kind and given.get("body") is not UNKNOWN and (method.plain or "").lower() in _WITH_BODY:
                made.kind = JSON
            return made
    return None
