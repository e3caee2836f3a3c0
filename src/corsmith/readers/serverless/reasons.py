"""Why a variable has no value that could be read, as phrases."""

from __future__ import annotations

from .syntax import Literal, Lookup, Variable

_LATER = {
    "cf": "the outputs of another stack",
    "ssm": "the parameter store",
    "s3": "a file in S3",
    "output": "the outputs of another service",
    "state": "the state of another service",
    "terraform": "Terraform's outputs",
    "vault": "Vault",
    "awsSecretsManager": "Secrets Manager",
    "secrets": "a secrets store",
    "git": "git",
}


def known_later(kind: str, name: str) -> str:
    """Return the reason for a source that only a deployment reads."""
    where = _LATER.get(kind, f"the source {kind}, which a plugin may add,")
    return f"{name or kind} is read from {where} when the service is deployed"


def missing(source: Lookup | Literal, variable: Variable) -> str:
    """Return the reason for a source that has nothing of that name, "" for a value that is written out."""
    if not isinstance(source, Lookup):
        return ""
    name = "".join(part if isinstance(part, str) else part.text for part in source.address or ())
    if source.type == "opt":
        option = "--stage" if name == "stage" else f"--parameter {name}=…"
        return f"the option --{name} is not given; give it with {option}"
    if source.type == "env":
        return f"the environment variable {name} is known only where the service is deployed; give it with --parameter {name}=…"
    if source.type == "param":
        return f"the parameter {name} has no value for this stage; give it with --parameter {name}=…"
    if source.type == "file":
        written = "".join(part if isinstance(part, str) else part.text for part in (source.parameters or ((),))[0])
        return f"{written} {'has no ' + name if name else 'is not in the project'}"
    return f"{variable.text} has no value"
