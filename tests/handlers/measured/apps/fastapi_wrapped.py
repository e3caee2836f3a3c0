from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from lambda_cors import Policy
from lambda_cors.asgi import cors
from mangum import Mangum

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://evil.test"])


@app.get("/items")
def items():
    return []


@app.put("/items")
def put():
    raise HTTPException(409)


@app.get("/boom")
def boom():
    raise ValueError("x")


app = cors(Policy(origins=["https://a.example"], methods=["PUT"], response_headers=["x-id"]))(app)
handler = Mangum(app)
