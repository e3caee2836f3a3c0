"""From the grammar's syntax tree to the syntax that is run: expressions, functions and classes."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node as Tree

from . import syntax as js
from .literals import number_of, pieces, text_of_string
from .source import Source

TOO_DEEP = "code that nests too deeply"
_LOGICAL = {"&&", "||", "??"}
_TRANSPARENT = {"as_expression", "satisfies_expression", "non_null_expression", "instantiation_expression"}
_FUNCTIONS = {"function_expression", "arrow_function", "generator_function", "function"}
_SKIPPED = {"comment", "html_comment", "hash_bang_line", "decorator"}


def parts_of(tree: Tree) -> list[Tree]:
    """Return the named children, comments left out."""
    return [child for child in tree.named_children if child.type not in _SKIPPED]


def field(tree: Tree, name: str) -> Tree:
    """Return a child that the grammar always has; the node itself where a broken file has none."""
    return tree.child_by_field_name(name) or tree


def text(tree: Tree | None) -> str:
    """Return the source text of a node."""
    return "" if tree is None or tree.text is None else tree.text.decode(errors="replace")


class Lowering:
    """Lowers one function's body, or the program."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.variables: dict[str, None] = {}
        self.encloses = False

    # Expressions

    def expression(self, tree: Tree) -> js.Node:
        """Return an expression."""
        make = _EXPRESSIONS.get(tree.type)
        if make is not None:
            return make(self, tree)
        if tree.type in _TRANSPARENT or tree.type == "parenthesized_expression":
            inner = parts_of(tree)
            return self.expression(inner[0]) if inner else self.unread(tree)
        if tree.type == "type_assertion":
            return self.expression(parts_of(tree)[-1])
        if tree.type in _FUNCTIONS:
            return self.function(tree)
        return self.unread(tree)

    def unread(self, tree: Tree) -> js.Unread:
        """Return what stands for something that is not followed."""
        return js.Unread(tree.start_byte, tree.end_byte, tree.type.replace("_", " "))

    def _name(self, tree: Tree) -> js.Node:
        return js.Name(tree.start_byte, tree.end_byte, text(tree))

    def _string(self, tree: Tree) -> js.Node:
        return js.Literal(tree.start_byte, tree.end_byte, text_of_string(tree))

    def _number(self, tree: Tree) -> js.Node:
        return js.Literal(tree.start_byte, tree.end_byte, number_of(text(tree)))

    def _fixed(self, tree: Tree) -> js.Node:
        return js.Literal(tree.start_byte, tree.end_byte, {"true": True, "false": False}.get(tree.type))

    def _template(self, tree: Tree) -> js.Node:
        parts: list[js.Node] = []
        for piece in pieces(tree):
            if isinstance(piece, str):
                parts.append(js.Literal(tree.start_byte, tree.end_byte, piece))
            else:
                inner = parts_of(piece)
                parts.append(self.expression(inner[0]) if inner else self.unread(piece))
        return js.Template(tree.start_byte, tree.end_byte, tuple(parts))

    def _regex(self, tree: Tree) -> js.Node:
        flags = text(tree.child_by_field_name("flags"))
        return js.RegexLiteral(tree.start_byte, tree.end_byte, text(field(tree, "pattern")), flags)

    def arguments(self, trees: list[Tree]) -> tuple[js.Node, ...]:
        """Return arguments or items, spreads among them."""
        return tuple(self.expression(each) for each in trees)

    def _spread(self, tree: Tree) -> js.Node:
        inner = parts_of(tree)
        return js.Spread(tree.start_byte, tree.end_byte, self.expression(inner[0]) if inner else self.unread(tree))

    def _array(self, tree: Tree) -> js.Node:
        return js.ArrayLiteral(tree.start_byte, tree.end_byte, self.arguments(parts_of(tree)))

    def _object(self, tree: Tree) -> js.Node:
        entries = []
        for each in parts_of(tree):
            entry = self._entry(each)
            if entry is not None:
                entries.append(entry)
        return js.ObjectLiteral(tree.start_byte, tree.end_byte, tuple(entries))

    def _entry(self, tree: Tree) -> js.Property | js.Spread | None:
        start, end = tree.start_byte, tree.end_byte
        if tree.type == "pair":
            key = field(tree, "key")
            return js.Property(start, end, self.key(key), self.expression(field(tree, "value")))
        if tree.type == "spread_element":
            spread = self._spread(tree)
            return spread if isinstance(spread, js.Spread) else None
        if tree.type in {"shorthand_property_identifier", "identifier"}:
            return js.Property(start, end, js.Literal(start, end, text(tree)), self._name(tree))
        if tree.type == "method_definition":
            kind = next((child.type for child in tree.children if child.type in {"get", "set"}), "value")
            return js.Property(start, end, self.key(field(tree, "name")), self.function(tree), kind)
        return None

    def key(self, tree: Tree) -> js.Node:
        """Return the key of an entry or a member: an expression, a text for plain names."""
        if tree.type == "computed_property_name":
            inner = parts_of(tree)
            return self.expression(inner[0]) if inner else self.unread(tree)
        if tree.type == "string":
            return self._string(tree)
        if tree.type == "number":
            return self._number(tree)
        return js.Literal(tree.start_byte, tree.end_byte, text(tree))

    # Chains

    def _link(self, tree: Tree) -> js.Node:
        link, optional = self._raw_link(tree)
        return js.Chain(tree.start_byte, tree.end_byte, link) if optional else link

    def _raw_link(self, tree: Tree) -> tuple[js.Node, bool]:
        """Return a member or call, and whether a `?.` stands anywhere before its end."""
        links: list[Tree] = []
        while tree.type in {"member_expression", "subscript_expression", "call_expression", "non_null_expression"}:
            links.append(tree)
            if tree.type == "non_null_expression":
                tree = parts_of(tree)[0]
            else:
                tree = field(tree, "function" if tree.type == "call_expression" else "object")
            if tree.id == links[-1].id:
                return self.unread(tree), False
        made, any_optional = self.expression(tree), False
        for each in reversed(links):
            start, end = each.start_byte, each.end_byte
            optional = any(child.type in {"?.", "optional_chain"} for child in each.children)
            any_optional = any_optional or optional
            if each.type == "member_expression":
                made = js.Member(start, end, made, self.key(field(each, "property")), optional)
            elif each.type == "subscript_expression":
                made = js.Member(start, end, made, self.expression(field(each, "index")), optional)
            elif each.type == "call_expression":
                given = field(each, "arguments")
                if given.type == "template_string":
                    made = js.Unread(start, end, "a tagged template")
                else:
                    made = js.Call(start, end, made, self.arguments(parts_of(given)), optional)
        return made, any_optional

    def _new(self, tree: Tree) -> js.Node:
        given = tree.child_by_field_name("arguments")
        arguments = self.arguments(parts_of(given)) if given is not None else ()
        return js.New(tree.start_byte, tree.end_byte, self.expression(field(tree, "constructor")), arguments)

    # Operators

    def _assignment(self, tree: Tree) -> js.Node:
        sign = text(tree.child_by_field_name("operator")) or "="
        target = self.target(field(tree, "left"))
        return js.Assign(tree.start_byte, tree.end_byte, sign, target, self.expression(field(tree, "right")))

    def _binary(self, tree: Tree) -> js.Node:
        chain: list[Tree] = []
        while tree.type == "binary_expression":
            chain.append(tree)
            tree = field(tree, "left")
        made = self.expression(tree)
        for each in reversed(chain):
            sign = text(each.child_by_field_name("operator"))
            right = self.expression(field(each, "right"))
            kind = js.Logical if sign in _LOGICAL else js.Binary
            made = kind(each.start_byte, each.end_byte, sign, made, right)
        return made

    def _unary(self, tree: Tree) -> js.Node:
        sign = text(tree.child_by_field_name("operator"))
        return js.Unary(tree.start_byte, tree.end_byte, sign, self.expression(field(tree, "argument")))

    def _update(self, tree: Tree) -> js.Node:
        sign, operand = text(tree.child_by_field_name("operator")), field(tree, "argument")
        prefix = tree.start_byte != operand.start_byte
        return js.Update(tree.start_byte, tree.end_byte, sign, self.expression(operand), prefix)

    def _ternary(self, tree: Tree) -> js.Node:
        test, yes, no = (self.expression(field(tree, name)) for name in ("condition", "consequence", "alternative"))
        return js.Conditional(tree.start_byte, tree.end_byte, test, yes, no)

    def _sequence(self, tree: Tree) -> js.Node:
        return js.Sequence(tree.start_byte, tree.end_byte, self.arguments(parts_of(tree)))

    def _await(self, tree: Tree) -> js.Node:
        inner = parts_of(tree)
        return js.Await(tree.start_byte, tree.end_byte, self.expression(inner[0]) if inner else None)

    def _this(self, tree: Tree) -> js.Node:
        return js.This(tree.start_byte, tree.end_byte)

    def _super(self, tree: Tree) -> js.Node:
        return js.Super(tree.start_byte, tree.end_byte)

    # Targets

    def target(self, tree: Tree) -> js.Node:
        """Return the target of an assignment, a declaration or a parameter."""
        start, end = tree.start_byte, tree.end_byte
        if tree.type in {"assignment_pattern", "object_assignment_pattern"}:
            inner = self.target(field(tree, "left"))
            return js.Default(start, end, inner, self.expression(field(tree, "right")))
        if tree.type in {"array_pattern", "array"}:
            return self._array_pattern(tree)
        if tree.type in {"object_pattern", "object"}:
            return self._object_pattern(tree)
        if tree.type == "rest_pattern":
            inner_trees = parts_of(tree)
            return js.Spread(start, end, self.target(inner_trees[0]) if inner_trees else self.unread(tree))
        if tree.type in {"shorthand_property_identifier_pattern", "shorthand_property_identifier"}:
            return self._name(tree)
        return self.expression(tree)

    def _array_pattern(self, tree: Tree) -> js.Node:
        items: list[js.Node | None] = []
        filled = False
        for child in tree.children:
            if child.type == ",":
                if not filled:
                    items.append(None)
                filled = False
            elif child.is_named and child.type not in _SKIPPED:
                items.append(self.target(child))
                filled = True
        return js.ArrayPattern(tree.start_byte, tree.end_byte, tuple(items))

    def _object_pattern(self, tree: Tree) -> js.Node:
        entries: list[tuple[js.Node, js.Node]] = []
        rest: js.Node | None = None
        for each in parts_of(tree):
            if each.type in {"pair_pattern", "pair"}:
                entries.append((self.key(field(each, "key")), self.target(field(each, "value"))))
            elif each.type in {"rest_pattern", "spread_element"}:
                inner = parts_of(each)
                rest = self.target(inner[0]) if inner else None
            else:
                name = field(each, "left") if each.type == "object_assignment_pattern" else each
                entries.append((js.Literal(name.start_byte, name.end_byte, text(name)), self.target(each)))
        return js.ObjectPattern(tree.start_byte, tree.end_byte, tuple(entries), rest)

    # Functions and classes

    def function(self, tree: Tree) -> js.FunctionNode:
        """Return a function, method or arrow."""
        self.encloses = True
        kinds = {child.type for child in tree.children}
        arrow = tree.type == "arrow_function"
        name = tree.child_by_field_name("name")
        source = self.source

        def make() -> tuple[tuple[js.Parameter, ...], js.Body]:
            return Lowering(source).body(tree)

        return js.FunctionNode(
            tree.start_byte,
            tree.end_byte,
            text(name) if name is not None else "",
            arrow,
            "async" in kinds,
            "*" in kinds,
            make,
            not arrow and b"arguments" in source.data[tree.start_byte : tree.end_byte],
        )

    def body(self, tree: Tree) -> tuple[tuple[js.Parameter, ...], js.Body]:
        """Return a function's parameters and body."""
        from .lowering_statements import block

        single = tree.child_by_field_name("parameter")
        listed = tree.child_by_field_name("parameters")
        given = [single] if single is not None else parts_of(listed) if listed is not None else []
        parameters = tuple(made for each in given if (made := self._parameter(each)) is not None)
        inner = tree.child_by_field_name("body")
        if inner is None:
            return parameters, js.Body((), (), encloses=False)
        if inner.type != "statement_block":
            value = self.expression(inner)
            lowered: tuple[js.Node, ...] = (js.Return(value.start, value.end, value),)
            return parameters, js.Body(lowered, (), self.encloses, expression=True)
        whole = block(self, inner)
        return parameters, js.Body(whole.statements, tuple(self.variables), self.encloses)

    def _parameter(self, tree: Tree) -> js.Parameter | None:
        if tree.type in {"required_parameter", "optional_parameter"}:
            pattern, value = field(tree, "pattern"), tree.child_by_field_name("value")
            if pattern.type == "this":
                return None
            marked = any(child.type in {"accessibility_modifier", "readonly"} for child in tree.children)
            own = text(pattern) if marked else ""
            target = self.target(pattern)
            if isinstance(target, js.Spread):
                return js.Parameter(target.value, rest=True)
            if value is not None:
                target = js.Default(tree.start_byte, tree.end_byte, target, self.expression(value))
            return js.Parameter(target, field=own)
        target = self.target(tree)
        return js.Parameter(target.value, rest=True) if isinstance(target, js.Spread) else js.Parameter(target)

    def class_node(self, tree: Tree) -> js.ClassNode:
        """Return a class."""
        self.encloses = True
        members: list[js.ClassMember] = []
        for each in parts_of(field(tree, "body")):
            made = self._class_member(each)
            if made is not None:
                members.append(made)
        name = tree.child_by_field_name("name")
        decorated = any(child.type == "decorator" for child in tree.children)
        if tree.parent is not None and tree.parent.type == "export_statement":
            decorated = decorated or any(child.type == "decorator" for child in tree.parent.children)
        return js.ClassNode(tree.start_byte, tree.end_byte, text(name), self._base(tree), tuple(members), decorated)

    def _base(self, tree: Tree) -> js.Node | None:
        heritage = next((child for child in tree.children if child.type == "class_heritage"), None)
        if heritage is None:
            return None
        clause = next((child for child in heritage.children if child.type == "extends_clause"), None)
        if clause is not None:
            return self.expression(field(clause, "value"))
        inner = [child for child in parts_of(heritage) if child.type != "implements_clause"]
        return self.expression(inner[0]) if inner else None

    def _class_member(self, tree: Tree) -> js.ClassMember | None:
        start, end = tree.start_byte, tree.end_byte
        kinds = {child.type for child in tree.children}
        static = "static" in kinds
        if tree.type == "method_definition":
            kind = "get" if "get" in kinds else "set" if "set" in kinds else "method"
            return js.ClassMember(start, end, kind, self.key(field(tree, "name")), self.function(tree), static)
        if tree.type in {"public_field_definition", "field_definition"}:
            name = tree.child_by_field_name("name") or field(tree, "property")
            value = tree.child_by_field_name("value")
            made = self.expression(value) if value is not None else None
            return js.ClassMember(start, end, "value", self.key(name), made, static)
        if tree.type == "class_static_block":
            return js.ClassMember(start, end, "block", self.unread(tree), self.unread(tree), static=True)
        return None


