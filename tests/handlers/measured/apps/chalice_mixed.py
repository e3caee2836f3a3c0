from chalice import Chalice, CORSConfig, NotFoundError, Response

app = Chalice(app_name="x")
config = CORSConfig(allow_origin="https://a.example", max_age=300, allow_credentials=True)


@app.route("/items", cors=True)
def items():
    return {"a": 1}


@app.route("/items", methods=["PUT"], cors=True)
def put():
    raise NotFoundError("no")


@app.route("/users", cors=config)
def users():
    return Response(body="x", status_code=202, headers={"X-A": "1"})


@app.route("/users", methods=["POST"])
def add():
    return {}


@app.route("/boom", cors=config)
def boom():
    raise ValueError("x")
