"""The syntax that is run: JavaScript without its types, brackets and other furniture.

Offsets are in bytes of the file's UTF-8. The bodies of functions are lowered when a function is first called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct


class Node(Struct, eq=False):
    """A stretch of the file."""

    start: int
    end: int


class Name(Node):
    """A variable, or a global of the language."""

    name: str


class Literal(Node):
    """A text, number, bool or null."""

    value: Any


class Template(Node):
    """A template string: texts and expressions in turn."""

    parts: tuple[Node, ...]


class RegexLiteral(Node):
    """`/pattern/flags`."""

    pattern: str
    flags: str


class Spread(Node):
    """`...value`."""

    value: Node


class ArrayLiteral(Node):
    """`[a, ...b]`."""

    items: tuple[Node, ...]


class Property(Node):
    """An entry of an object. `kind`: "value", "get" or "set"."""

    key: Node
    value: Node
    kind: str = "value"


class ObjectLiteral(Node):
    """`{a, [b]: c, ...d}`."""

    entries: tuple[Property | Spread, ...]


class Member(Node):
    """`owner.key`, `owner[key]`; `optional`: with `?.`."""

    owner: Node
    key: Node
    optional: bool


class Call(Node):
    """`function(arguments)`; `optional`: with `?.`."""

    function: Node
    arguments: tuple[Node, ...]
    optional: bool


class Chain(Node):
    """A chain with `?.` in it: where it stops short, it is undefined."""

    link: Node


class New(Node):
    """`new kind(arguments)`."""

    kind: Node
    arguments: tuple[Node, ...]


class Body(Struct, eq=False):
    """A function's statements, the names that `var` declares in it, and whether functions are made in it."""

    statements: tuple[Node, ...]
    variables: tuple[str, ...]
    encloses: bool
    expression: bool = False


class Parameter(Struct, eq=False):
    """A parameter: its target, and whether it takes all the rest. `field`: a constructor's parameter that is a field."""

    target: Node
    rest: bool = False
    field: str = ""


class FunctionNode(Node):
    """A function of any kind. `made` gives the parameters and the body, when they are asked for."""

    name: str
    arrow: bool
    asynchronous: bool
    generator: bool
    make: Callable[[], tuple[tuple[Parameter, ...], Body]]
    uses_arguments: bool = False
    made: tuple[tuple[Parameter, ...], Body] | None = None

    def parts(self) -> tuple[tuple[Parameter, ...], Body]:
        """Return the parameters and the body."""
        if self.made is None:
            self.made = self.make()
        return self.made


class ClassMember(Node):
    """A field ("value"), a method ("method", "get", "set") or a static block ("block") of a class."""

    kind: str
    key: Node
    value: Node | None
    static: bool


class ClassNode(Node):
    """A class."""

    name: str
    base: Node | None
    members: tuple[ClassMember, ...]
    decorated: bool = False


class Assign(Node):
    """`target = value`, `target += value`, `target ??= value`."""

    sign: str
    target: Node
    value: Node


class Binary(Node):
    """`left sign right`, both sides evaluated."""

    sign: str
    left: Node
    right: Node


class Logical(Node):
    """`&&`, `||`, `??`."""

    sign: str
    left: Node
    right: Node


class Unary(Node):
    """`!a`, `typeof a`, `delete a.b`, `void a`, `-a`."""

    sign: str
    operand: Node


class Update(Node):
    """`a++`, `--a`."""

    sign: str
    operand: Node
    prefix: bool


class Conditional(Node):
    """`test ? yes : no`."""

    test: Node
    yes: Node
    no: Node


class Sequence(Node):
    """`a, b`."""

    parts: tuple[Node, ...]


class Await(Node):
    """`await a`, and `yield a`, which compilers put in its place."""

    value: Node | None


class This(Node):
    """`this`."""


class Super(Node):
    """`super`."""


class Unread(Node):
    """What is not followed, such as JSX or a part that does not parse."""

    what: str


# Targets of assignments, beside Name and Member


class Default(Node):
    """`target = value` within a pattern or a list of parameters."""

    target: Node
    value: Node


class ArrayPattern(Node):
    """`[a, , ...b]`; None is a hole."""

    items: tuple[Node | None, ...]


class ObjectPattern(Node):
    """`{a, b: c, ...d}`."""

    entries: tuple[tuple[Node, Node], ...]
    rest: Node | None


# Statements


class ExpressionStatement(Node):
    """An expression."""

    value: Node


class Declare(Node):
    """`const a = b, c = d`."""

    kind: str
    declarators: tuple[tuple[Node, Node | None], ...]


class FunctionDeclaration(Node):
    """`function name() {}`: bound before its block runs."""

    function: FunctionNode


class ClassDeclaration(Node):
    """`class Name {}`."""

    kind: ClassNode


class Block(Node):
    """`{…}`. `scoped`: it declares names of its own."""

    statements: tuple[Node, ...]
    scoped: bool


class If(Node):
    """`if`."""

    test: Node
    yes: Node
    no: Node | None


class Switch(Node):
    """`switch`; a case without a test is the default."""

    value: Node
    cases: tuple[tuple[Node | None, tuple[Node, ...]], ...]


class For(Node):
    """`for (start; test; step)`."""

    first: Node | None
    test: Node | None
    step: Node | None
    body: Node


class ForEach(Node):
    """`for (target of over)`, `for (target in over)`. `kind`: "const", "let", "var" or ""."""

    kind: str
    target: Node
    over: Node
    body: Node
    keys: bool


class While(Node):
    """`while`; `late`: `do … while`."""

    test: Node
    body: Node
    late: bool


class Return(Node):
    """`return`."""

    value: Node | None


class Throw(Node):
    """`throw`."""

    value: Node


class Try(Node):
    """`try`."""

    body: Block
    caught: Node | None
    handler: Block | None
    final: Block | None


class Leave(Node):
    """`break` and `continue`; `label` is "" without one."""

    sign: str
    label: str


class Labelled(Node):
    """`label: statement`."""

    label: str
    body: Node


class Import(Node):
    """`import`: pairs of the name there ("default", "*") and the name here."""

    module: str
    names: tuple[tuple[str, str], ...]


class ExportNames(Node):
    """`export {a as b}`, with or without `from`: pairs of the name inside and the name outside."""

    module: str | None
    names: tuple[tuple[str, str], ...]


class ExportAll(Node):
    """`export * from`."""

    module: str


class ExportValue(Node):
    """`export default value`; `whole`: `export = value`."""

    value: Node
    whole: bool = False


class ExportDeclaration(Node):
    """`export const a = b` and its like."""

    statement: Node
    names: tuple[str, ...]


class Enum(Node):
    """`enum`: names with their values."""

    name: str
    members: tuple[tuple[str, Node | None], ...]
