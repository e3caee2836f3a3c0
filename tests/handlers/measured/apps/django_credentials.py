from apig_wsgi import make_lambda_handler
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="x",
    INSTALLED_APPS=["corsheaders"],
    MIDDLEWARE=("corsheaders.middleware.CorsMiddleware",),
    CORS_ORIGIN_ALLOW_ALL=True,
    CORS_ALLOW_CREDENTIALS=True,
)


def items(request):
    return HttpResponse("{}")


urlpatterns = [path("items", items)]
handler = make_lambda_handler(get_wsgi_application())
