"""A project under way: the modules, their values, and the resources that they come to.

Everything is worked out when it is asked for, and once. What refers to itself is unknown, not an endless loop.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from msgspec import Struct, field

from corsmith.api.model import Problem, Stray
from corsmith.api.span import Span, locate
from corsmith.api.tree import Tree
from corsmith.api.value import Step
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence
from corsmith.readers.settings import Settings

from . import computed
from .blocks import argument_of
from .evaluate import evaluate
from .expansion import Expansion, expanded
from .public_modules import PublicModule, public
from .scope import Input, Instance, Place, Scope
from .source import Module, module_of
from .syntax import Block, Expression, Literal
from .terms import at, attribute, text, traced, unknown
from .types import completed
from .variables import Given, by_user, given, kind_of
from .weights import Weights

DEEPEST_MODULES = 12
MOST_PLACES = 500


class World(Struct, eq=False):
    """A project. `folder`: the root module's. `steps` and `depth` bound the work."""

    tree: Tree
    settings: Settings
    folder: str
    given: Given = field(default_factory=Given)
    steps: int = 0
    most_steps: int = 50_000
    weights: Weights = field(default_factory=Weights)
    depth: int = 0
    problems: list[Problem] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)
    public: dict[str, PublicModule] = field(default_factory=dict)
    archives: dict[str, Instance] | None = None
    """Archives by the path they are written to, once all resources are known."""
    _modules: dict[str, Module] = field(default_factory=dict)
    _known: dict[tuple[str, str, str], Node | None] = field(default_factory=dict)
    _expansions: dict[tuple[str, str], Expansion] = field(default_factory=dict)

    def root(self) -> Place:
        """Return the root module, with its variables files read."""
        self.given = given(self.tree, self.folder, self.settings)
        place = Place(self, "", ".", self.module(self.folder), above=(self.folder,))
        self.places[""] = place
        return place

    def module(self, folder: str) -> Module:
        """Return the module in a folder, read once."""
        if folder not in self._modules:
            found = self._modules[folder] = module_of(self.tree, folder)
            # Loops over loops end; what a person wrote takes fewer steps than it has characters.
            self.most_steps += sum(map(len, found.texts))
        return self._modules[folder]

    def all_problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the files that were read."""
        found = [problem for module in self._modules.values() for problem in module.problems]
        return tuple(dict.fromkeys((*found, *self.given.problems, *self.problems)))

    def once(self, place: Place, kind: str, name: str, span: Span, work: Callable[[], Node]) -> Node:
        """Return what `work` gives, worked out once; unknown where it needs itself."""
        key = (place.address, kind, name)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = work()
        node = self._known[key]
        return node if node is not None else unknown(f"{place.within(f'{kind}.{name}')} refers to itself", span)

    def variable(self, place: Place, name: str, span: Span) -> Node:
        """Return the value of a variable."""
        return self.once(place, "var", name, span, lambda: self._variable(place, name, span))

    def _variable(self, place: Place, name: str, span: Span) -> Node:
        block = place.module.variables.get(name)
        if name in place.inputs:
            node = traced(place.inputs[name](), Step(f"variable {name} of {place.address}"))
            return completed(node, _type(block), Scope(place))
        if block is None:
            return unknown(f"the variable {name} is not declared", span)
        return completed(self._open_variable(place, block, name, span), _type(block), Scope(place))

    def _open_variable(self, place: Place, block: Block, name: str, span: Span) -> Node:
        """The value of a variable that no caller gives."""
        scope = Scope(place)
        if not place.address:
            typed = block.body.attribute("type")
            said = by_user(self.settings, name, kind_of(typed.expression if typed is not None else None), span)
            if said is not None:
                if isinstance(said, Scalar | Sequence | Mapping):
                    return said
                return traced(at(evaluate(said, scope), span), Step(f"variable {name}, given by the user"))
            if name in self.given.values:
                stated, file = self.given.values[name]
                return traced(evaluate(stated.expression, scope), Step(f"variable {name}, from {file}", stated.key))
        default = block.body.attribute("default")
        if default is not None:
            return traced(evaluate(default.expression, scope), Step(f"variable {name}, its default", default.key))
        if place.address:
            return unknown(f"{place.address} is given no {name}", span)
        return unknown(f"the variable {name} has no default; give it with --parameter {name}=… or --var-file", span)

    def local(self, place: Place, name: str, span: Span) -> Node:
        """Return a local value."""
        own = place.module.locals.get(name)
        if own is None:
            return unknown(f"local.{name} is not declared", span)
        step = Step(f"local {name}", own.key)
        return self.once(place, "local", name, span, lambda: traced(evaluate(own.expression, Scope(place)), step))

    def workspace(self, span: Span) -> Node:
        """Return the name of the workspace, which only the user can tell."""
        if self.settings.stage is not None:
            return text(self.settings.stage, span, (Step("the workspace, given by --stage"),))
        return unknown("which workspace is used is not known; give it with --stage", span)

    def resource(self, place: Place, name: str, span: Span) -> Node:
        """Return the resource or data source of a module, or the list or mapping of its instances."""
        block = place.module.resources.get(name)
        if block is None:
            return unknown(f"{place.within(name)} is not declared", span)
        return self.expansion(place, name, block).as_node(span)

    def expansion(self, place: Place, name: str, block: Block) -> Expansion:
        """Return the instances of a resource's block."""
        key = (place.address, name)
        if key not in self._expansions:
            self._expansions[key] = Expansion("open", ())
            found = expanded(place, name, block)
            self._expansions[key] = found
            for address, scope in found.instances:
                kind = block.labels[0] if block.kind == "resource" else f"{block.kind}.{block.labels[0]}"
                self.instances[address] = Instance(address, kind, block.header, place.within(name), block, scope)
        return self._expansions[key]

    def call(self, place: Place, name: str, span: Span) -> Node:
        """Return a module that is called, or the list or mapping of its instances."""
        block = place.module.calls.get(name)
        if block is None:
            return unknown(f"{place.within(f'module.{name}')} is not declared", span)
        return self.calls(place, name, block).as_node(span)

    def calls(self, place: Place, name: str, block: Block) -> Expansion:
        """Return the places at which a module's call puts the module."""
        key = (place.address, f"module.{name}")
        if key not in self._expansions:
            self._expansions[key] = Expansion("open", ())
            found = expanded(place, f"module.{name}", block)
            self._expansions[key] = found
            for address, scope in found.instances:
                self._put(place, address, block, scope)
        return self._expansions[key]

    def _put(self, place: Place, address: str, block: Block, scope: Scope) -> None:
        stated = block.body.attribute("source")
        source = stated.expression.node.text if stated is not None and isinstance(stated.expression, Literal) else ""
        if not source.startswith(("./", "../")):
            made = public(address, source, block, scope)
            if made is not None:
                self.public[address] = made
            elif "cors" in f"{address} {source}".lower():
                # Most modules add nothing to an API; one of that name does, and its absence would be taken for a fault.
                named = f"{address} comes from {source}" if source else f"{address} states no source"
                self._problem(block, f"{named}, which is not in the project: the CORS that it sets is not read")
            return
        folder = posixpath.normpath(posixpath.join(place.module.folder, source))
        # A link to a folder around it gives a module another path, not another text.
        texts = self.module(folder).texts
        circle = folder in place.above or (texts and any(self.module(each).texts == texts for each in place.above))
        if circle or len(place.above) > DEEPEST_MODULES or len(self.places) >= MOST_PLACES:
            self._problem(block, f"{address} is not read: its modules call each other in a circle, or too deep")
            return
        module = self.module(folder)
        if not module.files:
            self._problem(block, f"{address} is not read: there is no module in {folder}")
            return
        inputs = {each.name: self._input(each.name, block, scope) for each in block.body.attributes}
        path = posixpath.normpath(posixpath.join(place.path, source))
        self.places[address] = Place(self, address, path, module, inputs, (*place.above, folder))

    def _input(self, name: str, block: Block, scope: Scope) -> Input:
        stated = block.body.attribute(name)
        return lambda: evaluate(stated.expression, scope) if stated is not None else unknown("", block.span)

    def _problem(self, block: Block, message: str) -> None:
        place = block.header
        self.problems.append(Problem(place.file, *_position(self.tree, place), message))

    def attribute(self, address: str, name: str, span: Span) -> Node:
        """Return the attribute of a resource, or the output of a module, at an address."""
        if address in self.places:
            return self._output(self.places[address], name, span)
        if address in self.public:
            return self.public[address].output(name, span)
        instance = self.instances.get(address)
        if instance is None:
            where = address if address.startswith("module.") or ".module." in address else ""
            return unknown(f"{where} is not in the project", span) if where else attribute(address, name, span)
        return self.argument(instance, name, span)

    def _output(self, place: Place, name: str, span: Span) -> Node:
        block = place.module.outputs.get(name)
        value = block.body.attribute("value") if block is not None else None
        if value is None:
            return unknown(f"{place.address} has no output {name}", span)
        return self.once(place, "output", name, span, lambda: evaluate(value.expression, Scope(place)))

    def argument(self, instance: Instance, name: str, span: Span) -> Node:
        """Return an attribute of a resource: what its block says, else what only the deployment knows."""
        worked_out = computed.attribute_of(self, instance, name, span)
        if worked_out is not None:
            return worked_out
        stated = self.stated(instance, name)
        return stated if stated is not None else attribute(instance.address, name, span)

    def stated(self, instance: Instance, name: str) -> Node | None:
        """Return what a resource's block says about one argument; None where it says nothing."""
        if instance.given is not None:
            return instance.given.get(name)
        block, scope = instance.block, instance.scope
        if block is None or scope is None or name not in block.body.names:
            return None
        key = (instance.address, "", name)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = argument_of(block.body, name, scope)
        node = self._known[key]
        return node if node is not None else unknown(f"{instance.address}.{name} refers to itself", block.span)

    def everything(self) -> Iterator[Instance]:
        """Yield every resource and data source of the project, module by module."""
        pending = [self.places[""]]
        while pending:
            place = pending.pop(0)
            for name, block in place.module.resources.items():
                found = self.expansion(place, name, block)
                yield from (self.instances[address] for address, _ in found.instances)
            for name, block in place.module.calls.items():
                for address, _ in self.calls(place, name, block).instances:
                    if address in self.places:
                        pending.append(self.places[address])
                    elif address in self.public:
                        for instance in self.public[address].instances():
                            self.instances[instance.address] = instance
                            yield instance


def _type(block: Block | None) -> Expression | None:
    typed = block.body.attribute("type") if block is not None else None
    return typed.expression if typed is not None else None


def _position(tree: Tree, span: Span) -> tuple[int, int]:
    place = locate(span, tree.read(span.file))
    return place.line, place.column
