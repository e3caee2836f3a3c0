"""POST /products/{sku}/reviews."""

from shop import store
from shop.http import BadRequest, body_of, reply


def handler(event, context):
    sku = event["pathParameters"]["sku"]
    if store.product(sku) is None:
        return reply(404, {"message": "no such product"})
    try:
        review = checked(body_of(event))
    except BadRequest as error:
        return reply(400, {"message": str(error)})
    store.REVIEWS.setdefault(sku, []).append(review)
    return reply(201, review)


def checked(body):
    stars = body.get("stars")
    if not isinstance(stars, int) or not 1 <= stars <= 5:
        raise BadRequest("stars: a number from 1 to 5")
    return {"stars": stars, "text": str(body.get("text", ""))}
