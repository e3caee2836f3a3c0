"""Compare what is read with what Serverless packages, for random services: `python -m tests.readers.random_serverless 50`.

A longer run: each service takes Serverless some seconds. Prints the services of which another model is read.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from corsmith.api.tree import Memory, Tree
from corsmith.readers import read

from .record_serverless import PLACE, installed, kept, packaged
from .translated import comparable

VERBS = ("get", "POST", "put", "patch", "DELETE", "head", "options", "any")
PATHS = ("", "/", "a", "/a", "a/", "a/b", "a/{id}", "{proxy+}", "a-b/c_d", "A/{Id}/x.y")
ORIGINS = (
    "*",
    "https://a.example.com",
    "https://*.example.com",
    "http://localhost:3000",
    "https://a.example.com, https://b.example.com",
)
HEADERS = ("Content-Type", "X-A", "Authorization", "*")


class Service:
    """Makes one random service."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def maybe(self, likely: float = 0.5) -> bool:
        """Say yes or no."""
        return self.dice.random() < likely

    def some(self, of: tuple[str, ...]) -> list[str]:
        """Pick a few."""
        return self.dice.sample(of, self.dice.randint(1, min(3, len(of))))

    def cors(self) -> Any:
        """A cors setting of an http event."""
        if self.maybe(0.3):
            return True
        given: dict[str, Any] = {}
        if self.maybe():
            given["origin"] = self.dice.choice(ORIGINS)
        elif self.maybe():
            given["origins"] = self.some(ORIGINS[:4])
        others = {
            "headers": self.some(HEADERS),
            "methods": self.some(("GET", "POST", "ANY", "OPTIONS")),
            "allowCredentials": self.maybe(),
            "maxAge": self.dice.choice((1, 600)),
            "cacheControl": "no-store",
        }
        given.update({key: value for key, value in others.items() if self.maybe(0.4)})
        return given or True

    def http(self) -> dict[str, Any]:
        """An http event."""
        verb, path = self.dice.choice(VERBS), self.dice.choice(PATHS)
        if self.maybe(0.1) and path.startswith("/"):
            return {"http": f"{verb} {path}"}
        event: dict[str, Any] = {"path": path, "method": verb}
        if self.maybe(0.7):
            event["cors"] = self.cors()
        if self.maybe(0.3):
            event["integration"] = self.dice.choice(("lambda", "lambda-proxy", "LAMBDA_PROXY"))
        if event.get("integration") == "lambda" and self.maybe():
            event["response"] = self.response()
        if self.maybe(0.3):
            event["authorizer"] = self.authorizer()
        if self.maybe(0.2):
            event["private"] = self.maybe(0.7)
        if self.maybe(0.2):
            event["request"] = {
                "parameters": {"headers": {"X-A": self.maybe()}, "querystrings": {"q": {"required": self.maybe()}}}
            }
        return {"http": event}

    def response(self) -> dict[str, Any]:
        """A response setting."""
        given: dict[str, Any] = {}
        if self.maybe(0.7):
            given["headers"] = {"Access-Control-Allow-Origin": "'*'", "X-B": "integration.response.header.X-B"}
        if self.maybe():
            given["statusCodes"] = {
                code: {"pattern": self.dice.choice(("", ".*x.*"))} for code in self.dice.sample((200, 201, 404), 2)
            }
        if self.maybe(0.3):
            given["template"] = "$input.path('$')"
        return given or {"headers": {"X-C": "'c'"}}

    def authorizer(self) -> Any:
        """An authorizer of an http event."""
        return self.dice.choice(
            (
                "gate",
                "aws_iam",
                "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_pool",
                {"name": "gate", "type": "request", "identitySource": "method.request.header.X-A"},
                {"name": "gate", "identityValidationExpression": "^x", "resultTtlInSeconds": 0},
                {"type": "COGNITO_USER_POOLS", "authorizerId": {"Ref": "Pool"}},
            )
        )

    def http_api(self, done: set[str]) -> dict[str, Any] | None:
        """An httpApi event of a route that is not there yet."""
        verb = self.dice.choice(("GET", "post", "PUT", "*", "ANY"))
        path = self.dice.choice(("/a", "/a/{id}", "/{proxy+}", "/"))
        key = f"{'ANY' if verb == '*' else verb.upper()} {path}"
        if self.maybe(0.1):
            return {"httpApi": "*"}
        if key in done:
            return None
        done.add(key)
        if verb != "*" and self.maybe(0.4):
            return {"httpApi": f"{verb} {path}"}
        event: dict[str, Any] = {"method": verb, "path": path}
        if self.maybe(0.3):
            event["authorizer"] = self.dice.choice(
                ({"name": "tokens"}, "tokens", {"type": "aws_iam"}, {"name": "asks", "type": "request"})
            )
        return {"httpApi": event}

    def lists(self) -> Any:
        """A cors setting of an HTTP API or a Function URL."""
        if self.maybe(0.3):
            return True
        given: dict[str, Any] = {}
        for key, of in (
            ("allowedOrigins", ORIGINS[1:4]),
            ("allowedHeaders", HEADERS[:3]),
            ("allowedMethods", ("GET", "POST", "PUT")),
            ("exposedResponseHeaders", ("X-A", "X-B")),
        ):
            if self.maybe():
                given[key] = self.some(of)
        if self.maybe(0.4):
            given["allowCredentials"] = self.maybe()
        if self.maybe(0.3):
            given["maxAge"] = self.dice.choice((1, 600))
        return given or True

    def whole(self) -> dict[str, Any]:
        """The service."""
        done: set[str] = set()
        functions: dict[str, Any] = {"gate": {"handler": "gate.main"}}
        for name in ("one", "two-b", "three_c")[: self.dice.randint(1, 3)]:
            events = [self.http() for _ in range(self.dice.randint(0, 3))]
            events += [event for _ in range(self.dice.randint(0, 2)) if (event := self.http_api(done)) is not None]
            body: dict[str, Any] = {"handler": f"{name}.main", "events": events}
            if self.maybe(0.4):
                body["url"] = self.dice.choice(
                    (True, {"cors": self.lists()}, {"authorizer": "aws_iam", "cors": self.lists()})
                )
            if self.maybe(0.2):
                body["timeout"] = 12
            functions[name] = body
        source = "$request.header.Authorization"
        tokens = {"type": "jwt", "identitySource": source, "issuerUrl": "https://i.example.com", "audience": ["a"]}
        authorizers = {"tokens": tokens, "asks": {"type": "request", "functionName": "gate", "resultTtlInSeconds": 0}}
        provider: dict[str, Any] = {"name": "aws", "runtime": "nodejs20.x", "httpApi": {"authorizers": authorizers}}
        if self.maybe():
            provider["httpApi"]["cors"] = self.lists()
        if self.maybe(0.3):
            provider["apiGateway"] = {"binaryMediaTypes": ["*/*"], "apiKeys": ["one", {"value": "x" * 20}]}
        pool = {
            "Type": "AWS::ApiGateway::Authorizer",
            "Properties": {"RestApiId": {"Ref": "ApiGatewayRestApi"}, "Type": "COGNITO_USER_POOLS"},
        }
        return {
            "service": "random",
            "frameworkVersion": "3",
            "provider": provider,
            "functions": functions,
            "resources": {"Resources": {"Pool": pool}},
        }


