from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.exceptions import BadRequestError, ServiceError

cors = CORSConfig(
    "https://a.example",
    extra_origins=["https://b.example"],
    max_age=300,
    allow_credentials=True,
    expose_headers=["x-id"],
)
app = APIGatewayHttpResolver(cors=cors)


@app.get("/items")
def items():
    return {"a": 1}


@app.put("/items")
def put():
    raise BadRequestError("no")


@app.post("/items")
def post():
    return {"a": 1}, 201


@app.get("/users")
def users():
    raise ServiceError(418, "tea")


@app.post("/users", cors=False)
def add():
    return Response(status_code=202, content_type="text/plain", body="", headers={"X-A": "1"})


@app.get("/boom")
def boom():
    raise ValueError("x")


def handler(event, context):
    return app.resolve(event, context)
