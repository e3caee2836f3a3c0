"""What to paste where: the visitor's own call as a policy, in the words of each tool."""

from __future__ import annotations

from lambda_cors import Policy, PolicyError
from msgspec import Struct

from corsmith.browser.request_headers import is_safelisted
from corsmith.generate import TARGETS, WRITTEN, CannotSay, generate
from corsmith.live.layers import Fingerprint

from .picture import NAMES
from .question import Question

LABELS = {
    "sam": "SAM",
    "cloudformation": "CloudFormation",
    "cdk": "CDK",
    "serverless": "Serverless Framework",
    "terraform": "Terraform",
    "openapi": "OpenAPI",
    "aws-cli": "AWS CLI",
    "console": "AWS console, step by step",
    "python": "The function, in Python",
    "node": "The function, in Node.js",
}


class Remedy(Struct, frozen=True):
    """One text to paste: what it is for, and the text."""

    label: str
    text: str


class Remedies(Struct, frozen=True):
    """The texts for one front door; `front_door` is its name for people, "" where it is not known."""

    front_door: str
    texts: tuple[Remedy, ...]


NONE = Remedies("", ())


def remedies(question: Question, seen: tuple[Fingerprint, ...]) -> Remedies:
    """Return what would let the call through. An origin or a call that no policy should allow has none."""
    policy = _policy(question)
    if policy is None:
        return NONE
    doors = [each.front_door for each in seen if each.front_door in WRITTEN]
    door = doors[-1] if doors else ""
    texts = []
    for target in TARGETS:
        if not door and target not in ("python", "node"):
            continue
        try:
            texts.append(Remedy(LABELS[target], generate(target, door or "rest_api", policy)))
        except CannotSay:
            continue
    return Remedies(NAMES.get(door, "") if door else "", tuple(texts))


def _policy(question: Question) -> Policy | None:
    headers = [(name.lower(), value) for name, value in question.headers]
    names = [name for name, value in headers if not is_safelisted(name, value)]
    try:
        return Policy(
            origins=(question.origin,),
            methods=(question.method,),
            request_headers=tuple(dict.fromkeys(names)),
            credentials=question.credentials,
        )
    except PolicyError:
        return None
