from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from mangum import Mangum

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://a.example", "https://b.example"],
    allow_methods=["GET", "PUT"],
    allow_headers=["x-token"],
    allow_credentials=True,
    expose_headers=["x-id"],
    max_age=300,
)


@app.get("/items")
def items():
    return {"a": 1}


@app.put("/items")
def put():
    raise HTTPException(status_code=409, detail="no")


@app.get("/boom")
def boom():
    raise ValueError("x")


handler = Mangum(app, lifespan="off")
