from apig_wsgi import make_lambda_handler
from flask import Flask
from flask_cors import CORS, cross_origin

app = Flask(__name__)
CORS(app, resources={r"/items*": {"origins": "https://a.example"}}, send_wildcard=True)


@app.get("/items")
def items():
    return "x"


@app.get("/users")
def users():
    return "x"


@app.get("/boom")
@cross_origin(origins="https://b.example")
def boom():
    return "x"


handler = make_lambda_handler(app)
