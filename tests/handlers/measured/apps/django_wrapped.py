import serverless_wsgi
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
from lambda_cors import Policy
from lambda_cors.wsgi import cors

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="x", MIDDLEWARE=[])


def items(request):
    return HttpResponse("{}")


def boom(request):
    raise ValueError("x")


urlpatterns = [path("items", items), path("boom", boom)]
wrap = cors(Policy(origins=["https://a.example"], methods=["PUT", "DELETE"]))
application = wrap(get_wsgi_application())


def handler(event, context):
    return serverless_wsgi.handle_request(application, event, context)
