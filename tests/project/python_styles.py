"""Handlers that send the right CORS headers, in the styles that people write."""

from __future__ import annotations

from tests.rules import templates as cfn

APP = "https://app.example.com"
SILENT = 'def handler(event, context):\n    return {"statusCode": 200, "body": "ok"}\n'
PLAIN = cfn.handler()
HELPER = f"""\
import json

def respond(status, body):
    return {{
        "statusCode": status,
        "headers": {{"Content-Type": "application/json", "Access-Control-Allow-Origin": "{APP}"}},
        "body": json.dumps(body),
    }}

def handler(event, context):
    try:
        item = json.loads(event["body"])
    except (TypeError, ValueError):
        return respond(400, {{"message": "no JSON"}})
    if "name" not in item:
        return respond(422, {{"message": "no name"}})
    return respond(201, item)
"""
DECORATED = f"""\
import functools
import json

def with_cors(function):
    @functools.wraps(function)
    def wrapped(event, context):
        try:
            response = function(event, context)
        except Exception:
            response = {{"statusCode": 500, "body": json.dumps({{"message": "failed"}})}}
        response.setdefault("headers", {{}})["Access-Control-Allow-Origin"] = "{APP}"
        return response
    return wrapped

@with_cors
def handler(event, context):
    return {{"statusCode": 200, "body": json.dumps({{"id": event["pathParameters"]["id"]}})}}
"""
SEVERAL = """\
SITES = {"https://app.example.com", "https://admin.example.com"}

def handler(event, context):
    sent = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    headers = {"Vary": "Origin", "Content-Type": "application/json"}
    if sent.get("origin") in SITES:
        headers["Access-Control-Allow-Origin"] = sent["origin"]
    return {"statusCode": 200, "headers": headers, "body": "[]"}
"""
ANSWERS_2 = f"""\
CORS = {{
    "Access-Control-Allow-Origin": "{APP}",
    "Access-Control-Allow-Methods": "GET, PUT, OPTIONS",
    "Access-Control-Allow-Headers": "content-type",
    "Access-Control-Max-Age": "600",
}}

def handler(event, context):
    method = event["requestContext"]["http"]["method"]
    if method == "OPTIONS":
        return {{"statusCode": 204, "headers": CORS}}
    if method == "PUT":
        return {{"statusCode": 200, "headers": CORS, "body": "changed"}}
    return {{"statusCode": 200, "headers": CORS, "body": "read"}}
"""
ANSWERS_1 = ANSWERS_2.replace('event["requestContext"]["http"]["method"]', 'event["httpMethod"]')
FROM_ENV = """\
import os

HEADERS = {"Access-Control-Allow-Origin": os.environ["ORIGIN"]}

def handler(event, context):
    return {"statusCode": 200, "headers": HEADERS, "body": ""}
"""
COOKIE = f"""\
def handler(event, context):
    return {{
        "statusCode": 200,
        "headers": {{
            "Access-Control-Allow-Origin": "{APP}",
            "Access-Control-Allow-Credentials": "true",
            "Set-Cookie": "s=1; Secure; HttpOnly; SameSite=None",
        }},
        "body": "",
    }}
"""
POWERTOOLS = f"""\
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, CORSConfig

app = APIGatewayHttpResolver(cors=CORSConfig(allow_origin="{APP}", allow_headers=["content-type"], max_age=300))

@app.get("/items")
def items():
    return {{"items": []}}

@app.put("/items")
def change():
    return {{"changed": True}}

def handler(event, context):
    return app.resolve(event, context)
"""
FASTAPI = f"""\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from mangum import Mangum

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["{APP}"], allow_methods=["*"], allow_headers=["*"], allow_credentials=True
)

@app.get("/items")
def items():
    return []

@app.put("/items")
def change():
    return {{}}

handler = Mangum(app)
"""
FLASK = f"""\
from flask import Flask
from flask_cors import CORS
import serverless_wsgi

app = Flask(__name__)
CORS(app, origins=["{APP}"])

@app.route("/items")
def items():
    return "[]"

def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)
"""
OPEN = ANSWERS_1.replace(APP, "*")
MULTI = f"""\
def handler(event, context):
    headers = {{"Access-Control-Allow-Origin": ["{APP}"], "Content-Type": ["text/plain"]}}
    return {{"statusCode": 200, "multiValueHeaders": headers, "body": ""}}
"""
