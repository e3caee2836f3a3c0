"""GET /orders, POST /orders, GET /orders/{orderId}."""

import os

from shop import store
from shop.http import BadRequest, body_of, reply


def handler(event, context):
    customer = event["requestContext"]["authorizer"]["principalId"]
    parameters = event.get("pathParameters") or {}
    if "orderId" in parameters:
        return show(customer, parameters["orderId"])
    if event["httpMethod"] == "POST":
        return place(customer, event)
    return answer(200, {"orders": [order for order in store.ORDERS.values() if order["customer"] == customer]})


def show(customer, order_id):
    order = store.ORDERS.get(order_id)
    if order is None or order["customer"] != customer:
        return answer(404, {"message": "no such order"})
    return answer(200, order)


def place(customer, event):
    try:
        items = {str(sku): int(count) for sku, count in body_of(event)["items"].items()}
        return answer(201, store.place_order(customer, items))
    except (BadRequest, KeyError, AttributeError, TypeError, ValueError):
        return answer(400, {"message": "items: a product and a count each"})


def answer(status, body):
    return reply(status, body, {"Access-Control-Allow-Origin": os.environ["PAGE_ORIGIN"]})
