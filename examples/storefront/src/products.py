"""GET /products and GET /products/{sku}."""

from shop import store
from shop.http import reply


def handler(event, context):
    parameters = event.get("pathParameters") or {}
    if "sku" not in parameters:
        return reply(200, {"products": list(store.PRODUCTS.values())})
    product = store.product(parameters["sku"])
    if product is None:
        return reply(404, {"message": "no such product"})
    return reply(200, {**product, "reviews": store.REVIEWS.get(product["sku"], [])})
