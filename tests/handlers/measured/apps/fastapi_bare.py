from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()


@app.get("/items")
def items():
    return {"a": 1}


def handler(event, context):
    return Mangum(app, lifespan="off")(event, context)
