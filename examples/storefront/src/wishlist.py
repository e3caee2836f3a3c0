"""GET /wishlist, for the customer whose session cookie came along."""

import json
from http.cookies import SimpleCookie

from shop import store


def handler(event, context):
    customer = store.CUSTOMERS.get(session(event), "")
    wishes = [store.product(sku) for sku in store.WISHLISTS.get(customer, [])]
    return {
        "statusCode": 200,
        "headers": {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"},
        "body": json.dumps({"customer": customer, "wishes": wishes}),
    }


def session(event):
    headers = event.get("headers") or {}
    cookies = SimpleCookie(headers.get("cookie") or headers.get("Cookie") or "")
    return cookies["session"].value if "session" in cookies else ""
