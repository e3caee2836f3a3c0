"""GET /carts/{cartId}, POST /carts/{cartId}/items, DELETE /carts/{cartId}/items/{sku}."""

import json

from shop import store
from shop.http import BadRequest, body_of, reply

HEADERS = {"Access-Control-Allow-Origin": "*"}


def handler(event, context):
    cart = store.CARTS.get(event["pathParameters"]["cartId"])
    if cart is None:
        return {"statusCode": 404, "body": json.dumps({"message": "no such cart"})}
    if event["httpMethod"] == "GET":
        return reply(200, summary(cart), HEADERS)
    if event["headers"].get("x-cart-token") != cart["token"]:
        return reply(403, {"message": "this is not your cart"}, HEADERS)
    if event["httpMethod"] == "POST":
        return add(cart, event)
    return remove(cart, event["pathParameters"]["sku"])


def add(cart, event):
    try:
        sku = body_of(event)["sku"]
    except (BadRequest, KeyError):
        return reply(400, {"message": "sku is missing"}, HEADERS)
    if store.product(sku) is None:
        return reply(422, {"message": f"no product {sku}"}, HEADERS)
    cart["items"][sku] = cart["items"].get(sku, 0) + 1
    return reply(201, summary(cart), HEADERS)


def remove(cart, sku):
    cart["items"].pop(sku, None)
    return reply(200, summary(cart), HEADERS)


def summary(cart):
    return {"id": cart["id"], "items": cart["items"], "total": store.total(cart["items"])}
