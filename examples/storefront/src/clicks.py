"""Counts what visitors look at."""

from collections import Counter

from shop.http import BadRequest, body_of, reply

SEEN = Counter()


def handler(event, context):
    try:
        sku = body_of(event)["sku"]
    except (BadRequest, KeyError):
        return reply(400, {"message": "sku is missing"})
    SEEN[event["headers"].get("x-visit-id", "?"), sku] += 1
    return reply(202, {"seen": sum(SEEN.values())})
