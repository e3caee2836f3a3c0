from apig_wsgi import make_lambda_handler
from flask import Flask, abort, jsonify
from flask_cors import CORS

app = Flask(__name__)
CORS(
    app,
    origins=["https://a.example", r"https://.*\.b\.example"],
    supports_credentials=True,
    methods=["GET", "PUT"],
    allow_headers=["x-token"],
    expose_headers=["x-id"],
    max_age=300,
)


@app.get("/items")
def items():
    return jsonify([])


@app.put("/items")
def put():
    abort(409)


@app.get("/boom")
def boom():
    raise ValueError("x")


handler = make_lambda_handler(app)