def differs(seed: int, command: Path) -> bool:
    """Say whether another model is read of a service than of what Serverless makes of it."""
    text = yaml.safe_dump(Service(seed).whole(), sort_keys=False)
    with tempfile.TemporaryDirectory() as folder:
        service = Path(folder) / "random"
        service.mkdir()
        (service / "serverless.yml").write_text(text)
        try:
            made = kept(packaged(command, service))
        except subprocess.CalledProcessError:
            print(f"{seed}: Serverless refuses the service\n{text}")
            return False
    tree = Tree(Memory({"serverless.yml": text, "made.json": json.dumps(made)}))
    mine, theirs = read(tree, "serverless.yml"), read(tree, "made.json")
    assert mine is not None
    assert theirs is not None
    one, other = flat(comparable(mine)), flat(comparable(theirs))
    wrong = [key for key in sorted({*one, *other}) if one.get(key) != other.get(key) and not key.endswith("/may/1")]
    for key in wrong:
        print(f"{seed}: {key}: read {one.get(key)!r}, packaged {other.get(key)!r}", flush=True)
    if wrong or mine.refused or mine.problems:
        print(text, *mine.refused, *mine.problems)
    return bool(wrong)


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Plain data as one level: path to value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if pairs is None:
        return {path: value}
    found: dict[str, Any] = {}
    for key, each in pairs:
        found.update(flat(each, f"{path}/{key}"))
    return found


def main(count: int, first: int) -> int:
    """Compare `count` services. Returns 1 where one differs."""
    command = installed(PLACE)
    wrong = [seed for seed in range(first, first + count) if differs(seed, command)]
    print(f"{count} services, {len(wrong)} read otherwise than packaged: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*(int(each) for each in [*sys.argv[1:], "20", "0"][:2])))
