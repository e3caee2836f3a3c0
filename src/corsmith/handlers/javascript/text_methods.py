"""Methods of texts, and of what stands for texts: the Origin, the method, the path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..decisions import Case, Value
from ..machine import Machine
from ..operators import as_value
from ..texts import joined_text
from ..values import (
    Const,
    EventPart,
    HeaderName,
    Method,
    Opaque,
    Origin,
    PathText,
    Place,
    Ref,
    SomeText,
)
from .arithmetic import number_text, text_of
from .calls import call_any
from .copies import array
from .membership import in_text
from .patterns import matched
from .urls import part_matches
from .values import UNDEFINED, Closure, Pattern, Position, UrlPart

_LONGEST = 10_000
_KEEPING = {"trim", "toString", "valueOf", "normalize", "trimEnd", "trimStart"}
_CASES = {"toLowerCase", "toUpperCase", "toLocaleLowerCase", "toLocaleUpperCase"}
_NUMBERS = {"localeCompare", "charCodeAt", "codePointAt", "search", "lastIndexOf", "indexOf"}
_STRIPPED = " \t\n\r\v\f\u00a0\ufeff"


def call_text_method(machine: Machine, owner: Value, name: str, arguments: list[Value], place: Place | None) -> Value:
    """Return what calling a method of a text gives."""
    if name in {"includes", "startsWith", "endsWith"} and arguments:
        return _tested(machine, owner, name, arguments, place)
    if name == "indexOf" and arguments:
        return machine.decisions.change(arguments[0], lambda item: _position(machine, owner, item))
    if name in {"match", "search", "matchAll"} and arguments:
        return machine.each(arguments[0], lambda item: _match(machine, owner, item, name, place))
    if name == "concat":
        return joined_text(machine, [text_of(machine, each) for each in (owner, *arguments)], place)
    if isinstance(owner, Const):
        return _of_constant(machine, owner, name, arguments, place)
    return _of_unknown(machine, owner, name, arguments, place)


def _tested(machine: Machine, owner: Value, name: str, arguments: list[Value], place: Place | None) -> Value:
    if isinstance(owner, UrlPart):
        return as_value(
            machine,
            machine.decisions.change(
                arguments[0],
                lambda item: (
                    part_matches(machine, owner, name, str(item.value))
                    if isinstance(item, Const)
                    else machine.opaque(name, owner, item)
                ),
            ),
        )
    return as_value(machine, machine.decisions.change(arguments[0], lambda item: in_text(machine, owner, item, name)))


def _position(machine: Machine, owner: Value, item: Value) -> Value:
    if isinstance(owner, Const) and isinstance(item, Const) and isinstance(owner.value, str):
        return Const(owner.value.find(str(item.value)))
    return Position(in_text(machine, owner, item, "includes"), in_text(machine, owner, item, "startsWith"))


def _match(machine: Machine, owner: Value, item: Value, name: str, place: Place | None) -> Value:
    pattern = item if isinstance(item, Pattern) else Pattern(str(item.value), "") if isinstance(item, Const) else None
    if pattern is None or name != "match":
        return Opaque("what a search gives", place)
    found = matched(machine, pattern, owner)
    return machine.decisions.choose(found, Opaque("a match", place, truthy=True), Const(None, place))


def _of_constant(machine: Machine, owner: Const, name: str, arguments: list[Value], place: Place | None) -> Value:
    if not isinstance(owner.value, str):
        return _of_number(owner, name, place)
    if name in {"replace", "replaceAll"} and len(arguments) > 1:
        return _replaced(machine, owner, name, arguments, place)
    if any(isinstance(each, Case) for each in arguments):
        first = next(at for at, each in enumerate(arguments) if isinstance(each, Case))

        def one(leaf: Value) -> Value:
            given = [*arguments[:first], leaf, *arguments[first + 1 :]]
            return _of_constant(machine, owner, name, given, place)

        return machine.each(arguments[first], one)
    known = all(isinstance(each, Const) for each in arguments)
    act = _PURE.get(name)
    if act is not None and known:
        try:
            made = act(owner.value, *(each.value for each in arguments))  # type: ignore[attr-defined]
        except Exception:  # noqa: BLE001 - arguments of kinds that the method does not take
            return SomeText("a text made of what is not known", place)
        if isinstance(made, list):
            return array(machine, [Const(each, owner.place or place, owner.via) for each in made], place)
        return UNDEFINED if made is None else Const(made, owner.place or place, owner.via)
    if name == "split" and arguments and isinstance(arguments[0], Pattern):
        return _split_by_pattern(machine, owner, arguments[0], place)
    return _of_unknown(machine, owner, name, arguments, place)


def _of_number(owner: Const, name: str, place: Place | None) -> Value:
    if name == "toString":
        return Const(number_text(owner.value), place)
    return (
        SomeText("a number as a text", place)
        if name in {"toFixed", "toLocaleString"}
        else Opaque(f"what .{name}() gives", place)
    )


def _split_by_pattern(machine: Machine, owner: Const, pattern: Pattern, place: Place | None) -> Value:
    import re

    from .patterns import python_pattern

    try:
        parts = re.split(python_pattern(pattern.pattern) or "", owner.value) if pattern.flags in {"", "g"} else None
    except re.error:
        parts = None
    if parts is None or python_pattern(pattern.pattern) is None:
        return array(machine, [], place, Opaque("the parts of a text", place))
    return array(machine, [UNDEFINED if part is None else Const(part, owner.place, owner.via) for part in parts], place)


def _replaced(machine: Machine, owner: Const, name: str, arguments: list[Value], place: Place | None) -> Value:
    old, new = arguments[0], arguments[1]
    if isinstance(new, Closure):
        call_any(machine, new, UNDEFINED, [SomeText("a match")], place)
        return SomeText("a text with replacements", place)
    if isinstance(new, Const) and "$" not in str(new.value):
        if isinstance(old, Const):
            count = -1 if name == "replaceAll" else 1
            return Const(owner.value.replace(str(old.value), str(new.value), count), owner.place or place, owner.via)
        if isinstance(old, Pattern):
            return _replaced_pattern(owner, old, str(new.value), place)
    return SomeText("a text with replacements", place)


def _replaced_pattern(owner: Const, old: Pattern, new: str, place: Place | None) -> Value:
    import re

    from .patterns import python_pattern

    pattern = python_pattern(old.pattern)
    if pattern is None or set(old.flags) - set("gi"):
        return SomeText("a text with replacements", place)
    try:
        made = re.sub(
            pattern,
            lambda _: new,
            owner.value,
            count=0 if "g" in old.flags else 1,
            flags=re.I if "i" in old.flags else 0,
        )
    except re.error:
        return SomeText("a text with replacements", place)
    return Const(made, owner.place or place, owner.via)


def _of_unknown(machine: Machine, owner: Value, name: str, arguments: list[Value], place: Place | None) -> Value:
    if isinstance(owner, HeaderName) and name in _CASES:
        return (
            HeaderName(owner.number, lower="Lower" in name) if "Lower" in name else SomeText("a header's name", place)
        )
    if isinstance(owner, Method) and name in _CASES:
        return Method(lower="Lower" in name)
    if isinstance(owner, (Origin, Method)) and (name in _KEEPING or (isinstance(owner, Origin) and "Lower" in name)):
        return owner
    if isinstance(owner, PathText) and name in {"toString", "trim"}:
        return owner
    if name == "split":
        return array(machine, [], place, Opaque("the parts of a text", place))
    if name in _NUMBERS:
        return Opaque("a number", place)
    if name in {"at", "charAt"}:
        return SomeText("a part of a text", place)
    if name == "replace" and len(arguments) > 1 and isinstance(arguments[1], Closure):
        machine.branch(
            machine.opaque("called", machine.store.next_number()),
            lambda: call_any(machine, arguments[1], UNDEFINED, [SomeText("a match")], place),
            lambda: UNDEFINED,
        )
    if isinstance(owner, EventPart) and owner.path == ("body",):
        return SomeText("the body", place)
    if isinstance(owner, Ref):
        return Opaque(f"what .{name}() gives", place)
    because = owner.because if isinstance(owner, SomeText) else "a text made of what is not known"
    return SomeText(because, place)


def _slice(text: str, start: Any = 0, end: Any = None) -> str:
    return text[int(start) : None if end is None else int(end)]


def _substring(text: str, start: Any = 0, end: Any = None) -> str:
    first, last = max(0, int(start)), len(text) if end is None else max(0, int(end))
    return text[min(first, last) : max(first, last)]


def _substr(text: str, start: Any = 0, length: Any = None) -> str:
    first = max(len(text) + int(start), 0) if start < 0 else int(start)
    return text[first:] if length is None else text[first : first + max(0, int(length))]


def _split(text: str, separator: Any = None, limit: Any = None) -> list[str]:
    parts = [text] if separator is None else list(text) if separator == "" else text.split(str(separator))
    return parts if limit is None else parts[: int(limit)]


def _repeated(text: str, times: Any) -> str:
    if len(text) * int(times) > _LONGEST:
        raise ValueError
    return text * int(times)


def _padded(text: str, length: Any, fill: Any = " ", *, before: bool) -> str:
    missing = min(int(length), _LONGEST) - len(text)
    filling = (str(fill) * (missing // max(1, len(str(fill))) + 1))[: max(0, missing)]
    return filling + text if before else text + filling


def _at(text: str, position: Any = 0) -> str | None:
    return text[int(position)] if -len(text) <= int(position) < len(text) else None


_PURE: dict[str, Callable[..., Any]] = {
    "at": _at,
    "charAt": lambda text, at=0: text[int(at)] if 0 <= int(at) < len(text) else "",
    "charCodeAt": lambda text, at=0: ord(text[int(at)]),
    "lastIndexOf": lambda text, part: text.rfind(str(part)),
    "localeCompare": lambda text, other: (text > other) - (text < other),
    "normalize": lambda text, *_: text,
    "padEnd": lambda text, length, fill=" ": _padded(text, length, fill, before=False),
    "padStart": lambda text, length, fill=" ": _padded(text, length, fill, before=True),
    "repeat": _repeated,
    "slice": _slice,
    "split": _split,
    "substr": _substr,
    "substring": _substring,
    "toLocaleLowerCase": lambda text: text.lower(),
    "toLocaleUpperCase": lambda text: text.upper(),
    "toLowerCase": lambda text: text.lower(),
    "toString": lambda text: text,
    "toUpperCase": lambda text: text.upper(),
    "trim": lambda text: text.strip(_STRIPPED),
    "trimEnd": lambda text: text.rstrip(_STRIPPED),
    "trimStart": lambda text: text.lstrip(_STRIPPED),
    "valueOf": lambda text: text,
}
