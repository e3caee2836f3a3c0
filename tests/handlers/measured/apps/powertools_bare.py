from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver
from aws_lambda_powertools.event_handler.router import Router

app = LambdaFunctionUrlResolver()
router = Router()


@router.get("/items")
def items():
    return {"a": 1}


app.include_router(router)


def handler(event, context):
    return app.resolve(event, context)
