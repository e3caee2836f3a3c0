"""Handlers on a framework, whose settings answer for CORS."""

from __future__ import annotations

import json

from .plan import CDK, HTTP, PYTHON, REST, TYPESCRIPT, URL, Plan

FRAMEWORKS = {PYTHON: ("powertools", "fastapi", "flask"), "node": ("hono", "express")}
_RESOLVERS = {HTTP: "APIGatewayHttpResolver", URL: "LambdaFunctionUrlResolver", REST: "APIGatewayRestResolver"}


def files(plan: Plan) -> dict[str, str]:
    """Return the files of the handler."""
    if plan.language == PYTHON:
        return {"app.py": {"powertools": _powertools, "fastapi": _fastapi, "flask": _flask}[plan.code.framework](plan)}
    typed = plan.language == TYPESCRIPT and plan.dialect != CDK
    text = {"hono": _hono, "express": _express}[plan.code.framework](plan)
    if plan.dialect == CDK:
        return {"app.js": _common(text)}
    return {f"app.{'ts' if typed else 'mjs'}": text}


def _common(text: str) -> str:
    """Return a module as CommonJS."""
    lines = []
    for line in text.splitlines():
        if line.startswith("import "):
            names, _, source = line.removeprefix("import ").rstrip(";").partition(" from ")
            lines.append(f"const {names} = require({source});")
        else:
            lines.append(line.replace("export const handler", "exports.handler"))
    return "\n".join(lines) + "\n"


def _settings(plan: Plan, between: str) -> str:
    return ", ".join(f"{name}{between}{value}" for name, value in plan.code.settings)


def route(plan: Plan) -> str:
    """Return the path that the framework answers."""
    return "/orders"


def _powertools(plan: Plan) -> str:
    resolver = _RESOLVERS[plan.door]
    return f"""\
from aws_lambda_powertools.event_handler import CORSConfig, {resolver}

app = {resolver}(cors=CORSConfig({_settings(plan, "=")}))


@app.{plan.method.lower()}("{route(plan)}")
def change():
    return {{"done": True}}


def handler(event, context):
    return app.resolve(event, context)
"""


def _fastapi(plan: Plan) -> str:
    return f"""\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from mangum import Mangum

app = FastAPI()
app.add_middleware(CORSMiddleware, {_settings(plan, "=")})


@app.{plan.method.lower()}("{route(plan)}")
def change():
    return {{"done": True}}


handler = Mangum(app)
"""


def _flask(plan: Plan) -> str:
    return f"""\
import serverless_wsgi
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app, {_settings(plan, "=")})


@app.route("{route(plan)}", methods=["{plan.method}"])
def change():
    return {{"done": True}}


def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)
"""


def _hono(plan: Plan) -> str:
    return f"""\
import {{ Hono }} from "hono";
import {{ cors }} from "hono/cors";
import {{ handle }} from "hono/aws-lambda";

const app = new Hono();
app.use("*", cors({{ {_settings(plan, ": ")} }}));
app.{plan.method.lower()}("{route(plan)}", (c) => c.json({{ done: true }}));

export const handler = handle(app);
"""


def _express(plan: Plan) -> str:
    return f"""\
import express from "express";
import cors from "cors";
import serverless from "serverless-http";

const app = express();
app.use(cors({{ {_settings(plan, ": ")} }}));
app.{plan.method.lower()}("{route(plan)}", (req, res) => res.json({{ done: true }}));

export const handler = serverless(app);
"""


def settings(plan: Plan, framework: str) -> tuple[tuple[str, str], ...]:
    """Return the framework's settings for the call of a plan."""
    origin, credentials = json.dumps(plan.origin), plan.credentials
    methods = json.dumps([plan.method])
    sent = json.dumps(list(plan.sent))
    if framework == "powertools":
        return (
            ("allow_origin", origin),
            ("allow_headers", sent),
            ("max_age", "600"),
            *((("allow_credentials", "True"),) if credentials else ()),
        )
    if framework == "fastapi":
        return (
            ("allow_origins", f"[{origin}]"),
            ("allow_methods", methods),
            ("allow_headers", sent),
            *((("allow_credentials", "True"),) if credentials else ()),
        )
    if framework == "flask":
        return (
            ("origins", f"[{origin}]"),
            ("methods", methods),
            ("allow_headers", sent),
            ("max_age", "600"),
            *((("supports_credentials", "True"),) if credentials else ()),
        )
    if framework == "hono":
        return (
            ("origin", f"[{origin}]"),
            ("allowMethods", methods),
            ("allowHeaders", sent),
            ("maxAge", "600"),
            *((("credentials", "true"),) if credentials else ()),
        )
    return (
        ("origin", f"[{origin}]"),
        ("methods", methods),
        ("allowedHeaders", sent),
        ("maxAge", "600"),
        *((("credentials", "true"),) if credentials else ()),
    )
