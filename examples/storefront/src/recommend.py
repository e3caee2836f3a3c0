"""Products that go with what is in the cart."""

import json
import os

from shop import store
from shop.http import BadRequest, body_of


def handler(event, context):
    try:
        skus = body_of(event)["skus"]
    except (BadRequest, KeyError):
        return respond(400, {"message": "skus: a list"})
    related = {other for sku in skus if store.product(sku) for other in store.product(sku)["related"]}
    return respond(200, {"skus": sorted(related.difference(skus))})


def respond(status, body):
    return {
        "statusCode": status,
        "headers": {
            "Content-Type": "application/json",
            "Access-Control-Allow-Origin": os.environ["PAGE_ORIGIN"],
        },
        "body": json.dumps(body),
    }
