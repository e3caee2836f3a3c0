"""Variables of a service become what they stand for; what only a deployment knows stays unresolved, with the reason.

`${self:…}` and `${file(…)}` give the nodes that they name, which keep the place they are written at. A text that is put
together stands where the text with the variables stands. Nothing is run, and no process's environment is read.
"""

from __future__ import annotations

from msgspec import Struct, field

from corsmith.api.span import Span
from corsmith.api.value import Step
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence
from corsmith.readers.settings import Settings

from .files import Files
from .parts import Unresolved, get, unresolved
from .reasons import known_later, missing
from .syntax import Literal, Lookup, Malformed, Parts, Variable
from .syntax import parse as parse_variables

LARGEST = 200_000
"""How many values one part of a service may stand for, everything it includes counted each time."""
LONGEST = 10_000_000
"""How many characters all the texts may have that are put together of variables."""
MOST_STEPS = 10
"""How much of the way a value came is told."""
DEEPEST = 600
"""How deep variables and collections may lead: a level of a collection counts 4, a variable 9."""

_MARKS = ("${", "*", "\\")
_WORDS = {True: "true", False: "false", None: "null"}


class Asked(Struct, frozen=True):
    """What a source is asked: its first parameter, and its address; "" for none."""

    parameter: str
    address: str


