"""What is wrong with a policy, as data."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Problem:
    """One thing that is wrong with a policy.

    code: kebab-case and stable. field: the argument it is about. value: what was given.
    why: what a browser or a stranger makes of it. fix: what to write instead.
    """

    __slots__ = ("code", "field", "fix", "value", "why")

    code: str
    field: str
    value: object
    why: str
    fix: str

    def __init__(self, code: str, field: str, value: object, why: str, fix: str) -> None:
        put = object.__setattr__
        put(self, "code", code)
        put(self, "field", field)
        put(self, "value", value)
        put(self, "why", why)
        put(self, "fix", fix)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Problem cannot be changed")

    def _parts(self) -> "tuple[str, str, object, str, str]":
        return self.code, self.field, self.value, self.why, self.fix

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash((self.code, self.field))

    def __repr__(self) -> str:
        return f"Problem{self._parts()!r}"

    def __str__(self) -> str:
        return f"{self.field}: {self.value!r} {self.why}; {self.fix} [{self.code}]"

    def __reduce__(self) -> "tuple[Any, ...]":
        return Problem, self._parts()


class PolicyError(ValueError):
    """The policy is broken or insecure. `problems` holds everything that is wrong with it, not only the first."""

    problems: "tuple[Problem, ...]"

    def __init__(self, problems: "tuple[Problem, ...]") -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n  ".join(["this CORS policy cannot be used", *map(str, self.problems)])
