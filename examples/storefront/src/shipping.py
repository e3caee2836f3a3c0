"""GET /shipping-rates?country=DE."""

import json

RATES = {"DE": 490, "FR": 690, "US": 1990}


def handler(event, context):
    country = (event.get("queryStringParameters") or {}).get("country", "DE")
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"country": country, "rate": RATES.get(country, 2490)}),
    }
