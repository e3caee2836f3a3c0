"""What is wrong with a policy, as data."""


class Problem:
    """One thing that is wrong: a stable code, the argument, the value given, why it fails, and what to write instead."""

    __slots__ = ("code", "field", "fix", "value", "why")

    def __init__(self, code: str, field: str, value: object, why: str, fix: str) -> None:
        self.code = code
        self.field = field
        self.value = value
        self.why = why
        self.fix = fix

    def __repr__(self) -> str:
        return f"Problem({self.code!r}, {self.field!r}, {self.value!r}, {self.why!r}, {self.fix!r})"

    def __str__(self) -> str:
        return f"{self.field}: {self.value!r} {self.why}; {self.fix} [{self.code}]"


class PolicyError(ValueError):
    """The policy is broken or insecure: `problems` holds everything that is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n  ".join(["this CORS policy cannot be used", *map(str, self.problems)])
