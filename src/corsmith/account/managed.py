"""Who manages a thing in an account: its tags say so. What a tool manages is repaired in the tool's files.

The next run of the tool would undo a change that was made past it, or fail on it.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

_STACK = "aws:cloudformation:stack-name"
_LOGICAL = "aws:cloudformation:logical-id"
_BY_HAND = frozenset(
    ("managed-by", "managed_by", "managedby", "provisioner", "provisioned-by", "iac", "tool", "created-by")
)
_TERRAFORM = frozenset(("terraform", "opentofu", "terragrunt", "tofu"))


class Managed(Struct, frozen=True):
    """A tool that manages a thing. `tool`: "SAM", "CDK", "Terraform"; `what` is a phrase: "CloudFormation stack shop"."""

    tool: str
    what: str

    @property
    def advice(self) -> str:
        """What to do instead, as a sentence."""
        return (
            f"It is managed by {self.what}, whose next run would undo a change made here or fail on it. Repair its source "
            "(`corsmith fix` in the project's folder) and deploy that; --even-if-managed changes it here all the same."
        )


def managed(tags: Mapping[str, str]) -> Managed | None:
    """Return who manages what has these tags; None where they do not tell.

    Recognised: CloudFormation's own tags (SAM, CDK and the Serverless Framework deploy by it and add tags of their own),
    Pulumi's, and what people tag by convention for Terraform and OpenTofu, which tag nothing by themselves.
    """
    lower = {name.lower(): value for name, value in tags.items()}
    stack = tags.get(_STACK)
    if stack is not None:
        tool = _deployer(lower, stack)
        logical = f" as {tags[_LOGICAL]}" if _LOGICAL in tags else ""
        with_ = f", which {tool} deploys" if tool != "CloudFormation" else ""
        return Managed(tool, f"the CloudFormation stack {stack}{logical}{with_}")
    if any(name.startswith("pulumi:") for name in lower):
        return Managed("Pulumi", f"the Pulumi project {lower.get('pulumi:project', 'of its tags')}")
    for name, value in tags.items():
        if name.lower() in _TERRAFORM and value.lower() not in ("false", "no", "0"):
            return Managed("Terraform", f"Terraform (its tag {name} is {value})")
        if name.lower() in _BY_HAND and value.lower() in _TERRAFORM | {"pulumi", "cdktf"}:
            return Managed("Pulumi" if value.lower() == "pulumi" else "Terraform", f"{value} (its tag {name} says so)")
    return None


def _deployer(lower: Mapping[str, str], stack: str) -> str:
    if lower.get("lambda:createdby") == "SAM" or "serverlessrepo:applicationid" in lower:
        return "SAM"
    if any(name.startswith(("aws-cdk:", "aws:cdk:", "cdk:")) for name in lower) or stack == "CDKToolkit":
        return "CDK"
    return "Serverless" if "stage" in lower and stack.endswith(f"-{lower['stage']}") else "CloudFormation"
