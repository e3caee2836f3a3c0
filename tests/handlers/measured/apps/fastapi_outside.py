from fastapi import FastAPI
from mangum import Mangum
from starlette.middleware.cors import CORSMiddleware

app = FastAPI()


@app.get("/items")
def items():
    return {"a": 1}


@app.get("/boom")
def boom():
    raise ValueError("x")


wrapped = CORSMiddleware(app, allow_origin_regex=r"https://[ab]\.example")
handler = Mangum(wrapped, lifespan="off")
