from fastapi import FastAPI
from lambda_cors import Policy, cors
from mangum import Mangum

app = FastAPI()


@app.get("/items")
def items():
    return []


@app.get("/boom")
def boom():
    raise ValueError("x")


handler = cors(Policy(origins="*", methods=["DELETE"]))(Mangum(app))