_EXPRESSIONS: dict[str, Callable[[Lowering, Tree], js.Node]] = {
    "array": Lowering._array,
    "assignment_expression": Lowering._assignment,
    "augmented_assignment_expression": Lowering._assignment,
    "await_expression": Lowering._await,
    "binary_expression": Lowering._binary,
    "call_expression": Lowering._link,
    "class": Lowering.class_node,
    "false": Lowering._fixed,
    "identifier": Lowering._name,
    "import": Lowering._name,
    "member_expression": Lowering._link,
    "new_expression": Lowering._new,
    "null": Lowering._fixed,
    "number": Lowering._number,
    "object": Lowering._object,
    "private_property_identifier": Lowering._name,
    "regex": Lowering._regex,
    "sequence_expression": Lowering._sequence,
    "shorthand_property_identifier": Lowering._name,
    "spread_element": Lowering._spread,
    "string": Lowering._string,
    "subscript_expression": Lowering._link,
    "super": Lowering._super,
    "template_string": Lowering._template,
    "ternary_expression": Lowering._ternary,
    "this": Lowering._this,
    "true": Lowering._fixed,
    "unary_expression": Lowering._unary,
    "undefined": Lowering._name,
    "update_expression": Lowering._update,
    "yield_expression": Lowering._await,
}
