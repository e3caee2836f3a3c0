from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig

app = APIGatewayRestResolver(cors=CORSConfig(allow_credentials=True))


@app.get("/items")
def items():
    return {"a": 1}


def handler(event, context):
    return app.resolve(event, context)
