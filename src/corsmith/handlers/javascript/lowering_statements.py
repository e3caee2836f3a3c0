"""From the grammar's syntax tree to the syntax that is run: statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tree_sitter import Node as Tree

from . import syntax as js
from .literals import text_of_string
from .lowering import TOO_DEEP, Lowering, field, parts_of, text

_DECLARING = {
    "lexical_declaration",
    "class_declaration",
    "abstract_class_declaration",
    "function_declaration",
    "generator_function_declaration",
    "enum_declaration",
}


def statements(lowering: Lowering, trees: Iterable[Tree]) -> tuple[js.Node, ...]:
    """Return statements; types and comments are left out."""
    return tuple(made for tree in trees if (made := statement(lowering, tree)) is not None)


def statement(lowering: Lowering, tree: Tree) -> js.Node | None:
    """Return a statement, None for what does nothing when it is run."""
    make = _STATEMENTS.get(tree.type)
    try:
        return make(lowering, tree) if make is not None else None
    except RecursionError:
        deep = js.Unread(tree.start_byte, tree.end_byte, TOO_DEEP)
        return js.ExpressionStatement(tree.start_byte, tree.end_byte, deep)


def block(lowering: Lowering, tree: Tree) -> js.Block:
    """Return a block; a lone statement stands for a block of one."""
    trees = parts_of(tree) if tree.type == "statement_block" else [tree]
    scoped = any(each.type in _DECLARING for each in trees)
    return js.Block(tree.start_byte, tree.end_byte, statements(lowering, trees), scoped)


def _expression(lowering: Lowering, tree: Tree) -> js.Node | None:
    inner = parts_of(tree)
    if not inner:
        return None
    if inner[0].type == "internal_module":
        return _namespace(lowering, inner[0])
    return js.ExpressionStatement(tree.start_byte, tree.end_byte, lowering.expression(inner[0]))


def _declaration(lowering: Lowering, tree: Tree) -> js.Node:
    kind = text(tree.child_by_field_name("kind")) or "var"
    made: list[tuple[js.Node, js.Node | None]] = []
    for each in parts_of(tree):
        if each.type == "variable_declarator":
            value = each.child_by_field_name("value")
            target = lowering.target(field(each, "name"))
            if kind == "var":
                lowering.variables.update(dict.fromkeys(names_of(target)))
            made.append((target, None if value is None else lowering.expression(value)))
    return js.Declare(tree.start_byte, tree.end_byte, kind, tuple(made))


def names_of(target: js.Node) -> Iterator[str]:
    """Yield the names that a target binds."""
    if isinstance(target, js.Name):
        yield target.name
    elif isinstance(target, js.Default):
        yield from names_of(target.target)
    elif isinstance(target, js.Spread):
        yield from names_of(target.value)
    elif isinstance(target, js.ArrayPattern):
        for item in target.items:
            if item is not None:
                yield from names_of(item)
    elif isinstance(target, js.ObjectPattern):
        for _, inner in target.entries:
            yield from names_of(inner)
        if target.rest is not None:
            yield from names_of(target.rest)


def _function(lowering: Lowering, tree: Tree) -> js.Node:
    return js.FunctionDeclaration(tree.start_byte, tree.end_byte, lowering.function(tree))


def _class(lowering: Lowering, tree: Tree) -> js.Node:
    return js.ClassDeclaration(tree.start_byte, tree.end_byte, lowering.class_node(tree))


def _condition(lowering: Lowering, tree: Tree) -> js.Node:
    return lowering.expression(field(tree, "condition"))


def _if(lowering: Lowering, tree: Tree) -> js.Node:
    otherwise = tree.child_by_field_name("alternative")
    no = parts_of(otherwise) if otherwise is not None else []
    return js.If(
        tree.start_byte,
        tree.end_byte,
        _condition(lowering, tree),
        block(lowering, field(tree, "consequence")),
        _otherwise(lowering, no[0]) if no else None,
    )


def _otherwise(lowering: Lowering, tree: Tree) -> js.Node | None:
    """A chain of `else if` nests no deeper than it reads."""
    return _if(lowering, tree) if tree.type == "if_statement" else block(lowering, tree)


def _switch(lowering: Lowering, tree: Tree) -> js.Node:
    cases: list[tuple[js.Node | None, tuple[js.Node, ...]]] = []
    for each in parts_of(field(tree, "body")):
        value = each.child_by_field_name("value")
        test = None if value is None else lowering.expression(value)
        cases.append((test, statements(lowering, each.children_by_field_name("body"))))
    return js.Switch(tree.start_byte, tree.end_byte, lowering.expression(field(tree, "value")), tuple(cases))


def _for(lowering: Lowering, tree: Tree) -> js.Node:
    first, test, step = (tree.child_by_field_name(name) for name in ("initializer", "condition", "increment"))
    start = None
    if first is not None and first.type != "empty_statement":
        start = statement(lowering, first) if first.type.endswith("declaration") else _bare(lowering, first)
    return js.For(
        tree.start_byte,
        tree.end_byte,
        start,
        None if test is None or test.type == "empty_statement" else _inner(lowering, test),
        None if step is None else lowering.expression(step),
        block(lowering, field(tree, "body")),
    )


def _bare(lowering: Lowering, tree: Tree) -> js.Node | None:
    if tree.type == "expression_statement":
        return statement(lowering, tree)
    return js.ExpressionStatement(tree.start_byte, tree.end_byte, lowering.expression(tree))


def _inner(lowering: Lowering, tree: Tree) -> js.Node:
    inner = parts_of(tree)
    return lowering.expression(inner[0] if tree.type == "expression_statement" and inner else tree)


def _for_each(lowering: Lowering, tree: Tree) -> js.Node:
    kind = text(tree.child_by_field_name("kind"))
    target = lowering.target(field(tree, "left"))
    if kind == "var":
        lowering.variables.update(dict.fromkeys(names_of(target)))
    over = lowering.expression(field(tree, "right"))
    keys = text(tree.child_by_field_name("operator")) == "in"
    return js.ForEach(tree.start_byte, tree.end_byte, kind, target, over, block(lowering, field(tree, "body")), keys)


def _while(lowering: Lowering, tree: Tree) -> js.Node:
    body = block(lowering, field(tree, "body"))
    return js.While(tree.start_byte, tree.end_byte, _condition(lowering, tree), body, tree.type == "do_statement")


def _return(lowering: Lowering, tree: Tree) -> js.Node:
    inner = parts_of(tree)
    return js.Return(tree.start_byte, tree.end_byte, lowering.expression(inner[0]) if inner else None)


def _throw(lowering: Lowering, tree: Tree) -> js.Node:
    inner = parts_of(tree)
    return js.Throw(tree.start_byte, tree.end_byte, lowering.expression(inner[0]) if inner else lowering.unread(tree))


def _try(lowering: Lowering, tree: Tree) -> js.Node:
    handler, final = tree.child_by_field_name("handler"), tree.child_by_field_name("finalizer")
    caught = handler.child_by_field_name("parameter") if handler is not None else None
    return js.Try(
        tree.start_byte,
        tree.end_byte,
        block(lowering, field(tree, "body")),
        None if caught is None else lowering.target(caught),
        None if handler is None else block(lowering, field(handler, "body")),
        None if final is None else block(lowering, field(final, "body")),
    )


def _leave(lowering: Lowering, tree: Tree) -> js.Node:
    sign = "break" if tree.type == "break_statement" else "continue"
    return js.Leave(tree.start_byte, tree.end_byte, sign, text(tree.child_by_field_name("label")))


def _labelled(lowering: Lowering, tree: Tree) -> js.Node | None:
    body = statement(lowering, field(tree, "body"))
    return None if body is None else js.Labelled(tree.start_byte, tree.end_byte, text(field(tree, "label")), body)


# Modules


def _is_type(tree: Tree) -> bool:
    return any(child.type in {"type", "typeof"} for child in tree.children)


def _module_name(tree: Tree) -> str:
    source = tree.child_by_field_name("source")
    return "" if source is None else text_of_string(source)


def _import(lowering: Lowering, tree: Tree) -> js.Node | None:
    if _is_type(tree):
        return None
    names: list[tuple[str, str]] = []
    module = _module_name(tree)
    for clause in parts_of(tree):
        if clause.type == "import_require_clause":
            inner = parts_of(clause)
            module = _module_name(clause) or module
            names.append(("=", text(inner[0])))
        if clause.type != "import_clause":
            continue
        for part in parts_of(clause):
            if part.type == "identifier":
                names.append(("default", text(part)))
            elif part.type == "namespace_import":
                names.append(("*", text(parts_of(part)[-1])))
            elif part.type == "named_imports":
                names += [_pair(each) for each in parts_of(part) if not _is_type(each)]
    return js.Import(tree.start_byte, tree.end_byte, module, tuple(names))


def _pair(tree: Tree) -> tuple[str, str]:
    name, alias = tree.child_by_field_name("name"), tree.child_by_field_name("alias")
    inside = _plain(name)
    return inside, inside if alias is None else _plain(alias)


def _plain(tree: Tree | None) -> str:
    if tree is not None and tree.type == "string":
        return text_of_string(tree)
    return text(tree)


def _export(lowering: Lowering, tree: Tree) -> js.Node | None:
    start, end = tree.start_byte, tree.end_byte
    if _is_type(tree):
        return None
    module = _module_name(tree) or None
    declaration = tree.child_by_field_name("declaration")
    default = any(child.type == "default" for child in tree.children)
    if declaration is not None:
        return _exported_declaration(lowering, tree, declaration, default=default)
    value = tree.child_by_field_name("value")
    if value is not None:
        return js.ExportValue(start, end, lowering.expression(value))
    for part in parts_of(tree):
        if part.type == "export_clause":
            names = tuple(_pair(each) for each in parts_of(part) if not _is_type(each))
            return js.ExportNames(start, end, module, names)
        if part.type == "namespace_export":
            return js.ExportNames(start, end, module, (("*", text(parts_of(part)[-1])),))
    if module is not None:
        return js.ExportAll(start, end, module)
    inner = parts_of(tree)
    return js.ExportValue(start, end, lowering.expression(inner[0]), whole=True) if inner else None


def _exported_declaration(lowering: Lowering, tree: Tree, declaration: Tree, *, default: bool) -> js.Node | None:
    start, end = tree.start_byte, tree.end_byte
    made = statement(lowering, declaration)
    if made is None:
        return None
    if default:
        if isinstance(made, js.FunctionDeclaration):
            made.function.name = made.function.name or "default"
            return js.ExportDeclaration(start, end, made, (made.function.name, "default"))
        if isinstance(made, js.ClassDeclaration):
            return js.ExportValue(start, end, made.kind)
    return js.ExportDeclaration(start, end, made, tuple(_declared(made)))


def _declared(made: js.Node) -> Iterator[str]:
    if isinstance(made, js.Declare):
        for target, _ in made.declarators:
            yield from names_of(target)
    elif isinstance(made, js.FunctionDeclaration):
        yield made.function.name
    elif isinstance(made, js.ClassDeclaration):
        yield made.kind.name
    elif isinstance(made, js.Enum):
        yield made.name


def _enum(lowering: Lowering, tree: Tree) -> js.Node:
    members: list[tuple[str, js.Node | None]] = []
    for each in parts_of(field(tree, "body")):
        if each.type == "enum_assignment":
            members.append((_plain(each.child_by_field_name("name")), lowering.expression(field(each, "value"))))
        else:
            members.append((_plain(each), None))
    return js.Enum(tree.start_byte, tree.end_byte, text(field(tree, "name")), tuple(members))


def _namespace(lowering: Lowering, tree: Tree) -> js.Node:
    """A namespace's value is not followed: its name is bound to something unknown."""
    name = js.Name(tree.start_byte, tree.end_byte, text(tree.child_by_field_name("name")))
    return js.Declare(tree.start_byte, tree.end_byte, "const", ((name, lowering.unread(tree)),))


def _broken(lowering: Lowering, tree: Tree) -> js.Node | None:
    """A part that does not parse: the statements that are whole within it are kept."""
    whole = [child for child in tree.named_children if child.type in _STATEMENTS and child.type != "ERROR"]
    if not whole:
        return None
    return js.Block(tree.start_byte, tree.end_byte, statements(lowering, whole), scoped=False)


_STATEMENTS: dict[str, Callable[[Lowering, Tree], js.Node | None]] = {
    "ERROR": _broken,
    "abstract_class_declaration": _class,
    "break_statement": _leave,
    "class_declaration": _class,
    "continue_statement": _leave,
    "do_statement": _while,
    "enum_declaration": _enum,
    "export_statement": _export,
    "expression_statement": _expression,
    "for_in_statement": _for_each,
    "for_statement": _for,
    "function_declaration": _function,
    "generator_function_declaration": _function,
    "if_statement": _if,
    "import_statement": _import,
    "internal_module": _namespace,
    "labeled_statement": _labelled,
    "lexical_declaration": _declaration,
    "return_statement": _return,
    "statement_block": block,
    "switch_statement": _switch,
    "throw_statement": _throw,
    "try_statement": _try,
    "variable_declaration": _declaration,
    "while_statement": _while,
}
