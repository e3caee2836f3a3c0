import serverless_wsgi
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="x", MIDDLEWARE=[])


def items(request):
    return HttpResponse("{}")


urlpatterns = [path("items", items)]
application = get_wsgi_application()


def handler(event, context):
    return serverless_wsgi.handle_request(application, event, context)
