"""Lets signed-in customers through to OrdersApi."""

from shop import store


def handler(event, context):
    customer = store.CUSTOMERS.get(event["authorizationToken"].removeprefix("Bearer "))
    if customer is None:
        raise Exception("Unauthorized")  # API Gateway answers 401 to exactly this text
    return {
        "principalId": customer,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}],
        },
    }
