"""Modules: files of the tree are run when they are imported, all others stay names."""

from __future__ import annotations

import json

from tree_sitter import Node as Tree

from ..decisions import Value
from ..loaded import once
from ..machine import Frame, Machine
from ..store import Record
from ..values import NOTHING, Const, External, Opaque, Place, Ref
from . import syntax as js
from .binding import bind
from .copies import assign
from .json_calls import from_json
from .lowering import Lowering, parts_of
from .lowering_statements import statement
from .objects import get
from .reaching import needed
from .scopes import declare, hoist
from .source import Source, parse
from .values import UNDEFINED, Imported, Promise


def load(machine: Machine, path: str) -> int | None:
    """Return the number of the module in the file at `path`, run; None where it cannot be read."""
    number = machine.loaded(path)
    if number is None:
        number = once(machine, path, machine.own.runtime, lambda: _run(machine, path))
    return number


def _run(machine: Machine, path: str) -> int | None:
    try:
        text = machine.finder.tree.read(path)
    except Exception as error:  # noqa: BLE001 - a tree's source may fail in its own way; the file is then unread
        machine.say_unread(str(error), None)
        return None
    machine.files.append(path)
    exports = machine.new(Record("dict", {}))
    module = machine.store.add(Record("dict", {"exports": exports}))
    machine.modules[path] = module
    if path.endswith(".json"):
        _load_json(machine, path, module, text)
        return module
    source = parse(path, text)
    if source.problems:
        machine.problems += source.problems
        machine.say_unread(f"{path} does not parse in part", None)
    _run_source(machine, source, module, exports)
    return module


def _load_json(machine: Machine, path: str, module: int, text: str) -> None:
    try:
        value = from_json(machine, json.loads(text), None)
    except (ValueError, RecursionError):
        value = Opaque(f"what {path} holds")
    machine.store.writable(module).fields["exports"] = value


def _run_source(machine: Machine, source: Source, module: int, exports: Ref) -> None:
    fields: dict[str, Value] = {"module": Ref(module), "exports": exports, "this": exports}
    fields["__filename"] = Const("/var/task/" + source.path)
    scope = machine.store.add(Record("scope", dict(fields)))
    outside = machine.frame
    machine.frame = Frame(source, scope, scope, (source.path,), variables=scope)
    machine.own.exports[scope] = (exports, [])
    _run_statements(machine, source)
    _export_late(machine, scope, exports)
    machine.frame = outside


def _run_statements(machine: Machine, source: Source) -> None:
    """Bind the functions, then run one statement after the other: what is never reached is not lowered."""
    root = source.tree.root_node
    trees = [root] if root.type == "ERROR" else needed(parts_of(root))
    functions = [_lowered(source, tree) for tree in trees if _is_function(tree)]
    hoist(machine, [node for node in functions if node is not None])
    for node in functions:
        if isinstance(node, js.ExportDeclaration):
            export_declaration(machine, node)
    for tree in trees:
        node = _lowered(source, tree)
        if node is not None:
            machine.execute([node])


def _lowered(source: Source, tree: Tree) -> js.Node | None:
    if tree.id not in source.program:
        source.program[tree.id] = statement(Lowering(source), tree)
    return source.program[tree.id]


def _is_function(tree: Tree) -> bool:
    inner = tree.child_by_field_name("declaration") if tree.type == "export_statement" else tree
    return inner is not None and inner.type in {"function_declaration", "generator_function_declaration"}


# Importing


def _module_of(machine: Machine, name: str) -> int | None:
    path = machine.finder.find(name, machine.frame.source.path)
    return None if path is None else load(machine, path)


def exported(machine: Machine, module: int, name: str) -> Value:
    """Return what a module exports under `name`: "default", "*" and "=" stand for more than a name."""
    exports = machine.store.records[module].fields.get("exports", UNDEFINED)
    if name in {"*", "="}:
        return exports
    if name == "default" and not _has_default(machine, exports):
        return exports
    found = get(machine, exports, Const(name), None)
    return machine.decisions.change(
        found, lambda leaf: exported(machine, leaf.exports, leaf.name) if isinstance(leaf, Imported) else leaf
    )


