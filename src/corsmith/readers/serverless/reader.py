"""A service of the Serverless Framework as an Api: it grows into the template it would deploy, and that is read."""

from __future__ import annotations

from msgspec.structs import replace

from corsmith.api.model import Api, FrontDoor, Problem
from corsmith.api.rest_api import GatewayResponse, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Unknown
from corsmith.readers.cloudformation.reader import read_template
from corsmith.readers.document import Document
from corsmith.readers.for_each import unlooped
from corsmith.readers.nodes import Mapping, Scalar
from corsmith.readers.reading import Reading
from corsmith.readers.settings import Settings
from corsmith.readers.template import template_of

from . import naming
from .alb import add_load_balancers
from .files import Files
from .functions import add_functions
from .http import add_http_api
from .parts import ServerlessValues, Unresolved, get, text_of
from .resolve import Resolver
from .resources import template
from .rest import DEPLOYMENT, add_rest_api
from .service import Service, Stack, functions_of
from .strays import strays_of

_ELSEWHERE = "the REST API is that of another stack"


def read_service(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
    """Return what a service deploys."""
    if not isinstance(document.root, Mapping):
        problem = Problem(path, 1, 1, "is no mapping at its top")
        return Api(path, "serverless", problems=(*document.problems, problem))
    files = Files(tree, path)
    resolver = Resolver(document.root, settings, files)
    root = resolver.whole()
    stack = Stack()
    entry = document.root.entry("provider")
    stage = resolver.stage(Scalar("", entry.key.span if entry is not None else document.root.span))
    provider = get(root, "provider")
    if isinstance(provider, Unresolved):
        stack.unread(provider, "provider")
    service = Service(root, stage, functions_of(root, stack))
    add_functions(service, stack)
    preflights = add_rest_api(service, stack)
    add_http_api(service, stack)
    add_load_balancers(service, stack)
    whole = template(root, stack)
    text = tree.read(path).removeprefix("\ufeff")
    whole, made, unread = unlooped(whole, template_of(whole, path, text, settings, {}))
    reading = Reading(made, ServerlessValues(made))
    problems = document.problems + tuple(files.problems) + stack.refusals.problems(text) + unread
    api = read_template(tree, made, Document(root, problems), reading, "serverless")
    doors = tuple(_finished(door, service, preflights) for door in api.front_doors)
    refused = tuple(stack.refusals.found) + api.refused
    return replace(api, front_doors=doors, refused=refused, strays=strays_of(service) + api.strays)


def _finished(door: FrontDoor, service: Service, preflights: tuple[str, ...]) -> FrontDoor:
    """Return a front door with what no template tells: which methods are the tool's, what is another stack's."""
    if not isinstance(door, RestApi) or door.name != naming.REST_API:
        return door
    made = {"/" + path for path in preflights}
    methods = tuple(_by_tool(method) if method.path in made else method for method in door.methods)
    # Each deployment gets a new name, and with it the API as it is by then.
    others = tuple(each for each in door.deployments if each.name != DEPLOYMENT)
    door = replace(door, methods=methods, cors_span=_cors_span(service), deployments=others)
    elsewhere = service.provider("apiGateway", "restApiId")
    if elsewhere is None:
        return door
    unknown = Unknown(_ELSEWHERE, elsewhere.span)
    responses = tuple(
        GatewayResponse(kind, (("Access-Control-Allow-Origin", unknown),), span=elsewhere.span)
        for kind in ("DEFAULT_4XX", "DEFAULT_5XX")
    )
    return replace(door, gateway_responses=responses)


def _by_tool(method: RestMethod) -> RestMethod:
    return replace(method, declared_by_tool=True) if method.verb == "OPTIONS" else method


def _cors_span(service: Service) -> Span | None:
    """Return the place of the one cors setting that all http events share, None where there are several."""
    found: set[Span] = set()
    for function in service.functions:
        for item in function.events:
            node = get(item, "http", "cors")
            if node is not None and text_of(node) != "false":
                found.add(node.span)
                if len(found) > 1:
                    return None
    return found.pop() if found else None
