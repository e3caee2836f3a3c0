from apig_wsgi import make_lambda_handler
from flask import Flask, abort, jsonify
from lambda_cors import Policy
from lambda_cors.wsgi import cors
from werkzeug.middleware.proxy_fix import ProxyFix

POLICY = Policy(
    origins=["https://a.example", "https://*.b.example"],
    methods=["PUT"],
    request_headers=["x-token"],
    credentials=True,
)
app = Flask(__name__)


@app.get("/items")
def items():
    return jsonify([]), 200, {"Access-Control-Allow-Origin": "*", "Vary": "Accept", "X-A": "own"}


@app.put("/items")
def put():
    abort(409)


@app.get("/boom")
def boom():
    raise ValueError("x")


app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)
app.wsgi_app = cors(POLICY)(app.wsgi_app)
handler = make_lambda_handler(app)
