"""Takes an address for the newsletter."""

import json

from shop.http import reply

ADDRESSES = set()


def handler(event, context):
    address = json.loads(event["body"])["address"]
    if "@" not in address:
        return reply(422, {"message": "that is no address"})
    ADDRESSES.add(address)
    return reply(201, {"address": address})
