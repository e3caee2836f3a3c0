"""PUT /products/{sku}/stock, for the warehouse."""

from shop import store
from shop.http import BadRequest, body_of, reply


def handler(event, context):
    key = event["headers"].get("authorization", "").removeprefix("Bearer ")
    if key not in store.STAFF:
        return reply(401, {"message": "the warehouse only"})
    product = store.product(event["pathParameters"]["sku"])
    if product is None:
        return reply(404, {"message": "no such product"})
    try:
        product["stock"] = int(body_of(event)["stock"])
    except (BadRequest, KeyError, TypeError, ValueError):
        return reply(400, {"message": "stock: a number"})
    return reply(200, product)
