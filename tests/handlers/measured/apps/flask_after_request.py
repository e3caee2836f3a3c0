from apig_wsgi import make_lambda_handler
from flask import Flask

app = Flask(__name__)


@app.after_request
def allow(response):
    response.headers["Access-Control-Allow-Origin"] = "https://a.example"
    response.headers.add("Access-Control-Allow-Methods", "GET, PUT")
    return response


@app.get("/items")
def items():
    return "x"


handler = make_lambda_handler(app)
