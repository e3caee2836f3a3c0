"""The functions that TypeScript and esbuild put into their output."""

from __future__ import annotations

from ..decisions import Value
from ..machine import Machine
from ..store import Record
from ..values import NOTHING, Const, External, Opaque, Place, Ref
from .copies import array, assign, items_of
from .objects import get
from .values import UNDEFINED, Act, Closure, Getter, Native
from .writing import set_property


def _argument(arguments: list[Value], at: int) -> Value:
    return arguments[at] if at < len(arguments) else UNDEFINED


def _awaiter(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """An async function, written as a generator whose `yield` stands for `await`."""
    from .calls import catching, run_body

    function = _argument(arguments, 3)
    if not isinstance(function, Closure):
        return Opaque("what an async function gives", place)
    return catching(machine, lambda: run_body(machine, function, _argument(arguments, 0), [], place))


def _generator(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    machine.say_unread("an async function that is compiled to a state machine is not followed", place)
    return Opaque("what a compiled async function gives", place)


def _assign(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    target = _argument(arguments, 0)
    if isinstance(target, Ref):
        for source in arguments[1:]:
            assign(machine, target, source, place)
    return target


def _rest(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    made = machine.new(Record("dict", {}, place))
    assign(machine, made, _argument(arguments, 0), place)
    for name in items_of(machine, _argument(arguments, 1)) or []:
        if isinstance(name, Const):
            machine.store.writable(made.number).fields.pop(name.value, None)
    return made


def _spread(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    items: list[Value] = []
    rest = None
    for argument in arguments[:2]:
        more = items_of(machine, argument)
        items += more or []
        rest = rest if more is not None else Opaque("items that are not known", place)
    return array(machine, items, place, rest)


def _with_default(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    module = _argument(arguments, 0)
    if not isinstance(module, Ref):
        return module if isinstance(module, External) else _wrapped(machine, module, place)
    marked = (
        machine.record(module).fields.get("__esModule", NOTHING) is not NOTHING
        or "default" in machine.record(module).fields
    )
    return module if marked else _wrapped(machine, module, place)


def _wrapped(machine: Machine, module: Value, place: Place | None) -> Value:
    made = machine.new(Record("dict", {}, place))
    assign(machine, made, module, place)
    machine.store.writable(made.number).fields["default"] = module
    return made


def _same(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    return _argument(arguments, 0)


def _export(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    target, given = _argument(arguments, 0), _argument(arguments, 1)
    if isinstance(given, Ref):
        for name, value in machine.record(given).fields.items():
            set_property(machine, target, Const(name), Getter(value), place)
    return UNDEFINED


def _export_star(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    module, target = _argument(arguments, 0), _argument(arguments, 1)
    if isinstance(target, Ref):
        assign(machine, target, module, place)
    return UNDEFINED


def _binding(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    target, module, name, alias = (_argument(arguments, at) for at in range(4))
    set_property(machine, target, name if alias is UNDEFINED else alias, get(machine, module, name, place), place)
    return UNDEFINED


def _common(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """A module of a bundle: `__commonJS({"name"(exports, module) {…}})` gives the function that loads it."""
    given = _argument(arguments, 0)
    kept = machine.new(Record("dict", {}))

    def load(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        from .calls import call_any

        module = machine.record(kept).fields.get("module")
        if module is None:
            exports = machine.new(Record("dict", {}))
            module = machine.new(Record("dict", {"exports": exports}))
            machine.store.writable(kept.number).fields["module"] = module
            if isinstance(given, Ref):
                for function in list(machine.record(given).fields.values())[:1]:
                    call_any(machine, function, UNDEFINED, [exports, module], place)
        return get(machine, module, Const("exports"), place)

    return Native("require", load)


def _field(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    set_property(machine, _argument(arguments, 0), _argument(arguments, 1), _argument(arguments, 2), place)
    return _argument(arguments, 2)


def _nothing(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    return UNDEFINED


HELPERS: dict[str, Act] = {
    "__assign": _assign,
    "__awaiter": _awaiter,
    "__commonJS": _common,
    "__createBinding": _binding,
    "__export": _export,
    "__exportStar": _export_star,
    "__generator": _generator,
    "__importDefault": _with_default,
    "__importStar": _with_default,
    "__metadata": _nothing,
    "__name": _same,
    "__publicField": _field,
    "__reExport": _export_star,
    "__rest": _rest,
    "__setModuleDefault": _nothing,
    "__spreadArray": _spread,
    "__toCommonJS": _same,
    "__toESM": _with_default,
}