def _has_default(machine: Machine, exports: Value) -> bool:
    return isinstance(exports, Ref) and machine.record(exports).fields.get("default", NOTHING) is not NOTHING


def import_statement(machine: Machine, node: js.Import) -> None:
    """Run an `import`."""
    module = _module_of(machine, node.module)
    for inside, outside in node.names:
        declare(machine, outside, _imported(node.module, module, inside))


def _imported(name: str, module: int | None, inside: str) -> Value:
    if module is not None:
        return Imported(module, inside)
    outside = External(name.removeprefix("node:"))
    return outside if inside in {"default", "*", "="} else External(f"{outside.name}.{inside}")


def required(machine: Machine, arguments: list[Value], place: Place | None) -> Value:
    """Return `require(name)`."""

    def one(leaf: Value) -> Value:
        if not isinstance(leaf, Const) or not isinstance(leaf.value, str):
            return Opaque("a module whose name is not known", place)
        module = _module_of(machine, leaf.value)
        return External(leaf.value.removeprefix("node:")) if module is None else exported(machine, module, "=")

    return machine.each(arguments[0], one) if arguments else UNDEFINED


def imported_later(machine: Machine, arguments: list[Value], place: Place | None) -> Value:
    """Return `import(name)`."""
    return Promise(required(machine, arguments, place))


# Exporting


def export_names(machine: Machine, node: js.ExportNames) -> None:
    """Run `export {a as b}`, with or without `from`."""
    exports, late = machine.own.exports[machine.frame.module]
    if node.module is None:
        late += node.names
        return
    module = _module_of(machine, node.module)
    fields = machine.store.writable(exports.number).fields
    for inside, outside in node.names:
        fields[outside] = _imported(node.module, module, inside)


def export_all(machine: Machine, node: js.ExportAll) -> None:
    """Run `export * from`."""
    exports, _ = machine.own.exports[machine.frame.module]
    module = _module_of(machine, node.module)
    if module is not None:
        before = machine.record(exports).fields.get("default")
        assign(machine, exports, exported(machine, module, "*"), None)
        fields = machine.store.writable(exports.number).fields
        if before is None:
            fields.pop("default", None)
        else:
            fields["default"] = before


def export_value(machine: Machine, node: js.ExportValue) -> None:
    """Run `export default value` and `export = value`."""
    from .expressions import named

    exports, _ = machine.own.exports[machine.frame.module]
    value = named(machine, node.value, js.Name(node.start, node.end, "default"))
    if node.whole:
        module = machine.store.records[machine.frame.scope].fields["module"]
        assert isinstance(module, Ref)
        machine.store.writable(module.number).fields["exports"] = value
    else:
        machine.store.writable(exports.number).fields["default"] = value
        if isinstance(node.value, js.ClassNode) and node.value.name:
            bind(machine, js.Name(node.start, node.end, node.value.name), value, declare)


def export_declaration(machine: Machine, node: js.ExportDeclaration) -> None:
    """Run `export const a = b` and its like."""
    exports, late = machine.own.exports[machine.frame.module]
    machine.execute([node.statement])
    scope = machine.store.records[machine.frame.scope].fields
    fields = machine.store.writable(exports.number).fields
    if node.names[1:] == ("default",) and isinstance(node.statement, js.FunctionDeclaration):
        fields["default"] = scope[node.names[0]]
        return
    for name in node.names:
        fields[name] = scope.get(name, UNDEFINED)
        late.append((name, name))


def _export_late(machine: Machine, scope: int, exports: Ref) -> None:
    """At the end of a module its variables have their values."""
    _, late = machine.own.exports[scope]
    known = machine.store.records[scope].fields
    fields = machine.store.writable(exports.number).fields
    for inside, outside in late:
        fields[outside] = known.get(inside, UNDEFINED)
