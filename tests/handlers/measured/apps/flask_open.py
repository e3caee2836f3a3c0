from apig_wsgi import make_lambda_handler
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app)


@app.route("/items", methods=["GET", "POST"])
def items():
    return {"a": 1}, 201, {"X-A": "1"}


handler = make_lambda_handler(app)