class Resolver(Struct):
    """Resolves the variables of one service. `root` is its document."""

    root: Mapping
    settings: Settings
    files: Files
    _done: dict[int, tuple[Node, Node]] = field(default_factory=dict)
    _texts: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _sizes: dict[int, int] = field(default_factory=dict)
    _rough: dict[int, int] = field(default_factory=dict)
    _under_way: set[int] = field(default_factory=set)
    _found: dict[str, Node] = field(default_factory=dict)
    _keyed: dict[int, tuple[Mapping, dict[str, Node]]] = field(default_factory=dict)
    _opened: dict[int, tuple[Node, Node | None]] = field(default_factory=dict)
    _opening: set[int] = field(default_factory=set)
    _depth: int = 0
    _written: int = 0

    def whole(self) -> Mapping:
        """Return the document with its variables resolved."""
        found = self.node(self.root)
        return found if isinstance(found, Mapping) else Mapping((), self.root.span)

    def node(self, node: Node) -> Node:
        """Return what `node` stands for."""
        known = self._done.get(id(node))
        if known is not None:
            return known[1]
        if id(node) in self._under_way:
            return self.refused(node.span, "a variable refers to itself")
        plain = not isinstance(node, Scalar) and self.is_written_out(node)
        if plain and node.span.end - node.span.start < LARGEST:
            # As many values are written with as many characters, at the least.
            self._done[id(node)] = (node, node)
            return node
        weight = 9 if isinstance(node, Scalar) else 4
        if self._depth + weight > DEEPEST:
            return self.refused(node.span, "variables lead too deep")
        self._under_way.add(id(node))
        self._depth += weight
        try:
            if isinstance(node, Scalar):
                found = self.scalar(node)
            elif plain:
                found = node
            else:
                found = self.collection(node)
        finally:
            self._depth -= weight
            self._under_way.discard(id(node))
        found = self.bounded(node, found)
        self._done[id(node)] = (node, found)
        return found

    def is_written_out(self, node: Mapping | Sequence) -> bool:
        """Say whether a collection holds no variable, no alias and no escape: most do not, and the text tells it at once."""
        file, start, end = node.span.file, node.span.start, node.span.end
        known = self._texts.get(file)
        if known is None:
            text = self.files.text(file)
            known = self._texts[file] = (text, tuple([mark for mark in _MARKS if mark in text]))
        text, marks = known
        for mark in marks:
            if text.find(mark, start, end) >= 0:
                return False
        return text != ""

    def size(self, node: Node) -> int:
        """Return how many values a part of the service stands for, everything it includes counted each time."""
        if isinstance(node, Scalar):
            return 1
        known = self._sizes.get(id(node))
        if known is None:
            parts = node.items if isinstance(node, Sequence) else [entry.value for entry in node.entries]
            known = self._sizes[id(node)] = 1 + sum(
                [1 if isinstance(part, Scalar) else self.size(part) for part in parts]
            )
        return known

    def roughly(self, node: Node) -> int:
        """Return a number that `size` is not above, with less work: no value is written with less than a character."""
        if isinstance(node, Scalar):
            return 1
        known = self._rough.get(id(node))
        if known is None:
            if self.is_written_out(node):
                known = 1 + node.span.end - node.span.start
            else:
                parts = node.items if isinstance(node, Sequence) else [entry.value for entry in node.entries]
                known = 1 + sum([1 if isinstance(part, Scalar) else self.roughly(part) for part in parts])
            self._rough[id(node)] = known
        return known

    def bounded(self, node: Node, found: Node) -> Node:
        """Return `found`, unless it stands for more values than anybody writes."""
        if isinstance(found, Scalar) or self.roughly(found) <= LARGEST or self.size(found) <= LARGEST:
            return found
        return self.refused(node.span, f"it stands for more than {LARGEST:,} values")

    def collection(self, node: Mapping | Sequence) -> Node:
        """Return a mapping or list with what its parts stand for; itself where nothing in it changes."""
        if isinstance(node, Sequence):
            items = tuple(item if _is_plain(item) else self.node(item) for item in node.items)
            if all(new is old for new, old in zip(items, node.items, strict=True)):
                return node
            return Sequence(items, node.span, node.style, node.indent, node.tag)
        entries = tuple(self.entry(entry) for entry in node.entries)
        if all(new is old for new, old in zip(entries, node.entries, strict=True)):
            return node
        return Mapping(entries, node.span, node.style, node.indent, node.tag)

    def entry(self, entry: Entry) -> Entry:
        """Return an entry with what its value stands for."""
        value = entry.value if _is_plain(entry.value) else self.node(entry.value)
        return entry if value is entry.value else Entry(entry.key, value, entry.end)

    def scalar(self, node: Scalar) -> Node:
        """Return what a text stands for: a node where it is one variable, else a text."""
        if "${" not in node.text or isinstance(node, Unresolved):
            return node
        try:
            parts = parse_variables(node.text)
        except Malformed as error:
            return self.refused(node.span, f"Serverless cannot read the variable: {error}")
        return self.joined(parts, node)

    def joined(self, parts: Parts, node: Scalar) -> Node:
        """Return what the pieces of `node`, or of a part of it, come to."""
        if len(parts) == 1 and isinstance(parts[0], Variable):
            found = self.variable(parts[0], node)
            if not isinstance(found, Scalar) or isinstance(found, Unresolved):
                return found
            if node.tag:
                return Scalar(found.text, node.span, found.kind, node.style, node.tag)
            step = Step(f"the variable {parts[0].text}", node.span)
            return Scalar(
                found.text, found.span, found.kind, found.style, found.tag, (step, *found.via[: MOST_STEPS - 1])
            )
        texts: list[str] = []
        for part in parts:
            if isinstance(part, str):
                texts.append(part)
                continue
            found = self.variable(part, node)
            if isinstance(found, Unresolved):
                return unresolved(found.because, node.span)
            if not isinstance(found, Scalar) or found.tag:
                return unresolved(f"{part.text} is no text", node.span)
            texts.append(found.text)
        self._written += sum(map(len, texts))
        if self._written > LONGEST:
            return self.refused(node.span, f"the variables come to more than {LONGEST:,} characters")
        return Scalar("".join(texts), node.span, "str", node.style, node.tag)

    def variable(self, variable: Variable, node: Scalar) -> Node:
        """Return what a variable of `node` stands for: its first source that has a value."""
        because = ""
        for source in variable.sources:
            found = self.literal(source, node) if isinstance(source, Literal) else self.lookup(source, node)
            if isinstance(found, Unresolved) or (isinstance(found, Scalar) and found.kind == "null"):
                if isinstance(found, Unresolved):
                    return found
                if isinstance(source, Literal):
                    return found
                continue
            if found is not None:
                return found
            because = because or missing(source, variable)
        if any(_asks_for_stage(source) for source in variable.sources) and not self.staging():
            # Serverless deploys this only with --stage, which then is the stage that is checked.
            return self.stage(node)
        return unresolved(because or f"{variable.text} has no value", node.span)

    def staging(self) -> bool:
        """Say whether the stage itself is being looked for."""
        written = get(self.root, "provider", "stage")
        return written is not None and id(written) in self._under_way

    def literal(self, source: Literal, node: Scalar) -> Node:
        """Return a fallback that is written out."""
        value = source.value
        if isinstance(value, str):
            return Scalar(value, node.span, "str", node.style)
        if value is None or isinstance(value, bool):
            return Scalar(_WORDS[value], node.span, "null" if value is None else "bool", node.style)
        return Scalar(str(value), node.span, "int" if isinstance(value, int) else "float", node.style)

    def lookup(self, source: Lookup, node: Scalar) -> Node | None:
        """Return what a source has: None where it has nothing, `Unresolved` where that is not known."""
        if source.type == "any":
            return self.joined(source.address or (), node)
        if source.type == "self" and source.plain:
            return self.own(source.plain)
        asked = self.asked(source, node)
        if isinstance(asked, Unresolved):
            return asked
        if source.type == "self":
            return self.own(asked.address)
        if source.type == "file":
            found = self.file(asked, node)
            return self.node(found) if found is not None else None
        if source.type == "strToBool":
            word = asked.parameter.strip().lower()
            if word not in ("true", "1", "false", "0"):
                return self.refused(node.span, f"strToBool takes no {word!r}")
            return Scalar("true" if word in ("true", "1") else "false", node.span, "bool", node.style)
        given = self.given(source.type, asked.address, node)
        if given is not None or source.type in ("opt", "env", "param", "sls"):
            return given
        return unresolved(known_later(source.type, asked.address), node.span)

    def asked(self, source: Lookup, node: Scalar) -> Asked | Unresolved:
        """Return the parameter and the address of a source, their own variables resolved."""
        texts: list[str] = []
        for parts in (*source.parameters[:1], source.address):
            found = self.joined(parts, node) if parts is not None else None
            if isinstance(found, Unresolved):
                return found
            if found is not None and (not isinstance(found, Scalar) or found.tag):
                return unresolved("a part of the variable is no text", node.span)
            texts.append(found.text if found is not None else "")
        return Asked(texts[0] if len(texts) > 1 else "", texts[-1])

    def given(self, kind: str, name: str, node: Scalar) -> Node | None:
        """Return what the user, or the service's parameters, say."""
        given = self.settings.parameters
        if kind in ("opt", "sls") and name == "stage":
            return self.stage(node) if kind == "sls" or self.settings.stage is not None else None
        if kind in ("opt", "aws") and name == "region":
            text = given.get("AWS::Region")
            if text is not None or kind == "opt":
                return Scalar(text, node.span) if text is not None else None
            region = get(self.root, "provider", "region")
            return self.node(region) if region is not None else Scalar("us-east-1", node.span)
        if kind == "aws" and name == "accountId" and "AWS::AccountId" in given:
            return Scalar(given["AWS::AccountId"], node.span)
        if kind in ("env", "opt", "param") and name in given:
            return Scalar(given[name], node.span)
        return self.parameter(name, node) if kind == "param" else None

    def parameter(self, name: str, node: Scalar) -> Node | None:
        """Return a parameter of the stage, else a default one; version 4 writes them under `stages`."""
        stage = self.stage(node)
        if isinstance(stage, Unresolved):
            return stage
        for each in (stage.text if isinstance(stage, Scalar) else "", "default"):
            for path in (("params", each), ("stages", each, "params")):
                owner: Node | None = self.root
                for key in path:
                    owner = self.opened(owner)
                    owner = owner.get(key) if isinstance(owner, Mapping) else None
                owner = self.opened(owner)
                if isinstance(owner, Unresolved):
                    return owner
                found = owner.get(name) if isinstance(owner, Mapping) else None
                if found is not None:
                    resolved = self.node(found)
                    if not (isinstance(resolved, Scalar) and resolved.kind == "null"):
                        return resolved
        return None

    def stage(self, node: Scalar) -> Node:
        """Return the stage: the one given, else `provider.stage`, else dev."""
        if self.settings.stage is not None:
            return Scalar(self.settings.stage, node.span)
        written = self.walk(self.root, "provider.stage")
        if written is None or (isinstance(written, Scalar) and written.kind == "null"):
            return Scalar("dev", node.span)
        return written

    def own(self, address: str) -> Node | None:
        """Return what stands at an address of the service."""
        found = self._found.get(address)
        if found is None:
            found = self.walk(self.root, address)
            if found is not None and not isinstance(found, Unresolved):
                self._found[address] = found
        return found

    def walk(self, root: Node, address: str) -> Node | None:
        """Return what stands at an address below `root`, resolved; None where there is nothing."""
        found = self.at(root, address)
        return self.node(found) if found is not None else None

    def at(self, root: Node, address: str) -> Node | None:
        """Return the node that stands at an address below `root`, as it is written."""
        at: Node | None = root
        for key in address.split(".") if address else ():
            at = self.opened(at)
            if isinstance(at, Unresolved):
                return at
            if isinstance(at, Sequence) and key.isdecimal() and int(key) < len(at.items):
                at = at.items[int(key)]
            else:
                at = self.keyed(at).get(key) if isinstance(at, Mapping) else None
            if at is None:
                return None
        return at

    def keyed(self, mapping: Mapping) -> dict[str, Node]:
        """Return a mapping's values by key: addresses lead through the same few again and again."""
        if id(mapping) not in self._keyed:
            self._keyed[id(mapping)] = (mapping, {entry.key.text: entry.value for entry in mapping.entries})
        return self._keyed[id(mapping)][1]

    def opened(self, node: Node | None) -> Node | None:
        """Return what stands behind variables, its own parts as they are written: enough to go on to one of them."""
        if not isinstance(node, Scalar) or _is_plain(node) or isinstance(node, Unresolved):
            return node
        known = self._opened.get(id(node))
        if known is not None:
            return known[1]
        if id(node) in self._opening:
            return self.refused(node.span, "a variable refers to itself")
        if self._depth + 9 > DEEPEST:
            return self.refused(node.span, "variables lead too deep")
        self._opening.add(id(node))
        self._depth += 9
        behind = self.behind(node)
        found = self.opened(behind) if behind is not None else self.node(node)
        self._depth -= 9
        self._opening.discard(id(node))
        self._opened[id(node)] = (node, found)
        return found

    def behind(self, node: Scalar) -> Node | None:
        """Return the node that a text names which is one variable; None for any other text."""
        try:
            parts = parse_variables(node.text)
        except Malformed:
            return None
        for source in parts[0].sources if len(parts) == 1 and isinstance(parts[0], Variable) else ():
            if not isinstance(source, Lookup) or source.type not in ("self", "file"):
                return None
            asked = self.asked(source, node)
            if isinstance(asked, Unresolved):
                return asked
            found = self.at(self.root, asked.address) if source.type == "self" else self.file(asked, node)
            if found is not None and not (isinstance(found, Scalar) and found.kind == "null"):
                return found
        return None

    def file(self, asked: Asked, node: Scalar) -> Node | None:
        """Return what a file of the project holds at an address, as it is written there."""
        root = self.files.content(asked.parameter, node.span)
        if root is None or isinstance(root, Unresolved) or not asked.address:
            return root
        return self.at(root, asked.address) if isinstance(root, Mapping | Sequence) else None

    def refused(self, span: Span, because: str) -> Unresolved:
        """Return a value that cannot be read, and note a problem at its place."""
        return self.files.refused(span, because)


def _is_plain(node: Node) -> bool:
    return isinstance(node, Scalar) and "${" not in node.text


def _asks_for_stage(source: Lookup | Literal) -> bool:
    return isinstance(source, Lookup) and source.type == "opt" and source.address == ("stage",)
